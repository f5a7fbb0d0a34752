/** Faults of bilevel methods, most of them seen in public code. */
import * as O from 'fp-ts/lib/Option.js'
import {
  adaptiveUfom,
  type BilevelDraw,
  type BilevelMethod,
  type BilevelRequest,
  type BilevelResponse,
  type BilevelState,
  type LoopDescentState,
  type OptimalQParams,
  optimalQ,
  type UfomOutputs,
} from 'steplaw/bilevel'
import { loopedObjective } from '../../src/bilevel/hypergradient/finiteLoop.js'
import { squaredNorm } from '../../src/numeric/index.js'
import type { Vector } from '../../src/problem/oracle.js'
import { ask, chain, done, map, translate } from '../../src/program/program.js'
import { constant } from '../../src/rule/atom/constant.js'
import { step as taken } from '../../src/rule/outcome.js'
import type { AdaptiveMethod } from '../../src/theory/theorem/bilevel/debiasing.js'
import type { Chooser } from '../../src/theory/theorem/bilevel/exactProbability.js'
import {
  debiased,
  firstOrderOnly,
  type LoopMethod,
  type LoopSettings,
} from '../../src/theory/theorem/bilevel/loop.js'

/** A method that asks another question, or gets another answer. */
export const misheard = <S extends BilevelState, T>(
  method: BilevelMethod<S, T>,
  answered: (request: BilevelRequest, response: BilevelResponse) => BilevelResponse,
  asked: (request: BilevelRequest) => BilevelRequest = (request) => request,
): BilevelMethod<S, T> => ({
  ...method,
  iterate: (state, draw) =>
    translate(method.iterate(state, draw), (request) =>
      ask(asked(request), (response: BilevelResponse) => done(answered(request, response))),
    ),
})

/** What comes of the two gradients; the second only where the coin shows 1. */
type Combine = (firstOrder: Vector, exact: O.Option<Vector>, q: number) => Vector

/** UFOM with another combination, or another step. */
const combining =
  (combine: Combine, { steps = 1, always = false }: { steps?: number; always?: boolean } = {}): LoopMethod =>
  (settings: LoopSettings): BilevelMethod<LoopDescentState, UfomOutputs> => {
    const { gradient } = loopedObjective(settings)
    const { step, q } = settings
    return {
      ...debiased(settings),
      iterate: (state, draw: BilevelDraw) => {
        const coin = O.isSome(draw.coin) && draw.coin.value === 1
        return map(gradient(state.x.x, state.start, draw, coin || always), (found) => {
          const G = combine(found.firstOrder, found.exact, q)
          return [
            {
              ...state,
              k: state.k + 1,
              x: { ...state.x, k: state.k + 1, x: state.x.x.map((x, i) => x - steps * step * (G[i] ?? 0)) },
            },
            {
              k: state.k,
              x: state.x.x,
              y: found.ends[0] ?? state.start,
              value: found.value,
              gradient: O.some(G),
              outcome: taken(step),
              own: { q, exact: coin, firstOrder: found.firstOrder, ends: found.ends, probes: 0 },
            },
          ]
        })
      },
    }
  }

const over =
  (divisor: (q: number) => number): Combine =>
  (firstOrder, exact, q) =>
    O.isNone(exact) ? firstOrder : firstOrder.map((fo, i) => fo + ((exact.value[i] ?? 0) - fo) / divisor(q))

const clipped = (v: Vector | undefined, at: number): Vector =>
  (v ?? new Float64Array()).map((x) => Math.min(Math.max(x, -at), at))

/** Products of second derivatives changed on the way. */
const products =
  (change: (product: Vector, settings: LoopSettings) => Vector): LoopMethod =>
  (settings) =>
    misheard(debiased(settings), (_, response) =>
      response.product === undefined
        ? response
        : { ...response, product: change(response.product, settings) },
    )

const firstStep = ({ inner: { step } }: LoopSettings): number =>
  typeof step === 'number' ? step : step(0) === 0 ? 1 : step(0)

/** Slopes of the last point changed on the way. */
const slopes =
  (change: (slope: Vector) => Vector, of: LoopMethod): LoopMethod =>
  (settings) =>
    misheard(of(settings), (request, response) =>
      request.want === 'gradient' && request.level === 'upper' && response.y !== undefined
        ? { ...response, y: change(response.y) }
        : response,
    )

/** No inner loop where the gradient is taken: the upper level is asked at the start. */
const atTheStart =
  (of: LoopMethod): LoopMethod =>
  (settings) =>
    of({ ...settings, inner: { ...settings.inner, steps: 0 } })

