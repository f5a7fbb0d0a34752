import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Outputs } from '../../../spec/conformance/compare.js'
import type { Json } from '../../../spec/vocabulary/json.js'
import { encodeNumber } from '../../../spec/vocabulary/number.js'
import { encodeVector } from '../../optimizer/vector.js'
import type { Vector } from '../../problem/oracle.js'
import type { Outcome } from '../../rule/outcome.js'
import { type BilevelOptions, iterateBilevel } from '../driver.js'
import type { BilevelDescentOutputs, BilevelDescentState } from '../method/bilevelDescent.js'
import type { BomeOutputs, BomeState } from '../method/bome.js'
import type { F2saState } from '../method/f2sa.js'
import type { HoagOutputs, HoagState } from '../method/hoag.js'
import type { MaidOutputs, MaidState } from '../method/maid.js'
import type { BilevelRecord, BilevelState, Status } from '../method/method.js'
import type { PenaltyOutputs, PenaltyState } from '../method/penalty.js'
import type { SingleLoopState } from '../method/singleLoop.js'
import type { LoopDescentState, UfomOutputs } from '../method/ufom.js'
import type { BilevelProblem } from '../problem/problem.js'

/** A run with every state that it passed, the first and the last included. */
export interface Passage<S, T> {
  readonly states: ReadonlyArray<S>
  readonly records: ReadonlyArray<BilevelRecord<T>>
}

/** Runs a method for so many iterations, or until it stops by itself. */
export const passage = <S extends BilevelState, T>(
  problem: BilevelProblem,
  options: BilevelOptions<S, T> & { readonly iterations: number },
): Passage<S, T> => {
  const states = [options.method.init(options.start)]
  const records: Array<BilevelRecord<T>> = []
  if (options.iterations === 0) return { states, records }
  for (const { state, record } of iterateBilevel(problem, options)) {
    states.push(state)
    records.push(record)
    if (records.length >= options.iterations) break
  }
  return { states, records }
}

/** How the outputs of a method are made of a run. */
export type Listing<S, T> = (run: Passage<S, T>) => Outputs

const vectors = <A>(all: ReadonlyArray<A>, of: (a: A) => Vector): Json => all.map((a) => encodeVector(of(a)))
const numbers = <A>(all: ReadonlyArray<A>, of: (a: A) => number): Json => all.map((a) => encodeNumber(of(a)))

/** A step, or null for a failure. */
const encodeOutcome = (outcome: Outcome): Json =>
  outcome._tag === 'Step' ? encodeNumber(outcome.step) : null

const gradients = <T>(records: ReadonlyArray<BilevelRecord<T>>): Json =>
  records.map(({ gradient }) => (O.isSome(gradient) ? encodeVector(gradient.value) : null))

/** Clause `method.bilevelDescent`. */
export const descentOutputs: Listing<BilevelDescentState, BilevelDescentOutputs> = ({ states, records }) => ({
  x: vectors(states, ({ x }) => x.x),
  y: vectors(records, ({ y }) => y),
  value: numbers(records, ({ value }) => value),
  hypergradient: gradients(records),
  step: records.map(({ outcome }) => encodeOutcome(outcome)),
  probes: records.map(({ own }) => own.probes),
  lowerStep: records.map(({ own }) => own.inner.map(({ outcome }) => encodeOutcome(outcome))),
  lowerProbes: records.map(({ own }) => own.inner.map(({ probes }) => probes)),
  count: records.map(({ own: { hypergradient } }) =>
    E.isRight(hypergradient) ? hypergradient.right.count : 0,
  ),
})

/** Clauses `method.soba`, `draft.saba` and `draft.amigo`. */
export const singleLoopOutputs: Listing<SingleLoopState, unknown> = ({ states }) => ({
  x: vectors(states, ({ x }) => x.x),
  y: vectors(states, ({ y }) => y.x),
  v: vectors(states, ({ v }) => v.x),
})

/** Clauses `method.ufom` and `method.adaptiveUfom`. */
export const ufomOutputs: Listing<LoopDescentState, UfomOutputs> = ({ states, records }) => ({
  x: vectors(states, ({ x }) => x.x),
  gradient: gradients(records),
  exact: records.map(({ own }) => own.exact),
  value: numbers(records, ({ value }) => value),
  q: numbers(records, ({ own }) => own.q),
})

/** Clause `method.bome`. */
export const bomeOutputs: Listing<BomeState, BomeOutputs> = ({ states, records }) => ({
  x: vectors(states, ({ x }) => x.x),
  y: vectors(states, ({ y }) => y.x),
  lambda: numbers(records, ({ own }) => own.lambda),
  gap: numbers(records, ({ own }) => own.gap),
})

/** Clauses `method.f2sa` and `draft.f3sa`. */
export const f2saOutputs: Listing<F2saState, unknown> = ({ states }) => ({
  x: vectors(states, ({ x }) => x.x),
  y: vectors(states, ({ y }) => y.x),
  z: vectors(states, ({ z }) => z.x),
  lambda: numbers(states, ({ lambda }) => lambda),
})

/** Clause `method.penalty`. */
export const penaltyOutputs: Listing<PenaltyState, PenaltyOutputs> = ({ states }) => ({
  x: vectors(states, ({ x }) => x.x),
  y: vectors(states, ({ y }) => y),
  z: vectors(states, ({ z }) => z),
})

/** How a run ended, in the words of the standard. */
const ending = (states: ReadonlyArray<BilevelState>): Status | 'completed' => {
  const status = states.at(-1)?.status ?? 'running'
  return status === 'running' ? 'completed' : status
}

/** Clause `method.maid`: an iteration that ended without a step has no entry. */
export const maidOutputs: Listing<MaidState, MaidOutputs> = ({ states, records }) => {
  const moved = records.filter(({ own }) => own.accepted)
  const points = states.slice(0, moved.length + 1)
  const last = states.at(-1)
  return {
    x: vectors(points, ({ x }) => x),
    y: vectors(points, ({ y }) => y),
    step: moved.map(({ outcome }) => encodeOutcome(outcome)),
    epsilon: numbers(moved, ({ own }) => own.epsilon),
    delta: numbers(moved, ({ own }) => own.delta),
    omega: numbers(moved, ({ own: { hypergradient } }) =>
      O.isSome(hypergradient)
        ? O.getOrElse(() => Number.NaN)(hypergradient.value.certificate.errorBound)
        : Number.NaN,
    ),
    hypergradient: gradients(moved),
    value: numbers(moved, ({ value }) => value),
    status: ending(states),
    lowerIterations: last?.lowerIterations ?? 0,
    cgIterations: last?.cgIterations ?? 0,
  }
}

/** Clauses `method.hoag` and `draft.hoag.adaptive`: an iteration that was stopped has no entry. */
export const hoagOutputs: Listing<HoagState, HoagOutputs> = ({ states, records }) => {
  const moved = records.filter(({ own }) => E.isRight(own.hypergradient))
  return {
    x: vectors(states.slice(0, moved.length + 1), ({ x }) => x.x),
    y: vectors(moved, ({ y }) => y),
    hypergradient: gradients(moved),
    lowerIterations: moved.map(({ own }) => own.lowerIterations),
    cgIterations: moved.map(({ own }) => own.cgIterations),
    tolerance: numbers(moved, ({ own }) => own.tolerance),
    step: moved.map(({ outcome }) => encodeOutcome(outcome)),
    restored: moved.map(({ own }) => own.restored),
    status: ending(states),
  }
}
