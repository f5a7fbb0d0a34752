import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import * as ad from '../../src/entry/autodiff.js'
import { exp, gamma, sin } from '../../src/numeric/index.js'
import { batched } from '../../src/runtime/batched.js'

const vectorOf = (n: number) =>
  fc
    .array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: n, maxLength: n })
    .map((v) => Float64Array.from(v))
const small = fc.integer({ min: 0, max: 5 }).chain(vectorOf)

/** What products of tiny numbers may lose: a few times the least subnormal number, multiplied by at most 64. */
const underflow = 2 ** -1064

const cubes = (x: ad.Tensor): ad.Tensor => ad.sum(ad.mul(x, ad.square(x)))

describe('the public transforms', () => {
  test.prop([small])('grad, valueAndGrad, into and value agree bit for bit', (x) => {
    const f = ad.valueAndGrad(cubes)
    const { value, gradient } = f(x)
    const out = new Float64Array(x.length)
    expect(f.into(out, x)).toBe(value)
    expect(out).toEqual(gradient)
    expect(ad.value(cubes)(x)).toBe(value)
    expect(ad.grad(cubes)(x)).toEqual(gradient)
    expect([...gradient]).toEqual([...x].map((v) => v * v + (v * v + v * v)))
  })

  test.prop([vectorOf(3), vectorOf(3)])('hvp is diag(6x) v for cubes, jvp and vjp agree', (x, v) => {
    const hv = ad.hvp(cubes)(x, v)
    hv.forEach((h, i) => {
      // Six terms x v of one sign: at most eight roundings on either side.
      const exact = 6 * (x[i] ?? 0) * (v[i] ?? 0)
      expect(Math.abs(h - exact)).toBeLessThanOrEqual(2 * gamma(8) * Math.abs(exact) + underflow)
    })
    const { tangent } = ad.jvp(cubes)(x, v)
    const { gradient } = ad.vjp(cubes)(x, Float64Array.of(1))
    const slope = gradient.reduce((s, g, i) => s + g * (v[i] ?? 0), 0)
    // Both are sums of three products 3 x^2 v; at most twelve roundings on the way to either.
    const scale = gradient.reduce((s, g, i) => s + Math.abs(g * (v[i] ?? 0)), 0)
    expect(Math.abs((tangent.values[0] ?? 0) - slope)).toBeLessThanOrEqual(2 * gamma(12) * scale + underflow)
  })

  test('a fresh gradient at every call, and the working memory stays inside', () => {
    const g = ad.grad(cubes)
    const a = g(Float64Array.of(1, 2))
    const b = g(Float64Array.of(3, 4))
    expect([...a]).toEqual([3, 12])
    expect([...b]).toEqual([27, 48])
  })

  test('parameters may be numbers, arrays and nested records', () => {
    type Net = {
      readonly layer: { readonly W: ad.Dense; readonly b: Float64Array }
      readonly scale: number
    }
    const f = ad.valueAndGrad<Net>(({ layer, scale }) =>
      ad.mul(scale, ad.sum(ad.add(ad.square(layer.W), layer.b))),
    )
    const x: Net = { layer: { W: ad.matrix(2, 2, [1, 2, 3, 4]), b: Float64Array.of(10, 20) }, scale: 2 }
    const { value, gradient } = f(x)
    expect(value).toBe(2 * (30 + 2 * 30))
    expect([...gradient.layer.W.values]).toEqual([4, 8, 12, 16])
    expect(gradient.layer.W.shape).toEqual([2, 2])
    expect([...gradient.layer.b]).toEqual([4, 4])
    expect(gradient.scale).toBe(90)
    expect([...ad.ravel(x)]).toEqual([1, 2, 3, 4, 10, 20, 2])
    expect(ad.unravel(x)(ad.ravel(x))).toEqual(x)
  })

  test('gradients nest without confusing their variables', () => {
    // d/dx [x d/dy (x + y)] at y = 1 is 1, not 2.
    const outer = ad.grad<number>((x) => ad.mul(x, ad.grad<number>((y) => ad.add(x, y))(ad.full(x, 1, []))))
    expect(outer(3)).toBe(1)
    // The inner function uses the outer x as a constant, although it is also the point.
    const inner = ad.grad<number>((x) => ad.grad<number>((z) => ad.mul(z, x))(x))
    expect(inner(5)).toBe(1)
    // Third derivative of x^4.
    const d = (f: (x: ad.Tensor) => ad.Operand) => (x: ad.Tensor) => ad.grad<number>(f)(x)
    expect(ad.grad<number>(d(d((x) => ad.pow(x, 4))))(2)).toBe(48)
    expect(ad.grad<number>((x) => ad.mul(x, ad.stopGradient(x)))(3)).toBe(3)
  })

  test('a function that ignores its argument, or returns a number, has gradient zero', () => {
    expect([...ad.grad(() => 7)(Float64Array.of(1, 2))]).toEqual([0, 0])
    expect([...ad.grad((x) => ad.full(x, 7, []))(Float64Array.of(1, 2))]).toEqual([0, 0])
  })

  test('one trace for each shape, none for a shape seen before', () => {
    let traces = 0
    const f = ad.value((x) => {
      traces += 1
      return ad.sum(x)
    })
    for (const n of [2, 3, 2, 3, 2]) expect(f(new Float64Array(n).fill(1))).toBe(n)
    expect(traces).toBe(2)
  })

  test('misuse is named', () => {
    expect(() => ad.valueAndGrad(cubes).into(new Float64Array(3), new Float64Array(2))).toThrow(
      'into: expected 2 places, got 3',
    )
    expect(() => ad.array([2, 2], [1, 2, 3])).toThrow('array: 3 values do not fill the shape [2,2]')
    expect(() => ad.indices([0, 1.5])).toThrow('indices: entry 1 must be an integer')
    expect(() => ad.vjp(cubes)(Float64Array.of(1), new Float64Array(2))).toThrow(
      'expected a cotangent of shape []',
    )
    expect(() => ad.evaluate((x) => ad.gather(x, ad.indices([3])))(new Float64Array(3))).toThrow(
      'gather: index 3 at 0 is out of range, expected 0..2',
    )
    expect(() => ad.unravel(Float64Array.of(1))(new Float64Array(2))).toThrow(
      'unravel: expected 1 values, got 2',
    )
  })

  test('the same bits as the scalar functions', () => {
    const x = Float64Array.of(-3.1, 0.2, 1.7)
    expect(ad.evaluate(ad.exp)(x).values).toEqual(x.map(exp))
    expect(ad.evaluate(ad.sin)(x).values).toEqual(x.map(sin))
  })
})

