/** Second derivatives: exactly where the arithmetic is exact, within counted bounds elsewhere. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import * as ad from '../../src/entry/autodiff.js'
import { gamma } from '../../src/numeric/index.js'
import { hessianProgram } from '../../src/runtime/program.js'

/** `c x_i x_j ...`, the numbers of the variables written out. */
interface Monomial {
  readonly c: number
  readonly of: ReadonlyArray<number>
}

/** What products of tiny numbers may lose. */
const underflow = 2 ** -1000

const at = (x: ArrayLike<number>, i: number): number => x[i] ?? 0
const product = (c: number, of: ReadonlyArray<number>, x: ArrayLike<number>): number =>
  of.reduce((p, i) => p * at(x, i), c)

/** The second derivative of a sum of monomials: strike one factor `x_i` and another `x_j`, in all ways. */
const second = (f: ReadonlyArray<Monomial>, x: ArrayLike<number>, i: number, j: number): number =>
  f.reduce((sum, { c, of }) => {
    const pairs = of.flatMap((a, p) => of.flatMap((b, q) => (p !== q && a === i && b === j ? [[p, q]] : [])))
    return pairs.reduce(
      (s, struck) =>
        s +
        product(
          c,
          of.filter((_, p) => !struck.includes(p)),
          x,
        ),
      sum,
    )
  }, 0)

const element = (x: ad.Tensor, i: number): ad.Tensor => ad.sum(ad.slice(x, [i], [i + 1]))

const polynomial =
  (f: ReadonlyArray<Monomial>) =>
  (x: ad.Tensor): ad.Tensor =>
    f
      .map(({ c, of }) => of.reduce((p, i) => ad.mul(p, element(x, i)), ad.full(x, c, [])))
      .reduce((s, t) => ad.add(s, t), ad.full(x, 0, []))

const small = fc.integer({ min: -4, max: 4 })
const integers = (n: number) =>
  fc.array(small, { minLength: n, maxLength: n }).map((v) => Float64Array.from(v))
const doubles = (n: number) =>
  fc
    .array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: n, maxLength: n })
    .map((v) => Float64Array.from(v))
const monomials = (n: number) =>
  fc.array(fc.record({ c: small, of: fc.array(fc.integer({ min: 0, max: n - 1 }), { maxLength: 4 }) }), {
    maxLength: 6,
  })
const sized = <A>(of: (n: number) => fc.Arbitrary<A>) => fc.integer({ min: 1, max: 5 }).chain(of)
/** Equal numbers; zeros of either sign are one. */
const plain = (x: ArrayLike<number>): ReadonlyArray<number> => Array.from(x, (v) => v + 0)

