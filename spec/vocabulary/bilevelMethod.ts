import type * as t from 'io-ts'
import { boxes, draftMethods, hoagStep } from './bilevelDraft.js'
import { box } from './box.js'
import { directionExpr } from './direction.js'
import { estimatorShape } from './estimator.js'
import {
  atLeastOne,
  closedUnit,
  count,
  decay,
  natural,
  nonNegative,
  openUnit,
  positive,
  positiveOrInfinite,
  positiveUnit,
} from './field.js'
import { ruleExpr } from './ruleExpr.js'
import { schedule } from './schedule.js'
import { among, completed, elsewhere, number, oneOf, or, record, refined, tag, truth } from './shape.js'

const rule = elsewhere(ruleExpr, 'rule.schema.json')
const direction = or(elsewhere(directionExpr, 'direction.schema.json'), { direction: 'steepest' })

const steepest = { properties: { direction: { properties: { direction: { const: 'steepest' } } } } }

const unlessUnrolled = {
  properties: { hypergradient: { properties: { estimator: { not: { const: 'unrolled' } } } } },
}

const descentAlong = refined(
  record(
    'bilevelDescent',
    {
      method: tag('bilevelDescent'),
      inner: record('the inner loop', { steps: number(natural()), direction, rule, warmStart: truth(true) }),
      hypergradient: estimatorShape,
      outer: record('the outer step', { direction, rule }),
      probe: or(record('probe', { lowerSteps: or(among(0, 1), 1) }), { lowerSteps: 1 }),
    },
    boxes,
  ),
  ({ inner, hypergradient }) =>
    hypergradient.estimator !== 'unrolled' || inner.direction.direction === 'steepest',
  ['inner.direction', ({ inner }) => inner.direction],
  'the direction steepest where the hypergradient is unrolled',
  { anyOf: [unlessUnrolled, { properties: { inner: steepest } }] },
)

const bilevelDescent = refined(
  descentAlong,
  ({ hypergradient, yBox }) => hypergradient.estimator !== 'unrolled' || yBox === undefined,
  ['yBox', ({ yBox }) => yBox],
  'no box where the hypergradient is unrolled',
  { anyOf: [unlessUnrolled, { not: { properties: { yBox: {} }, required: ['yBox'] } }] },
)

const sobaFields = { method: tag('soba'), lowerStep: schedule, upperStep: schedule }

const soba = completed(
  record('soba', sobaFields, { linearStep: schedule, ...boxes }),
  record('soba', { ...sobaFields, linearStep: schedule }, boxes),
  (given) => ({ ...given, linearStep: given.linearStep ?? given.lowerStep }),
)

const unrolling = {
  inner: record('the inner loop', { steps: number(natural()), step: schedule }),
  initialise: or(among('constant', 'outer'), 'constant'),
  step: schedule,
}

const ufom = record('ufom', { method: tag('ufom'), q: number(closedUnit()), ...unrolling }, { xBox: box })

const adaptiveFields = {
  method: tag('adaptiveUfom'),
  ...unrolling,
  qMin: number(closedUnit(0.05)),
  beta: number(decay(0.99)),
  exponent: number(positive(2)),
}
const costs = { deterministic: number(positive()), random: number(nonNegative()) }

/** Costs are in passes through the inner loop of $r$ steps. */
const adaptiveUfom = completed(
  record('adaptiveUfom', adaptiveFields, { costs: record('costs', {}, costs), xBox: box }),
  record('adaptiveUfom', { ...adaptiveFields, costs: record('costs', costs) }, { xBox: box }),
  ({ costs: given = {}, ...rest }) => {
    const { steps } = rest.inner
    return {
      ...rest,
      costs: { deterministic: given.deterministic ?? steps + 1, random: given.random ?? steps },
    }
  },
)

const bome = record(
  'bome',
  {
    method: tag('bome'),
    innerSteps: number(natural()),
    innerStep: schedule,
    eta: number(positive(0.5)),
    option: or(among('G', 'Q'), 'G'),
    epsilon: number(nonNegative(0)),
    upperStep: schedule,
    lowerStep: schedule,
  },
  { xBox: box, yBox: box },
)

