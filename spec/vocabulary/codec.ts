import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { type AnyField, describe, numbersCodec, outOfOrder, scalarCodec } from './field.js'
import type { Json } from './json.js'
import type { AnyRow, AnyRows } from './row.js'
import { isObject, own } from './strict.js'

/** Deeper expressions are refused, so that no file can exhaust the stack. */
const maximalDepth = 200

type Node = { readonly [key: string]: unknown }

/**
 * The codec of a vocabulary: objects whose field `tagKey` names a row and whose other fields are those of the row, no
 * more and no fewer, with defaults filled in. Operands are read by the same codec.
 *
 * `A` is the type that the rows describe; that they do is the one thing the caller vouches for.
 */
export const vocabularyCodec = <A>(tagKey: string, name: string, rows: AnyRows): t.Type<A, Json, unknown> => {
  const rowOf = (node: Node): AnyRow | undefined => {
    const tag = own(node, tagKey)
    return typeof tag === 'string' && Object.hasOwn(rows, tag) ? rows[tag] : undefined
  }
  const strays = (node: Node, row: AnyRow): ReadonlyArray<string> =>
    Object.keys(node).filter((key) => key !== tagKey && !Object.hasOwn(row, key))
  const codecOf = (f: AnyField): t.Mixed => {
    switch (f.field) {
      case 'operand':
        return codec
      case 'operands':
        return operands
      case 'optional':
        return orNull
      case 'numbers':
        return numbersCodec(f)
      default:
        return scalarCodec(f)
    }
  }

  const isNode = (node: Node): boolean => {
    const row = rowOf(node)
    return (
      row !== undefined &&
      strays(node, row).length === 0 &&
      Object.entries(row).every(([key, f]) => codecOf(f).is(own(node, key))) &&
      outOfOrder(row, node) === undefined
    )
  }
  const is = (u: unknown): u is A => isObject(u) && isNode(u)

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
            message: `one of ${Object.keys(rows).join(', ')}`,
          },
        ])
      // One entry of the context is the root; an operand in a list has another for the list.
      if (context.filter(({ type }) => type === codec).length > maximalDepth + 1)
        return t.failure(u, context, `an expression at most ${maximalDepth} operands deep`)
      const fields = Object.keys(row).join(', ')
      const errors: Array<t.ValidationError> = strays(u, row).map((key) => ({
        value: u[key],
        context: t.appendContext(context, key, t.never),
        message: `no such field (${String(tag)} has ${fields === '' ? 'nothing else' : fields})`,
      }))
      const decoded: { [key: string]: unknown } = { [tagKey]: tag }
      for (const [key, f] of Object.entries(row)) {
        const value = own(u, key)
        if (value === undefined && f.default !== undefined) {
          decoded[key] = f.default
          continue
        }
        const field = codecOf(f)
        const result = field.validate(value, t.appendContext(context, key, field, value))
        if (E.isLeft(result)) errors.push(...result.left)
        else decoded[key] = result.right
      }
      const late = outOfOrder(row, decoded)
      const f = late === undefined ? undefined : row[late]
      if (late !== undefined && f !== undefined) {
        const field = codecOf(f)
        errors.push({ value: decoded[late], context: t.appendContext(context, late, field, decoded[late]) })
      }
      if (errors.length > 0) return t.failures(errors)
      return is(decoded) ? t.success(decoded) : t.failure(u, context)
    },
    (a) => {
      if (!isObject(a) || !isNode(a)) throw new TypeError(`not ${name}`)
      const fields = Object.entries(rowOf(a) ?? {})
      return {
        [tagKey]: String(own(a, tagKey)),
        ...Object.fromEntries(fields.map(([key, f]) => [key, codecOf(f).encode(own(a, key))])),
      }
    },
  )
  const orNull: t.Type<A | null, Json, unknown> = new t.Type<A | null, Json, unknown>(
    `${name} or null`,
    (u): u is A | null => u === null || is(u),
    (u, context) => (u === null ? t.success(null) : codec.validate(u, context)),
    (a) => (a === null ? null : codec.encode(a)),
  )
  const operands = t.refinement(t.array(codec), (all) => all.length > 0, describe({ field: 'operands' }))
  return codec
}
