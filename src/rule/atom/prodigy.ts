import * as t from 'io-ts'
import { decodeNumber, type EncodedNumber, encodeNumber } from '../../../spec/vocabulary/number.js'
import type { RuleParams } from '../../../spec/vocabulary/ruleRows.js'
import { done } from '../../program/program.js'
import { builtIn } from '../builtIn.js'
import { encodedNumber, encodedSum, length } from '../encodedNumber.js'
import { fail, step } from '../outcome.js'
import type { Rule } from '../rule.js'

type Estimate = [d: number, first: number, gathered: EncodedNumber, gain: EncodedNumber] | null

/**
 * Prodigy in the form of gradient descent: an estimate $d_k$ of the distance to a solution from below, that never shrinks,
 * $$\gamma_k = \frac{d_k^2}{\sqrt{d_k^2 \|g_0\|^2 + \sum_{j \le k} d_j^2 \|g_j\|^2}}, \qquad
 * d_k = \max\Bigl\{d_{k-1},\; \frac{\sum_{j<k} \gamma_j \langle g_j, x_0 - x_j\rangle}{\|x_k - x_0\|}\Bigr\}.$$
 *
 * **Holds** for convex $f$ along steepest descent, every step taken as given: $d_k \le \max\{d_0, \|x_0 - x^*\|\}$. Where another
 * rule cuts the step the estimate is one no more.
 *
 * **Fails** where $\|g\|^2$, the distance or the alignment $\langle g, x_0 - x\rangle$ is not finite, and at a start where the gradient
 * is zero; $g_0$ is the gradient of the first ray that did not fail.
 *
 * State: four numbers. Cost: a squared norm, a distance and a dot product. Clause `rule.prodigy`.
 *
 * Laws: `meaning.prodigy`, `equivariant.objective`. Theorems: P19.
 *
 * @param params - `d0` $d_0 > 0$, in units of the point, below the distance to a solution; it has no default (the published
 * code takes 1e-6).
 * @throws RangeError if a field is outside its domain.
 * @cite mishchenko2024
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { prodigy, takeSteps } from 'steplaw'
 *
 * const at = (gg: number, travelled: number, alignment: number) => ({ value: 1, slope: -gg, gg, travelled, alignment })
 * takeSteps(prodigy({ d0: 1 }), [at(8, 0, 0), at(48, 0.5, 16), at(42, 1, 0)]).map((taken) => taken.step) // => [0.25, 0.125, 0.25]
 * ```
 */
export const prodigy = (params: RuleParams<'prodigy', Rule>): Rule =>
  builtIn<'prodigy', Estimate>('prodigy', params, ({ d0 }) => ({
    reads: ['gg', 'travelled', 'alignment'],
    init: null,
    state: t.union([t.null, t.tuple([length, length, encodedSum, encodedNumber])]),
    step: (own, { gg, travelled, alignment }) => {
      if (![gg, travelled, alignment].every(Number.isFinite)) return done([own, fail('readingNotFinite')])
      if (own === null && gg === 0) return done([own, fail('nothingGathered')])
      const [before, first, den, num] =
        own === null ? [d0, gg, 0, 0] : [own[0], own[1], decodeNumber(own[2]), decodeNumber(own[3])]
      const d = travelled > 0 ? Math.max(before, num / travelled) : before
      const gathered = den + d * d * gg
      const eta = (d * d) / Math.sqrt(d * d * first + gathered)
      return done([[d, first, encodeNumber(gathered), encodeNumber(num + eta * alignment)], step(eta)])
    },
  }))
