import {
  type BilevelDescentOutputs,
  type BilevelDescentParams,
  type BilevelDescentState,
  bilevelDescent,
} from '../bilevelDescent.js'
import type { BilevelMethod } from '../method.js'

/**
 * A named choice of the parts of {@link bilevelDescent}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export type BilevelRecipe = BilevelMethod<BilevelDescentState, BilevelDescentOutputs>

/**
 * What every recipe lets one choose: how each level moves, by any rule along any direction. What is not given is as the recipe says;
 * what is given replaces all of it.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export type RecipeLevels = Partial<Pick<BilevelDescentParams, 'inner' | 'outer' | 'probe'>>

/** {@link bilevelDescent} by another name. */
export const recipe = (name: string, params: BilevelDescentParams): BilevelRecipe => ({
  ...bilevelDescent(params),
  name,
})
