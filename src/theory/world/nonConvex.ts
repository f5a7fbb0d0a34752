import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import { COMPONENTS, frames, singleRows, slackness, weights } from './geometry.js'
import { type Rows, rowsWorld } from './rows.js'
import { gemanMcClure, type Scalar, square, WAVY_PL, wavy } from './scalar.js'
import type { SolvedWorld } from './world.js'

/**
 * Smooth functions that are not convex: sums of Geman and McClure's $w_i u_i^2/(1+u_i^2)$, $u_i = a_i^\top(x - x^*)$, in $[0, w_i)$, with
 * $L_i = 2 w_i\|a_i\|^2$ and all minimised by $x^*$. Far from it the gradient vanishes, so that no rate for the gap can hold.
 *
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { nonConvexWorlds } from 'steplaw/theory'
 * import fc from 'fast-check'
 *
 * fc.sample(nonConvexWorlds(), 9).some(({ convex }) => convex) // => false
 * ```
 */
export const nonConvexWorlds = (): fc.Arbitrary<SolvedWorld> =>
  singleRows(gemanMcClure, { interpolating: true, ridge: false }).map(({ rows, start }) =>
    rowsWorld('gemanMcClure', rows, start),
  )

/** Scales of coordinates, shrinking towards 1. */
const scales = (): fc.Arbitrary<number> => fc.integer({ min: -2, max: 2 }).map((e) => 2 ** e)

/**
 * Functions with the inequality of Polyak and Łojasiewicz, $\|\nabla f\|^2 \ge 2\mu(f - \inf f)$, and an exact $\mu$: sums over
 * coordinates of $w_j h(\sigma_j(x_j - x_j^*))$, $\mu = \min_j m_h w_j \sigma_j^2/n$, where coordinate $j$ belongs to one component. For
 * $h(u) = u^2 + 3\sin^2 u$, which is not convex, $m_h = 1/32$ and $L = 8$; for $h(u) = u^2/2$, least squares that some coordinates
 * do not enter and that are not strongly convex, $m_h = L = 1$.
 *
 * @cite karimi2016
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { polyakLojasiewiczWorlds } from 'steplaw/theory'
 * import fc from 'fast-check'
 * import * as O from 'fp-ts/lib/Option.js'
 *
 * fc.sample(polyakLojasiewiczWorlds(), 9).every((world) => O.isSome(world.polyakLojasiewicz)) // => true
 * ```
 */
export const polyakLojasiewiczWorlds = (): fc.Arbitrary<SolvedWorld> =>
  fc
    .tuple(
      frames(),
      fc.array(fc.record({ scale: scales(), w: weights(), of: fc.nat(COMPONENTS - 1), loose: slackness() }), {
        minLength: 3,
        maxLength: 3,
      }),
      fc.integer({ min: 1, max: COMPONENTS }),
      fc.boolean(),
    )
    .map(([{ d, centre, start }, axes, n, convex]) => {
      const h: Scalar = convex ? square : wavy
      const used = axes.slice(0, convex && d > 1 ? d - 1 : d)
      const rows: Rows = {
        h,
        components: Array.from({ length: n }, (_, i) => ({
          terms: used.flatMap(({ scale, w, of }, j) =>
            of % n === i ? [{ a: centre.map((_c, k) => (k === j ? scale : 0)), s: 0, w }] : [],
          ),
          loose: axes[i]?.loose ?? 0,
        })),
        centre,
        ridge: 0,
      }
      const m = convex ? 1 : WAVY_PL
      const mu = Math.min(...used.map(({ scale, w }) => (m * w * scale * scale) / n))
      return rowsWorld(`polyakLojasiewicz, ${h.name}`, rows, start, { polyakLojasiewicz: O.some(mu) })
    })
