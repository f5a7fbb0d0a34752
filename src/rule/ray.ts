import * as O from 'fp-ts/lib/Option.js'
import type { Json } from '../../spec/vocabulary/json.js'
import { runSync } from '../program/interpret.js'
import { ask, done, type Program } from '../program/program.js'
import { type Observation, observe, type Probe, type Sample, type Search } from './observation.js'
import { type Outcome, type Path, type Reason, rank, type Step } from './outcome.js'
import type { Rule } from './rule.js'

/** How often values alone, and values with slopes, were asked for. */
type Asked = { readonly [W in Probe['want']]: number }

/**
 * The end of a search that was {@link memoised}.
 *
 * @category Rules
 * @since 0.1.0
 */
export interface Memoised<A> {
  readonly value: A
  /** The distinct steps, in order. Their number is the count of probes. */
  readonly probed: ReadonlyArray<Step>
  /** How often values alone, and values with slopes, were asked for. */
  readonly asked: { readonly value: number; readonly slope: number }
}

/**
 * The same search, asking for each step at most once (a second time only where a slope is wanted after a value), and telling
 * in the end which distinct steps it asked for, in order (clause `ray.memo`).
 *
 * A pure transformation: what has been asked is passed along, so that a program replayed from the middle sees no
 * memory of another run.
 *
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { armijo, constant, maxOf, memoised, observe, runSync } from 'steplaw'
 * import * as O from 'fp-ts/lib/Option.js'
 *
 * const search = armijo({ start: constant(4) })
 * const twice = maxOf(search, search)
 * const program = memoised(twice.step(twice.init, observe({ value: 1, slope: -4 })))
 * runSync(program, ({ at }) => ({ value: (1 - 2 * at) ** 2, slope: O.none })).probed // => [4, 2, 1, 0.5]
 * ```
 */
export const memoised = <A>(search: Search<A>): Program<Probe, Sample, Memoised<A>> => {
  type Known = ReadonlyMap<Step, Sample>
  const go = (at: Search<A>, known: Known, asked: Asked): Program<Probe, Sample, Memoised<A>> => {
    let here = at
    while (here._tag === 'Ask') {
      const { question, next } = here
      const sample = known.get(question.at)
      if (sample === undefined || (question.want === 'slope' && O.isNone(sample.slope))) {
        const more = { ...asked, [question.want]: asked[question.want] + 1 }
        return ask(question, (answer) => go(next(answer), new Map([...known, [question.at, answer]]), more))
      }
      here = next(sample)
    }
    return done({ value: here.value, probed: [...known.keys()], asked })
  }
  return go(search, new Map(), { value: 0, slope: 0 })
}

/**
 * A ray to try a rule on: an observation of which only `value` and `slope` must be given, and $\varphi$ (default: the
 * line through both) with its derivative `dphi`, which only searches on the slope ask for.
 *
 * @category Rules
 * @since 0.1.0
 */
export type Ray = Pick<Observation, 'value' | 'slope'> &
  Partial<Observation> & { readonly phi?: (a: number) => number; readonly dphi?: (a: number) => number }

/**
 * What a rule did on one ray.
 *
 * @category Rules
 * @since 0.1.0
 */
export interface Taken {
  /** The step; null for a failure. */
  readonly step: number | null
  /** The operand that decided, or the reasons of the failure. */
  readonly because: Path | ReadonlyArray<Reason>
  readonly outcome: Outcome
  /** The state for the next ray. */
  readonly state: Json
  /** The distinct steps probed, in order. */
  readonly probed: ReadonlyArray<number>
}

/**
 * Asks a rule once.
 *
 * @param state - where the rule stands; its initial state by default.
 * @throws RangeError if the rule asks for a slope along a $\varphi$ that is given without `dphi`.
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { polyak, takeStep } from 'steplaw'
 *
 * takeStep(polyak(), { value: 3, slope: -4 }).step // => 0.75
 * ```
 */
export const takeStep = (rule: Rule, ray: Ray, state: Json = rule.init): Taken => {
  const { phi, dphi, ...given } = ray
  const valueAt = phi ?? ((a: number): number => ray.value + ray.slope * a)
  const slopeAt = dphi ?? (phi === undefined ? (): number => ray.slope : undefined)
  const { value, probed } = runSync(memoised(rule.step(state, observe(given))), ({ at, want }) => {
    if (want === 'value') return { value: valueAt(at), slope: O.none }
    if (slopeAt === undefined)
      throw new RangeError(`dphi is missing, expected as ${rule.name} asks for slopes`)
    return { value: valueAt(at), slope: O.some(slopeAt(at)) }
  })
  const [next, outcome] = value
  return {
    step: outcome._tag === 'Step' ? outcome.step : null,
    because: outcome.because,
    outcome,
    state: next,
    probed,
  }
}

/** The step to remember after an outcome: the outcome's, if it is finite and positive, else what was remembered. */
export const remember = (executed: O.Option<number>, outcome: Outcome): O.Option<number> => {
  const size = rank(outcome)
  return size > 0 && size < Number.POSITIVE_INFINITY ? O.some(size) : executed
}

/**
 * Asks a rule on one ray after the other, in a closed loop: its state is carried on, `k` counts the rays, and
 * `executed` is the last finite positive step, unless a ray says otherwise.
 *
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { last, takeSteps } from 'steplaw'
 *
 * const ray = { value: 1, slope: -1 }
 * takeSteps(last({ initial: 1, factor: 2 }), [ray, ray, ray]).map((taken) => taken.step) // => [1, 2, 4]
 * ```
 */
export const takeSteps = (rule: Rule, rays: ReadonlyArray<Ray>): ReadonlyArray<Taken> => {
  const taken: Array<Taken> = []
  let executed: O.Option<number> = O.none
  for (const [k, ray] of rays.entries()) {
    const here = takeStep(rule, { k, executed, ...ray }, taken[taken.length - 1]?.state)
    executed = remember(ray.executed ?? executed, here.outcome)
    taken.push(here)
  }
  return taken
}
