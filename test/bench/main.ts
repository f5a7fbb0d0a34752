/** Times the library and its peers on the same work, in turns, in one run: `npm run bench -- --help`. */
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { engineNames, engines } from './engines.js'
import { isWorkload, workloadNames } from './inputs.js'
import { enter, type Result, race } from './race.js'
import { columnOf, isWrong, show } from './table.js'

const HELP = `npm run bench -- [options]
  --only W1,TV            workloads: ${workloadNames.join(', ')}
  --engines steplaw,torch engines: ${engineNames.join(', ')}
  --rounds 3              in every round each engine has its turn
  --budget 300            milliseconds of a turn; each engine is warmed up for twice that
  --json                  an object a line instead of tables

The peers are installed apart: npm install in test/bench/peers, and PyTorch for a python3, or the Python that
$STEPLAW_PYTHON names; on Debian, python3-torch python3-numpy libopenblas0-pthread, for without OpenBLAS its products
are ten times slower. What is not there is said to be absent. Compare times of one run only.`

const chosen = (
  what: string,
  list: string | undefined,
  all: ReadonlyArray<string>,
): ReadonlyArray<string> => {
  if (list === undefined) return all
  return list.split(',').map((name) => {
    const found = all.find((known) => known.toLowerCase() === name.trim().toLowerCase())
    if (found === undefined) throw new RangeError(`${what}: expected some of ${all.join(', ')}, got ${name}`)
    return found
  })
}

const positive = (what: string, text: string): number => {
  const n = Number(text)
  if (!(Number.isInteger(n) && n > 0)) throw new RangeError(`${what}: expected an integer > 0, got ${text}`)
  return n
}

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      engines: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      budget: { type: 'string', default: '300' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(HELP)
    return
  }
  const workloads = chosen('--only', values.only, workloadNames).filter(isWorkload)
  const wanted = chosen('--engines', values.engines, engineNames)
  const plan = {
    workloads,
    rounds: positive('--rounds', values.rounds),
    budget: positive('--budget', values.budget),
  }
  const { entrants, versions, absent } = await enter(engines((engine) => wanted.includes(engine)))
  const say = (line: string): void => {
    if (!values.json) console.log(line)
  }
  const [cpu, ...others] = cpus()
  const load = loadavg().map((n) => n.toFixed(1))
  say(
    `${1 + others.length} x ${cpu?.model.trim() ?? 'unknown'}; load ${load.join(' ')}; ${versions.join('; ')}`,
  )
  for (const peer of absent)
    if (values.json) console.log(JSON.stringify(peer))
    else say(`absent: ${columnOf(peer)}: ${peer.absent}`)
  const results: Result[] = []
  let last = ''
  await race(plan, entrants, (result) => {
    results.push(result)
    if (values.json) console.log(JSON.stringify(result))
    else if (process.stderr.isTTY && result.workload !== last) process.stderr.write(`${result.workload} `)
    last = result.workload
  })
  if (process.stderr.isTTY && !values.json) process.stderr.write('\n')
  if (results.length > 0) say(show(results))
  // A peer may fail or be wrong, and the table says so; the library may not.
  if (
    results.some(
      (result) =>
        (result.mode === 'exact' || result.mode === 'fast') &&
        (result.error !== undefined || isWrong(result)),
    )
  )
    process.exitCode = 1
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
})
