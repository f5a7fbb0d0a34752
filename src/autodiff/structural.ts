import { div, exp, mul, sub } from './elementwise.js'
import type { Shape } from './ir.js'
import { axesOf, type Input, lifted, tensor } from './lift.js'
import { fail, two } from './primitive.js'
import { isShape, showShape, showType, size, withOnes } from './shape.js'
import type { Tensor } from './tensor.js'
import { vocabulary as v } from './vocabulary.js'

/**
 * Which axes a reduction runs over (default all, negative ones counted from the end), and whether they stay as 1.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export interface Reduction {
  readonly axes?: number | ReadonlyArray<number>
  readonly keep?: boolean
}

const reduction =
  (name: string, reduce: (x: Tensor, axes: ReadonlyArray<number>) => Tensor) =>
  (operand: Tensor, options: Reduction = {}): Tensor => {
    const x = tensor(name, operand)
    const axes = axesOf(name, x, options.axes)
    const y = reduce(x, axes)
    return options.keep === true ? v.reshape(y, withOnes(x.shape, axes)) : y
  }

/**
 * The sum over axes, in the fixed order of the library's sums.
 *
 * `0` over no elements. The cost is one operation per element.
 *
 * @throws `RangeError` naming an axis that does not exist
 * @example
 * ```ts
 * import { array, evaluate, sum } from 'steplaw/autodiff'
 *
 * [...evaluate((x) => sum(x, { axes: 0 }))(array([2, 2], [1, 2, 3, 4])).values] // => [4, 6]
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const sum = reduction('sum', v.sum)

/**
 * The mean over axes: the sum divided by the number of elements.
 *
 * `NaN` over no elements. The cost is one operation per element.
 *
 * @throws `RangeError` naming an axis that does not exist
 * @example
 * ```ts
 * import { evaluate, mean } from 'steplaw/autodiff'
 *
 * evaluate((x) => mean(x))(Float64Array.of(1, 2, 6)).values[0] // => 3
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const mean = reduction('mean', (x, axes) =>
  div(v.sum(x, axes), size(axes.map((i) => x.shape[i] ?? 1))),
)

/**
 * The largest element over axes.
 *
 * `NaN` if any element is; elements that attain it share the derivative equally. The cost is one operation per element.
 *
 * @throws `RangeError` naming an axis that does not exist, or when there are no elements
 * @example
 * ```ts
 * import { evaluate, max } from 'steplaw/autodiff'
 *
 * evaluate((x) => max(x))(Float64Array.of(1, 5, 2)).values[0] // => 5
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const max = reduction('max', v.max)

/**
 * The smallest element over axes.
 *
 * `NaN` if any element is; elements that attain it share the derivative equally. The cost is two operations per element.
 *
 * @throws `RangeError` naming an axis that does not exist, or when there are no elements
 * @example
 * ```ts
 * import { evaluate, min } from 'steplaw/autodiff'
 *
 * evaluate((x) => min(x))(Float64Array.of(4, 1, 2)).values[0] // => 1
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const min = reduction('min', (x, axes) => {
  // Told here, so that the message names what was called.
  if (axes.some((axis) => x.shape[axis] === 0)) fail('min', `${showType(x)} has no elements to compare`)
  return v.neg(v.max(v.neg(x), axes))
})

const lastAxis = (name: string, x: Tensor, axis: number): number =>
  axesOf(name, x, axis)[0] ?? fail(name, `${showType(x)} has no axis ${axis}`)

/**
 * $\log \sum_i e^{x_i}$ along one axis, by default the last.
 *
 * The maximum is taken out first, so that nothing overflows for finite elements; `-Infinity` over no elements. The cost is
 * three operations per element.
 *
 * @throws `RangeError` naming an axis that does not exist
 * @example
 * ```ts
 * import { evaluate, logSumExp } from 'steplaw/autodiff'
 *
 * evaluate((x) => logSumExp(x))(Float64Array.of(1000, -1000)).values[0] // => 1000
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const logSumExp = (x: Tensor, axis = -1): Tensor => {
  const t = tensor('logSumExp', x)
  return v.logSumExp(t, lastAxis('logSumExp', t, axis))
}

/**
 * $x_i - \log \sum_j e^{x_j}$ along one axis, by default the last.
 *
 * Does not overflow for finite elements. The cost is four operations per element.
 *
 * @throws `RangeError` naming an axis that does not exist
 * @example
 * ```ts
 * import { evaluate, logSoftmax } from 'steplaw/autodiff'
 *
 * evaluate((x) => logSoftmax(x))(Float64Array.of(1000, -1000)).values[0] // => 0
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const logSoftmax = (x: Tensor, axis = -1): Tensor => {
  const t = tensor('logSoftmax', x)
  const a = lastAxis('logSoftmax', t, axis)
  return sub(t, v.reshape(v.logSumExp(t, a), withOnes(t.shape, [a])))
}

/**
 * $e^{x_i} / \sum_j e^{x_j}$ along one axis, by default the last.
 *
 * Does not overflow for finite elements. The cost is five operations per element.
 *
 * @throws `RangeError` naming an axis that does not exist
 * @example
 * ```ts
 * import { evaluate, softmax } from 'steplaw/autodiff'
 *
 * [...evaluate((x) => softmax(x))(Float64Array.of(1000, -1000)).values] // => [1, 0]
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const softmax = (x: Tensor, axis = -1): Tensor => exp(logSoftmax(x, axis))

/**
 * The product of matrices and vectors: matrix by matrix, matrix by vector, vector by matrix; two vectors give their dot
 * product.
 *
 * A product with a matrix sums strictly in the order of the inner index, a dot product in the order of {@link sum}.
 * Write `matmul(transpose(A), x)` freely: the transpose becomes a flag. Stacks of matrices, which NumPy multiplies one by one, are
 * refused. The cost is $2mnk$ operations.
 *
 * @throws `RangeError` naming both shapes when the inner sizes differ, or when there are more than two axes
 * @example
 * ```ts
 * import { array, evaluate, matmul } from 'steplaw/autodiff'
 *
 * [...evaluate((A) => matmul(A, array([2], [1, 1])))(array([2, 2], [1, 2, 3, 4])).values] // => [3, 7]
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const matmul = (left: Input, right: Input): Tensor => {
  const [x, y] = two(lifted('matmul', [left, right]))
  const m = x.shape.length
  const n = y.shape.length
  const [xs, ys] = [x.shape[m - 1] ?? 0, y.shape[0] ?? 0]
  if (m < 1 || m > 2 || n < 1 || n > 2)
    return fail('matmul', `expected matrices or vectors, got ${showType(x)} and ${showType(y)}`)
  if (xs !== ys) return fail('matmul', `inner sizes differ, ${showType(x)} and ${showType(y)}`)
  if (m === 1 && n === 1) return v.sum(v.mul(x, y), [0])
  const product = v.matmul(
    m === 1 ? v.reshape(x, [1, xs]) : x,
    n === 1 ? v.reshape(y, [ys, 1]) : y,
    false,
    false,
  )
  return v.reshape(product, [...x.shape.slice(0, -1), ...y.shape.slice(1)])
}

/**
 * $\langle x, y \rangle$ of two arrays of one shape, summed in the order of {@link sum}: NumPy's `vdot`. What NumPy's `dot` does to
 * matrices is {@link matmul}.
 *
 * The cost is two operations per element.
 *
 * @throws `RangeError` naming both shapes when they do not broadcast
 * @example
 * ```ts
 * import { dot, evaluate } from 'steplaw/autodiff'
 *
 * evaluate((x) => dot(x, x))(Float64Array.of(3, 4)).values[0] // => 25
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const dot = (x: Input, y: Input): Tensor => sum(mul(x, y))

/**
 * The matrix of all products $x_i y_j$ of two vectors; other shapes, which NumPy flattens, are refused.
 *
 * @throws `RangeError` unless both are vectors
 * @example
 * ```ts
 * import { evaluate, outer } from 'steplaw/autodiff'
 *
 * [...evaluate((x) => outer(x, x))(Float64Array.of(1, 2)).values] // => [1, 2, 2, 4]
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const outer = (left: Input, right: Input): Tensor => {
  const [x, y] = two(lifted('outer', [left, right]))
  if (x.shape.length !== 1 || y.shape.length !== 1)
    return fail('outer', `expected two vectors, got ${showType(x)} and ${showType(y)}`)
  return mul(v.reshape(x, [...x.shape, 1]), v.reshape(y, [1, ...y.shape]))
}

/**
 * The axes in another order, by default reversed: axis `i` of the result is axis `permutation[i]` of `x`, counted from the end when
 * negative.
 *
 * @throws `RangeError` when it is not a permutation of the axes
 * @example
 * ```ts
 * import { array, evaluate, transpose } from 'steplaw/autodiff'
 *
 * evaluate((x) => transpose(x))(array([3, 1], [1, 2, 3])).shape // => [1, 3]
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const transpose = (x: Tensor, permutation?: ReadonlyArray<number>): Tensor => {
  const t = tensor('transpose', x)
  const rank = t.shape.length
  return v.transpose(
    t,
    permutation?.map((i) => (i < 0 ? i + rank : i)) ?? t.shape.map((_, i) => rank - 1 - i),
  )
}

/**
 * The same elements, row by row, in another shape; one size may be `-1` and is then worked out.
 *
 * @throws `RangeError` when the numbers of elements differ
 * @example
 * ```ts
 * import { evaluate, reshape } from 'steplaw/autodiff'
 *
 * evaluate((x) => reshape(x, [2, -1]))(new Float64Array(6)).shape // => [2, 3]
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const reshape = (x: Tensor, shape: Shape): Tensor => {
  const t = tensor('reshape', x)
  const rest = size(shape.filter((n) => n !== -1))
  const inferred = shape.map((n) => (n === -1 ? size(t.shape) / rest : n))
  if (!inferred.every(Number.isInteger) || shape.filter((n) => n === -1).length > 1)
    return fail('reshape', `${showType(t)} does not fill the shape ${showShape(shape)}`)
  return v.reshape(t, inferred)
}

/**
 * `x` repeated to a shape by NumPy's rule.
 *
 * @throws `RangeError` naming both shapes when it does not fit
 * @example
 * ```ts
 * import { broadcastTo, evaluate } from 'steplaw/autodiff'
 *
 * [...evaluate((x) => broadcastTo(x, [2, 2]))(Float64Array.of(1, 2)).values] // => [1, 2, 1, 2]
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const broadcastTo = (x: Tensor, shape: Shape): Tensor => v.broadcastTo(tensor('broadcastTo', x), shape)

/** A bound of a slice, counted from the end when negative. */
const bound = (given: number, extent: number): number => (given < 0 ? given + extent : given)

