import * as O from 'fp-ts/lib/Option.js'
import { type Direction, type DirectionState, directionInit } from '../optimizer/direction/direction.js'
import type { Batch, Vector } from '../problem/oracle.js'
import { ask as askProgram, done, type Program } from '../program/program.js'
import type { Controller, ControllerState, Synchronisation } from './controller.js'

/**
 * One number for each hyperparameter, by its name; `step` is the step size.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface Hyperparameters<A> {
  readonly step: A
  readonly [name: string]: A
}

/**
 * A schedule that holds for the base of the step size before the controller takes over.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface WarmUp {
  /** The factor on `step` in iteration $k$, such as {@link oneCycle}. */
  readonly factor: (k: number) => number
  /** The iteration from which the controller decides, a multiple of the period; it begins with the factor of this iteration. */
  readonly until: number
}

/**
 * How replicas descend together.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface ReplicaMethod {
  /** The controllers of the step size and of further hyperparameters, which the objective reads; all for as many replicas. */
  readonly controllers: Hyperparameters<Controller>
  /** $T$: the replicas are averaged after every $T$-th iteration. */
  readonly period: number
  /** Turns the mean gradient into a direction, at each replica. */
  readonly direction: Direction
  readonly warmUp: O.Option<WarmUp>
  /** The permutation of assignment $j$ for the hyperparameter of that name. */
  readonly assignment: (j: number, name: string) => ReadonlyArray<number>
  /** The batch of replica $r$ in iteration $k$. */
  readonly batch: (k: number, r: number) => Batch
}

/**
 * Everything that one replica carries from one iteration to the next, as plain data.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface ReplicaState {
  readonly k: number
  readonly x: Vector
  readonly direction: DirectionState
  /** The sum of its losses since the last synchronisation. */
  readonly loss: number
  /** The same at every replica. */
  readonly controllers: Hyperparameters<ControllerState>
}

/**
 * What a replica asks: the loss and its gradient at its own point, batch and hyperparameters; or a sum over all replicas.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export type ReplicaRequest =
  | {
      readonly ask: 'gradient'
      readonly x: Vector
      readonly batch: Batch
      readonly hyperparameters: Hyperparameters<number>
    }
  | { readonly ask: 'sum'; readonly of: 'gradients' | 'points and losses'; readonly values: Vector }

/**
 * The answer to a {@link ReplicaRequest}: in `vector` the gradient, or the sum; in `value` the loss, or 0.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface ReplicaResponse {
  readonly value: number
  readonly vector: Vector
}

/**
 * What one replica did in one iteration.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface ReplicaRecord {
  readonly k: number
  /** Its loss before the step. */
  readonly loss: number
  /** Its hyperparameters in this iteration. */
  readonly values: Hyperparameters<number>
  /** What the controllers said, where the replicas were averaged after this iteration and the warm-up was over. */
  readonly synchronisation: O.Option<Hyperparameters<Synchronisation>>
}

/** Applies a function to every hyperparameter. */
export const each = <A, B>(of: Hyperparameters<A>, f: (a: A, name: string) => B): Hyperparameters<B> => ({
  ...Object.fromEntries(Object.entries(of).map(([name, a]) => [name, f(a, name)])),
  step: f(of.step, 'step'),
})

/** The entry of a hyperparameter that is there. */
export const entry = <A>(of: Hyperparameters<A>, name: string): A => {
  const found = of[name]
  if (found === undefined) throw new RangeError(`controllers.${name}: there is no such hyperparameter`)
  return found
}

/**
 * The number of replicas of a method.
 *
 * @throws RangeError naming what of the method is out of its domain.
 */
export const replicasOf = ({ controllers, period, warmUp }: ReplicaMethod): number => {
  const { replicas } = controllers.step.fields
  for (const [name, { fields }] of Object.entries(controllers))
    if (fields.replicas !== replicas)
      throw new RangeError(
        `controllers.${name}.replicas: got ${fields.replicas}, expected ${replicas} as for step`,
      )
  if (!Number.isSafeInteger(period) || period < 1)
    throw new RangeError(`period: got ${period}, expected an integer >= 1`)
  if (O.isSome(warmUp)) {
    const { until } = warmUp.value
    if (!Number.isSafeInteger(until) || until < 0 || until % period !== 0)
      throw new RangeError(`until: got ${until}, expected a multiple of the period ${period}`)
  }
  return replicas
}

