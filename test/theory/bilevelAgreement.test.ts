import { conjugateGradients, direct, neumann } from 'steplaw/bilevel'
import { minusScaled } from '../../src/bilevel/hypergradient/path.js'
import {
  agreement,
  type Iterates,
  turnedEstimate,
  turnedIterates,
} from '../../src/theory/theorem/bilevel/agreement.js'
import { estimateAt, lowerSlope } from '../../src/theory/theorem/bilevel/recipe.js'
import {
  clippedCotangent,
  crossTimes,
  diagonalOfH,
  firstTermWithoutTheStep,
  penultimate,
} from './mutantsBilevel.js'
import { prove } from './prove.js'

prove(agreement, {
  scaledSeries: ({ facts: { L = 1 } }, terms) => firstTermWithoutTheStep({ step: 1 / L, terms }),
  crossHalved: () => crossTimes(direct(), 0.5),
  penultimate: ({ dimension }) => penultimate(dimension.y),
  fewTerms: ({ facts: { L = 1 } }) => neumann({ step: 1 / L, terms: 3 }),
})

prove(turnedEstimate, { diagonalOfH: () => diagonalOfH(), clippedCotangent: () => clippedCotangent() })

const iterates =
  (estimator: Parameters<typeof estimateAt>[1], slope: (g: number) => number): Iterates =>
  (problem, start, { upper, lower }) => {
    let { x, y } = start
    const all = [x]
    for (let k = 0; k < 3; k++) {
      for (let t = 0; t < 2; t++) y = minusScaled(y, lower, lowerSlope(problem, { x, y }).map(slope))
      x = minusScaled(x, upper, estimateAt(problem, estimator, { x, y }).gradient)
      all.push(x)
    }
    return all
  }

prove(turnedIterates, {
  diagonalOfH: iterates(diagonalOfH(), (g) => g),
  signOfTheLowerGradient: iterates(conjugateGradients({ iterations: 5, tolerance: 1e-12 }), Math.sign),
})
