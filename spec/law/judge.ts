import fc from 'fast-check'
import * as t from 'io-ts'
import { rayCase } from '../conformance/case.js'
import type { Json } from '../vocabulary/json.js'
import { ruleExpr } from '../vocabulary/ruleExpr.js'
import { strict } from '../vocabulary/strict.js'
import { corpus } from './corpus.js'
import { idle } from './draws.js'
import type { RuleKit } from './kit.js'
import type { Given, Law, Violation } from './law.js'

const factor = t.refinement(t.number, (x) => x > 0 && Number.isFinite(x), 'a positive number')

const given = strict(
  'a case',
  {},
  {
    a: ruleExpr,
    b: ruleExpr,
    c: ruleExpr,
    rays: t.readonlyArray(rayCase, 'an array of rays'),
    factor,
  },
)

/** The case as JSON, as far as the law looks at it: to be shown and replayed. A rule under test stands for `a`. */
const encodeGiven = ({ varies }: Law, drawn: Given, tested: boolean): Json => {
  const shown = varies.filter((key) => key !== 'a' || !tested)
  return given.encode(Object.fromEntries(shown.map((key) => [key, drawn[key]]))) as Json
}

/**
 * What became of a law: not refuted in so many runs, or refuted by a case, shrunk, with both sides. `seed` and `path` replay
 * it; the cases of the corpus come before the drawn ones.
 *
 * @category Laws
 * @since 0.1.0
 */
export type Judgement =
  | {
      readonly law: string
      readonly verdict: 'not refuted'
      readonly runs: number
      readonly seed: number
      /** The time limit came before the last case. */
      readonly interrupted?: true
    }
  | {
      readonly law: string
      readonly verdict: 'refuted'
      readonly runs: number
      readonly seed: number
      readonly path: string
      readonly given: Json
      readonly violation: Violation | string
    }

/**
 * How long a law is tried, and from where.
 *
 * @category Laws
 * @since 0.1.0
 */
export interface Trial<R> {
  /** 300 by default. */
  readonly runs?: number
  /** Fresh by default. */
  readonly seed?: number
  /** Where a counterexample was found, to replay it. */
  readonly path?: string
  /** Seconds after which no further case is begun; none by default. What ends early says so. */
  readonly timeLimit?: number
  /** The one rule under test; generated rules by default. */
  readonly rule?: R
  /** Told each case before it is tried: whoever watches a rule that hangs knows where. */
  readonly onCase?: (given: Json) => void
}

const inWords = (error: unknown): string => {
  if (error instanceof Error) return `threw ${error.name}: ${error.message}`
  return `threw ${typeof error === 'object' && error !== null ? 'an object that is no Error' : String(error)}`
}

/** Whether a path has the form of one. */
export const isPath = (path: string): boolean => /^\d+(:\d+)*$/.test(path)

const leadsNowhere = (path: string): RangeError =>
  new RangeError(`path: got ${path}, expected the path of a finding of this law with this seed`)

/** Runs a property from where a path leads. */
const follow = <A>(path: string | undefined, run: () => A): A => {
  try {
    return run()
  } catch (error) {
    const lost = path !== undefined && error instanceof Error && /^Unable to replay/.test(error.message)
    throw lost ? leadsNowhere(path) : error
  }
}

/**
 * Tries a law on generated cases and returns what was found, as data.
 *
 * @throws RangeError if a path is given that leads to no case of this law with this seed.
 * @category Laws
 * @since 0.1.0
 * @example
 * ```ts
 * import { ruleKit } from 'steplaw'
 * import { judge, laws } from 'steplaw/laws'
 *
 * const wrong = { ...ruleKit, max: ruleKit.min }
 * laws.map((law) => judge(wrong, law)).find(({ verdict }) => verdict === 'refuted')?.law // => 'lattice.max.unit'
 * ```
 */
export const judge = <R>(kit: RuleKit<R>, law: Law, trial: Trial<R> = {}): Judgement => {
  const { runs = 300, seed, path, timeLimit, rule, onCase } = trial
  const encoded = (drawn: Given): Json => encodeGiven(law, drawn, rule !== undefined)
  const find = (drawn: Given): Violation | string | null => {
    onCase?.(encoded(drawn))
    try {
      return law.violation(kit, rule ?? kit.compile(drawn.a), drawn)
    } catch (error) {
      return inWords(error)
    }
  }
  // Always: the path counts them.
  const examples = corpus.filter((found) => found.law === law.id)
  if (path !== undefined && path !== '' && !isPath(path)) throw leadsNowhere(path)
  const result = follow(path, () =>
    fc.check(
      fc.property(law.given, (drawn) => find(drawn) === null),
      {
        numRuns: runs,
        examples: examples.map(({ given: known }): [Given] => [known]),
        ...(seed === undefined ? {} : { seed }),
        ...(path === undefined ? {} : { path }),
        ...(timeLimit === undefined ? {} : { interruptAfterTimeLimit: 1000 * timeLimit }),
      },
    ),
  )
  if (!result.failed || result.counterexample === null)
    return {
      law: law.id,
      verdict: 'not refuted',
      runs: result.numRuns,
      seed: result.seed,
      ...(result.interrupted ? { interrupted: true } : {}),
    }
  const [drawn = idle] = result.counterexample
  return {
    law: law.id,
    verdict: 'refuted',
    runs: result.numRuns,
    seed: result.seed,
    path: result.counterexamplePath ?? '',
    given: encoded(drawn),
    violation: find(drawn) ?? 'it did not show again: the rule keeps hidden state',
  }
}