export const loopMutants = {
  /** The exact gradient instead of the first-order one with probability q: a mixture, and biased. */
  withoutOneOverQ: combining(over(() => 1)),
  /** A small number is added below, so that q = 0 does no harm. */
  guardedDivision: combining(over((q) => q + 1e-8)),
  dividedTwice: combining(over((q) => q * q)),
  /** The exact pass is made whatever the coin. */
  alwaysExact: combining((firstOrder, exact) => (O.isSome(exact) ? exact.value : firstOrder), {
    always: true,
  }),
  steppedTwice: combining(
    over((q) => q),
    { steps: 2 },
  ),
  /** Elementwise clipping inside the way back. */
  clippedAdjoint: products((product) => clipped(product, 0.1)),
  /** The way back multiplies by I - H. */
  adjointWithoutTheStep: products((product, settings) => product.map((p) => p / firstStep(settings))),
  /** The sum over the loop instead of one way through it: second derivatives with the other sign, and more of them. */
  summedOverTheLoop: products((product) => product.map((p) => -4 * p)),
  /** The cotangent of the start is forgotten by the first-order gradient. */
  notPulledBack: ((settings: LoopSettings) => {
    const made = debiased(settings)
    return {
      ...made,
      iterate: (state: LoopDescentState, draw: BilevelDraw) =>
        map(made.iterate(state, draw), ([next, record]) => [
          next,
          { ...record, own: { ...record.own, firstOrder: record.own.firstOrder.map(() => 0) } },
        ]),
    }
  }) satisfies LoopMethod as LoopMethod,
  /** The first-order gradient is taken where the loop starts. */
  takenAtTheStart: ((settings: LoopSettings) => {
    const [made, start] = [debiased(settings), atTheStart(firstOrderOnly)(settings)]
    return {
      ...made,
      iterate: (state: LoopDescentState, draw: BilevelDraw) =>
        chain(start.iterate(state, draw), ([, before]) =>
          map(made.iterate(state, draw), ([next, record]) => [
            next,
            { ...record, own: { ...record.own, firstOrder: before.own.firstOrder } },
          ]),
        ),
    }
  }) satisfies LoopMethod as LoopMethod,
  clippedSlope: slopes((slope) => clipped(slope, 0.1), firstOrderOnly),
  startAlone: atTheStart(firstOrderOnly),
  debiased,
  fom: firstOrderOnly,
} as const

const adaptive: AdaptiveMethod = ({ step, ...rest }) =>
  adaptiveUfom({ ...rest, upper: { rule: constant(step) } })

export const adaptiveMutants: { readonly [name: string]: AdaptiveMethod } = {
  /** D2 is read off the step after it was debiased: (1/q - 1)^2 times as much. */
  momentsOfTheStep: (settings) => {
    const made = adaptive(settings)
    const { beta } = settings
    return {
      ...made,
      iterate: (state, draw) =>
        map(made.iterate(state, draw), ([next, record]) => {
          if (!record.own.exact || beta === 1) return [next, record]
          const seen = (next.D2 - beta * state.D2) / (1 - beta)
          const times = (1 / record.own.q - 1) * (1 / record.own.q - 1)
          return [{ ...next, D2: beta * state.D2 + (1 - beta) * times * seen }, record]
        }),
    }
  },
  /** A step without an exact pass counts as one that saw no difference. */
  averagedOnEveryDraw: (settings) => {
    const made = adaptive(settings)
    const { beta } = settings
    return {
      ...made,
      iterate: (state, draw) =>
        map(made.iterate(state, draw), ([next, record]) => [
          record.own.exact
            ? next
            : {
                ...next,
                D2: beta * next.D2,
                V2: beta * next.V2 + (1 - beta) * squaredNorm(record.own.firstOrder),
              },
          record,
        ]),
    }
  },
}

/** The root of the quadratic without the branch for where it is beyond 1. */
const root = ({ exponent: p, deterministic, random, D2, V2 }: OptimalQParams): number => {
  const a = random * (V2 - D2)
  const b = (1 - p) * random * D2
  return (-b + Math.sqrt(b * b + 4 * p * a * deterministic * D2)) / (2 * a)
}

export const chooserMutants: { readonly [name: string]: Chooser } = {
  anotherExponent: (weighed) => optimalQ({ ...weighed, exponent: weighed.exponent === 2 ? 1 / 2 : 2 }),
  tenthOfTheVariance: (weighed) => optimalQ({ ...weighed, D2: weighed.D2 / 10 }),
  unclipped: root,
  /** The denominator of the formula where its variance belongs. */
  differenceForTheVariance: (weighed) => optimalQ({ ...weighed, D2: weighed.V2 - weighed.D2 }),
  costsExchanged: ({ deterministic, random, ...rest }) =>
    optimalQ({ ...rest, deterministic: random, random: deterministic }),
}
