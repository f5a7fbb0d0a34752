import type { Sealed } from './seal.js'

/**
 * A theorem card: what is known of a method, as statements that can be tried on any subject.
 *
 * @category Theorems
 * @since 0.1.0
 */
export interface Card {
  /** Stable, such as `P3`. */
  readonly id: string
  readonly title: string
  /** What it says and why it matters, in words and TeX. */
  readonly about: string
  /** The idea of the proof, or for a negative result the counter-example. */
  readonly proof: string
  /** Keys of the bibliography. */
  readonly sources: ReadonlyArray<string>
  /** It says that something fails. */
  readonly negative?: true
  readonly statements: ReadonlyArray<Sealed>
  /** What is remembered of the literature and was not derived: shown, never asserted. */
  readonly unverified?: string
}
