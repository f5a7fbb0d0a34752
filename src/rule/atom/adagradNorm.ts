import { decodeNumber, type EncodedNumber, encodeNumber } from '../../../spec/vocabulary/number.js'
import type { RuleParams } from '../../../spec/vocabulary/ruleRows.js'
import { pow } from '../../numeric/index.js'
import { done } from '../../program/program.js'
import { builtIn } from '../builtIn.js'
import { encodedSum } from '../encodedNumber.js'
import { fail, step } from '../outcome.js'
import type { Rule } from '../rule.js'

/**
 * AdaGrad with one step for all coordinates:
 * $$\gamma_k = \frac{\alpha}{(\beta + \sum_{j<k} \|g_j\|^2)^{e}}.$$
 * The sum ends with the gradient before the current one, so that the step does not depend on the sample it is used on and
 * $\gamma_k g_k$ is an unbiased direction; `includeCurrent` adds the current one, as AdaGrad-Norm does.
 *
 * **Holds.** $\gamma_{k+1} \le \gamma_k \le \alpha/\beta^e$. For $e = 1/2$, $\beta > 0$ and full gradients of an $L$-smooth convex $f$ with
 * $2\alpha L \le \sqrt\beta$ the mean of the iterates has $f - f^* \le (2LD^4/\alpha^2 + D^2\sqrt\beta/\alpha)/K$ with $D = \|x_0 - x^*\|$.
 *
 * **Fails** where $\|g\|^2$ is not finite, and where $\beta$ and the sum are both $0$: with `beta` 0 and without the current
 * gradient there is no first step, and so never any. A failed ray is not added.
 *
 * State: one number. Cost: one squared norm and one power. Clause `rule.adagradNorm`.
 *
 * Laws: `meaning.adagradNorm`, `nonIncreasing`, `predictable`. Theorems: P16, P16b.
 *
 * @param params - `alpha` $\alpha > 0$ (default 1), `beta` $\beta \ge 0$ (default 0), `exponent` $e > 0$ (default $1/2$, AdaGrad's),
 * `includeCurrent` (default false; the defaults fail on every ray, one of the two must be given).
 * @throws RangeError if a field is outside its domain.
 * @cite li2019
 * @cite ward2019
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { adagradNorm, takeSteps } from 'steplaw'
 *
 * const rays = [3, 12, 1].map((gg) => ({ value: 1, slope: -gg, gg }))
 * takeSteps(adagradNorm({ beta: 1 }), rays).map((taken) => taken.step) // => [1, 0.5, 0.25]
 * takeSteps(adagradNorm({ beta: 1, includeCurrent: true }), rays.slice(0, 2)).map((taken) => taken.step) // => [0.5, 0.25]
 * ```
 */
export const adagradNorm = (params: RuleParams<'adagradNorm', Rule> = {}): Rule =>
  builtIn<'adagradNorm', EncodedNumber>(
    'adagradNorm',
    params,
    ({ alpha, beta, exponent, includeCurrent }) => ({
      reads: ['gg'],
      init: encodeNumber(0),
      state: encodedSum,
      step: (own, { gg }) => {
        if (!Number.isFinite(gg)) return done([own, fail('readingNotFinite')])
        const earlier = decodeNumber(own)
        const all = earlier + gg
        const sum = beta + (includeCurrent ? all : earlier)
        const outcome = sum === 0 ? fail('nothingGathered') : step(alpha / pow(sum, exponent))
        return done([encodeNumber(all), outcome])
      },
    }),
  )
