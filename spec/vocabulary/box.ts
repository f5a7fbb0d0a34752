import * as t from 'io-ts'
import { double, encodeNumber } from './number.js'
import type { Shape } from './shape.js'

export type Box = readonly [number, number]

const bound = { anyOf: [{ type: 'number' }, { enum: ['Infinity', '-Infinity', '-0'] }] }
const ends = t.tuple([double, double])
const isBox = (u: unknown): u is Box => ends.is(u) && u[0] <= u[1]
/** An interval for every component. */
export const box: Shape<Box> = {
  codec: new t.Type<Box, unknown, unknown>(
    'two numbers [low, high] with low <= high',
    isBox,
    (u, context) => {
      const read = ends.decode(u)
      return read._tag === 'Right' && isBox(read.right) ? t.success(read.right) : t.failure(u, context)
    },
    ([low, high]) => [encodeNumber(low), encodeNumber(high)],
  ),
  schema: {
    type: 'array',
    prefixItems: [bound, bound],
    items: false,
    minItems: 2,
  },
}
