import fc from 'fast-check'
import type { Objective } from '../../problem/oracle.js'
import { type ControllerFields, controller, decayTo } from '../../replica/controller.js'
import { iterateReplicas, type ReplicasState } from '../../replica/driver.js'
import type { ReplicaMethod } from '../../replica/iteration.js'
import { type Comparison, compared, equal, must } from '../card/evidence.js'
import type { Statement } from '../card/statement.js'
import { between, magnitudes } from './parameter.js'

/** What is tried: a controller, the decay of a schedule, and what happens where replicas meet. */
export interface Replicas {
  readonly controller: typeof controller
  readonly decayTo: typeof decayTo
  readonly iterate: (
    objective: Objective,
    method: ReplicaMethod,
    from: ReplicasState,
  ) => Iterator<{ readonly state: ReplicasState }>
}

/** A controller, an assignment, and the losses of a period. */
interface Meeting {
  readonly fields: Required<ControllerFields>
  readonly assignment: ReadonlyArray<number>
  readonly losses: ReadonlyArray<number>
}

/** Fields of a controller. */
export const fieldsOf = (replicas: number): fc.Arbitrary<Required<ControllerFields>> =>
  fc.record({
    replicas: fc.constant(replicas),
    step: magnitudes(),
    spread: between(0, 1),
    temperature: magnitudes(),
    momentum: between(0, 15 / 16),
    gain: magnitudes(),
    decay: between(0, 7 / 8),
    floor: fc.constantFrom(1e-12, 1e-3),
  })

const identity = (n: number): ReadonlyArray<number> => Array.from({ length: n }, (_, r) => r)

/** The orders of $0, \dots, n - 1$. */
export const permutation = (n: number): fc.Arbitrary<ReadonlyArray<number>> =>
  fc.shuffledSubarray([...identity(n)], { minLength: n, maxLength: n })

/** Multiples of $2^{-10}$: an integer added to them rounds nothing. */
const several = (n: number): fc.Arbitrary<ReadonlyArray<number>> =>
  fc.array(
    fc.integer({ min: -8192, max: 8192 }).map((i) => i / 1024),
    { minLength: n, maxLength: n },
  )

const meetings = (least: number): fc.Arbitrary<Meeting> =>
  fc
    .integer({ min: least, max: 9 })
    .chain((n) => fc.record({ fields: fieldsOf(n), assignment: permutation(n), losses: several(n) }))

const show = ({ fields, assignment, losses }: Meeting) => ({ fields: { ...fields }, assignment, losses })

/** Sums of up to nine terms, and weights of a few roundings each. */
export const ROUNDINGS = 64 * Number.EPSILON

/** From left to right. */
export const total = (xs: ReadonlyArray<number>): number => xs.reduce((a, b) => a + b, 0)

const synchronised = (subject: Replicas, { fields, assignment, losses }: Meeting) => {
  const own = subject.controller(fields)
  return own.synchronise(own.init, assignment, losses)
}

/** The losses handed out so that they fall, or rise, with the value. */
const ordered = (given: Meeting, falls: boolean): Meeting => {
  const sorted = given.losses.toSorted((a, b) => (falls ? b - a : a - b))
  return { ...given, losses: given.assignment.map((i) => sorted[i] ?? 0) }
}

/** What all statements of the card share. */
export const common = {
  evidence: ['D', 'V'],
  hypotheses: [],
  slack: '64 roundings of what is added',
  show,
  subjects: { hdet: { controller, decayTo, iterate: iterateReplicas } },
} as const

/** The values of a spread. */
export const spread: Statement<Replicas, Meeting> = {
  ...common,
  id: 'P21.spread',
  kind: 'algebra',
  says: '$|\\rho_r - 1| \\le \\alpha$ and $\\sum_r \\rho_r = N$; $\\rho = 1$ for $N = 1$ or $\\alpha = 0$; replica $r$ has the factor of its number in the assignment',
  cases: meetings(1),
  evaluate: (subject, { fields, assignment }) => {
    const { replicas, spread: alpha, step } = fields
    const own = subject.controller(fields)
    const rho = own.values(1, identity(replicas))
    const alone = subject.controller({ ...fields, replicas: 1 })
    const narrow = subject.controller({ ...fields, spread: 0 })
    const around = own.values(step, identity(replicas))
    return compared([
      ...rho.map((factor, r) => ({
        at: `factor ${r}`,
        observed: Math.abs(factor - 1),
        bound: alpha,
        slack: ROUNDINGS,
      })),
      equal('the sum of the factors', total(rho), replicas, ROUNDINGS * replicas),
      must(
        'one replica has the base',
        alone.values(step, [0]).every((value) => value === step),
      ),
      must(
        'without spread all have the base',
        narrow.values(step, assignment).every((value) => value === step),
      ),
      must(
        'each has the factor that it was assigned',
        own.values(step, assignment).every((value, r) => value === around[assignment[r] ?? 0]),
      ),
    ])
  },
  mutants: ['beginsAtOne', 'twiceAsWide', 'dividesByZero', 'greatestForOne', 'inversePermutation'],
}

