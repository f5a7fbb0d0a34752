import * as O from 'fp-ts/lib/Option.js'
import type { Json } from '../../spec/vocabulary/json.js'
import { dot, squaredNorm } from '../numeric/index.js'
import type { Batch, Vector } from '../problem/oracle.js'
import { ask, chain, done, type Program } from '../program/program.js'
import type { Observation, Probe, Reading, Sample } from '../rule/observation.js'
import { fail, type Outcome, type Step } from '../rule/outcome.js'
import { memoised, remember } from '../rule/ray.js'
import { type DirectionState, directionInit, type Heading } from './direction/direction.js'
import { type Method, type Parts, partsOf } from './method.js'
import type { Request, Response } from './request.js'
import type { WrapperState } from './wrapper/state.js'
import type { WrapperOutputs, WrapperView } from './wrapper/wrapper.js'

/**
 * How often the objective has been evaluated on training batches: `values` counts probes, `gradients` evaluations of value
 * and gradient together.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface Counts {
  readonly values: number
  readonly gradients: number
}

/**
 * Everything that is carried from one iteration to the next. Plain data: a run can be stopped between any two
 * iterations and go on elsewhere with the same bits.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface DescentState {
  readonly k: number
  readonly x: Vector
  /** $x_0$. */
  readonly start: Vector
  readonly rule: Json
  readonly direction: DirectionState
  /** Empty where there is no wrapper. */
  readonly wrapper: WrapperState
  /** The latest step that was finite and positive when executed. */
  readonly executed: O.Option<number>
  /** Point and gradient of the last finite iteration; kept only for rules that read the secant. */
  readonly previous: O.Option<{ readonly x: Vector; readonly gradient: Vector }>
  readonly counts: Counts
}

/**
 * What happened in one iteration.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface IterationRecord {
  readonly k: number
  /** $x_k$, the point before the step. */
  readonly x: Vector
  /** $f_S(x_k)$. */
  readonly value: number
  /** $\|g_k\|$. */
  readonly gradientNorm: number
  /** What the rule said; the failure `noRule` where the wrapper steps by itself. */
  readonly outcome: Outcome
  /** The distinct steps probed, in order. */
  readonly probed: ReadonlyArray<Step>
  /** Evaluations up to and including this iteration. */
  readonly counts: Counts
  /** What the wrapper has to show after the iteration. */
  readonly outputs: WrapperOutputs
}

/**
 * The state before the first iteration.
 *
 * @throws RangeError if a coordinate of the start is not finite, or the pieces of the method do not fit.
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, descentInit, steepest } from 'steplaw'
 *
 * descentInit({ direction: steepest, rule: constant(1) }, Float64Array.of(3)).counts // => { values: 0, gradients: 0 }
 * ```
 */
export const descentInit = (method: Method, start: Vector): DescentState => {
  const { base, wrapper } = partsOf(method)
  const bad = start.findIndex((x) => !Number.isFinite(x))
  if (bad >= 0) throw new RangeError(`start: coordinate ${bad} is ${start[bad]}, expected a finite number`)
  return {
    k: 0,
    x: start,
    start,
    rule: base?.rule.init ?? null,
    direction: base === null ? { count: 0, moments: [] } : directionInit(base.direction, start.length),
    wrapper: wrapper?.init(start) ?? {},
    executed: O.none,
    previous: O.none,
    counts: { values: 0, gradients: 0 },
  }
}

/** $x + a\,p$, in a fresh array. */
const along = (x: Vector, a: number, p: Vector): Vector => x.map((xi, i) => xi + a * (p[i] ?? 0))

const minus = (x: Vector, y: Vector): Vector => x.map((xi, i) => xi - (y[i] ?? 0))

const finite = (v: Vector): boolean => v.every(Number.isFinite)

/** The scalars of the ray that the rule reads; the others are NaN or none. */
const observationOf = (
  reads: ReadonlyArray<Reading>,
  { k, x, start, executed, previous }: DescentState,
  { value, lowerBound, solutionValue }: Response,
  gradient: Vector,
  { probe }: Heading,
): Observation => {
  const asked = (reading: Reading, f: () => number): number => (reads.includes(reading) ? f() : Number.NaN)
  return {
    k,
    value,
    slope: dot(gradient, probe),
    lowerBound: O.fromNullable(lowerBound),
    solutionValue: O.fromNullable(solutionValue),
    gg: asked('gg', () => squaredNorm(gradient)),
    dd: asked('dd', () => squaredNorm(probe)),
    travelled: asked('travelled', () => Math.sqrt(squaredNorm(minus(x, start)))),
    alignment: asked('alignment', () => dot(gradient, minus(start, x))),
    secant: O.map((before: { readonly x: Vector; readonly gradient: Vector }): [number, number, number] => {
      const s = minus(x, before.x)
      const y = minus(gradient, before.gradient)
      return [squaredNorm(s), dot(s, y), squaredNorm(y)]
    })(previous),
    executed,
  }
}

