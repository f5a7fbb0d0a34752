import fc from 'fast-check'
import { type Interpolating, singleRows } from './geometry.js'
import { rowsWorld } from './rows.js'
import { huber, square } from './scalar.js'
import type { SolvedWorld } from './world.js'

/** Powers of two from $2^{-20}$ to $2^{20}$, shrinking towards 1. */
const wild = (): fc.Arbitrary<number> => fc.integer({ min: -20, max: 20 }).map((e) => 2 ** e)

/**
 * Worlds in units that nobody would choose: every coordinate and the value multiplied by powers of two between $2^{-20}$ and
 * $2^{20}$, which rounds nothing; curvatures and condition numbers reach $2^{60}$ and more. Least squares and Huber losses.
 *
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { illScaledWorlds } from 'steplaw/theory'
 * import fc from 'fast-check'
 *
 * fc.sample(illScaledWorlds({ interpolating: true }), 9).every(({ interpolates }) => interpolates) // => true
 * ```
 */
export const illScaledWorlds = (options: Interpolating = {}): fc.Arbitrary<SolvedWorld> =>
  fc
    .tuple(
      fc.constantFrom(square, huber).chain((h) => singleRows(h, { ...options, ridge: false })),
      fc.array(wild(), { minLength: 3, maxLength: 3 }),
      wild(),
    )
    .map(([{ rows, start }, units, unit]) => {
      const inUnits = (x: ReadonlyArray<number>): ReadonlyArray<number> =>
        x.map((xj, j) => xj / (units[j] ?? 1))
      const components = rows.components.map(({ terms, loose }) => ({
        terms: terms.map(({ a, s, w }) => ({ a: a.map((aj, j) => aj * (units[j] ?? 1)), s, w: w * unit })),
        loose: loose * unit,
      }))
      return rowsWorld(
        `illScaled, ${rows.h.name}`,
        { ...rows, components, centre: inUnits(rows.centre) },
        inUnits(start),
      )
    })