/** One signal. */
export const signal: Statement<Replicas, Meeting> = {
  ...common,
  id: 'P21.signal',
  kind: 'path',
  says: '$|\\Delta| \\le \\alpha \\bar\\eta$; the weights are a mean',
  cases: meetings(1),
  evaluate: (subject, given) => {
    const { step, spread: alpha } = given.fields
    const { weights, signal: delta } = synchronised(subject, given)
    return compared([
      { at: 'signal', observed: Math.abs(delta), bound: alpha * step, slack: ROUNDINGS * step },
      { at: 'least weight', observed: -Math.min(...weights), bound: 0, slack: 0 },
      equal('the sum of the weights', total(weights), 1, ROUNDINGS),
    ])
  },
  mutants: ['weightsSumToN', 'againstTheFirst'],
}

/** Where it points. */
export const sign: Statement<Replicas, Meeting> = {
  ...common,
  id: 'P21.sign',
  kind: 'path',
  says: '$\\Delta = 0$ for equal losses, $\\Delta \\ge 0$ where the loss falls with the value, $\\Delta \\le 0$ where it rises',
  cases: meetings(1),
  evaluate: (subject, given) => {
    const slack = ROUNDINGS * given.fields.step
    const [first = 0] = given.losses
    const even = synchronised(subject, { ...given, losses: given.losses.map(() => first) })
    const falling = synchronised(subject, ordered(given, true))
    const rising = synchronised(subject, ordered(given, false))
    return compared([
      equal('equal losses', even.signal, 0, slack),
      { at: 'falling losses', observed: -falling.signal, bound: 0, slack },
      { at: 'rising losses', observed: rising.signal, bound: 0, slack },
    ])
  },
  mutants: ['wrongSign', 'againstTheFirst'],
}

interface Sloped extends Meeting {
  /** $s = a\,\alpha\bar\eta / \sigma$: how far the losses of the extreme replicas are from their mean, in temperatures. */
  readonly scaled: number
}

/** Losses that are linear in the value: the signal is a difference quotient. */
export const slope: Statement<Replicas, Sloped> = {
  ...common,
  id: 'P21.slope',
  kind: 'path',
  says: '$\\left|\\Delta + \\frac{N+1}{3(N-1)} \\frac{R^2}{\\sigma} a\\right| \\le \\frac{R^4}{3\\sigma^3} |a|^3$ with $R = \\alpha \\bar\\eta$, for losses $L_r = a \\eta_r + \\text{const}$',
  cases: fc
    .tuple(meetings(2), fc.integer({ min: -32, max: 32 }), between(1 / 8, 1))
    .map(([given, i, alpha]) => ({
      ...given,
      fields: { ...given.fields, spread: alpha },
      scaled: i / 16,
    })),
  show: (given) => ({ ...show(given), scaled: given.scaled }),
  evaluate: (subject, given) => {
    const { fields, assignment, scaled } = given
    const { replicas: n, step, spread: alpha, temperature } = fields
    const reach = alpha * step
    const middle = (n - 1) / 2
    // Losses with slope a around their mean, written without the division by the reach that s holds.
    const losses = assignment.map((i) => (scaled * temperature * (i - middle)) / middle)
    const { signal: delta } = synchronised(subject, { ...given, losses })
    const share = (n + 1) / (3 * (n - 1))
    return compared([
      {
        at: `s = ${scaled}`,
        observed: Math.abs(delta + share * scaled * reach),
        bound: (Math.abs(scaled) * scaled * scaled * reach) / 3,
        slack: ROUNDINGS * step * (1 + Math.abs(scaled)),
      },
    ])
  },
  mutants: ['wrongSign', 'halfTheTemperature', 'twiceAsWide'],
}

interface Moved extends Meeting {
  readonly constant: number
  readonly order: ReadonlyArray<number>
}

