import { direct, exact } from 'steplaw/bilevel'
import {
  centralDifferences,
  closedForm,
  type SecondOrder,
  secant,
} from '../../src/theory/theorem/bilevel/derivative.js'
import { solver } from '../../src/theory/theorem/bilevel/recipe.js'
import { plusMatrix, product, solvedMatrix } from '../../src/theory/world/bilevel/matrix.js'
import { faultySolvers } from './mutantsBilevel.js'
import { prove } from './prove.js'

const { crossHalved, signOfV, penultimate, firstOrder, ridged } = faultySolvers

prove(centralDifferences, { crossHalved, signOfV, penultimate, firstOrder })
prove(closedForm, { crossHalved, signOfV, penultimate, ridged })

const right: SecondOrder = { solver: solver(() => exact()), hessian: ({ hessian }) => hessian }

prove(secant, {
  crossHalved: { ...right, solver: crossHalved },
  /** $\frac12(T + T^\top)$ for $T + T^\top$, $T = SY$. */
  halfOfTheMixedTerm: {
    ...right,
    hessian: ({ hessian, mean: { H, B, S }, start }) => {
      const n = start.x.length
      const T = product(S, solvedMatrix(H, B, n), n)
      const both = T.map((row, i) => row.map((t, j) => t + (T[j]?.[i] ?? 0)))
      return plusMatrix(hessian, both, 0.5)
    },
  },
  /** $y^*$ of the zero point everywhere. */
  staleSolution: {
    ...right,
    solver: solver(({ facts: { lowerSolution = (x) => x }, dimension }) => ({
      ...direct(),
      estimate: (place) => direct().estimate({ ...place, y: lowerSolution(new Float64Array(dimension.x)) }),
    })),
  },
})
