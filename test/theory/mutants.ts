import * as O from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import {
  type armijo,
  done,
  fail,
  machine,
  type Observation,
  type Outcome,
  probe,
  type Rule,
  rule,
  type Search,
  type Step,
  step,
} from 'steplaw'

/** Realistic bugs, each a rule that a theorem must falsify. */

const gapOf = ({ value, lowerBound }: Observation): number =>
  O.isSome(lowerBound) ? value - lowerBound.value : Number.NaN

const down = ({ value, slope }: Observation): boolean =>
  Number.isFinite(value) && Number.isFinite(slope) && slope < 0

/** A combinator that does arithmetic of its own on the steps of its operands; null is a failure. */
export const combining = (
  name: string,
  operands: ReadonlyArray<Rule>,
  f: (steps: ReadonlyArray<number | null>) => number | null,
): Rule =>
  machine<null>({
    name,
    operands,
    expr: O.none,
    reads: [],
    init: null,
    state: t.null,
    step: (own, _o, outcomes) => {
      const x = f(outcomes.map((o) => (o._tag === 'Step' ? o.step : null)))
      return done([own, x === null ? fail('refused') : step(x)])
    },
  })

// Polyak's step

/** The parameters of a capped Polyak step. */
export interface Capped {
  readonly c: number
  readonly cap: number
}

const polyakLike =
  (name: string, ratio: (o: Observation, c: number) => number) =>
  ({ c, cap }: Capped): Rule =>
    rule({
      name,
      init: null,
      step: (state, o) => [state, down(o) ? Math.min(ratio(o, c), cap) : null],
    })

const positive = (gap: number): number => Math.max(gap, 0)

/** optax `polyak_sgd`: the scaling meets the gradient before its norm is taken, so that it comes out inverted. */
export const invertedScaling = polyakLike('invertedScaling', (o, c) => (c * positive(gapOf(o))) / -o.slope)

/** Polyak's own step where the capped one was meant: the `min` was left out. */
export const withoutCap = ({ c }: Capped): Rule =>
  polyakLike('withoutCap', (o) => positive(gapOf(o)) / (c * -o.slope))({ c, cap: Number.POSITIVE_INFINITY })

/** optax `polyak_sgd`, variant `sps`: a bound above the value gives a negative step. */
export const uphill = polyakLike('uphill', (o, c) => gapOf(o) / (c * -o.slope))

/** The same, mended by an absolute value. */
export const absoluteGap = polyakLike('absoluteGap', (o, c) => Math.abs(gapOf(o)) / (c * -o.slope))

/** sps `smooth_iter`: takes the loss for the gap, whatever bound is declared. */
export const lossForGap = polyakLike('lossForGap', (o, c) => positive(o.value) / (c * -o.slope))

/** sps: 1e-8 added to the squared norm "for stability" makes the step depend on the units of the loss. */
export const paddedNorm = polyakLike('paddedNorm', (o, c) => positive(gapOf(o)) / (c * -o.slope + 1e-8))

/** optax: `max_learning_rate` is 1 unless it is given, whatever the units of the loss. */
export const hiddenCap = polyakLike('hiddenCap', (o, c) => Math.min(positive(gapOf(o)) / (c * -o.slope), 1))

/** optax `scale_by_polyak` behind a preconditioner: the norm of the direction for the slope along it. */
export const normOfDirection = polyakLike('normOfDirection', (o, c) => positive(gapOf(o)) / (c * o.dd))

/** The norm of the gradient for the slope, where the direction is preconditioned. */
export const normOfGradient = polyakLike('normOfGradient', (o, c) => positive(gapOf(o)) / (c * o.gg))

/** A scheduler that is told the loss after the step: the gap of the ray before with the gradient of this one. */
export const oneRayBehind = ({ c, cap }: Capped): Rule =>
  rule<number | null>({
    name: 'oneRayBehind',
    init: null,
    step: (before, o) => [
      gapOf(o),
      down(o) ? Math.min(positive(before ?? gapOf(o)) / (c * -o.slope), cap) : null,
    ],
  })

// The smoothed step

/** The parameters of the smoothed Polyak step. */
export interface Smoothed {
  readonly growth: number
  readonly initial: number
  readonly c: number
}

