import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { invalid } from '../../../spec/vocabulary/invalid.js'
import { encodeDraws } from '../../problem/draws.js'
import type { Batch } from '../../problem/oracle.js'
import type { Job, Report } from '../experiment/message.js'
import { runPool } from '../experiment/pool.js'
import { reportData, resultsText, timingText } from '../experiment/results.js'
import { isModule, loadSetting, readSource, type Source } from '../experiment/source.js'
import { openStore, type SavedRun, type Store } from '../experiment/store.js'
import { progressBar } from '../progress.js'
import { renderReport, renderTable } from '../report/index.js'
import { type ExitCode, err, out, refuse } from './exit.js'

export interface RunOptions {
  readonly experiment: string
  readonly out: string | undefined
  readonly resume: boolean
  readonly threads: number | undefined
  readonly json: boolean
  readonly writeDraws: string | undefined
  readonly report: boolean
}

/** Within this many milliseconds a signal is the same Ctrl-C again: npm passes on what the terminal has sent already. */
const echo = 1500

/** Calls back on the first Ctrl-C (or SIGTERM); a later one ends the process at once. */
const onInterrupt = (f: () => void): (() => void) => {
  const signals = ['SIGINT', 'SIGTERM'] as const
  let first: number | null = null
  const handler = (): void => {
    const now = performance.now()
    if (first === null) {
      first = now
      f()
    } else if (now - first > echo) process.exit(1)
  }
  for (const signal of signals) process.on(signal, handler)
  return () => {
    for (const signal of signals) process.removeListener(signal, handler)
  }
}

const writeDraws = async (file: string, source: Source): Promise<ExitCode> => {
  const setting = await loadSetting(source)
  if (E.isLeft(setting)) return refuse(setting.left)
  if (!('batches' in setting.right))
    return refuse([
      invalid(
        '--write-draws',
        file,
        'an experiment with an objective: how many batches two levels draw depends on the method',
      ),
    ])
  const { batches, problem } = setting.right
  const all = Int32Array.from({ length: problem.objective.components }, (_, i) => i)
  const written = encodeDraws(batches.map((batch: Batch) => batch ?? all))
  writeFileSync(file, `${JSON.stringify(written)}\n`)
  err(`draws written to ${file}`)
  return 0
}

/** The runs already saved, by index; empty unless the run is resumed. */
const savedRuns = (
  store: Store | null,
  { plans }: Source,
  resume: boolean,
): E.Either<ExitCode, Map<number, SavedRun>> => {
  const saved = new Map<number, SavedRun>()
  if (store === null) return E.right(saved)
  if (!resume) {
    store.clear()
    return E.right(saved)
  }
  for (const [index, plan] of plans.entries()) {
    const loaded = store.load(plan, index)
    if (E.isLeft(loaded)) return E.left(refuse(loaded.left))
    if (loaded.right !== null) saved.set(index, loaded.right)
  }
  return E.right(saved)
}

/** `steplaw run`: executes the runs of an experiment on worker threads. */
export const run = async (options: RunOptions, workerEntry: URL): Promise<ExitCode> => {
  const began = performance.now()
  if (isModule(options.experiment)) err(`executing the module ${options.experiment}`)
  const read = await readSource(options.experiment)
  if (E.isLeft(read)) return refuse(read.left)
  const source = read.right
  const { experiment, plans, words } = source
  if (options.writeDraws !== undefined) {
    const code = await writeDraws(options.writeDraws, source)
    if (code !== 0) return code
  }

  const store = options.out === undefined ? null : openStore(options.out, experiment)
  const loaded = savedRuns(store, source, options.resume)
  if (E.isLeft(loaded)) return loaded.left
  const runs = loaded.right
  const isDone = (index: number): boolean => runs.get(index)?.state === null && runs.has(index)
  const before = new Map([...runs].map(([index, { seconds }]) => [index, seconds]))

  const jobs: ReadonlyArray<Job> = plans.flatMap((_, index) =>
    isDone(index) ? [] : [{ index, saved: runs.get(index) ?? null }],
  )
  const threads = options.threads ?? availableParallelism()
  const interrupted = new Int32Array(new SharedArrayBuffer(4))
  const release = onInterrupt(() => {
    Atomics.store(interrupted, 0, 1)
    err('\ninterrupted: saving what is there')
  })
  const bar = progressBar(plans.length, experiment.iterations, [...runs.keys()].filter(isDone))
  const onReport = (report: Report): void => {
    if (report.report === 'iterations') bar.at(report.index, report.k)
    if (report.report === 'ready' || report.report === 'iterations' || report.report === 'failed') return
    const plan = plans[report.index]
    if (plan === undefined) return
    const one = { ...report.progress, seconds: (before.get(report.index) ?? 0) + report.seconds }
    store?.save(plan, report.index, one)
    if (report.report !== 'saved') runs.set(report.index, one)
    if (report.report === 'finished') bar.finished(report.index)
  }
  const { failures } = await runPool(
    jobs,
    threads,
    workerEntry,
    { path: options.experiment, interrupted },
    { onReport },
  )
  bar.stop()
  release()

  const finished = plans.flatMap((_, index) => {
    const one = runs.get(index)
    return one !== undefined && one.state === null ? [one] : []
  })
  const data = reportData(words, experiment, finished)
  const seconds = (performance.now() - began) / 1000
  store?.write('results.jsonl', resultsText(finished))
  store?.write(
    'timing.json',
    timingText(
      data.runs.map((r) => r.name),
      finished,
      seconds,
      threads,
    ),
  )
  if (options.report) store?.write('index.html', renderReport(data))
  if (!options.json) out(renderTable(data, process.stdout.columns))
  else if (finished.length > 0) out(resultsText(finished))
  if (options.out !== undefined) {
    const page = options.report ? `, the report in ${join(options.out, 'index.html')}` : ''
    err(`results in ${join(options.out, 'results.jsonl')}${page} (${seconds.toFixed(1)} s)`)
  }
  for (const { index, message } of failures)
    err(`error: ${index === null ? '' : `run "${plans[index]?.name ?? index}": `}${message}`)
  if (finished.length === plans.length) return 0
  if (Atomics.load(interrupted, 0) === 1)
    err(`${finished.length} of ${plans.length} runs finished${store === null ? '' : '; --resume goes on'}`)
  return 1
}
