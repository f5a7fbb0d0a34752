/** What is exact of a method over replicas, as functions of a subject: rounding is all that may come between. */
import fc from 'fast-check'
import { quadratic } from 'steplaw'
import { type ControllerFields, replicaMethod, replicasInit } from 'steplaw/replica'
import { advance, type Subject } from './subject.js'

const share = (max: number): fc.Arbitrary<number> => fc.double({ min: 0, max, noNaN: true })
/** Numbers over some binades, so that sums round. */
const positive = fc.double({ min: 2 ** -8, max: 8, noNaN: true })
const loss = fc.double({ min: -8, max: 8, noNaN: true })

const fieldsOf = (replicas: number): fc.Arbitrary<Required<ControllerFields>> =>
  fc.record({
    replicas: fc.constant(replicas),
    step: positive,
    spread: share(1),
    temperature: positive,
    momentum: share(0.95),
    gain: positive,
    decay: share(0.9),
    floor: fc.constantFrom(1e-12, 1e-3),
  })

const permutation = (n: number): fc.Arbitrary<ReadonlyArray<number>> =>
  fc.shuffledSubarray(
    Array.from({ length: n }, (_, r) => r),
    { minLength: n, maxLength: n },
  )

const several = (n: number): fc.Arbitrary<ReadonlyArray<number>> =>
  fc.array(loss, { minLength: n, maxLength: n })

/** A controller, an assignment and losses. */
const meeting = (least = 1) =>
  fc
    .integer({ min: least, max: 9 })
    .chain((n) => fc.record({ fields: fieldsOf(n), assignment: permutation(n), losses: several(n) }))

type Meeting = ReturnType<typeof meeting> extends fc.Arbitrary<infer A> ? A : never

/** Rounding of sums of up to nine terms of a size. */
const near = (a: number, b: number, size: number): boolean => Math.abs(a - b) <= 64 * Number.EPSILON * size

const total = (xs: ReadonlyArray<number>): number => xs.reduce((a, b) => a + b, 0)
const identity = (n: number): ReadonlyArray<number> => Array.from({ length: n }, (_, r) => r)
const factors = (subject: Subject, fields: ControllerFields): ReadonlyArray<number> =>
  subject.controller(fields).values(1, identity(fields.replicas))

const synchronised = (subject: Subject, { fields, assignment, losses }: Meeting) => {
  const controller = subject.controller(fields)
  return controller.synchronise(controller.init, assignment, losses)
}

/** Ranks in the order of their values. */
const byValue = ({ assignment }: Meeting): ReadonlyArray<number> =>
  identity(assignment.length).toSorted((a, b) => (assignment[a] ?? 0) - (assignment[b] ?? 0))

/** The losses handed out so that they fall, or rise, with the value. */
const ordered = (given: Meeting, falls: boolean): Meeting => {
  const sorted = [...given.losses].sort((a, b) => (falls ? b - a : a - b))
  const losses = [...given.losses]
  for (const [i, rank] of byValue(given).entries()) losses[rank] = sorted[i] ?? 0
  return { ...given, losses }
}

const onMeetings =
  (holds: (subject: Subject, given: Meeting) => boolean, least = 1) =>
  (subject: Subject): fc.IProperty<unknown> =>
    fc.property(meeting(least), (given) => holds(subject, given))

/** Runs of two coordinates, three to nine replicas, up to three periods. */
const runs = fc.integer({ min: 2, max: 6 }).chain((n) =>
  fc.record({
    fields: fieldsOf(n).map((fields) => ({ ...fields, step: fields.step / 64, gain: 0.5 })),
    starts: fc.array(fc.tuple(loss, loss), { minLength: n, maxLength: n }),
    period: fc.integer({ min: 1, max: 3 }),
    assignment: permutation(n),
    centre: fc.tuple(loss, loss),
  }),
)

type Run = typeof runs extends fc.Arbitrary<infer A> ? A : never

/** The iterations of a run: the points before each, and after it. */
const iterationsOf = (subject: Subject, { fields, starts, period, assignment, centre }: Run) => {
  const problem = quadratic({
    A: [
      [
        [4, 1],
        [1, 2],
      ],
    ],
    b: [centre],
  })
  const controllers = { step: subject.controller(fields) }
  const method = replicaMethod({ controllers, period, assignment: () => assignment })
  let state = replicasInit(
    method,
    starts.map((x) => Float64Array.from(x)),
  )
  return Array.from({ length: 2 * period + 1 }, () => {
    const before = state
    state = advance(subject, method, problem, state)
    return { before, after: state, problem, meets: (before.k + 1) % period === 0 }
  })
}

const meanOf = (points: ReadonlyArray<{ readonly x: Float64Array }>, i: number): number =>
  total(points.map(({ x }) => x[i] ?? 0)) / points.length

const onRuns =
  (holds: (subject: Subject, run: Run) => boolean) =>
  (subject: Subject): fc.IProperty<unknown> =>
    fc.property(runs, (run) => holds(subject, run))

