import { type armijo, constant, type Direction, steepest } from 'steplaw'
import { gamma } from '../../src/numeric/index.js'
import {
  descending,
  type Journey,
  leastScale,
  type Moment,
  placeAt,
  pointAt,
  travel,
  type World,
  worldOf,
} from './journey.js'

/** A way to backtrack. */
export type Search = (params: Parameters<typeof armijo>[0]) => ReturnType<typeof armijo>

/** The constants of a search from a fixed start. */
export interface Constants {
  readonly c: number
  readonly shrink: number
  readonly budget: number
  readonly slack: number
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
export const searchError = ({ problem }: World, m: Moment, a: number, { c, slack }: Constants): number => {
  const there = placeAt(problem, pointAt(m, a), m.batch)
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

/**
 * The greatest step at which smoothness guarantees acceptance, $(2 a_{\min}/L)(1 - c - \eta)$, where $\eta$ is the rounding of the
 * inequality over $a |\varphi'(0)|$: from $\varphi(a) \le \varphi(0) + a \varphi'(0) (1 - a L / (2 a_{\min}))$.
 */
const acceptableBelow = (world: World, m: Moment, a: number, constants: Constants): number => {
  const eta = searchError(world, m, a, constants) / (a * -m.slope) + gamma(8)
  return ((2 * leastScale(m)) / m.L) * (1 - constants.c - eta)
}

/** A journey and a search from a fixed start. */
export interface SearchDraw extends Constants {
  readonly journey: Journey
  readonly start: number
}

/** What a search says of an iteration of a run. */
export type Part = (world: World, m: Moment, d: SearchDraw) => boolean

/** A part on every iteration of a run whose ray descends. */
export const throughout =
  (part: Part, direction: Direction = steepest) =>
  (search: Search) =>
  (d: SearchDraw): boolean => {
    const world = worldOf(d.journey)
    const { c, shrink, budget, slack, start } = d
    const rule = search({ start: constant(start), c, shrink, budget, slack })
    return descending(travel(world, rule, direction)).every((m) => part(world, m, d))
  }

/** The first trial that smoothness guarantees to be accepted; none if the budget does not reach it. */
const guaranteed = (world: World, m: Moment, d: SearchDraw): number | undefined => {
  const found = trials(d.start, d).findIndex((a) => a <= acceptableBelow(world, m, a, d))
  return found < 0 ? undefined : found
}

/** $\min\{a_0, 2\beta a_{\min}(1-c)/L\} \le \gamma \le a_0$; a failure only where no trial was sure to be accepted. */
export const bounds: Part = (world, m, d) => {
  if (m.step === null) return guaranteed(world, m, d) === undefined
  if (m.step > d.start) return false
  // The trial before, which was rejected: its rounding is what may have lowered the bound.
  const rejected = m.probed[m.probed.length - 2]
  return (
    rejected === undefined ||
    m.step * (1 + gamma(2)) >= d.shrink * Math.min(rejected, acceptableBelow(world, m, rejected, d))
  )
}

/** $\varphi(\gamma) \le \varphi(0) + c\gamma\varphi'(0) + \delta$ in the doubles of the run; a failure leaves the point. */
export const sufficientDecrease: Part = ({ objective }, m, { c, slack }) => {
  if (m.step === null) return m.next === m.x
  const value = objective.value(pointAt(m, m.step), Int32Array.from(m.batch))
  return value <= m.value + c * m.step * m.slope + slack
}

/** $\gamma |\varphi'(0)| \le (f - \ell + \delta)/c$. */
export const gapBound: Part = ({ problem }, m, { c, slack }) => {
  if (m.step === null) return true
  const error = m.error + placeAt(problem, pointAt(m, m.step), m.batch).error
  return (
    c * m.step * -m.slope * (1 - gamma(4)) <= m.gap + slack + error + gamma(3) * (Math.abs(m.value) + slack)
  )
}

/** The trials are the grid, the step is the last of them, and no more are wasted than smoothness allows. */
export const backtracks: Part = (world, m, d) => {
  const all = trials(d.start, d)
  const wasted = m.step === null ? m.probed.length : m.probed.length - 1
  return (
    m.probed.length <= d.budget &&
    m.probed.every((a, j) => a === all[j]) &&
    (m.step === null || m.step === all[wasted]) &&
    wasted <= (guaranteed(world, m, d) ?? d.budget)
  )
}
