import * as t from 'io-ts'
import { double } from './number.js'
import { strict } from './strict.js'

const number = (name: string, admits: (x: number) => boolean) =>
  t.refinement(double, (x) => Number.isFinite(x) && admits(x), name)

const count = t.refinement(t.number, (n) => Number.isSafeInteger(n) && n >= 1, 'an integer >= 1')

/** What a controller needs and what it may leave out; the period is the method's. */
const required = {
  replicas: count,
  step: number('a finite number > 0', (x) => x > 0),
  spread: number('a number from 0 to 1', (x) => x >= 0 && x <= 1),
  temperature: number('a finite number > 0', (x) => x > 0),
  momentum: number('a number in [0, 1)', (x) => x >= 0 && x < 1),
  gain: number('a finite number >= 0', (x) => x >= 0),
}

const optional = {
  decay: number('a number in [0, 1)', (x) => x >= 0 && x < 1),
  floor: number('a finite number > 0', (x) => x > 0),
}

/** The codec of a controller without its period. */
export const controllerFields = strict('a controller', required, optional)

/**
 * The codec of the `controller` of the standard, chapter Replicas. A decay below 0, by which the base would grow, is refused.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { controllerExpr } from 'steplaw/spec'
 *
 * const fields = { replicas: 8, step: 0.1, spread: 0.1, temperature: 0.1, momentum: 0.9, gain: 0.5, period: 100 }
 * controllerExpr.is(fields) // => true
 * controllerExpr.is({ ...fields, decay: -0.1 }) // => false
 * ```
 */
export const controllerExpr = strict('a controller', { ...required, period: count }, optional)

/**
 * The controller of a method over replicas as data (the standard, chapter Replicas).
 *
 * @category Standard
 * @since 0.1.0
 */
export type ControllerExpr = t.TypeOf<typeof controllerExpr>
