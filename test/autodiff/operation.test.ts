/** What operations make of their arguments beyond the primitives: NumPy's conventions, where it has them, and refusals. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect, test as once } from 'vitest'
import * as ad from '../../src/entry/autodiff.js'
import { gamma } from '../../src/numeric/index.js'
import { forward, type Traceable } from './derivative.js'
import * as plain from './plain.js'
import { drawn, dyadic } from './reference/reference.js'

type Plain = plain.Plain
const f64 = (...shape: number[]): ad.ValueType => ({ shape, type: 'f64' })
const first = (t: ReadonlyArray<ad.Tensor>): ad.Tensor => t[0] ?? expect.unreachable()
const traced =
  (f: (x: ad.Tensor, y: ad.Tensor) => ad.Tensor, ...types: ad.ValueType[]) =>
  () =>
    ad.trace((...t) => f(first(t), t[1] ?? first(t)), types)
const of = (f: Traceable, ...inputs: ReadonlyArray<Plain>) => forward(f, inputs)
const range = (...shape: number[]): Plain => ({
  shape,
  values: Array.from({ length: plain.size(shape) }, (_, i) => i),
})
const near = (a: number, b: number, bound: number): boolean => Math.abs(a - b) <= bound

const sizes = fc.integer({ min: 0, max: 5 })

describe('slice', () => {
  test.prop([
    fc
      .array(sizes, { maxLength: 3 })
      .chain((shape) =>
        fc.tuple(
          fc.constant(shape),
          fc.tuple(...shape.map((n) => fc.tuple(fc.nat(n), fc.nat(n)))),
          fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
          fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: shape.length }),
        ),
      ),
  ])(
    'has every step-th element from bounds that may be counted from the end',
    ([shape, ends, fromEnd, step]) => {
      const start = ends.map((e) => Math.min(...e))
      const end = ends.map((e) => Math.max(...e))
      // A bound at the very end has no negative name.
      const named = (bounds: ReadonlyArray<number>, offset: number) =>
        bounds.map((b, i) => (fromEnd[i + offset] && b < (shape[i] ?? 0) ? b - (shape[i] ?? 0) : b))
      const x = range(...shape)
      const y = of((...t) => ad.slice(first(t), named(start, 0), named(end, 3), step), x)
      const stepAt = (axis: number) => step[axis] ?? 1
      const expected = plain.tabulate(
        start.map((s, axis) => Math.ceil(((end[axis] ?? 0) - s) / stepAt(axis))),
        (i) =>
          plain.at(
            x,
            i.map((v, axis) => (start[axis] ?? 0) + v * stepAt(axis)),
          ),
      )
      expect(y).toEqual(expected)
    },
  )

  once('takes what is not named whole', () => {
    expect(of((...t) => ad.slice(first(t), [1]), range(3, 2))).toEqual({
      shape: [2, 2],
      values: [2, 3, 4, 5],
    })
    expect(of((...t) => ad.slice(first(t), [], [-1]), range(3)).values).toEqual([0, 1])
    expect(of((...t) => ad.slice(first(t), []), range(2, 2))).toEqual(range(2, 2))
  })

  once('is refused outside, and with steps that are none', () => {
    expect(traced((x) => ad.slice(x, [0], [4]), f64(3))).toThrow('slice: [0] to [4] is not inside f64[3]')
    expect(traced((x) => ad.slice(x, [-4]), f64(3))).toThrow('slice: start can not be [-1]')
    expect(traced((x) => ad.slice(x, [2], [1]), f64(3))).toThrow('slice: [2] to [1] is not inside f64[3]')
    expect(traced((x) => ad.slice(x, [0, 0]), f64(3))).toThrow('slice: [0,0] to [] is not inside f64[3]')
    expect(traced((x) => ad.slice(x, [], [1, 1]), f64(3))).toThrow('slice: [] to [1,1] is not inside f64[3]')
    expect(traced((x) => ad.slice(x, [], [], [1, 1]), f64(3))).toThrow('slice: [] to [] is not inside')
    for (const step of [0, -1, 1.5, Number.NaN])
      expect(traced((x) => ad.slice(x, [], [], [step]), f64(3))).toThrow('slice: steps must be integers >= 1')
  })
})

describe('pad', () => {
  once('has one width for all sides, or one for each axis, or two', () => {
    expect(of((...t) => ad.pad(first(t), 1), range(1, 1))).toEqual({
      shape: [3, 3],
      values: [0, 0, 0, 0, 0, 0, 0, 0, 0],
    })
    expect(of((...t) => ad.pad(first(t), [0, [2, 1]]), range(2, 2))).toEqual({
      shape: [2, 5],
      values: [0, 0, 0, 1, 0, 0, 0, 2, 3, 0],
    })
    expect(of((...t) => ad.pad(first(t), 5), { shape: [], values: [7] })).toEqual({ shape: [], values: [7] })
  })

  once('is refused with widths that are none, or not for all axes', () => {
    for (const width of [-1, 0.5])
      expect(traced((x) => ad.pad(x, width), f64(3))).toThrow('pad: widths must be integers >= 0')
    expect(traced((x) => ad.pad(x, [[1, -2]]), f64(3))).toThrow(
      'pad: widths must be integers >= 0, got [[1,-2]]',
    )
    expect(traced((x) => ad.pad(x, [1, 1]), f64(3))).toThrow(
      'pad: [1,1] and [1,1] do not fit the axes of f64[3]',
    )
  })
})

describe('concat', () => {
  test.prop([fc.array(sizes, { minLength: 1, maxLength: 7 }), fc.boolean()])(
    'joins any number of arrays along any axis',
    (widths, last) => {
      const parts = widths.map((n, k) =>
        plain.tabulate(last ? [2, n] : [n, 2], ([i = 0, j = 0]) => 100 * k + 10 * i + j),
      )
      const y = of((...t) => ad.concat(t, last ? -1 : 0), ...parts)
      const whole = plain.tabulate([widths.reduce((s, n) => s + n, 0), 2], ([at = 0, j = 0]) => {
        let [k, i] = [0, at]
        while (i >= (widths[k] ?? 0)) {
          i -= widths[k] ?? 0
          k += 1
        }
        return plain.at(parts[k] ?? expect.unreachable(), last ? [j, i] : [i, j])
      })
      const expected = last
        ? plain.tabulate([2, whole.shape[0] ?? 0], ([j = 0, i = 0]) => plain.at(whole, [i, j]))
        : whole
      expect(y).toEqual(expected)
    },
  )

  once('takes constants, and refuses nothing and what does not fit', () => {
    expect(of((...t) => ad.concat([ad.vector([9]), first(t)]), range(2)).values).toEqual([9, 0, 1])
    expect(traced(() => ad.concat([]), f64(2))).toThrow('concat: at least one operand must be a Tensor')
    expect(traced((x, y) => ad.concat([x, y], 1), f64(2, 2), f64(3, 2))).toThrow(
      'concat: f64[2,2] and f64[3,2] differ beyond axis 1',
    )
    expect(traced((x) => ad.concat([x, x], -2), f64(3))).toThrow('concat: f64[3] has no axis -2')
  })
})

describe('the smallest element', () => {
  const least = (...x: number[]): number => ad.value((t) => ad.min(t))(Float64Array.from(x))

  once('is NaN if any is, of two zeros the negative one, and does not exist where there is none', () => {
    expect(least(3, 1, 2)).toBe(1)
    expect(least(1, Number.NaN, 0)).toBeNaN()
    expect(least(0, -0)).toBe(-0)
    expect(least(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY)
    expect(traced((x) => ad.min(x), f64(0))).toThrow('min: f64[0] has no elements to compare')
    expect(of((...t) => ad.min(first(t), { axes: -1, keep: true }), range(2, 3))).toEqual({
      shape: [2, 1],
      values: [0, 3],
    })
    // Of a zero the sign is nothing.
    expect([...ad.grad((x) => ad.min(x))(Float64Array.of(2, 1, 1, 3))].map((g) => g + 0)).toEqual([
      0, 0.5, 0.5, 0,
    ])
  })
})

describe('power', () => {
  const at = (x: number, y: number) => {
    const { x: dx, y: dy } = ad.grad<{ x: number; y: number }>((p) => ad.power(p.x, p.y))({ x, y })
    return [ad.value<{ x: number; y: number }>((p) => ad.power(p.x, p.y))({ x, y }), dx, dy]
  }

  once('has derivatives where a limit exists, and says so where none does', () => {
    expect(at(2, 3)).toEqual([8, 12, 8 * Math.LN2])
    expect(at(0, 2)).toEqual([0, 0, 0])
    expect(at(0, 0)).toEqual([1, 0, 0])
    expect(at(-2, 2)).toEqual([4, -4, Number.NaN])
    expect(at(-2, 0.5)).toEqual([Number.NaN, Number.NaN, Number.NaN])
    expect(at(0, -1)).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN])
  })

  once('with a constant exponent is pow', () => {
    const program = ad.trace((...t) => ad.power(first(t), 2.5), [f64(2)])
    expect(ad.simplify(program).equations.map((e) => e.primitive)).toEqual(['pow'])
  })
})

describe('a permutation of axes', () => {
  once('may count from the end', () => {
    const x = range(2, 3, 4)
    expect(of((...t) => ad.transpose(first(t), [-1, 0, 1]), x)).toEqual(
      of((...t) => ad.transpose(first(t), [2, 0, 1]), x),
    )
    expect(traced((t) => ad.transpose(t, [0, -3]), f64(2, 2))).toThrow(
      'transpose: permutation can not be [0,-1]',
    )
  })
})

describe('conv2d', () => {
  const small = fc.integer({ min: 1, max: 4 })
  const cases = fc
    .record({
      n: fc.nat(2),
      h: fc.nat(6),
      w: fc.nat(6),
      c: small,
      f: fc.nat(3),
      kh: small,
      kw: small,
      stride: fc.tuple(small, small),
      padding: fc.oneof(
        fc.constantFrom('same' as const, 'valid' as const),
        fc.nat(2),
        fc.tuple(fc.nat(2), fc.nat(2)),
      ),
    })
    .chain((s) =>
      fc.tuple(fc.constant(s), drawn([s.n, s.h, s.w, s.c], dyadic), drawn([s.kh, s.kw, s.c, s.f], dyadic)),
    )

  test.prop([cases], { numRuns: 200 })(
    'is the sum of its definition',
    ([{ kh, kw, c, stride, padding }, x, k]) => {
      const [, h = 0, w = 0] = x.shape
      const [down, right] = stride
      const around = (extent: number, window: number, s: number, axis: 0 | 1): readonly [number, number] => {
        if (padding === 'valid') return [0, 0]
        if (padding !== 'same') {
          const both = typeof padding === 'number' ? padding : padding[axis]
          return [both, both]
        }
        // As few zeros as make ceil(extent / s) windows, an odd one behind.
        let zeros = 0
        while (Math.floor((extent + zeros - window) / s) + 1 < Math.ceil(extent / s)) zeros += 1
        return [Math.floor(zeros / 2), Math.ceil(zeros / 2)]
      }
      const [[above, below], [left, after]] = [around(h, kh, down, 0), around(w, kw, right, 1)]
      const rows = Math.floor((h + above + below - kh) / down) + 1
      const columns = Math.floor((w + left + after - kw) / right) + 1
      fc.pre(rows > 0 && columns > 0)
      const expected = plain.tabulate(
        [x.shape[0] ?? 0, rows, columns, k.shape[3] ?? 0],
        ([n = 0, i = 0, j = 0, f = 0]) => {
          let s = 0
          for (let p = 0; p < kh; p += 1)
            for (let q = 0; q < kw; q += 1)
              for (let ch = 0; ch < c; ch += 1) {
                const [y, z] = [down * i + p - above, right * j + q - left]
                const inside = y >= 0 && y < h && z >= 0 && z < w
                s += inside ? plain.at(x, [n, y, z, ch]) * plain.at(k, [p, q, ch, f]) : 0
              }
          return s
        },
      )
      const y = of((...[a, b]) => ad.conv2d(a ?? 0, b ?? 0, { stride, padding }), x, k)
      expect(y.shape).toEqual(expected.shape)
      expect(y.values.every((v, i) => v === expected.values[i])).toBe(true)
    },
  )

  once('refuses what does not fit, and options that are none', () => {
    const conv = (options: ad.Convolution, image: ad.ValueType, filters: ad.ValueType) =>
      traced((x, k) => ad.conv2d(x, k, options), image, filters)
    expect(conv({}, f64(4, 4), f64(3, 3, 1, 1))).toThrow(
      'conv2d: expected images [n, h, w, c] and filters [kh, kw, c, f], got f64[4,4] and f64[3,3,1,1]',
    )
    expect(conv({}, f64(1, 4, 4, 2), f64(3, 3, 1, 1))).toThrow('conv2d: expected images')
    expect(conv({}, f64(1, 4, 4, 1), f64(0, 3, 1, 1))).toThrow('conv2d: expected images')
    expect(conv({}, f64(1, 4, 4, 1), f64(3, 0, 1, 1))).toThrow('conv2d: expected images')
    expect(conv({}, f64(1, 4, 4, 1), f64(3, 3, 1))).toThrow('conv2d: expected images')
    expect(conv({}, f64(1, 2, 4, 1), f64(3, 3, 1, 1))).toThrow(
      'conv2d: a filter of [3,3] does not fit into images [1,2,4,1]',
    )
    expect(conv({ stride: 0 }, f64(1, 4, 4, 1), f64(3, 3, 1, 1))).toThrow(
      'stride must be one or two integers >= 1',
    )
    expect(conv({ stride: [1, 1.5] }, f64(1, 4, 4, 1), f64(3, 3, 1, 1))).toThrow('conv2d: stride must be')
    expect(conv({ padding: -1 }, f64(1, 4, 4, 1), f64(3, 3, 1, 1))).toThrow('conv2d: padding must be')
    expect(traced((x) => ad.patches(x, 0), f64(1, 4, 4, 1))).toThrow('patches: window must be')
    expect(traced((x) => ad.patches(x, 2, 0), f64(1, 4, 4, 1))).toThrow('patches: stride must be')
    expect(traced((x) => ad.patches(x, 2), f64(4, 4))).toThrow(
      'patches: expected images of shape [n, h, w, c], got [4,4]',
    )
  })

  once('pools with patches', () => {
    const image: Plain = { ...range(1, 4, 4, 1) }
    expect(of((...t) => ad.max(ad.patches(first(t), 2, 2), { axes: -1 }), image).values).toEqual([
      5, 7, 13, 15,
    ])
  })
})

/** A matrix times its transpose, and a little on the diagonal. */
const definite = fc
  .tuple(fc.integer({ min: 0, max: 6 }), fc.double({ min: 0.01, max: 2, noNaN: true }))
  .chain(([n, shift]) =>
    drawn([n, n], (unit) => 4 * unit() - 2).map((m) => ({
      shape: [n, n],
      values: plain.tabulate([n, n], ([i = 0, j = 0]) => {
        const dot = Array.from({ length: n }, (_, k) => plain.at(m, [i, k]) * plain.at(m, [j, k])).reduce(
          (s, t) => s + t,
          0,
        )
        return dot + (i === j ? shift : 0)
      }).values,
    })),
  )

