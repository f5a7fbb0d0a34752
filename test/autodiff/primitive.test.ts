import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { primitives } from '../../src/autodiff/table.js'
import * as ad from '../../src/entry/autodiff.js'
import * as N from '../../src/numeric/index.js'
import { along, backward, difference, forward, inner, type Traceable } from './derivative.js'
import type { Plain } from './plain.js'
import * as plain from './plain.js'

const sizes = fc.constantFrom(0, 1, 2, 3, 5)
const positiveSizes = fc.constantFrom(1, 2, 3, 5)
const shapes = fc.array(sizes, { maxLength: 3 })
/** Small dyadic numbers: sums and products of a few of them are exact. */
const dyadic = fc.integer({ min: -16, max: 16 }).map((i) => i / 4)
const filled = (shape: ReadonlyArray<number>, element: fc.Arbitrary<number>): fc.Arbitrary<Plain> =>
  fc
    .array(element, { minLength: plain.size(shape), maxLength: plain.size(shape) })
    .map((values) => ({ shape, values }))

interface Case {
  readonly f: Traceable
  readonly inputs: ReadonlyArray<Plain>
  readonly expected: Plain
}

/** Two shapes that broadcast, empty and scalar ones included. */
const broadcastable = shapes.chain((joint) =>
  fc
    .tuple(
      fc.array(fc.boolean(), { minLength: joint.length, maxLength: joint.length }),
      fc.array(fc.boolean(), { minLength: joint.length, maxLength: joint.length }),
      fc.integer({ min: 0, max: joint.length }),
    )
    .map(([onesA, onesB, drop]) => ({
      a: joint.map((n, i) => (onesA[i] ? 1 : n)),
      b: joint.map((n, i) => (onesB[i] ? 1 : n)).slice(drop),
    })),
)

const elementwise2 = (
  f: (x: ad.Input, y: ad.Input) => ad.Tensor,
  g: (x: number, y: number) => number,
  element: fc.Arbitrary<number>,
): fc.Arbitrary<Case> =>
  broadcastable
    .chain(({ a, b }) => fc.tuple(filled(a, element), filled(b, element)))
    .map(([x, y]) => ({
      f: (...t) => f(t[0] ?? 0, t[1] ?? 0),
      inputs: [x, y],
      expected: plain.zip(x, y, g),
    }))

const axesIn = (rank: number): fc.Arbitrary<ReadonlyArray<number>> =>
  fc.subarray(
    Array.from({ length: rank }, (_, i) => i),
    { minLength: rank === 0 ? 0 : 1 },
  )

const first = (t: ReadonlyArray<ad.Tensor>): ad.Tensor => {
  const [x] = t
  if (x === undefined) throw new Error('no input')
  return x
}

const second = (t: ReadonlyArray<ad.Tensor>): ad.Tensor => first(t.slice(1))

const reductionOf = (
  f: (x: ad.Tensor, options: ad.Reduction) => ad.Tensor,
  g: (xs: ReadonlyArray<number>) => number,
  element: fc.Arbitrary<number>,
  dimensions = shapes,
): fc.Arbitrary<Case> =>
  dimensions
    .chain((shape) => fc.tuple(filled(shape, element), axesIn(shape.length), fc.boolean()))
    .map(([x, axes, keep]) => {
      const reduced = plain.reduce(x, axes, g)
      return {
        f: (...t) => f(first(t), { axes, keep }),
        inputs: [x],
        expected: keep ? { ...reduced, shape: x.shape.map((n, i) => (axes.includes(i) ? 1 : n)) } : reduced,
      }
    })

const addUp = (xs: ReadonlyArray<number>): number => xs.reduce((s, x) => s + x, 0)

