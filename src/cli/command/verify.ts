import { randomInt } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import type { Claim } from '../../../spec/law/claimRows.js'
import { estimatorExpr } from '../../../spec/vocabulary/estimator.js'
import { decodeWith, type Invalid, invalid, showInvalid } from '../../../spec/vocabulary/invalid.js'
import { isObject } from '../../../spec/vocabulary/strict.js'
import type { Estimator } from '../../bilevel/hypergradient/hypergradient.js'
import { compileEstimator } from '../../bilevel/standard/estimator.js'
import { type Rule, show } from '../../rule/rule.js'
import type { Card } from '../../theory/card/card.js'
import type { Sealed } from '../../theory/card/seal.js'
import { candidateOf } from '../../theory/check/candidate.js'
import { showTheorem } from '../../theory/showTheorem.js'
import {
  chosenStatements,
  faultsOfVerify,
  type TheoremFinding,
  type VerifyOptions,
  verifyRule,
  verifyTheorems,
} from '../../theory/verify.js'
import { verifyEstimator } from '../../theory/verifyEstimator.js'
import { importReference, referenceOf } from '../module.js'
import { printed } from '../notation.js'
import { lawBar } from '../progress.js'
import { type ExitCode, err, out, refuse } from './exit.js'
import { word } from './word.js'

export interface VerifyCommand {
  /** A module with a rule or an estimator. */
  readonly module: string | undefined
  /** A rule expression as JSON. */
  readonly rule: string | undefined
  /** An estimator expression as JSON. */
  readonly estimator: string | undefined
  readonly theorem: string | undefined
  readonly problems: number | undefined
  readonly seed: number | undefined
  readonly path: string | undefined
  readonly json: boolean
}

/** Whom the theorems are tried on. */
type Candidate =
  | { readonly rule: Rule; readonly claims: ReadonlyArray<Claim> }
  | { readonly estimator: Estimator; readonly text: string }

type Result<A> = E.Either<ReadonlyArray<Invalid>, A>

const parsed = (option: string, text: string, what: string): E.Either<Invalid, unknown> =>
  E.tryCatch(
    (): unknown => JSON.parse(text),
    () => invalid(option, text, `${what} as JSON`),
  )

const isEstimator = (u: unknown): u is Estimator =>
  isObject(u) &&
  typeof u.name === 'string' &&
  typeof u.unrolls === 'boolean' &&
  typeof u.estimate === 'function'

/** What a module exports: an estimator, or a rule with or without claims. */
const exported = (u: unknown): Result<Candidate> =>
  isEstimator(u) ? E.right({ estimator: u, text: u.name }) : candidateOf(u)

const estimatorOf = (u: unknown): Result<Candidate> =>
  E.bimap(
    (wrong: ReadonlyArray<Invalid>) => wrong,
    (expr: t.TypeOf<typeof estimatorExpr>): Candidate => ({
      estimator: compileEstimator(expr),
      text: printed(expr),
    }),
  )(decodeWith(estimatorExpr, '--estimator')(u))

const read = <A>(given: E.Either<Invalid, unknown>, as: (u: unknown) => Result<A>): Result<A> =>
  E.isLeft(given) ? E.left([given.left]) : as(given.right)

/** Whom the theorems are to be tried on; null for the rules of the library. */
const candidate = async ({ module, rule, estimator }: VerifyCommand): Promise<Result<Candidate | null>> => {
  if (module !== undefined) {
    err(`executing the module ${referenceOf(module).module}`)
    return read(await importReference(referenceOf(module)), exported)
  }
  if (rule !== undefined) return read(parsed('--rule', rule, 'a rule expression'), candidateOf)
  return estimator === undefined
    ? E.right(null)
    : read(parsed('--estimator', estimator, 'an estimator'), estimatorOf)
}

const misuse = (command: VerifyCommand, options: VerifyOptions): ReadonlyArray<Invalid> => {
  const { module, rule, estimator } = command
  const chosen = chosenStatements(command.theorem)
  const [, second] = [
    ...(module === undefined ? [] : [{ name: 'module', value: module }]),
    ...(rule === undefined ? [] : [{ name: '--rule', value: rule }]),
    ...(estimator === undefined ? [] : [{ name: '--estimator', value: estimator }]),
  ]
  return [...faultsOfVerify(options), ...(E.isLeft(chosen) ? chosen.left : [])]
    .map((e) => ({ ...e, field: `--${e.field}` }))
    .concat(
      second === undefined
        ? []
        : [invalid(second.name, second.value, 'a module or --rule or --estimator, not two of them')],
    )
}

