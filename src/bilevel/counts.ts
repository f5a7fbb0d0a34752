import type * as t from 'io-ts'
import { strict } from '../../spec/vocabulary/strict.js'
import { index } from '../optimizer/vector.js'
import type { BilevelRequest } from './oracle.js'

/**
 * How often a problem has been evaluated on training batches, by kind: values and gradients of each level, products with the Hessian
 * of $g$ and with its mixed derivatives. A gradient in $x$, in $y$ or in both counts as one.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface BilevelCounts {
  readonly upperValues: number
  readonly upperGradients: number
  readonly lowerValues: number
  readonly lowerGradients: number
  readonly hessianProducts: number
  readonly crossProducts: number
}

/**
 * Nothing has been evaluated.
 *
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { noCounts } from 'steplaw/bilevel'
 *
 * noCounts.lowerGradients // => 0
 * ```
 */
export const noCounts: BilevelCounts = {
  upperValues: 0,
  upperGradients: 0,
  lowerValues: 0,
  lowerGradients: 0,
  hessianProducts: 0,
  crossProducts: 0,
}

/** Which count a request belongs to. */
export const kindOf = (request: BilevelRequest): keyof BilevelCounts => {
  switch (request.want) {
    case 'value':
      return request.level === 'upper' ? 'upperValues' : 'lowerValues'
    case 'gradient':
      return request.level === 'upper' ? 'upperGradients' : 'lowerGradients'
    case 'hessian':
      return 'hessianProducts'
    case 'cross':
      return 'crossProducts'
  }
}

/**
 * The cost of evaluations in units of one gradient: a product of second derivatives counts as one gradient, a value as a third.
 *
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { gradientUnits, noCounts } from 'steplaw/bilevel'
 *
 * gradientUnits({ ...noCounts, lowerGradients: 10, hessianProducts: 4, crossProducts: 1 }) // => 15
 * ```
 */
export const gradientUnits = (c: BilevelCounts): number =>
  c.upperGradients +
  c.lowerGradients +
  c.hessianProducts +
  c.crossProducts +
  (c.upperValues + c.lowerValues) / 3

/** The codec of counts. */
export const countsCodec: t.Type<BilevelCounts, unknown, unknown> = strict('counts', {
  upperValues: index,
  upperGradients: index,
  lowerValues: index,
  lowerGradients: index,
  hessianProducts: index,
  crossProducts: index,
})