/** What changes nothing. */
export const invariant: Statement<Replicas, Moved> = {
  ...common,
  id: 'P21.invariance',
  kind: 'algebra',
  says: '$\\Delta$ is the same when a constant is added to all losses, bit for bit where that rounds nothing, and when the ranks are permuted',
  cases: meetings(2).chain((given) =>
    fc.record({
      fields: fc.constant(given.fields),
      assignment: fc.constant(given.assignment),
      losses: fc.constant(given.losses),
      constant: fc.integer({ min: -64, max: 64 }),
      order: permutation(given.losses.length),
    }),
  ),
  show: (given) => ({ ...show(given), constant: given.constant, order: given.order }),
  evaluate: (subject, given) => {
    const { fields, assignment, losses, constant, order } = given
    const delta = synchronised(subject, given).signal
    const moved = { ...given, losses: losses.map((x) => x + constant) }
    const permuted = {
      fields,
      assignment: order.map((r) => assignment[r] ?? 0),
      losses: order.map((r) => losses[r] ?? 0),
    }
    return compared([
      equal('a constant', synchronised(subject, moved).signal, delta),
      equal('the order', synchronised(subject, permuted).signal, delta, ROUNDINGS * fields.step),
    ])
  },
  mutants: ['weightsByTheLoss', 'inversePermutation'],
}

interface Periods extends Meeting {
  readonly rows: ReadonlyArray<ReadonlyArray<number>>
}

/** Losses of many periods. Signals that go on pointing one way drive a velocity farthest. */
const periods: fc.Arbitrary<Periods> = meetings(2).chain((given) =>
  fc.oneof(
    fc
      .array(several(given.losses.length), { minLength: 1, maxLength: 20 })
      .map((rows) => ({ ...given, rows })),
    between(0, 3 / 4).map((momentum) => ({
      ...given,
      fields: { ...given.fields, temperature: 1 / 16, momentum, gain: 0, decay: 0 },
      rows: Array.from({ length: 20 }, () => given.assignment),
    })),
  ),
)

/** The running mean of the signals, and the base that it moves. */
export const velocity: Statement<Replicas, Periods> = {
  ...common,
  id: 'P21.velocity',
  kind: 'path',
  says: '$|v_k| \\le \\alpha \\max_{j < k} \\bar\\eta_j$, and $\\bar\\eta_k$ is at least the floor',
  cases: periods,
  show: ({ rows, ...given }) => ({ ...show(given), rows }),
  evaluate: (subject, { fields, assignment, rows }) => {
    const { spread: alpha, floor } = fields
    const own = subject.controller(fields)
    let state = own.init
    let greatest = state.base
    const comparisons: Array<Comparison> = []
    for (const [k, losses] of rows.entries()) {
      state = own.synchronise(state, assignment, losses).state
      const { base, velocity: v } = state
      const [at, bound] = [`velocity, k = ${k + 1}`, alpha * greatest]
      comparisons.push({ at, observed: Math.abs(v), bound, slack: 4 * ROUNDINGS * greatest })
      comparisons.push({ at: `floor, k = ${k + 1}`, observed: floor, bound: base, slack: 0 })
      greatest = Math.max(greatest, base)
    }
    return compared(comparisons)
  },
  mutants: ['addsTheWholeSignal', 'withoutFloor'],
}

interface Decaying {
  readonly step: number
  readonly divide: number
  readonly finalDivide: number
  readonly synchronisations: number
}

/** The decay with the sign that takes a base down. */
export const decays: Statement<Replicas, Decaying> = {
  ...common,
  id: 'P21.decay',
  kind: 'path',
  says: 'without a signal $\\bar\\eta_K = \\bar\\eta_0 / (f_\\text{div} f_\\text{final})$ for $\\delta = 1 - (f_\\text{div} f_\\text{final})^{-1/K}$, and $\\bar\\eta_k \\le \\bar\\eta_{k-1}$',
  slack: 'counted: two roundings a synchronisation, and that of $\\delta$ in $1 - \\delta$',
  cases: fc.record({
    step: magnitudes(),
    divide: between(1, 32),
    finalDivide: fc.oneof(between(1, 32), fc.constant(1e4)),
    synchronisations: fc.integer({ min: 1, max: 64 }),
  }),
  show: (given) => ({ ...given }),
  evaluate: (subject, { step, ...schedule }) => {
    const { divide, finalDivide, synchronisations } = schedule
    const decay = subject.decayTo(schedule)
    const fields = { replicas: 2, step, spread: 0, temperature: 1, momentum: 0, gain: 0 }
    const own = subject.controller({ ...fields, decay })
    let state = own.init
    const comparisons: Array<Comparison> = []
    for (let k = 1; k <= synchronisations; k++) {
      const before = state.base
      state = own.synchronise(state, [0, 1], [1, 2]).state
      comparisons.push({ at: `k = ${k}`, observed: state.base, bound: before, slack: 0 })
    }
    const target = step / (divide * finalDivide)
    const roundings = 4 * (synchronisations * (2 + 1 / (1 - decay)) + 32)
    return compared([
      ...comparisons,
      equal('the last base', state.base, target, roundings * Number.EPSILON * target),
    ])
  },
  mutants: ['publishedDecay', 'growsByItsDecay', 'stopsOneEarly'],
}
