import * as O from 'fp-ts/lib/Option.js'
import {
  type DirectionExpr,
  type DirectionFields,
  type DirectionTag,
  directionExpr,
  directionRows,
} from '../../../spec/vocabulary/direction.js'
import { admits, describe, type ScalarField } from '../../../spec/vocabulary/field.js'
import type { Row } from '../../../spec/vocabulary/row.js'
import type { Direction } from './direction.js'

const isScalar = (f: { readonly field: string }): f is ScalarField =>
  f.field === 'number' || f.field === 'boolean'

/** A direction of the vocabulary: its fields are checked by its row, its expression is kept. */
export const builtIn = <T extends DirectionTag>(
  tag: T,
  fields: DirectionFields<T>,
  define: Pick<Direction, 'moments' | 'history' | 'advance'>,
): Direction => {
  const row: Row = directionRows[tag]
  const given: { readonly [key: string]: unknown } = fields
  for (const [key, f] of Object.entries(row))
    if (!isScalar(f) || !admits(f, given[key]))
      throw new RangeError(`${tag}: ${key} is ${String(given[key])}, expected ${describe(f)}`)
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(row, key))
  if (unknown !== undefined) throw new RangeError(`${tag} has no field ${unknown}`)
  const expr: unknown = { direction: tag, ...fields }
  const checked: O.Option<DirectionExpr> = directionExpr.is(expr) ? O.some(expr) : O.none
  return { name: tag, expr: checked, ...define }
}
