import { fc, test } from '@fast-check/vitest'
import * as O from 'fp-ts/lib/Option.js'
import { describe, expect } from 'vitest'
import * as ad from '../../src/entry/autodiff.js'
import { gamma } from '../../src/numeric/index.js'
import { finiteSum } from '../../src/problem/finiteSum.js'
import { leastSquares } from '../../src/problem/objective/leastSquares.js'
import { logistic } from '../../src/problem/objective/logistic.js'
import { quadratic } from '../../src/problem/objective/quadratic.js'
import { softmax } from '../../src/problem/objective/softmax.js'
import type { Objective } from '../../src/problem/oracle.js'

const number = fc.integer({ min: -64, max: 64 }).map((i) => i / 16)
const vector = (n: number) => fc.array(number, { minLength: n, maxLength: n })
const matrix = (n: number, d: number) => fc.array(vector(d), { minLength: n, maxLength: n })
const inner = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((s, v, i) => s + v * (b[i] ?? 0), 0)

interface Instance {
  readonly objective: Objective
  /** $f_i(x)$ as its formula reads. */
  readonly component: (i: number, x: ReadonlyArray<number>) => number
}

const symmetric = (d: number) =>
  matrix(d, d).map((M) => M.map((row, i) => row.map((v, j) => v + (M[j]?.[i] ?? 0))))

const quadratics: fc.Arbitrary<Instance> = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
  .chain(([n, d]) =>
    fc.record({
      A: fc.array(symmetric(d), { minLength: n, maxLength: n }),
      b: matrix(n, d),
      k: fc.option(vector(n), { nil: undefined }),
    }),
  )
  .map(({ A, b, k }) => ({
    objective: quadratic({ A, b, ...(k === undefined ? {} : { k }) }),
    component: (i, x) => {
      const r = x.map((v, j) => v - (b[i]?.[j] ?? 0))
      return (
        inner(
          (A[i] ?? []).map((row) => inner(row, r)),
          r,
        ) /
          2 +
        (k?.[i] ?? 0)
      )
    },
  }))

const regressions = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 }), fc.boolean())
  .chain(([n, d, flat]) =>
    fc.record({
      A: matrix(n, d),
      y: vector(n),
      l2: fc.constantFrom(0, 0.125, 2),
      flat: fc.constant(flat),
    }),
  )
  .map(({ A, flat, ...rest }) => ({
    ...rest,
    rows: A,
    A: flat ? { rows: A.length, columns: A[0]?.length ?? 0, values: Float64Array.from(A.flat()) } : A,
  }))

const instances: Readonly<Record<string, fc.Arbitrary<Instance>>> = {
  quadratic: quadratics,
  leastSquares: regressions.map(({ A, rows, y }) => ({
    objective: leastSquares({ A, y }),
    component: (i, x) => (inner(rows[i] ?? [], x) - (y[i] ?? 0)) ** 2 / 2,
  })),
  logistic: regressions.map(({ A, rows, y, l2 }) => {
    const signs = y.map((v) => (v < 0 ? -1 : 1))
    return {
      objective: logistic({ A, y: signs, l2 }),
      component: (i, x) =>
        Math.log1p(Math.exp(-(signs[i] ?? 0) * inner(rows[i] ?? [], x))) + (l2 / 2) * inner(x, x),
    }
  }),
  softmax: regressions.map(({ A, rows, y, l2 }) => {
    const labels = y.map((v) => Math.abs(Math.trunc(v)) % 3)
    return {
      objective: softmax({ A, labels, classes: 3, l2 }),
      component: (i, x) => {
        const z = [0, 1, 2].map((q) => (rows[i] ?? []).reduce((s, a, j) => s + a * (x[3 * j + q] ?? 0), 0))
        const top = Math.max(...z)
        return (
          top +
          Math.log(z.reduce((s, v) => s + Math.exp(v - top), 0)) -
          (z[labels[i] ?? 0] ?? 0) +
          (l2 / 2) * inner(x, x)
        )
      },
    }
  }),
}

const pointsOf = (objective: Objective) => vector(objective.dimension).map((v) => v.map((c) => c / 4))
const batchesOf = (objective: Objective) =>
  fc.option(fc.array(fc.integer({ min: 0, max: objective.components - 1 }), { minLength: 1, maxLength: 7 }), {
    nil: null,
  })

