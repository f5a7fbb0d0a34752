/** All methods of two levels, in the order of the overview. */
import type { MethodRow } from './row.js'
import { descents } from './rows/descents.js'
import { finiteLoops } from './rows/finiteLoops.js'
import { recipes } from './rows/recipes.js'
import { singleLoops } from './rows/singleLoops.js'
import { toTolerance } from './rows/toTolerance.js'
import { valueFunctions } from './rows/valueFunctions.js'

export const rows: ReadonlyArray<MethodRow> = [
  ...descents,
  ...recipes,
  ...singleLoops,
  ...finiteLoops,
  ...valueFunctions,
  ...toTolerance,
]