/** How many vectors the state of the direction has after so many turns. */
export const momentsOf = ({ direction: { moments, history } }: ReplicaMethod, count: number): number =>
  history === undefined ? moments : Math.min(count, history)

/**
 * The state of one replica before the first iteration.
 *
 * @throws RangeError naming what of the method is out of its domain, or if a coordinate of the start is not finite.
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { controller, replicaInit, replicaMethod } from 'steplaw/replica'
 *
 * const step = controller({ replicas: 2, step: 1, spread: 0.5, temperature: 1, momentum: 0, gain: 1 })
 * const method = replicaMethod({ controllers: { step }, period: 10 })
 * replicaInit(method, Float64Array.of(3)).controllers // => { step: { base: 1, velocity: 0 } }
 * ```
 */
export const replicaInit = (method: ReplicaMethod, x: Vector): ReplicaState => {
  replicasOf(method)
  const bad = x.findIndex((xi) => !Number.isFinite(xi))
  if (bad >= 0) throw new RangeError(`start: coordinate ${bad} is ${x[bad]}, expected a finite number`)
  const controllers = each(method.controllers, ({ init }) => init)
  const { step } = controllers
  const taken = O.isSome(method.warmUp) ? method.warmUp.value.factor(method.warmUp.value.until) : 1
  return {
    k: 0,
    x,
    direction: directionInit(method.direction, x.length),
    loss: 0,
    controllers: { ...controllers, step: { ...step, base: step.base * taken } },
  }
}

/**
 * The values of every hyperparameter at every replica in the iteration to come: the base, which during the warm-up is that of the
 * schedule, spread by the assignment in force.
 *
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { controller, hyperparameters, replicaInit, replicaMethod } from 'steplaw/replica'
 *
 * const step = controller({ replicas: 2, step: 1, spread: 0.5, temperature: 1, momentum: 0, gain: 1 })
 * const method = replicaMethod({ controllers: { step }, period: 10 })
 * hyperparameters(method, replicaInit(method, Float64Array.of(3))) // => { step: [0.5, 1.5] }
 * ```
 */
export const hyperparameters = (
  { controllers, period, warmUp, assignment }: ReplicaMethod,
  state: Pick<ReplicaState, 'k' | 'controllers'>,
): Hyperparameters<ReadonlyArray<number>> => {
  const { k } = state
  const warm = O.isSome(warmUp) && k < warmUp.value.until
  return each(controllers, ({ fields, values }, name) => {
    const base =
      warm && name === 'step' ? fields.step * warmUp.value.factor(k) : entry(state.controllers, name).base
    return values(base, assignment(Math.floor(k / period), name))
  })
}

/** The values of one replica. */
export const valuesOf = (
  all: Hyperparameters<ReadonlyArray<number>>,
  rank: number,
): Hyperparameters<number> => each(all, (values) => values[rank] ?? Number.NaN)

/**
 * What the controllers make of the mean losses after iteration `k`: nothing before the end of the warm-up.
 *
 * @returns by hyperparameter, the weights, the signal and the next state.
 */
export const decide = (
  { controllers, period, warmUp, assignment }: ReplicaMethod,
  { k, controllers: states }: Pick<ReplicaState, 'k' | 'controllers'>,
  losses: ReadonlyArray<number>,
): O.Option<Hyperparameters<Synchronisation>> =>
  O.isSome(warmUp) && k < warmUp.value.until
    ? O.none
    : O.some(
        each(controllers, ({ synchronise }, name) =>
          synchronise(entry(states, name), assignment(Math.floor(k / period), name), losses),
        ),
      )

const finite = (v: Vector): boolean => v.every(Number.isFinite)

