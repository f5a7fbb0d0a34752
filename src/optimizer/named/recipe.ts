import type { Rule } from '../../rule/rule.js'
import type { Direction } from '../direction/direction.js'

/**
 * A method of the literature by its name: a rule with the direction that it runs along. Drivers take it as it is.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface Recipe {
  readonly rule: Rule
  readonly direction: Direction
}
