import { mul, square, sub } from '../../autodiff/elementwise.js'
import { matmul, softmax, sum, transpose } from '../../autodiff/structural.js'
import { type RowMajor, spectralNorm, times, transposedTimes } from '../../numeric/dense.js'
import { exp } from '../../numeric/exponential.js'
import type { Vector } from '../../problem/oracle.js'
import { alone, only, spread } from './input.js'
import type { BilevelInstance } from './instance.js'
import { bilevelProblem, type TracedBilevelProblem } from './traced.js'

const POINTS: RowMajor = { rows: 4, columns: 2, values: Float64Array.of(1, 3, 3, 1, -2, 2, -3, -2) }
const TARGET = Float64Array.of(3, -2)

const weightsOf = (x: Vector): Vector => {
  const top = x.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const each = x.map((xi) => exp(xi - top))
  const total = each.reduce((s, e) => s + e, 0)
  return each.map((e) => e / total)
}

/**
 * Four points weighed so that their mean comes near to a fifth: with the rows of $C$ = (1, 3), (3, 1), (-2, 2), (-3, -2) and
 * $t = (3, -2)$
 * $$g = \|C^\top \operatorname{softmax}(x) - y\|^2, \qquad f = \tfrac1{10} \|y - t\|^2 .$$
 * The lower level is as simple as can be; the upper one is not convex, and its infimum is not attained: the nearest point of the
 * hull, $(1.8, 0.4)$, has the weights $(0, 0.8, 0, 0.2)$, which no finite $x$ gives.
 *
 * Facts: $y^*(x) = C^\top \operatorname{softmax}(x)$, $F$, $\nabla F$, the infimum 0.72; $\mu = L = 2$, $\|J\| \le \|C\|$,
 * $L_{fy} = 1/5$. Runs start from $x = 0$ and $y$ = (0, 3), (-3, 1) or (3.5, -1).
 *
 * @cite ye2022
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { coreset } from 'steplaw/bilevel'
 *
 * const { problem } = coreset()
 * problem.facts.minimum // => 0.72
 * problem.facts.lowerSolution?.(Float64Array.of(0, 0, 0, 0)) // => Float64Array.of(-0.25, 1)
 * ```
 */
export const coreset = (): BilevelInstance<TracedBilevelProblem<readonly [4], readonly [2]>> => {
  const lowerSolution = (x: Vector): Vector => transposedTimes(POINTS, weightsOf(x))
  const away = (x: Vector): Vector => lowerSolution(x).map((y, i) => y - (TARGET[i] ?? 0))
  return {
    problem: bilevelProblem({
      name: 'coreset',
      x: [4],
      y: [2],
      lower: {
        data: { C: alone(POINTS) },
        component: (x, y, { C }) => {
          const mean = matmul(transpose(only(C)), softmax(x))
          return spread(sum(square(sub(mean, y))), C)
        },
      },
      upper: {
        data: { target: alone(TARGET) },
        component: (_, y, { target }) => mul(0.1, sum(square(sub(y, target)), { axes: 1 })),
      },
      facts: {
        mu: 2,
        L: 2,
        crossNorm: spectralNorm(POINTS),
        crossLipschitz: 0,
        inverseHessianLipschitz: 0,
        upperLipschitzX: 0,
        upperLipschitzY: 0.2,
        upperConvex: true,
        lowerSolution,
        value: (x) => away(x).reduce((s, d) => s + 0.1 * d * d, 0),
        gradient: (x) => {
          const p = weightsOf(x)
          const slope = times(
            POINTS,
            away(x).map((d) => 0.2 * d),
          )
          const mean = slope.reduce((s, z, i) => s + z * (p[i] ?? 0), 0)
          return slope.map((z, i) => (z - mean) * (p[i] ?? 0))
        },
        minimum: 0.72,
      },
    }),
    starts: [
      [0, 3],
      [-3, 1],
      [3.5, -1],
    ].map((y) => ({ x: new Float64Array(4), y: Float64Array.from(y) })),
  }
}
