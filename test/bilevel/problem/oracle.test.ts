import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import {
  type BilevelOracle,
  bilevelDescent,
  bilevelProblemOf,
  conjugateGradients,
  exact,
  hypergradient,
  logisticHyper,
  minimiseBilevel,
  minimiseBilevelAsync,
  quadraticBilevel,
  ridgeHyper,
  shiftedPotential,
} from '../../../src/entry/bilevel.js'
import { type BilevelProblemExpr, bilevelProblemExpr } from '../../../src/entry/spec.js'
import { constant } from '../../../src/entry/steplaw.js'
import { close, near, point } from './support.js'

/** $g = y^2 + (x - 1) y$ and $f = y^2/2 + x y + x^2 - 2 y + x/4$ by hand, in plain arrays. */
const foreign: BilevelOracle = (request) => {
  const [[x = 0], [y = 0]] = [request.x, request.y]
  if ('v' in request) return { product: request.v.map((v) => (request.want === 'hessian' ? 2 * v : v)) }
  const answer =
    request.level === 'upper'
      ? { value: (y * y) / 2 + x * y + x * x - 2 * y + x / 4, x: y + 2 * x + 0.25, y: y + x - 2 }
      : { value: y * y + (x - 1) * y, x: y, y: 2 * y + x - 1 }
  return { value: answer.value, x: Float64Array.of(answer.x), y: Float64Array.of(answer.y) }
}

const own = quadraticBilevel({
  lower: [{ H: [[2]], B: [[1]], c: [-1] }],
  upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
})

const method = bilevelDescent({
  inner: { steps: 3, rule: constant(0.4) },
  hypergradient: conjugateGradients({ iterations: 2 }),
  outer: { rule: constant(0.5) },
})

describe('an oracle without our autodiff', () => {
  test.prop({ x: point(1), y: point(1) }, { numRuns: 20 })('gives the same hypergradient', ({ x, y }) => {
    const [a, b] = [hypergradient(foreign, exact(), { x, y }), hypergradient(own, exact(), { x, y })]
    if (a._tag === 'Left' || b._tag === 'Left') throw new Error('no hypergradient')
    close(a.right.gradient, b.right.gradient, 1e-12, 'the hypergradient')
    // Without facts there is no bound on the error.
    expect(a.right.certificate.errorBound._tag).toBe('None')
    expect(b.right.certificate.errorBound._tag).toBe('Some')
  })

  test.prop({ x: point(1), y: point(1) }, { numRuns: 20 })('is descended as a problem is', ({ x, y }) => {
    const start = { x, y }
    const [a, b] = [foreign, own].map((of) => minimiseBilevel(of, { method, start, iterations: 5 }))
    // Some twenty roundings of numbers below 100.
    close(a?.x ?? x, b?.x ?? y, 1e-12, 'x')
    close(a?.y ?? x, b?.y ?? y, 1e-12, 'y')
    expect(a?.counts).toEqual(b?.counts)
  })

  test('may answer later', async () => {
    const start = { x: Float64Array.of(1), y: Float64Array.of(0) }
    const later = async (request: Parameters<BilevelOracle>[0]) => foreign(request)
    const [a, b] = [
      await minimiseBilevelAsync(later, { method, start, iterations: 40 }),
      minimiseBilevel(foreign, { method, start, iterations: 40 }),
    ]
    expect([a.x, a.y]).toEqual([b.x, b.y])
    close(a.x, own.facts.minimiser ?? a.y, 1e-6, 'the optimum')
  })

  test('is held to what it was asked', () => {
    const start = { x: Float64Array.of(1), y: Float64Array.of(0) }
    const wrong = (oracle: BilevelOracle) => () => minimiseBilevel(oracle, { method, start, iterations: 1 })
    expect(wrong((r) => ({ ...foreign(r), y: new Float64Array(2) }))).toThrow(/length 2/)
    expect(wrong((r) => (r.want === 'cross' ? {} : foreign(r)))).toThrow(/no cross product/)
  })
})

