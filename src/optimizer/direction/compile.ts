import * as O from 'fp-ts/lib/Option.js'
import { type DirectionExpr, printDirection } from '../../../spec/vocabulary/direction.js'
import { adagrad } from './adagrad.js'
import { adam, amsgrad } from './adam.js'
import { delayedAdagrad } from './delayedAdagrad.js'
import type { Direction } from './direction.js'
import { momentum } from './momentum.js'
import { neo } from './neo.js'
import { nesterov } from './nesterov.js'
import { rmsprop } from './rmsprop.js'
import { steepest } from './steepest.js'

/**
 * The direction that an expression means.
 *
 * @throws RangeError if a field is outside its domain, which the codec {@link "steplaw/spec".directionExpr | directionExpr} excludes, or
 * if the weights of a normalised {@link neo} sum to zero.
 * @category Directions
 * @since 0.1.0
 * @example
 * ```ts
 * import { compileDirection } from 'steplaw'
 *
 * compileDirection({ direction: 'momentum', mu: 0.9 }).moments // => 1
 * ```
 */
export const compileDirection = (expr: DirectionExpr): Direction => {
  switch (expr.direction) {
    case 'steepest':
      return steepest
    case 'momentum':
      return momentum(expr.mu)
    case 'nesterov':
      return nesterov(expr.mu)
    case 'adam':
      return adam({ beta1: expr.beta1, beta2: expr.beta2, eps: expr.eps })
    case 'amsgrad':
      return amsgrad({ beta1: expr.beta1, beta2: expr.beta2, eps: expr.eps })
    case 'adagrad':
      return adagrad(expr.eps)
    case 'rmsprop':
      return rmsprop({ beta: expr.beta, eps: expr.eps })
    case 'neo':
      return neo({ alpha: expr.alpha, memory: expr.memory, normalised: expr.normalised })
    case 'delayedAdagrad':
      return delayedAdagrad({ beta: expr.beta, exponent: expr.exponent })
  }
}

/**
 * Prints a direction: its expression in the notation of the standard, or its name where it has none.
 *
 * @category Directions
 * @since 0.1.0
 * @example
 * ```ts
 * import { printedDirection, steepest } from 'steplaw'
 *
 * printedDirection(steepest) // => 'steepest'
 * ```
 */
export const printedDirection = (direction: Direction): string =>
  O.isSome(direction.expr) ? printDirection(direction.expr.value) : direction.name
