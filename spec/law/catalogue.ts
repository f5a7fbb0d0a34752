import { actionLaws } from './action.js'
import { latticeLaws } from './lattice.js'
import type { Law } from './law.js'
import { machineLaws } from './machine.js'

/**
 * The laws that every rule obeys, whoever implements it.
 *
 * @category Laws
 * @since 0.1.0
 * @example
 * ```ts
 * import { laws } from 'steplaw/laws'
 *
 * laws.find(({ id }) => id === 'lattice.absorption.max')?.statement // => '$\\max(a, \\min(a, b)) = a$'
 * ```
 */
export const laws: ReadonlyArray<Law> = [...latticeLaws, ...actionLaws, ...machineLaws]
