import * as O from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import type { Json } from '../../../spec/vocabulary/json.js'
import { map } from '../../program/program.js'
import { type Outcome, under } from '../outcome.js'
import type { Rule } from '../rule.js'

/**
 * One rule for the first `n` rays, another after: `pipe(warmUp, andThen(100, main))`.
 *
 * Only the rule whose turn it is is asked, so the later one probes nothing before it begins, and begins fresh. It has
 * no expression in the standard. (It is not called `then`, because a module that exports a `then` can not be imported
 * dynamically.)
 *
 * Cost: that of the rule whose turn it is.
 *
 * Laws: `machine.*`. Theorems: none.
 *
 * @param n - how many rays the first rule has, an integer $\ge 0$.
 * @throws RangeError if `n` is not an integer $\ge 0$.
 * @category Combinators
 * @since 0.1.0
 * @example
 * ```ts
 * import { andThen, constant, takeSteps } from 'steplaw'
 * import { pipe } from 'fp-ts/lib/function.js'
 *
 * const ray = { value: 1, slope: -1 }
 * const rule = pipe(constant(0.1), andThen(2, constant(1)))
 * takeSteps(rule, [ray, ray, ray]).map((taken) => taken.step) // => [0.1, 0.1, 1]
 * ```
 */
export const andThen =
  (n: number, after: Rule) =>
  (before: Rule): Rule => {
    if (!Number.isSafeInteger(n) || n < 0)
      throw new RangeError(`andThen: n is ${n}, expected an integer >= 0`)
    const state = t.tuple([t.number, before.state, after.state])
    return {
      name: `andThen(${n})`,
      operands: [before, after],
      expr: O.none,
      reads: [...new Set([...before.reads, ...after.reads])],
      init: [0, before.init, after.init],
      state: new t.Type<Json, Json, unknown>('a state of andThen', state.is, state.validate, t.identity),
      step: (from, observation) => {
        if (!state.is(from)) throw new TypeError(`${JSON.stringify(from)} is not a state of andThen`)
        const [rays, first, second] = from
        const early = rays < n
        const asked = early ? before.step(first, observation) : after.step(second, observation)
        return map(asked, ([next, outcome]): readonly [Json, Outcome] => [
          early ? [rays + 1, next, second] : [rays, first, next],
          under(early ? 0 : 1, outcome),
        ])
      },
    }
  }
