import type { PhiFamily } from '../../spec/conformance/case.js'
import { exp } from '../numeric/index.js'

/**
 * The families of $\varphi$ in which rule cases are written (INTERCHANGE, clause F.4).
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { phi } from 'steplaw'
 *
 * phi({ value: 3, slope: -2 }, { family: 'quadratic', curvature: 4 })(0.5) // => 2.5
 * ```
 */
export const phi = (
  { value, slope }: { readonly value: number; readonly slope: number },
  family: PhiFamily = { family: 'quadratic' },
): ((a: number) => number) => {
  const smooth = (a: number): number => {
    switch (family.family) {
      case 'quadratic':
        return value + slope * a + ((family.curvature ?? 0) * a * a) / 2
      case 'quartic':
        return (
          value + slope * a + ((family.curvature ?? 0) * a * a) / 2 + (family.quartic ?? 0) * a * a * a * a
        )
      case 'exponential':
        return value + slope * a + family.weight * (exp(family.rate * a) - 1 - family.rate * a)
    }
  }
  const { beyond } = family
  return beyond === undefined ? smooth : (a) => (a > beyond.step ? beyond.value : smooth(a))
}
