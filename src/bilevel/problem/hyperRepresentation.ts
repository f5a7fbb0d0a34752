import { add, mul } from '../../autodiff/elementwise.js'
import { fail } from '../../autodiff/primitive.js'
import { dot, matmul } from '../../autodiff/structural.js'
import type { Tensor } from '../../autodiff/tensor.js'
import { labelsOf, type MatrixInput, ridgeOf, rowsOf } from '../../problem/objective/input.js'
import type { Shapes, Traced } from '../../runtime/structure.js'
import { crossEntropy, LOG_SUM_EXP_BEND } from './dataCleaning.js'
import type { Features } from './features.js'
import { boundsOf, integerOf, type LowerBounds } from './input.js'
import type { BilevelFacts } from './problem.js'
import { bilevelProblem, type TracedBilevelProblem } from './traced.js'

/**
 * The parts of {@link hyperRepresentation}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface HyperRepresentation<P extends Shapes> {
  /** What is learnt above; see {@link layers}. */
  readonly features: Features<P>
  readonly A: MatrixInput
  /** Classes from 0 to `classes` - 1. */
  readonly labels: ArrayLike<number>
  readonly classes: number
  readonly l2: number
  readonly Av: MatrixInput
  readonly labelsV: ArrayLike<number>
  readonly lowerBounds?: LowerBounds
}

/**
 * The shapes of a last, linear layer.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export type LinearLayer = { readonly W: readonly [number, number]; readonly b: readonly [number] }

/** The scores of a last, linear layer. */
export const scores = (rows: Tensor, { W, b }: Traced<LinearLayer>): Tensor => add(matmul(rows, W), b)

/** What is known where rows have norms of at most `square` under the square. */
const factsOf = (l2: number, square: number | undefined): BilevelFacts => ({
  ...(l2 > 0 ? { mu: l2 } : {}),
  upperConvex: true,
  ...(square === undefined ? {} : { L: square / 2 + l2, upperLipschitzY: square / 2 }),
  ...(square === undefined || l2 === 0
    ? {}
    : { inverseHessianLipschitz: (LOG_SUM_EXP_BEND * square * Math.sqrt(square)) / (l2 * l2) }),
})

/**
 * Features that are learnt so that a linear classifier on top of them, trained on some examples, does well on others. With
 * $z = W^\top h(a; x) + b$ and $\ell_i(x, y) = \log \sum_q e^{z_q} - z_{\mathrm{label}_i}$, $y = (W, b)$,
 * $$g_i = \ell_i(x, y) + \tfrac\lambda2 (\|W\|^2 + \|b\|^2), \qquad f_i = \ell_i(x, y) \text{ on } A_v .$$
 * $x$ are the parameters of $h$ in the order in which it names them, $y$ are `W` [width, classes], `b` [classes].
 *
 * Facts: $\mu = \lambda$ = `l2`; $f(x, \cdot)$ is convex; for features bounded by $\beta$, with $s = \beta^2 \cdot$ width $+ 1$,
 * $L = s/2 + \lambda$, $L_{fy} = s/2$ and $L_{H^{-1}} \le \frac{\sqrt2}{3\sqrt3} s^{3/2} / \lambda^2$.
 *
 * @throws `RangeError` naming the field: wrong shapes, entries that are not finite, labels out of range.
 * @cite franceschi2018
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { hyperRepresentation, layers } from 'steplaw/bilevel'
 *
 * const features = layers([2, 3])
 * const problem = hyperRepresentation({
 *   features, A: [[0, 1], [1, 0]], labels: [0, 1], classes: 2, l2: 0.5, Av: [[1, 1]], labelsV: [1],
 * })
 * problem.dimension // => { x: 9, y: 8 }
 * problem.facts.L // => 2.5
 * const x = features.initial(1)
 * problem.upper.value(x, new Float64Array(8), null) // => 0.6931471805599453
 * ```
 */
export const hyperRepresentation = <const P extends Shapes>({
  features,
  ...given
}: HyperRepresentation<P>): TracedBilevelProblem<P, LinearLayer> => {
  const { n, d, A } = rowsOf('A', given.A)
  const { n: nv, d: dv, A: Av } = rowsOf('Av', given.Av)
  if (dv !== d) fail('Av', `must have ${d} columns like A, got ${dv}`)
  const classes = integerOf('classes', given.classes, 1)
  const width = integerOf('features.width', features.width, 1)
  const l2 = ridgeOf(given.l2)
  const bounds = boundsOf(given.lowerBounds)
  const component = (
    x: Traced<P>,
    y: Traced<LinearLayer>,
    { A: rows, labels }: { readonly A: Tensor; readonly labels: Tensor },
  ): Tensor => crossEntropy(scores(features.apply(x, rows), y), labels)
  const square = features.bound === undefined ? undefined : features.bound * features.bound * width + 1
  return bilevelProblem<
    P,
    LinearLayer,
    { A: typeof A; labels: ReturnType<typeof labelsOf> },
    { A: typeof A; labels: ReturnType<typeof labelsOf> }
  >({
    name: 'hyperRepresentation',
    x: features.parameters,
    y: { W: [width, classes], b: [classes] },
    lower: {
      data: { A, labels: labelsOf('labels', given.labels, n, classes) },
      component,
      shared: (_, { W, b }) => mul(l2 / 2, add(dot(W, W), dot(b, b))),
      lowerBound: bounds.lower,
    },
    upper: {
      data: { A: Av, labels: labelsOf('labelsV', given.labelsV, nv, classes) },
      component,
      lowerBound: bounds.upper,
    },
    facts: factsOf(l2, square),
  })
}