const products: fc.Arbitrary<Case> = fc
  .tuple(sizes, sizes, sizes, fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean())
  .chain(([m, k, n, vectorX, vectorY, transposeX, transposeY]) =>
    fc
      .tuple(
        filled(vectorX ? [k] : transposeX ? [k, m] : [m, k], dyadic),
        filled(vectorY ? [k] : transposeY ? [n, k] : [k, n], dyadic),
      )
      .map(([x, y]) => {
        const flipX = transposeX && !vectorX
        const flipY = transposeY && !vectorY
        const xAt = (i: number, p: number) => plain.at(x, vectorX ? [p] : flipX ? [p, i] : [i, p])
        const yAt = (p: number, j: number) => plain.at(y, vectorY ? [p] : flipY ? [j, p] : [p, j])
        const full = plain.tabulate([vectorX ? 1 : m, vectorY ? 1 : n], ([i = 0, j = 0]) =>
          addUp(Array.from({ length: k }, (_, p) => xAt(i, p) * yAt(p, j))),
        )
        return {
          f: (...t: ReadonlyArray<ad.Tensor>) =>
            ad.matmul(flipX ? ad.transpose(first(t)) : first(t), flipY ? ad.transpose(second(t)) : second(t)),
          inputs: [x, y],
          expected: { shape: [...(vectorX ? [] : [m]), ...(vectorY ? [] : [n])], values: full.values },
        }
      }),
  )

const rowsOf = (n: number): fc.Arbitrary<ReadonlyArray<number>> =>
  n === 0 ? fc.constant([]) : fc.array(fc.integer({ min: 0, max: n - 1 }), { maxLength: 6 })

const gathers: fc.Arbitrary<Case> = fc
  .tuple(sizes, fc.array(sizes, { maxLength: 2 }))
  .chain(([n, rest]) => fc.tuple(filled([n, ...rest], dyadic), rowsOf(n)))
  .map(([x, rows]) => ({
    f: (...t) => ad.gather(first(t), ad.indices(rows)),
    inputs: [x],
    expected: plain.tabulate([rows.length, ...x.shape.slice(1)], ([i = 0, ...j]) =>
      plain.at(x, [rows[i] ?? -1, ...j]),
    ),
  }))

const scatters: fc.Arbitrary<Case> = fc
  .tuple(positiveSizes, fc.array(sizes, { maxLength: 2 }))
  .chain(([n, rest]) =>
    rowsOf(n).chain((rows) => filled([rows.length, ...rest], dyadic).map((x) => ({ n, rows, x }))),
  )
  .map(({ n, rows, x }) => ({
    f: (...t) => ad.scatterAdd(first(t), ad.indices(rows), n),
    inputs: [x],
    expected: plain.tabulate([n, ...x.shape.slice(1)], ([r = 0, ...j]) =>
      addUp(rows.flatMap((row, i) => (row === r ? [plain.at(x, [i, ...j])] : []))),
    ),
  }))

const picks: fc.Arbitrary<Case> = fc
  .tuple(sizes, positiveSizes)
  .chain(([n, c]) =>
    fc.tuple(
      filled([n, c], dyadic),
      fc.array(fc.integer({ min: 0, max: c - 1 }), { minLength: n, maxLength: n }),
    ),
  )
  .map(([z, labels]) => ({
    f: (...t) => ad.pick(first(t), ad.indices(labels)),
    inputs: [z],
    expected: plain.tabulate([labels.length], ([i = 0]) => plain.at(z, [i, labels[i] ?? -1])),
  }))

const transposes: fc.Arbitrary<Case> = shapes
  .chain((shape) =>
    fc.tuple(filled(shape, dyadic), fc.shuffledSubarray([...shape.keys()], { minLength: shape.length })),
  )
  .map(([x, permutation]) => ({
    f: (...t) => ad.transpose(first(t), permutation),
    inputs: [x],
    expected: plain.tabulate(
      permutation.map((a) => x.shape[a] ?? 0),
      (i) =>
        plain.at(
          x,
          x.shape.map((_, a) => i[permutation.indexOf(a)] ?? 0),
        ),
    ),
  }))

const broadcasts: fc.Arbitrary<Case> = broadcastable
  .chain(({ a, b }) => filled(b, dyadic).map((x) => ({ x, shape: plain.jointShape(a, b) })))
  .map(({ x, shape }) => ({
    f: (...t) => ad.broadcastTo(first(t), shape),
    inputs: [x],
    expected: plain.tabulate(shape, (i) => plain.broadcastAt(x, i)),
  }))

