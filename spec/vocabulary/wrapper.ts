import type * as t from 'io-ts'
import { vocabularyCodec } from './codec.js'
import { choice, choiceOr, closedUnit, flag, nonNegative, numbers, optional, positive } from './field.js'
import type { Json } from './json.js'
import { printNode } from './print.js'
import type { AnyRow, Complete, Params, Value } from './row.js'

/** The wrappers of version 1 (the standard, chapter Wrappers): one row per tag. */
const settledRows = {
  mechanic: {
    sInit: positive(),
    betas: numbers(closedUnit()),
    lambda: nonNegative(0.01),
    eps: nonNegative(1e-8),
    clip: flag(false),
    form: choiceOr('stored', 'recomputed'),
  },
  coinBetting: { wealth: positive(), clip: positive(1) },
} as const

/** The wrappers of the chapter Drafts, which an implementation of version 1 may refuse. */
const draftRows = {
  cocob: { alpha: positive(100), eps: positive(1e-8) },
  dAdaptation: { d0: positive(1e-6) },
  average: {
    weights: choice('uniform', 'steps', 'polynomial'),
    gamma: nonNegative(8),
    of: optional('a wrapper'),
  },
} as const

export const wrapperRows = { ...settledRows, ...draftRows } as const

type WrapperRows = typeof wrapperRows

/**
 * The tag of a wrapper.
 *
 * @category Standard
 * @since 0.1.0
 */
export type WrapperTag = keyof WrapperRows

/** The fields of the wrapper `T`, with `A` in the place of what it goes around. */
export type WrapperFields<T extends WrapperTag, A> = Complete<WrapperRows[T], A>

/**
 * The fields of the wrapper `T` as a caller writes them, with `A` in the place of what it goes around.
 *
 * @category Standard
 * @since 0.1.0
 */
export type WrapperParams<T extends WrapperTag, A> = Params<WrapperRows[T], A>

// The wrapper inside comes in an object, so that TypeScript looks at it late and a union may mention itself.
interface Itself {
  readonly type: WrapperExpr
}
type Tagged<T extends WrapperTag> = {
  readonly [K in keyof WrapperRows[T] | 'wrapper']: K extends keyof WrapperRows[T]
    ? Value<WrapperRows[T][K], Itself['type']>
    : T
}

/**
 * A wrapper as data. {@link wrapperExpr} is its codec.
 *
 * @category Standard
 * @since 0.1.0
 */
export type WrapperExpr = { readonly [T in WrapperTag]: Tagged<T> }[WrapperTag]

/**
 * The tags, in the order of the vocabulary, drafts included.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { wrapperTags } from 'steplaw/spec'
 *
 * wrapperTags // => ['mechanic', 'coinBetting', 'cocob', 'dAdaptation', 'average']
 * ```
 */
export const wrapperTags = Object.keys(wrapperRows) as ReadonlyArray<WrapperTag>

/**
 * The tags of the chapter Drafts: they are no part of version 1, and an implementation of it may refuse them.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { draftWrapperTags } from 'steplaw/spec'
 *
 * draftWrapperTags // => ['cocob', 'dAdaptation', 'average']
 * ```
 */
export const draftWrapperTags = Object.keys(draftRows) as ReadonlyArray<WrapperTag>

/**
 * The codec of wrappers.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { decodeWith, showInvalid, wrapperExpr } from 'steplaw/spec'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * wrapperExpr.decode({ wrapper: 'coinBetting', wealth: 1 }) // => { _tag: 'Right', right: { wrapper: 'coinBetting', wealth: 1, clip: 1 } }
 *
 * const wrong = decodeWith(wrapperExpr, 'wrapper')({ wrapper: 'mechanic', sInit: 0, betas: [0.9] })
 * E.isLeft(wrong) ? wrong.left.map(showInvalid) : [] // => ['wrapper.sInit: got 0, expected a finite number > 0']
 * ```
 */
export const wrapperExpr: t.Type<WrapperExpr, Json, unknown> = vocabularyCodec(
  'wrapper',
  'a wrapper',
  wrapperRows,
)

/**
 * Whether a wrapper stands alone: it steps by itself, and a rule or a direction beside it would have no meaning.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { standsAlone } from 'steplaw/spec'
 *
 * standsAlone({ wrapper: 'coinBetting', wealth: 1, clip: 1 }) // => true
 * standsAlone({ wrapper: 'average', weights: 'uniform', gamma: 8, of: null }) // => false
 * ```
 */
export const standsAlone = (expr: WrapperExpr): boolean => {
  switch (expr.wrapper) {
    case 'mechanic':
      return false
    case 'coinBetting':
    case 'cocob':
    case 'dAdaptation':
      return true
    case 'average':
      return expr.of !== null && standsAlone(expr.of)
  }
}

const rowOf = (tag: WrapperTag): AnyRow => wrapperRows[tag]

/**
 * Prints a wrapper in the notation of the standard; fields at their default are left out.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { printWrapper } from 'steplaw/spec'
 *
 * printWrapper({
 *   wrapper: 'average',
 *   weights: 'uniform',
 *   gamma: 8,
 *   of: { wrapper: 'coinBetting', wealth: 0.5, clip: 1 },
 * }) // => 'average{weights: uniform, of: coinBetting{wealth: 0.5}}'
 * ```
 */
export const printWrapper = (expr: WrapperExpr): string =>
  printNode(expr.wrapper, rowOf(expr.wrapper), expr, (operand) => printWrapper(operand as WrapperExpr))
