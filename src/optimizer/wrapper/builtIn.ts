import * as O from 'fp-ts/lib/Option.js'
import { type AnyField, admits, contains, describe } from '../../../spec/vocabulary/field.js'
import type { AnyRow } from '../../../spec/vocabulary/row.js'
import {
  type WrapperExpr,
  type WrapperFields,
  type WrapperTag,
  wrapperExpr,
  wrapperRows,
} from '../../../spec/vocabulary/wrapper.js'
import type { Wrapper } from './wrapper.js'

const holds = (f: AnyField, u: unknown): boolean => {
  switch (f.field) {
    case 'numbers':
      return (
        Array.isArray(u) && u.length > 0 && u.every((x) => typeof x === 'number' && contains(f.interval, x))
      )
    case 'optional':
      return u === null || (typeof u === 'object' && 'advance' in u)
    case 'operand':
    case 'operands':
      return false
    default:
      return admits(f, u)
  }
}

const shown = (u: unknown): string =>
  Array.isArray(u) ? `[${u.map(String).join(', ')}]` : typeof u === 'object' ? 'an object' : String(u)

/** Checks the fields of a built-in wrapper against their domains. */
export const checkFields = <T extends WrapperTag>(
  tag: T,
  fields: WrapperFields<T, Wrapper>,
): WrapperFields<T, Wrapper> => {
  const row: AnyRow = wrapperRows[tag]
  const given: { readonly [key: string]: unknown } = fields
  for (const [key, f] of Object.entries(row))
    if (!holds(f, given[key]))
      throw new RangeError(`${tag}: ${key} is ${shown(given[key])}, expected ${describe(f)}`)
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(row, key))
  if (unknown !== undefined) throw new RangeError(`${tag} has no field ${unknown}`)
  return fields
}

/** The expression of checked fields, if the wrapper inside has one. */
export const exprOf = <T extends WrapperTag>(
  tag: T,
  fields: WrapperFields<T, Wrapper>,
): O.Option<WrapperExpr> => {
  const data = Object.entries(fields).map(([key, u]): readonly [string, unknown] =>
    typeof u === 'object' && u !== null && 'expr' in u
      ? [key, O.toNullable((u as Wrapper).expr) ?? undefined]
      : [key, u],
  )
  const expr: unknown = { wrapper: tag, ...Object.fromEntries(data) }
  return wrapperExpr.is(expr) ? O.some(expr) : O.none
}