/** The step along the heading of the mean gradient. A mean that is not finite moves no replica. */
const moved = (
  { direction }: ReplicaMethod,
  { k, x, direction: state }: ReplicaState,
  gradient: Vector,
  step: number,
): Pick<ReplicaState, 'x' | 'direction'> => {
  if (!finite(gradient)) return { x, direction: state }
  const { state: next, execute, base = x } = direction.advance(state, { k, x, gradient })
  return { x: base.map((xi, i) => xi + step * (execute[i] ?? 0)), direction: next }
}

const ask = askProgram<ReplicaRequest, ReplicaResponse, readonly [ReplicaState, ReplicaRecord]>

/** A sum as long as what was sent. */
const sumOf = ({ vector }: ReplicaResponse, length: number): Vector => {
  if (vector.length !== length)
    throw new RangeError(`the sum has ${vector.length} entries, expected ${length} as were sent`)
  return vector
}

/** The point, and the mean loss of this replica in its own place among zeros. */
const report = (x: Vector, rank: number, loss: number, replicas: number): Vector => {
  const values = new Float64Array(x.length + replicas)
  values.set(x)
  values[x.length + rank] = loss
  return values
}

/**
 * One iteration of one replica as a program of requests (clause `replicas`): loss and gradient at its own point, the mean
 * gradient of all, a step with its own step size; after every $T$-th iteration the mean of all points, and the controllers.
 *
 * All replicas run the same program; whoever runs them answers what asks for a sum when all have asked. A mean gradient that is
 * not finite moves no replica, and the run goes on.
 *
 * @param rank - which replica this is.
 * @category Optimizer
 * @since 0.1.0
 * @cite cheng2026
 * @example
 * ```ts
 * import { runSync } from 'steplaw'
 * import { controller, replicaInit, replicaIteration, replicaMethod } from 'steplaw/replica'
 *
 * // One replica is its own mean: gradient descent on x^2 / 2.
 * const step = controller({ replicas: 1, step: 0.5, spread: 0.5, temperature: 1, momentum: 0, gain: 1 })
 * const method = replicaMethod({ controllers: { step }, period: 10 })
 * const [next] = runSync(replicaIteration(method, 0)(replicaInit(method, Float64Array.of(4))), (request) =>
 *   request.ask === 'sum' ? { value: 0, vector: request.values } : { value: 8, vector: request.x },
 * )
 * next.x // => Float64Array.of(2)
 * ```
 */
export const replicaIteration = (method: ReplicaMethod, rank: number) => {
  const replicas = replicasOf(method)
  if (!Number.isSafeInteger(rank) || rank < 0 || rank >= replicas)
    throw new RangeError(`rank: got ${rank}, expected an integer from 0 to ${replicas - 1}`)
  return (
    state: ReplicaState,
  ): Program<ReplicaRequest, ReplicaResponse, readonly [ReplicaState, ReplicaRecord]> => {
    const { k, x } = state
    const values = valuesOf(hyperparameters(method, state), rank)
    return ask(
      { ask: 'gradient', x, batch: method.batch(k, rank), hyperparameters: values },
      ({ value: loss, vector: gradient }) => {
        if (gradient.length !== x.length)
          throw new RangeError(
            `the objective gave a gradient of length ${gradient.length} at a point of length ${x.length}`,
          )
        return ask({ ask: 'sum', of: 'gradients', values: gradient }, (summed) => {
          const mean = sumOf(summed, x.length).map((s) => s / replicas)
          const losses = state.loss + loss
          const next = { ...state, ...moved(method, state, mean, values.step), k: k + 1, loss: losses }
          if (next.k % method.period !== 0) return done([next, { k, loss, values, synchronisation: O.none }])
          const sent = report(next.x, rank, losses / method.period, replicas)
          return ask({ ask: 'sum', of: 'points and losses', values: sent }, (all) => {
            const sums = sumOf(all, sent.length)
            const synchronisation = decide(method, state, Array.from(sums.subarray(x.length)))
            const controllers = O.isSome(synchronisation)
              ? each(synchronisation.value, ({ state: after }) => after)
              : state.controllers
            const meanPoint = sums.slice(0, x.length).map((s) => s / replicas)
            return done([
              { ...next, x: meanPoint, loss: 0, controllers },
              { k, loss, values, synchronisation },
            ])
          })
        })
      },
    )
  }
}
