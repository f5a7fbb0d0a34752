import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { type Invalid, invalid } from '../../../spec/vocabulary/invalid.js'
import { encodeDraws } from '../../problem/draws.js'
import type { Batch } from '../../problem/oracle.js'
import type { Setting } from '../experiment/execute.js'
import type { Job, Report } from '../experiment/message.js'
import { runPool } from '../experiment/pool.js'
import { reportData, resultsText, timingText } from '../experiment/results.js'
import { isModule, loadSetting, readSource, type Source } from '../experiment/source.js'
import { openStore, type SavedRun, type Store } from '../experiment/store.js'
import { writtenDraws } from '../experiment/writtenDraws.js'
import { progressBar } from '../progress.js'
import { type ReportData, renderReport, renderTable } from '../report/index.js'
import { type ExitCode, err, out as print, refuse } from './exit.js'

export interface RunOptions {
  /** One or several: then each has a folder of its own in `out`, and they share the report. */
  readonly experiments: ReadonlyArray<string>
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

/** The draws of an experiment as others can read them. */
const drawsOf = (setting: Setting, { plans }: Source): E.Either<Invalid, unknown> => {
  if (!('batches' in setting)) return writtenDraws(setting, plans)
  const { batches, problem } = setting
  const all = Int32Array.from({ length: problem.objective.components }, (_, i) => i)
  return E.right(encodeDraws(batches.map((batch: Batch) => batch ?? all)))
}

const writeDraws = async (file: string, source: Source): Promise<ExitCode> => {
  const setting = await loadSetting(source)
  if (E.isLeft(setting)) return refuse(setting.left)
  const written = drawsOf(setting.right, source)
  if (E.isLeft(written)) return refuse([written.left])
  writeFileSync(file, `${JSON.stringify(written.right)}\n`)
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

/** What became of one experiment. */
interface Ran {
  readonly data: ReportData
  readonly code: ExitCode
}

const runOne = async (
  path: string,
  source: Source,
  out: string | undefined,
  options: RunOptions,
  workerEntry: URL,
): Promise<E.Either<ExitCode, Ran>> => {
  const began = performance.now()
  const { experiment, plans, words } = source
  const store = out === undefined ? null : openStore(out, experiment)
  const loaded = savedRuns(store, source, options.resume)
  if (E.isLeft(loaded)) return loaded
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
  const { failures } = await runPool(jobs, threads, workerEntry, { path, interrupted }, { onReport })
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
  if (!options.json) print(renderTable(data, process.stdout.columns))
  else if (finished.length > 0) print(resultsText(finished))
  if (out !== undefined) {
    const page =
      options.report && options.out !== undefined ? `, the report in ${join(options.out, 'index.html')}` : ''
    err(`results in ${join(out, 'results.jsonl')}${page} (${seconds.toFixed(1)} s)`)
  }
  for (const { index, message } of failures)
    err(`error: ${index === null ? '' : `run "${plans[index]?.name ?? index}": `}${message}`)
  if (finished.length === plans.length) return E.right({ data, code: 0 })
  if (Atomics.load(interrupted, 0) === 1)
    err(`${finished.length} of ${plans.length} runs finished${store === null ? '' : '; --resume goes on'}`)
  return E.right({ data, code: 1 })
}

/** Where the results of an experiment lie, from the folder that was named. */
const placeOf = (id: string, several: boolean): string => (several ? encodeURIComponent(id) : '')

/** `steplaw run`: executes the runs of experiments on worker threads. */
export const run = async (options: RunOptions, workerEntry: URL): Promise<ExitCode> => {
  const { experiments } = options
  const several = experiments.length > 1
  const sources: Array<readonly [path: string, source: Source]> = []
  for (const path of experiments) {
    if (isModule(path)) err(`executing the module ${path}`)
    const read = await readSource(path)
    if (E.isLeft(read)) return refuse(read.left)
    sources.push([path, read.right])
  }
  const ids = sources.map(([, { experiment }]) => experiment.id)
  const twice = ids.find((id, i) => ids.indexOf(id) !== i)
  if (twice !== undefined) return refuse([invalid('id', twice, 'experiments with different names')])
  if (options.writeDraws !== undefined) {
    const [first] = sources
    if (several || first === undefined)
      return refuse([invalid('--write-draws', options.writeDraws, 'one experiment')])
    const code = await writeDraws(options.writeDraws, first[1])
    if (code !== 0) return code
  }
  const parts: Array<ReportData> = []
  let worst: ExitCode = 0
  for (const [path, source] of sources) {
    const place = placeOf(source.experiment.id, several)
    const out = options.out === undefined ? undefined : join(options.out, place)
    const ran = await runOne(path, source, out, options, workerEntry)
    if (E.isLeft(ran)) return ran.left
    const { data, code } = ran.right
    parts.push(several ? { ...data, raw: { ...data.raw, folder: place } } : data)
    if (code !== 0) worst = code
    // Who interrupts an experiment does not mean to begin the next.
    if (code !== 0) break
  }
  const [first, ...others] = parts
  if (options.report && options.out !== undefined && first !== undefined)
    writeFileSync(join(options.out, 'index.html'), renderReport(first, ...others))
  return worst
}
