import { mul, sub } from '../../autodiff/elementwise.js'
import { fail } from '../../autodiff/primitive.js'
import { dot, logSumExp, matmul, pick } from '../../autodiff/structural.js'
import { log } from '../../numeric/logarithm.js'
import { type Declared, type FiniteSumObjective, finiteSum } from '../finiteSum.js'
import { labelsOf, type MatrixInput, meanOf, ridgeOf, rowsOf, squaredRowNorms } from './input.js'

/**
 * A softmax regression: $A$ [n][p], `labels` [n] in 0..classes-1, `l2` $\ge 0$.
 *
 * @category Problems
 * @since 0.1.0
 */
export interface Softmax extends Declared {
  readonly A: MatrixInput
  readonly labels: ArrayLike<number>
  readonly classes: number
  readonly l2?: number
}

/**
 * The mean of $f_i(W) = \log \sum_q e^{z_q} - z_{\mathrm{label}_i} + \tfrac{\lambda}{2} \|W\|^2$ with $z = W^\top a_i$ and
 * $\lambda$ = `l2`. A point is $W$ ($p \times$ `classes`) row by row.
 *
 * Facts: $L_i = \|a_i\|^2/2 + \lambda$ (the Hessian of $\log \sum e^z$ is at most $\tfrac12 I$), $L$ their mean (an upper
 * bound), $\mu = \mu_i = \lambda$; without `l2` the infima of the components ($0$, or $\log$ `classes` where $a_i = 0$).
 * Does not overflow for finite arguments. One value costs about $2 |S| p c$ operations for $c$ classes.
 *
 * @throws `RangeError` naming the field: wrong shapes, entries that are not finite, labels out of range
 * @example
 * ```ts
 * import { softmax } from 'steplaw'
 *
 * const f = softmax({ A: [[1, 2]], labels: [0], classes: 2 })
 * f.dimension // => 4
 * f.value(new Float64Array(4), null) // => 0.6931471805599453
 * ```
 * @category Problems
 * @since 0.1.0
 */
export const softmax = ({
  A,
  labels,
  classes,
  l2 = 0,
  ...declared
}: Softmax): FiniteSumObjective<{ readonly W: readonly [number, number] }> => {
  const { n, d: p, A: rows } = rowsOf('A', A)
  if (!(Number.isSafeInteger(classes) && classes >= 1))
    fail('classes', `must be an integer >= 1, got ${classes}`)
  const classOf = labelsOf('labels', labels, n, classes)
  const lambda = ridgeOf(l2)
  const squares = squaredRowNorms(rows)
  const componentL = squares.map((s) => s / 2 + lambda)
  return finiteSum({
    name: 'softmax',
    data: { A: rows, labels: classOf },
    parameters: { W: [p, classes] },
    component: ({ W }, batch) => {
      const z = matmul(batch.A, W)
      return sub(logSumExp(z), pick(z, batch.labels))
    },
    ...(lambda === 0 ? {} : { shared: ({ W }) => mul(lambda / 2, dot(W, W)) }),
    facts: {
      L: meanOf(componentL),
      mu: lambda,
      componentL,
      componentMu: squares.map(() => lambda),
      convex: true,
      ...(lambda === 0
        ? { componentMinimum: squares.map((s) => (s > 0 && classes > 1 ? 0 : log(classes))) }
        : {}),
    },
    ...declared,
  })
}