const reshapes: fc.Arbitrary<Case> = fc
  .tuple(sizes, sizes, sizes)
  .chain(([a, b, c]) => filled([a, b, c], dyadic))
  .map((x) => ({
    f: (...t) => ad.reshape(first(t), [(x.shape[0] ?? 0) * (x.shape[2] ?? 0), x.shape[1] ?? 0]),
    inputs: [x],
    expected: { shape: [(x.shape[0] ?? 0) * (x.shape[2] ?? 0), x.shape[1] ?? 0], values: x.values },
  }))

const slices: fc.Arbitrary<Case> = shapes
  .chain((shape) =>
    fc.tuple(
      filled(shape, dyadic),
      fc.tuple(...shape.map((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.integer({ min: 0, max: n })))),
    ),
  )
  .map(([x, ends]) => {
    const start = ends.map(([a, b]) => Math.min(a, b))
    const end = ends.map(([a, b]) => Math.max(a, b))
    return {
      f: (...t: ReadonlyArray<ad.Tensor>) => ad.slice(first(t), start, end),
      inputs: [x],
      expected: plain.tabulate(
        end.map((e, i) => e - (start[i] ?? 0)),
        (i) =>
          plain.at(
            x,
            i.map((v, a) => v + (start[a] ?? 0)),
          ),
      ),
    }
  })

const concats: fc.Arbitrary<Case> = fc
  .tuple(fc.array(sizes, { minLength: 1, maxLength: 3 }), fc.nat(), sizes)
  .chain(([shape, seed, other]) => {
    const axis = seed % shape.length
    return fc
      .tuple(
        filled(shape, dyadic),
        filled(
          shape.map((n, a) => (a === axis ? other : n)),
          dyadic,
        ),
      )
      .map(([x, y]) => {
        const cut = shape[axis] ?? 0
        return {
          f: (...t: ReadonlyArray<ad.Tensor>) => ad.concat([first(t), second(t)], axis),
          inputs: [x, y],
          expected: plain.tabulate(
            shape.map((n, a) => (a === axis ? n + other : n)),
            (i) => {
              const k = i[axis] ?? 0
              return k < cut
                ? plain.at(x, i)
                : plain.at(
                    y,
                    i.map((v, a) => (a === axis ? v - cut : v)),
                  )
            },
          ),
        }
      })
  })

const selects: fc.Arbitrary<Case> = shapes
  .chain((shape) => fc.tuple(filled(shape, dyadic), filled(shape, dyadic)))
  .map(([x, y]) => ({
    // A mask that no small step along the test direction can flip.
    f: (...t) => ad.where(ad.less(-1000, first(t)), ad.mul(2, first(t)), second(t)),
    inputs: [x, y],
    expected: plain.zip(x, y, (a) => 2 * a),
  }))

/** Polynomials of degree at most two in each input: every operation and every difference below is exact. */
const exact: Readonly<Record<string, fc.Arbitrary<Case>>> = {
  add: elementwise2(ad.add, (a, b) => a + b, dyadic),
  sub: elementwise2(ad.sub, (a, b) => a - b, dyadic),
  mul: elementwise2(ad.mul, (a, b) => a * b, dyadic),
  neg: shapes
    .chain((s) => filled(s, dyadic))
    .map((x) => ({
      f: (...t) => ad.neg(first(t)),
      inputs: [x],
      expected: { ...x, values: x.values.map((v) => -v) },
    })),
  square: shapes
    .chain((s) => filled(s, dyadic))
    .map((x) => ({
      f: (...t) => ad.square(first(t)),
      inputs: [x],
      expected: { ...x, values: x.values.map((v) => v * v) },
    })),
  sum: reductionOf(ad.sum, addUp, dyadic),
  matmul: products,
  gather: gathers,
  scatterAdd: scatters,
  pick: picks,
  transpose: transposes,
  broadcastTo: broadcasts,
  reshape: reshapes,
  slice: slices,
  concat: concats,
  where: selects,
}

