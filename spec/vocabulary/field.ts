import * as t from 'io-ts'
import type { Json } from './json.js'
import { double, type EncodedNumber, encodeNumber } from './number.js'

/** A set of numbers between two bounds. */
export interface Interval {
  readonly low: number
  readonly high: number
  /** Whether `low` itself is excluded. */
  readonly lowOpen: boolean
  readonly highOpen: boolean
  readonly integer: boolean
}

/**
 * The number a Polyak step aims at: a constant, or a name of what the ray declares.
 *
 * @category Standard
 * @since 0.1.0
 */
export type Target = number | 'lowerBound' | 'solutionValue'

/**
 * One field of a vocabulary row, as data: every reading of the vocabulary (codec, types, schema, printer, generator,
 * documentation) is a fold over these. `default` is `undefined` where the field is required.
 */
export interface NumberField<D extends number | undefined = number | undefined> {
  readonly field: 'number'
  readonly interval: Interval
  readonly default: D
  /** The name of a field of the same row that it must be less than. */
  readonly below?: string
}
export interface BooleanField<D extends boolean | undefined = boolean | undefined> {
  readonly field: 'boolean'
  readonly default: D
}
/** One of a few words. */
export interface ChoiceField<O extends string = string, D extends O | undefined = O | undefined> {
  readonly field: 'choice'
  readonly options: ReadonlyArray<O>
  readonly default: D
}
export interface TargetField<D extends Target | undefined = Target | undefined> {
  readonly field: 'target'
  readonly default: D
}
/** One operand. */
export interface OperandField {
  readonly field: 'operand'
  readonly default?: undefined
}
/** A non-empty list of operands. */
export interface OperandsField {
  readonly field: 'operands'
  readonly default?: undefined
}
/** A non-empty list of numbers of one domain. */
export interface NumbersField {
  readonly field: 'numbers'
  readonly interval: Interval
  readonly default?: undefined
}
/** One operand, or null for none. */
export interface OptionalField {
  readonly field: 'optional'
  /** What an operand is, in words. */
  readonly operand: string
  readonly default: null
}
export type ScalarField = NumberField | BooleanField | ChoiceField | TargetField
/** The value of a scalar field. */
export type Scalar = number | boolean | string
export type Field = ScalarField | OperandField | OperandsField
/** A field of any vocabulary: those of rules, and those that only wrappers have. */
export type AnyField = Field | NumbersField | OptionalField

type NumberOf = {
  (): NumberField<undefined>
  (value: number): NumberField<number>
}

const numberIn = (interval: Partial<Interval>): NumberOf => {
  const whole: Interval = {
    low: Number.NEGATIVE_INFINITY,
    high: Number.POSITIVE_INFINITY,
    lowOpen: true,
    highOpen: true,
    integer: false,
    ...interval,
  }
  function make(): NumberField<undefined>
  function make(value: number): NumberField<number>
  function make(value?: number): NumberField {
    return { field: 'number', interval: whole, default: value }
  }
  return make
}

/** A finite number. */
export const finite = numberIn({})
/** A finite number > 0. */
export const positive = numberIn({ low: 0 })
/** A finite number >= 0. */
export const nonNegative = numberIn({ low: 0, lowOpen: false })
/** A number strictly between 0 and 1. */
export const openUnit = numberIn({ low: 0, high: 1 })
/** A number strictly between 0 and 1/2. */
export const openHalf = numberIn({ low: 0, high: 0.5 })
/** A number in $[0, 1]$. */
export const closedUnit = numberIn({ low: 0, high: 1, lowOpen: false, highOpen: false })
/** A finite number > 1. */
export const aboveOne = numberIn({ low: 1 })
/** A number in $(0, 1]$. */
export const positiveUnit = numberIn({ low: 0, high: 1, highOpen: false })
/** A number in $[0, 1)$. */
export const decay = numberIn({ low: 0, high: 1, lowOpen: false })
/** An integer >= 1. */
export const count = numberIn({ low: 1, lowOpen: false, integer: true })
/** An integer >= 0. */
export const natural = numberIn({ low: 0, lowOpen: false, integer: true })
/** A finite number >= 1. */
export const atLeastOne = numberIn({ low: 1, lowOpen: false })
/** A number in $(0, +\infty]$. */
export const positiveOrInfinite = numberIn({ low: 0, highOpen: false })
/** A step: a number in $[0, +\infty]$. */
export const stepSize = numberIn({ low: 0, lowOpen: false, highOpen: false })
/** The same numbers, less than what another field of the row has. */
export const below = <D extends number | undefined>(other: string, f: NumberField<D>): NumberField<D> => ({
  ...f,
  below: other,
})
export const target = <D extends Target | undefined>(value: D): TargetField<D> => ({
  field: 'target',
  default: value,
})
export const flag = <D extends boolean | undefined>(value: D): BooleanField<D> => ({
  field: 'boolean',
  default: value,
})
/** Numbers of the domain of `each`. */
export const numbers = ({ interval }: NumberField): NumbersField => ({ field: 'numbers', interval })
/** One operand, named in words, or null. */
export const optional = (what: string): OptionalField => ({ field: 'optional', operand: what, default: null })
/** One of the words given; it has no default. */
export const choice = <O extends string>(...options: ReadonlyArray<O>): ChoiceField<O, undefined> => ({
  field: 'choice',
  options,
  default: undefined,
})
/** One of the words given, the first of which is the default. */
export const choiceOr = <D extends string, O extends string>(
  fallback: D,
  ...options: ReadonlyArray<O>
): ChoiceField<D | O, D> => ({ field: 'choice', options: [fallback, ...options], default: fallback })
export const operand: OperandField = { field: 'operand' }
export const operands: OperandsField = { field: 'operands' }

