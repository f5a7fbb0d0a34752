/**
 * How the harness speaks with an engine: each runs in a process of its own, so that none shares memory, compiler or threads
 * with another, and answers one line of JSON to each line it is asked.
 */
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { type Inputs, inputs, isWorkload, type WorkloadName } from './inputs.js'

/** A workload made ready by an engine. */
export interface Play {
  /** One call: value and gradient. */
  readonly run: () => number | Promise<number>
  /** The gradient of the last call, flat, parameter after parameter. */
  readonly gradient: () => Float64Array
}

export type Ask =
  /** Makes a workload ready, warms it up, and writes the gradient to a file as little-endian doubles. */
  | {
      readonly ask: 'prepare'
      readonly workload: string
      readonly inputs: string
      readonly gradient: string
      readonly warm: number
    }
  /** Times calls of the workload made ready last for so many milliseconds. */
  | { readonly ask: 'time'; readonly budget: number }

export type Answer =
  /** Said once, unasked. */
  | { readonly ready: string }
  | { readonly absent: string }
  /** The first call, all that made it ready included, but for the drawing of the inputs. */
  | { readonly firstMs: number; readonly value: number }
  /** Milliseconds a call, each the mean over some 10 ms. */
  | { readonly samples: ReadonlyArray<number> }
  | { readonly error: string }

const SAMPLE = 10

const say = (answer: Answer): void => {
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}

/** Says that there is no such engine here, and ends. */
export const absent = (reason: unknown): never => {
  say({ absent: reason instanceof Error ? (reason.message.split('\n')[0] ?? '') : String(reason) })
  process.exit()
}

/** Arrays one after the other, as doubles. */
export const flatten = (parts: ReadonlyArray<ArrayLike<number>>): Float64Array =>
  Float64Array.from(parts.flatMap((part) => Array.from(part)))

/** Calls for at least so long; awaits only where there is something to wait for. Returns milliseconds a call. */
const repeat = async (play: Play, { calls, until }: { calls: number; until: number }): Promise<number> => {
  const start = performance.now()
  let done = 0
  while (done < calls || performance.now() - start < until) {
    const value = play.run()
    if (value instanceof Promise) await value
    done += 1
  }
  return (performance.now() - start) / done
}

/** Answers what the harness asks, to the end of the process. */
export const serve = async (
  ready: string,
  make: (workload: WorkloadName, inputs: Inputs) => Play | Promise<Play>,
): Promise<void> => {
  let current: { readonly play: Play; readonly ms: number } | null = null
  const prepare = async (ask: Ask & { ask: 'prepare' }): Promise<Answer> => {
    current = null
    const { workload } = ask
    if (!isWorkload(workload)) throw new RangeError(`there is no workload ${workload}`)
    const given = inputs[workload]()
    const start = performance.now()
    const play = await make(workload, given)
    const value = await play.run()
    const firstMs = performance.now() - start
    writeFileSync(ask.gradient, play.gradient())
    current = { play, ms: await repeat(play, { calls: 2, until: ask.warm }) }
    return { firstMs, value }
  }
  const time = async ({ budget }: Ask & { ask: 'time' }): Promise<Answer> => {
    if (current === null) return { error: 'nothing was made ready' }
    const { play, ms } = current
    const calls = Math.max(1, Math.ceil(SAMPLE / ms))
    const samples: number[] = []
    const start = performance.now()
    while (samples.length < 2 || performance.now() - start < budget)
      samples.push(await repeat(play, { calls, until: 0 }))
    return { samples }
  }
  say({ ready })
  for await (const line of createInterface({ input: process.stdin })) {
    const ask: Ask = JSON.parse(line)
    try {
      say(ask.ask === 'prepare' ? await prepare(ask) : await time(ask))
    } catch (error) {
      say({ error: error instanceof Error ? error.message : String(error) })
    }
  }
}
