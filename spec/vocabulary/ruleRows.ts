import {
  aboveOne,
  below,
  choice,
  closedUnit,
  count,
  finite,
  flag,
  nonNegative,
  openHalf,
  openUnit,
  operand,
  operands,
  positive,
  stepSize,
  target,
} from './field.js'
import type { Complete, Params, Value } from './row.js'

/** The words of version 1. */
const settledRows = {
  never: {},
  constant: { step: stepSize() },
  power: { initial: positive(), exponent: finite() },
  polyak: { c: positive(1), target: target('lowerBound') },
  spsSafe: { floor: positive(), c: positive(1), target: target('lowerBound') },
  last: { initial: positive(), factor: positive(1) },
  max: { of: operands },
  min: { of: operands },
  envelope: { lower: operand, proposal: operand, upper: operand },
  orElse: { of: operands },
  periodic: { period: count(), first: operand, rest: operand },
  scale: { by: positive(), of: operand },
  product: { of: operands },
  runningMin: { of: operand },
  runningMax: { of: operand },
  armijo: {
    start: operand,
    c: openUnit(0.1),
    shrink: openUnit(0.5),
    budget: count(100),
    slack: nonNegative(0),
  },
  goldstein: {
    start: operand,
    c: openHalf(0.1),
    shrink: openUnit(0.5),
    grow: aboveOne(2),
    budget: count(100),
    cap: positive(10),
  },
  adagradNorm: {
    alpha: positive(1),
    beta: nonNegative(0),
    exponent: positive(0.5),
    includeCurrent: flag(false),
  },
  adaSps: { scale: positive(1), target: target('lowerBound') },
  adaSls: { search: operand, scale: positive(1) },
  ponos: {
    c: openUnit(0.5),
    cp: positive(0.1),
    shrink: openUnit(0.5),
    memory: closedUnit(1),
    stepMax: positive(10),
    stepMin: positive(1e-6),
    target: target(0),
    budget: count(100),
    epsilon: nonNegative(1e-8),
  },
  dog: { repsilon: positive(), epsilon: nonNegative(0) },
  dowg: { repsilon: positive() },
  prodigy: { d0: positive() },
  barzilaiBorwein: { variant: choice('long', 'short'), initial: positive() },
} as const

/** Words outside version 1 (the standard, chapter Drafts). */
const draftRows = {
  strongWolfe: {
    start: operand,
    c1: below('c2', openUnit(1e-4)),
    c2: openUnit(0.9),
    grow: aboveOne(2),
    budget: count(25),
    cap: positive(10),
  },
  dAdaptationSgd: { d0: positive(), step: positive(1) },
} as const

/**
 * The vocabulary of step rules: one row per tag (the standard, chapter Rules). The codec, the TypeScript types, the
 * defaults, the JSON Schema, the printer and the generator are all read off these rows.
 */
export const ruleRows = { ...settledRows, ...draftRows } as const

type RuleRows = typeof ruleRows

/**
 * The tag of a rule expression.
 *
 * @category Standard
 * @since 0.1.0
 */
export type RuleTag = keyof RuleRows

/** The fields of the tag `T`, complete, with operands of type `R`. */
export type RuleFields<T extends RuleTag, R> = Complete<RuleRows[T], R>

/**
 * The fields of the tag `T` as a caller writes them, with operands of type `R`.
 *
 * @category Standard
 * @since 0.1.0
 */
export type RuleParams<T extends RuleTag, R> = Params<RuleRows[T], R>

// The operand type comes inside an object, so that TypeScript looks at it late and a union may mention itself.
interface Operand<R> {
  readonly type: R
}
interface Itself {
  readonly type: RuleExpr
}
type Tagged<T extends RuleTag, O extends Operand<unknown>> = {
  readonly [K in keyof RuleRows[T] | 'rule']: K extends keyof RuleRows[T]
    ? Value<RuleRows[T][K], O['type']>
    : T
}

/**
 * One layer of a rule expression whose operands are of type `R`: the base functor of {@link RuleExpr}.
 *
 * @category Standard
 * @since 0.1.0
 */
export type RuleNode<R> = { readonly [T in RuleTag]: Tagged<T, Operand<R>> }[RuleTag]

/**
 * A step rule as data: it prints, shrinks, travels, and is what the standard defines. {@link ruleExpr} is its codec.
 *
 * @category Standard
 * @since 0.1.0
 */
export type RuleExpr = { readonly [T in RuleTag]: Tagged<T, Itself> }[RuleTag]

/**
 * The tags, in the order of the vocabulary; {@link draftRuleTags} are those of the chapter Drafts.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { ruleTags } from 'steplaw/spec'
 *
 * ruleTags.slice(0, 3) // => ['never', 'constant', 'power']
 * ```
 */
export const ruleTags = Object.keys(ruleRows) as ReadonlyArray<RuleTag>

/**
 * The tags of rules that are drafts, outside version 1.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { draftRuleTags } from 'steplaw/spec'
 *
 * draftRuleTags // => ['strongWolfe', 'dAdaptationSgd']
 * ```
 */
export const draftRuleTags = Object.keys(draftRows) as ReadonlyArray<RuleTag>