const smoothedLike =
  (name: string, next: (before: number, ratio: number, growth: number) => readonly [number, number]) =>
  ({ growth, initial, c }: Smoothed): Rule =>
    rule<number>({
      name,
      init: initial,
      step: (before, o) =>
        down(o) ? [...next(before, positive(gapOf(o)) / (c * -o.slope), growth)] : [before, null],
    })

/** sps: a batch without a gap stores a step of zero, and every later step is zero. */
export const absorbingZero = smoothedLike('absorbingZero', (before, ratio, growth) => {
  const size = Math.min(growth * before, ratio)
  return [size, size]
})

/** Grows from the last ratio instead of the last step. */
export const growsFromRatio = smoothedLike('growsFromRatio', (before, ratio, growth) => [
  ratio > 0 ? ratio : before,
  Math.min(growth * before, ratio),
])

/** The growth factor left out: the smoothed step becomes a running minimum. */
export const withoutGrowth = smoothedLike('withoutGrowth', (before, ratio) => {
  const size = Math.min(before, ratio)
  return [size > 0 ? size : before, size]
})

// Backtracking

type Backtracker = (params: Parameters<typeof armijo>[0]) => Rule

interface Trial {
  readonly a: number
  readonly first: number
  readonly value: number
  readonly slack: number
  readonly c: number
  readonly o: Observation
}

interface Change {
  readonly name: string
  readonly accepts?: (trial: Trial) => boolean
  /** The first trial from the start. */
  readonly begins?: (start: number, shrink: number) => number
  /** What is returned for an accepted trial. */
  readonly answers?: (accepted: number, first: number, shrink: number) => number
  /** What is returned when the budget has been spent. */
  readonly exhausted?: (last: number) => number | null
  readonly trials?: (budget: number) => number
}

const sufficient = ({ a, value, slack, c, o }: Trial): boolean =>
  Number.isFinite(value) && value <= o.value + c * a * o.slope + slack

const backtracking =
  ({
    name,
    accepts = sufficient,
    begins = (start) => start,
    answers = (accepted) => accepted,
    exhausted = () => null,
    trials = (budget) => budget,
  }: Change): Backtracker =>
  ({ start: from, c = 0.1, shrink = 0.5, budget = 100, slack = 0 }) =>
    machine<null>({
      name,
      operands: [from],
      expr: O.none,
      reads: ['gg'],
      init: null,
      state: t.null,
      step: (own, o, [start = fail('startUnusable')]) => {
        const answer = (x: number | null): Search<readonly [null, Outcome]> =>
          done([own, x === null ? fail('refused') : step(x)])
        if (!down(o) || start._tag === 'Fail' || !(start.step > 0 && start.step < 1 / 0)) return answer(null)
        const first = begins(start.step, shrink)
        const go = (size: number, left: number, last: number): Search<readonly [null, Outcome]> => {
          const trial = step(size)
          if (left === 0 || trial._tag === 'Fail' || size === 0) return answer(exhausted(last))
          const at: Step = trial.step
          return probe(at, (value) =>
            accepts({ a: at, first, value, slack, c, o })
              ? answer(answers(at, first, shrink))
              : go(shrink * at, left - 1, at),
          )
        }
        return go(first, trials(budget), first)
      },
    })

/** Any decrease will do: Armijo's constant was dropped. */
export const plainDecrease = backtracking({
  name: 'plainDecrease',
  accepts: ({ value, o, slack }) => Number.isFinite(value) && value <= o.value + slack,
})

/** The right-hand side is computed once, at the first trial, and not again for the smaller ones. */
export const frozenTarget = backtracking({
  name: 'frozenTarget',
  accepts: ({ value, c, first, o, slack }) => value <= o.value + c * first * o.slope + slack,
})

/** optax and jaxopt: when the trials have been used up the last one is taken, though it was rejected. */
export const takesLastTrial = backtracking({ name: 'takesLastTrial', exhausted: (last) => last })

/** sls: after the last trial a step of 1e-6 is applied unseen. */
export const takesTinyStep = backtracking({ name: 'takesTinyStep', exhausted: () => 1e-6 })

/** Searches, then steps by the start: the variable that was updated is not the one that is read. */
export const takesFirstTrial = backtracking({ name: 'takesFirstTrial', answers: (_accepted, first) => first })

/** A loop that shrinks at its end: the step returned is one shorter than the one accepted. */
export const shrinksOnceMore = backtracking({
  name: 'shrinksOnceMore',
  answers: (accepted, _first, shrink) => shrink * accepted,
})

