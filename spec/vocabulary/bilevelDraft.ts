/** The bilevel methods of the chapter Drafts, which an implementation of version 1 may refuse. */
import { box } from './box.js'
import { count } from './field.js'
import { schedule } from './schedule.js'
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

/** One record per name. */
export const draftMethods = { saba }
