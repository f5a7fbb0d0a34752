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
