import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { describe, type Field, scalarCodec } from './field.js'
import type { Json } from './json.js'
import type { Row, Rows } from './row.js'
import { isObject, own } from './strict.js'

/** Deeper expressions are refused, so that no file can exhaust the stack. */
const maximalDepth = 200

/**
 * The codec of a vocabulary: objects whose field `tagKey` names a row and whose other fields are those of the row, no
 * more and no fewer, with defaults filled in. Operands are read by the same codec.
 *
 * `A` is the type that the rows describe; that they do is the one thing the caller vouches for.
 */
export const vocabularyCodec = <A>(tagKey: string, name: string, rows: Rows): t.Type<A, Json, unknown> => {
  const tags = Object.keys(rows)
  const rowOf = (u: { readonly [key: string]: unknown }): Row | undefined => {
    const tag = own(u, tagKey)
    return typeof tag === 'string' && Object.hasOwn(rows, tag) ? rows[tag] : undefined
  }

  const holds = (f: Field, u: unknown): boolean => {
    switch (f.field) {
      case 'operand':
        return is(u)
      case 'operands':
        return Array.isArray(u) && u.length > 0 && u.every(is)
      default:
        return scalarCodec(f).is(u)
    }
  }
  const is = (u: unknown): u is A => {
    if (!isObject(u)) return false
    const row = rowOf(u)
    return (
      row !== undefined &&
      Object.keys(u).every((key) => key === tagKey || Object.hasOwn(row, key)) &&
      Object.entries(row).every(([key, f]) => holds(f, own(u, key)))
    )
  }

  const list: t.Decoder<unknown, ReadonlyArray<A>> = {
    name: describe({ field: 'operands' }),
    decode: (u) => list.validate(u, []),
    validate: (u, context) => {
      if (!Array.isArray(u) || u.length === 0) return t.failure(u, context)
      const results = u.map((x: unknown, i) =>
        codec.validate(x, t.appendContext(context, String(i), codec, x)),
      )
      const errors = results.flatMap((r) => (E.isLeft(r) ? r.left : []))
      return errors.length > 0
        ? t.failures(errors)
        : t.success(results.flatMap((r) => (E.isRight(r) ? [r.right] : [])))
    },
  }

  const decoderOf = (f: Field): t.Decoder<unknown, unknown> => {
    switch (f.field) {
      case 'operand':
        return codec
      case 'operands':
        return list
      default:
        return scalarCodec(f)
    }
  }
  const encode = (f: Field, value: unknown): Json => {
    if (f.field === 'operands')
      return Array.isArray(value) ? value.map((v) => encode({ field: 'operand' }, v)) : []
    if (f.field === 'operand') return is(value) ? codec.encode(value) : null
    const scalar = scalarCodec(f)
    return scalar.is(value) ? scalar.encode(value) : null
  }

  const codec: t.Type<A, Json, unknown> = new t.Type<A, Json, unknown>(
    name,
    is,
    (u, context) => {
      if (!isObject(u)) return t.failure(u, context)
      const tag = own(u, tagKey)
      const row = rowOf(u)
      if (row === undefined)
        return t.failures([
          {
            value: tag,
            context: t.appendContext(context, tagKey, t.string),
            message: `one of ${tags.join(', ')}`,
          },
        ])
      // One entry of the context is the root; an operand in a list has another for the list.
      if (context.filter(({ type }) => type === codec).length > maximalDepth + 1)
        return t.failure(u, context, `an expression at most ${maximalDepth} operands deep`)
      const fields = ['nothing else', ...Object.keys(row)]
        .slice(Object.keys(row).length > 0 ? 1 : 0)
        .join(', ')
      const errors: Array<t.ValidationError> = Object.keys(u)
        .filter((key) => key !== tagKey && !Object.hasOwn(row, key))
        .map((key) => ({
          value: u[key],
          context: t.appendContext(context, key, t.never),
          message: `no such field (${String(tag)} has ${fields})`,
        }))
      const decoded: { [key: string]: unknown } = { [tagKey]: tag }
      for (const [key, f] of Object.entries(row)) {
        const value = own(u, key)
        if (value === undefined && f.default !== undefined) {
          decoded[key] = f.default
          continue
        }
        const decoder = decoderOf(f)
        const result = decoder.validate(value, t.appendContext(context, key, decoder, value))
        if (E.isLeft(result)) errors.push(...result.left)
        else decoded[key] = result.right
      }
      if (errors.length > 0) return t.failures(errors)
      return is(decoded) ? t.success(decoded) : t.failure(u, context)
    },
    (a) => {
      const row = isObject(a) ? rowOf(a) : undefined
      if (!isObject(a) || row === undefined || !is(a)) throw new TypeError(`not ${name}`)
      const encoded = Object.entries(row).map(([key, f]) => [key, encode(f, own(a, key))])
      return { [tagKey]: String(own(a, tagKey)), ...Object.fromEntries(encoded) }
    },
  )
  return codec
}
