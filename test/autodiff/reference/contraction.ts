import fc from 'fast-check'
import type { Shape } from '../../../src/autodiff/ir.js'
import * as N from '../../../src/numeric/index.js'
import {
  between,
  type Case,
  drawn,
  dyadic,
  extents,
  flat,
  indexOf,
  type Of,
  type Reference,
  type References,
  shapes,
  smallShapes,
  sumsOf,
} from './reference.js'

const product = (shape: Shape): number => shape.reduce((n, s) => n * s, 1)

/** The elements that a reduction over `axes` brings together at element `i` of the result. */
const lane = (shape: Shape, axes: ReadonlyArray<number>, i: number): ReadonlyArray<number> => {
  const kept = [...shape.keys()].filter((axis) => !axes.includes(axis))
  const outer = indexOf(
    kept.map((axis) => shape[axis] ?? 0),
    i,
  )
  const reduced = axes.map((axis) => shape[axis] ?? 0)
  return Array.from({ length: product(reduced) }, (_, j) => {
    const inner = indexOf(reduced, j)
    return flat(
      shape,
      shape.map((_, axis) => outer[kept.indexOf(axis)] ?? inner[axes.indexOf(axis)] ?? 0),
    )
  })
}

const axesOf = (shape: Shape): fc.Arbitrary<ReadonlyArray<number>> =>
  fc.subarray([...shape.keys()], { minLength: 1 })

const withAxes = (
  of: fc.Arbitrary<Shape>,
  draw: (unit: () => number) => number,
): fc.Arbitrary<Case<Of<'sum'>> & Case<Of<'max'>>> =>
  of
    .filter((shape) => shape.length > 0)
    .chain((shape) =>
      fc.tuple(drawn(shape, draw), axesOf(shape)).map(([x, axes]) => ({ params: { axes }, inputs: [x] })),
    )

const values = (x: { readonly values: ReadonlyArray<number> } | undefined): ReadonlyArray<number> =>
  x?.values ?? []

/** Positive definite with a factor of few binary digits, so that factors, inverses and derivatives are exact. */
const factors = fc
  .integer({ min: 0, max: 3 })
  .chain((n) =>
    fc.tuple(
      fc.constant(n),
      fc.array(fc.constantFrom(0.5, 1, 2), { minLength: n, maxLength: n }),
      fc.array(fc.integer({ min: -2, max: 2 }), { minLength: n * n, maxLength: n * n }),
    ),
  )

/** The factor of a matrix and how it moves with it, by the recurrence and its derivative. */
const factor = (
  n: number,
  a: ReadonlyArray<number>,
  da: ReadonlyArray<number>,
): { readonly l: ReadonlyArray<number>; readonly dl: ReadonlyArray<number> } => {
  const l = new Array<number>(n * n).fill(0)
  const dl = new Array<number>(n * n).fill(0)
  const get = (m: ReadonlyArray<number>, i: number, j: number): number => m[i * n + j] ?? 0
  for (let i = 0; i < n; i += 1)
    for (let j = 0; j <= i; j += 1) {
      let [s, ds] = [0, 0]
      for (let k = 0; k < j; k += 1) {
        s += get(l, i, k) * get(l, j, k)
        ds += get(dl, i, k) * get(l, j, k) + get(l, i, k) * get(dl, j, k)
      }
      const [rest, drest] = [get(a, i, j) - s, get(da, i, j) - ds]
      l[i * n + j] = i === j ? Math.sqrt(rest) : rest / get(l, j, j)
      dl[i * n + j] =
        i === j ? drest / (2 * get(l, i, i)) : (drest - get(l, i, j) * get(dl, j, j)) / get(l, j, j)
    }
  return { l, dl }
}