export const contains = (i: Interval, x: number): boolean =>
  (i.lowOpen ? x > i.low : x >= i.low) &&
  (i.highOpen ? x < i.high : x <= i.high) &&
  (!i.integer || Number.isInteger(x))

const describeInterval = (i: Interval): string => {
  if (i.integer) return `an integer >= ${i.low}`
  if (i.low === Number.NEGATIVE_INFINITY) return 'a finite number'
  if (i.high === Number.POSITIVE_INFINITY && i.highOpen)
    return `a finite number ${i.lowOpen ? '>' : '>='} ${i.low}`
  return `a number in ${i.lowOpen ? '(' : '['}${i.low}, ${i.high}${i.highOpen ? ')' : ']'}`
}

/** What a field admits, in words: the text of error messages and of the reference. */
export const describe = (f: AnyField): string => {
  switch (f.field) {
    case 'number':
      return `${describeInterval(f.interval)}${f.below === undefined ? '' : ` less than ${f.below}`}`
    case 'boolean':
      return 'true or false'
    case 'choice':
      return f.options.map((o) => `"${o}"`).join(' or ')
    case 'target':
      return 'a number, "lowerBound" or "solutionValue"'
    case 'operand':
      return 'a rule'
    case 'operands':
      return 'a non-empty array of rules'
    case 'numbers':
      return `a non-empty array, each entry ${describeInterval(f.interval)}`
    case 'optional':
      return `${f.operand} or null`
  }
}

/** Whether a decoded value lies in the domain of a scalar field. */
export const admits = (f: ScalarField, u: unknown): u is Scalar => {
  switch (f.field) {
    case 'number':
      return typeof u === 'number' && contains(f.interval, u)
    case 'boolean':
      return typeof u === 'boolean'
    case 'choice':
      return typeof u === 'string' && f.options.includes(u)
    case 'target':
      return typeof u === 'number' ? !Number.isNaN(u) : u === 'lowerBound' || u === 'solutionValue'
  }
}

/** The first field of a row whose value, though in its domain, is not less than that of the field it must stay below. */
export const outOfOrder = (
  row: { readonly [key: string]: AnyField },
  values: { readonly [key: string]: unknown },
): string | undefined =>
  Object.keys(row).find((key) => {
    const f = row[key]
    if (f?.field !== 'number' || f.below === undefined) return false
    const [value, other] = [values[key], values[f.below]]
    return typeof value === 'number' && typeof other === 'number' && !(value < other)
  })

/** The codec of a scalar field; `-0` reads as `0` where the domain holds zero. */
export const scalarCodec = (f: ScalarField): t.Type<Scalar, Json, unknown> => {
  const is = (u: unknown): u is Scalar => admits(f, u)
  return new t.Type(
    describe(f),
    is,
    (u, context) => {
      const read = double.decode(u)
      const value = read._tag === 'Right' ? read.right + 0 : u
      return is(value) ? t.success(value) : t.failure(u, context)
    },
    (a) => (typeof a === 'number' ? encodeNumber(a) : a),
  )
}

/** The codec of a list of numbers, each as {@link scalarCodec} reads it. */
export const numbersCodec = (f: NumbersField): t.Type<ReadonlyArray<number>, Json, unknown> => {
  const each = scalarCodec({ field: 'number', interval: f.interval, default: undefined })
  const is = (u: unknown): u is ReadonlyArray<number> => Array.isArray(u) && u.length > 0 && u.every(each.is)
  return new t.Type(
    describe(f),
    is,
    (u, context) => {
      const read: unknown = Array.isArray(u)
        ? u.map((x: unknown) => {
            const one = each.decode(x)
            return one._tag === 'Right' ? one.right : undefined
          })
        : u
      return is(read) ? t.success(read) : t.failure(u, context)
    },
    (a) => a.map(encodeNumber),
  )
}

/** The JSON Schema of a scalar field. */
export const scalarSchema = (f: ScalarField): { readonly [key: string]: Json } => {
  const fallback: { readonly [key: string]: Json } =
    f.default === undefined
      ? {}
      : { default: typeof f.default === 'number' ? encodeNumber(f.default) : f.default }
  switch (f.field) {
    case 'number': {
      const { low, high, lowOpen, highOpen, integer } = f.interval
      const numeral: { readonly [key: string]: Json } = {
        type: integer ? 'integer' : 'number',
        ...(Number.isFinite(low) ? { [lowOpen ? 'exclusiveMinimum' : 'minimum']: low } : {}),
        ...(Number.isFinite(high) ? { [highOpen ? 'exclusiveMaximum' : 'maximum']: high } : {}),
      }
      const names: ReadonlyArray<EncodedNumber> = [
        ...(high === Number.POSITIVE_INFINITY && !highOpen ? ['Infinity' as const] : []),
        ...(contains(f.interval, 0) ? ['-0' as const] : []),
      ]
      return names.length === 0
        ? { ...numeral, ...fallback }
        : { anyOf: [numeral, { enum: names }], ...fallback }
    }
    case 'boolean':
      return { type: 'boolean', ...fallback }
    case 'choice':
      return { enum: f.options, ...fallback }
    case 'target':
      return {
        anyOf: [{ type: 'number' }, { enum: ['Infinity', '-Infinity', '-0', 'lowerBound', 'solutionValue'] }],
        ...fallback,
      }
  }
}
