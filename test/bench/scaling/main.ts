/** `npm run scaling`: times the cases in turns, on one thread and on two, and writes what the guide shows, `table.json`. */
import { writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { Engine } from 'steplaw/autodiff'
import { cases, multiplyAdds, play } from './sweep.js'
import { type Row, TABLE } from './table.js'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, budget: { type: 'string', default: '60' } },
})
const [rounds, budget] = [Number(values.rounds), Number(values.budget)]
if (!(Number.isInteger(rounds) && rounds > 0)) throw new RangeError(`--rounds: got ${values.rounds}`)
if (!(budget > 0)) throw new RangeError(`--budget: got ${values.budget}`)

const THREADS = [1, 2]
const engines = THREADS.map((threads) => new Engine({ threads }))
for (const [i, engine] of engines.entries())
  while (engine.ready() < (THREADS[i] ?? 1)) await new Promise((resolve) => setTimeout(resolve, 5))

/** Milliseconds a call, over so many milliseconds. */
const time = (run: () => number, milliseconds: number): number => {
  const begun = performance.now()
  let calls = 0
  while (calls < 2 || performance.now() - begun < milliseconds) {
    run()
    calls += 1
  }
  return (performance.now() - begun) / calls
}

const median = (samples: ReadonlyArray<number>): number =>
  [...samples].sort((a, b) => a - b)[samples.length >> 1] ?? Number.NaN

const load = loadavg()[0] ?? 0
const begun = performance.now()
const entrants = cases.flatMap((of) => {
  const plays = engines.map((engine) => play(engine, of))
  const [one, two] = plays.map(({ run }) => run())
  if (one !== two) throw new Error(`${of.model} ${of.n} x ${of.d}: ${one} on one thread, ${two} on two`)
  return plays.map(({ run }, i) => ({ of, threads: THREADS[i] ?? 1, run, samples: [] as number[] }))
})
for (const { run } of entrants) time(run, budget)
// In turns, so that a slow minute of the machine hits all of them.
for (let round = 0; round < rounds; round += 1)
  for (const { run, samples } of entrants) samples.push(time(run, budget))

const rows = entrants.map(
  ({ of, threads, samples }): Row => ({
    ...of,
    threads,
    ns: Number(((1e6 * median(samples)) / multiplyAdds(of)).toPrecision(4)),
  }),
)
for (const { model, n, d, threads, ns } of rows)
  console.log(
    `${model.padEnd(9)}${String(n).padStart(7)} x ${String(d).padEnd(5)}${threads} threads  ${ns} ns`,
  )
const [cpu, ...others] = cpus()
const machine = `${1 + others.length} x ${cpu?.model.trim() ?? 'unknown'}`
writeFileSync(
  TABLE,
  `${JSON.stringify({ machine, node: process.versions.node, load: Number(load.toFixed(1)), rounds, budget, rows }, null, 2)}\n`,
)
console.log(`${((performance.now() - begun) / 1000).toFixed(0)} s; load ${load.toFixed(1)}`)
for (const engine of engines) engine.close()