/** A loop that shrinks at its beginning: the start itself is never tried. */
export const shrinksFirst = backtracking({ name: 'shrinksFirst', begins: (start, shrink) => shrink * start })

/** optax: `max_backtracking_steps` counts the trials after the first. */
export const oneTrialMore = backtracking({ name: 'oneTrialMore', trials: (budget) => budget + 1 })

/** Rejects where `value > target` instead of accepting where `value <= target`: NaN passes. */
export const acceptsNaN = backtracking({
  name: 'acceptsNaN',
  accepts: ({ value, o, c, a, slack }) => !(value > o.value + c * a * o.slope + slack),
})

/** The slack on the wrong side of the inequality. */
export const slackSubtracted = backtracking({
  name: 'slackSubtracted',
  accepts: ({ value, o, c, a, slack }) =>
    Number.isFinite(value) && value <= o.value + c * a * o.slope - slack,
})

/** Adam with a line search: decrease measured by the norm of the gradient where the direction is preconditioned. */
export const decreaseByGradient = backtracking({
  name: 'decreaseByGradient',
  accepts: ({ value, o, c, a, slack }) => Number.isFinite(value) && value <= o.value - c * a * o.gg + slack,
})

/** `<` for `<=`: a trial at which the inequality holds with equality is rejected. */
export const strictInequality = backtracking({
  name: 'strictInequality',
  accepts: ({ value, o, c, a, slack }) => value < o.value + c * a * o.slope + slack,
})

// DecSPS

/** The parameters of DecSPS. */
export interface Decreasing {
  readonly c0: number
  readonly cap: number
}

const decSpsLike =
  (name: string, next: (m: number, ratio: number, k: number, p: Decreasing) => readonly [number, number]) =>
  (p: Decreasing): Rule =>
    rule<number>({
      name,
      init: p.c0 * p.cap,
      step: (m, o) => (down(o) ? [...next(m, positive(gapOf(o)) / -o.slope, o.k, p)] : [m, null]),
    })

/** DecSPS without its running minimum: the step may grow again. */
export const withoutRunningMin = decSpsLike('withoutRunningMin', (m, ratio, k, { c0 }) => [
  m,
  Math.min(m, ratio) / (c0 * Math.sqrt(k + 1)),
])

/** The minimum runs over the steps, not over $c_k \gamma_k$: the index of $c$ is off by one. */
export const minimumOfSteps = decSpsLike('minimumOfSteps', (m, ratio, k, { c0 }) => {
  const size = Math.min(ratio / (c0 * Math.sqrt(k + 1)), k === 0 ? m / c0 : m)
  return [size > 0 ? size : m, size]
})

/** A running minimum that remembers zeros: one stationary batch ends the run. */
export const absorbingMinimum = decSpsLike('absorbingMinimum', (m, ratio, k, { c0 }) => {
  const least = Math.min(m, ratio)
  return [least, least / (c0 * Math.sqrt(k + 1))]
})

/** The counter is advanced before it is used: $c_{k+1}$ for $c_k$. */
export const counterAhead = decSpsLike('counterAhead', (m, ratio, k, { c0 }) => {
  const least = Math.min(m, ratio)
  return [least > 0 ? least : m, least / (c0 * Math.sqrt(k + 2))]
})

/** The step is answered from the state before it is updated: one iteration behind its value. */
export const answersBeforeUpdate = decSpsLike('answersBeforeUpdate', (m, ratio, k, { c0 }) => [
  ratio > 0 ? Math.min(m, ratio) : m,
  m / (c0 * Math.sqrt(k + 1)),
])

/** The cap is not multiplied by $c_0$. */
export const capUnscaled = decSpsLike('capUnscaled', (m, ratio, k, { c0, cap }) => {
  const least = Math.min(m, ratio, cap)
  return [least > 0 ? least : m, least / (c0 * Math.sqrt(k + 1))]
})

/** $c_k = c_0 \sqrt k$, counted from one in the paper and from zero in the code: the first step has no cap. */
export const rootOfIndex = decSpsLike('rootOfIndex', (m, ratio, k, { c0 }) => {
  const least = Math.min(m, ratio)
  return [least > 0 ? least : m, least / (c0 * Math.sqrt(Math.max(k, 1)))]
})
