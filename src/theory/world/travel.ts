import { dot, gamma, squaredNorm } from '../../numeric/index.js'
import type { Direction } from '../../optimizer/direction/direction.js'
import { steepest } from '../../optimizer/direction/steepest.js'
import { type DescentState, descentInit, iteration } from '../../optimizer/iteration.js'
import { answerWith } from '../../optimizer/request.js'
import type { Vector } from '../../problem/oracle.js'
import { runSync } from '../../program/interpret.js'
import type { Rule } from '../../rule/rule.js'
import { type Journey, mean, type Place, type SolvedWorld, type World } from './world.js'

/**
 * One iteration of a run, with everything a theorem may say of it.
 *
 * @category Theorems
 * @since 0.1.0
 */
export interface Moment extends Place {
  readonly k: number
  readonly batch: ReadonlyArray<number>
  readonly x: Vector
  readonly next: Vector
  /** The step; null for a failure. */
  readonly step: number | null
  readonly probed: ReadonlyArray<number>
  /** $f_S(x_k)$ and $\langle g, p\rangle$ as the rule saw them. */
  readonly value: number
  readonly slope: number
  /** The direction that was searched. */
  readonly p: Vector
  readonly gradient: Vector
  /** $\|g_k\|^2$ as the rule saw it. */
  readonly gg: number
  /** Bounds of $L_S$ and $\mu_S$: the means over the batch, rounded outwards. */
  readonly L: number
  readonly mu: number
}

/**
 * A {@link Moment} beside a minimiser.
 *
 * @category Theorems
 * @since 0.1.0
 */
export interface SolvedMoment extends Moment {
  /** $f_S(x^*) - \ell_S$ and its error. */
  readonly atSolution: Place
  /** $\|x_k - x^*\|^2$ and $\|x_{k+1} - x^*\|^2$. */
  readonly distance2: number
  readonly nextDistance2: number
}

/** Below this a squared norm loses digits to underflow, and counted roundings mean nothing. */
const TINY = 2 ** -900

/** A rule on its way through a world. */
export interface Walk<W extends World> {
  readonly world: W
  readonly rule: Rule
  readonly direction: Direction
  readonly state: DescentState
}

/** Where a rule stands before its first step. */
export const setOut = <W extends World>(world: W, rule: Rule, direction: Direction = steepest): Walk<W> => ({
  world,
  rule,
  direction,
  state: descentInit({ rule, direction }, world.start),
})

/**
 * One iteration, by the driver of the library. None at a point that is not finite, or so close to a minimiser at the origin
 * that squares underflow.
 */
export const stride = <W extends World>(
  walk: Walk<W>,
  batch: ReadonlyArray<number>,
): { readonly walk: Walk<W>; readonly moment: Moment } | null => {
  const { world, rule, direction, state } = walk
  const drawn = Int32Array.from(batch)
  const [after, { x, outcome, value, probed }] = runSync(
    iteration({ rule, direction })(state, drawn),
    answerWith(world.objective),
  )
  const { gradient } = world.objective.valueAndGradient(x, drawn)
  const gg = squaredNorm(gradient)
  if (!Number.isFinite(value) || !Number.isFinite(gg) || (gg < TINY && gradient.some((g) => g !== 0)))
    return null
  const { probe: p } = direction.advance(state.direction, { k: state.k, x, gradient })
  return {
    walk: { ...walk, state: after },
    moment: {
      ...world.place(x, batch),
      k: state.k,
      batch,
      x,
      next: after.x,
      step: outcome._tag === 'Step' ? outcome.step : null,
      probed,
      value,
      slope: dot(gradient, p),
      p,
      gradient,
      gg,
      L: mean(batch.map((i) => world.L[i] ?? 0)) * (1 + gamma(5)),
      mu: mean(batch.map((i) => world.mu[i] ?? 0)) * (1 - gamma(5)),
    },
  }
}

/** $\|x - y\|^2$. */
export const distance2 = (x: Vector, y: Vector): number => squaredNorm(x.map((xi, i) => xi - (y[i] ?? 0)))

/** A moment beside the minimiser of its world. */
export const beside = (world: SolvedWorld, m: Moment): SolvedMoment => ({
  ...m,
  atSolution: world.place(world.minimiser, m.batch),
  distance2: distance2(m.x, world.minimiser),
  nextDistance2: distance2(m.next, world.minimiser),
})

/** Runs a rule over a journey. It ends early only where {@link stride} does. */
export const travel = (
  { world, batches }: Journey,
  rule: Rule,
  direction: Direction = steepest,
): ReadonlyArray<Moment> => {
  const moments: Array<Moment> = []
  let walk = setOut(world, rule, direction)
  for (const batch of batches) {
    const next = stride(walk, batch)
    if (next === null) break
    moments.push(next.moment)
    walk = next.walk
  }
  return moments
}

/** {@link travel} in a world whose minimiser is known. */
export const travelBeside = (
  journey: Journey<SolvedWorld>,
  rule: Rule,
  direction: Direction = steepest,
): ReadonlyArray<SolvedMoment> => travel(journey, rule, direction).map((m) => beside(journey.world, m))

/** Where a rule has something to say: the ray descends. */
export const descending = <M extends Moment>(moments: ReadonlyArray<M>): ReadonlyArray<M> =>
  moments.filter(({ slope }) => Number.isFinite(slope) && slope < 0)

/** $x + a p$ as the driver computes it. */
export const pointAt = (m: Moment, a: number): Vector => m.x.map((x, i) => x + a * (m.p[i] ?? 0))

/** The least of the scale by which the direction divides the gradient: 1 along steepest descent. */
export const leastScale = (m: Moment): number =>
  m.p.reduce((least, pi, i) => {
    const g = m.gradient[i] ?? 0
    return g === 0 ? least : Math.min(least, -g / pi)
  }, Number.POSITIVE_INFINITY) *
  (1 - gamma(2))
