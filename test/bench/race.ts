import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine } from './engines.js'
import { inputs, type WorkloadName } from './inputs.js'
import { plays } from './plain/plays.js'
import { Player } from './player.js'

/** What was seen of one engine on one workload. */
export interface Result {
  readonly workload: WorkloadName
  readonly engine: string
  readonly threads: number
  readonly mode: Engine['mode']
  readonly variant?: string
  /** The median of all rounds, milliseconds a call. */
  readonly ms: number | null
  /** The least of them: the better guide where the machine is not idle. */
  readonly leastMs: number | null
  /** The first call, with all that made it ready. */
  readonly firstMs: number | null
  /** The greatest difference from the gradient by hand, relative to the greatest entry of that. */
  readonly gradientError: number | null
  readonly error?: string
}

export interface Plan {
  readonly workloads: ReadonlyArray<WorkloadName>
  /** Engines take turns in every round, so that a slow minute of the machine hits all of them. */
  readonly rounds: number
  /** Milliseconds an engine is timed in a round, and twice that it is warmed up before. */
  readonly budget: number
}

const median = (samples: ReadonlyArray<number>): number | null => {
  const sorted = [...samples].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return low === undefined || high === undefined ? null : (low + high) / 2
}

/** Not a number where an entry is none; infinite where the lengths differ. */
const relativeError = (found: Float64Array, expected: Float64Array): number => {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY
  const largest = (x: Float64Array): number => x.reduce((most, xi) => Math.max(most, Math.abs(xi)), 0)
  return largest(found.map((g, i) => g - (expected[i] ?? Number.NaN))) / largest(expected)
}

const doubles = (file: string): Float64Array => {
  const { buffer, byteOffset, byteLength } = readFileSync(file)
  return new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength))
}

interface Entrant extends Engine {
  readonly player: Player
}

/** An engine while a workload is timed. */
interface Turn {
  readonly entrant: Entrant
  readonly firstMs: number | null
  readonly gradientError: number | null
  readonly samples: number[]
  error: string | null
}

/** The engines that there are, started, and those that there are not. */
export const enter = async (
  engines: ReadonlyArray<Engine>,
): Promise<{
  readonly entrants: ReadonlyArray<Entrant>
  readonly versions: ReadonlyArray<string>
  readonly absent: ReadonlyArray<
    Pick<Engine, 'engine' | 'threads' | 'mode' | 'variant'> & { readonly absent: string }
  >
}> => {
  const entrants: Entrant[] = []
  const absent: Array<Pick<Engine, 'engine' | 'threads' | 'mode' | 'variant'> & { readonly absent: string }> =
    []
  const versions: string[] = []
  for (const engine of engines) {
    const { command, ...known } = engine
    if ('absent' in command) {
      absent.push({ ...known, absent: command.absent })
      continue
    }
    const player = new Player(command)
    const answer = await player.start()
    if ('ready' in answer) {
      entrants.push({ ...engine, player })
      versions.push(answer.ready)
    } else {
      const why = 'absent' in answer ? answer.absent : 'error' in answer ? answer.error : 'it said nothing'
      absent.push({ ...known, absent: why })
    }
  }
  return { entrants, versions: [...new Set(versions)], absent }
}

/** Has one workload run by all, and compares their gradients with that of the loops by hand. */
const turnsOf = async (
  name: WorkloadName,
  entrants: ReadonlyArray<Entrant>,
  folder: string,
  warm: number,
): Promise<ReadonlyArray<Turn>> => {
  const given = inputs[name]()
  const prefix = join(folder, `${name}.`)
  for (const [key, values] of Object.entries(given)) writeFileSync(`${prefix}${key}.f64`, values)
  const reference = plays[name](given)
  await reference.run()
  const gradient = `${prefix}gradient.f64`
  const turns: Turn[] = []
  for (const entrant of entrants) {
    const answer = await entrant.player.ask({
      ask: 'prepare',
      workload: name,
      inputs: prefix,
      gradient,
      warm,
    })
    const ready = 'firstMs' in answer
    turns.push({
      entrant,
      firstMs: ready ? answer.firstMs : null,
      gradientError: ready ? relativeError(doubles(gradient), reference.gradient()) : null,
      samples: [],
      error: 'error' in answer ? answer.error : ready ? null : 'it could not be made ready',
    })
  }
  return turns
}

/** Times every workload on every engine; tells of each result as soon as it is there. */
export const race = async (
  { workloads, rounds, budget }: Plan,
  entrants: ReadonlyArray<Entrant>,
  tell: (result: Result) => void,
): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'steplaw-bench-'))
  try {
    for (const workload of workloads) {
      const turns = await turnsOf(workload, entrants, folder, 2 * budget)
      for (let round = 0; round < rounds; round += 1)
        for (const turn of turns) {
          if (turn.error !== null) continue
          const answer = await turn.entrant.player.ask({ ask: 'time', budget })
          if ('samples' in answer) turn.samples.push(...answer.samples)
          else turn.error = 'error' in answer ? answer.error : 'it could not be timed'
        }
      for (const { entrant, firstMs, gradientError, samples, error } of turns) {
        const { engine, threads, mode, variant } = entrant
        const ms = error === null ? median(samples) : null
        const leastMs = ms === null ? null : samples.reduce((least, sample) => Math.min(least, sample))
        const known = { workload, engine, threads, mode, ...(variant === undefined ? {} : { variant }) }
        const seen = { ...known, ms, leastMs, firstMs, gradientError }
        tell(error === null ? seen : { ...seen, error })
      }
    }
  } finally {
    for (const { player } of entrants) player.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
