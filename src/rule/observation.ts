import * as O from 'fp-ts/lib/Option.js'
import { ask, type Program } from '../program/program.js'
import { fail, type Outcome, type Step } from './outcome.js'

/**
 * What a rule sees of the ray $\varphi(a) = f_S(x_k + a\,p)$ before it probes: scalars only, never a vector
 * (the standard, chapter Rays).
 *
 * @category Rules
 * @since 0.1.0
 */
export interface Observation {
  /** The iteration $k \ge 0$. */
  readonly k: number
  /** $\varphi(0)$. */
  readonly value: number
  /** $\varphi'(0) = \langle g, p \rangle$. */
  readonly slope: number
  /** A lower bound of $f_S$, where one is declared. */
  readonly lowerBound: O.Option<number>
  /** $f_S$ at a solution, where it is declared. */
  readonly solutionValue: O.Option<number>
  /** $\|g\|^2$. */
  readonly gg: number
  /** $\|p\|^2$. */
  readonly dd: number
  /** $\|x_k - x_0\|$. */
  readonly travelled: number
  /** $\langle g_k, x_0 - x_k \rangle$. */
  readonly alignment: number
  /** $\langle s,s\rangle, \langle s,y\rangle, \langle y,y\rangle$ of the last displacement $s$ and change of gradient $y$. */
  readonly secant: O.Option<readonly [ss: number, sy: number, yy: number]>
  /** The latest step that was finite and positive when it was executed. */
  readonly executed: O.Option<number>
}

/**
 * The parts of an {@link Observation} that cost something: a rule names those it reads, and a driver computes no
 * others (they are NaN or none then). `k`, `value` and `slope` are always there.
 *
 * @category Rules
 * @since 0.1.0
 */
export type Reading = Exclude<keyof Observation, 'k' | 'value' | 'slope'>

/**
 * Every {@link Reading}: what a rule reads that does not say.
 *
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { allReadings } from 'steplaw'
 *
 * allReadings.includes('lowerBound') // => true
 * ```
 */
export const allReadings: ReadonlyArray<Reading> = [
  'lowerBound',
  'solutionValue',
  'gg',
  'dd',
  'travelled',
  'alignment',
  'secant',
  'executed',
]

/**
 * A question of a search: a sample of the ray. `hints` are steps the search may ask for next, so that a pool of
 * workers may evaluate ahead; only `at` counts as asked.
 *
 * @category Rules
 * @since 0.1.0
 */
export interface Probe {
  readonly at: Step
  readonly want: 'value' | 'slope'
  readonly hints: ReadonlyArray<Step>
}

/**
 * The answer to a {@link Probe}: $\varphi(a)$, and $\varphi'(a)$ where it was wanted.
 *
 * @category Rules
 * @since 0.1.0
 */
export interface Sample {
  readonly value: number
  readonly slope: O.Option<number>
}

/**
 * A computation over one ray.
 *
 * @category Rules
 * @since 0.1.0
 */
export type Search<A> = Program<Probe, Sample, A>

/**
 * Asks for $\varphi(a)$.
 *
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { probe, runSync, step } from 'steplaw'
 * import * as O from 'fp-ts/lib/Option.js'
 *
 * const at = step(2)
 * const search = at._tag === 'Step' ? probe(at.step, (value) => ({ _tag: 'Done', value })) : undefined
 * search && runSync(search, ({ at }) => ({ value: 1 - at, slope: O.none })) // => -1
 * ```
 */
export const probe = <A>(
  at: Step,
  next: (value: number) => Search<A>,
  hints: ReadonlyArray<Step> = [],
): Search<A> => ask({ at, want: 'value', hints }, ({ value }: Sample) => next(value))

/**
 * Asks for $\varphi(a)$ and $\varphi'(a)$; the slope is NaN where the answer has none.
 *
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { done, probeSlope, runSync, step } from 'steplaw'
 * import * as O from 'fp-ts/lib/Option.js'
 *
 * const at = step(2)
 * const search = at._tag === 'Step' ? probeSlope(at.step, (value, slope) => done([value, slope])) : done([])
 * runSync(search, ({ at }) => ({ value: at * at, slope: O.some(2 * at) })) // => [4, 4]
 * ```
 */
export const probeSlope = <A>(
  at: Step,
  next: (value: number, slope: number) => Search<A>,
  hints: ReadonlyArray<Step> = [],
): Search<A> =>
  ask({ at, want: 'slope', hints }, ({ value, slope }: Sample) =>
    next(value, O.isSome(slope) ? slope.value : Number.NaN),
  )

/**
 * Whether the ray descends: finite value, finite slope, slope below zero (clause `ray.slope`).
 *
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { descends } from 'steplaw'
 *
 * descends({ value: 1, slope: -2 }) // => true
 * descends({ value: 1, slope: 0 }) // => false
 * ```
 */
export const descends = ({ value, slope }: Pick<Observation, 'value' | 'slope'>): boolean =>
  Number.isFinite(value) && Number.isFinite(slope) && slope < 0

/** The answer of the rules marked (D) on a ray that does not descend. */
export const onlyOnDescent = (o: Observation, f: () => Outcome): Outcome =>
  descends(o) ? f() : fail('noDescent')

/**
 * An observation with the given value and slope, the defaults of the standard's rule cases for the rest (clause F.4):
 * `lowerBound` 0, `gg` and `dd` equal to `-slope`, nothing travelled, nothing executed.
 *
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { observe } from 'steplaw'
 *
 * observe({ value: 3, slope: -4 }).gg // => 4
 * ```
 */
export const observe = (given: Pick<Observation, 'value' | 'slope'> & Partial<Observation>): Observation => ({
  k: 0,
  lowerBound: O.some(0),
  solutionValue: O.none,
  gg: -given.slope,
  dd: -given.slope,
  travelled: 0,
  alignment: 0,
  secant: O.none,
  executed: O.none,
  ...given,
})
