/** What the experiments came to, kept beside them: the last loss of every run, by family and by the number that is swept. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Table } from './study/table.js'

/** The end of one run. */
export interface End {
  /** The number that is swept: a step, a cap, a rate; of two, that of the upper level; null where none is. */
  readonly at: number | null
  /** That of the lower level, where two are swept. */
  readonly lower?: number
  /** The loss on all training rows, at two levels that on all validation rows; null where it is not finite. */
  readonly train: number | null
  /** The loss on rows that were held out, at two levels; null where it is not finite. */
  readonly test?: number | null
  /** The share of right labels on rows that were held out. */
  readonly accuracy: number | null
  /** Evaluations of values and of gradients on batches; at two levels in units of a gradient. */
  readonly evaluations: number
}

export interface Family {
  readonly name: string
  readonly ends: ReadonlyArray<End>
}

export interface Summary {
  readonly title: string
  readonly families: ReadonlyArray<Family>
}

export type Summaries = { readonly [experiment: string]: Summary }

/** What a study came to. */
export interface Studied {
  readonly title: string
  readonly description: ReadonlyArray<string>
  readonly tables: ReadonlyArray<Table>
}

const file = join(import.meta.dirname, 'measured.json')
const studiedFile = join(import.meta.dirname, 'studied.json')

const read = <A>(path: string): { readonly [experiment: string]: A } =>
  existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { readonly [experiment: string]: A }) : {}

export const readSummaries = (): Summaries => read<Summary>(file)
export const readStudied = (): { readonly [study: string]: Studied } => read<Studied>(studiedFile)

/** The last line of a run, as far as it is used here. */
interface Line {
  readonly summary?: {
    readonly family: string
    readonly startingStep: number | null
    readonly pair?: { readonly [name: string]: number }
    readonly train: number | string
    readonly validation?: { readonly loss: number | string }
    readonly test?: { readonly loss: number | string; readonly accuracy?: number }
    readonly evaluations: {
      readonly values?: number
      readonly gradients?: number
      readonly gradientUnits?: number
    }
  }
}

const rounded = (x: number): number => Number(x.toPrecision(5))

const finite = (x: number | string | undefined): number | null =>
  typeof x === 'number' && Number.isFinite(x) ? rounded(x) : null

/** The end of a run as its last line has it. */
const endOf = (summary: NonNullable<Line['summary']>): End => {
  const { startingStep, pair, train, validation, test, evaluations } = summary
  const [upper, lower] = Object.values(pair ?? {})
  const { values = 0, gradients = 0, gradientUnits } = evaluations
  const accuracy = test?.accuracy === undefined ? null : rounded(test.accuracy)
  const at = startingStep ?? upper ?? null
  return gradientUnits === undefined
    ? { at, train: finite(train), accuracy, evaluations: values + gradients }
    : {
        at,
        ...(lower === undefined ? {} : { lower }),
        train: finite(validation?.loss),
        test: finite(test?.loss),
        accuracy,
        evaluations: rounded(gradientUnits),
      }
}

/** Reads `results.jsonl` of an experiment. */
export const summarise = (title: string, results: string): Summary => {
  const families = new Map<string, Array<End>>()
  for (const text of readFileSync(results, 'utf8').trim().split('\n')) {
    const { summary } = JSON.parse(text) as Line
    if (summary === undefined) continue
    families.set(summary.family, [...(families.get(summary.family) ?? []), endOf(summary)])
  }
  return { title, families: [...families].map(([name, ends]) => ({ name, ends })) }
}

const keepIn = <A>(path: string, name: string, one: A): void => {
  const all = Object.entries({ ...read<A>(path), [name]: one }).sort(([a], [b]) => (a < b ? -1 : 1))
  writeFileSync(path, `${JSON.stringify(Object.fromEntries(all), null, 1)}\n`)
}

/** Keeps the summary of one experiment. */
export const keep = (name: string, summary: Summary): void => keepIn(file, name, summary)

/** Keeps what one study came to. */
export const keepFindings = (name: string, studied: Studied): void => keepIn(studiedFile, name, studied)