const sameValues = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): boolean =>
  a.length === b.length && a.every((x, i) => x === b[i] || (Number.isNaN(x) && Number.isNaN(b[i])))

describe('polynomial primitives, exactly', () => {
  for (const [name, cases] of Object.entries(exact)) {
    test.prop([cases])(`${name}: the value is that of the plain loops`, ({ f, inputs, expected }) => {
      const y = forward(f, inputs)
      expect(y.shape).toEqual(expected.shape)
      expect(sameValues(y.values, expected.values)).toBe(true)
    })

    test.prop([
      cases.chain((c) =>
        fc.tuple(
          fc.constant(c),
          fc.tuple(
            ...c.inputs.map((x) =>
              fc.array(dyadic, { minLength: x.values.length, maxLength: x.values.length }),
            ),
          ),
          fc.array(dyadic, { minLength: c.expected.values.length, maxLength: c.expected.values.length }),
        ),
      ),
    ])(`${name}: <v, J u> = <J'v, u>`, ([{ f, inputs }, u, v]) => {
      const gradients = backward(f, inputs, v)
      const right = gradients.reduce((s, g, i) => s + inner(g, u[i] ?? []), 0)
      // Central differences of a quadratic are its derivative at any distance.
      const phi = along(f, inputs, u, v)
      expect((phi(1) - phi(-1)) / 2).toBe(right)
    })
  }
})

const around = (min: number, max: number) => fc.double({ min, max, noNaN: true })

const elementwise1 = (
  f: (x: ad.Tensor) => ad.Tensor,
  g: (x: number) => number,
  element: fc.Arbitrary<number>,
): fc.Arbitrary<Case> =>
  shapes
    .chain((s) => filled(s, element))
    .map((x) => ({
      f: (...t) => f(first(t)),
      inputs: [x],
      expected: { ...x, values: x.values.map(g) },
    }))

/** Away from kinks, poles and the ends of domains, so that the difference below stays inside. */
const smooth: Readonly<Record<string, fc.Arbitrary<Case>>> = {
  abs: elementwise1(ad.abs, Math.abs, fc.oneof(around(-3, -0.1), around(0.1, 3))),
  relu: elementwise1(ad.relu, (x) => Math.max(x, 0), fc.oneof(around(-3, -0.1), around(0.1, 3))),
  exp: elementwise1(ad.exp, N.exp, around(-3, 3)),
  expm1: elementwise1(ad.expm1, N.expm1, around(-3, 3)),
  log: elementwise1(ad.log, N.log, around(0.5, 4)),
  log1p: elementwise1(ad.log1p, N.log1p, around(-0.5, 4)),
  sqrt: elementwise1(ad.sqrt, Math.sqrt, around(0.5, 4)),
  sin: elementwise1(ad.sin, N.sin, around(-4, 4)),
  cos: elementwise1(ad.cos, N.cos, around(-4, 4)),
  tanh: elementwise1(ad.tanh, N.tanh, around(-3, 3)),
  sigmoid: elementwise1(ad.sigmoid, N.sigmoid, around(-4, 4)),
  softplus: elementwise1(ad.softplus, N.softplus, around(-4, 4)),
  'pow 2.5': elementwise1(
    (x) => ad.pow(x, 2.5),
    (x) => N.pow(x, 2.5),
    around(0.5, 3),
  ),
  'pow -3': elementwise1(
    (x) => ad.pow(x, -3),
    (x) => N.pow(x, -3),
    around(0.7, 3),
  ),
  'pow 3': elementwise1(
    (x) => ad.pow(x, 3),
    (x) => N.pow(x, 3),
    around(-2, 2),
  ),
  div: elementwise2(ad.div, (a, b) => a / b, around(0.5, 3)),
  mean: reductionOf(ad.mean, (xs) => addUp(xs) / xs.length, dyadic),
  logSumExp: fc
    .tuple(fc.array(positiveSizes, { minLength: 1, maxLength: 3 }), fc.nat())
    .chain(([shape, seed]) =>
      filled(shape, around(-3, 3)).map((x) => {
        const axis = seed % shape.length
        return {
          f: (...t: ReadonlyArray<ad.Tensor>) => ad.logSumExp(first(t), axis),
          inputs: [x],
          expected: plain.reduce(x, [axis], (xs) => Math.log(addUp(xs.map(Math.exp)))),
        }
      }),
    ),
  softmax: fc
    .array(positiveSizes, { minLength: 1, maxLength: 2 })
    .chain((shape) => filled(shape, around(-3, 3)))
    .map((x) => {
      const last = x.shape.length - 1
      const sums = plain.reduce(x, [last], (xs) => addUp(xs.map(Math.exp)))
      return {
        f: (...t: ReadonlyArray<ad.Tensor>) => ad.softmax(first(t)),
        inputs: [x],
        expected: plain.tabulate(x.shape, (i) => Math.exp(plain.at(x, i)) / plain.at(sums, i.slice(0, last))),
      }
    }),
  'maximum, minimum': elementwise2(
    (x, y) => ad.sub(ad.maximum(x, ad.add(10, y)), ad.minimum(ad.sub(x, 10), y)),
    (a, b) => Math.max(a, 10 + b) - Math.min(a - 10, b),
    around(-2, 2),
  ),
  // Distances between elements of at least 0.1 keep the order under the difference.
  max: fc
    .array(positiveSizes, { minLength: 1, maxLength: 3 })
    .chain((shape) =>
      fc
        .shuffledSubarray(
          Array.from({ length: plain.size(shape) }, (_, i) => i / 10),
          { minLength: plain.size(shape) },
        )
        .chain((values) => axesIn(shape.length).map((axes) => ({ shape, values, axes }))),
    )
    .map(({ shape, values, axes }) => ({
      f: (...t) => ad.max(first(t), { axes }),
      inputs: [{ shape, values }],
      expected: plain.reduce({ shape, values }, axes, (xs) => Math.max(...xs)),
    })),
}

