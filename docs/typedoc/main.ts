/** `npm run docs`: builds docs/site, exits with 1 when anything is not in order. */
import { join } from 'node:path'
import { buildDocs } from './build.js'

const root = join(import.meta.dirname, '../..')
const out = join(root, 'docs/site')
const faults = await buildDocs(root, out)
for (const fault of faults) process.stderr.write(`${fault}\n`)
process.stdout.write(
  `${out}: ${faults.length === 0 ? 'built, nothing to fault' : `${faults.length} faults`}\n`,
)
process.exitCode = faults.length === 0 ? 0 : 1
