/** How an implementation of two levels is given a fault: in what it reads, in what it asks of the problem, or in what it makes of the answers. */
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Vector } from 'steplaw'
import {
  type BilevelMethod,
  type BilevelProblem,
  type BilevelRecord,
  type BilevelRequest,
  type BilevelStart,
  type BilevelState,
  bilevelImplementation,
  bilevelProblemOf,
  type Estimator,
  givenDraws,
  hypergradient,
} from 'steplaw/bilevel'
import { type BilevelMethodExpr, type Cases, encodeNumber, type Implementation } from 'steplaw/spec'
import type { Outputs } from '../../spec/conformance/compare.js'
import { isObject } from '../../spec/vocabulary/strict.js'
import type { Asking } from '../../src/bilevel/oracle.js'
import { sizesOf, withMethod } from '../../src/bilevel/standard/method.js'
import { passage } from '../../src/bilevel/standard/outputs.js'
import { encodeVector } from '../../src/optimizer/vector.js'
import { ask, done, map, translate } from '../../src/program/program.js'

export type Run = Cases['bilevel']
export type Estimate = Cases['hypergradient']

/** What a method is run on. */
export interface Setting {
  readonly expr: BilevelMethodExpr
  readonly problem: BilevelProblem
  readonly start: BilevelStart
}

/** A method changed, whatever its states and outputs are. */
export type Change = <S extends BilevelState, T>(
  method: BilevelMethod<S, T>,
  setting: Setting,
) => BilevelMethod<S, T>

export const unchanged: Change = (method) => method

const vectorOf = (given: ReadonlyArray<number> | undefined): Vector | undefined =>
  given === undefined ? undefined : Float64Array.from(given)

/** The runs of a changed method on a changed problem. */
export const running = (
  change: Change,
  altered: (problem: BilevelProblem) => BilevelProblem = (problem) => problem,
): Implementation => ({
  bilevel: ({ problem: given, method: expr, start: { x, y = x, v, z }, iterations, draws = {} }) => {
    const problem = altered(bilevelProblemOf(given))
    const [first, other] = [vectorOf(v), vectorOf(z)]
    const start = {
      x: Float64Array.from(x),
      y: Float64Array.from(y),
      ...(first === undefined ? {} : { v: first }),
      ...(other === undefined ? {} : { z: other }),
    }
    return withMethod(expr, sizesOf(problem), (method, listing) =>
      listing(
        passage(problem, {
          method: change(method, { expr, problem, start }),
          start,
          iterations,
          draws: givenDraws(draws),
        }),
      ),
    )
  },
})

/** The runs of something else than was asked for. */
export const misreading = (misread: (given: Run) => Run): Implementation => ({
  bilevel: (given) => bilevelImplementation.bilevel(misread(given)),
})

/** The same of estimates. */
export const mistaking = (misread: (given: Estimate) => Estimate): Implementation => ({
  hypergradient: (given) => bilevelImplementation.hypergradient(misread(given)),
})

const failed = (y: Vector, value: number, count: number): Outputs => ({
  gradient: null,
  y: encodeVector(y),
  value: encodeNumber(value),
  v: null,
  count,
})

/** Estimates by another estimator, where there is one, on a changed problem. */
export const estimating = (
  instead: (expr: Estimate['estimator']) => Estimator | null,
  altered: (problem: BilevelProblem) => BilevelProblem = (problem) => problem,
): Implementation => ({
  hypergradient: (given) => {
    const estimator = instead(given.estimator)
    if (estimator === null) return bilevelImplementation.hypergradient(given)
    const problem = altered(bilevelProblemOf(given.problem))
    const y = Float64Array.from(given.y ?? new Float64Array(problem.dimension.y))
    const v = vectorOf(given.v)
    const found = hypergradient(problem, estimator, {
      x: Float64Array.from(given.x),
      y,
      ...(v === undefined ? {} : { v }),
      draw: givenDraws(given.draws ?? {})(0),
    })
    if (E.isLeft(found)) return failed(y, found.left.value ?? Number.NaN, found.left.count ?? 0)
    return {
      gradient: encodeVector(found.right.gradient),
      y: encodeVector(found.right.y),
      value: encodeNumber(found.right.value),
      v: O.isSome(found.right.v) ? encodeVector(found.right.v.value) : null,
      count: found.right.count,
    }
  },
})

/** A method that asks for something else. */
export const asking =
  (instead: (request: BilevelRequest, x: Vector, y: Vector) => BilevelRequest): Change =>
  (method) => ({
    ...method,
    iterate: (state, draw) => {
      const { x, y } = method.point(state)
      return translate(method.iterate(state, draw), (request) => ask(instead(request, x, y), done))
    },
  })

/** What became of an iteration. */
export interface Ended<S, T> {
  readonly before: S
  readonly next: S
  readonly record: BilevelRecord<T>
  readonly setting: Setting
}

/** A method that makes something else of its iterations. */
export const ending =
  (change: <S extends BilevelState, T>(ended: Ended<S, T>) => readonly [S, BilevelRecord<T>]): Change =>
  (method, setting) => ({
    ...method,
    iterate: (before, draw) =>
      map(method.iterate(before, draw), ([next, record]) => change({ before, next, record, setting })),
  })

/** A method whose iterations begin somewhere else. */
export const beginning =
  (change: <S extends BilevelState>(state: S, first: S) => S): Change =>
  (method, { start }) => ({
    ...method,
    iterate: (state, draw) => method.iterate(change(state, method.init(start)), draw),
  })

/** The state with these fields of another. */
export const taking = <S extends object>(state: S, from: S, ...names: ReadonlyArray<string>): S => ({
  ...state,
  ...Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name))),
})

/** The state with these variables at other points; they may remember something besides. */
export const moved = <S extends object>(state: S, to: { readonly [name: string]: Vector }): S => ({
  ...state,
  ...Object.fromEntries(
    Object.entries(state).flatMap(([name, variable]: readonly [string, unknown]) => {
      const x = to[name]
      if (x === undefined) return []
      return [[name, isObject(variable) && 'x' in variable ? { ...variable, x } : x]]
    }),
  ),
})

/** $u + a v$. */
export const plus = (u: Vector, a: number, v: Vector): Vector => u.map((ui, i) => ui + a * (v[i] ?? 0))

/** A program whose answers are changed on their way; what is remembered goes along. */
export const answering = <A, M>(
  program: Asking<A>,
  memory: M,
  change: (
    request: BilevelRequest,
    value: number,
    memory: M,
  ) => { readonly value: number; readonly memory: M },
): Asking<readonly [A, M]> =>
  program._tag === 'Done'
    ? done([program.value, memory])
    : ask(program.question, (answer) => {
        if (answer.value === undefined) return answering(program.next(answer), memory, change)
        const { value, memory: after } = change(program.question, answer.value, memory)
        return answering(program.next({ ...answer, value }), after, change)
      })
