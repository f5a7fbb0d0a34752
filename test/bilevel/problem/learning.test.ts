import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { array } from '../../../src/entry/autodiff.js'
import {
  type BilevelProblem,
  dataCleaning,
  distillation,
  fieldsOfExperts,
  hyperRepresentation,
  initialisation,
  layers,
  logisticHyper,
  totalVariationDenoising,
} from '../../../src/entry/bilevel.js'
import { dataset } from '../../../src/entry/steplaw.js'
import { dot, norm } from '../../../src/numeric/index.js'
import type { Vector } from '../../../src/problem/oracle.js'
import {
  along,
  centralSlope,
  close,
  expectConstants,
  expectDerivatives,
  matrix,
  near,
  observed,
  point,
  solved,
  vector,
} from './support.js'

const labels = (n: number, classes: number) =>
  fc.array(fc.integer({ min: 0, max: classes - 1 }), { minLength: n, maxLength: n })
const signs = (n: number) => fc.array(fc.constantFrom(-1, 1), { minLength: n, maxLength: n })

/** Examples to learn from and to judge by. */
const examples = fc.record({ A: matrix(4, 2), labels: labels(4, 3), Av: matrix(3, 2), labelsV: labels(3, 3) })

/** A problem with places to look at it. */
const placed = (problem: BilevelProblem) => {
  const { x, y } = problem.dimension
  return fc.record({
    problem: fc.constant(problem),
    x: point(x),
    y: point(y),
    z: point(y),
    dx: point(x),
    dy: point(y),
  })
}

const images = (count: number, height: number, width: number) =>
  vector(count * height * width).map((v) => array([count, height, width], v))

const task = fc.record({
  support: fc.record({ A: matrix(3, 1), targets: matrix(3, 2) }),
  query: fc.record({ A: matrix(2, 1), targets: matrix(2, 2) }),
})

/** The lower level is strongly convex for every $x$, so that $F$ is defined. */
const convex: Readonly<Record<string, fc.Arbitrary<BilevelProblem>>> = {
  logisticHyper: fc
    .record({ A: matrix(4, 2), y: signs(4), Av: matrix(3, 2), yv: signs(3) })
    .map(logisticHyper),
  dataCleaning: examples.map((given) => dataCleaning({ ...given, classes: 3, l2: 0.25 })),
  hyperRepresentation: examples.map((given) =>
    hyperRepresentation({ ...given, classes: 3, l2: 0.25, features: layers([2, 2, 2]) }),
  ),
  distillation: examples.map(({ A, labels: of }) =>
    distillation({ A, labels: of, classes: 3, l2: 0.25, made: [2, 0] }),
  ),
  'distillation with learnt labels': examples.map(({ A, labels: of }) =>
    distillation({ A, labels: of, classes: 3, l2: 0.25, made: 2 }),
  ),
  totalVariationDenoising: fc
    .record({ clean: images(2, 2, 3), noisy: images(2, 2, 3) })
    .map(totalVariationDenoising),
  fieldsOfExperts: fc
    .record({ clean: images(1, 3, 3), noisy: images(1, 3, 3) })
    .map((given) => fieldsOfExperts({ ...given, filters: 2, size: 3 })),
}

/** Only both functions are defined. */
const others: Readonly<Record<string, fc.Arbitrary<BilevelProblem>>> = {
  'distillation with hidden units': examples.map(({ A, labels: of }) =>
    distillation({ A, labels: of, classes: 3, l2: 0.25, made: [2, 0], hidden: 2 }),
  ),
  'initialisation by squares': fc
    .array(task, { minLength: 1, maxLength: 3 })
    .map((tasks) => initialisation({ features: layers([1, 2]), tasks, loss: 'squares' })),
  'initialisation by cross entropy': fc
    .array(task, { minLength: 1, maxLength: 3 })
    .map((tasks) => initialisation({ features: layers([1, 2]), tasks, loss: 'crossEntropy' })),
}

