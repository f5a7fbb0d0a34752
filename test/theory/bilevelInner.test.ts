import * as O from 'fp-ts/lib/Option.js'
import { certified, direct } from 'steplaw/bilevel'
import { minusScaled } from '../../src/bilevel/hypergradient/path.js'
import { norm } from '../../src/numeric/index.js'
import {
  contraction,
  type DistanceBound,
  distanceFromResidual,
  type InnerLoop,
} from '../../src/theory/theorem/bilevel/inner.js'
import { estimateAt, lowerSlope } from '../../src/theory/theorem/bilevel/recipe.js'
import { prove } from './prove.js'

const residual: (...given: Parameters<DistanceBound>) => number = ({ problem }, at) =>
  O.getOrElse(() => Number.NaN)(
    estimateAt(problem, certified(direct(), problem.facts), at).certificate.innerResidual,
  )

const bounding =
  (bound: (...given: Parameters<DistanceBound>) => number): DistanceBound =>
  (world, at) => ({ y: estimateAt(world.problem, direct(), at).y, bound: bound(world, at) })

prove(distanceFromResidual, {
  /** The greatest curvature for the least: right where there is only one. */
  overL: bounding((world, at) => residual(world, at) / (world.problem.facts.L ?? 1)),
  squared: bounding((world, at) => residual(world, at) ** 2 / (world.problem.facts.mu ?? 1)),
  /** One more step is taken than the residual knows of, in the other direction. */
  beforeTheStep: (world, at) => {
    const { problem } = world
    const { y } = estimateAt(problem, direct(), at)
    const g = lowerSlope(problem, { x: at.x, y })
    return {
      y: minusScaled(y, -1 / (problem.facts.L ?? 1), g),
      bound: norm(g) / (problem.facts.mu ?? 1),
    }
  },
})

interface Faults {
  readonly length?: (step: number, mu: number) => number
  readonly fresh?: boolean
  /** The first step that is taken. */
  readonly from?: number
  readonly warm?: boolean
}

/** The inner loop as it should be, with its parts to be put wrong. */
const loop =
  ({ length = (a) => a, fresh = true, from = 0, warm = true }: Faults): InnerLoop =>
  (problem, start, step, count) => {
    const a = length(step, problem.facts.mu ?? 1)
    const first = lowerSlope(problem, start)
    let y = start.y
    return Array.from({ length: count }, (_, t) => {
      const here = warm ? y : start.y
      if (t >= from) y = minusScaled(here, a, fresh ? lowerSlope(problem, { ...start, y: here }) : first)
      return y
    })
  }

prove(contraction, {
  /** $2/\mu$ for $2/(L + \mu)$. */
  stepOfMu: loop({ length: (_a, mu) => 2 / mu }),
  coldStart: loop({ warm: false }),
  oneStepFewer: loop({ from: 1 }),
  staleGradient: loop({ fresh: false }),
})
