import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { showInvalid } from '../../spec/vocabulary/invalid.js'
import { execute } from './experiment/execute.js'
import type { Job, Report, WorkerInput } from './experiment/message.js'
import { loadSetting, readSource } from './experiment/source.js'

/** How often a run in progress reports, and how often it is saved, in milliseconds. */
const reportEvery = 100
const saveEvery = 3000

const send = (report: Report): void => parentPort?.postMessage(report)

/** Serves one job after the other until the pool ends the thread. */
const serve = async ({ path, interrupted }: WorkerInput): Promise<void> => {
  const source = await readSource(path)
  const setting = source._tag === 'Right' ? await loadSetting(source.right) : source
  if (source._tag === 'Left' || setting._tag === 'Left') {
    const errors = source._tag === 'Left' ? source.left : setting._tag === 'Left' ? setting.left : []
    send({ report: 'failed', index: null, message: errors.map(showInvalid).join('; ') })
    return
  }
  parentPort?.on('message', ({ index, saved }: Job) => {
    const plan = source.right.plans[index]
    if (plan === undefined) return
    const began = performance.now()
    let reported = began
    let kept = began
    const seconds = (): number => (performance.now() - began) / 1000
    try {
      const progress = execute(plan, setting.right, saved, (k, now) => {
        const time = performance.now()
        if (time - reported >= reportEvery) {
          reported = time
          send({ report: 'iterations', index, k })
        }
        if (time - kept >= saveEvery) {
          kept = time
          send({ report: 'saved', index, progress: now(), seconds: seconds() })
        }
        return Atomics.load(interrupted, 0) === 1 ? 'interrupt' : 'go on'
      })
      send({
        report: progress.state === null ? 'finished' : 'interrupted',
        index,
        progress,
        seconds: seconds(),
      })
    } catch (error) {
      send({ report: 'failed', index, message: error instanceof Error ? error.message : String(error) })
    }
  })
  send({ report: 'ready' })
}

if (!isMainThread) void serve(workerData as WorkerInput)