export const properties: {
  readonly [name: string]: (subject: Subject) => fc.IProperty<unknown>
} = {
  'the factors sum to N': onMeetings((subject, { fields }) =>
    near(total(factors(subject, fields)), fields.replicas, fields.replicas),
  ),
  'the factors lie in the spread': onMeetings((subject, { fields }) =>
    factors(subject, fields).every((rho) => Math.abs(rho - 1) <= fields.spread + 4 * Number.EPSILON),
  ),
  'one replica has the base': onMeetings((subject, { fields }) =>
    factors(subject, { ...fields, replicas: 1 }).every((rho) => rho === 1),
  ),
  'without spread all have the base': onMeetings((subject, { fields, assignment }) =>
    subject
      .controller({ ...fields, spread: 0 })
      .values(fields.step, assignment)
      .every((value) => value === fields.step),
  ),
  'a replica has the factor that it was assigned': onMeetings((subject, { fields, assignment }) => {
    const controller = subject.controller(fields)
    const spread = controller.values(fields.step, identity(fields.replicas))
    return controller
      .values(fields.step, assignment)
      .every((value, r) => value === spread[assignment[r] ?? 0])
  }),
  'the weights are a mean': onMeetings((subject, given) => {
    const { weights } = synchronised(subject, given)
    return weights.every((w) => w >= 0) && near(total(weights), 1, 1)
  }),
  'the signal is bounded by the spread': onMeetings((subject, given) => {
    const { step, spread } = given.fields
    return Math.abs(synchronised(subject, given).signal) <= step * (spread + 64 * Number.EPSILON)
  }),
  'equal losses give no signal': onMeetings((subject, given) => {
    const [first = 0] = given.losses
    const equal = { ...given, losses: given.losses.map(() => first) }
    return near(synchronised(subject, equal).signal, 0, given.fields.step)
  }),
  'the signal follows the losses': onMeetings((subject, given) => {
    const slack = 64 * Number.EPSILON * given.fields.step
    return (
      synchronised(subject, ordered(given, true)).signal >= -slack &&
      synchronised(subject, ordered(given, false)).signal <= slack
    )
  }),
  // An integer much larger than the losses would round them: these are multiples of 2^-10, and the sums are exact.
  'a constant added to all losses changes nothing': (subject) =>
    fc.property(meeting(2), fc.integer({ min: -64, max: 64 }), (given, constant) => {
      const losses = given.losses.map((x) => Math.round(x * 1024) / 1024)
      const moved = losses.map((x) => x + constant)
      const [a, b] = [losses, moved].map((of) => synchronised(subject, { ...given, losses: of }).signal)
      return a === b
    }),
  'the order of the ranks changes nothing': (subject) =>
    fc.property(
      meeting(2).chain((given) => fc.tuple(fc.constant(given), permutation(given.losses.length))),
      ([given, order]) => {
        const permuted = {
          ...given,
          assignment: order.map((r) => given.assignment[r] ?? 0),
          losses: order.map((r) => given.losses[r] ?? 0),
        }
        return near(
          synchronised(subject, given).signal,
          synchronised(subject, permuted).signal,
          given.fields.step,
        )
      },
    ),
  'the velocity is bounded by the spread': (subject) =>
    fc.property(
      meeting(2).chain((given) =>
        fc.oneof(
          fc
            .array(several(given.losses.length), { minLength: 1, maxLength: 20 })
            .map((rows) => ({ ...given, rows })),
          // Signals that go on pointing one way are what drives a velocity farthest.
          fc.constant({
            ...given,
            fields: { ...given.fields, temperature: 1 / 16, momentum: 0.75, gain: 0, decay: 0 },
            rows: Array.from({ length: 20 }, () => given.assignment),
          }),
        ),
      ),
      ({ fields, assignment, rows }) => {
        const controller = subject.controller(fields)
        let state = controller.init
        let greatest = state.base
        return rows.every((losses) => {
          state = controller.synchronise(state, assignment, losses).state
          const bounded = Math.abs(state.velocity) <= greatest * (fields.spread + 256 * Number.EPSILON)
          greatest = Math.max(greatest, state.base)
          return bounded
        })
      },
    ),
  'the base stays above the floor': onMeetings((subject, given) => {
    const { floor } = given.fields
    const fields = { ...given.fields, gain: 64, momentum: 0 }
    return synchronised(subject, { ...ordered(given, false), fields }).state.base >= floor
  }, 2),
  'without a signal the base decays': onMeetings((subject, given) => {
    const { base } = synchronised(subject, { ...given, fields: { ...given.fields, spread: 0 } }).state
    const { step, decay, floor } = given.fields
    return near(base, Math.max(step * (1 - decay), floor), step)
  }),
  'averaging brings the replicas together': onRuns((subject, run) =>
    iterationsOf(subject, run).every(
      ({ after, meets }) =>
        !meets || after.replicas.every(({ x }) => x.every((xi, i) => Object.is(xi, after.replicas[0]?.x[i]))),
    ),
  ),
  // Where the replicas meet the points before are gone: the mean is where the mean gradient led it.
  'averaging leaves the mean': onRuns((subject, run) => followsMean(subject, run, true)),
  'the mean follows the mean gradient': onRuns((subject, run) => followsMean(subject, run, false)),
}

/** Whether the mean of the points moves by the base against the mean of the gradients, each taken at its own point. */
const followsMean = (subject: Subject, run: Run, meeting: boolean): boolean =>
  iterationsOf(subject, run).every(({ before, after, problem, meets }) => {
    if (meets !== meeting) return true
    const gradients = before.replicas.map(({ x }) => ({ x: problem.valueAndGradient(x, null).gradient }))
    const { base } = before.controllers.step
    // Twice the base is the greatest step; a gradient is at most 6 times a difference of points.
    const size =
      64 * (1 + base) * (1 + Math.max(...before.replicas.flatMap(({ x }) => Array.from(x, Math.abs)), 8))
    return [0, 1].every((i) =>
      near(meanOf(after.replicas, i), meanOf(before.replicas, i) - base * meanOf(gradients, i), size),
    )
  })
