import * as O from 'fp-ts/lib/Option.js'
import { printWrapper, type WrapperExpr } from '../../../spec/vocabulary/wrapper.js'
import { average } from './average.js'
import { cocob } from './cocob.js'
import { coinBetting } from './coinBetting.js'
import { dAdaptation } from './dAdaptation.js'
import { mechanic } from './mechanic.js'
import type { Wrapper } from './wrapper.js'

/**
 * The wrapper that an expression means.
 *
 * @throws RangeError if a field is outside its domain, which the codec {@link "steplaw/spec".wrapperExpr | wrapperExpr} excludes, or
 * if steps are averaged where none are taken.
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { compileWrapper } from 'steplaw'
 *
 * compileWrapper({ wrapper: 'dAdaptation', d0: 1e-6 }).needs // => 'nothing'
 * ```
 */
export const compileWrapper = (expr: WrapperExpr): Wrapper => {
  switch (expr.wrapper) {
    case 'mechanic': {
      const { wrapper: _, ...fields } = expr
      return mechanic(fields)
    }
    case 'coinBetting':
      return coinBetting({ wealth: expr.wealth, clip: expr.clip })
    case 'cocob':
      return cocob({ alpha: expr.alpha, eps: expr.eps })
    case 'dAdaptation':
      return dAdaptation({ d0: expr.d0 })
    case 'average': {
      const { weights, gamma, of } = expr
      if (of === null) return average({ weights, gamma })
      const inside = compileWrapper(of)
      return inside.needs === 'method'
        ? average({ weights, gamma }, inside)
        : average({ weights, gamma }, inside)
    }
  }
}

/**
 * Prints a wrapper: its expression in the notation of the standard, or its name where it has none.
 *
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { coinBetting, printedWrapper } from 'steplaw'
 *
 * printedWrapper(coinBetting({ wealth: 0.5 })) // => 'coinBetting{wealth: 0.5}'
 * ```
 */
export const printedWrapper = (wrapper: Wrapper): string =>
  O.isSome(wrapper.expr) ? printWrapper(wrapper.expr.value) : wrapper.name