describe('the Hessian', () => {
  test.prop([sized((n) => fc.tuple(integers(n * n), integers(n)))])(
    'of a quadratic is its symmetric part, exactly',
    ([a, x]) => {
      const n = x.length
      const A = ad.matrix(n, n, a)
      const { shape, values } = ad.hessian((y) => ad.mul(0.5, ad.dot(y, ad.matmul(A, y))))(x)
      expect(shape).toEqual([n, n])
      const expected = a.map((_, k) => (at(a, k) + at(a, (k % n) * n + Math.floor(k / n))) / 2)
      expect(plain(values)).toEqual(plain(expected))
    },
  )

  test.prop([sized((n) => fc.tuple(monomials(n), integers(n)))])(
    'of a polynomial in integers is exact',
    ([f, x]) => {
      const n = x.length
      const { values } = ad.hessian(polynomial(f))(x)
      expect(plain(values)).toEqual(
        Array.from({ length: n * n }, (_, k) => second(f, x, Math.floor(k / n), k % n) + 0),
      )
    },
  )

  test.prop([sized((n) => fc.tuple(doubles(n * n), doubles(n)))])(
    'is symmetric to the bit, each entry between the two that were computed',
    ([a, x]) => {
      const n = x.length
      const f = (y: ad.Tensor) => {
        const z = ad.matmul(ad.matrix(n, n, a), y)
        return ad.add(ad.logSumExp(z), ad.dot(ad.sin(y), ad.tanh(z)))
      }
      const { values } = ad.hessian(f)(x)
      const columns = Array.from(x, (_, j) =>
        ad.hvp(f)(
          x,
          x.map((_, i) => (i === j ? 1 : 0)),
        ),
      )
      for (let i = 0; i < n; i += 1)
        for (let j = 0; j < n; j += 1) {
          const [h, p, q] = [at(values, i * n + j), at(columns[j] ?? [], i), at(columns[i] ?? [], j)]
          expect(h).toBe(at(values, j * n + i))
          expect(h).toBeGreaterThanOrEqual(Math.min(p, q))
          expect(h).toBeLessThanOrEqual(Math.max(p, q))
        }
    },
  )

  test.prop([sized((n) => fc.tuple(monomials(n), doubles(n), doubles(n)))])(
    'times a vector is the Hessian product',
    ([f, x, v]) => {
      const n = x.length
      const type = [{ shape: [n], type: 'f64' as const }]
      const { equations } = hessianProgram(([y]) => (y === undefined ? 0 : polynomial(f)(y)), type, [])
      // An output of a program of sums and products is a sum of monomials, none of which meets more roundings than there
      // are equations, and additions in the sums of n; the dense product has 2 n roundings more, its monomials twice as many
      // for the mean of the mirror entries. What all monomials come to at most, their absolute values say.
      const roundings = 2 * (equations.length + 2 * n) + 2
      const positive = f.map(({ c, of }) => ({ c: Math.abs(c), of }))
      const hv = ad.hvp(polynomial(f))(x, v)
      const { values } = ad.hessian(polynomial(f))(x)
      hv.forEach((h, i) => {
        const dense = v.reduce((s, vj, j) => s + at(values, i * n + j) * vj, 0)
        const scale = v.reduce((s, vj, j) => s + second(positive, x.map(Math.abs), i, j) * Math.abs(vj), 0)
        expect(Math.abs(h - dense)).toBeLessThanOrEqual(2 * gamma(roundings) * scale * 1.01 + underflow)
      })
    },
  )

  test('of a record lies in the order of ravel', () => {
    type P = { readonly W: ad.Dense; readonly b: number }
    const f = ad.hessian<P>(({ W, b }) => ad.mul(b, ad.sum(ad.mul(W, ad.square(W)))))
    // b (W1^3 + W2^3) at W = (1, 2), b = 5.
    expect([...f({ W: ad.matrix(2, 1, [1, 2]), b: 5 }).values]).toEqual([30, 0, 3, 0, 60, 12, 3, 12, 0])
  })

  test('of nothing is empty, of a constant zero', () => {
    expect(ad.hessian((x) => ad.sum(x))(new Float64Array(0)).shape).toEqual([0, 0])
    expect([...ad.hessian(() => 7)(Float64Array.of(1, 2)).values]).toEqual([0, 0, 0, 0])
  })

  test('is finite where the sum of mirror entries is not', () => {
    const big = 1.75 * 2 ** 1023
    const f = (x: ad.Tensor) =>
      ad.mul(ad.sin(element(x, 0)), ad.mul(big, ad.tanh(ad.mul(0.75, element(x, 1)))))
    const points = Array.from({ length: 40 }, (_, k) => Float64Array.of(k / 192, k / 256))
    const mirrored = points.map((x) => {
      const { values } = ad.hessian(f)(x)
      expect(values.every(Number.isFinite)).toBe(true)
      const [p, q] = [
        [1, 0],
        [0, 1],
      ].map((v) => ad.hvp(f)(x, Float64Array.from(v)))
      return [at(p ?? [], 1), at(q ?? [], 0)] as const
    })
    expect(mirrored.some(([p, q]) => p !== q && !Number.isFinite(p + q))).toBe(true)
  })
})

