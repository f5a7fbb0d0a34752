/** What the experiments came to, kept beside them: the last loss of every run, by family and by the number that is swept. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The end of one run. */
export interface End {
  /** The number that is swept: a step, a cap, a rate. */
  readonly at: number
  /** The loss on all training rows; null where it is not finite. */
  readonly train: number | null
  /** The share of right labels on rows that were held out. */
  readonly accuracy: number | null
  /** Evaluations of values and of gradients on batches. */
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

const file = join(import.meta.dirname, 'measured.json')

export const readSummaries = (): Summaries =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Summaries) : {}

/** The last line of a run, as far as it is used here. */
interface Line {
  readonly summary?: {
    readonly family: string
    readonly startingStep: number | null
    readonly train: number | string
    readonly test?: { readonly accuracy?: number }
    readonly evaluations: { readonly values: number; readonly gradients: number }
  }
}

const rounded = (x: number): number => Number(x.toPrecision(5))

/** Reads `results.jsonl` of an experiment. */
export const summarise = (title: string, results: string): Summary => {
  const families = new Map<string, Array<End>>()
  for (const text of readFileSync(results, 'utf8').trim().split('\n')) {
    const { summary } = JSON.parse(text) as Line
    if (summary === undefined) continue
    const { family, startingStep, train, test, evaluations } = summary
    const ends = families.get(family) ?? []
    ends.push({
      at: startingStep ?? 0,
      train: typeof train === 'number' && Number.isFinite(train) ? rounded(train) : null,
      accuracy: test?.accuracy === undefined ? null : rounded(test.accuracy),
      evaluations: evaluations.values + evaluations.gradients,
    })
    families.set(family, ends)
  }
  return { title, families: [...families].map(([name, ends]) => ({ name, ends })) }
}

/** Keeps the summary of one experiment. */
export const keep = (name: string, summary: Summary): void => {
  const all = Object.entries({ ...readSummaries(), [name]: summary }).sort(([a], [b]) => (a < b ? -1 : 1))
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(all), null, 1)}\n`)
}