const gradientOf = ({ gradient }: Response, x: Vector): Vector => {
  if (gradient === undefined) throw new TypeError('the oracle gave no gradient where one was wanted')
  if (gradient.length !== x.length)
    throw new RangeError(
      `the oracle gave a gradient of length ${gradient.length} at a point of length ${x.length}`,
    )
  return gradient
}

/** The probes of a rule as requests for values (and slopes) at points of the ray. */
const alongRay = <A>(
  program: Program<Probe, Sample, A>,
  x: Vector,
  p: Vector,
  batch: Batch,
): Program<Request, Response, A> => {
  if (program._tag === 'Done') return program
  const { at, want, hints } = program.question
  const point = along(x, at, p)
  const request: Request = {
    want: want === 'slope' ? 'gradient' : 'value',
    x: point,
    batch,
    ray: O.some({ from: x, along: p, hints }),
  }
  return ask(request, (response: Response) => {
    const slope = want === 'slope' ? O.some(dot(gradientOf(response, point), p)) : O.none
    return alongRay(program.next({ value: response.value, slope }), x, p, batch)
  })
}

/** What is left of an iteration once it is known where the run would go without a wrapper. */
const wrapped = (
  { wrapper }: Parts,
  state: DescentState,
  move: Pick<WrapperView, 'gradient' | 'step' | 'proposed'> & { readonly execute: Vector | null },
): Pick<DescentState, 'x' | 'wrapper'> & { readonly outputs: WrapperOutputs } => {
  if (wrapper === null) return { x: move.proposed, wrapper: state.wrapper, outputs: {} }
  const { k, x, start } = state
  const { execute, ...rest } = move
  const displacement = execute === null ? new Float64Array(x.length) : execute.map((e) => move.step * e)
  const next = wrapper.advance(state.wrapper, { k, x, start, displacement, ...rest })
  if (next.x.length !== x.length)
    throw new RangeError(`${wrapper.name} gave a point of length ${next.x.length}, expected ${x.length}`)
  return { x: next.x, wrapper: next.state, outputs: wrapper.outputs(next.state) }
}

/**
 * One iteration of descent as a program of requests (clause `descent`): evaluates value and gradient on
 * the batch, turns the direction, asks the rule, and steps, or lets the wrapper step. A value or gradient that is not
 * finite, a failure and an infinite step leave the point; the run goes on.
 *
 * @throws RangeError if the pieces of the method do not fit.
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { answerWith, constant, descentInit, iteration, quadratic, runSync, steepest } from 'steplaw'
 *
 * const method = { direction: steepest, rule: constant(0.25) }
 * const oracle = answerWith(quadratic({ A: [[[2]]], b: [[0]] }))
 * const [next] = runSync(iteration(method)(descentInit(method, Float64Array.of(4)), null), oracle)
 * next.x // => Float64Array.of(2)
 * ```
 */
export const iteration = (
  method: Method,
): ((
  state: DescentState,
  batch: Batch,
) => Program<Request, Response, readonly [DescentState, IterationRecord]>) => {
  const parts = partsOf(method)
  return (state, batch) =>
    ask({ want: 'gradient', x: state.x, batch, ray: O.none }, (response: Response) => {
      const { k, x } = state
      const { value } = response
      const gradient = gradientOf(response, x)
      const counts = { ...state.counts, gradients: state.counts.gradients + 1 }
      const seen = { k, x, value, gradientNorm: Math.sqrt(squaredNorm(gradient)) }
      if (!Number.isFinite(value) || !finite(gradient)) {
        const outputs = parts.wrapper?.outputs(state.wrapper) ?? {}
        const record = { ...seen, outcome: fail('nonFinite'), probed: [], counts, outputs }
        return done([{ ...state, k: k + 1, counts }, record])
      }
      if (parts.base === null) {
        const { outputs, ...moved } = wrapped(parts, state, { gradient, step: 0, proposed: x, execute: null })
        const record = { ...seen, outcome: fail('noRule'), probed: [], counts, outputs }
        return done([{ ...state, ...moved, k: k + 1, counts }, record])
      }
      const { direction, rule } = parts.base
      const heading = direction.advance(state.direction, { k, x, gradient })
      const observation = observationOf(rule.reads, state, response, gradient, heading)
      const search = memoised(rule.step(state.rule, observation))
      return chain(
        alongRay(search, x, heading.probe, batch),
        ({ value: [ruleState, outcome], probed, asked }) => {
          const counted = { values: counts.values + asked.value, gradients: counts.gradients + asked.slope }
          const moves = outcome._tag === 'Step' && outcome.step < Number.POSITIVE_INFINITY
          const { outputs, ...moved } = wrapped(parts, state, {
            gradient,
            step: moves ? outcome.step : 0,
            proposed: moves ? along(heading.base ?? x, outcome.step, heading.execute) : x,
            execute: moves ? heading.execute : null,
          })
          const next: DescentState = {
            ...state,
            ...moved,
            k: k + 1,
            rule: ruleState,
            direction: heading.state,
            executed: remember(state.executed, outcome),
            previous: rule.reads.includes('secant') ? O.some({ x, gradient }) : O.none,
            counts: counted,
          }
          return done([next, { ...seen, outcome, probed, counts: counted, outputs }])
        },
      )
    })
}
