import * as Eq from 'fp-ts/lib/Eq.js'
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js'
import type { Ord } from 'fp-ts/lib/Ord.js'

declare const brand: unique symbol

/**
 * A step size: a double in $[0, +\infty]$, never NaN, never $-0$. So restricted, doubles are a lawful chain. Made by
 * {@link step}.
 *
 * @category Rules
 * @since 0.1.0
 */
export type Step = number & { readonly [brand]: 'Step' }

/** Whether a number is a {@link Step}. */
export const isStep = (x: number): x is Step => x >= 0 && !Object.is(x, -0)

/**
 * Which operand decided: operand indices from the root down. The empty path is the rule itself.
 *
 * @category Rules
 * @since 0.1.0
 */
export type Path = ReadonlyArray<number>

/**
 * Why a rule failed, as one of a few sentences (see {@link reasons}).
 *
 * @category Rules
 * @since 0.1.0
 */
export type ReasonTag = keyof typeof reasons

/**
 * Every reason for which a built-in rule fails, with its sentence.
 *
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { reasons } from 'steplaw'
 *
 * reasons.budgetExhausted // => 'no trial step was accepted within the budget'
 * ```
 */
export const reasons = {
  never: 'the rule never steps',
  noDescent: 'the ray does not descend: its value or slope is not finite, or its slope is not negative',
  targetAbsent: 'the ray does not declare the target, or the target is NaN',
  startUnusable: 'the search has no positive finite step to start from',
  budgetExhausted: 'no trial step was accepted within the budget',
  stepUnderflow: 'the trial step shrank to zero',
  searchUnusable: 'the search gave no positive finite step',
  gapNotFinite: 'the gap to the target is not finite',
  readingNotFinite: 'the ray has a quantity that the rule reads and that is not finite',
  nothingGathered: 'the gradients gathered so far sum to zero',
  noCurvature: 'the secant is not finite or shows no positive curvature',
  notAStep: 'the result was NaN or negative',
  nonFinite: 'the value or the gradient at the point is not finite',
  noRule: 'no rule was asked: the wrapper steps by itself',
  refused: 'the rule refused',
} as const

/**
 * A reason with the path of the operand that gave it.
 *
 * @category Rules
 * @since 0.1.0
 */
export interface Reason {
  readonly path: Path
  readonly reason: ReasonTag
}

/**
 * What a rule says of one ray: a step, or a failure with its reasons. Failure is not an exception: it is the least
 * element of the chain.
 *
 * @category Rules
 * @since 0.1.0
 */
export type Outcome = Stepped | Failed

/**
 * An {@link Outcome} that is a step.
 *
 * @category Rules
 * @since 0.1.0
 */
export interface Stepped {
  readonly _tag: 'Step'
  readonly step: Step
  /** The operand that decided, the leftmost where several agree. */
  readonly because: Path
}

/**
 * An {@link Outcome} that is a failure.
 *
 * @category Rules
 * @since 0.1.0
 */
export interface Failed {
  readonly _tag: 'Fail'
  readonly because: NonEmptyArray<Reason>
}

/**
 * The failure for one reason.
 *
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { fail } from 'steplaw'
 *
 * fail('noDescent') // => { _tag: 'Fail', because: [{ path: [], reason: 'noDescent' }] }
 * ```
 */
export const fail = (reason: ReasonTag): Failed => ({ _tag: 'Fail', because: [{ path: [], reason }] })

/**
 * The outcome of a formula: NaN and negative numbers are failures, $-0$ is $0$ (clause `rule.lattice`).
 *
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { step } from 'steplaw'
 *
 * step(0.5) // => { _tag: 'Step', step: 0.5, because: [] }
 * step(0 / 0) // => { _tag: 'Fail', because: [{ path: [], reason: 'notAStep' }] }
 * ```
 */
export const step = (x: number): Outcome => {
  const positive = x + 0
  return isStep(positive) ? { _tag: 'Step', step: positive, because: [] } : fail('notAStep')
}

/** The same outcome seen from one level up, where the operand that gave it has the index `index`. */
export const under = (index: number, outcome: Outcome): Outcome =>
  outcome._tag === 'Step'
    ? { ...outcome, because: [index, ...outcome.because] }
    : { _tag: 'Fail', because: failedUnder(index, outcome) }

/**
 * The outcome of the operand with this index. A machine is given one outcome for each of its operands: the alternative is there
 * for the types alone.
 */
export const nth = (outcomes: ReadonlyArray<Outcome>, index: number): Outcome =>
  outcomes[index] ?? fail('never')

/** The reasons of a failed operand seen from one level up. */
export const failedUnder = (index: number, { because: [first, ...rest] }: Failed): NonEmptyArray<Reason> => {
  const lift = (r: Reason): Reason => ({ ...r, path: [index, ...r.path] })
  return [lift(first), ...rest.map(lift)]
}

/**
 * The place of an outcome in the chain, as a double: failure is $-1$, below every step.
 */
export const rank = (o: Outcome): number => (o._tag === 'Step' ? o.step : -1)

/**
 * The chain of outcomes: failure, then $0$, then larger steps, then $+\infty$. Why a rule decided does not count.
 *
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { fail, outcomeOrd, step } from 'steplaw'
 *
 * outcomeOrd.compare(fail('never'), step(0)) // => -1
 * outcomeOrd.equals(fail('never'), fail('noDescent')) // => true
 * ```
 */
export const outcomeOrd: Ord<Outcome> = {
  equals: Eq.fromEquals<Outcome>((a, b) => rank(a) === rank(b)).equals,
  compare: (a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0),
}
