import { constant } from '../atom/constant.js'
import { last } from '../atom/last.js'
import { minOf } from '../combine/min.js'
import { periodic } from '../combine/periodic.js'
import type { Rule } from '../rule.js'

/**
 * Where each search begins: at the largest step every time, at the step executed last, at that step grown by a
 * factor, the same under a cap, or at the largest step once a period.
 *
 * @category Rules
 * @since 0.1.0
 */
export type Reset =
  | { readonly reset: 'restart' }
  | { readonly reset: 'keep' }
  | { readonly reset: 'grow'; readonly growth: number }
  | { readonly reset: 'capped'; readonly growth: number; readonly cap: number }
  | { readonly reset: 'periodic'; readonly period: number }

/** The rule that says where a search begins. */
export const searchStart = (initial: number, reset: Reset): Rule => {
  switch (reset.reset) {
    case 'restart':
      return constant(initial)
    case 'keep':
      return last({ initial })
    case 'grow':
      return last({ initial: reset.growth * initial, factor: reset.growth })
    case 'capped':
      return minOf(last({ initial: reset.growth * initial, factor: reset.growth }), constant(reset.cap))
    case 'periodic':
      return periodic({ period: reset.period, first: constant(initial), rest: last({ initial }) })
  }
}
