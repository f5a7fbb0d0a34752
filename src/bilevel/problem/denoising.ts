import { type Dense, indices } from '../../autodiff/array.js'
import { conv2d } from '../../autodiff/convolution.js'
import { add, exp, mul, sqrt, square, sub } from '../../autodiff/elementwise.js'
import { fail } from '../../autodiff/primitive.js'
import { gather, pad, reshape, slice, sum } from '../../autodiff/structural.js'
import type { Tensor } from '../../autodiff/tensor.js'
import { exp as expOf } from '../../numeric/exponential.js'
import { firstNotFinite } from '../../numeric/finite.js'
import type { Shapes, Traced } from '../../runtime/structure.js'
import { boundsOf, integerOf, type LowerBounds } from './input.js'
import type { BilevelFacts } from './problem.js'
import { bilevelProblem, type TracedBilevelProblem } from './traced.js'

/**
 * Images as they should be and as they are, $[N, h, w]$ each.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface Denoising {
  readonly clean: Dense
  readonly noisy: Dense
  readonly lowerBounds?: LowerBounds
}

/**
 * The shapes of $y$ where it is images.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export type Images = { readonly images: readonly [number, number, number] }

const expectImages = (field: string, { shape, values }: Dense): void => {
  if (shape.length !== 3 || shape.some((n) => n < 1))
    fail(field, `must be images [N, h, w] of at least one pixel, got [${shape.join(', ')}]`)
  const bad = firstNotFinite(values)
  if (bad >= 0) fail(field, `entry ${bad} must be finite, got ${values[bad]}`)
}

/** Images, one component each, that a `penalty` in the lower level smooths. */
const denoising = <const X extends Shapes>(
  name: string,
  { clean, noisy, lowerBounds }: Denoising,
  x: X,
  penalty: (x: Traced<X>, images: Tensor) => Tensor,
  facts: (count: number, pixels: number) => BilevelFacts = () => ({}),
): TracedBilevelProblem<X, Images> => {
  expectImages('clean', clean)
  expectImages('noisy', noisy)
  const [count = 0, height = 0, width = 0] = noisy.shape
  if (clean.shape.some((n, i) => n !== noisy.shape[i]))
    fail('clean', `must be [${noisy.shape.join(', ')}] like noisy, got [${clean.shape.join(', ')}]`)
  const bounds = boundsOf(lowerBounds)
  const row = indices(Int32Array.from({ length: count }, (_, i) => i))
  const misfit = (a: Tensor, b: Tensor): Tensor => mul(0.5, sum(square(sub(a, b)), { axes: [1, 2] }))
  return bilevelProblem<X, Images, { clean: Dense; row: typeof row }, { noisy: Dense; row: typeof row }>({
    name,
    x,
    y: { images: [count, height, width] },
    lower: {
      data: { noisy, row },
      component: (at, { images }, rows) => {
        const y = gather(images, rows.row)
        return add(misfit(y, rows.noisy), penalty(at, y))
      },
      lowerBound: bounds.lower,
    },
    upper: {
      data: { clean, row },
      component: (_, { images }, rows) => misfit(gather(images, rows.row), rows.clean),
      lowerBound: bounds.upper,
    },
    facts: {
      mu: 1 / count,
      upperLipschitzX: 0,
      upperLipschitzY: 1 / count,
      upperConvex: true,
      ...facts(count, count * height * width),
    },
  })
}

/**
 * What is proved of total variation with the weight $w = e^{x_0}$ and the smoothing $s = e^{x_1}$. $\|D\|^2 \le 8$, and $\sqrt3$ is the
 * norm of $D$ at one pixel; $\phi(v) = \sqrt{|v|^2 + s^2}$ has $|\phi'| \le 1$, $\|\phi''\| \le 1/s$ and
 * $\|\phi'''\| \le \frac{48}{25 \sqrt5} s^{-2}$, and $\partial \phi' / \partial x_1$ is at most $\sqrt{4/27}$ and $1/s$-Lipschitz.
 */
const variationFacts = (count: number, pixels: number): BilevelFacts => ({
  constantsAt: ([x0 = 0, x1 = 0]) => {
    const [w, s] = [expOf(x0), expOf(x1)]
    const third = 48 / (25 * Math.sqrt(5) * s * s)
    return {
      mu: 1 / count,
      L: (1 + (8 * w) / s) / count,
      upperLipschitzX: 0,
      upperLipschitzY: 1 / count,
      crossNorm: (w * Math.sqrt((8 * pixels * 31) / 27)) / count,
      crossLipschitz: (Math.sqrt(2) * 8 * w) / (s * count),
      inverseHessianLipschitz: 8 * Math.sqrt(3) * w * third * count,
    }
  },
})

/** Differences to the pixel below, 0 in the last row, and to the right. */
const differences = (y: Tensor): readonly [Tensor, Tensor] => [
  pad(sub(slice(y, [0, 1, 0]), slice(y, [0, 0, 0], [y.shape[0] ?? 0, -1, y.shape[2] ?? 0])), [0, [0, 1], 0]),
  pad(sub(slice(y, [0, 0, 1]), slice(y, [0, 0, 0], [y.shape[0] ?? 0, y.shape[1] ?? 0, -1])), [0, 0, [0, 1]]),
]

