/** The bilevel methods of the chapter Drafts, which an implementation of version 1 may refuse. */
import * as t from 'io-ts'
import { box } from './box.js'
import { count, natural, nonNegative, positive } from './field.js'
import { type ScheduleExpr, schedule, scheduleExpr, shareSchedule } from './schedule.js'
import { completed, number, or, record, type Shape, tag } from './shape.js'
import { isObject } from './strict.js'

/** Boxes of both levels, which some methods of version 1 have as a draft. */
export const boxes = { xBox: box, yBox: box }

const sabaFields = {
  method: tag('saba'),
  lowerStep: schedule,
  upperStep: schedule,
  blocks: or(record('blocks', { lower: number(count(1)), upper: number(count(1)) }), { lower: 1, upper: 1 }),
}

const saba = completed(
  record('saba', sabaFields, { linearStep: schedule, ...boxes }),
  record('saba', { ...sabaFields, linearStep: schedule }, boxes),
  (given) => ({ ...given, linearStep: given.linearStep ?? given.lowerStep }),
)

const amigoFields = {
  method: tag('amigo'),
  innerSteps: number(natural()),
  lowerStep: schedule,
  upperStep: schedule,
}
const linearFields = { linearSteps: number(natural()), linearStep: schedule }

const amigo = completed(
  record('amigo', amigoFields, { ...linearFields, ...boxes }),
  record('amigo', { ...amigoFields, ...linearFields }, boxes),
  (given) => ({
    ...given,
    linearSteps: given.linearSteps ?? given.innerSteps,
    linearStep: given.linearStep ?? given.lowerStep,
  }),
)

const f3sa = record(
  'f3sa',
  {
    method: tag('f3sa'),
    alpha: schedule,
    gamma: schedule,
    eta: shareSchedule,
    xi: number(positive(1)),
    lambda0: number(nonNegative()),
    lambdaIncrement: or(schedule, 0),
  },
  { xBox: box },
)

/** A step of `hoag` that adapts itself. */
const adaptive = record('the adaptive step', {
  adaptive: record('adaptive', {}, { start: number(positive()) }),
})
type Adaptive = t.TypeOf<typeof adaptive.codec>

/** Whether a step adapts itself. */
export const isAdaptive = (step: ScheduleExpr | Adaptive): step is Adaptive =>
  isObject(step) && Object.hasOwn(step, 'adaptive')

/** The step of `hoag`: a schedule, or one that adapts itself, which is a draft. */
export const hoagStep: Shape<ScheduleExpr | Adaptive> = {
  codec: new t.Type<ScheduleExpr | Adaptive, unknown, unknown>(
    `${scheduleExpr.name}, or {"adaptive": {}}`,
    (u): u is ScheduleExpr | Adaptive => scheduleExpr.is(u) || adaptive.codec.is(u),
    (u, context) => {
      if (!isObject(u)) {
        const read = scheduleExpr.decode(u)
        return read._tag === 'Right' ? read : t.failure(u, context)
      }
      return Object.hasOwn(u, 'adaptive')
        ? adaptive.codec.validate(u, context)
        : scheduleExpr.validate(u, context)
    },
    (a) => (isAdaptive(a) ? adaptive.codec.encode(a) : scheduleExpr.encode(a)),
  ),
  schema: { anyOf: [schedule.schema, adaptive.schema] },
}

/** One record per name. */
export const draftMethods = { saba, amigo, f3sa }
