import type { Estimator } from '../bilevel/hypergradient/hypergradient.js'
import { chosenFor, type TheoremFinding, trialOf, type VerifyOptions } from './verify.js'

/**
 * Which of the theorems hold for an estimator of a hypergradient, empirically? Each statement about estimators is tried on generated
 * bilevel problems whose hypergradient is known in closed form: whether $z$ is the derivative of $F$ where the linear system was
 * solved, whether it is made of the $v$ that is shown, whether a bound that comes with it is true, whether coordinates matter.
 * What is said of truncated estimators holds of exact ones; what is said of exact ones does not apply where a residual is left.
 *
 * Cost: about a second for each hundred problems of each statement, and what the estimator takes.
 *
 * @param estimator - one of this library, or an {@link Estimator} of one's own: a name and a program of requests.
 * @returns one finding for each statement about estimators.
 * @throws RangeError if an option is nonsense; the message names the field.
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { conjugateGradients } from 'steplaw/bilevel'
 * import { verifyEstimator } from 'steplaw/theory'
 *
 * const found = verifyEstimator(conjugateGradients({ iterations: 9 }), { theorem: 'B1', problems: 20 })
 * found.map(({ statement, verdict }) => `${statement}: ${verdict}`) // => ['B1.differences: not refuted', 'B1.closedForm: not refuted']
 * ```
 */
export const verifyEstimator = (
  estimator: Estimator,
  options: Omit<VerifyOptions, 'claims'> = {},
): ReadonlyArray<TheoremFinding> =>
  chosenFor(options)
    .filter(({ statement }) => statement.asserted && statement.ofEstimators)
    .map(({ card, statement }) => ({
      card: card.id,
      statement: statement.id,
      subject: estimator.name,
      ...statement.try({ estimator }, trialOf(options)),
    }))
