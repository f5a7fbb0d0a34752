import * as t from 'io-ts'
import { finite, nonNegative, positive } from './field.js'
import { number, oneOf, record, type Shape, tag } from './shape.js'
import { isObject } from './strict.js'

const fixed = number(nonNegative())
const rule = oneOf('rule', 'a schedule', {
  constant: record('constant', { rule: tag('constant'), step: number(nonNegative()) }),
  power: record('power', {
    rule: tag('power'),
    initial: number(positive()),
    exponent: number(finite()),
  }),
})

type Rule = t.TypeOf<typeof rule.codec>

/**
 * A number that may depend on the iteration, as data: itself, or a rule `constant` or `power` read at $k$.
 *
 * @category Standard
 * @since 0.1.0
 */
export type ScheduleExpr = number | Rule

/**
 * The codec of schedules (the standard, chapter Bilevel methods).
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { scheduleExpr } from 'steplaw/spec'
 *
 * scheduleExpr.is(0.1) // => true
 * scheduleExpr.is({ rule: 'power', initial: 1, exponent: 0.5 }) // => true
 * scheduleExpr.is({ rule: 'polyak', c: 1, target: 0 }) // => false
 * ```
 */
export const scheduleExpr: t.Type<ScheduleExpr, unknown, unknown> = new t.Type<
  ScheduleExpr,
  unknown,
  unknown
>(
  'a finite number >= 0, or a rule constant or power',
  (u): u is ScheduleExpr => fixed.codec.is(u) || rule.codec.is(u),
  (u, context) => {
    if (isObject(u)) return rule.codec.validate(u, context)
    const read = fixed.codec.decode(u)
    return read._tag === 'Right' ? read : t.failure(u, context)
  },
  (a) => (typeof a === 'number' ? fixed.codec.encode(a) : rule.codec.encode(a)),
)

/** A schedule; schemas with one keep {@link scheduleSchema} among their definitions. */
export const schedule: Shape<ScheduleExpr> = { codec: scheduleExpr, schema: { $ref: '#/$defs/schedule' } }
export const scheduleSchema = { anyOf: [fixed.schema, rule.schema] }
