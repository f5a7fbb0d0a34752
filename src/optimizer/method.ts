import * as E from 'fp-ts/lib/Either.js'
import type { Rule } from '../rule/rule.js'
import type { Direction } from './direction/direction.js'
import { steepest } from './direction/steepest.js'
import type { Wrapper, WrapperAround } from './wrapper/wrapper.js'

/**
 * How to descend: a rule along a direction ({@link steepest} by default), a wrapper around them if there is one; or a
 * wrapper that steps by itself, such as {@link coinBetting}, beside which a rule would have no meaning.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export type Method =
  | {
      readonly rule: Rule
      readonly direction?: Direction
      readonly wrapper?: WrapperAround<'method'>
    }
  | { readonly wrapper: WrapperAround<'nothing'>; readonly rule?: never; readonly direction?: never }

/** A method with its default filled in: one of the two is there. */
export interface Parts {
  readonly base: { readonly rule: Rule; readonly direction: Direction } | null
  readonly wrapper: Wrapper | null
}

/**
 * The pieces of a method that was put together at run time, as far as it goes.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface Pieces {
  readonly rule?: Rule | undefined
  readonly direction?: Direction | undefined
  readonly wrapper?: Wrapper | undefined
}

/** Why pieces make no method: which one, and what was expected in its place. */
export interface Misfit {
  readonly piece: 'rule' | 'direction'
  readonly expected: string
}

/** The method of these pieces, or which of them is missing or too many. */
export const fitted = ({ rule, direction, wrapper }: Pieces): E.Either<Misfit, Method> => {
  if (wrapper?.needs === 'nothing') {
    const expected = `none beside ${wrapper.name}, which steps by itself`
    if (rule !== undefined) return E.left({ piece: 'rule', expected })
    return direction === undefined ? E.right({ wrapper }) : E.left({ piece: 'direction', expected })
  }
  if (rule === undefined) return E.left({ piece: 'rule', expected: 'a rule, or a wrapper that needs none' })
  return E.right({
    rule,
    ...(direction === undefined ? {} : { direction }),
    ...(wrapper === undefined ? {} : { wrapper }),
  })
}

/**
 * The method of these pieces, where their types do not tell whether they fit.
 *
 * @throws RangeError if there is neither a rule nor a wrapper that needs none, or a rule or direction beside such a one.
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { compileWrapper, methodOf } from 'steplaw'
 *
 * const wrapper = compileWrapper({ wrapper: 'coinBetting', wealth: 1, clip: 1 })
 * methodOf({ wrapper }).wrapper?.name // => 'coinBetting'
 * ```
 */
export const methodOf = (pieces: Pieces): Method => {
  const method = fitted(pieces)
  if (E.isRight(method)) return method.right
  const { piece, expected } = method.left
  throw new RangeError(`${piece} is ${pieces[piece]?.name ?? 'missing'}, expected ${expected}`)
}

/** The parts of a method; refuses what only a caller without types can write. */
export const partsOf = (given: Method): Parts => {
  const method = methodOf(given)
  if (method.rule === undefined) return { base: null, wrapper: method.wrapper }
  const { rule, direction = steepest, wrapper = null } = method
  return { base: { rule, direction }, wrapper }
}
