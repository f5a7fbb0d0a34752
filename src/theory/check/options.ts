import type { Claim } from '../../../spec/law/claimRows.js'
import { isPath } from '../../../spec/law/judge.js'
import { type Invalid, invalid } from '../../../spec/vocabulary/invalid.js'

/**
 * How long a rule is tried, and from where.
 *
 * @category Laws
 * @since 0.1.0
 */
export interface TrialOptions {
  /** Cases a law; 300 by default. */
  readonly runs?: number
  /** An integer of 32 bits; fresh by default. */
  readonly seed?: number
  /** The path of a finding, to replay it with its seed; with `only`. */
  readonly path?: string
  /** Seconds after which no further case of a law is begun; none by default. */
  readonly timeLimit?: number
}

/**
 * What is claimed of a rule, and how long it is tried.
 *
 * @category Laws
 * @since 0.1.0
 */
export interface CheckOptions extends TrialOptions {
  /** What should hold of it besides the laws of every rule; each claim at most once. None by default. */
  readonly claims?: ReadonlyArray<Claim>
  /** The id of the one law to be tried. */
  readonly only?: string
}

/** What is wrong with options, as far as it can be seen without the rule. */
export const faultsOf = ({ runs, seed, path, timeLimit }: TrialOptions): ReadonlyArray<Invalid> => [
  ...(runs === undefined || (Number.isSafeInteger(runs) && runs >= 1)
    ? []
    : [invalid('runs', runs, 'an integer >= 1')]),
  ...(seed === undefined || (seed | 0) === seed
    ? []
    : [invalid('seed', seed, 'an integer from -2147483648 to 2147483647')]),
  ...(path === undefined || path === '' || isPath(path)
    ? []
    : [invalid('path', path, 'the path of a finding, such as 3:0:1')]),
  ...(timeLimit === undefined || (timeLimit > 0 && timeLimit <= 86_400)
    ? []
    : [invalid('timeLimit', timeLimit, 'seconds > 0, a day at most')]),
]
