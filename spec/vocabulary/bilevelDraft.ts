/** The bilevel methods of the chapter Drafts, which an implementation of version 1 may refuse. */
import { box } from './box.js'
import { count, natural, nonNegative, positive } from './field.js'
import { schedule, shareSchedule } from './schedule.js'
import { completed, number, or, record, tag } from './shape.js'

const boxes = { xBox: box, yBox: box }

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

/** One record per name. */
export const draftMethods = { saba, amigo, f3sa }