const scaleOf = (xs: ReadonlyArray<number>): number => xs.reduce((s, x) => s + Math.abs(x), 0)

describe('smooth primitives', () => {
  for (const [name, cases] of Object.entries(smooth)) {
    test.prop([cases])(`${name}: the value is that of the plain loops`, ({ f, inputs, expected }) => {
      const y = forward(f, inputs)
      expect(y.shape).toEqual(expected.shape)
      y.values.forEach((v, i) => {
        const e = expected.values[i] ?? Number.NaN
        if (Number.isNaN(e)) expect(v).toBeNaN()
        // The reference of the compound ones is not the stable form; its terms are below 100 and below 50 in number.
        else expect(Math.abs(v - e)).toBeLessThanOrEqual(N.gamma(64) * Math.max(1, Math.abs(e)))
      })
    })

    test.prop([
      cases.chain((c) =>
        fc.tuple(
          fc.constant(c),
          fc.tuple(
            ...c.inputs.map((x) =>
              fc.array(around(-1, 1), { minLength: x.values.length, maxLength: x.values.length }),
            ),
          ),
          fc.array(around(-1, 1), {
            minLength: c.expected.values.length,
            maxLength: c.expected.values.length,
          }),
        ),
      ),
    ])(
      `${name}: <v, J u> = <J'v, u> within the error of the difference`,
      ([{ f, inputs, expected }, u, v]) => {
        fc.pre(!expected.values.some(Number.isNaN))
        const gradients = backward(f, inputs, v)
        const right = gradients.reduce((s, g, i) => s + inner(g, u[i] ?? []), 0)
        const left = difference(along(f, inputs, u, v))
        // Truncation h^4 = 2^-40 times a fifth derivative (below 2^10 on these domains, over 480), rounding u / h per term.
        const scale = 1 + scaleOf(expected.values) + gradients.reduce((s, g) => s + scaleOf(g), 0)
        expect(Math.abs(left - right)).toBeLessThanOrEqual(2 ** -36 * scale)
      },
    )
  }
})

