import { randomInt } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import type { Claim } from '../../../spec/law/claimRows.js'
import { type Invalid, invalid, showInvalid } from '../../../spec/vocabulary/invalid.js'
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
import { importReference, referenceOf } from '../module.js'
import { lawBar } from '../progress.js'
import { type ExitCode, err, out, refuse } from './exit.js'
import { word } from './word.js'

export interface VerifyCommand {
  /** A module with a rule. */
  readonly module: string | undefined
  /** A rule expression as JSON. */
  readonly rule: string | undefined
  readonly theorem: string | undefined
  readonly problems: number | undefined
  readonly seed: number | undefined
  readonly path: string | undefined
  readonly json: boolean
}

interface Candidate {
  readonly rule: Rule
  readonly claims: ReadonlyArray<Claim>
}

const parsed = (text: string): E.Either<Invalid, unknown> =>
  E.tryCatch(
    (): unknown => JSON.parse(text),
    () => invalid('--rule', text, 'a rule expression as JSON'),
  )

/** Whom the theorems are to be tried on; null for the rules of the library. */
const candidate = async ({
  module,
  rule,
}: VerifyCommand): Promise<E.Either<ReadonlyArray<Invalid>, Candidate | null>> => {
  if (module === undefined && rule === undefined) return E.right(null)
  if (module !== undefined) err(`executing the module ${referenceOf(module).module}`)
  const given = module !== undefined ? await importReference(referenceOf(module)) : parsed(rule ?? '')
  return E.isLeft(given) ? E.left([given.left]) : candidateOf(given.right)
}

const misuse = (command: VerifyCommand, options: VerifyOptions): ReadonlyArray<Invalid> => {
  const chosen = chosenStatements(command.theorem)
  return [...faultsOfVerify(options), ...(E.isLeft(chosen) ? chosen.left : [])]
    .map((e) => ({ ...e, field: `--${e.field}` }))
    .concat(
      command.module !== undefined && command.rule !== undefined
        ? [invalid('--rule', command.rule, 'a module or --rule, not both')]
        : [],
    )
}

const replayOf = (
  { module, rule }: VerifyCommand,
  { statement, seed, path }: Extract<TheoremFinding, { readonly verdict: 'refuted' }>,
): string =>
  [
    'steplaw verify',
    ...(module === undefined ? [] : [word(module)]),
    ...(rule === undefined ? [] : [`--rule ${word(rule)}`]),
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
  return given === null ? verifyTheorems(here) : verifyRule(given.rule, { ...here, claims: given.claims })
}

/** `steplaw verify`: tries the theorems on a rule, or on the rules they are stated of. */
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
  const read = given.right
  if (!json && read !== null)
    out(`${show(read.rule)}

`)
  const found: Array<TheoremFinding> = []
  const bar = lawBar(!json)
  bar.start(chosen.right.length)
  for (const one of chosen.right) {
    bar.at(one.statement.id)
    for (const finding of tryOne(read, one, options)) {
      found.push(finding)
      tell(command, one.statement, finding)
    }
  }
  bar.stop()
  if (json) out(JSON.stringify({ summary: { seed, ...counts(found) } }))
  else out(`\n${account(found, seed)}`)
  return counts(found).refuted === 0 ? 0 : 1
}
