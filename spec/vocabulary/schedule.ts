import * as t from 'io-ts'
import {
  closedUnit,
  describe,
  finite,
  type NumberField,
  nonNegative,
  positive,
  positiveUnit,
} from './field.js'
import { number, oneOf, record, type Shape, tag } from './shape.js'
import { isObject } from './strict.js'

/** Numbers of the domain of `fixed`, and rules that give such. */
const schedules = (fixed: NumberField, initial: NumberField, exponent: NumberField) => ({
  fixed: number(fixed),
  rule: oneOf('rule', 'a schedule', {
    constant: record('constant', { rule: tag('constant'), step: number(fixed) }),
    power: record('power', {
      rule: tag('power'),
      initial: number(initial),
      exponent: number(exponent),
    }),
  }),
  name: `${describe(fixed)}, or a rule constant or power`,
})

const free = schedules(nonNegative(), positive(), finite())
const shares = schedules(closedUnit(), positiveUnit(), nonNegative())

type Rule = t.TypeOf<typeof free.rule.codec>

/**
 * A number that may depend on the iteration, as data: itself, or a rule `constant` or `power` read at $k$.
 *
 * @category Standard
 * @since 0.1.0
 */
export type ScheduleExpr = number | Rule

/** A codec of schedules. */
const codecOf = ({ fixed, rule, name }: typeof free): t.Type<ScheduleExpr, unknown, unknown> =>
  new t.Type<ScheduleExpr, unknown, unknown>(
    name,
    (u): u is ScheduleExpr => fixed.codec.is(u) || rule.codec.is(u),
    (u, context) => {
      if (isObject(u)) return rule.codec.validate(u, context)
      const read = fixed.codec.decode(u)
      return read._tag === 'Right' ? read : t.failure(u, context)
    },
    (a) => (typeof a === 'number' ? fixed.codec.encode(a) : rule.codec.encode(a)),
  )

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
export const scheduleExpr: t.Type<ScheduleExpr, unknown, unknown> = codecOf(free)

/** A schedule; schemas with one keep {@link scheduleSchemas} among their definitions. */
export const schedule: Shape<ScheduleExpr> = { codec: scheduleExpr, schema: { $ref: '#/$defs/schedule' } }
/** A schedule that stays in $[0, 1]$. */
export const shareSchedule: Shape<ScheduleExpr> = {
  codec: codecOf(shares),
  schema: { $ref: '#/$defs/shareSchedule' },
}
export const scheduleSchemas = {
  schedule: { anyOf: [free.fixed.schema, free.rule.schema] },
  shareSchedule: { anyOf: [shares.fixed.schema, shares.rule.schema] },
}
