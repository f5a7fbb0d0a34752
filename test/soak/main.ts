/** `npm run soak`: many calls over changing shapes, on one thread and on two, and the memory that they leave behind. */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Engine } from 'steplaw/autodiff'
import { growth, type Soaked, soak } from './soak.js'
import { TABLE } from './table.js'

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '100000' },
    threads: { type: 'string', default: '1,2' },
    seed: { type: 'string', default: '1' },
    leak: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})
if (globalThis.gc === undefined) throw new Error('soak: run it with --expose-gc, as npm run soak does')

const results: Soaked[] = []
for (const threads of values.threads.split(',').map(Number)) {
  const engine = new Engine({ threads })
  while (engine.ready() < threads) await new Promise((resolve) => setTimeout(resolve, 5))
  const plan = { calls: Number(values.calls), threads, seed: Number(values.seed), leak: values.leak }
  const soaked = await soak(engine, plan)
  engine.close()
  results.push(soaked)
  if (!values.json) {
    const { calls, programs, forgotten, seconds, memory } = soaked
    console.log(
      `${threads} threads: ${calls} calls of ${programs} programs, ${forgotten} more forgotten; ${seconds.toFixed(1)} s`,
    )
    console.table(memory)
  }
  for (const [what, { bytes, allowed }] of Object.entries(growth(soaked)))
    if (!(bytes <= allowed)) {
      console.error(`${threads} threads: ${what} grew by ${bytes} bytes, which is more than ${allowed}`)
      process.exitCode = 1
    }
}
if (values.json) console.log(JSON.stringify(results))
if (values.write)
  writeFileSync(TABLE, `${JSON.stringify({ node: process.versions.node, results }, null, 2)}\n`)
