import { randomInt } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import { allLaws } from '../../../spec/law/catalogue.js'
import type { Judgement } from '../../../spec/law/judge.js'
import { type Invalid, invalid, showInvalid } from '../../../spec/vocabulary/invalid.js'
import { faultsOf } from '../../theory/check/options.js'
import { examine, type Found } from '../check/examine.js'
import { account, countsOf } from '../check/report.js'
import { referenceOf } from '../module.js'
import { lawBar } from '../progress.js'
import { type ExitCode, err, out } from './exit.js'
import { word } from './word.js'

export interface CheckCommand {
  readonly module: string
  readonly runs: number | undefined
  readonly seed: number | undefined
  readonly only: string | undefined
  readonly path: string | undefined
  readonly timeLimit: number | undefined
  readonly verbose: boolean
  readonly json: boolean
}

const usual = { runs: 300, timeLimit: 10 }

/** What is wrong with the command line, whatever the module. */
const misuse = ({ runs, seed, only, path, timeLimit }: CheckCommand): ReadonlyArray<Invalid> => [
  ...faultsOf({
    ...(runs === undefined ? {} : { runs }),
    ...(seed === undefined ? {} : { seed }),
    ...(path === undefined ? {} : { path }),
    ...(timeLimit === undefined ? {} : { timeLimit }),
  }).map((e) => ({ ...e, field: `--${e.field === 'timeLimit' ? 'time-limit' : e.field}` })),
  ...(only === undefined || allLaws.some(({ id, of }) => id === only && of !== 'vocabulary')
    ? []
    : [invalid('--only', only, 'the id of a law of every rule or of a claim (steplaw list laws)')]),
  ...(path === undefined || (only !== undefined && seed !== undefined)
    ? []
    : [invalid('--path', path, '--only and --seed with it')]),
]

/** The line that shows a finding again. */
const replayOf = (
  { module, runs, timeLimit }: CheckCommand,
  { law, seed, path }: Extract<Judgement, { readonly verdict: 'refuted' }>,
): string =>
  [
    `steplaw check ${word(module)} --only ${law}`,
    seed < 0 ? `--seed=${seed}` : `--seed ${seed}`,
    ...(runs === undefined ? [] : [`--runs ${runs}`]),
    ...(timeLimit === undefined ? [] : [`--time-limit ${timeLimit}`]),
    ...(path === '' ? [] : [`--path '${path}'`]),
  ].join(' ')

/** `steplaw check`: puts the rule of a module to the laws, in a worker thread that is ended when the rule hangs. */
export const check = async (options: CheckCommand, workerEntry: URL): Promise<ExitCode> => {
  const wrong = misuse(options)
  if (wrong.length > 0) {
    for (const e of wrong) err(`error: ${showInvalid(e)}`)
    return 2
  }
  const { only, path, json, runs = usual.runs, timeLimit = usual.timeLimit } = options
  const seed = options.seed ?? randomInt(2 ** 31)
  const reference = referenceOf(options.module)
  err(`executing the module ${reference.module}`)
  const found: Array<Found> = []
  const bar = lawBar(!json)
  const loaded = await examine(
    workerEntry,
    { reference, only, trial: { runs, seed, timeLimit, ...(path === undefined ? {} : { path }) } },
    {
      onLoaded: ({ rule, claims, laws }) => {
        if (!json) {
          out(`seed ${seed}, ${runs} cases a law`)
          out(`${rule}${claims.length === 0 ? '' : `, claimed: ${claims.join(', ')}`}\n\n`)
        }
        bar.start(laws.length)
      },
      onLaw: bar.at,
      onFound: (one) => {
        found.push(one)
        if (json)
          out(JSON.stringify(one.verdict === 'refuted' ? { ...one, replay: replayOf(options, one) } : one))
      },
    },
  )
  bar.stop()
  if (E.isLeft(loaded)) {
    for (const e of loaded.left) err(`error: ${e}`)
    return 1
  }
  const counts = countsOf(found)
  const { rule, claims } = loaded.right
  if (json) out(JSON.stringify({ summary: { module: options.module, rule, claims, seed, runs, ...counts } }))
  else
    out(
      account({
        found,
        seed,
        runs,
        path,
        verbose: options.verbose,
        width: process.stdout.columns || 100,
        replay: (one) => replayOf(options, one),
      }),
    )
  return counts.refuted === 0 ? 0 : 1
}
