import {
  type Estimating,
  estimateBelow,
  firstOfState,
  ofRuleState,
} from '../../src/theory/theorem/distanceEstimate.js'
import { doubled, latestEstimate, travelledForEstimate } from './faultySteps.js'
import { prove } from './prove.js'

/** D-Adaptation in its gradient-descent form, with the estimate times a factor: 1 in the paper, 2 in published code. */
const dAdaptation =
  (factor: number): Estimating =>
  ({ journey: { world, batches }, d0 }) => {
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
      d = length > 0 ? Math.max(d, (factor * gain) / length) : d
      return d
    })
  }

prove(
  {
    ...estimateBelow,
    subjects: { ...estimateBelow.subjects, 'D-Adaptation, as in the paper': dAdaptation(1) },
  },
  {
    doubled: ofRuleState(doubled, firstOfState),
    doubledAdaptation: dAdaptation(2),
    latestEstimate: ofRuleState(latestEstimate, firstOfState),
    travelledForEstimate: ofRuleState(travelledForEstimate, firstOfState),
  },
)
