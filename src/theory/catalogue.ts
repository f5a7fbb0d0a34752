import type { Card } from './card/card.js'
import { adaptiveCard } from './theorem/adaptive.js'
import { armijoCard } from './theorem/armijo.js'
import { biasedGradient } from './theorem/biasedGradient.js'
import { agreement29, coordinates30 } from './theorem/bilevel/agreement.js'
import { barrier17 } from './theorem/bilevel/barrier.js'
import { accuracies23, certifiedDescent22 } from './theorem/bilevel/certifiedDescent.js'
import { krylov7 } from './theorem/bilevel/cg.js'
import { constrainedDescent19 } from './theorem/bilevel/constrainedDescent.js'
import { counterExample16 } from './theorem/bilevel/counterExample.js'
import { bias13, debiasing12 } from './theorem/bilevel/debiasing.js'
import { derivative1, secant2 } from './theorem/bilevel/derivative.js'
import { descent24 } from './theorem/bilevel/descent.js'
import { direction25, pseudoInverse28 } from './theorem/bilevel/direction.js'
import { energy14 } from './theorem/bilevel/energy.js'
import { error9 } from './theorem/bilevel/error.js'
import { probability15 } from './theorem/bilevel/exactProbability.js'
import { gap18 } from './theorem/bilevel/gap.js'
import { contraction4, distance3 } from './theorem/bilevel/inner.js'
import { lookAhead26 } from './theorem/bilevel/lookAhead.js'
import { penalty21 } from './theorem/bilevel/penaltyDirection.js'
import { penalty20 } from './theorem/bilevel/penaltyGap.js'
import { projection27 } from './theorem/bilevel/projection.js'
import { randomDepth6, series5 } from './theorem/bilevel/series.js'
import { memory11, reverse10, unrolling8 } from './theorem/bilevel/unrolled.js'
import { closedForms } from './theorem/closedForm.js'
import { coinBetting20 } from './theorem/coinBetting.js'
import { collapseCard } from './theorem/collapse.js'
import { decSpsCard } from './theorem/decSps.js'
import { deterministicPolyak } from './theorem/deterministicPolyak.js'
import { distanceEstimate } from './theorem/distanceEstimate.js'
import { clampCard, clampComposition, clampDuality, clampOrder } from './theorem/envelope.js'
import { envelopes } from './theorem/envelopeRates.js'
import { equivarianceCard } from './theorem/equivariance.js'
import { goldsteinCard } from './theorem/goldstein.js'
import { latticeCard } from './theorem/lattice.js'
import { currentGradientCard, liOrabonaCard } from './theorem/liOrabona.js'
import { mechanic17 } from './theorem/mechanic.js'
import { neo23 } from './theorem/neo.js'
import { neumann22 } from './theorem/neumann.js'
import { nonConvexSearch } from './theorem/nonConvexSearch.js'
import { contraction3, convexDistance4 } from './theorem/oneStep.js'
import { orderCard } from './theorem/order.js'
import { polyakCard } from './theorem/polyakStep.js'
import { preconditionedCard } from './theorem/preconditioned.js'
import { replicas21 } from './theorem/replica.js'
import { slsInterpolated, slsNoisy } from './theorem/slsRates.js'
import { spsConvex, spsStronglyConvex } from './theorem/sps.js'
import { spsPlusCard } from './theorem/spsPlus.js'
import { travelledDistance } from './theorem/travelledDistance.js'
import { vanishingCap } from './theorem/vanishingCap.js'

/**
 * The theorem cards, in the order of their ids.
 *
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { cards } from 'steplaw/theory'
 *
 * cards.some(({ id }) => id === 'P3') // => true
 * ```
 */
export const cards: ReadonlyArray<Card> = [
  clampCard,
  clampOrder,
  clampComposition,
  clampDuality,
  latticeCard,
  closedForms,
  polyakCard,
  orderCard,
  contraction3,
  convexDistance4,
  spsStronglyConvex,
  spsConvex,
  deterministicPolyak,
  armijoCard,
  preconditionedCard,
  slsInterpolated,
  slsNoisy,
  goldsteinCard,
  decSpsCard,
  collapseCard,
  vanishingCap,
  spsPlusCard,
  adaptiveCard,
  liOrabonaCard,
  currentGradientCard,
  mechanic17,
  travelledDistance,
  distanceEstimate,
  coinBetting20,
  replicas21,
  neumann22,
  neo23,
  envelopes,
  nonConvexSearch,
  biasedGradient,
  equivarianceCard,
  derivative1,
  secant2,
  distance3,
  contraction4,
  series5,
  randomDepth6,
  krylov7,
  unrolling8,
  error9,
  reverse10,
  memory11,
  debiasing12,
  bias13,
  energy14,
  probability15,
  counterExample16,
  barrier17,
  gap18,
  constrainedDescent19,
  penalty20,
  penalty21,
  certifiedDescent22,
  accuracies23,
  descent24,
  direction25,
  lookAhead26,
  projection27,
  pseudoInverse28,
  agreement29,
  coordinates30,
]