/** Solves a triangular system with plain loops; `entry(i, k)` is the matrix, forward if it is lower. */
const solve = (
  n: number,
  entry: (i: number, k: number) => number,
  forward: boolean,
  b: ReadonlyArray<number>,
): ReadonlyArray<number> => {
  const x = new Array<number>(n).fill(0)
  const order = Array.from({ length: n }, (_, i) => (forward ? i : n - 1 - i))
  order.forEach((i, step) => {
    const s = order.slice(0, step).reduce((sum, k) => sum + entry(i, k) * (x[k] ?? 0), 0)
    x[i] = ((b[i] ?? 0) - s) / entry(i, i)
  })
  return x
}

/** Element `i` of a product: each factor is the slope of the other. */
const terms: Reference<Of<'matmul'>>['slopes'] =
  ({ params: { transposeX, transposeY }, inputs: [x, y], output }) =>
  (i) => {
    const [m = 0, n = 0] = output.shape
    const k = x?.shape[transposeX ? 0 : 1] ?? 0
    const [row, column] = [Math.floor(i / n), i % n]
    return Array.from({ length: k }, (_, p) => {
      const left = transposeX ? p * m + row : row * k + p
      const right = transposeY ? column * k + p : p * n + column
      return [
        { input: 0, at: left, slope: values(y)[right] ?? Number.NaN },
        { input: 1, at: right, slope: values(x)[left] ?? Number.NaN },
      ]
    }).flat()
  }

export const contraction: References<
  'sum' | 'max' | 'logSumExp' | 'matmul' | 'cholesky' | 'solveTriangular'