describe('products with parts of a Hessian', () => {
  const matrixVector = (m: number, n: number, a: Float64Array, v: Float64Array): ReadonlyArray<number> =>
    Array.from({ length: m }, (_, i) => v.reduce((s, vj, j) => s + at(a, i * n + j) * vj, 0))
  const inner = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
    Array.from(a).reduce((s, ai, i) => s + ai * at(b, i), 0)
  const pair = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))

  test.prop([pair.chain(([m, n]) => fc.tuple(integers(m * n), integers(m), integers(n), integers(n)))])(
    'of the bilinear x B y are B v and nothing',
    ([b, x, y, v]) => {
      const [m, n] = [x.length, y.length]
      const g = (p: ad.Tensor, q: ad.Tensor) => ad.dot(p, ad.matmul(ad.matrix(m, n, b), q))
      expect(plain(ad.mixedHvp(g)(x, y, v))).toEqual(plain(matrixVector(m, n, b, v)))
      expect(plain(ad.partialHvp(g)(x, y, v))).toEqual(plain(new Float64Array(n)))
    },
  )

  test.prop([
    pair.chain(([m, n]) => fc.tuple(integers(m), integers(n * n), integers(m), integers(n), integers(n))),
  ])('of the cubic <a, x> <y, H y> / 2 are a <y, H v> and <a, x> H v, for symmetric H', ([a, h, x, y, v]) => {
    const n = y.length
    const H = h.map((_, k) => at(h, k) + at(h, (k % n) * n + Math.floor(k / n)))
    const g = (p: ad.Tensor, q: ad.Tensor) =>
      ad.mul(0.5, ad.mul(ad.dot(p, ad.vector(a)), ad.dot(q, ad.matmul(ad.matrix(n, n, H), q))))
    const Hv = matrixVector(n, n, H, v)
    expect(plain(ad.mixedHvp(g)(x, y, v))).toEqual(plain(a.map((ai) => ai * inner(y, Hv))))
    expect(plain(ad.partialHvp(g)(x, y, v))).toEqual(Hv.map((s) => inner(a, x) * s + 0))
  })

  test.prop([pair.chain(([m, n]) => fc.tuple(monomials(m + n), integers(m), integers(n), integers(n)))])(
    'are those with blocks of the dense Hessian',
    ([f, x, y, v]) => {
      const [m, n] = [x.length, y.length]
      const g = (p: ad.Tensor, q: ad.Tensor) => polynomial(f)(ad.concat([p, q]))
      type Both = { readonly x: Float64Array; readonly y: Float64Array }
      const H = ad.hessian<Both>((z) => g(z.x, z.y))({ x, y }).values
      const rows = matrixVector(m + n, m + n, H, Float64Array.of(...new Float64Array(m), ...v))
      expect(plain(ad.mixedHvp(g)(x, y, v))).toEqual(plain(rows.slice(0, m)))
      expect(plain(ad.partialHvp(g)(x, y, v))).toEqual(plain(rows.slice(m)))
    },
  )

  test('are of the structure of their part, whatever the order of the fields of the vector', () => {
    type X = { readonly a: number; readonly b: Float64Array }
    type Y = { readonly p: number; readonly q: Float64Array }
    const g = (x: ad.Traced<X>, y: ad.Traced<Y>) =>
      ad.mul(ad.square(y.p), ad.add(ad.mul(x.a, y.p), ad.dot(x.b, y.q)))
    const x = { a: 2, b: Float64Array.of(3, 5) }
    const y = { p: 7, q: Float64Array.of(1, 10) }
    const v = { q: Float64Array.of(100, 1), p: 2 }
    const mixed = ad.mixedHvp<X, Y>(g)(x, y, v)
    // In a: 3 p^2 v_p; in b: 2 p q v_p + p^2 v_q.
    expect(mixed.a).toBe(294)
    expect([...mixed.b]).toEqual([28 + 4900, 280 + 49])
    const partial = ad.partialHvp<X, Y>(g)(x, y, v)
    // In p: (6 a p + 2 <b, q>) v_p + 2 p <b, v_q>; in q: 2 p b v_p.
    expect(partial.p).toBe((84 + 106) * 2 + 14 * 305)
    expect([...partial.q]).toEqual([84, 140])
  })

  test('are traced once for each pair of shapes', () => {
    let traces = 0
    const product = ad.mixedHvp((x, y) => {
      traces += 1
      return ad.mul(ad.sum(x), ad.sum(ad.square(y)))
    })
    const ones = (n: number) => new Float64Array(n).fill(1)
    for (const [m, n] of [
      [1, 2],
      [2, 1],
      [1, 2],
      [2, 2],
      [2, 1],
    ] as const)
      expect([...product(ones(m), ones(n), ones(n))]).toEqual(Array.from(ones(m), () => 2 * n))
    expect(traces).toBe(3)
  })

  test('misuse is named', () => {
    type Y = { readonly p: number; readonly q: Float64Array }
    const g = ad.mixedHvp<number, Y>((x, { p, q }) => ad.mul(x, ad.mul(p, ad.sum(q))))
    const y = { p: 1, q: Float64Array.of(1, 2) }
    expect(() => g(1, y, { p: 1, q: Float64Array.of(1) })).toThrow(
      'y.q: expected 2 values of shape [2], got 1',
    )
    expect(() => g(1, y, { p: 1 } as Y)).toThrow('y.q: is missing')
    expect(() =>
      ad.hvp<ad.Dense>((x) => ad.sum(x))(ad.matrix(1, 2, [1, 2]), ad.matrix(2, 1, [1, 2])),
    ).toThrow('expected an array of shape [1,2], got one of shape [2,1]')
    expect(() => ad.hessian((x) => x)(Float64Array.of(1))).toThrow('must return a scalar')
    expect(() =>
      ad.partialHvp((_, y) => y)(Float64Array.of(1), Float64Array.of(1), Float64Array.of(1)),
    ).toThrow('must return a scalar')
  })
})

