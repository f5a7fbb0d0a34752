/** Faults of penalty methods, most of them seen in public code. */
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import {
  type BilevelMethod,
  type BilevelRequest,
  type BilevelResponse,
  type BilevelState,
  type Estimator,
  type Hypergradient,
  penaltyGradient,
  type powerWeight,
} from 'steplaw/bilevel'
import { pow } from '../../src/numeric/index.js'
import type { Vector } from '../../src/problem/oracle.js'
import { ask, done, map, translate } from '../../src/program/program.js'
import { constant } from '../../src/rule/atom/constant.js'
import {
  noiseless,
  type PenaltyMethod,
  twoPoints,
} from '../../src/theory/theorem/bilevel/penaltyDirection.js'
import { type Penalised, penalised } from '../../src/theory/theorem/bilevel/penaltyGap.js'
import type { BoundedBilevelWorld } from '../../src/theory/world/bilevel/world.js'

const plus = (u: Vector, w: Vector, s = 1): Vector => u.map((ui, i) => ui + s * (w[i] ?? 0))

const altered = (estimator: Estimator, change: (found: Hypergradient) => Hypergradient): Estimator => ({
  ...estimator,
  estimate: (place) =>
    map(estimator.estimate(place), (found) => (E.isLeft(found) ? found : E.right(change(found.right)))),
})

const parts = ({ problem, start: { x }, lowerSolution }: BoundedBilevelWorld, y: Vector) => {
  const inX = (level: 'upper' | 'lower', at: Vector): Vector =>
    problem[level].gradient(x, at, null, 'x').x ?? x
  return { f: inX('upper', y), there: inX('lower', y), best: inX('lower', lowerSolution(x)) }
}

/** The gradient made of its three parts in another way. */
const remade =
  (make: (p: ReturnType<typeof parts>, lambda: number) => Vector, inside = 1): Penalised =>
  (world, lambda, tolerance) =>
    altered(penalised(world, inside * lambda, tolerance), (found) => ({
      ...found,
      gradient: make(parts(world, found.y), lambda),
    }))

const withFacts =
  (
    wrong: (facts: BoundedBilevelWorld['constants']) => Partial<BoundedBilevelWorld['constants']>,
  ): Penalised =>
  (world, lambda, tolerance) => {
    const { mu, L, upperLipschitzY } = world.constants
    return penaltyGradient({
      lambda,
      inner: { rule: constant(2 / (L + mu + upperLipschitzY / lambda)), tolerance, budget: 5000 },
      facts: { ...world.constants, ...wrong(world.constants) },
    })
  }

export const penalisedMutants: { readonly [name: string]: Penalised } = {
  /** The weight is in the inner problem only. */
  weightOnce: remade(({ f, there, best }) => plus(f, plus(there, best, -1))),
  withoutTheLowerSolution: remade(({ f, there }, lambda) => plus(f, there, lambda)),
  /** A weight that the inner problem does not have yet. */
  oldWeight: (world, lambda, tolerance) => penalised(world, lambda / 2, tolerance),
  halfTheWeightInside: remade(({ f, there, best }, lambda) => plus(f, plus(there, best, -1), lambda), 1 / 2),
  strongConvexityOverestimated: withFacts(({ mu }) => ({ mu: 8 * mu })),
  withoutUpperSmoothness: withFacts(() => ({ upperLipschitzX: 0, upperLipschitzY: 0 })),
}

type Hear<S> = (
  request: BilevelRequest,
  state: S,
  /** How many gradients of $g$ in $x$ came before. */
  before: number,
) => readonly [BilevelRequest, (response: BilevelResponse) => BilevelResponse]

const hearing = <S extends BilevelState, T>(
  method: BilevelMethod<S, T>,
  hear: Hear<S>,
): BilevelMethod<S, T> => ({
  ...method,
  iterate: (state, draw) => {
    let before = 0
    return translate(method.iterate(state, draw), (request) => {
      const [asked, answered] = hear(request, state, before)
      if (request.want === 'gradient' && request.level === 'lower' && request.in === 'x') before += 1
      return ask(asked, (response: BilevelResponse) => done(answered(response)))
    })
  },
})

const same = <A>(a: A): A => a

const scaled =
  (factor: number) =>
  (response: BilevelResponse): BilevelResponse =>
    response.x === undefined ? response : { ...response, x: response.x.map((g) => factor * g) }

const isInX = (request: BilevelRequest, level: 'upper' | 'lower'): boolean =>
  request.want === 'gradient' && request.level === level && request.in === 'x'

export const penaltyMutants: { readonly [name: string]: PenaltyMethod } = {
  weightOnUpper: (settings) =>
    hearing(twoPoints(settings), (request, { lambda }) => [
      request,
      isInX(request, 'upper') ? scaled(lambda) : same,
    ]),
  /** The second gradient of g at the z that the inner steps began from. */
  solutionBeforeItsSteps: (settings) =>
    hearing(twoPoints(settings), (request, state, before) => [
      isInX(request, 'lower') && before === 1 ? { ...request, y: state.z.x } : request,
      same,
    ]),
  withoutTheLowerSolution: (settings) =>
    hearing(twoPoints(settings), (request, _, before) => [
      request,
      isInX(request, 'lower') && before === 1 ? scaled(0) : same,
    ]),
  steppedTwice: (settings) => twoPoints({ ...settings, x: 2 * settings.x }),
}

type MomentumMethod = (typeof noiseless)['subjects'][string]

const { f3sa: momentum } = noiseless.subjects as { readonly f3sa: MomentumMethod }

export const momentumMutants: { readonly [name: string]: MomentumMethod } = {
  /** One estimate of the whole gradient in y: a change of the weight is not made up for. */
  oneEstimateForTheSum: (settings) => {
    const made = momentum(settings)
    return {
      ...made,
      iterate: (state, draw) =>
        map(made.iterate(state, draw), ([next, record]) => {
          if (O.isNone(state.estimates)) return [next, record]
          const { gy } = state.estimates.value
          const share = ((1 - settings.eta(state.k)) * -0.25) / state.lambda
          const estimates = { ...record.own.estimates, gy: plus(record.own.estimates.gy, gy, share) }
          return [next, { ...record, own: { ...record.own, estimates } }]
        }),
    }
  },
  /** The old gradient at the new x. */
  anotherPointBefore: (settings) =>
    hearing(momentum(settings), (request, state) => [
      O.isSome(state.estimates) && request.x === state.estimates.value.x
        ? { ...request, x: state.x.x }
        : request,
      same,
    ]),
  /** The old gradient at the new point: an average of estimates that lags. */
  plainMomentum: (settings) =>
    hearing(momentum(settings), (request, state) => {
      if (O.isNone(state.estimates) || request.x !== state.estimates.value.x) return [request, same]
      const { z, y } = state.estimates.value
      const now = request.y === z ? state.z.x : request.y === y ? state.y.x : request.y
      return [{ ...request, x: state.x.x, y: now }, same]
    }),
}

export const weightMutants: { readonly [name: string]: typeof powerWeight } = {
  /** Increments of the order of the weight: it grows as k^{6/7} where k^{1/7} was meant. */
  increments: ({ start, exponent }) => ({
    start,
    increment: (k) => start * pow(k + 1, exponent - 1) * (k + 1),
  }),
  startForgotten: ({ start, exponent }) => ({
    start,
    increment: (k) => pow(k + 2, exponent) - pow(k + 1, exponent),
  }),
}
