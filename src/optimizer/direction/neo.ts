import type { DirectionFields, DirectionParams } from '../../../spec/vocabulary/direction.js'
import type { Vector } from '../../problem/oracle.js'
import { builtIn } from './builtIn.js'
import type { Direction } from './direction.js'

/** $\psi_1, \dots, \psi_n$ by recursion; they end where they vanish, which they do for good when $\alpha$ is an integer. */
const weights = (alpha: number, n: number): ReadonlyArray<number> => {
  const psi: Array<number> = []
  for (let j = 1, last = 1; j <= n; j++) {
    last = (last * (j - 1 - alpha)) / j
    if (last === 0) break
    psi.push(last)
  }
  return psi
}

/** $\sum_{j=1}^n \psi_j$, without a list: the memory may be far longer than any run. */
const total = (alpha: number, n: number): number => {
  let sum = 0
  for (let j = 1, last = 1; j <= n && last !== 0; j++) {
    last = (last * (j - 1 - alpha)) / j
    sum += last
  }
  return sum
}

/** $\sum_j w_j\, y_j$ over as many points as there are weights. */
const combined = (w: ReadonlyArray<number>, points: ReadonlyArray<Vector>): Vector => {
  const [first = 0, ...rest] = w
  const sum = (points[0] ?? new Float64Array(0)).map((x) => first * x)
  for (const [j, weight] of rest.entries()) {
    const point = points[j + 1]
    if (point !== undefined) for (const [i, x] of point.entries()) sum[i] = (sum[i] ?? 0) + weight * x
  }
  return sum
}

/**
 * The weights of $x_k, x_{k-1}, \dots$ in the base. Normalised, the points before $x_0$ are $x_0$: what their weights
 * come to is added to the oldest.
 */
const baseWeights = (
  { alpha, memory }: DirectionFields<'neo'>,
  points: number,
  sum: number | null,
): ReadonlyArray<number> => {
  const psi = weights(alpha, points)
  if (sum === null) return psi.map((w) => -w)
  const q = psi.map((w) => w / sum)
  if (points >= memory || psi.length < points) return q
  const beyond = (sum - psi.reduce((a, b) => a + b, 0)) / sum
  return q.map((w, j) => (j === points - 1 ? w + beyond : w))
}

/**
 * NEO: steps from a weighted sum of the latest points instead of from the last one, so that the run has a long memory with
 * weights that fall as a power. With the Grünwald–Letnikov weights $\psi_0 = 1$,
 * $\psi_j = \psi_{j-1}\,(j-1-\alpha)/j$ and $p$ = `memory`,
 * $$x_{k+1} = -\sum_{j=1}^{\min(p,k+1)} \psi_j\, x_{k+1-j} - \gamma_k g_k.$$
 *
 * $\alpha = 1$ is gradient descent to the bit, $\alpha = 2$ the heavy ball without damping. Rules search along $-g_k$ from
 * $x_k$; a step that fails leaves the point where it is, not at the sum. Clause `direction.neo`.
 *
 * With a finite memory and $0 < \alpha < 1$ the weights $-\psi_j$ sum to less than 1, so that the run is drawn to the
 * origin and comes to rest where $\prod_{i \le p} (1 - \alpha/i)\, x = -\gamma \nabla f(x)$, which is no minimiser.
 * `normalised` divides them by their sum and takes $x_0$ for the points before the first: then minimisers are what it
 * rests at, and moving the origin moves the run along.
 *
 * The published evidence for the method is empirical; the form of the update is this library's reading of it. Edge cases:
 * iterations that fail count as points, also those whose value or gradient is not finite. Under a wrapper that takes
 * displacements, such as {@link mechanic}, the sum has no effect.
 *
 * Cost: `memory` - 1 points of state, `memory` multiplications a coordinate; `memory` operations once if `normalised`.
 *
 * Laws: none. Theorems: P23.
 *
 * @param params - `alpha`: finite > 0; `memory`: an integer >= 1; `normalised`: false by default. There are no usual
 * values: the source gives none that could be recovered.
 * @throws RangeError if a field is outside its domain, or if `normalised` and the weights sum to 0 (as for
 * $\alpha = 3$, $p = 2$) or overflow.
 * @cite chatterjee2021
 * @category Directions
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, minimise, neo, quadratic } from 'steplaw'
 *
 * const problem = quadratic({ A: [[[1]]], b: [[0]] })
 * const run = minimise(problem, {
 *   rule: constant(0.5),
 *   direction: neo({ alpha: 2, memory: 2 }),
 *   start: Float64Array.of(4),
 *   iterations: 2,
 * })
 * run.records.map(({ x }) => x[0]) // => [4, 6]
 * run.x // => Float64Array.of(5)
 * ```
 */
export const neo = (params: DirectionParams<'neo'>): Direction => {
  const fields: DirectionFields<'neo'> = { normalised: false, ...params }
  const { alpha, memory, normalised } = fields
  const direction = builtIn('neo', fields, {
    moments: 0,
    history: memory - 1,
    advance: ({ count, moments }, { k, x, gradient }) => {
      // Since the last gradient that was finite nothing has moved: those points are this one.
      const repeated = Array.from({ length: Math.min(k - count, memory) }, () => x)
      const points = [x, ...repeated, ...moments].slice(0, memory)
      const p = gradient.map((g) => -g)
      return {
        state: { count: k + 1, moments: points.slice(0, memory - 1) },
        probe: p,
        execute: p,
        base: combined(baseWeights(fields, points.length, sum), points),
      }
    },
  })
  const sum = normalised ? total(alpha, memory) : null
  if (sum !== null && (sum === 0 || !Number.isFinite(sum)))
    throw new RangeError(
      `neo: alpha is ${alpha}, expected weights whose sum is finite and not 0 with memory ${memory}`,
    )
  return direction
}
