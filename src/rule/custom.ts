import * as O from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import { type Json, json } from '../../spec/vocabulary/json.js'
import { done, map } from '../program/program.js'
import { allReadings, type Observation, type Reading, type Search } from './observation.js'
import { fail, type Outcome, step } from './outcome.js'
import { machine, type Rule } from './rule.js'

/** What every rule of a user's own says of itself. */
interface Own<S extends Json> {
  /** Printed in tables and errors. */
  readonly name: string
  /** The state before the first ray; JSON, so that a run can be saved. */
  readonly init: S
  /** What it reads of an observation besides `k`, `value`, `slope`: everything, unless it says. */
  readonly reads?: ReadonlyArray<Reading>
  /** Reads a saved state; any JSON value, unless it says. Give one where the state has a shape. */
  readonly state?: t.Type<S, Json, unknown>
}

/**
 * A user's rule as a pure function.
 *
 * @category Rules
 * @since 0.1.0
 */
export interface OwnRule<S extends Json> extends Own<S> {
  /** The next state and the step; `null` refuses. NaN and negative numbers are failures. Must not change its arguments. */
  readonly step: (state: S, observation: Observation) => readonly [S, number | null]
}

/**
 * A user's rule that probes the ray.
 *
 * @category Rules
 * @since 0.1.0
 */
export interface OwnSearch<S extends Json> extends Own<S> {
  /** As {@link OwnRule}, asking for samples of the ray with {@link probe} first. */
  readonly step: (state: S, observation: Observation) => Search<readonly [S, number | null]>
}

const outcomeOf = (x: number | null): Outcome => (x === null ? fail('refused') : step(x))

/** Without a codec of the user's own, any JSON value is taken for a state. */
const accepts = <S extends Json>(own: Own<S>): t.Type<S, Json, unknown> => {
  const is = (u: unknown): u is S => json.is(u)
  const any: t.Type<S, Json, unknown> = new t.Type(
    `a state of ${own.name}`,
    is,
    (u, context) => (is(u) ? t.success(u) : t.failure(u, context)),
    t.identity,
  )
  return own.state ?? any
}

/**
 * A rule of your own, as a pure function of its state and an observation. It combines with every other rule.
 *
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, min, rule, takeSteps } from 'steplaw'
 *
 * // Halve the step whenever the batch loss is above the one before.
 * const cautious = rule<{ step: number; before: number }>({
 *   name: 'cautious',
 *   init: { step: 1, before: 1e300 },
 *   reads: [],
 *   step: (state, { value }) => {
 *     const size = value > state.before ? state.step / 2 : state.step
 *     return [{ step: size, before: value }, size]
 *   },
 * })
 * const rays = [3, 2, 5, 4].map((value) => ({ value, slope: -1 }))
 * takeSteps(min(constant(0.75))(cautious), rays).map((taken) => taken.step) // => [0.75, 0.75, 0.5, 0.5]
 * ```
 */
export const rule = <S extends Json>(own: OwnRule<S>): Rule =>
  ownSearch({
    ...own,
    step: (state, observation) => done(own.step(state, observation)),
  })

/**
 * A rule of your own that samples the ray before it answers.
 *
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { done, ownSearch, probe, step, takeStep } from 'steplaw'
 *
 * // The minimiser of the parabola through value, slope and one sample at a = 1.
 * const one = step(1)
 * const parabola = ownSearch({
 *   name: 'parabola',
 *   init: null,
 *   reads: [],
 *   step: (state, { value, slope }) =>
 *     one._tag === 'Fail'
 *       ? done([state, null])
 *       : probe(one.step, (sample) => done([state, -slope / (2 * (sample - value - slope))])),
 * })
 * takeStep(parabola, { value: 1, slope: -4, phi: (a) => (1 - 2 * a) ** 2 }).step // => 0.5
 * ```
 */
export const ownSearch = <S extends Json>(own: OwnSearch<S>): Rule =>
  machine<S>({
    name: own.name,
    operands: [],
    expr: O.none,
    reads: own.reads ?? allReadings,
    init: own.init,
    state: accepts(own),
    step: (state, observation) =>
      map(own.step(state, observation), ([next, x]): readonly [S, Outcome] => [next, outcomeOf(x)]),
  })