/** Every `step`-th element along an axis, the first included. */
const every = (x: Tensor, axis: number, step: number): Tensor => {
  const extent = x.shape[axis] ?? 0
  const count = Math.ceil(extent / step)
  const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)]
  const missing = x.shape.map((_, i) => (i === axis ? count * step - extent : 0))
  const whole = missing.every((n) => n === 0)
    ? x
    : v.pad(
        x,
        missing.map(() => 0),
        missing,
      )
  const split = v.reshape(whole, [...before, count, step, ...after])
  const firsts = split.shape.map((n, i) => (i === axis + 1 ? 1 : n))
  return v.reshape(
    v.slice(
      split,
      firsts.map(() => 0),
      firsts,
    ),
    [...before, count, ...after],
  )
}

/**
 * The block from `start` (included) to `end` (excluded) on every axis, every `step`-th element of it: NumPy's
 * `x[start:end:step, ...]`.
 *
 * Negative bounds count from the end; a missing `end` is the end, a missing step 1, and axes that are not named are whole. Unlike
 * NumPy's, bounds outside `x` are refused rather than moved inside, and steps are positive. It copies.
 *
 * @throws `RangeError` when the block is not inside `x`, or a step is not an integer of at least 1
 * @example
 * ```ts
 * import { evaluate, slice } from 'steplaw/autodiff'
 *
 * [...evaluate((x) => slice(x, [1], [-1]))(Float64Array.of(1, 2, 3, 4)).values] // => [2, 3]
 * Array.from(evaluate((x) => slice(x, [0], [4], [2]))(Float64Array.of(1, 2, 3, 4)).values) // => [1, 3]
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const slice = (
  x: Tensor,
  start: ReadonlyArray<number>,
  end: ReadonlyArray<number> = [],
  step: ReadonlyArray<number> = [],
): Tensor => {
  const t = tensor('slice', x)
  const rank = t.shape.length
  if (start.length > rank || end.length > rank || step.length > rank)
    return fail('slice', `[${start.join(',')}] to [${end.join(',')}] is not inside ${showType(t)}`)
  if (!step.every((s) => Number.isSafeInteger(s) && s >= 1))
    return fail('slice', `steps must be integers >= 1, got [${step.join(',')}]`)
  const block = v.slice(
    t,
    t.shape.map((n, i) => bound(start[i] ?? 0, n)),
    t.shape.map((n, i) => bound(end[i] ?? n, n)),
  )
  return step.reduce((y, s, axis) => (s === 1 ? y : every(y, axis, s)), block)
}

/**
 * Zeros around an array: one width for all sides, or for each axis one width or those before and after.
 *
 * NumPy's `pad` in its mode `constant`. It copies.
 *
 * @throws `RangeError` when a width is not an integer of at least 0, or there is not one entry for each axis
 * @example
 * ```ts
 * import { evaluate, pad } from 'steplaw/autodiff'
 *
 * [...evaluate((x) => pad(x, [[1, 2]]))(Float64Array.of(5, 6)).values] // => [0, 5, 6, 0, 0]
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const pad = (
  x: Tensor,
  widths: number | ReadonlyArray<number | readonly [before: number, after: number]>,
): Tensor => {
  const t = tensor('pad', x)
  const all = typeof widths === 'number' ? t.shape.map(() => widths) : widths
  const pairs = all.map((w): readonly [number, number] => (typeof w === 'number' ? [w, w] : w))
  if (!pairs.every((p) => p.length === 2 && isShape(p)))
    return fail('pad', `widths must be integers >= 0, got ${JSON.stringify(widths)}`)
  return v.pad(
    t,
    pairs.map(([before]) => before),
    pairs.map(([, after]) => after),
  )
}

/** Joined in pairs, and the results in pairs again, so that no element is copied more often than need be. */
const joined = (xs: ReadonlyArray<Tensor>, axis: number): Tensor => {
  const [x, y] = xs
  if (x === undefined) return fail('concat', 'there is nothing to join')
  if (y === undefined) return x
  const half = Math.ceil(xs.length / 2)
  return v.concat(joined(xs.slice(0, half), axis), joined(xs.slice(half), axis), axis)
}

