import * as E from 'fp-ts/lib/Either.js'
import { describe, it } from 'vitest'
import type { Subject } from './check/subject.js'
import { showTheorem } from './showTheorem.js'
import { chosenStatements, type VerifyOptions, verifyRule } from './verify.js'

/**
 * Registers one test for each statement of a theorem that can be put to a rule. A test fails where the statement is refuted, and
 * shows the shrunk problem, both sides, and the options that replay it. Where a hypothesis does not hold of the rule the test
 * is skipped, and says which.
 *
 * @returns the ids of the statements, in order.
 * @remarks To be called in a file of tests; it needs vitest, which the rest of the library does not.
 *
 * @throws RangeError if the subject is not a rule, or an option is nonsense; the message names the field.
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { spsMax } from 'steplaw'
 * import { verifyTheoremsOf } from 'steplaw/vitest'
 *
 * verifyTheoremsOf('my Polyak step', spsMax({ c: 0.5, cap: 1 }), { theorem: 'P3', problems: 20 }) // => ['P3.contraction']
 * ```
 */
export const verifyTheoremsOf = (
  name: string,
  subject: Subject,
  options: VerifyOptions = {},
): ReadonlyArray<string> => {
  const { theorem, ...others } = options
  // Nonsense is refused here, and not by the first test.
  verifyRule(subject, { ...options, problems: 1 })
  const chosen = chosenStatements(theorem)
  const statements = E.isLeft(chosen)
    ? []
    : chosen.right.map(({ statement }) => statement).filter(({ ofRules, asserted }) => ofRules && asserted)
  describe(name, () => {
    for (const statement of statements)
      it(statement.id, { timeout: 0 }, (context) => {
        const [found] = verifyRule(subject, { ...others, theorem: statement.id })
        if (found?.verdict === 'does not apply') context.skip(showTheorem(found))
        if (found?.verdict !== 'refuted') return
        const { seed, path } = found
        const again = JSON.stringify({ theorem: statement.id, seed, path })
        throw new Error(showTheorem(found, statement, `verifyTheoremsOf with ${again} among its options`))
      })
  })
  return statements.map(({ id }) => id)
}
