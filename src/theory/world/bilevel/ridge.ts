import fc from 'fast-check'
import { dot, exp } from '../../../numeric/index.js'
import type { Vector } from '../../../problem/oracle.js'
import { entries, matrix } from './draw.js'
import {
  plus,
  product,
  type Rows,
  solved,
  spectrum,
  times,
  timesTransposed,
  transposed,
  vector,
} from './matrix.js'
import { type LowerParts, type UpperParts, writtenOut } from './oracle.js'
import type { BilevelWorld } from './world.js'

interface Ingredients {
  readonly X: Rows
  readonly b: ReadonlyArray<number>
  readonly validation: { readonly X: Rows; readonly b: ReadonlyArray<number> }
  readonly x: ReadonlyArray<number>
  readonly y: ReadonlyArray<number>
}

/** $\|Xy - b\|^2/2$, its gradient, and $X^\top X v$. */
const squares = (X: Rows, b: Vector, m: number) => {
  const residual = (y: Vector): Vector => plus(times(X, y), b, -1)
  return {
    value: (y: Vector): number => {
      const rest = residual(y)
      return dot(rest, rest) / 2
    },
    slope: (y: Vector): Vector => timesTransposed(X, residual(y), m),
    bent: (v: Vector): Vector => timesTransposed(X, times(X, v), m),
  }
}

/** The constants hold for $|x|$ up to this. */
const RANGE = 3

const assemble = ({ X, b, validation, x, y }: Ingredients): BilevelWorld => {
  const m = y.length
  const train = squares(X, vector(b), m)
  const test = squares(validation.X, vector(validation.b), m)
  const gram = product(transposed(X, m), X, m)
  const pulled = timesTransposed(X, vector(b), m)
  const weight = ([t = 0]: Vector): number => exp(t)
  const solve = (at: Vector, w: Vector): Vector =>
    solved(
      gram.map((row, i) => row.map((a, j) => (i === j ? a + weight(at) : a))),
      w,
    )
  const upper: UpperParts = {
    value: (_x, at) => test.value(at),
    inX: (t) => t.map(() => 0),
    inY: (_x, at) => test.slope(at),
  }
  const lower: LowerParts = {
    value: (t, at) => train.value(at) + (weight(t) * dot(at, at)) / 2,
    inX: (t, at) => Float64Array.of((weight(t) * dot(at, at)) / 2),
    inY: (t, at) => plus(train.slope(at), at, weight(t)),
    hessian: (t, _y, v) => plus(train.bent(v), v, weight(t)),
    cross: (t, at, v) => Float64Array.of(weight(t) * dot(at, v)),
  }
  const lowerSolution = (t: Vector): Vector => solve(t, pulled)
  const value = (t: Vector): number => test.value(lowerSolution(t))
  const gradient = (t: Vector): Vector => {
    const at = lowerSolution(t)
    return Float64Array.of(-weight(t) * dot(at, solve(t, test.slope(at))))
  }
  const { least, greatest } = spectrum(gram)
  const facts = { mu: Math.max(0, least) + exp(-RANGE) / 2, L: greatest + 2 * exp(RANGE) }
  return {
    family: 'ridge',
    data: { X, b, validation: { X: validation.X, b: validation.b } },
    problem: writtenOut(
      'ridge',
      { x: 1, y: m },
      { all: upper, each: [upper] },
      { all: lower, each: [lower] },
      { ...facts, upperConvex: true, lowerSolution, value, gradient },
    ),
    start: { x: vector(x), y: vector(y) },
    quadratic: false,
    lowerSolution,
    value,
    gradient,
  }
}

/**
 * Ridge regressions whose penalty is learned on other data: $g = \frac12\|Xy - b\|^2 + \frac12 e^x \|y\|^2$,
 * $f = \frac12\|X_v y - b_v\|^2$ for a number $x$. Both are quadratic in $y$ and $F$ is not in $x$.
 *
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { ridgeBilevelWorlds } from 'steplaw/theory'
 * import fc from 'fast-check'
 *
 * fc.sample(ridgeBilevelWorlds(), 9).every(({ start }) => start.x.length === 1) // => true
 * ```
 */
export const ridgeBilevelWorlds = (): fc.Arbitrary<BilevelWorld> =>
  fc
    .integer({ min: 1, max: 3 })
    .chain((m) =>
      fc.record({
        X: matrix(3, m),
        b: entries(3),
        validation: fc.record({ X: matrix(2, m), b: entries(2) }),
        x: entries(1),
        y: entries(m),
      }),
    )
    .map(assemble)
