import fc from 'fast-check'
import { gamma } from '../../numeric/index.js'
import type { Direction } from '../../optimizer/direction/direction.js'
import { steepest } from '../../optimizer/direction/steepest.js'
import type { armijo } from '../../rule/atom/armijo.js'
import { constant } from '../../rule/atom/constant.js'
import { type Comparison, compared, type Evidence, equal, must } from '../card/evidence.js'
import { descending, leastScale, type Moment, pointAt, travel } from '../world/travel.js'
import type { Journey, SolvedWorld } from '../world/world.js'

/** A way to backtrack. */
export type Search = (params: Parameters<typeof armijo>[0]) => ReturnType<typeof armijo>

/** The constants of a search from a fixed start. */
export interface Constants {
  readonly c: number
  readonly shrink: number
  readonly budget: number
  readonly slack: number
}

/** A journey and a search from a fixed start. */
export interface SearchCase extends Constants {
  readonly journey: Journey<SolvedWorld>
  readonly start: number
}

/** The trials of a search: the start, and each time `shrink` times the one before, as a double. */
const trials = (start: number, { shrink, budget }: Constants): ReadonlyArray<number> => {
  const all: Array<number> = []
  for (let a = start; all.length < budget && a > 0; a *= shrink) all.push(a)
  return all
}

/**
 * What rounding may do to Armijo's inequality at a trial: the errors of both values; the rounding of the right-hand side (3)
 * and of the point (2 a coordinate, times the gradient there); and of the gradient, whose computed form is searched.
 */
export const searchError = (world: SolvedWorld, m: Moment, a: number, { c, slack }: Constants): number => {
  const there = world.place(pointAt(m, a), m.batch)
  const length = m.x.reduce((s, x, i) => s + Math.abs(x) + a * Math.abs(m.p[i] ?? 0), 0)
  const p = Math.sqrt(m.p.reduce((s, x) => s + x * x, 0))
  const moved = gamma(2) * length
  return (
    m.error +
    there.error +
    gamma(3) * (Math.abs(m.value) + c * a * Math.abs(m.slope) + slack) +
    moved * (there.gradientSize + m.L * moved) +
    a * m.gradientError * p
  )
}

/** The greatest step at which smoothness alone guarantees acceptance, $(2 a_{\min}/L)(1 - c)$. */
const threshold = (m: Moment, { c }: Constants): number => ((2 * leastScale(m)) / m.L) * (1 - c)

/**
 * The same in doubles, $(2 a_{\min}/L)(1 - c - \eta)$, where $\eta$ is the rounding of the inequality over $a |\varphi'(0)|$: from
 * $\varphi(a) \le \varphi(0) + a \varphi'(0) (1 - a L / (2 a_{\min}))$.
 */
const acceptableBelow = (world: SolvedWorld, m: Moment, a: number, constants: Constants): number => {
  const eta = searchError(world, m, a, constants) / (a * -m.slope) + gamma(8)
  return ((2 * leastScale(m)) / m.L) * (1 - constants.c - eta)
}

/** What a search says of an iteration of a run. */
export type Part = (world: SolvedWorld, m: Moment, d: SearchCase) => ReadonlyArray<Comparison>

/** Parts on every iteration of a run whose ray descends. */
export const throughout = (
  parts: ReadonlyArray<Part>,
  search: Search,
  d: SearchCase,
  direction: Direction = steepest,
): Evidence => {
  const { c, shrink, budget, slack, start, journey } = d
  const rule = search({ start: constant(start), c, shrink, budget, slack })
  return compared(
    descending(travel(journey, rule, direction)).flatMap((m) =>
      parts
        .flatMap((part) => part(journey.world, m, d))
        .map((one) => ({ ...one, at: `${one.at}, k = ${m.k}` })),
    ),
  )
}

/** The first trial that smoothness guarantees to be accepted; none if the budget does not reach it. */
const guaranteed = (world: SolvedWorld, m: Moment, d: SearchCase): number | undefined => {
  const found = trials(d.start, d).findIndex((a) => a <= acceptableBelow(world, m, a, d))
  return found < 0 ? undefined : found
}

/** $\min\{a_0, 2\beta a_{\min}(1-c)/L\} \le \gamma \le a_0$; a failure only where no trial was sure to be accepted. */
export const bounds: Part = (world, m, d) => {
  if (m.step === null) return [must('a failure for want of trials', guaranteed(world, m, d) === undefined)]
  const above = { at: 'at most the start', observed: m.step, bound: d.start, slack: 0 }
  // The trial before, which was rejected: its rounding is what may have lowered the bound.
  const rejected = m.probed[m.probed.length - 2]
  if (rejected === undefined) return [above]
  const observed = d.shrink * Math.min(rejected, threshold(m, d))
  const surely = d.shrink * Math.min(rejected, acceptableBelow(world, m, rejected, d))
  return [
    above,
    {
      at: 'at least the bound of smoothness',
      observed,
      bound: m.step,
      slack: gamma(2) * m.step + Math.max(0, observed - surely),
    },
  ]
}

/** $\varphi(\gamma) \le \varphi(0) + c\gamma\varphi'(0) + \delta$ in the doubles of the run; a failure leaves the point. */
export const sufficientDecrease: Part = ({ objective }, m, { c, slack }) => {
  if (m.step === null) return [must('a failure leaves the point', m.next === m.x)]
  return [
    {
      at: 'decrease',
      observed: objective.value(pointAt(m, m.step), Int32Array.from(m.batch)),
      bound: m.value + c * m.step * m.slope + slack,
      slack: 0,
    },
  ]
}

/** $\gamma |\varphi'(0)| \le (f - \ell + \delta)/c$. */
export const gapBound: Part = (world, m, { c, slack }) => {
  if (m.step === null) return []
  const error = m.error + world.place(pointAt(m, m.step), m.batch).error
  const observed = c * m.step * -m.slope
  return [
    {
      at: 'at most what there is to gain',
      observed,
      bound: m.gap + slack,
      slack: error + gamma(3) * (Math.abs(m.value) + slack) + gamma(4) * observed,
    },
  ]
}

/** The trials are the grid, the step is the last of them, and no more are wasted than smoothness allows. */
export const backtracks: Part = (world, m, d) => {
  const all = trials(d.start, d)
  const wasted = m.step === null ? m.probed.length : m.probed.length - 1
  return [
    { at: 'probes', observed: m.probed.length, bound: d.budget, slack: 0 },
    must(
      'the trials are the grid',
      m.probed.every((a, j) => a === all[j]),
    ),
    ...(m.step === null ? [] : [equal('the step is the last trial', m.step, all[wasted] ?? Number.NaN)]),
    { at: 'backtracks', observed: wasted, bound: guaranteed(world, m, d) ?? d.budget, slack: 0 },
  ]
}

/** Budgets that suffice, and budgets that do not. */
export const budgets = (): fc.Arbitrary<number> => fc.oneof(fc.constant(100), fc.integer({ min: 1, max: 4 }))
