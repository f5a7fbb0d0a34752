/** `npm run docs`: draws the house, writes the laws, the methods and the made parts of guides, builds docs/site, exits with 1 when anything is not in order. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTable } from '../../test/bench/scaling/table.js'
import { drawHouse } from '../house/draw.js'
import { writeLaws } from '../law/write.js'
import { writeMade } from '../listing/pages.js'
import { drawScaling } from '../listing/scaling.js'
import { writeMethods } from '../method/write.js'
import { writeTheorems } from '../theorem/write.js'
import { buildDocs } from './build.js'

/** Types that compute the public ones from the rows of the vocabulary, and the codecs behind types. */
const plumbing = [
  ...['DirectionFields', 'DirectionRows'].map((name) => `spec/vocabulary/direction.ts:${name}`),
  ...['Itself', 'Operand', 'RuleFields', 'RuleRows', 'Tagged'].map(
    (name) => `spec/vocabulary/ruleRows.ts:${name}`,
  ),
  ...['Tagged', 'WrapperRows'].map((name) => `spec/vocabulary/wrapper.ts:${name}`),
  'spec/vocabulary/row.ts:Params',
  'spec/vocabulary/strict.ts:StrictRecord',
  ...['Read', 'Shape'].map((name) => `spec/vocabulary/shape.ts:${name}`),
  'spec/vocabulary/schedule.ts:Rule',
  'spec/vocabulary/box.ts:Box',
  ...['family', 'rayCase'].map((name) => `spec/conformance/case.ts:${name}`),
  ...['ClaimFields', 'ClaimRows'].map((name) => `spec/law/claimRows.ts:${name}`),
  'src/theory/check/candidate.ts:Result',
  ...['Axes', 'None', 'Target'].map((name) => `src/autodiff/ir.ts:${name}`),
]

const root = join(import.meta.dirname, '../..')
const out = join(root, 'docs/site')
writeFileSync(join(root, 'docs/guide/house.svg'), drawHouse())
writeFileSync(join(root, 'docs/guide/scaling.svg'), drawScaling(readTable()))
writeLaws(root)
writeTheorems(root)
writeMethods(root)
await writeMade(root)
const faults = await buildDocs(root, out, plumbing)
for (const fault of faults) process.stderr.write(`${fault}\n`)
process.stdout.write(
  `${out}: ${faults.length === 0 ? 'built, nothing to fault' : `${faults.length} faults`}\n`,
)
process.exitCode = faults.length === 0 ? 0 : 1
