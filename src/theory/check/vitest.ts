import { describe, it } from 'vitest'
import { checkLaw, trialOf } from './check.js'
import type { CheckOptions } from './options.js'
import { showFinding } from './show.js'
import type { Subject } from './subject.js'

/**
 * Registers one test a law: those of every rule, and those of what is claimed. A test that fails shows the shrunk case, both
 * sides, and the options that replay it.
 *
 * @returns the ids of the laws, in order.
 * @remarks To be called in a file of tests; it needs vitest, which the rest of the library does not. The tests have no time
 * limit of vitest's, which can not end a rule that hangs: give `timeLimit`, or use `steplaw check`.
 *
 * @throws RangeError if the subject is not a rule, or a claim or an option is nonsense; the message names the field.
 * @category Laws
 * @since 0.1.0
 * @example
 * ```ts
 * import { polyak } from 'steplaw'
 * import { checkLaws } from 'steplaw/vitest'
 *
 * const registered = checkLaws('my Polyak step', polyak({ c: 0.5 }), { claims: [{ claim: 'polyak', c: 0.5 }] })
 * registered.at(-1) // => 'polyak.gap'
 * ```
 */
export const checkLaws = (
  name: string,
  subject: Subject,
  options: CheckOptions = {},
): ReadonlyArray<string> => {
  const { rule, laws, trial } = trialOf(subject, options)
  describe(name, () => {
    for (const law of laws)
      it(law.id, { timeout: 0 }, () => {
        const found = checkLaw(rule, law, trial)
        if (found.verdict !== 'refuted') return
        const { seed, path } = found
        const again = JSON.stringify({ only: law.id, seed, path })
        throw new Error(showFinding(found, law, `checkLaws with ${again} among its options`))
      })
  })
  return laws.map(({ id }) => id)
}
