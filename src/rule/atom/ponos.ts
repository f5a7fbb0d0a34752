import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { decodeNumber, type EncodedNumber, encodeNumber } from '../../../spec/vocabulary/number.js'
import type { RuleParams } from '../../../spec/vocabulary/ruleRows.js'
import { pow } from '../../numeric/index.js'
import { done } from '../../program/program.js'
import { builtIn } from '../builtIn.js'
import { encodedSum } from '../encodedNumber.js'
import { probe, type Search } from '../observation.js'
import { fail, type Outcome, step } from '../outcome.js'
import type { Rule } from '../rule.js'
import { gapOnDescent, targetReading } from '../target.js'

type Memory = [weight: number, mean: EncodedNumber, backtracks: number]

const amount = t.refinement(t.number, (x) => x >= 0 && Number.isFinite(x), 'a finite number >= 0')
const index = t.refinement(t.number, (x) => x >= 0 && Number.isSafeInteger(x), 'an integer >= 0')

/**
 * A nonmonotone search that begins at a Polyak step, PoNoS: the first of $a_0, \delta a_0, \delta^2 a_0, \dots$ with
 * $$\varphi(a) \le \max\{C_k, \varphi(0)\} + c\,a\,\varphi'(0), \qquad
 * a_0 = \min\Bigl\{\max\Bigl\{\frac{\delta^{l}\,(\varphi(0) - t)}{c_p\,(-\varphi'(0)) + \varepsilon}, a_{\min}\Bigr\}, a_{\max}\Bigr\},$$
 * where $Q_k = \xi Q_{k-1} + 1$ and $C_k = (\xi Q_{k-1} C_{k-1} + \varphi_k(0))/Q_k$ average the values so far ($\xi$ is `memory`: 1 is their
 * mean, 0 the present value alone, which is Armijo's condition), $\delta$ is `shrink`, and $l$ counts the trials rejected before, less
 * one for every ray: a start that was too long lately is shortened ahead.
 *
 * **Holds.** $\gamma \ge \min\{a_0, 2\delta(1-c)/L\}$ for an $L$-smooth $f_S$ along steepest descent: the reference only relaxes
 * Armijo's condition. The values of a run need not fall.
 *
 * **Fails** where the ray does not descend, where the target is not declared, where the gap is not finite, and where `budget`
 * trials were not enough; a failed ray is forgotten. A gap that is not positive gives the step $0$ without a trial.
 *
 * State: three numbers. Cost: one value per trial, at most `budget`. Clause `rule.ponos`.
 *
 * Laws: `meaning.ponos`, `recovers`. Theorems: none.
 *
 * @param params - `c` in $(0,1)$ (default 0.5), `cp` $c_p > 0$ (default 0.1), `shrink` $\delta$ in $(0,1)$ (default 0.5),
 * `memory` $\xi$ in $[0,1]$ (default 1), `stepMax` $a_{\max} > 0$ (default 10), `stepMin` $a_{\min} > 0$ (default 1e-6), `target`
 * $t$ (default 0), `budget` (default 100), `epsilon` $\varepsilon \ge 0$ (default 1e-8): those of the published code.
 * @throws RangeError if a field is outside its domain.
 * @cite galli2023
 * @cite zhang2004
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { ponos, takeSteps } from 'steplaw'
 *
 * // x^2 at x = 1, twice: the second search begins where the first one, less one trial, ended.
 * const ray = { value: 1, slope: -4, phi: (a: number) => (1 - 2 * a) ** 2 }
 * takeSteps(ponos({ epsilon: 0 }), [ray, ray]).map((taken) => taken.probed) // => [[2.5, 1.25, 0.625, 0.3125], [0.625, 0.3125]]
 * ```
 */
export const ponos = (params: RuleParams<'ponos', Rule> = {}): Rule =>
  builtIn<'ponos', Memory>(
    'ponos',
    params,
    ({ c, cp, shrink, memory, stepMax, stepMin, target, budget, epsilon }) => ({
      reads: targetReading(target),
      init: [0, 0, 0],
      state: t.tuple([amount, encodedSum, index]),
      step: (own, observation) => {
        const { value, slope } = observation
        const [weight, mean, backtracks] = own
        const found = gapOnDescent(target, observation)
        if (E.isLeft(found)) return done([own, fail(found.left)])
        const gap = found.right
        if (gap <= 0) return done([own, step(0)])
        const heavier = memory * weight + 1
        const averaged = (memory * weight * decodeNumber(mean) + value) / heavier
        const reference = Math.max(averaged, value)
        const tryAt = (trial: Outcome, j: number): Search<readonly [Memory, Outcome]> => {
          if (trial._tag === 'Fail') return done([own, trial])
          if (j === budget) return done([own, fail('budgetExhausted')])
          const a = trial.step
          const next = step(shrink * a)
          const judge = (v: number): Search<readonly [Memory, Outcome]> =>
            Number.isFinite(v) && v <= reference + c * a * slope
              ? done([[heavier, encodeNumber(averaged), Math.max(backtracks + j - 1, 0)], trial])
              : tryAt(next, j + 1)
          // A trial that has shrunk to zero is no probe: the value there is known.
          return a === 0 ? judge(value) : probe(a, judge, next._tag === 'Step' ? [next.step] : [])
        }
        const first = (pow(shrink, backtracks) * gap) / (cp * -slope + epsilon)
        return tryAt(step(Math.min(Math.max(first, stepMin), stepMax)), 0)
      },
    }),
  )
