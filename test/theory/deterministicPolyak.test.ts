import * as O from 'fp-ts/lib/Option.js'
import type { Rule } from 'steplaw'
import {
  averageGap,
  dominated,
  fejer,
  linearDoubled,
  linearWhole,
  parabola,
} from '../../src/theory/theorem/deterministicPolyak.js'
import { longer, neverAccepts, normNotSquared, plainRatio, withoutBound } from './faultySteps.js'
import { oneRayBehind } from './mutants.js'
import { prove } from './prove.js'

const uncapped = (of: (p: { readonly c: number; readonly cap: number }) => Rule) => ({
  rule: (c: number) => of({ c, cap: Number.POSITIVE_INFINITY }),
  c: O.some,
})

const wrong = {
  normNotSquared: uncapped(normNotSquared),
  longer: uncapped(longer),
  plainRatio: uncapped(plainRatio),
}
const late = { oneRayBehind: uncapped(oneRayBehind) }
const bound = { withoutBound: uncapped(withoutBound) }
const still = { neverMoves: uncapped(neverAccepts) }

prove(fejer, { ...wrong, ...late })
prove(averageGap, { ...still, longer: wrong.longer })
prove(linearWhole, wrong)
prove(linearDoubled, { ...wrong, ...late })
prove(parabola, { ...wrong, ...bound })
prove(dominated, { ...still, longer: wrong.longer, plainRatio: wrong.plainRatio })