describe('what happens outside of domains and at kinks', () => {
  const gradientAt = (f: (x: ad.Tensor) => ad.Tensor, x: number): number => ad.grad<number>(f)(x)
  const valueAt = (f: (x: ad.Tensor) => ad.Tensor, x: number): number => ad.value<number>(f)(x)

  test('kinks', () => {
    expect(gradientAt(ad.abs, 0)).toBe(0)
    expect(gradientAt(ad.relu, 0)).toBe(0)
    expect(gradientAt((x) => ad.maximum(x, 0), 0)).toBe(0.5)
    expect(gradientAt((x) => ad.maximum(x, x), 3)).toBe(1)
    expect([...ad.grad((x) => ad.max(x))(Float64Array.of(1, 2, 2, 0))]).toEqual([0, 0.5, 0.5, 0])
    expect(gradientAt((x) => ad.pow(x, 0), 0)).toBe(0)
  })

  test('NaN and infinities stay visible', () => {
    for (const f of [ad.exp, ad.relu, ad.abs, ad.softplus, ad.sigmoid, ad.tanh, ad.log, ad.sqrt, ad.sin])
      expect(valueAt(f, Number.NaN)).toBeNaN()
    expect(valueAt((x) => ad.maximum(x, 1), Number.NaN)).toBeNaN()
    expect(ad.value((x) => ad.max(x))(Float64Array.of(1, Number.NaN))).toBeNaN()
    expect(ad.value((x) => ad.logSumExp(x))(Float64Array.of(1, Number.NaN))).toBeNaN()
    expect(valueAt(ad.log, -1)).toBeNaN()
    expect(valueAt(ad.log, 0)).toBe(-Infinity)
  })

  test('logSumExp neither overflows nor loses the sign of its limits', () => {
    const lse = ad.value((x) => ad.logSumExp(x))
    expect(lse(Float64Array.of(1e308, 1e308))).toBe(1e308)
    expect(lse(Float64Array.of(-1e308, -1e308))).toBe(-1e308)
    expect(lse(Float64Array.of(-Infinity, 3))).toBe(3)
    expect(lse(Float64Array.of(-Infinity, -Infinity))).toBe(-Infinity)
    expect(lse(new Float64Array())).toBe(-Infinity)
    expect([...ad.grad((x) => ad.logSumExp(x))(Float64Array.of(1e308, -1e308))]).toEqual([1, 0])
  })

  test('a branch not taken passes no derivative; its argument must be kept in its domain', () => {
    const guarded = (x: ad.Tensor) => {
      const inside = ad.less(0, x)
      return ad.where(inside, ad.sqrt(ad.where(inside, x, 1)), 0)
    }
    expect(gradientAt(guarded, -1)).toBe(0)
    expect(gradientAt(guarded, 4)).toBe(0.25)
    // 0 times the slope of sqrt outside its domain.
    expect(gradientAt((x) => ad.where(ad.less(0, x), ad.sqrt(x), 0), -1)).toBeNaN()
  })

  test('a derivative keeps its digits where the function saturates', () => {
    expect(Math.abs(gradientAt(ad.sigmoid, 40) / N.exp(-40) - 1)).toBeLessThan(1e-15)
    expect(Math.abs(gradientAt(ad.expm1, -40) / N.exp(-40) - 1)).toBeLessThan(1e-15)
  })

  test('empty reductions', () => {
    expect(ad.value((x) => ad.sum(x))(new Float64Array())).toBe(0)
    expect(ad.value((x) => ad.mean(x))(new Float64Array())).toBeNaN()
    expect(() => ad.value((x) => ad.max(x))(new Float64Array())).toThrow(
      'max: f64[0] has no elements to compare',
    )
  })
})

test('primitives stand in the table under their names, with the cost of their formulas', () => {
  for (const [name, p] of Object.entries(primitives)) expect(p.name).toBe(name)
  const a = { shape: [3, 4], type: 'f64' } as const
  const b = { shape: [4, 5], type: 'f64' } as const
  const flags = { transposeX: false, transposeY: false }
  expect(primitives.matmul.flops([a, b], { shape: [3, 5], type: 'f64' }, flags)).toBe(2 * 3 * 4 * 5)
  expect(primitives.sum.flops([a], { shape: [], type: 'f64' }, { axes: [0, 1] })).toBe(12)
})