for (const [name, instance] of Object.entries(instances))
  describe(name, () => {
    const evaluations = instance.chain((made) =>
      fc.record({
        made: fc.constant(made),
        x: pointsOf(made.objective),
        u: pointsOf(made.objective),
        batch: batchesOf(made.objective),
      }),
    )

    test.prop([evaluations])(
      'the value is the mean of the formula',
      ({ made: { objective, component }, x, batch }) => {
        const S = batch ?? [...Array(objective.components).keys()]
        const values = S.map((i) => component(i, x))
        const expected = values.reduce((s, v) => s + v, 0) / S.length
        const rows = batch === null ? null : Int32Array.from(batch)
        const value = objective.value(Float64Array.from(x), rows)
        // Inputs of size 4, at most 4 of them to a product, then exp and log: below 2^12 in all.
        expect(Math.abs(value - expected)).toBeLessThanOrEqual(gamma(100) * 2 ** 12)
        expect(objective.valueAndGradient(Float64Array.from(x), rows).value).toBe(value)
      },
    )

    test.prop([evaluations])('the gradient is its slope', ({ made: { objective }, x, u, batch }) => {
      const rows = batch === null ? null : Int32Array.from(batch)
      const phi = (h: number) =>
        objective.value(
          Float64Array.from(x, (v, i) => v + h * (u[i] ?? 0)),
          rows,
        )
      const central = (h: number) => (phi(h) - phi(-h)) / (2 * h)
      const slope = (4 * central(2 ** -9) - central(2 ** -8)) / 3
      const { gradient } = objective.valueAndGradient(Float64Array.from(x), rows)
      // Truncation h^4 = 2^-32 times |a'u|^5 <= 2^20 over 480 at worst; rounding 2^9 u times values below 2^12.
      expect(Math.abs(slope - inner(gradient, u))).toBeLessThanOrEqual(2 ** -18)
    })

    test.prop([evaluations])('the declared facts hold', ({ made: { objective, component }, x, u, batch }) => {
      const { L, mu, componentL, componentMu, componentMinimum, minimum, minimiser } = objective.facts
      const at = (p: ReadonlyArray<number>, S: ReadonlyArray<number> | null) =>
        objective.valueAndGradient(Float64Array.from(p), S === null ? null : Int32Array.from(S))
      const y = x.map((v, i) => v + (u[i] ?? 0))
      const distance = inner(u, u)
      // mu |y-x|^2 <= <grad f(y) - grad f(x), y - x> <= L |y-x|^2, up to the rounding of gradients below 2^12.
      const slack = gamma(200) * 2 ** 14
      const curvature = (S: ReadonlyArray<number> | null) => {
        const [a, b] = [at(x, S).gradient, at(y, S).gradient]
        return inner(
          b.map((v, i) => v - (a[i] ?? 0)),
          u,
        )
      }
      if (L !== undefined) expect(curvature(null)).toBeLessThanOrEqual(L * distance * (1 + gamma(64)) + slack)
      if (mu !== undefined) expect(curvature(null)).toBeGreaterThanOrEqual(mu * distance - slack)
      const i = batch?.[0] ?? 0
      expect(curvature([i])).toBeLessThanOrEqual(
        (componentL?.[i] ?? Infinity) * distance * (1 + gamma(64)) + slack,
      )
      expect(curvature([i])).toBeGreaterThanOrEqual((componentMu?.[i] ?? -Infinity) * distance - slack)
      expect(component(i, x)).toBeGreaterThanOrEqual((componentMinimum?.[i] ?? -Infinity) - slack)
      if (minimum !== undefined && minimiser !== undefined) {
        // The minimum is rounded at the minimiser, whose size is bounded by |gradient at 0| / mu.
        const scale = 1 + inner(minimiser, minimiser) * (L ?? 1)
        expect(objective.value(Float64Array.from(x), null)).toBeGreaterThanOrEqual(minimum - slack * scale)
        const residual = Math.max(...at([...minimiser], null).gradient.map(Math.abs))
        const condition = (L ?? 1) / (mu ?? 1)
        expect(residual).toBeLessThanOrEqual(slack * (1 + Math.sqrt(scale)) * Math.max(1, condition))
      }
    })
  })

