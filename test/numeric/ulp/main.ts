/** `npm run ulp`: measures the elementary functions at many points and writes what the guide shows, `table.json`. */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { broken, measure } from './measure.js'
import { openReference } from './reference.js'
import { readTable, TABLE } from './table.js'

const { values } = parseArgs({
  options: {
    points: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
})
const [points, seed] = [Number(values.points), Number(values.seed)]
if (!(Number.isInteger(points) && points > 0)) throw new RangeError(`--points: got ${values.points}`)
if (!Number.isInteger(seed)) throw new RangeError(`--seed: got ${values.seed}`)

const reference = await openReference()
const rows = []
for (const row of readTable().rows) {
  const { name } = row
  if (values.only !== undefined && values.only !== name) {
    rows.push(row)
    continue
  }
  const begun = performance.now()
  const measured = measure(name, reference, { points, seed })
  const seconds = (performance.now() - begun) / 1000
  const worst = broken(name, measured)
  console.log(
    `${name.padEnd(9)}${measured.normal.ulps.toFixed(3)} ulp at ${measured.normal.at.join(', ')}; ${seconds.toFixed(1)} s`,
  )
  if (worst !== null) {
    console.error(worst)
    process.exitCode = 1
  }
  rows.push({ name, seed, ...measured })
}
writeFileSync(TABLE, `${JSON.stringify({ rows }, null, 2)}\n`)
