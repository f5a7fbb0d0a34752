import fc from 'fast-check'
import { leastSquares } from '../../problem/objective/leastSquares.js'
import { logistic } from '../../problem/objective/logistic.js'
import { directions, frames, type Interpolating, ridgeArbitrary, singleRows, slackness } from './geometry.js'
import { type Rows, rowsWorld } from './rows.js'
import { plus, square } from './scalar.js'
import type { SolvedWorld } from './world.js'

/**
 * Least squares $\frac12(a_i^\top x - y_i)^2$ by the library's objective, with an exact minimiser $x^*$: all rows fit it, or pairs
 * of rows miss it by $\pm s$.
 *
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { leastSquaresWorlds } from 'steplaw/theory'
 * import fc from 'fast-check'
 *
 * fc.sample(leastSquaresWorlds({ interpolating: false }), 9).every(({ L }) => L.length % 2 === 0) // => true
 * ```
 */
export const leastSquaresWorlds = (options: Interpolating = {}): fc.Arbitrary<SolvedWorld> =>
  singleRows(square, { ...options, ridge: false }).map(({ rows, start }) => {
    const { centre } = rows
    const components = rows.components.map(({ terms, loose }) => ({
      terms: terms.map((t) => ({ ...t, w: 1 })),
      loose,
    }))
    const A = components.map(({ terms: [t] }) => t?.a ?? [])
    const y = components.map(({ terms: [t] }, i) =>
      (A[i] ?? []).reduce((s, a, j) => s + a * (centre[j] ?? 0), t?.s ?? 0),
    )
    const lowerBounds = components.map(({ loose }) => -loose)
    return rowsWorld('leastSquares', { ...rows, components }, start, {
      objective: leastSquares({ A, y, lowerBounds }),
      data: { A, y, lowerBounds },
    })
  })

/**
 * Logistic regressions by the library's objective in which every row has both labels, so that $x^* = 0$ by symmetry, with a
 * ridge $\frac\lambda2\|x\|^2$ or without.
 *
 * @param options - `ridge`: whether $\lambda > 0$; both kinds where it is left out.
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { logisticWorlds } from 'steplaw/theory'
 * import fc from 'fast-check'
 *
 * fc.sample(logisticWorlds(), 9).every(({ minimiser }) => minimiser.every((x) => x === 0)) // => true
 * ```
 */
export const logisticWorlds = ({ ridge }: { readonly ridge?: boolean } = {}): fc.Arbitrary<SolvedWorld> =>
  fc
    .tuple(
      frames(),
      fc.array(fc.tuple(directions(), slackness()), { minLength: 1, maxLength: 2, size: 'max' }),
      ridgeArbitrary(ridge),
    )
    .map(([{ d, start }, drawn, l2]) => {
      const parts = drawn.flatMap(([a, loose]) => [1, -1].map((y) => ({ a: a.slice(0, d), y, loose })))
      const rows: Rows = {
        h: plus,
        components: parts.map(({ a, y, loose }) => ({
          terms: [{ a: a.map((aj) => -y * aj), s: 0, w: 1 }],
          loose,
        })),
        centre: start.map(() => 0),
        ridge: l2,
      }
      const A = parts.map(({ a }) => a)
      const y = parts.map((p) => p.y)
      const lowerBounds = parts.map(({ loose }) => -loose)
      return rowsWorld('logistic', rows, start, {
        objective: logistic({ A, y, l2, lowerBounds }),
        data: { A, y, l2, lowerBounds },
      })
    })
