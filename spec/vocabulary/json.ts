import * as t from 'io-ts'

/**
 * A value that survives `JSON.stringify` and `JSON.parse` unchanged.
 *
 * @category Standard
 * @since 0.1.0
 */
export type Json = null | boolean | number | string | ReadonlyArray<Json> | { readonly [key: string]: Json }

const isPlain = (u: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(u)
  return prototype === Object.prototype || prototype === null
}

/** Deeper values are refused, and with them those that hold themselves: no file can exhaust the stack. */
const maximalDepth = 1000

const isJsonWithin = (depth: number, u: unknown): u is Json => {
  if (u === null || typeof u === 'boolean' || typeof u === 'string') return true
  if (typeof u === 'number') return Number.isFinite(u) && !Object.is(u, -0)
  if (typeof u !== 'object' || depth === 0) return false
  if (Array.isArray(u)) return u.every((v) => isJsonWithin(depth - 1, v))
  return isPlain(u) && Object.entries(u).every(([k, v]) => k !== '__proto__' && isJsonWithin(depth - 1, v))
}

/**
 * Whether a value is {@link Json}: finite numbers only, plain objects only, no `__proto__` key, at most 1,000 arrays and
 * objects inside each other.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { isJson } from 'steplaw/spec'
 *
 * isJson({ steps: [1, 0.5] }) // => true
 * isJson({ steps: [1, Number.NaN] }) // => false
 * ```
 */
export const isJson = (u: unknown): u is Json => isJsonWithin(maximalDepth, u)

/**
 * The codec of {@link Json}.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { json } from 'steplaw/spec'
 *
 * json.decode([1, null]) // => { _tag: 'Right', right: [1, null] }
 * json.decode(undefined)._tag // => 'Left'
 * ```
 */
export const json: t.Type<Json> = new t.Type(
  'a JSON value',
  isJson,
  (u, c) => (isJson(u) ? t.success(u) : t.failure(u, c)),
  t.identity,
)
