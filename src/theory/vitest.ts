import * as E from 'fp-ts/lib/Either.js'
import { describe, it } from 'vitest'
import { showInvalid } from '../../spec/vocabulary/invalid.js'
import { type CheckOptions, checkLaw, lawsFor } from './check.js'
import { showFinding } from './show.js'
import { ruleOf, type Subject } from './subject.js'

/**
 * Registers one test a law: those of every rule, and those of what is claimed. A test that fails shows the shrunk case, both
 * sides, and the options that replay it.
 *
 * @returns the ids of the laws, in order.
 * @remarks To be called in a file of tests; it needs vitest, which the rest of the library does not.
 *
 * @throws RangeError if the subject is not a rule, or a claim is nonsense; the message names the field.
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
  const read = ruleOf(subject)
  if (E.isLeft(read)) throw new RangeError(read.left.map(showInvalid).join('; '))
  const { claims = [], only, ...trial } = options
  const chosen = lawsFor(claims).filter(({ id }) => only === undefined || id === only)
  describe(name, () => {
    for (const law of chosen)
      it(law.id, () => {
        const found = checkLaw(read.right, law, trial)
        if (found.verdict !== 'refuted') return
        const { seed, path } = found
        const again = JSON.stringify({ only: law.id, seed, path })
        throw new Error(showFinding(found, law, `checkLaws(${JSON.stringify(name)}, ..., ${again})`))
      })
  })
  return chosen.map(({ id }) => id)
}
