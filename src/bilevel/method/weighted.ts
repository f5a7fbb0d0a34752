import * as O from 'fp-ts/lib/Option.js'
import type { DescentState, IterationRecord } from '../../optimizer/iteration.js'
import type { Batch, Vector } from '../../problem/oracle.js'
import { done, map, sequence } from '../../program/program.js'
import { type Asking, askInX, askInY, askValue, type Level, type Pair, type Seen } from '../oracle.js'
import type { InnerStep } from './bilevelDescent.js'
import type { Merit } from './move.js'

/** A level at a pair that depends on the one point that moves, with its weight in a sum. */
export interface Term {
  readonly weight: number
  readonly level: Level
  readonly batch: Batch
  readonly at: (point: Vector) => Pair
}

/** A value with a gradient. */
export interface Slope {
  readonly value: number
  readonly gradient: Vector
}

/** $a + w b$, in a fresh array. */
export const plus = (a: Vector, w: number, b: Vector): Vector => a.map((ai, i) => ai + w * (b[i] ?? 0))

/**
 * A weighted sum of levels as a function of one variable, the other points of it constant; `offset` is what does not depend on that
 * variable. A term of weight 0 is not evaluated.
 */
export const weighted = (
  variable: 'x' | 'y',
  all: ReadonlyArray<Term>,
  offset = 0,
): Required<Pick<Merit, 'at' | 'slopeAt'>> => {
  const terms = all.filter(({ weight }) => weight !== 0)
  const slope = ({ level, batch, at }: Term, point: Vector): Asking<Slope> =>
    variable === 'x'
      ? map(askInX(level, at(point), batch), ({ value, x }) => ({ value, gradient: x }))
      : map(askInY(level, at(point), batch), ({ value, y }) => ({ value, gradient: y }))
  return {
    at: (point) =>
      map(sequence(terms.map(({ level, batch, at }) => askValue(level, at(point), batch))), (values) =>
        values.reduce((total, value, i) => total + (terms[i]?.weight ?? 0) * value, offset),
      ),
    slopeAt: (point) =>
      map(sequence(terms.map((term) => slope(term, point))), (slopes) =>
        slopes.reduce(
          (total: Slope, { value, gradient }, i) => ({
            value: total.value + (terms[i]?.weight ?? 0) * value,
            gradient: plus(total.gradient, terms[i]?.weight ?? 0, gradient),
          }),
          { value: offset, gradient: new Float64Array(point.length) },
        ),
      ),
  }
}

/** A weighted sum whose value and gradient at the current point are there already. */
export const known = (
  here: Slope,
  elsewhere: Required<Pick<Merit, 'at' | 'slopeAt'>>,
  lowerBound: O.Option<number> = O.none,
): Merit => ({ ...elsewhere, here: done({ ...here, lowerBound, solutionValue: O.none }) })

/** $a + w b$ of bounds, for $w \ge 0$. */
export const boundSum = (a: Seen, w: number, b: Seen, offset = 0): O.Option<number> =>
  O.isSome(a.lowerBound) && O.isSome(b.lowerBound)
    ? O.some(a.lowerBound.value + w * b.lowerBound.value + offset)
    : O.none

/** What a rule did in one step of a variable. */
export const stepOf = ({ outcome, probed }: IterationRecord): InnerStep => ({
  outcome,
  probes: probed.length,
})

/** A variable that goes on from a point in outer iteration $k$, with all that its method remembers. */
export const from = (state: DescentState, k: number, x: Vector): DescentState => ({
  ...state,
  k,
  x,
  start: x,
})