describe('problems of learning', () => {
  for (const [name, problems] of Object.entries({ ...convex, ...others }))
    test.prop({ a: problems.chain(placed) }, { numRuns: 4 })(
      `${name}: derivatives and constants`,
      ({ a: { problem, x, y, z, dx, dy } }) => {
        expectDerivatives(problem, x, y, dx, dy)
        expectConstants(problem, x, y, z, dy)
      },
    )

  for (const [name, problems] of Object.entries(convex))
    test.prop({ a: problems.chain(placed) }, { numRuns: 3 })(
      `${name}: the hypergradient is the slope of F`,
      ({ a: { problem, x: far, dx } }) => {
        // Halved: a Hessian of weights of e^4 would have a condition that the slack does not cover.
        const x = far.map((xi) => xi / 2)
        const { gradient, value, y } = solved(problem, x)
        const slope = centralSlope((t) => solved(problem, along(x, t, dx), y).value)
        near(slope, dot(gradient, dx), 1e-6 * (1 + norm(gradient) * norm(dx) + Math.abs(value)), 'slope')
      },
    )
})

/** $\log \sum_q e^{z_q} - z_l$, as it reads. */
const entropy = (z: ReadonlyArray<number>, label: number): number =>
  Math.log(z.reduce((s, zq) => s + Math.exp(zq), 0)) - (z[label] ?? 0)

const mean = (values: ReadonlyArray<number>): number => values.reduce((s, v) => s + v, 0) / values.length

describe('hyper-cleaning', () => {
  const data = fc.record({
    given: examples,
    x: point(4),
    y: point(6),
    S: fc.array(fc.nat({ max: 3 }), { minLength: 1 }),
  })

  test.prop({ data }, { numRuns: 8 })(
    'weighs each example by its own number',
    ({ data: { given, x, y, S } }) => {
      const l2 = 0.5
      const problem = dataCleaning({ ...given, classes: 3, l2 })
      const scores = (a: ReadonlyArray<number>) =>
        [0, 1, 2].map((q) => a.reduce((s, aj, j) => s + aj * (y[3 * j + q] ?? 0), 0))
      const ridge = (l2 / 2) * dot(y, y)
      const g = S.map((i) => {
        const weight = 1 / (1 + Math.exp(-(x[i] ?? 0)))
        return weight * entropy(scores(given.A[i] ?? []), given.labels[i] ?? 0) + ridge
      })
      const f = given.Av.map((a, i) => entropy(scores(a), given.labelsV[i] ?? 0))
      near(problem.lower.value(x, y, Int32Array.from(S)), mean(g), 1e-12 * (1 + mean(g)), 'g')
      near(problem.upper.value(x, y, null), mean(f), 1e-12 * (1 + mean(f)), 'f')
      // Examples outside the batch are not felt.
      const slope: Vector = problem.lower.gradient(x, y, Int32Array.from(S), 'x').x ?? x
      expect(Array.from(slope, (s, i) => s === 0 || S.includes(i))).toEqual([true, true, true, true])
    },
  )

  test('takes the features of a dataset where they are', () => {
    const rows = dataset(
      'four',
      { rows: 4, columns: 2, values: Float64Array.of(0, 1, 1, 0, 2, 1, 1, 1) },
      Float64Array.of(0, 1, 1, 0),
    )
    const problem = dataCleaning({
      A: rows.features,
      labels: rows.targets,
      classes: 2,
      l2: 0.1,
      Av: rows.features,
      labelsV: rows.targets,
    })
    const [x, y] = [new Float64Array(4), Float64Array.of(1, 2, 3, 4)]
    const before = problem.upper.value(x, y, null)
    rows.features.values.fill(0)
    expect(problem.upper.value(x, y, null)).not.toBe(before)
    near(problem.upper.value(x, y, null), Math.LN2, 1e-15, 'the loss of equal scores')
  })

  test('has a constant of the Hessian that is attained', () => {
    // Two classes and one feature: z = (y, -y) has the steepest third derivative of log-sum-exp.
    const given = { A: [[1]], labels: [0], classes: 2, Av: [[1]], labelsV: [0] }
    const problem = dataCleaning({ ...given, l2: 1 })
    const x = Float64Array.of(40)
    const at = (t: number) => Float64Array.of(t / Math.SQRT2, -t / Math.SQRT2)
    const slope = (t: number) => problem.lower.hessianVector(x, at(t), at(1), null)
    const fastest = Math.log(2 + Math.sqrt(3)) / Math.SQRT2
    const seen = Math.abs(centralSlope((t) => dot(slope(fastest + t), at(1))))
    near(seen / (problem.facts.inverseHessianLipschitz ?? 0), 1, 1e-6, 'the bend')
    const { upperLipschitzY } = observed(problem, x, at(1e-3), at(-1e-3), at(1))
    near(upperLipschitzY, 1, 1e-3, 'the curvature')
  })

  test('names what is wrong', () => {
    const given = { A: [[1], [2]], labels: [0, 1], classes: 2, l2: 0.1, Av: [[1]], labelsV: [0] }
    expect(() => dataCleaning({ ...given, labels: [0, 2] })).toThrow(/^labels: entry 1/)
    expect(() => dataCleaning({ ...given, labelsV: [0, 1] })).toThrow(/^labelsV/)
    expect(() => dataCleaning({ ...given, Av: [[1, 2]] })).toThrow(/^Av/)
    expect(() => dataCleaning({ ...given, l2: -1 })).toThrow(/^l2/)
    expect(() => dataCleaning({ ...given, classes: 0 })).toThrow(/^classes/)
    expect(() => dataCleaning({ ...given, lowerBounds: { upper: Number.NaN } })).toThrow(
      /^lowerBounds\.upper/,
    )
  })
})

