/** What is tested of a method over replicas: a controller, and what happens where the replicas meet. Faulty ones stand beside it. */

import type { Objective } from 'steplaw'
import {
  type Controller,
  type ControllerFields,
  controller,
  lossWeights,
  type ReplicaMethod,
  type ReplicaRequest,
  type ReplicasState,
  replicaIteration,
  spreadSignal,
} from 'steplaw/replica'

/** A vector for each rank, after they have met. */
type Meet = (
  of: 'gradients' | 'points and losses',
  sent: ReadonlyArray<Float64Array>,
) => ReadonlyArray<Float64Array>

export interface Subject {
  readonly controller: (fields: ControllerFields) => Controller
  readonly meet: Meet
}

const summed = (sent: ReadonlyArray<Float64Array>): ReadonlyArray<Float64Array> => {
  const total = sent.reduce((a, b) => a.map((x, i) => x + (b[i] ?? 0)))
  return sent.map(() => total)
}

/** The library. */
export const library: Subject = { controller, meet: (_, sent) => summed(sent) }

/** One iteration of all replicas, with the meeting of the subject. */
export const advance = (
  { meet }: Subject,
  method: ReplicaMethod,
  objective: Pick<Objective, 'valueAndGradient'>,
  state: ReplicasState,
): ReplicasState => {
  let at = state.replicas.map((own, rank) =>
    replicaIteration(method, rank)({ k: state.k, controllers: state.controllers, ...own }),
  )
  for (;;) {
    const sent = at.map((program) => (program._tag === 'Ask' ? program.question : null))
    const asked = sent.flatMap(
      (question): ReadonlyArray<ReplicaRequest> => (question === null ? [] : [question]),
    )
    if (asked.length === 0) break
    const sums = asked.flatMap((q) => (q.ask === 'sum' ? [q] : []))
    const met =
      sums.length === 0
        ? []
        : meet(
            sums[0]?.of ?? 'gradients',
            sums.map(({ values }) => values),
          )
    at = at.map((program, rank) => {
      if (program._tag === 'Done') return program
      const { question } = program
      if (question.ask === 'sum') return program.next({ value: 0, vector: met[rank] ?? new Float64Array(0) })
      const { value, gradient } = objective.valueAndGradient(question.x, question.batch)
      return program.next({ value, vector: gradient })
    })
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

/** Subjects with one fault each, and the properties of which one at least must find it. */
export const faulty: ReadonlyArray<readonly [fault: string, subject: Subject, foundBy: string]> = [
  [
    'a spread that begins at 1',
    {
      ...library,
      controller: made({ factors: (n, a) => Array.from({ length: n }, (_, r) => 1 + (a * r) / n) }),
    },
    'the factors sum to N',
  ],
  [
    'a spread that is twice as wide',
    { ...library, controller: made({ factors: (n, a) => right.factors(n, 2 * a) }) },
    'the factors lie in the spread',
  ],
  [
    'a spread that divides by zero for one replica',
    {
      ...library,
      controller: made({
        factors: (n, a) => Array.from({ length: n }, (_, r) => 1 + (a * (r - (n - 1) / 2)) / ((n - 1) / 2)),
      }),
    },
    'one replica has the base',
  ],
  [
    'a greatest step for one replica',
    { ...library, controller: made({ factors: (n, a) => (n === 1 ? [1 + a] : right.factors(n, a)) }) },
    'one replica has the base',
  ],
  [
    'weights of the wrong sign',
    {
      ...library,
      controller: made({
        weights: (losses, t) =>
          lossWeights(
            losses.map((loss) => -loss),
            t,
          ),
      }),
    },
    'the signal follows the losses',
  ],
  [
    'weights that sum to N',
    {
      ...library,
      controller: made({ weights: (losses, t) => lossWeights(losses, t).map((w) => w * losses.length) }),
    },
    'the signal is bounded by the spread',
  ],
  [
    'weights by the loss itself, not by its difference',
    {
      ...library,
      controller: made({
        weights: (losses) => {
          const powers = losses.map((loss) => 1 / (1 + loss * loss))
          return powers.map((p) => p / total(powers))
        },
      }),
    },
    'a constant added to all losses changes nothing',
  ],
  [
    'a signal against the first value, not the mean',
    {
      ...library,
      controller: made({
        signal: (w, values) => spreadSignal(w, values) + (total(values) / values.length - (values[0] ?? 0)),
      }),
    },
    'equal losses give no signal',
  ],
  [
    'the inverse permutation where it matters whose loss it is',
    {
      ...library,
      controller: made({ factorOf: (assignment, rank) => assignment.indexOf(rank) }),
    },
    'a replica has the factor that it was assigned',
  ],
  [
    'a velocity that adds the whole signal',
    { ...library, controller: made({ velocity: (b, v, signal) => b * v + signal }) },
    'the velocity is bounded by the spread',
  ],
  [
    'a base without a floor',
    { ...library, controller: made({ base: ({ decay, gain }, base, v) => base * (1 - decay) + gain * v }) },
    'the base stays above the floor',
  ],
  [
    'a base that grows by its decay',
    {
      ...library,
      controller: made({
        base: ({ decay, gain, floor }, base, v) => Math.max(base / (1 - decay) + gain * v, floor),
      }),
    },
    'without a signal the base decays',
  ],
  [
    'points that are not averaged',
    {
      ...library,
      meet: (of, sent) => {
        const sums = summed(sent)
        if (of === 'gradients') return sums
        return sums.map((sum, rank) => sum.map((s, i) => (i < 2 ? sent.length * (sent[rank]?.[i] ?? 0) : s)))
      },
    },
    'averaging brings the replicas together',
  ],
  [
    'a point of one replica in place of the mean',
    {
      ...library,
      meet: (of, sent) =>
        of === 'gradients'
          ? summed(sent)
          : summed(sent).map((sum) => sum.map((s, i) => (i < 2 ? sent.length * (sent[0]?.[i] ?? 0) : s))),
    },
    'averaging leaves the mean',
  ],
  [
    'gradients that are not shared',
    {
      ...library,
      meet: (of, sent) =>
        of === 'gradients' ? sent.map((g) => g.map((x) => x * sent.length)) : summed(sent),
    },
    'the mean follows the mean gradient',
  ],
  [
    'gradients that are summed, not averaged',
    {
      ...library,
      meet: (of, sent) =>
        of === 'gradients' ? summed(sent).map((g) => g.map((x) => x * sent.length)) : summed(sent),
    },
    'the mean follows the mean gradient',
  ],
]
