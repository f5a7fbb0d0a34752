import type * as t from 'io-ts'
import { vocabularyCodec } from './codec.js'
import { count, decay, flag, nonNegative, positive } from './field.js'
import type { Json } from './json.js'
import { printFlat } from './print.js'
import type { Complete, Params } from './row.js'

/** The directions of version 1. */
const settledRows = {
  steepest: {},
  momentum: { mu: decay() },
  nesterov: { mu: decay() },
  adam: { beta1: decay(), beta2: decay(), eps: nonNegative() },
  amsgrad: { beta1: decay(), beta2: decay(), eps: nonNegative() },
  adagrad: { eps: nonNegative() },
  rmsprop: { beta: decay(), eps: nonNegative() },
  neo: { alpha: positive(), memory: count(), normalised: flag(false) },
} as const

/** Directions outside version 1 (the standard, chapter Drafts). */
const draftRows = {
  delayedAdagrad: { beta: positive(), exponent: positive() },
} as const

/**
 * The vocabulary of directions (the standard, chapter Directions): one row per tag. Where none is named it is `steepest`.
 */
export const directionRows = { ...settledRows, ...draftRows } as const

type DirectionRows = typeof directionRows

/**
 * The tag of a direction.
 *
 * @category Standard
 * @since 0.1.0
 */
export type DirectionTag = keyof DirectionRows

/** The fields of the direction `T`. */
export type DirectionFields<T extends DirectionTag> = Complete<DirectionRows[T], never>

/**
 * The fields of the direction `T` as a caller writes them.
 *
 * @category Standard
 * @since 0.1.0
 */
export type DirectionParams<T extends DirectionTag> = Params<DirectionRows[T], never>

/**
 * A direction as data. {@link directionExpr} is its codec.
 *
 * @category Standard
 * @since 0.1.0
 */
export type DirectionExpr = {
  readonly [T in DirectionTag]: { readonly direction: T } & DirectionFields<T>
}[DirectionTag]

/**
 * The tags, in the order of the vocabulary.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { directionTags } from 'steplaw/spec'
 *
 * directionTags.slice(0, 2) // => ['steepest', 'momentum']
 * ```
 */
export const directionTags = Object.keys(directionRows) as ReadonlyArray<DirectionTag>

/**
 * The tags of directions that are drafts, outside version 1.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { draftDirectionTags } from 'steplaw/spec'
 *
 * draftDirectionTags // => ['delayedAdagrad']
 * ```
 */
export const draftDirectionTags = Object.keys(draftRows) as ReadonlyArray<DirectionTag>

/**
 * The codec of directions.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { directionExpr } from 'steplaw/spec'
 *
 * directionExpr.decode({ direction: 'momentum', mu: 0.9 })._tag // => 'Right'
 * directionExpr.decode({ direction: 'momentum', mu: 1 })._tag // => 'Left'
 * ```
 */
export const directionExpr: t.Type<DirectionExpr, Json, unknown> = vocabularyCodec(
  'direction',
  'a direction',
  directionRows,
)

/**
 * Prints a direction in the notation of the standard.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { printDirection } from 'steplaw/spec'
 *
 * printDirection({ direction: 'momentum', mu: 0.9 }) // => 'momentum{mu: 0.9}'
 * ```
 */
export const printDirection = (expr: DirectionExpr): string => printFlat('direction', directionRows, expr)
