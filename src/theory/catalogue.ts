import type { Card } from './card/card.js'
import { coinBetting20 } from './theorem/coinBetting.js'
import { mechanic17 } from './theorem/mechanic.js'
import { neo23 } from './theorem/neo.js'
import { neumann22 } from './theorem/neumann.js'
import { contraction3, convexDistance4 } from './theorem/oneStep.js'
import { spsConvex, spsStronglyConvex } from './theorem/sps.js'

/**
 * The theorem cards, in the order of their ids.
 *
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { cards } from 'steplaw/theory'
 *
 * cards.some(({ id }) => id === 'P3') // => true
 * ```
 */
export const cards: ReadonlyArray<Card> = [
  contraction3,
  convexDistance4,
  spsStronglyConvex,
  spsConvex,
  mechanic17,
  coinBetting20,
  neumann22,
  neo23,
]
