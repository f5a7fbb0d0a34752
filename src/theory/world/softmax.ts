import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import { exp, gamma, log, log1p, norm } from '../../numeric/index.js'
import { softmax } from '../../problem/objective/softmax.js'
import type { Vector } from '../../problem/oracle.js'
import { directions, eighths, ridgeArbitrary, slackness } from './geometry.js'
import { infimumBetween } from './rows.js'
import { mean, type Place, type SolvedWorld } from './world.js'

interface Part {
  readonly a: ReadonlyArray<number>
  readonly label: number
  readonly loose: number
}

/** $\log \sum_q e^{z_q} - z_y$ from the differences $z_q - z_y$ of the others, without cancellation. */
const logShare = (differences: ReadonlyArray<number>): number => {
  const top = Math.max(0, ...differences)
  if (top === 0) return log1p(differences.reduce((s, t) => s + exp(t), 0))
  return top + log(differences.reduce((s, t) => s + exp(t - top), exp(-top)))
}

/**
 * The place of a point. A number $z_q$ takes $2p$ roundings of at most $Z = \max_q \sum_j |a_j| |W_{jq}|$; value, bound and the closed
 * form add 48 of at most $2Z$, the value, the ridge and the bound. A gradient's shares lie in $[0, 1]$, with the Lipschitz
 * constant 1 in the greatest $|z_q|$.
 */
const placeAt = (
  parts: ReadonlyArray<Part>,
  classes: number,
  l2: number,
  x: Vector,
  batch: ReadonlyArray<number>,
): Place => {
  const sizes = batch.map((i) => {
    const { a, label, loose } = parts[i] ?? { a: [], label: 0, loose: 0 }
    const z = Array.from({ length: classes }, (_, q) =>
      a.reduce((s, aj, j) => s + aj * (x[j * classes + q] ?? 0), 0),
    )
    const Z = Math.max(
      ...z.map((_, q) => a.reduce((s, aj, j) => s + Math.abs(aj * (x[j * classes + q] ?? 0)), 0)),
    )
    const own = z[label] ?? 0
    const loss = logShare(z.filter((_, q) => q !== label).map((t) => t - own))
    const ridge = (l2 / 2) * x.reduce((s, w) => s + w * w, 0)
    const length = norm(Float64Array.from(a))
    return {
      gap: loss + ridge + loose,
      error: gamma(2 * a.length + 48) * (4 * Z + loss + ridge + loose + log(classes)),
      slope: 2 * length,
      off: 2 * gamma(2 * a.length + 48) * length * (1 + 4 * Z),
    }
  })
  const shrink = l2 * norm(x)
  const slope = mean(sizes.map((s) => s.slope)) + shrink
  return {
    gap: mean(sizes.map((s) => s.gap)),
    error: mean(sizes.map((s) => s.error)) * (1 + gamma(9)),
    gradientError: mean(sizes.map((s) => s.off)) + gamma(32) * slope,
    gradientSize: slope,
  }
}

/** $\inf f_i$: by symmetry among the other classes on the line $W = a\,(t\,(e_y - \mathbf 1/c))^\top$. */
const infimum = (aa: number, classes: number, l2: number): number => {
  if (aa === 0) return log(classes)
  if (l2 === 0) return 0
  const others = classes - 1
  const pull = l2 * aa * (others / classes)
  return infimumBetween(
    (t) => log1p(others * exp(-t * aa)) + (pull / 2) * t * t,
    (t) => (-aa * others * exp(-t * aa)) / (1 + others * exp(-t * aa)) + pull * t,
    pull,
    0,
    classes / l2,
  )
}

/**
 * Softmax regressions by the library's objective in which every row has each label once, so that $W^* = 0$ by symmetry, with a
 * ridge or without: two or three classes, one or two rows.
 *
 * @param options - `ridge`: whether $\lambda > 0$; both kinds where it is left out.
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { softmaxWorlds } from 'steplaw/theory'
 * import fc from 'fast-check'
 *
 * fc.sample(softmaxWorlds(), 9).every(({ minimiser }) => minimiser.every((x) => x === 0)) // => true
 * ```
 */
export const softmaxWorlds = ({ ridge }: { readonly ridge?: boolean } = {}): fc.Arbitrary<SolvedWorld> =>
  fc
    .tuple(
      fc.integer({ min: 1, max: 2 }),
      fc.integer({ min: 2, max: 3 }),
      fc.array(fc.tuple(directions(), slackness()), { minLength: 1, maxLength: 2, size: 'max' }),
      ridgeArbitrary(ridge),
      fc.array(eighths(), { minLength: 6, maxLength: 6 }),
    )
    .map(([p, classes, drawn, l2, start]) => {
      const parts = drawn
        .slice(0, classes === 2 ? 2 : 1)
        .flatMap(([a, loose]) =>
          Array.from({ length: classes }, (_, label) => ({ a: a.slice(0, p), label, loose })),
        )
      const A = parts.map(({ a }) => a)
      const labels = parts.map(({ label }) => label)
      const lowerBounds = parts.map(({ loose }) => -loose)
      const squares = A.map((a) => a.reduce((s, aj) => s + aj * aj, 0))
      return {
        family: 'softmax',
        data: { A, labels, classes, l2, lowerBounds },
        objective: softmax({ A, labels, classes, l2, lowerBounds }),
        start: Float64Array.from(start.slice(0, p * classes)),
        L: squares.map((s) => s / 2 + l2),
        mu: squares.map(() => l2),
        convex: true,
        interpolates: squares.every((s) => s === 0),
        minimiser: new Float64Array(p * classes),
        looseness: parts.map(({ loose }, i) => loose + infimum(squares[i] ?? 0, classes, l2)),
        polyakLojasiewicz: O.none,
        place: (x, batch) => placeAt(parts, classes, l2, x, batch),
      }
    })
