import { add, mul, square, sub } from '../../autodiff/elementwise.js'
import { fail } from '../../autodiff/primitive.js'
import { dot, matmul, reshape, slice } from '../../autodiff/structural.js'
import type { Tensor } from '../../autodiff/tensor.js'
import { squaredNorm } from '../../numeric/sum.js'
import type { VectorInput } from '../../problem/objective/input.js'
import { alone, noData, spread, vectorOf } from './input.js'
import type { BilevelInstance } from './instance.js'
import { bilevelProblem, type TracedBilevelProblem } from './traced.js'

const entry = (v: Tensor, i: number): Tensor => reshape(slice(v, [i], [i + 1]), [])

/**
 * A lower level whose solutions are lines, $g = \frac12 y_1^2 - x y_1$ and
 * $f = \frac12 (x - y_2)^2 + \frac12 (y_1 - 1)^2$: $\{(x, t)\}$ solves the lower level for every $t$, and the optimistic choice is
 * $t = x$. $H = \operatorname{diag}(1, 0)$ is singular; with its pseudo-inverse
 * $\nabla_x f - J H^+ \nabla_y f = (x - y_2) + (y_1 - 1)$, which at $y = (x, x)$ is $F'(x) = x - 1$.
 *
 * Facts of the optimistic problem: $y^*(x) = (x, x)$, $F(x) = \frac12 (x - 1)^2$, the minimiser 1, the minimum 0; $L = \|J\| = 1$; no
 * $\mu$. Runs start from 0.
 *
 * @cite ye2022
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { degenerateLower } from 'steplaw/bilevel'
 *
 * const { problem } = degenerateLower()
 * problem.upper.value(Float64Array.of(1), Float64Array.of(1, 1), null) // => 0
 * problem.facts.gradient?.(Float64Array.of(3)) // => Float64Array.of(2)
 * ```
 */
export const degenerateLower = (): BilevelInstance<TracedBilevelProblem<readonly [1], readonly [2]>> => ({
  problem: bilevelProblem({
    name: 'degenerateLower',
    x: [1],
    y: [2],
    lower: {
      data: noData,
      component: (x, y, { none }) =>
        spread(sub(mul(0.5, square(entry(y, 0))), mul(entry(x, 0), entry(y, 0))), none),
    },
    upper: {
      data: noData,
      component: (x, y, { none }) =>
        spread(mul(0.5, add(square(sub(entry(x, 0), entry(y, 1))), square(sub(entry(y, 0), 1)))), none),
    },
    facts: {
      L: 1,
      crossNorm: 1,
      crossLipschitz: 0,
      upperLipschitzX: 1,
      upperLipschitzY: 1,
      upperConvex: true,
      lowerSolution: ([x = 0]) => Float64Array.of(x, x),
      value: ([x = 0]) => ((x - 1) * (x - 1)) / 2,
      gradient: ([x = 0]) => Float64Array.of(x - 1),
      minimiser: Float64Array.of(1),
      minimum: 0,
    },
  }),
  starts: [{ x: Float64Array.of(0), y: Float64Array.of(0, 0) }],
})

/**
 * A lower level whose solutions are a hyperplane, $g = \frac12 (a^\top y - x)^2$ and $f = \frac12 \|y\|^2 + \frac12 (x - 1)^2$. The
 * optimistic choice is the solution of least norm, $y^*(x) = a x / \|a\|^2$, to which descent from $y_0 = 0$ goes by itself: it never
 * leaves the line of $a$. $g$ is not strongly convex, but $\|\nabla_y g\|^2 = 2 \|a\|^2 g$ (Polyak and Łojasiewicz).
 *
 * Facts of the optimistic problem: $y^*$, $F(x) = \frac{x^2}{2 \|a\|^2} + \frac12 (x - 1)^2$, its minimiser
 * $\|a\|^2 / (1 + \|a\|^2)$ and minimum $\frac12 / (1 + \|a\|^2)$; $L = \|a\|^2$, $\|J\| = \|a\|$; $\mu$ only for one unknown.
 *
 * @throws `RangeError` naming `a`, where it is 0, has no entries or is not finite.
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { hyperplaneLower } from 'steplaw/bilevel'
 *
 * const { problem } = hyperplaneLower({ a: [1, 1, 1] })
 * problem.facts.minimiser // => Float64Array.of(0.75)
 * problem.facts.lowerSolution?.(Float64Array.of(3)) // => Float64Array.of(1, 1, 1)
 * ```
 */
export const hyperplaneLower = (given: {
  readonly a: VectorInput
}): BilevelInstance<TracedBilevelProblem<readonly [1], readonly [number]>> => {
  const a = vectorOf('a', given.a, given.a.length)
  const s = squaredNorm(a)
  if (!(s > 0 && Number.isFinite(s))) fail('a', `must have a norm above 0, got a squared norm of ${s}`)
  const m = a.length
  return {
    problem: bilevelProblem({
      name: 'hyperplaneLower',
      x: [1],
      y: [m],
      lower: {
        data: { a: alone(a) },
        component: (x, y, data) => mul(0.5, square(sub(matmul(data.a, y), x))),
      },
      upper: {
        data: { a: alone(a) },
        component: (x, y, data) =>
          spread(add(mul(0.5, dot(y, y)), mul(0.5, square(sub(entry(x, 0), 1)))), data.a),
      },
      facts: {
        ...(m === 1 ? { mu: s } : {}),
        L: s,
        crossNorm: Math.sqrt(s),
        crossLipschitz: 0,
        upperLipschitzX: 0,
        upperLipschitzY: 1,
        upperConvex: true,
        lowerSolution: ([x = 0]) => a.map((ai) => (ai * x) / s),
        value: ([x = 0]) => (x * x) / (2 * s) + ((x - 1) * (x - 1)) / 2,
        gradient: ([x = 0]) => Float64Array.of(x / s + x - 1),
        minimiser: Float64Array.of(s / (1 + s)),
        minimum: 0.5 / (1 + s),
      },
    }),
    starts: [{ x: Float64Array.of(0), y: new Float64Array(m) }],
  }
}