> = {
  sum: sumsOf<Of<'sum'>>(
    withAxes(shapes, dyadic),
    ({ params, inputs: [x] }) =>
      (i) =>
        lane(x?.shape ?? [], params.axes, i).map((at) => ({ input: 0, at })),
  ),
  max: {
    // Few different numbers, so that there are ties.
    cases: withAxes(
      smallShapes.map((shape) => shape.map((n) => Math.max(n, 1))),
      (unit) => Math.round(6 * unit()),
    ),
    value: ({ params, inputs: [x], output }) =>
      output.values.map((_, i) =>
        Math.max(...lane(x?.shape ?? [], params.axes, i).map((at) => values(x)[at] ?? Number.NaN)),
      ),
    slopes:
      ({ params, inputs: [x], output }) =>
      (i) => {
        const attained = lane(x?.shape ?? [], params.axes, i).filter(
          (at) => values(x)[at] === output.values[i],
        )
        return attained.map((at) => ({ input: 0, at, slope: 1 / attained.length }))
      },
    roundings: 1,
  },
  logSumExp: {
    cases: smallShapes
      .filter((shape) => shape.length > 0)
      .chain((shape) =>
        fc
          .tuple(drawn(shape, between(-3, 3)), fc.nat(shape.length - 1))
          .map(([x, axis]) => ({ params: { axis }, inputs: [x] })),
      ),
    value: ({ params: { axis }, inputs: [x], output }) =>
      output.values.map((_, i) =>
        Math.log(
          lane(x?.shape ?? [], [axis], i).reduce((s, at) => s + Math.exp(values(x)[at] ?? Number.NaN), 0),
        ),
      ),
    // At most n additions, two functions and a subtraction on either side, of numbers below 6 + log 60.
    tolerance: ({ params: { axis }, inputs: [x], output }) =>
      output.values.map(() => N.gamma(2 * (x?.shape[axis] ?? 0) + 16) * 12),
    slopes:
      ({ params: { axis }, inputs: [x], output }) =>
      (i) =>
        lane(x?.shape ?? [], [axis], i).map((at) => ({
          input: 0,
          at,
          slope: N.exp((values(x)[at] ?? Number.NaN) - (output.values[i] ?? Number.NaN)),
        })),
    roundings: 3,
  },
  matmul: {
    cases: fc
      .tuple(extents, extents, extents, fc.boolean(), fc.boolean())
      .chain(([m, n, k, transposeX, transposeY]) =>
        fc
          .tuple(drawn(transposeX ? [k, m] : [m, k], dyadic), drawn(transposeY ? [n, k] : [k, n], dyadic))
          .map(([x, y]) => ({ params: { transposeX, transposeY }, inputs: [x, y] })),
      ),
    value: (site) => {
      const of = terms(site)
      return site.output.values.map((_, i) =>
        of(i)
          .filter(({ input }) => input === 0)
          .reduce((s, { at, slope }) => s + slope * (values(site.inputs[0])[at] ?? Number.NaN), 0),
      )
    },
    slopes: terms,
    roundings: 0,
  },
  cholesky: {
    cases: factors.map(([n, diagonal, below]) => {
      const l = (i: number, j: number): number =>
        i === j ? (diagonal[i] ?? 0) : i > j ? (below[i * n + j] ?? 0) / 2 : 0
      const a = Array.from({ length: n * n }, (_, at) => {
        const [i, j] = [Math.floor(at / n), at % n]
        // What stands above the diagonal is not read.
        if (j > i) return 7
        return Array.from({ length: n }, (_, k) => l(i, k) * l(j, k)).reduce((s, t) => s + t, 0)
      })
      return { params: {}, inputs: [{ shape: [n, n], type: 'f64', values: a }] }
    }),
    value: ({ inputs: [a] }) => factor(a?.shape[0] ?? 0, values(a), []).l,
    slopes: ({ inputs: [a] }) => {
      const n = a?.shape[0] ?? 0
      const moves = values(a).map((_, at) =>
        at % n > Math.floor(at / n)
          ? []
          : factor(
              n,
              values(a),
              values(a).map((_, i) => (i === at ? 1 : 0)),
            ).dl,
      )
      return (i) => moves.flatMap((dl, at) => (dl[i] ? [{ input: 0, at, slope: dl[i] }] : []))
    },
    roundings: 0,
  },
  solveTriangular: {
    cases: fc
      .tuple(factors, fc.nat(3), fc.boolean(), fc.boolean())
      .chain(([[n, diagonal, below], columns, lower, transpose]) =>
        drawn([n, columns], dyadic).map((b) => ({
          params: { lower, transpose },
          inputs: [
            {
              shape: [n, n],
              type: 'f64' as const,
              values: Array.from({ length: n * n }, (_, at) =>
                at % (n + 1) === 0 ? -(diagonal[at % n] ?? 0) : (below[at] ?? 0) / 2,
              ),
            },
            b,
          ],
        })),
      ),
    value: ({ params: { lower, transpose }, inputs: [t, b] }) => {
      const [n = 0, columns = 0] = b?.shape ?? []
      const entry = (i: number, k: number) => values(t)[transpose ? k * n + i : i * n + k] ?? 0
      const x = Array.from({ length: columns }, (_, c) =>
        solve(
          n,
          entry,
          lower !== transpose,
          Array.from({ length: n }, (_, i) => values(b)[i * columns + c] ?? 0),
        ),
      )
      return Array.from({ length: n * columns }, (_, at) => x[at % columns]?.[Math.floor(at / columns)] ?? 0)
    },
    // dX = T^-1 (dB - dT X): column i of the inverse says how the unknowns move with the right-hand side i.
    slopes: ({ params: { lower, transpose }, inputs: [t, b], output }) => {
      const [n = 0, columns = 0] = b?.shape ?? []
      const entry = (i: number, k: number) => values(t)[transpose ? k * n + i : i * n + k] ?? 0
      const inverse = Array.from({ length: n }, (_, i) =>
        solve(
          n,
          entry,
          lower !== transpose,
          Array.from({ length: n }, (_, k) => (k === i ? 1 : 0)),
        ),
      )
      return (at) => {
        const [row, c] = [Math.floor(at / columns), at % columns]
        return Array.from({ length: n }, (_, i) => {
          const slope = inverse[i]?.[row] ?? 0
          const known = Array.from({ length: n }, (_, k) => k).filter((k) =>
            lower !== transpose ? k <= i : k >= i,
          )
          return [
            { input: 1, at: i * columns + c, slope },
            ...known.map((k) => ({
              input: 0,
              at: transpose ? k * n + i : i * n + k,
              slope: -slope * (output.values[k * columns + c] ?? 0),
            })),
          ]
        }).flat()
      }
    },
    roundings: 0,
  },
}