describe('layers', () => {
  test('are laid out as they are named and start where the seed says', () => {
    const net = layers([3, 4, 2], 'relu')
    expect(net.parameters).toEqual({ W1: [3, 4], b1: [4], W2: [4, 2], b2: [2] })
    const start = net.initial(5)
    expect(start.length).toBe(3 * 4 + 4 + 4 * 2 + 2)
    expect(start).toEqual(net.initial(5))
    expect(start).not.toEqual(net.initial(6))
    expect(Array.from(start.subarray(12, 16))).toEqual([0, 0, 0, 0])
    expect(net.bound).toBeUndefined()
  })

  test('name what is wrong', () => {
    expect(() => layers([])).toThrow(/^sizes/)
    expect(() => layers([2, 0])).toThrow(/^sizes\[1\]/)
  })
})

describe('initialisation', () => {
  test.prop({ tasks: fc.array(task, { minLength: 2, maxLength: 3 }), y: point(4 + 6) }, { numRuns: 5 })(
    'is a mean over the tasks, each on its own examples',
    ({ tasks, y }) => {
      const features = layers([1, 2])
      const problem = initialisation({ features, tasks, loss: 'squares' })
      const { W1, b1, W, b } = problem.unravel.y(y)
      const at = (v: { readonly values: Float64Array } | undefined, i: number): number => v?.values[i] ?? 0
      const loss = (set: (typeof tasks)[number]['query']): number =>
        mean(
          set.A.map(([a = 0], i) => {
            const h = [0, 1].map((j) => Math.tanh(a * at(W1, j) + at(b1, j)))
            const z = [0, 1].map((q) => (h[0] ?? 0) * at(W, q) + (h[1] ?? 0) * at(W, 2 + q) + at(b, q))
            return z.reduce((s, zq, q) => s + (zq - (set.targets[i]?.[q] ?? 0)) ** 2 / 2, 0)
          }),
        )
      const query = tasks.map((t) => loss(t.query))
      near(problem.upper.value(y, y, null), mean(query), 1e-12 * (1 + mean(query)), 'f')
      tasks.forEach((t, i) => {
        const seen = problem.lower.value(y, y, Int32Array.of(i))
        near(seen, loss(t.support), 1e-12 * (1 + seen), `g of task ${i}`)
      })
      expect(problem.tasks).toBe(true)
      expect(norm(problem.lower.crossVector(y, y, y, null))).toBe(0)
    },
  )

  test('names what is wrong', () => {
    const set = { A: [[1]], targets: [[1]] }
    const build = (tasks: Parameters<typeof initialisation>[0]['tasks']) => () =>
      initialisation({ features: layers([1]), tasks, loss: 'squares' })
    expect(build([])).toThrow(/^tasks/)
    expect(build([{ support: set, query: { A: [[1]], targets: [[1, 2]] } }])).toThrow(
      /^tasks\[0\]\.query\.targets/,
    )
    expect(
      build([
        { support: set, query: set },
        { support: { A: [[1], [2]], targets: [[1], [2]] }, query: set },
      ]),
    ).toThrow(/^tasks\[1\]\.support\.A/)
  })
})