describe('a problem from its expression', () => {
  const numbers = { lowerBounds: { upper: 0.5, lower: -1 } }
  const expressions: ReadonlyArray<BilevelProblemExpr> = [
    {
      problem: 'quadraticBilevel',
      lower: [{ H: [[2]], B: [[1]], c: [-1] }],
      upper: [{ P: [[1]], S: [[1]], R: [[1]], p: [-2], r: [0.25] }],
      ...numbers,
    },
    { problem: 'shiftedPotential', H0: [[2]], s: 1, W: [[1, 2]], b: [0], target: [1], rho: 0.5, ...numbers },
    { problem: 'ridgeHyper', X: [[1, 2]], b: [1], Xv: [[1, 1]], bv: [2], penalty: 'scalar', ...numbers },
    { problem: 'logisticHyper', A: [[1, 2]], y: [1], Av: [[1, 1]], yv: [-1], ...numbers },
    {
      problem: 'dataCleaning',
      A: [[1], [2]],
      labels: [0, 1],
      classes: 2,
      l2: 0.5,
      Av: [[1]],
      labelsV: [1],
      ...numbers,
    },
    { problem: 'ablo', tasks: [{ a: 1, b: 2 }], linearBeyond: 3, ...numbers },
  ]
  const sizes: Readonly<Record<BilevelProblemExpr['problem'], readonly [number, number]>> = {
    quadraticBilevel: [1, 1],
    shiftedPotential: [2, 1],
    ridgeHyper: [1, 2],
    logisticHyper: [2, 2],
    dataCleaning: [2, 2],
    ablo: [1, 1],
  }

  for (const expr of expressions)
    test(`${expr.problem} is read and built, with its bounds`, () => {
      const read = bilevelProblemExpr.decode(JSON.parse(JSON.stringify(expr)))
      if (read._tag === 'Left') throw new Error('not read')
      const problem = bilevelProblemOf(read.right)
      expect(problem.name).toBe(expr.problem)
      expect([problem.dimension.x, problem.dimension.y]).toEqual(sizes[expr.problem])
      expect([problem.upper.lowerBound(null), problem.lower.lowerBound(null)]).toEqual([0.5, -1])
      const { x, y } = problem.dimension
      const value = problem.lower.value(new Float64Array(x), new Float64Array(y), null)
      expect(Number.isFinite(value)).toBe(true)
    })

  test.prop({ x: fc.double({ min: -3, max: 3, noNaN: true }) }, { numRuns: 20 })(
    'ridgeHyper sums what others average',
    ({ x }) => {
      const problem = ridgeHyper({ X: [[1], [1]], b: [1, 1], Xv: [[1], [1]], bv: [0, 0], penalty: 'scalar' })
      const at = (y: number) => problem.lower.value(Float64Array.of(x), Float64Array.of(y), null)
      near(at(3), (2 * 4 + Math.exp(x) * 9) / 2, 1e-12 * (1 + Math.exp(x) * 9), 'g')
      near(problem.upper.value(Float64Array.of(x), Float64Array.of(3), null), 9, 1e-12, 'f')
    },
  )

  test('the constructors name what is wrong', () => {
    const potential = { H0: [[2]], s: 1, W: [[1]], b: [0], target: [1] }
    expect(() => shiftedPotential({ ...potential, H0: [[1, 2]] })).toThrow(/^H0/)
    expect(() => shiftedPotential({ ...potential, b: [1, 2] })).toThrow(/^b/)
    expect(() => shiftedPotential({ ...potential, s: Number.NaN })).toThrow(/^s/)
    expect(() =>
      shiftedPotential({
        H0: [
          [1, 2],
          [3, 1],
        ],
        s: 1,
        W: [[1], [1]],
        b: [0, 0],
        target: [0, 0],
      }),
    ).toThrow(/^H0\[1\]\[0\]/)
    const ridge = { X: [[1]], b: [1], Xv: [[1]], bv: [1], penalty: 'scalar' } as const
    expect(() => ridgeHyper({ ...ridge, Xv: [[1, 2]] })).toThrow(/^Xv/)
    expect(() => ridgeHyper({ ...ridge, bv: [1, 2] })).toThrow(/^bv/)
    expect(() => logisticHyper({ A: [[1]], y: [0], Av: [[1]], yv: [1] })).toThrow(/^y: entry 0/)
    expect(() => logisticHyper({ A: [[1]], y: [1], Av: [[1, 1]], yv: [1] })).toThrow(/^Av/)
    const g = { H: [[1]], B: [[1]], c: [0] }
    const f = { P: [[1]], S: [[1]], R: [[1]], p: [0], r: [0] }
    expect(() => quadraticBilevel({ lower: [], upper: [f] })).toThrow(/^lower/)
    expect(() => quadraticBilevel({ lower: [g, { ...g, B: [[1, 2]] }], upper: [f] })).toThrow(
      /^lower\.B\[1\]/,
    )
    expect(() => quadraticBilevel({ lower: [g], upper: [{ ...f, p: [Number.NaN] }] })).toThrow(/^upper\.p/)
  })
})
