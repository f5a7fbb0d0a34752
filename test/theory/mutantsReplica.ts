/** Replicas with one fault each: in the controller, in the decay, or in what happens where replicas meet. */

import {
  type Controller,
  type ControllerFields,
  controller,
  decayTo,
  iterateReplicas,
  lossWeights,
  type ReplicaMethod,
  type ReplicasState,
  replicaIteration,
  spreadSignal,
} from 'steplaw/replica'
import type { Replicas } from '../../src/theory/theorem/controller.js'

/** A vector for each rank, after they have met. */
type Meet = (
  of: 'gradients' | 'points and losses',
  sent: ReadonlyArray<Float64Array>,
) => ReadonlyArray<Float64Array>

const summed: (sent: ReadonlyArray<Float64Array>) => ReadonlyArray<Float64Array> = (sent) => {
  const total = sent.reduce((a, b) => a.map((x, i) => x + (b[i] ?? 0)))
  return sent.map(() => total)
}

/** The iterations of all replicas, where another than the sum may come of a meeting. */
const meeting = (meet: Meet): Replicas['iterate'] =>
  function* (objective, method, from) {
    let state = from
    for (;;) {
      state = advance(meet, objective, method, state)
      yield { state }
    }
  }

const advance = (
  meet: Meet,
  objective: Parameters<Replicas['iterate']>[0],
  method: ReplicaMethod,
  { k, controllers, replicas }: ReplicasState,
): ReplicasState => {
  let at = replicas.map((own, rank) => replicaIteration(method, rank)({ k, controllers, ...own }))
  for (;;) {
    const sums = at.flatMap((p) => (p._tag === 'Ask' && p.question.ask === 'sum' ? [p.question] : []))
    const [first] = sums
    const met =
      first === undefined
        ? []
        : meet(
            first.of,
            sums.map(({ values }) => values),
          )
    const before = at
    at = at.map((program, rank) => {
      if (program._tag === 'Done') return program
      const { question } = program
      if (question.ask === 'sum') return program.next({ value: 0, vector: met[rank] ?? new Float64Array(0) })
      const { value, gradient } = objective.valueAndGradient(question.x, question.batch)
      return program.next({ value, vector: gradient })
    })
    if (before.every(({ _tag }) => _tag === 'Done')) break
  }
  const states = at.flatMap((program) => (program._tag === 'Done' ? [program.value[0]] : []))
  const [first] = states
  if (first === undefined) throw new Error('no replica')
  return {
    k: first.k,
    controllers: first.controllers,
    replicas: states.map(({ x, direction, loss }) => ({ x, direction, loss })),
  }
}

/** A controller from other factors, other weights, another assignment, another base. */
interface Parts {
  readonly factors: (replicas: number, spread: number) => ReadonlyArray<number>
  readonly weights: (losses: ReadonlyArray<number>, temperature: number) => ReadonlyArray<number>
  readonly factorOf: (assignment: ReadonlyArray<number>, rank: number) => number
  readonly signal: (weights: ReadonlyArray<number>, values: ReadonlyArray<number>) => number
  readonly velocity: (momentum: number, velocity: number, signal: number) => number
  readonly base: (fields: Required<ControllerFields>, base: number, velocity: number) => number
}

const right: Parts = {
  factors: (n, spread) =>
    Array.from({ length: n }, (_, r) => 1 + (spread * (r - (n - 1) / 2)) / Math.max((n - 1) / 2, 0.5)),
  weights: lossWeights,
  factorOf: (assignment, rank) => assignment[rank] ?? 0,
  signal: spreadSignal,
  velocity: (b, v, signal) => b * v + (1 - b) * signal,
  base: ({ decay, gain, floor }, base, v) => Math.max(base * (1 - decay) + gain * v, floor),
}

export const made =
  (parts: Partial<Parts>) =>
  (given: ControllerFields): Controller => {
    const { fields, init } = controller(given)
    const { factors, weights, factorOf, signal, velocity, base } = { ...right, ...parts }
    const rho = factors(fields.replicas, fields.spread)
    const values = (of: number, assignment: ReadonlyArray<number>): ReadonlyArray<number> =>
      assignment.map((_, rank) => of * (rho[factorOf(assignment, rank)] ?? 1))
    return {
      fields,
      init,
      values,
      synchronise: (state, assignment, losses) => {
        const w = weights(losses, fields.temperature)
        const delta = signal(w, values(state.base, assignment))
        const next = velocity(fields.momentum, state.velocity, delta)
        return { weights: w, signal: delta, state: { base: base(fields, state.base, next), velocity: next } }
      },
    }
  }