describe('denoising', () => {
  test('leaves images outside the batch alone, and constant ones as they are', () => {
    const flat = array([2, 3, 3], new Float64Array(18).fill(0.25))
    const problem = totalVariationDenoising({ clean: flat, noisy: flat })
    const x = Float64Array.of(1, -1)
    // Differences of a constant image are 0: it is its own solution, whatever the weight.
    close(solved(problem, x).y, flat.values, 1e-12, 'y*')
    const y = Float64Array.from({ length: 18 }, (_, i) => (i * i) % 7)
    const slope = problem.lower.gradient(x, y, Int32Array.of(1), 'y').y ?? y
    expect(norm(slope.subarray(0, 9))).toBe(0)
    expect(norm(slope.subarray(9))).toBeGreaterThan(0)
  })

  const logarithm = fc.double({ min: -3, max: 1, noNaN: true })

  test.prop([vector(18), point(18), point(18), point(18), logarithm, logarithm], { numRuns: 20 })(
    'is no stronger at a point than the constants there',
    (given, y, z, v, weight, smoothing) => {
      const noisy = array([2, 3, 3], given)
      const problem = totalVariationDenoising({ clean: noisy, noisy })
      const x = Float64Array.of(weight, smoothing)
      const constants = problem.facts.constantsAt?.(x)
      expect(constants).toBeDefined()
      expectConstants({ ...problem, facts: { ...constants } }, x, y, z, v)
    },
  )

  test('is as strong as its constants say, but for the size of the image, at a smooth spot', () => {
    const noisy = array([1, 8, 8], new Float64Array(64))
    const problem = totalVariationDenoising({ clean: noisy, noisy })
    const x = Float64Array.of(0.5, -0.5)
    const L = problem.facts.constantsAt?.(x).L ?? 0
    // The checkerboard is what differences enlarge most.
    const v = Float64Array.from({ length: 64 }, (_, i) => ((i + Math.floor(i / 8)) % 2 === 0 ? 1 : -1))
    const curvature = dot(v, problem.lower.hessianVector(x, noisy.values, v, null)) / 64
    expect(curvature).toBeGreaterThan(0.85 * L)
    expect(curvature).toBeLessThanOrEqual(L)
  })

  test('names what is wrong', () => {
    const [a, b] = [array([1, 2, 2], [0, 0, 0, 0]), array([1, 1, 4], [0, 0, 0, 0])]
    expect(() => totalVariationDenoising({ clean: a, noisy: b })).toThrow(/^clean/)
    expect(() => totalVariationDenoising({ clean: a, noisy: array([4], [0, 0, 0, 0]) })).toThrow(/^noisy/)
    expect(() => fieldsOfExperts({ clean: a, noisy: a, filters: 1, size: 2 })).toThrow(/^size/)
    expect(() => fieldsOfExperts({ clean: a, noisy: a, filters: 0, size: 3 })).toThrow(/^filters/)
  })
})
