import type { Vector } from '../../../problem/oracle.js'

const STEP = 2 ** -8

/**
 * The gradient of a function by central differences of fourth order, $(8(F_1 - F_{-1}) - (F_2 - F_{-2}))/12h$, in error by
 * $h^4 F^{(5)}/30$ and a few roundings of $F/h$; no error but rounding on a quadratic.
 */
export const differences = (F: (x: Vector) => number, x: Vector): Vector =>
  x.map((_, j) => {
    const at = (steps: number): number => F(x.map((xi, i) => (i === j ? xi + steps * STEP : xi)))
    return (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * STEP)
  })

/** What differences are off by, as a share of what is added. */
export const TRUNCATED = 1e-6