const replayOf = (
  { module, rule, estimator }: VerifyCommand,
  { statement, seed, path }: Extract<TheoremFinding, { readonly verdict: 'refuted' }>,
): string =>
  [
    'steplaw verify',
    ...(module === undefined ? [] : [word(module)]),
    ...(rule === undefined ? [] : [`--rule ${word(rule)}`]),
    ...(estimator === undefined ? [] : [`--estimator ${word(estimator)}`]),
    `--theorem ${statement}`,
    seed < 0 ? `--seed=${seed}` : `--seed ${seed}`,
    ...(path === '' ? [] : [`--path '${path}'`]),
  ].join(' ')

const counts = (found: ReadonlyArray<TheoremFinding>) => {
  const of = (verdict: TheoremFinding['verdict']): number =>
    found.filter((one) => one.verdict === verdict).length
  return {
    notRefuted: of('not refuted'),
    refuted: of('refuted'),
    doesNotApply: of('does not apply'),
    notAboutARule: of('not about a rule'),
  }
}

/** The last line: what was found, and how much that is worth. */
const account = (found: ReadonlyArray<TheoremFinding>, seed: number): string => {
  const n = counts(found)
  const parts = [
    `${n.notRefuted} not refuted`,
    `${n.refuted} refuted`,
    ...(n.doesNotApply === 0 ? [] : [`${n.doesNotApply} do not apply`]),
    ...(n.notAboutARule === 0 ? [] : [`${n.notAboutARule} not about a rule`]),
  ]
  const worth =
    n.notRefuted === 0
      ? ''
      : '\nNot refuted is not proven. A fault that shows on the share of problems named last would have been found with probability 0.95.'
  return `${parts.join(', ')} (seed ${seed})${worth}`
}

const tell = (command: VerifyCommand, statement: Sealed, finding: TheoremFinding): void => {
  const replay = finding.verdict === 'refuted' ? replayOf(command, finding) : undefined
  if (command.json) out(JSON.stringify(replay === undefined ? finding : { ...finding, replay }))
  else if (finding.verdict !== 'not about a rule') out(showTheorem(finding, statement, replay))
}

const tryOne = (
  given: Candidate | null,
  { statement }: { readonly card: Card; readonly statement: Sealed },
  options: VerifyOptions,
): ReadonlyArray<TheoremFinding> => {
  const here = { ...options, theorem: statement.id }
  if (given === null) return verifyTheorems(here)
  return 'estimator' in given
    ? verifyEstimator(given.estimator, here)
    : verifyRule(given.rule, { ...here, claims: given.claims })
}

/** The statements that can be tried on a candidate, or that there are none. */
const tryable = (
  given: Candidate | null,
  theorem: string | undefined,
  chosen: ReadonlyArray<{ readonly card: Card; readonly statement: Sealed }>,
): E.Either<Invalid, typeof chosen> => {
  if (given === null || !('estimator' in given)) return E.right(chosen)
  const about = (all: typeof chosen) =>
    all.filter(({ statement }) => statement.asserted && statement.ofEstimators)
  if (about(chosen).length > 0) return E.right(about(chosen))
  const every = chosenStatements()
  const ids = E.isRight(every) ? about(every.right).map(({ card }) => card.id) : []
  return E.left(
    invalid('--theorem', theorem, `the id of a theorem about estimators: ${[...new Set(ids)].join(', ')}`),
  )
}

/** `steplaw verify`: tries the theorems on a rule or an estimator, or on what they are stated of. */
export const verify = async (command: VerifyCommand): Promise<ExitCode> => {
  const { theorem, problems, path, json } = command
  const seed = command.seed ?? randomInt(2 ** 31)
  const options: VerifyOptions = {
    seed,
    ...(theorem === undefined ? {} : { theorem }),
    ...(problems === undefined ? {} : { problems }),
    ...(path === undefined ? {} : { path }),
  }
  const wrong = misuse(command, options)
  const chosen = chosenStatements(theorem)
  if (wrong.length > 0 || E.isLeft(chosen)) {
    for (const e of wrong) err(`error: ${showInvalid(e)}`)
    return 2
  }
  const given = await candidate(command)
  if (E.isLeft(given)) return refuse(given.left)
  const tried = given.right
  const statements = tryable(tried, theorem, chosen.right)
  if (E.isLeft(statements)) {
    err(`error: ${showInvalid(statements.left)}`)
    return 2
  }
  if (!json && tried !== null) out(`${'estimator' in tried ? tried.text : show(tried.rule)}\n\n`)
  const found: Array<TheoremFinding> = []
  const bar = lawBar(!json)
  bar.start(statements.right.length)
  for (const one of statements.right) {
    bar.at(one.statement.id)
    for (const finding of tryOne(tried, one, options)) {
      found.push(finding)
      tell(command, one.statement, finding)
    }
  }
  bar.stop()
  if (json) out(JSON.stringify({ summary: { seed, ...counts(found) } }))
  else out(`\n${account(found, seed)}`)
  return counts(found).refuted === 0 ? 0 : 1
}