describe('batches', () => {
  const make = (onTrace: () => void = () => {}) =>
    batched({
      data: { A: ad.matrix(4, 2, [1, 2, 3, 4, 5, 6, 7, 8]), t: ad.indices([0, 1, 1, 0]) },
      parameters: { W: [2, 2], b: [2] },
      loss: ({ W, b }, { A, t }) => {
        onTrace()
        const z = ad.add(ad.matmul(A, W), b)
        return ad.mean(ad.sub(ad.logSumExp(z), ad.pick(z, t)))
      },
    })
  const x = Float64Array.of(0.1, -0.2, 0.3, 0.4, -0.5, 0.6)

  test('a batch is the mean over its rows, repeats counted', () => {
    const f = make()
    const one = (i: number) => f.value(x, Int32Array.of(i))
    expect(Math.abs(f.value(x, Int32Array.of(2, 0, 2)) - (one(0) + 2 * one(2)) / 3)).toBeLessThan(1e-14)
    expect(f.value(x, Int32Array.of(0, 1, 2, 3))).toBe(f.value(x, null))
  })

  test('a batch size is traced once for each kind', () => {
    let traces = 0
    const f = make(() => {
      traces += 1
    })
    const out = new Float64Array(6)
    for (let k = 0; k < 5; k += 1) {
      f.into(out, x, Int32Array.of(k % 4, 0))
      f.into(out, x, Int32Array.of(k % 4, 0, 1))
      f.value(x, null)
    }
    expect(traces).toBe(3)
  })

  test('hessianVector is the slope of the gradient', () => {
    const f = make()
    const v = Float64Array.of(1, -1, 0.5, 2, 0, 1)
    const rows = Int32Array.of(3, 1)
    const at = (h: number) => {
      const g = new Float64Array(6)
      f.into(
        g,
        x.map((a, i) => a + h * (v[i] ?? 0)),
        rows,
      )
      return g
    }
    const h = 2 ** -12
    const [up, down] = [at(h), at(-h)]
    f.hessianVector(x, v, rows).forEach((hv, i) => {
      // Truncation h^2 = 6e-8 times third derivatives of the loss along v, up to |v|^3 |a|^4.
      expect(Math.abs(hv - ((up[i] ?? 0) - (down[i] ?? 0)) / (2 * h))).toBeLessThan(1e-3)
    })
  })

  test('parameters by name', () => {
    const f = make()
    const { W, b } = f.unravel(x)
    expect(W.shape).toEqual([2, 2])
    expect([...b.values]).toEqual([-0.5, 0.6])
    expect(f.ravel({ W, b })).toEqual(x)
  })

  test('bad data and bad calls are named', () => {
    const f = make()
    const out = new Float64Array(6)
    expect(() => f.value(x.subarray(1), null)).toThrow('x: must have 6 entries, got 5')
    expect(() => f.value(x, Int32Array.of(0, 4))).toThrow('batch: entry 1 must be a row from 0 to 3, got 4')
    expect(() => f.value(x, Int32Array.of(-1))).toThrow('batch: entry 0 must be a row')
    expect(() => f.value(x, new Int32Array())).toThrow('batch: must not be empty')
    expect(() => f.into(out.subarray(1), x, null)).toThrow('out: must have 6 entries, got 5')
    const bad = (data: Parameters<typeof batched>[0]['data']) => () =>
      batched({ data, parameters: [1], loss: () => 0 })
    expect(bad({ A: ad.vector([1, Number.NaN]) })).toThrow('data.A: entry 1 must be finite, got NaN')
    expect(bad({ A: ad.vector([1]), b: ad.vector([1, 2]) })).toThrow('data.b: has 2 rows, but data.A has 1')
    expect(bad({ A: ad.vector([]) })).toThrow('data: must have at least one row')
    expect(bad({})).toThrow('data: must hold at least one array')
    expect(bad({ A: ad.array([], [1]) })).toThrow('data.A: must have an axis of rows')
  })
})

test('a small network learns the exclusive or', () => {
  const net = batched({
    data: { X: ad.matrix(4, 2, [0, 0, 0, 1, 1, 0, 1, 1]), y: ad.vector([0, 1, 1, 0]) },
    parameters: { first: { W: [2, 4], b: [4] }, second: { w: [4], b: [] } },
    loss: ({ first, second }, { X, y }) => {
      const hidden = ad.tanh(ad.add(ad.matmul(X, first.W), first.b))
      const z = ad.add(ad.matmul(hidden, second.w), second.b)
      return ad.mean(ad.sub(ad.softplus(z), ad.mul(y, z)))
    },
  })
  const x = Float64Array.from({ length: net.dimension }, (_, i) => sin(3 * i + 1))
  const g = new Float64Array(net.dimension)
  const before = net.value(x, null)
  for (let k = 0; k < 2000; k += 1) {
    net.into(g, x, null)
    g.forEach((v, i) => {
      x[i] = (x[i] ?? 0) - 0.5 * v
    })
  }
  expect(before).toBeGreaterThan(0.5)
  expect(net.value(x, null)).toBeLessThan(0.02)
})
