import {
  abs,
  add,
  div,
  expm1,
  lessEqual,
  log1p,
  mul,
  softplus,
  square,
  sub,
  tanh,
  where,
} from '../../autodiff/elementwise.js'
import { dot, matmul, sum } from '../../autodiff/structural.js'
import type { Tensor } from '../../autodiff/tensor.js'
import { spectralNorm, times, transposedTimes } from '../../numeric/dense.js'
import { tanh as tanhOf } from '../../numeric/index.js'
import { symmetricEigenvalues } from '../../numeric/linear.js'
import { log } from '../../numeric/logarithm.js'
import { squaredNorm } from '../../numeric/sum.js'
import { type MatrixInput, rowsOf, type VectorInput } from '../../problem/objective/input.js'
import type { Vector } from '../../problem/oracle.js'
import {
  alone,
  boundsOf,
  expectSymmetric,
  finiteOf,
  type LowerBounds,
  matrixOf,
  only,
  spread,
  vectorOf,
} from './input.js'
import type { BilevelFacts } from './problem.js'
import { bilevelProblem, type TracedBilevelProblem } from './traced.js'

/**
 * The parts of a {@link shiftedPotential}: $H_0$ $m \times m$ and symmetric, $W$ $m \times n$, $b$ and `target` of length $m$.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface ShiftedPotential {
  readonly H0: MatrixInput
  /** The weight of the part that is not quadratic. */
  readonly s: number
  readonly W: MatrixInput
  readonly b: VectorInput
  readonly target: VectorInput
  /** The weight of $\frac12 \|x\|^2$ in $f$; 0 by default. */
  readonly rho?: number
  readonly lowerBounds?: LowerBounds
}

/** $\max |\tanh''| = 4 / (3\sqrt3)$. */
const BEND = 4 / (3 * Math.sqrt(3))

/**
 * $\sum_i \log\cosh u_i$: near 0 as $\log(1 + 2 \sinh^2(u/2))$, so that its derivative is $\tanh u$ to the last places there too, and
 * elsewhere as $\log(1 + e^{2u}) - u - \log 2$, which does not overflow. What is selected away is kept small.
 */
const sumLogCosh = (u: Tensor): Tensor => {
  const near = lessEqual(abs(u), 1)
  const e = expm1(mul(0.5, where(near, u, 0)))
  const sinh = mul(0.5, add(e, div(e, add(e, 1))))
  const far = where(near, 0, u)
  return sum(where(near, log1p(mul(2, square(sinh))), sub(sub(softplus(mul(2, far)), far), log(2))))
}

/**
 * A potential whose minimiser is moved by $x$: with $u = y - \tanh(Wx + b)$
 * $$g = \tfrac12 u^\top H_0 u + s \sum_i \log\cosh u_i, \qquad f = \tfrac12 \|y - t\|^2 + \tfrac\rho2 \|x\|^2 ,$$
 * so that $y^*(x) = \tanh(Wx + b)$ exactly, though $g$ is not quadratic: what a hypergradient is tested on.
 *
 * Facts, for $s \ge 0$ and $H_0 \succ 0$: $y^*$, $F(x) = f(x, y^*(x))$ and
 * $\nabla F(x) = \rho x + W^\top ((1 - y^{*2}) \circ (y^* - t))$ in closed form; $\mu = \lambda_{\min}(H_0)$,
 * $L = \lambda_{\max}(H_0) + s$, $\|J\| \le \|W\| L$, and with the Lipschitz constant $\rho_H = \frac{4}{3\sqrt3} s$ of the Hessian
 * $L_J = \|W\| \rho_H$ and $L_{H^{-1}} = \rho_H / \mu^2$. The first three and $\rho_H$ are the least such numbers.
 *
 * @throws `RangeError` naming the field: wrong shapes, entries that are not finite, an $H_0$ that is not symmetric.
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { exact, hypergradient, shiftedPotential } from 'steplaw/bilevel'
 *
 * const problem = shiftedPotential({ H0: [[2]], s: 1, W: [[1]], b: [0], target: [1] })
 * problem.facts.L // => 3
 * problem.facts.gradient?.(Float64Array.of(0)) // => Float64Array.of(-1)
 * const found = hypergradient(problem, exact(), { x: Float64Array.of(0), y: Float64Array.of(3) })
 * found._tag === 'Right' && found.right.gradient.map((z) => Math.round(1e9 * z) / 1e9) // => Float64Array.of(-1)
 * ```
 */
export const shiftedPotential = (
  given: ShiftedPotential,
): TracedBilevelProblem<readonly [number], readonly [number]> => {
  const { n: m, d: n, A } = rowsOf('W', given.W)
  const W = { rows: m, columns: n, values: A.values }
  const H0 = matrixOf('H0', given.H0, m, m)
  expectSymmetric('H0', H0)
  const b = vectorOf('b', given.b, m)
  const target = vectorOf('target', given.target, m)
  const s = finiteOf('s', given.s)
  const rho = finiteOf('rho', given.rho ?? 0)
  const bounds = boundsOf(given.lowerBounds)
  const lowerSolution = (x: Vector): Vector => times(W, x).map((v, i) => tanhOf(v + (b[i] ?? 0)))
  const eigenvalues = symmetricEigenvalues(H0.values, m)
  const [mu = 0, high = 0] = [eigenvalues[0], eigenvalues[m - 1]]
  const [shift, bend] = [spectralNorm(W), BEND * s]
  const facts: BilevelFacts =
    s < 0 || !(mu > 0)
      ? {}
      : {
          mu,
          L: high + s,
          crossNorm: shift * (high + s),
          crossLipschitz: shift * bend,
          inverseHessianLipschitz: bend / (mu * mu),
          upperLipschitzX: 0,
          upperLipschitzY: 1,
          upperConvex: true,
          lowerSolution,
          value: (x) =>
            squaredNorm(lowerSolution(x).map((y, i) => y - (target[i] ?? 0))) / 2 +
            (rho / 2) * squaredNorm(x),
          gradient: (x) => {
            const pulled = lowerSolution(x).map((y, i) => (1 - y * y) * (y - (target[i] ?? 0)))
            return transposedTimes(W, pulled).map((z, i) => z + rho * (x[i] ?? 0))
          },
        }
  return bilevelProblem({
    name: 'shiftedPotential',
    x: [n],
    y: [m],
    lower: {
      data: { H0: alone(H0), W: alone(W), b: alone(b) },
      component: (x, y, data) => {
        const u = sub(y, tanh(add(matmul(only(data.W), x), only(data.b))))
        const g = add(mul(0.5, dot(u, matmul(only(data.H0), u))), mul(s, sumLogCosh(u)))
        return spread(g, data.b)
      },
      lowerBound: bounds.lower,
    },
    upper: {
      data: { target: alone(target) },
      component: (x, y, data) =>
        add(mul(0.5, sum(square(sub(y, data.target)), { axes: 1 })), mul(rho / 2, dot(x, x))),
      lowerBound: bounds.upper,
    },
    facts,
  })
}
