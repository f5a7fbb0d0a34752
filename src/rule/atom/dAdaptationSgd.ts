import * as t from 'io-ts'
import { decodeNumber, type EncodedNumber, encodeNumber } from '../../../spec/vocabulary/number.js'
import type { RuleParams } from '../../../spec/vocabulary/ruleRows.js'
import { done } from '../../program/program.js'
import { builtIn } from '../builtIn.js'
import { encodedNumber, encodedPositive, length } from '../encodedNumber.js'
import { fail, step } from '../outcome.js'
import type { Rule } from '../rule.js'

type Estimate = [d: EncodedNumber, first: number, gain: EncodedNumber] | null

/**
 * D-Adaptation in the form of gradient descent: an estimate $d_k$ of the distance to a solution from below, that never shrinks,
 * over the norm of the first gradient,
 * $$\gamma_k = \frac{d_k\,\eta}{\|g_0\|}, \qquad
 * d_k = \max\Bigl\{d_{k-1},\; \frac{\sum_{j<k} \gamma_j \langle g_j, x_0 - x_j\rangle}{\|x_k - x_0\|}\Bigr\}.$$
 *
 * **Holds** for convex $f$ along steepest descent, every step taken as given: $d_k \le \max\{d_0, \|x_0 - x^*\|\}$. Indeed
 * $0 \le \sum_j \gamma_j \langle g_j, x_j - x^*\rangle = \langle x_0 - x_k, x_0 - x^*\rangle - \sum_j \gamma_j \langle g_j, x_0 - x_j\rangle$. This is the
 * form with the proof; widely used code doubles the estimate, and may then go up to twice the distance. Dual averaging, with a bound
 * of its own, is the wrapper {@link dAdaptation}. Where another rule cuts
 * the step the estimate is one no more. Unlike those of {@link prodigy} the steps never shrink: they are for gradients with
 * little noise, or for an average of the iterates.
 *
 * **Fails** where $\|g\|^2$, the distance or the alignment $\langle g, x_0 - x\rangle$ is not finite, and at a start where the gradient
 * is zero; $g_0$ is the gradient of the first ray that did not fail.
 *
 * State: three numbers. Cost: a squared norm, a distance and a dot product. A draft, not in version 1 of the standard: clause
 * `draft.dAdaptationSgd`.
 *
 * Laws: `meaning.dAdaptationSgd`, `equivariant.objective`. Theorems: P19.
 *
 * @param params - `d0` $d_0 > 0$, in units of the point, below the distance to a solution; it has no default (the published code
 * takes 1e-6). `step` $\eta > 0$ (default 1, the paper's).
 * @throws RangeError if a field is outside its domain.
 * @cite defazio2023
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { dAdaptationSgd, takeSteps } from 'steplaw'
 *
 * const at = (gg: number, travelled: number, alignment: number) => ({ value: 1, slope: -gg, gg, travelled, alignment })
 * takeSteps(dAdaptationSgd({ d0: 1 }), [at(4, 0, 0), at(4, 1, 8), at(1, 2, 0)]).map((taken) => taken.step) // => [0.5, 0.5, 1]
 * ```
 */
export const dAdaptationSgd = (params: RuleParams<'dAdaptationSgd', Rule>): Rule =>
  builtIn<'dAdaptationSgd', Estimate>('dAdaptationSgd', params, ({ d0, step: factor }) => ({
    reads: ['gg', 'travelled', 'alignment'],
    init: null,
    state: t.union([t.null, t.tuple([encodedPositive, length, encodedNumber])]),
    step: (own, { gg, travelled, alignment }) => {
      if (![gg, travelled, alignment].every(Number.isFinite)) return done([own, fail('readingNotFinite')])
      if (own === null && gg === 0) return done([own, fail('nothingGathered')])
      const [before, first, num] =
        own === null ? [d0, gg, 0] : [decodeNumber(own[0]), own[1], decodeNumber(own[2])]
      const d = travelled > 0 ? Math.max(before, num / travelled) : before
      const eta = (d * factor) / Math.sqrt(first)
      return done([[encodeNumber(d), first, encodeNumber(num + eta * alignment)], step(eta)])
    },
  }))
