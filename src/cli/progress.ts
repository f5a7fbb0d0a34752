import { Presets, SingleBar } from 'cli-progress'

/** A bar over all iterations of all runs. */
export interface Progress {
  /** Sets how many iterations of run `index` are done. */
  readonly at: (index: number, k: number) => void
  readonly finished: (index: number) => void
  readonly stop: () => void
}

const silent: Progress = { at: () => undefined, finished: () => undefined, stop: () => undefined }

/** Progress on standard error; silent where that is not a terminal. */
export const progressBar = (runs: number, iterations: number, done: ReadonlyArray<number>): Progress => {
  if (!process.stderr.isTTY) return silent
  const counts = new Map(done.map((index) => [index, iterations]))
  let complete = done.length
  const bar = new SingleBar(
    {
      format: ' {bar} {percentage}% | {complete} of {runs} runs | {eta_formatted} left',
      stream: process.stderr,
      hideCursor: true,
    },
    Presets.shades_classic,
  )
  const total = (): number => [...counts.values()].reduce((a, b) => a + b, 0)
  bar.start(runs * iterations, total(), { complete, runs })
  return {
    at: (index, k) => {
      counts.set(index, k)
      bar.update(total(), { complete, runs })
    },
    finished: (index) => {
      counts.set(index, iterations)
      complete++
      bar.update(total(), { complete, runs })
    },
    stop: () => bar.stop(),
  }
}

/** A bar over the laws of one check. */
export interface LawBar {
  readonly start: (laws: number) => void
  readonly at: (law: string) => void
  readonly stop: () => void
}

/** Progress on standard error; silent where it is not wanted, or that is not a terminal. */
export const lawBar = (wanted: boolean): LawBar => {
  if (!wanted || !process.stderr.isTTY)
    return { start: () => undefined, at: () => undefined, stop: () => undefined }
  const bar = new SingleBar(
    {
      format: ' {bar} {value} of {total} laws | {law}',
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  )
  let begun = -1
  return {
    start: (laws) => bar.start(laws, 0, { law: '' }),
    at: (law) => {
      begun++
      bar.update(begun, { law })
    },
    stop: () => bar.stop(),
  }
}
