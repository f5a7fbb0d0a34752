import * as E from 'fp-ts/lib/Either.js'
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js'
import type * as t from 'io-ts'

/**
 * Why a value from outside (a file, the wire, the command line) was refused: which field, what stood there, what was
 * expected. The one error type of every decoder.
 *
 * @category Errors
 * @since 0.1.0
 */
export interface Invalid {
  readonly _tag: 'Invalid'
  /** Where: a path such as `runs[2].rule.c`, or `train.csv:17` for a line of a file. */
  readonly field: string
  /** What was found there; `undefined` when nothing was. */
  readonly value: unknown
  /** What the field admits, in words. */
  readonly expected: string
}

export const invalid = (field: string, value: unknown, expected: string): Invalid => ({
  _tag: 'Invalid',
  field,
  value,
  expected,
})

const inJson = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return 'an object that JSON can not hold'
  }
}

/** A value as a short text: at most 80 characters, whatever it is and however large. */
export const brief = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  const text = typeof value === 'function' ? 'a function' : inJson(value)
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

/**
 * One line a person can act on: what stood where, and what was expected.
 *
 * @category Errors
 * @since 0.1.0
 * @example
 * ```ts
 * import { showInvalid } from 'steplaw/spec'
 *
 * const error = { _tag: 'Invalid', field: 'rule.c', value: -1, expected: 'a finite number > 0' } as const
 * showInvalid(error) // => 'rule.c: got -1, expected a finite number > 0'
 * ```
 */
export const showInvalid = (e: Invalid): string =>
  `${e.field === '' ? 'the value' : e.field}: got ${brief(e.value)}, expected ${e.expected}`

const path = (context: t.Context): string =>
  context
    .map(({ key }) => key)
    .reduce((at, key) => (/^\d+$/.test(key) ? `${at}[${key}]` : at === '' ? key : `${at}.${key}`), '')

/**
 * Decodes with an io-ts codec and turns its errors into {@link Invalid}s under the name `at`.
 *
 * @category Errors
 * @since 0.1.0
 * @example
 * ```ts
 * import { decodeWith, json, showInvalid } from 'steplaw/spec'
 *
 * const decoded = decodeWith(json, 'state')(Number.NaN)
 * if (decoded._tag === 'Right') throw new Error('NaN is no JSON')
 * decoded.left.map(showInvalid) // => ['state: got NaN, expected a JSON value']
 * ```
 */
export const decodeWith =
  <A>(codec: t.Decoder<unknown, A>, at = '') =>
  (u: unknown): E.Either<NonEmptyArray<Invalid>, A> => {
    const decoded = codec.decode(u)
    if (E.isRight(decoded)) return decoded
    const errors = decoded.left.map((e): Invalid => {
      const inner = path(e.context)
      const field = at === '' ? inner : inner === '' || inner.startsWith('[') ? at + inner : `${at}.${inner}`
      return invalid(
        field,
        e.value,
        e.message ?? e.context[e.context.length - 1]?.type.name ?? 'something else',
      )
    })
    const [first, ...rest] = errors
    return E.left(first === undefined ? [invalid(at, u, codec.name)] : [first, ...rest])
  }
