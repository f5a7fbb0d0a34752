import {
  type Estimating,
  estimateBelow,
  firstOfState,
  ofRuleState,
} from '../../src/theory/theorem/distanceEstimate.js'
import { doubled, latestEstimate, travelledForEstimate } from './faultySteps.js'
import { prove } from './prove.js'

/** D-Adaptation in its gradient-descent form, whose estimate published code doubles. */
const doubledAdaptation: Estimating = ({ journey: { world, batches }, d0 }) => {
  let [d, gain, first] = [d0, 0, 0]
  let s = world.start.map(() => 0)
  return batches.map((batch) => {
    const x = world.start.map((x0, j) => x0 - (s[j] ?? 0))
    const { gradient } = world.objective.valueAndGradient(x, Int32Array.from(batch))
    const norm = Math.hypot(...gradient)
    first = first === 0 ? norm : first
    if (first === 0) return d
    const rate = d / first
    gain += rate * gradient.reduce((sum, g, j) => sum + g * (s[j] ?? 0), 0)
    s = s.map((sj, j) => sj + rate * (gradient[j] ?? 0))
    const length = Math.hypot(...s)
    d = length > 0 ? Math.max(d, (2 * gain) / length) : d
    return d
  })
}

prove(estimateBelow, {
  doubled: ofRuleState(doubled, firstOfState),
  doubledAdaptation,
  latestEstimate: ofRuleState(latestEstimate, firstOfState),
  travelledForEstimate: ofRuleState(travelledForEstimate, firstOfState),
})
