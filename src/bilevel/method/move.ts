import * as O from 'fp-ts/lib/Option.js'
import { type DescentState, type IterationRecord, iteration } from '../../optimizer/iteration.js'
import type { Method } from '../../optimizer/method.js'
import type { Request, Response } from '../../optimizer/request.js'
import type { Vector } from '../../problem/oracle.js'
import { map, translate } from '../../program/program.js'
import type { Asking, Seen } from '../oracle.js'

/**
 * A function of one variable that a step descends: its value and gradient at the current point, and its value at another one,
 * where a rule probes.
 */
export interface Merit {
  readonly here: Asking<Seen & { readonly gradient: Vector }>
  readonly at: (point: Vector) => Asking<number>
  /** Value and gradient elsewhere, for rules that ask for slopes. */
  readonly slopeAt?: (point: Vector) => Asking<{ readonly value: number; readonly gradient: Vector }>
}

const response = ({ value, gradient, lowerBound, solutionValue }: Seen & { gradient: Vector }): Response => ({
  value,
  gradient,
  ...(O.isSome(lowerBound) ? { lowerBound: lowerBound.value } : {}),
  ...(O.isSome(solutionValue) ? { solutionValue: solutionValue.value } : {}),
})

/**
 * One iteration of a single-level method on a merit: every direction, rule and wrapper of the library moves one variable of a bilevel
 * method as it moves a point.
 */
export const mover = (
  method: Method,
): ((state: DescentState, merit: Merit) => Asking<readonly [DescentState, IterationRecord]>) => {
  const iterate = iteration(method)
  return (state, { here, at, slopeAt }) =>
    translate(iterate(state, null), ({ want, x, ray }: Request): Asking<Response> => {
      if (want === 'value') return map(at(x), (value) => ({ value }))
      if (O.isNone(ray)) return map(here, response)
      if (slopeAt === undefined)
        throw new RangeError('rule: asks for slopes along the ray, which this method does not have')
      return slopeAt(x)
    })
}
