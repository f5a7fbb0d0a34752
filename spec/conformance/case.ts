import * as t from 'io-ts'
import { controllerExpr } from '../vocabulary/controller.js'
import { directionExpr } from '../vocabulary/direction.js'
import { double } from '../vocabulary/number.js'
import { objectiveExpr } from '../vocabulary/objective.js'
import { ruleExpr } from '../vocabulary/ruleExpr.js'
import { isObject, strict, tagged } from '../vocabulary/strict.js'
import { standsAlone, wrapperExpr } from '../vocabulary/wrapper.js'
import { bilevelCase, hypergradientCase } from './bilevelCase.js'
import { common } from './common.js'

const index = t.refinement(t.number, (n) => Number.isSafeInteger(n) && n >= 0, 'an integer >= 0')
const vector = t.readonlyArray(double, 'an array of numbers')
const beyond = { beyond: strict('beyond', { step: double, value: double }, { slope: double }) }

/** The codec of $\varphi$ in rule cases (the standard, chapter Case files). */
const family = tagged('family', 'a family of phi', {
  quadratic: strict('quadratic', { family: t.literal('quadratic') }, { curvature: double, ...beyond }),
  quartic: strict(
    'quartic',
    { family: t.literal('quartic') },
    { curvature: double, quartic: double, ...beyond },
  ),
  exponential: strict(
    'exponential',
    { family: t.literal('exponential'), weight: double, rate: double },
    beyond,
  ),
})

const secant = t.union([t.null, t.readonly(t.tuple([double, double, double]))], 'three numbers or null')

/** The codec of one ray of a rule case. */
export const rayCase = strict(
  'a ray',
  { value: double, slope: double },
  {
    phi: family,
    k: index,
    lowerBound: t.union([t.null, double]),
    solutionValue: t.union([t.null, double]),
    gg: double,
    dd: double,
    travelled: double,
    alignment: double,
    secant,
    executed: t.union([t.null, double]),
  },
)

/** Not read any further here: whether it is an expression is what a decode case asks. */
const anything = t.refinement(t.unknown, (u) => u !== undefined, 'a JSON value')

/** The codec of the cases that ask whether an expression is valid. */
export const decodeCase = strict('decode', { kind: t.literal('decode'), rule: anything, ...common })

/** The codec of the cases that ask a rule on given rays. */
export const ruleCase = strict('rule', {
  kind: t.literal('rule'),
  rule: ruleExpr,
  rays: t.readonlyArray(rayCase, 'an array of rays'),
  ...common,
})

const descent = strict(
  'descent',
  {
    kind: t.literal('descent'),
    objective: objectiveExpr,
    start: vector,
    iterations: index,
    ...common,
  },
  {
    rule: ruleExpr,
    wrapper: wrapperExpr,
    direction: directionExpr,
    draws: strict(
      'draws',
      {},
      { batches: t.readonlyArray(t.readonlyArray(index, 'a batch'), 'an array of batches') },
    ),
  },
)

/** The codec of the cases that run the descent driver. */
export const descentCase = t.refinement(
  descent,
  ({ rule, direction, wrapper }) =>
    wrapper !== undefined && standsAlone(wrapper)
      ? rule === undefined && direction === undefined
      : rule !== undefined,
  'a rule, or a wrapper that stands alone with neither rule nor direction',
)

const batches = t.readonlyArray(
  t.readonlyArray(t.readonlyArray(index, 'a batch'), 'an array of batches, one a replica'),
  'an array of arrays of batches',
)
const permutations = t.readonlyArray(t.readonlyArray(index, 'a permutation'), 'an array of permutations')

/** What every case about replicas has. */
const replicas = { kind: t.literal('replicas'), controller: controllerExpr, ...common }

/** The cases that run replicas on an objective. */
const replicaRun = strict(
  'replicas',
  { ...replicas, objective: objectiveExpr, start: vector, iterations: index },
  { draws: strict('draws', {}, { batches, permutations }) },
)

/** The cases that put losses to a controller alone. */
const controllerRun = strict(
  'replicas',
  { ...replicas, losses: t.readonlyArray(vector, 'an array of losses, one a replica') },
  { draws: strict('draws', {}, { permutations }) },
)

const replicaUnion = t.union([controllerRun, replicaRun], 'replicas')

/** The codec of the cases about replicas: with `losses` of the controller alone, else with an objective. */
export const replicasCase = new t.Type<t.TypeOf<typeof replicaUnion>, unknown, unknown>(
  'replicas',
  replicaUnion.is,
  (u, context) =>
    isObject(u) && Object.hasOwn(u, 'losses')
      ? controllerRun.validate(u, context)
      : replicaRun.validate(u, context),
  replicaUnion.encode,
)

/**
 * The case of one ray: what the standard says of a ray in a rule case.
 *
 * @category Standard
 * @since 0.1.0
 */
export type RayCase = t.TypeOf<typeof rayCase>

/**
 * The family of $\varphi$ in a rule case.
 *
 * @category Standard
 * @since 0.1.0
 */
export type PhiFamily = t.TypeOf<typeof family>

/**
 * A case by kind, decoded.
 *
 * @category Standard
 * @since 0.1.0
 */
export interface Cases {
  readonly decode: t.TypeOf<typeof decodeCase>
  readonly rule: t.TypeOf<typeof ruleCase>
  readonly descent: t.TypeOf<typeof descentCase>
  readonly replicas: t.TypeOf<typeof replicasCase>
  readonly bilevel: t.TypeOf<typeof bilevelCase.codec>
  readonly hypergradient: t.TypeOf<typeof hypergradientCase.codec>
}

/**
 * The kinds of cases this version of the runner can put to an implementation. Cases of other kinds count as failed.
 *
 * @category Standard
 * @since 0.1.0
 */
export type Kind = keyof Cases

/** The codecs by kind. */
export const caseCodecs: { readonly [K in Kind]: t.Type<Cases[K], unknown, unknown> } = {
  decode: decodeCase,
  rule: ruleCase,
  descent: descentCase,
  replicas: replicasCase,
  bilevel: bilevelCase.codec,
  hypergradient: hypergradientCase.codec,
}

/** What can be read of a case before its kind is known. */
export const caseHead = t.readonly(
  t.intersection([t.type({ id: t.string, kind: t.string }), t.UnknownRecord]),
  'a case with id and kind',
)

/** The codec of a case file whose cases have not been read yet. */
export const caseFile = strict('a case file', {
  format: t.literal('steplaw-vectors/1'),
  cases: t.readonlyArray(caseHead, 'an array of cases'),
})