describe('facts in closed form', () => {
  const f = quadratic({
    A: [
      [
        [4, 0],
        [0, 1],
      ],
      [
        [1, 0],
        [0, 0.25],
      ],
    ],
    b: [
      [1, 0],
      [-1, 2],
    ],
    k: [1, 2],
  })

  test('a diagonal quadratic, exactly', () => {
    const { minimiser, minimum, ...rest } = f.facts
    expect(rest).toEqual({
      L: 2.5,
      mu: 0.625,
      componentL: [4, 1],
      componentMu: [1, 0.25],
      convex: true,
      componentMinimum: [1, 2],
    })
    // (4 (1) + 1 (-1)) / 5 and (0 + 0.5) / 1.25.
    expect([...(minimiser ?? [])].map((v) => Math.round(v * 1e12) / 1e12)).toEqual([0.6, 0.4])
    expect(minimum).toBe(f.value(Float64Array.from(minimiser ?? []), null))
  })

  test('a rotated spectrum is found to rounding', () => {
    // Eigenvalues 1 and 9 along (1, 1) and (1, -1).
    const { L = 0, mu = 0 } = quadratic({
      A: [
        [
          [5, -4],
          [-4, 5],
        ],
      ],
      b: [[0, 0]],
    }).facts
    expect(Math.abs(L - 9)).toBeLessThanOrEqual(9 * gamma(16))
    expect(Math.abs(mu - 1)).toBeLessThanOrEqual(9 * gamma(16))
  })

  test('an indefinite or singular quadratic claims neither minimum nor minimiser', () => {
    const saddle = quadratic({
      A: [
        [
          [1, 0],
          [0, -3],
        ],
      ],
      b: [[0, 0]],
    }).facts
    expect(saddle).toEqual({ L: 3, mu: -3, componentL: [3], componentMu: [-3], convex: false })
    const flat = quadratic({
      A: [
        [
          [1, 1],
          [1, 1],
        ],
      ],
      b: [[0, 0]],
    }).facts
    expect(flat.mu).toBe(0)
    expect(flat.minimiser).toBeUndefined()
    expect(flat.componentMinimum).toEqual([0])
  })

  test('regressions', () => {
    const A = [
      [3, 4],
      [0, 0],
    ]
    expect(leastSquares({ A, y: [1, 2] }).facts).toMatchObject({
      componentL: [25, 0],
      componentMinimum: [0, 2],
      L: 12.5,
      mu: 0,
    })
    expect(logistic({ A, y: [1, -1], l2: 0.5 }).facts).toEqual({
      L: 3.625,
      mu: 0.5,
      componentL: [6.75, 0.5],
      componentMu: [0.5, 0.5],
      convex: true,
    })
    expect(logistic({ A, y: [1, -1] }).facts.componentMinimum).toEqual([0, Math.LN2])
    expect(softmax({ A, labels: [0, 1], classes: 2 }).facts).toMatchObject({
      L: 6.25,
      componentL: [12.5, 0],
      componentMinimum: [0, Math.LN2],
    })
  })

  test('nothing overflows', () => {
    const steep = logistic({ A: [[1e3]], y: [1] })
    expect(steep.value(Float64Array.of(-1e3), null)).toBe(1e6)
    expect(steep.value(Float64Array.of(1e3), null)).toBe(0)
    expect(steep.valueAndGradient(Float64Array.of(-1e300), null).gradient[0]).toBe(-1e3)
    const classes = softmax({ A: [[1]], labels: [1], classes: 2 })
    expect(classes.value(Float64Array.of(1e308, -1e307), null)).toBe(1.1e308)
  })
})

describe('bounds and solution values', () => {
  const f = leastSquares({
    A: [[1], [2], [3]],
    y: [0, 0, 0],
    lowerBounds: [1, 2, 6],
    solutionValues: [0, 3, 6],
  })

  test('are means over the batch', () => {
    expect(f.lowerBound(null)).toBe(3)
    expect(f.lowerBound(Int32Array.of(2, 2, 0))).toBe(13 / 3)
    expect(f.solutionValue(null)).toEqual(O.some(3))
    expect(f.solutionValue(Int32Array.of(1))).toEqual(O.some(3))
  })

  test('are zero and none when absent', () => {
    const g = leastSquares({ A: [[1]], y: [0] })
    expect(g.lowerBound(null)).toBe(0)
    expect(g.solutionValue(null)).toEqual(O.none)
  })
})