describe('inside a trace', () => {
  const quartic = (x: ad.Tensor) => ad.sum(ad.square(ad.square(x)))
  const [x, u, w] = [Float64Array.of(1, -2), Float64Array.of(3, 5), Float64Array.of(7, -1)]
  const evaluated = (f: (x: ad.Tensor) => ad.Tensor) => [...ad.evaluate(f)(x).values]

  test('hvp, jvp and vjp apply to tensors', () => {
    expect(evaluated((y) => ad.hvp(quartic)(y, ad.mul(2, y)))).toEqual([24, -192])
    expect(evaluated((y) => ad.jvp((z) => ad.mul(z, ad.square(z)))(y, ad.mul(2, y)).tangent)).toEqual([
      6, -48,
    ])
    expect(evaluated((y) => ad.jvp((z) => ad.square(z))(y, y).value)).toEqual([1, 4])
    expect(evaluated((y) => ad.vjp((z) => ad.mul(z, ad.square(z)))(y, ad.mul(2, y)).gradient)).toEqual([
      6, -48,
    ])
    expect(evaluated((y) => ad.vjp((z) => ad.square(z))(y, y).value)).toEqual([1, 4])
  })

  test('their results have derivatives', () => {
    // Along u and w the third derivative of the quartic is 24 x u w, the fourth 24 u w.
    const third = ad.grad((y) =>
      ad.dot(ad.hvp(quartic)(y, ad.mul(u[0] ?? 0, ad.full(y, 1, [2]))), ad.vector(w)),
    )
    expect([...third(x)]).toEqual([24 * 1 * 3 * 7, 24 * -2 * 3 * -1])
    const slope = ad.hvp((y) => ad.jvp(quartic)(y, ad.mul(0.25, ad.full(y, 4, [2]))).tangent)
    expect([...slope(x, u)]).toEqual([24 * 1 * 3, 24 * -2 * 5])
  })

  test('mixedHvp and partialHvp apply to tensors and have derivatives', () => {
    // g = x y^3, v = x y: the mixed product is 3 y^2 v, the partial one 6 x y v.
    const g = (p: ad.Tensor, q: ad.Tensor) => ad.mul(p, ad.mul(q, ad.square(q)))
    type Both = { readonly p: number; readonly q: number }
    const mixed = ({ p, q }: ad.Traced<Both>) => ad.mixedHvp<number, number>(g)(p, q, ad.mul(p, q))
    const partial = ({ p, q }: ad.Traced<Both>) => ad.partialHvp<number, number>(g)(p, q, ad.mul(p, q))
    expect(ad.value<Both>(mixed)({ p: 2, q: 3 })).toBe(3 * 2 * 27)
    expect(ad.grad<Both>(mixed)({ p: 2, q: 3 })).toEqual({ p: 81, q: 9 * 2 * 9 })
    expect(ad.value<Both>(partial)({ p: 2, q: 3 })).toBe(6 * 4 * 9)
    expect(ad.grad<Both>(partial)({ p: 2, q: 3 })).toEqual({ p: 12 * 2 * 9, q: 12 * 4 * 3 })
  })

  test('what comes from outside is constant', () => {
    // The second derivative of x y^2 in y is 2 x, although x is also where it is taken.
    expect(ad.grad<number>((p) => ad.hvp<number>((y) => ad.mul(p, ad.square(y)))(p, p))(3)).toBe(12)
    expect(
      ad.value<number>((p) => ad.mixedHvp<number, number>((a, b) => ad.mul(p, ad.mul(a, b)))(p, p, p))(3),
    ).toBe(9)
    expect(ad.value<number>((p) => ad.jvp<number>((y) => ad.mul(p, y))(p, p).tangent)(3)).toBe(9)
  })

  test('a number among tensors is named', () => {
    const number: ad.Tensor = JSON.parse('1')
    const f = (p: ad.Tensor) => ad.mixedHvp<number, number>((a, b) => ad.mul(a, b))(p, p, number)
    expect(() => ad.value<number>(f)(3)).toThrow('y: expected a Tensor of shape [], got 1')
  })
})

describe('the Jacobian', () => {
  test.prop([
    fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
      .chain(([m, n]) => fc.tuple(integers(m * n), integers(n))),
  ])('of x -> (A x) * (A x) is 2 diag(A x) A, exactly', ([a, x]) => {
    const [m, n] = [a.length / x.length, x.length]
    const { shape, values } = ad.jacobian((y) => ad.square(ad.matmul(ad.matrix(m, n, a), y)))(x)
    expect(shape).toEqual([m, n])
    const Ax = Array.from({ length: m }, (_, i) => x.reduce((s, xj, j) => s + at(a, i * n + j) * xj, 0))
    expect(plain(values)).toEqual(Array.from(a, (aij, k) => 2 * at(Ax, Math.floor(k / n)) * aij + 0))
  })

  test('of a scalar is its gradient, of a record in the order of ravel', () => {
    type P = { readonly a: number; readonly b: Float64Array }
    const f = ad.jacobian<P>(({ a, b }) => ad.mul(a, ad.dot(b, b)))({ a: 2, b: Float64Array.of(1, 3) })
    expect(f.shape).toEqual([1, 3])
    expect([...f.values]).toEqual([10, 4, 12])
  })
})