/**
 * Denoising with a learnt total variation. With $D$ the differences to the pixels below and to the right (0 at the border) and
 * $x$ = (`weight`, `smoothing`), logarithms both,
 * $$g_i = \tfrac12 \|y_i - d_i\|^2 + e^{x_0} \sum_p \sqrt{|D y_i|_p^2 + e^{2 x_1}}, \qquad f_i = \tfrac12 \|y_i - c_i\|^2$$
 * for `noisy` images $d_i$ and `clean` ones $c_i$: means over the images. $y$ are `images` [N, h, w]; a batch leaves those that it
 * does not name as they are.
 *
 * Facts: $\mu = 1/N$ for $N$ images, $L_{fx} = 0$, $L_{fy} = 1/N$; $f$ is convex. All other constants depend on $x$,
 * as $L \le (1 + 8 e^{x_0 - x_1}) / N$ does: `constantsAt`.
 *
 * @throws `RangeError` naming the field: shapes that are not $[N, h, w]$ or differ, entries that are not finite.
 * @cite salehi2025
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { array } from 'steplaw/autodiff'
 * import { totalVariationDenoising } from 'steplaw/bilevel'
 *
 * const clean = array([1, 2, 2], [0, 0, 1, 1])
 * const problem = totalVariationDenoising({ clean, noisy: array([1, 2, 2], [0, 0.5, 1, 1]) })
 * const x = problem.ravel.x({ weight: array([], [0]), smoothing: array([], [0]) })
 * problem.upper.value(x, problem.ravel.y({ images: array([1, 2, 2], [0, 0.5, 1, 1]) }), null) // => 0.125
 * problem.lower.value(x, new Float64Array(4), null) // => 5.125
 * ```
 */
export const totalVariationDenoising = (
  given: Denoising,
): TracedBilevelProblem<{ readonly weight: readonly []; readonly smoothing: readonly [] }, Images> =>
  denoising(
    'totalVariationDenoising',
    given,
    { weight: [], smoothing: [] },
    (x, y) => {
      const [down, right] = differences(y)
      const lengths = sqrt(add(add(square(down), square(right)), exp(mul(2, x.smoothing))))
      return mul(exp(x.weight), sum(lengths, { axes: [1, 2] }))
    },
    variationFacts,
  )

/**
 * The parts of {@link fieldsOfExperts}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface FieldsOfExperts extends Denoising {
  /** How many filters there are, $K$; 48 in published runs. */
  readonly filters: number
  /** How tall and wide they are, an odd number; 7 in published runs. */
  readonly size: number
}

/**
 * The shapes of $x$ for {@link fieldsOfExperts}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export type Experts = {
  readonly weight: readonly []
  readonly weights: readonly [number]
  readonly smoothing: readonly [number]
  readonly filters: readonly [number, number, number]
}

/**
 * Denoising with learnt filters $k_j$, each with a weight and a smoothing of its own:
 * $$g_i = \tfrac12 \|y_i - d_i\|^2 + e^{x_0} \sum_j e^{w_j} \sum_p \sqrt{(k_j * y_i)_p^2 + e^{2 s_j}}, \qquad
 *   f_i = \tfrac12 \|y_i - c_i\|^2 .$$
 * $x$ are `weight` [], `weights` [K], `smoothing` [K] and `filters` [size, size, K]; images have zeros around them, so that the filtered
 * ones are as large.
 *
 * Facts: as for {@link totalVariationDenoising}, without $L$.
 *
 * @throws `RangeError` naming the field, as {@link totalVariationDenoising}; an even `size`.
 * @cite salehi2025
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { array } from 'steplaw/autodiff'
 * import { fieldsOfExperts } from 'steplaw/bilevel'
 *
 * const images = array([1, 8, 8], new Float64Array(64))
 * fieldsOfExperts({ clean: images, noisy: images, filters: 48, size: 7 }).dimension // => { x: 2449, y: 64 }
 * ```
 */
export const fieldsOfExperts = ({
  filters,
  size,
  ...given
}: FieldsOfExperts): TracedBilevelProblem<Experts, Images> => {
  const count = integerOf('filters', filters, 1)
  if (integerOf('size', size, 1) % 2 === 0) fail('size', `must be odd, got ${size}`)
  const shapes: Experts = { weight: [], weights: [count], smoothing: [count], filters: [size, size, count] }
  return denoising<Experts>('fieldsOfExperts', given, shapes, (x, y) => {
    const filtered = conv2d(reshape(y, [...y.shape, 1]), reshape(x.filters, [size, size, 1, count]), {
      padding: 'same',
    })
    const each = sum(sqrt(add(square(filtered), exp(mul(2, x.smoothing)))), { axes: [1, 2] })
    return mul(exp(x.weight), sum(mul(each, exp(x.weights)), { axes: 1 }))
  })
}
