import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import * as E from 'fp-ts/lib/Either.js'
import { type CompiledModule, type Exported, type Memory, webAssembly } from '../assembler/webassembly.js'
import { machineFunctions } from '../fast/machine.js'
import { scalarFunctions } from '../lane/scalars.js'
import { openBlas } from './blas.js'
import { mailbox } from './control.js'
import { sleeper } from './sleep.js'

/** What a worker is started with. */
export interface WorkerData {
  /** From 1; the caller is thread 0. */
  readonly thread: number
  readonly memory: Memory
  /** The address of the words of control, and how many there are. */
  readonly control: number
  readonly words: number
  /** The library of linear algebra, if there is one. */
  readonly blas: string | null
}

/** What a worker is told besides: a module to keep under a number, or to forget. */
export type Message = { readonly keep: number; readonly module: CompiledModule } | { readonly forget: number }

/** Looks for a job for about this long before it sleeps, in milliseconds: the next call of an optimiser comes soon. */
const AWAKE = 0.2

const { thread, memory, control, words: length, blas }: WorkerData = workerData
const words = new Int32Array(memory.buffer, control, length)
const box = mailbox(thread)
const library = blas === null ? E.right(null) : openBlas(blas)
// A thread that ends before it has begun is done without.
if (E.isLeft(library)) throw new RangeError(`threads: ${library.left}`)
const env = {
  memory,
  sleep: sleeper(words),
  ...scalarFunctions,
  ...machineFunctions(library.right, memory),
}
const runs = new Map<number, Exported>()

/** Reads what was sent. It lies ready before the job that needs it. */
const read = (): void => {
  const api = webAssembly()
  for (;;) {
    const received: { readonly message: Message } | undefined =
      parentPort === null ? undefined : receiveMessageOnPort(parentPort)
    if (received === undefined || api === null) return
    const { message } = received
    if ('forget' in message) runs.delete(message.forget)
    else {
      const { run } = new api.Instance(message.module, { env }).exports
      if (run !== undefined) runs.set(message.keep, run)
    }
  }
}

const nextJob = (seen: number): number => {
  const until = performance.now() + AWAKE
  do {
    for (let i = 0; i < 256; i += 1) {
      const job = Atomics.load(words, box.job)
      if (job !== seen) return job
    }
  } while (performance.now() < until)
  Atomics.store(words, box.asleep, 1)
  Atomics.wait(words, box.job, seen)
  Atomics.store(words, box.asleep, 0)
  return Atomics.load(words, box.job)
}

let job = Atomics.load(words, box.job)
Atomics.store(words, box.ready, 1)
for (;;) {
  job = nextJob(job)
  const plan = Atomics.load(words, box.plan)
  if (!runs.has(plan)) read()
  const run = runs.get(plan)
  if (run === undefined) throw new RangeError(`threads: worker ${thread} has no plan ${plan}`)
  run(thread, Atomics.load(words, box.threads))
}
