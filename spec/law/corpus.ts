import { idle } from './draws.js'
import type { Given } from './law.js'

/**
 * A counterexample that was found once: of which law, by what fault, and the case.
 *
 * @category Laws
 * @since 0.1.0
 */
export interface Found {
  readonly law: string
  /** The fault that it brought to light. */
  readonly fault: string
  readonly given: Given
}

/**
 * The counterexamples ever found, shrunk. Every trial of a law begins with those of the law, so that what was mended once
 * stays mended, in every library.
 *
 * @category Laws
 * @since 0.1.0
 * @example
 * ```ts
 * import { corpus } from 'steplaw/laws'
 *
 * corpus.every(({ given }) => given.rays.length > 0) // => true
 * ```
 */
export const corpus: ReadonlyArray<Found> = [
  {
    law: 'machine.innocent',
    fault: 'All runs of `never` shared one initial state, an array that whoever was handed it could change.',
    given: { ...idle, a: { rule: 'never' } },
  },
]