const f2sa = record(
  'f2sa',
  {
    method: tag('f2sa'),
    innerSteps: number(natural()),
    alpha: schedule,
    gamma: schedule,
    xi: number(positive(1)),
    lambda0: number(nonNegative()),
    lambdaIncrement: or(schedule, 0),
  },
  { xBox: box },
)

const penalty = record(
  'penalty',
  {
    method: tag('penalty'),
    innerSteps: number(natural()),
    sigma: schedule,
    gamma: schedule,
    alpha: schedule,
    rho: number(positiveOrInfinite(Number.POSITIVE_INFINITY)),
    average: number(closedUnit(1)),
  },
  { xBox: box, yBox: box },
)

const maid = record('maid', {
  method: tag('maid'),
  constants: record('constants', {
    mu: number(positive()),
    L: number(positive()),
    upperLipschitzY: number(nonNegative()),
    upperLipschitzX: number(nonNegative(0)),
    inverseHessianLipschitz: number(nonNegative(0)),
    crossLipschitz: number(nonNegative(0)),
    crossNorm: number(nonNegative()),
  }),
  epsilon: number(positive()),
  delta: number(positive()),
  alpha: number(positive()),
  eta: number(openUnit(0.5)),
  decrease: number(openUnit(0.25)),
  shrink: number(openUnit(0.5)),
  grow: number(atLeastOne(10 / 9)),
  refine: number(openUnit(0.5)),
  relax: number(atLeastOne(1.25)),
  backtracks: number(count(10)),
  rounds: number(count(20)),
  refinements: number(count(100)),
  lowerBudget: number(natural(10_000)),
  upperConvex: truth(false),
  tolerance: number(nonNegative(0)),
})

const hoag = record(
  'hoag',
  {
    method: tag('hoag'),
    epsilon: number(positive()),
    tolerances: among('exponential', 'quadratic', 'cubic'),
    ratio: number(positiveUnit(0.9)),
    inner: record('the inner loop', { step: number(positive()), budget: number(natural()) }),
    cgBudget: number(natural(1000)),
    step: hoagStep,
  },
  { xBox: box },
)

/** The bilevel methods: those of version 1 (the standard, chapter Bilevel methods), and the drafts; one record per name. */
export const bilevelMethods = {
  bilevelDescent,
  soba,
  ufom,
  adaptiveUfom,
  bome,
  f2sa,
  penalty,
  maid,
  hoag,
  ...draftMethods,
}

/**
 * The codec of bilevel methods (the standard, chapter Bilevel methods).
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { bilevelMethodExpr, decodeWith } from 'steplaw/spec'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * bilevelMethodExpr.decode({ method: 'soba', lowerStep: 0.1, upperStep: 0.01 }) // => { _tag: 'Right', right: { method: 'soba', lowerStep: 0.1, upperStep: 0.01, linearStep: 0.1 } }
 *
 * const rule = { rule: 'constant', step: 0.1 }
 * const wrong = decodeWith(bilevelMethodExpr, 'method')({
 *   method: 'bilevelDescent',
 *   inner: { steps: 3, rule, direction: { direction: 'momentum', mu: 0.9 } },
 *   hypergradient: { estimator: 'unrolled' },
 *   outer: { rule },
 * })
 * E.isLeft(wrong) ? wrong.left.map(({ field, expected }) => `${field}: ${expected}`) : [] // => ['method.inner.direction: the direction steepest where the hypergradient is unrolled']
 * ```
 */
export const bilevelMethodExpr = oneOf('method', 'a bilevel method', bilevelMethods).codec

/**
 * A bilevel method as data. {@link bilevelMethodExpr} is its codec.
 *
 * @category Standard
 * @since 0.1.0
 */
export type BilevelMethodExpr = t.TypeOf<typeof bilevelMethodExpr>

/**
 * The tags of bilevel methods that are drafts, outside version 1.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { draftBilevelMethodTags } from 'steplaw/spec'
 *
 * draftBilevelMethodTags // => ['saba', 'amigo', 'f3sa']
 * ```
 */
export const draftBilevelMethodTags: ReadonlyArray<string> = Object.keys(draftMethods)