describe('constructors refuse nonsense and name the field', () => {
  const cases: ReadonlyArray<readonly [() => unknown, string]> = [
    [
      () =>
        quadratic({
          A: [
            [
              [1, 2],
              [3, 4],
            ],
          ],
          b: [[0, 0]],
        }),
      'A[0][0][1]: must equal A[0][1][0], got 2 and 3',
    ],
    [() => quadratic({ A: [[[1]]], b: [[0, 0]] }), 'A[0]: must be 2 by 2, got 1 by 1'],
    [() => quadratic({ A: [], b: [[0]] }), 'A: must have 1 matrices'],
    [() => quadratic({ A: [[[Number.NaN]]], b: [[0]] }), 'A[0][0]: entry 0 must be finite, got NaN'],
    [() => quadratic({ A: [[[1]]], b: [[0]], k: [1, 2] }), 'k: must have 1 entries'],
    [() => quadratic({ A: [], b: [] }), 'b: must have at least one row'],
    [
      () => leastSquares({ A: [[1], [1, 2]], y: [1, 2] }),
      'A[1]: must have 1 entries like the first row, got 2',
    ],
    [() => leastSquares({ A: [[1]], y: [1, 2] }), 'y: must have 1 entries'],
    [() => leastSquares({ A: [[Infinity]], y: [1] }), 'A[0]: entry 0 must be finite, got Infinity'],
    [
      () => leastSquares({ A: { rows: 2, columns: 2, values: new Float64Array(3) }, y: [1, 2] }),
      'A: 3 values do not fill 2 rows of 2',
    ],
    [
      () => leastSquares({ A: { rows: 0, columns: 2, values: new Float64Array(0) }, y: [] }),
      'A: must have at least one row',
    ],
    [
      () => leastSquares({ A: [[1]], y: [1], lowerBounds: [1, 2] }),
      'lowerBounds: must have 1 entries, got 2',
    ],
    [
      () => leastSquares({ A: [[1]], y: [1], lowerBounds: [Number.NaN] }),
      'lowerBounds: entry 0 must be finite, got NaN',
    ],
    [
      () => leastSquares({ A: [[1]], y: [1], solutionValues: [] }),
      'solutionValues: must have 1 entries, got 0',
    ],
    [() => logistic({ A: [[1]], y: [0] }), 'y: entry 0 must be -1 or 1, got 0'],
    [() => logistic({ A: [[1]], y: [1], l2: -1 }), 'l2: must be a finite number >= 0, got -1'],
    [
      () => softmax({ A: [[1]], labels: [2], classes: 2 }),
      'labels: entry 0 must be an integer from 0 to 1, got 2',
    ],
    [() => softmax({ A: [[1]], labels: [0.5], classes: 2 }), 'labels: entry 0 must be an integer'],
    [() => softmax({ A: [[1]], labels: [0], classes: 0 }), 'classes: must be an integer >= 1, got 0'],
  ]
  for (const [make, message] of cases)
    test(message, () => {
      expect(make).toThrow(RangeError)
      expect(make).toThrow(message)
    })
})

describe('finiteSum', () => {
  const f = finiteSum({
    name: 'ridge',
    data: { A: ad.matrix(3, 2, [1, 0, 0, 2, 1, 1]), y: ad.vector([1, 4, 0]) },
    parameters: { w: [2], b: [] },
    component: ({ w, b }, { A, y }) => ad.mul(0.5, ad.square(ad.sub(ad.add(ad.matmul(A, w), b), y))),
    shared: ({ w }) => ad.mul(0.25, ad.dot(w, w)),
  })

  test('the shared term is added once', () => {
    expect(f.value(Float64Array.of(2, 0, 1), Int32Array.of(1))).toBe(4.5 + 1)
    expect(f.value(f.ravel({ w: ad.vector([2, 0]), b: ad.array([], [1]) }), Int32Array.of(1, 1))).toBe(5.5)
  })

  test('into writes the gradient it returns', () => {
    const x = Float64Array.of(2, -1, 1)
    const out = new Float64Array(3)
    const { value, gradient } = f.valueAndGradient(x, null)
    expect(f.into(out, x, null)).toBe(value)
    expect(out).toEqual(gradient)
    expect(f.dimension).toBe(3)
    expect(f.components).toBe(3)
  })

  test('the Hessian of a quadratic is exact', () => {
    // A'A / 3 with a column of ones, plus 1/2 on the weights.
    const h = f.hessianVector(new Float64Array(3), Float64Array.of(3, 0, 0), null)
    expect([...h]).toEqual([2 + 1.5, 1, 2])
  })

  test('a component must return one value for each row', () => {
    const bad = (component: () => ad.Operand) => () =>
      finiteSum({ data: { y: ad.vector([1, 2]) }, parameters: [1], component }).value(
        new Float64Array(1),
        null,
      )
    expect(bad(() => 3)).toThrow('component: must return one value for each of 2 rows, it returned a number')
    expect(() =>
      finiteSum({ data: { y: ad.vector([1, 2]) }, parameters: [1], component: (x) => x }).value(
        new Float64Array(1),
        null,
      ),
    ).toThrow('component: must return one value for each of 2 rows, it returned f64[1]')
  })
})
