import * as O from 'fp-ts/lib/Option.js'
import { type BilevelDraw, noDraw } from '../../../bilevel/draw.js'
import type { BilevelMethod, BilevelRecord, BilevelState } from '../../../bilevel/method/method.js'
import type { Pair } from '../../../bilevel/oracle.js'
import { answerBilevel, type BilevelProblem } from '../../../bilevel/problem/problem.js'
import type { Batch, Vector } from '../../../problem/oracle.js'
import { runSync } from '../../../program/interpret.js'

/** What rounding may add, as a share of what is added: condition numbers here are below 1000. */
export const DIGITS = 1e-10

/** One iteration on a problem. */
export const iterated = <S extends BilevelState, T>(
  problem: BilevelProblem,
  method: BilevelMethod<S, T>,
  state: S,
  draw: BilevelDraw = noDraw,
): readonly [S, BilevelRecord<T>] => runSync(method.iterate(state, draw), answerBilevel(problem))

/** Several iterations without draws: every record with the states before and after it, as long as the method goes on. */
export const iterations = <S extends BilevelState, T>(
  problem: BilevelProblem,
  method: BilevelMethod<S, T>,
  start: Pair & { readonly z?: Vector },
  count: number,
): ReadonlyArray<{ readonly before: S; readonly after: S; readonly record: BilevelRecord<T> }> => {
  const found: Array<{ readonly before: S; readonly after: S; readonly record: BilevelRecord<T> }> = []
  let before = method.init(start)
  for (let k = 0; k < count && before.status === 'running'; k++) {
    const [after, record] = iterated(problem, method, before)
    found.push({ before, after, record })
    before = after
  }
  return found
}

/** What a coin shows, for a batch. */
export const tossed = (coin: 0 | 1, upper: Batch): BilevelDraw => ({ ...noDraw, coin: O.some(coin), upper })

/** The gradient that a method moved along. */
export const movedAlong = <T>({ gradient }: BilevelRecord<T>): Vector => {
  if (O.isSome(gradient)) return gradient.value
  throw new Error('no gradient')
}

const missing = (): never => {
  throw new Error('a problem without a gradient')
}

/** Both gradients of a level, on all components. */
export const slopesOf = (problem: BilevelProblem, level: 'upper' | 'lower', { x, y }: Pair): Pair => {
  const found = problem[level].gradient(x, y, null, 'both')
  return { x: found.x ?? missing(), y: found.y ?? missing() }
}
