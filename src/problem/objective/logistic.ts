import { mul, neg, softplus } from '../../autodiff/elementwise.js'
import { fail } from '../../autodiff/primitive.js'
import { dot, matmul } from '../../autodiff/structural.js'
import { log } from '../../numeric/logarithm.js'
import { type Declared, type FiniteSumObjective, finiteSum } from '../finiteSum.js'
import {
  type MatrixInput,
  meanOf,
  numbersOf,
  ridgeOf,
  rowsOf,
  squaredRowNorms,
  type VectorInput,
} from './input.js'

/**
 * A logistic regression: $A$ [n][d], $y$ [n] in $\{-1, 1\}$, `l2` $\ge 0$.
 *
 * @category Problems
 * @since 0.1.0
 */
export interface Logistic extends Declared {
  readonly A: MatrixInput
  readonly y: VectorInput
  readonly l2?: number
}

/**
 * The mean of $f_i(x) = \log(1 + e^{-y_i a_i^\top x}) + \tfrac{\lambda}{2} \|x\|^2$ with $\lambda$ = `l2`.
 *
 * Facts: $L_i = \|a_i\|^2/4 + \lambda$, $L$ their mean (an upper bound), $\mu = \mu_i = \lambda$; without `l2` the infima
 * of the components ($0$, or $\log 2$ where $a_i = 0$). Does not overflow for finite arguments. One value costs about
 * $2 |S| d$ operations.
 *
 * @throws `RangeError` naming the field: wrong shapes, entries that are not finite, labels other than $-1$ and $1$
 * @example
 * ```ts
 * import { logistic } from 'steplaw'
 *
 * const f = logistic({ A: [[2], [4]], y: [1, -1] })
 * f.value(Float64Array.of(0), null) // => 0.6931471805599453
 * f.facts.componentL // => [1, 4]
 * ```
 * @category Problems
 * @since 0.1.0
 */
export const logistic = ({ A, y, l2 = 0, ...declared }: Logistic): FiniteSumObjective<readonly [number]> => {
  const { n, d, A: rows } = rowsOf('A', A)
  const labels = numbersOf('y', y, n)
  const bad = labels.values.findIndex((v) => v !== 1 && v !== -1)
  if (bad >= 0) fail('y', `entry ${bad} must be -1 or 1, got ${labels.values[bad]}`)
  const lambda = ridgeOf(l2)
  const squares = squaredRowNorms(rows)
  const componentL = squares.map((s) => s / 4 + lambda)
  return finiteSum({
    name: 'logistic',
    data: { A: rows, y: labels },
    parameters: [d],
    component: (x, batch) => softplus(neg(mul(batch.y, matmul(batch.A, x)))),
    ...(lambda === 0 ? {} : { shared: (x) => mul(lambda / 2, dot(x, x)) }),
    facts: {
      L: meanOf(componentL),
      mu: lambda,
      componentL,
      componentMu: squares.map(() => lambda),
      convex: true,
      ...(lambda === 0 ? { componentMinimum: squares.map((s) => (s > 0 ? 0 : log(2))) } : {}),
    },
    ...declared,
  })
}