/**
 * Arrays one after the other along an axis, by default the first.
 *
 * Negative axes count from the end. Each element is copied $\lceil \log_2 k \rceil$ times for $k$ arrays.
 *
 * @throws `RangeError` naming both shapes when they differ on another axis
 * @example
 * ```ts
 * import { concat, evaluate, vector } from 'steplaw/autodiff'
 *
 * [...evaluate((x) => concat([x, vector([3]), x]))(Float64Array.of(1, 2)).values] // => [1, 2, 3, 1, 2]
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const concat = (arrays: ReadonlyArray<Input>, axis = 0): Tensor => {
  const xs = lifted('concat', arrays)
  const [first] = xs
  if (first === undefined) return fail('concat', 'there is nothing to join')
  return joined(xs, lastAxis('concat', first, axis))
}

/**
 * Rows of `x` along axis 0, by a vector of indices; repeats count.
 *
 * An index outside `x` is a `RangeError` when the program runs; NumPy's negative indices are. For another axis `transpose` first.
 *
 * @example
 * ```ts
 * import { evaluate, gather, indices } from 'steplaw/autodiff'
 *
 * [...evaluate((x) => gather(x, indices([2, 0])))(Float64Array.of(1, 2, 3)).values] // => [3, 1]
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const gather = (x: Input, rows: Input): Tensor => v.gather(...two(lifted('gather', [x, rows])))

/**
 * The transpose of {@link gather}: `count` rows of zeros, to which row `i` of `x` is added at `rows[i]`, in order.
 *
 * @example
 * ```ts
 * import { evaluate, indices, scatterAdd } from 'steplaw/autodiff'
 *
 * [...evaluate((x) => scatterAdd(x, indices([2, 2]), 3))(Float64Array.of(1, 2)).values] // => [0, 0, 3]
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const scatterAdd = (x: Input, rows: Input, count: number): Tensor =>
  v.scatterAdd(...two(lifted('scatterAdd', [x, rows])), count)

/**
 * Element `labels[i]` of each row `i` of a matrix: what cross entropy takes from the scores.
 *
 * A label that is no column is a `RangeError` when the program runs.
 *
 * @example
 * ```ts
 * import { array, evaluate, indices, pick } from 'steplaw/autodiff'
 *
 * [...evaluate((z) => pick(z, indices([1, 0])))(array([2, 2], [1, 2, 3, 4])).values] // => [2, 3]
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const pick = (z: Input, labels: Input): Tensor => v.pick(...two(lifted('pick', [z, labels])))
