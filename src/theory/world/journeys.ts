import fc from 'fast-check'
import type { Journey, World } from './world.js'

/**
 * A world with up to twelve batches of one to three components, repeats included. They shrink towards one batch of the first
 * component.
 *
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { journeys, quadraticWorlds } from 'steplaw/theory'
 * import fc from 'fast-check'
 *
 * fc.sample(journeys(quadraticWorlds()), 9).every(({ batches }) => batches.length > 0) // => true
 * ```
 */
export const journeys = <W extends World>(
  worlds: fc.Arbitrary<W>,
  { length = 12 }: { readonly length?: number } = {},
): fc.Arbitrary<Journey<W>> =>
  fc
    .tuple(
      worlds,
      fc.oneof({ weight: 2, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 3 })),
      fc.array(fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: length, size: 'max' }),
    )
    .map(([world, size, draws]) => ({
      world,
      batches: draws.map((draw) => draw.slice(0, size).map((i) => i % world.L.length)),
    }))

/**
 * A world with the whole sum as every batch: the deterministic method.
 *
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { quadraticWorlds, wholeJourneys } from 'steplaw/theory'
 * import fc from 'fast-check'
 *
 * fc.sample(wholeJourneys(quadraticWorlds()), 9).every(({ world, batches: [b] }) => b?.length === world.L.length) // => true
 * ```
 */
export const wholeJourneys = <W extends World>(
  worlds: fc.Arbitrary<W>,
  { length = 12 }: { readonly length?: number } = {},
): fc.Arbitrary<Journey<W>> =>
  fc.tuple(worlds, fc.integer({ min: 1, max: length })).map(([world, iterations]) => ({
    world,
    batches: Array.from({ length: iterations }, () => world.L.map((_, i) => i)),
  }))