const productAt = (x: Plain, y: Plain, i: number, j: number, f = (v: number) => v): number =>
  Array.from({ length: x.shape[1] ?? 0 }, (_, k) => f(plain.at(x, [i, k])) * f(plain.at(y, [k, j]))).reduce(
    (s, t) => s + t,
    0,
  )

const transposed = (x: Plain): Plain =>
  plain.tabulate(x.shape.toReversed(), ([i = 0, j = 0]) => plain.at(x, [j, i]))

describe('systems', () => {
  test.prop([definite])('the factor gives the matrix back within gamma(n + 1) |L| |L|^T', (a) => {
    const [n = 0] = a.shape
    const l = of((...t) => ad.cholesky(first(t)), a)
    // n + 1 roundings of each term in the factor, as many again in this product (Higham, theorem 10.3).
    const bound = 2 * gamma(n + 1)
    for (let i = 0; i < n; i += 1)
      for (let j = 0; j < n; j += 1) {
        if (j > i) expect(plain.at(l, [i, j])).toBe(0)
        const terms = productAt(l, transposed(l), i, j, Math.abs)
        expect(near(productAt(l, transposed(l), i, j), plain.at(a, [i, j]), bound * terms)).toBe(true)
      }
  })

  test.prop([definite, fc.nat(3), fc.boolean(), fc.boolean(), fc.integer()])(
    'a solution satisfies a triangular system within gamma(n + 1) |T| |X|',
    (a, columns, lower, transpose, seed) => {
      const [n = 0] = a.shape
      const b = {
        shape: [n, columns],
        values: Array.from({ length: n * columns }, (_, i) => ((i * 7 + seed) % 13) / 3),
      }
      const x = of((...[t, s]) => ad.solveTriangular(t ?? 0, s ?? 0, { lower, transpose }), a, b)
      const triangle = plain.tabulate([n, n], ([i = 0, j = 0]) =>
        (lower ? j <= i : j >= i) ? plain.at(a, [i, j]) : 0,
      )
      const t = transpose ? transposed(triangle) : triangle
      for (let i = 0; i < n; i += 1)
        for (let j = 0; j < columns; j += 1) {
          const terms = productAt(t, x, i, j, Math.abs) + Math.abs(plain.at(b, [i, j]))
          expect(near(productAt(t, x, i, j), plain.at(b, [i, j]), 2 * gamma(n + 1) * terms)).toBe(true)
        }
    },
  )

  once('positive definite systems, with one right-hand side or several', () => {
    const A = { shape: [2, 2], values: [4, Number.NaN, 2, 10] }
    const solve: Traceable = (...[a, b]) => ad.solvePositiveDefinite(a ?? 0, b ?? 0)
    expect(of(solve, A, { shape: [2], values: [8, 22] })).toEqual({ shape: [2], values: [1, 2] })
    expect(of(solve, A, { shape: [2, 2], values: [8, 4, 22, 2] })).toEqual({
      shape: [2, 2],
      values: [1, 1, 2, 0],
    })
    expect(of(solve, { shape: [0, 0], values: [] }, { shape: [0], values: [] })).toEqual({
      shape: [0],
      values: [],
    })
  })

  once('what is not positive definite is NaN everywhere', () => {
    const nothing = [Number.NaN, Number.NaN, Number.NaN, Number.NaN]
    for (const values of [
      [1, 2, 2, 1],
      [0, 0, 0, 1],
      [1, 1, 1, 1],
      [-1, 0, 0, 1],
      [1, 0, Number.NaN, 1],
      [Number.POSITIVE_INFINITY, 0, 0, 1],
    ])
      expect(of((...t) => ad.cholesky(first(t)), { shape: [2, 2], values }).values).toEqual(nothing)
    const gradient = ad.grad<ad.Dense>((a) => ad.sum(ad.cholesky(a)))(ad.matrix(2, 2, [1, 2, 2, 1]))
    expect([...gradient.values].every(Number.isNaN)).toBe(false)
    expect(gradient.values[0]).toBeNaN()
  })

  once('the derivative of the logarithm of a determinant is the inverse', () => {
    const logDet = (a: ad.Tensor) => {
      const l = ad.cholesky(ad.mul(0.5, ad.add(a, ad.transpose(a))))
      return ad.mul(2, ad.sum(ad.log(ad.pick(l, ad.indices([0, 1])))))
    }
    const { value, gradient } = ad.valueAndGrad<ad.Dense>(logDet)(ad.matrix(2, 2, [4, 2, 2, 2]))
    expect(near(value, 2 * Math.LN2, 8 * 2 ** -53)).toBe(true)
    expect([...gradient.values]).toEqual([0.5, -0.5, -0.5, 1])
  })

  once('a zero on the diagonal shows', () => {
    const t = { shape: [2, 2], values: [0, 0, 1, 1] }
    const x = of((...[a, b]) => ad.solveTriangular(a ?? 0, b ?? 0), t, { shape: [2], values: [1, 1] })
    expect(x.values).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
  })

  once('shapes that do not fit are named', () => {
    expect(traced((x) => ad.cholesky(x), f64(2, 3))).toThrow(
      'cholesky: expected a square matrix, got f64[2,3]',
    )
    expect(traced((x) => ad.cholesky(x), f64(2))).toThrow('cholesky: expected a square matrix, got f64[2]')
    expect(traced((x, b) => ad.solveTriangular(x, b), f64(2, 2), f64(3))).toThrow(
      'solveTriangular: expected a matrix of 2 rows on the right, got f64[3,1]',
    )
    expect(traced((x, b) => ad.solveTriangular(x, b), f64(2, 2), f64())).toThrow(
      'solveTriangular: expected a vector or a matrix on the right, got f64[]',
    )
    expect(traced((x, b) => ad.solvePositiveDefinite(x, b), f64(2), f64(2))).toThrow(
      'cholesky: expected a square matrix, got f64[2]',
    )
  })
})
