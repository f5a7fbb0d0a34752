import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { certified, conjugateGradients, direct, type Estimator, neumann } from 'steplaw/bilevel'
import { minusScaled } from '../../src/bilevel/hypergradient/path.js'
import { askHessian, askInY } from '../../src/bilevel/oracle.js'
import type { BilevelProblem } from '../../src/bilevel/problem/problem.js'
import { chain, map } from '../../src/program/program.js'
import { pseudoInverse, signOfSolution, warmIsExact } from '../../src/theory/theorem/bilevel/direction.js'
import { certificateHolds, implicitError, unrolledError } from '../../src/theory/theorem/bilevel/error.js'
import { type Recipe, solver } from '../../src/theory/theorem/bilevel/recipe.js'
import {
  altered,
  crossTimes,
  faultySolvers,
  fromV,
  oneStepBack,
  penultimate,
  withoutTheCotangentOfY,
} from './mutantsBilevel.js'
import { prove } from './prove.js'

/** $z$ from one iterate and the $v$ that is shown, and reused, from the next. */
const penultimateShown: Recipe = (_problem, work) =>
  altered(conjugateGradients({ iterations: work + 3 }), (found, place) =>
    map(penultimate(work).estimate(place), (before) =>
      E.isLeft(before) ? found : { ...found, gradient: before.right.gradient },
    ),
  )

prove(implicitError, {
  crossHalved: () => crossTimes(direct(), 0.5),
  signOfV: () => crossTimes(direct(), -1),
  penultimateShown,
})

prove(unrolledError, {
  oneStepBack: () => oneStepBack(),
  withoutTheCotangentOfY: () => withoutTheCotangentOfY(),
  signOfV: (problem, work) =>
    work === 0 ? direct() : crossTimes(neumann({ terms: work, step: 1 / (problem.facts.L ?? 1) }), -1),
})

/** The certificate of constants that are not those of the problem. */
const certifiedWith =
  (change: (facts: BilevelProblem['facts']) => BilevelProblem['facts']): Recipe =>
  (problem, work) =>
    certified(conjugateGradients({ iterations: work }), change(problem.facts))

/** One more step of the lower level after the certificate was made, in the wrong direction. */
const residualOfBefore: Recipe = (problem) => {
  const right = certified(direct(), problem.facts)
  const away: Estimator = {
    ...right,
    estimate: (place) =>
      chain(right.estimate(place), (before) =>
        chain(askInY('lower', place, null), (g) =>
          map(
            direct().estimate({
              ...place,
              y: place.y.map((yi, i) => yi + (g.y[i] ?? 0) / (problem.facts.mu ?? 1)),
            }),
            (after) =>
              E.isLeft(after) || E.isLeft(before)
                ? after
                : E.right({ ...after.right, certificate: before.right.certificate }),
          ),
        ),
      ),
  }
  return away
}

prove(certificateHolds, {
  strongConvexityOverestimated: certifiedWith(({ mu = 1, L = 1, ...facts }) => ({
    ...facts,
    L,
    mu: 10 * L + mu,
  })),
  withoutUpperSmoothness: certifiedWith((facts) => ({ ...facts, upperLipschitzY: 0 })),
  residualOfBefore,
})

prove(warmIsExact, {
  coldStart: () => conjugateGradients({ iterations: 0 }),
  signOfV: () => crossTimes(conjugateGradients({ iterations: 0, warmStart: true }), -1),
  /** $J$ is given what is left of the system, $b - Hv$, and not its solution. */
  crossOfTheResidual: () =>
    fromV((place, b) =>
      map(askHessian(place, O.getOrElse(() => b)(place.v), null), (Hv) => minusScaled(b, 1, Hv)),
    ),
})

prove(signOfSolution, {
  shownWithAnotherSign: faultySolvers.shownWithAnotherSign,
  crossHalved: solver(() => crossTimes(direct(), 0.5)),
})

prove(pseudoInverse, {
  crossHalved: (_problem, work) => crossTimes(conjugateGradients({ iterations: work, tolerance: 1e-9 }), 0.5),
  signOfV: (_problem, work) => crossTimes(conjugateGradients({ iterations: work, tolerance: 1e-9 }), -1),
  /** The series of $N$ terms shown with the $v$ of many. */
  penultimateShown,
})
