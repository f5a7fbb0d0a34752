import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { decodeWith, type Invalid, invalid } from '../../../spec/vocabulary/invalid.js'
import { type Json, json } from '../../../spec/vocabulary/json.js'
import { strict } from '../../../spec/vocabulary/strict.js'
import type { RunProgress } from './execute.js'
import type { Experiment } from './experiment.js'
import { type Plan, printedMethod } from './plan.js'

const counts = t.readonly(t.record(t.string, t.number))

/** Runs that were saved before iterations were timed have no `spent` and `times`. */
const savedRun = strict(
  'a saved run',
  {
    format: t.literal('steplaw-run/1'),
    fingerprint: t.string,
    seconds: t.number,
    lines: t.readonlyArray(t.string),
    tally: strict('a tally', { decided: counts, failures: counts }),
    state: json,
  },
  { spent: t.number, times: t.readonlyArray(t.number) },
)

/** A run as it lies in the output folder, finished or not. */
export interface SavedRun extends RunProgress {
  readonly seconds: number
}

const digest = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest('hex')

/**
 * What must be equal for a saved run to be gone on with: everything in the experiment but its list of runs, and the
 * run itself.
 */
export const fingerprint = (experiment: Experiment, plan: Plan): string => {
  const { runs: _runs, ...shared } = experiment
  return digest([shared, plan.name, printedMethod(plan.method)])
}

/** Written beside its place and then moved into it: a file is the old one or the new one, never half of either. */
const write = (path: string, text: string): void => {
  const draft = `${path}.partial`
  writeFileSync(draft, text)
  renameSync(draft, path)
}

/** The output folder of an experiment: one file per run while it works, and the results. */
export interface Store {
  readonly load: (plan: Plan, index: number) => E.Either<ReadonlyArray<Invalid>, SavedRun | null>
  readonly save: (plan: Plan, index: number, run: SavedRun) => void
  readonly write: (file: string, text: string) => void
  /** Removes what an earlier experiment left, so that its runs are not taken for this one's. */
  readonly clear: () => void
}

const absent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

/** Opens the folder, making it where it is missing. */
export const openStore = (folder: string, experiment: Experiment): Store => {
  const runs = join(folder, 'runs')
  mkdirSync(runs, { recursive: true })
  const fileOf = (index: number): string => join(runs, `${String(index).padStart(4, '0')}.json`)
  return {
    load: (plan, index) => {
      const file = fileOf(index)
      let raw: unknown
      try {
        raw = JSON.parse(readFileSync(file, 'utf8'))
      } catch (error) {
        return absent(error) ? E.right(null) : E.left([invalid(file, undefined, 'a saved run in JSON')])
      }
      const read = decodeWith(savedRun, file)(raw)
      if (E.isLeft(read)) return read
      const { fingerprint: saved, format: _format, spent = 0, times = [], ...run } = read.right
      return saved === fingerprint(experiment, plan)
        ? E.right({ ...run, spent, times })
        : E.left([
            invalid(
              file,
              plan.name,
              'a run of this experiment; without --resume, or with another --out, it starts afresh',
            ),
          ])
    },
    save: (plan, index, { seconds, spent, times, lines, tally, state }) => {
      const run: Json = {
        format: 'steplaw-run/1',
        fingerprint: fingerprint(experiment, plan),
        seconds,
        spent,
        times,
        lines,
        tally: { decided: tally.decided, failures: tally.failures },
        state,
      }
      write(fileOf(index), JSON.stringify(run))
    },
    write: (file, text) => write(join(folder, file), text),
    clear: () => {
      for (const file of readdirSync(runs))
        if (/^\d{4}\.json(\.partial)?$/.test(file)) rmSync(join(runs, file))
      for (const file of ['results.jsonl', 'timing.json', 'index.html'])
        rmSync(join(folder, file), { force: true })
    },
  }
}
