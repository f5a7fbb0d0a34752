import { actionLaws } from './action.js'
import { claimedLaws, exampleClaims } from './claims.js'
import { gatheringLaws } from './gathering.js'
import { latticeLaws } from './lattice.js'
import type { Law } from './law.js'
import { machineLaws } from './machine.js'
import { meaningLaws } from './meaning.js'
import { searchingLaws } from './searching.js'

/**
 * The laws that every rule obeys, whoever implements it and whoever wrote it.
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

/**
 * All laws: of every rule, of the words of the vocabulary, and of each claim, made with example parameters. A library that
 * implements the standard obeys every one of them.
 *
 * @category Laws
 * @since 0.1.0
 * @example
 * ```ts
 * import { allLaws } from 'steplaw/laws'
 *
 * allLaws.filter(({ of }) => of === 'armijo').map(({ id }) => id) // => ['armijo.certificate', 'armijo.floor', 'armijo.complete', 'armijo.budget', 'armijo.progress']
 * ```
 */
export const allLaws: ReadonlyArray<Law> = [
  ...laws,
  ...meaningLaws,
  ...searchingLaws,
  ...gatheringLaws,
  ...exampleClaims.flatMap(claimedLaws),
]