const total = (xs: ReadonlyArray<number>): number => xs.reduce((a, b) => a + b, 0)

/** Faults of a controller. */
export const controllers: { readonly [name: string]: Replicas['controller'] } = {
  beginsAtOne: made({ factors: (n, a) => Array.from({ length: n }, (_, r) => 1 + (a * r) / n) }),
  twiceAsWide: made({ factors: (n, a) => right.factors(n, 2 * a) }),
  /** Zero by zero for one replica. */
  dividesByZero: made({
    factors: (n, a) => Array.from({ length: n }, (_, r) => 1 + (a * (r - (n - 1) / 2)) / ((n - 1) / 2)),
  }),
  greatestForOne: made({ factors: (n, a) => (n === 1 ? [1 + a] : right.factors(n, a)) }),
  wrongSign: made({
    weights: (losses, t) =>
      lossWeights(
        losses.map((loss) => -loss),
        t,
      ),
  }),
  weightsSumToN: made({ weights: (losses, t) => lossWeights(losses, t).map((w) => w * losses.length) }),
  /** By the loss itself, not by its difference. */
  weightsByTheLoss: made({
    weights: (losses) => {
      const powers = losses.map((loss) => 1 / (1 + loss * loss))
      return powers.map((p) => p / total(powers))
    },
  }),
  halfTheTemperature: made({ weights: (losses, t) => lossWeights(losses, t / 2) }),
  /** A signal against the first value, not the mean. */
  againstTheFirst: made({
    signal: (w, values) => spreadSignal(w, values) + (total(values) / values.length - (values[0] ?? 0)),
  }),
  /** The inverse permutation where it matters whose loss it is. */
  inversePermutation: made({ factorOf: (assignment, rank) => assignment.indexOf(rank) }),
  addsTheWholeSignal: made({ velocity: (b, v, signal) => b * v + signal }),
  withoutFloor: made({ base: ({ decay, gain }, base, v) => base * (1 - decay) + gain * v }),
  growsByItsDecay: made({
    base: ({ decay, gain, floor }, base, v) => Math.max(base / (1 - decay) + gain * v, floor),
  }),
}

/** Faults of the decay. */
const decaysTo: { readonly [name: string]: Replicas['decayTo'] } = {
  publishedDecay: ({ divide = 25, finalDivide = 1e4, synchronisations }) =>
    1 - (divide / finalDivide) ** (-1 / synchronisations),
  /** Reaches the last value one synchronisation late. */
  stopsOneEarly: ({ synchronisations, ...ends }) =>
    decayTo({ ...ends, synchronisations: synchronisations + 1 }),
}

/** Points that are replaced before they are summed; the losses behind them are not. */
const points = (
  replaced: (sent: ReadonlyArray<Float64Array>, rank: number) => Float64Array | undefined,
): Meet => {
  return (of, sent) => {
    const sums = summed(sent)
    if (of === 'gradients') return sums
    return sums.map((sum, rank) => {
      const dimension = sum.length - sent.length
      return sum.map((s, i) => (i < dimension ? sent.length * (replaced(sent, rank)?.[i] ?? 0) : s))
    })
  }
}

/** Faults of a meeting. */
const meetings: { readonly [name: string]: Meet } = {
  notAveraged: points((sent, rank) => sent[rank]),
  oneForTheMean: points((sent) => sent[0]),
  gradientsNotShared: (of, sent) =>
    of === 'gradients' ? sent.map((g) => g.map((x) => x * sent.length)) : summed(sent),
  gradientsSummed: (of, sent) =>
    of === 'gradients' ? summed(sent).map((g) => g.map((x) => x * sent.length)) : summed(sent),
}

const library: Replicas = { controller, decayTo, iterate: iterateReplicas }

const each = <A>(
  all: { readonly [name: string]: A },
  subject: (a: A) => Replicas,
): ReadonlyArray<readonly [string, Replicas]> => Object.entries(all).map(([name, a]) => [name, subject(a)])

/** What the faulty ones are made of, without a fault. */
export const faultless: Replicas = {
  controller: made({}),
  decayTo,
  iterate: meeting((_, sent) => summed(sent)),
}

export const faulty: { readonly [name: string]: Replicas } = Object.fromEntries([
  ...each(controllers, (one) => ({ ...library, controller: one })),
  ...each(decaysTo, (one) => ({ ...library, decayTo: one })),
  ...each(meetings, (one) => ({ ...library, iterate: meeting(one) })),
])
