import * as O from 'fp-ts/lib/Option.js'
import type { PhiFamily, RayCase } from '../../spec/conformance/case.js'
import { exp } from '../numeric/index.js'
import type { Observation } from './observation.js'
import type { Ray } from './ray.js'

/**
 * The families of $\varphi$ in which rule cases are written (the standard, chapter Case files).
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

/**
 * The derivatives of the families of {@link phi}. Beyond the step where a family ends it is `beyond.slope`, 0 by default.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { dphi } from 'steplaw'
 *
 * dphi({ slope: -2 }, { family: 'quadratic', curvature: 4 })(0.75) // => 1
 * ```
 */
export const dphi = (
  { slope }: { readonly slope: number },
  family: PhiFamily = { family: 'quadratic' },
): ((a: number) => number) => {
  const smooth = (a: number): number => {
    switch (family.family) {
      case 'quadratic':
        return slope + (family.curvature ?? 0) * a
      case 'quartic':
        return slope + (family.curvature ?? 0) * a + 4 * (family.quartic ?? 0) * a * a * a
      case 'exponential':
        return slope + family.weight * family.rate * (exp(family.rate * a) - 1)
    }
  }
  const { beyond } = family
  return beyond === undefined ? smooth : (a) => (a > beyond.step ? (beyond.slope ?? 0) : smooth(a))
}

/**
 * A ray as the standard writes it, to ask a rule on: `null` is "none".
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { armijo, constant, rayOf, takeStep } from 'steplaw'
 *
 * const ray = rayOf({ value: 1, slope: -4, phi: { family: 'quadratic', curvature: 8 } })
 * takeStep(armijo({ start: constant(1) }), ray).step // => 0.5
 * ```
 */
export const rayOf = ({ phi: family, executed, lowerBound, solutionValue, secant, ...ray }: RayCase): Ray => {
  const given: Partial<Observation> = {
    ...(lowerBound === undefined ? {} : { lowerBound: O.fromNullable(lowerBound) }),
    ...(executed === undefined ? {} : { executed: O.fromNullable(executed) }),
    solutionValue: O.fromNullable(solutionValue),
    secant: O.fromNullable(secant),
  }
  return { ...ray, ...given, phi: phi(ray, family), dphi: dphi(ray, family) }
}
