import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import {
  ablo,
  bilevelDescent,
  clippedQuadratic,
  coreset,
  degenerateLower,
  firstOrder,
  firstOrderCounterExample,
  hyperplaneLower,
  jumpingGame,
  minimaxGame,
  minimiseBilevel,
} from '../../../src/entry/bilevel.js'
import { constant } from '../../../src/entry/steplaw.js'
import { dot, norm, squaredNorm } from '../../../src/numeric/index.js'
import {
  along,
  centralSlope,
  close,
  expectClosedForms,
  expectConstants,
  expectDerivatives,
  minus,
  near,
  number,
  point,
  vector,
} from './support.js'

const at = (...x: ReadonlyArray<number>): Float64Array => Float64Array.from(x)
const one = (v: Float64Array | undefined): number => v?.[0] ?? Number.NaN

describe('tasks that turn linear', () => {
  const tasks = fc
    .array(fc.record({ a: fc.integer({ min: 1, max: 32 }).map((i) => i / 16), b: number }), {
      minLength: 1,
      maxLength: 3,
    })
    .chain((given) =>
      fc.record({
        tasks: fc.constant(given),
        linearBeyond: fc.constantFrom(0, 0.5, 1),
        y: point(1),
        z: point(1),
      }),
    )

  test.prop({ given: tasks }, { numRuns: 8 })('are what is stated', ({ given: { y, z, ...rest } }) => {
    const problem = ablo(rest)
    // A seam is some i/j with j <= 32: 2^-10 off a sixteenth it is 2^-15 away at least, and the third derivative does not jump
    // between the two points of a difference.
    expectDerivatives(problem, y, along(z, 2 ** -10, at(1)), y, at(1))
    expectConstants(problem, y, y, z, at(1))
    rest.tasks.forEach(({ a, b }, i) => {
      const value = (p: number): number => problem.upper.value(y, at(p), Int32Array.of(i))
      const [A, centre] = [rest.linearBeyond, b / a]
      near(value(centre), 0, 1e-15, 'the minimum')
      near(
        one(problem.lower.hessianVector(y, at(centre), at(1), Int32Array.of(i))),
        a,
        1e-15,
        'its curvature',
      )
      near(value(centre + A), (a * A * A) / 2, 1e-12, 'the end of the parabola')
      // Both sides of both seams, to the second derivative.
      for (const seam of [centre + A, centre + A + 1, centre - A, centre - A - 1]) {
        const [low, high] = [seam - 1e-9, seam + 1e-9].map((p) => ({
          value: value(p),
          slope: one(problem.lower.gradient(y, at(p), Int32Array.of(i), 'y').y),
          curvature: one(problem.lower.hessianVector(y, at(p), at(1), Int32Array.of(i))),
        }))
        near(low?.value ?? 0, high?.value ?? 1, 1e-7, 'the value across a seam')
        near(low?.slope ?? 0, high?.slope ?? 1, 1e-7, 'the slope across a seam')
        if (A > 0) near(low?.curvature ?? 0, high?.curvature ?? 1, 1e-7, 'the curvature across a seam')
      }
    })
  })

  test('name what is wrong', () => {
    expect(() => ablo({ tasks: [], linearBeyond: 1 })).toThrow(/^tasks/)
    expect(() => ablo({ tasks: [{ a: 0, b: 1 }], linearBeyond: 1 })).toThrow(/^tasks\[0\]\.a/)
    expect(() => ablo({ tasks: [{ a: 1, b: Number.NaN }], linearBeyond: 1 })).toThrow(/^tasks\[0\]\.b/)
    expect(() => ablo({ tasks: [{ a: 1, b: 1 }], linearBeyond: -1 })).toThrow(/^linearBeyond/)
  })
})

describe('the counter-example to first-order gradients', () => {
  test('has the golden values', () => {
    const made = firstOrderCounterExample()
    const [p1, p2] = made.retained
    const digits = (x: number): number => Number(x.toPrecision(10))
    expect([p1, p2].map(digits)).toEqual([0.5987369392, 0.1968744043])
    expect(digits(made.tasks[1]?.b ?? 0)).toBe(17.39526997)
    expect(digits(made.linearBeyond)).toBe(12.59684665)
    expect(digits(made.biased)).toBe(5.758866912)
    expect(digits(made.minimiser)).toBe(2.840281802)
    expect(digits(Math.abs(made.gradient(made.biased)))).toBe(0.3464101615)
    near(made.value(made.biased), 1.98150394, 5e-9, 'F at rest')
    near(made.value(made.minimiser), 1.47599017, 5e-9, 'F(x*)')
  })

  const parameters = fc.record({
    curvatures: fc
      .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }))
      .map(([low, more]) => [low / 8, (low + more) / 8] as const),
    step: fc.integer({ min: 1, max: 7 }).map((i) => i / 16),
    steps: fc.integer({ min: 1, max: 12 }),
    bias: fc.integer({ min: 1, max: 64 }).map((i) => i / 64),
  })

  test.prop({ parameters, t: fc.double({ min: 0, max: 1, noNaN: true }) })(
    'comes to rest where the squared gradient is twice the bias',
    ({ parameters: given, t }) => {
      const { problem: _, ...made } = firstOrderCounterExample(given)
      const [low, high] = made.range
      const [x, size] = [low + t * (high - low), 1 + made.linearBeyond]
      expect(made.biased).toBeLessThan(high)
      expect(made.minimiser).toBeLessThan(made.biased)
      near(made.firstOrderGradient(made.biased) / size, 0, 1e-13, 'the mean first-order gradient at rest')
      near(made.gradient(made.minimiser) / size, 0, 1e-13, "F'(x*)")
      near(made.gradient(made.biased) ** 2 / (2 * given.bias), 1, 1e-9 * size, 'the squared gradient at rest')
      // On the parabolas all is as the formulas say.
      const mean = (of: (a: number, b: number, p: number) => number): number =>
        made.tasks.reduce((s, { a, b }, i) => s + of(a, b, made.retained[i] ?? 0), 0) / 2
      near(
        made.value(x),
        mean((a, b, p) => (a / 2) * p * p * (x - b / a) ** 2),
        1e-12 * size * size,
        'F',
      )
      near(
        made.gradient(x),
        mean((a, b, p) => p * p * (a * x - b)),
        1e-12 * size,
        "F'",
      )
      near(
        made.firstOrderGradient(x),
        mean((a, b, p) => p * (a * x - b)),
        1e-12 * size,
        'first order',
      )
    },
  )

  test.prop({ x: fc.double({ min: -40, max: 40, noNaN: true }) }, { numRuns: 20 })(
    'is what the loop of its problem does, on the lines too',
    ({ x }) => {
      const { problem, inner, ...made } = firstOrderCounterExample()
      const ends = made.tasks.map((_, i) => {
        const batch = Int32Array.of(i)
        let y = at(x)
        for (let j = 0; j < inner.steps; j += 1) {
          const slope = one(problem.lower.gradient(at(x), y, batch, 'y').y)
          y = at(one(y) - inner.step * slope)
        }
        return problem.upper.gradient(at(x), y, batch, 'y')
      })
      const mean = (of: ReadonlyArray<number>): number => of.reduce((s, v) => s + v, 0) / of.length
      near(made.value(x), mean(ends.map(({ value }) => value)), 1e-10, 'F')
      near(made.firstOrderGradient(x), mean(ends.map(({ y }) => one(y))), 1e-12, 'first order')
      near(
        centralSlope((t) => made.value(x + t)),
        made.gradient(x),
        1e-6,
        "F'",
      )
    },
  )

  test('names what is wrong', () => {
    expect(() => firstOrderCounterExample({ curvatures: [1, 1] })).toThrow(/^curvatures/)
    expect(() => firstOrderCounterExample({ step: 0.7 })).toThrow(/^step/)
    expect(() => firstOrderCounterExample({ steps: 0 })).toThrow(/^steps/)
    expect(() => firstOrderCounterExample({ bias: 0 })).toThrow(/^bias/)
  })
})

describe('degenerate lower levels', () => {
  test.prop({ x: point(1), y: point(2), dx: point(1), dy: point(2), z: point(2) }, { numRuns: 8 })(
    'the line: derivatives and the pseudo-inverse gradient',
    ({ x, y, dx, dy, z }) => {
      const { problem } = degenerateLower()
      expectDerivatives(problem, x, y, dx, dy)
      expectConstants(problem, x, y, z, dy)
      const { lowerSolution, value, gradient } = problem.facts
      const optimistic = lowerSolution?.(x) ?? y
      expect(problem.lower.gradient(x, optimistic, null, 'y').y).toEqual(at(0, 0))
      near(problem.upper.value(x, optimistic, null), value?.(x) ?? Number.NaN, 1e-14, 'F')
      // H = diag(1, 0) is its own pseudo-inverse.
      const { x: fx, y: fy } = problem.upper.gradient(x, optimistic, null, 'both')
      const v = problem.lower.hessianVector(x, optimistic, fy ?? y, null)
      const z0 = one(fx) - one(problem.lower.crossVector(x, optimistic, v, null))
      near(z0, one(gradient?.(x)), 1e-14, "F'")
    },
  )

  test.prop({ a: vector(3), x: point(1), y: point(3), z: point(3), d: point(1) }, { numRuns: 8 })(
    'the hyperplane: the solution of least norm, and the inequality of Polyak and Łojasiewicz',
    ({ a, x, y, z, d }) => {
      fc.pre(a.some((ai) => ai !== 0))
      const { problem } = hyperplaneLower({ a })
      expectDerivatives(problem, x, y, d, z)
      expectConstants(problem, x, y, z, minus(y, z))
      const { lowerSolution, value, gradient, minimiser = x, minimum = Number.NaN } = problem.facts
      const least = lowerSolution?.(x) ?? y
      near(dot(Float64Array.from(a), least), one(x), 1e-12, 'on the hyperplane')
      near(
        norm(
          minus(
            least,
            Float64Array.from(a, (ai) => (ai * one(x)) / squaredNorm(Float64Array.from(a))),
          ),
        ),
        0,
        1e-12,
        'along a',
      )
      const { value: g, y: gy } = problem.lower.gradient(x, y, null, 'y')
      const s = squaredNorm(Float64Array.from(a))
      near(squaredNorm(gy ?? y), 2 * s * g, 1e-12 * (1 + s * g), 'the inequality, an equality here')
      near(problem.upper.value(x, least, null), value?.(x) ?? Number.NaN, 1e-12 * (1 + squaredNorm(x)), 'F')
      near(
        centralSlope((t) => value?.(at(one(x) + t)) ?? 0),
        one(gradient?.(x)),
        1e-6,
        "F'",
      )
      near(one(gradient?.(minimiser)), 0, 1e-12, "F'(x*)")
      near(value?.(minimiser) ?? 1, minimum, 1e-12, 'F*')
    },
  )

  test('descent from 0 selects the solution of least norm', () => {
    const { problem, starts } = hyperplaneLower({ a: [1, 2] })
    const start = starts[0] ?? { x: at(0), y: at(0, 0) }
    const method = bilevelDescent({
      inner: { steps: 200, rule: constant(0.1) },
      hypergradient: firstOrder(),
      outer: { rule: constant(0) },
    })
    const run = minimiseBilevel(problem, { method, start: { ...start, x: at(5) }, iterations: 1 })
    close(run.y, at(1, 2), 1e-12, 'y')
  })

  test('names what is wrong', () => {
    expect(() => hyperplaneLower({ a: [0, 0] })).toThrow(/^a/)
    expect(() => hyperplaneLower({ a: [Number.POSITIVE_INFINITY] })).toThrow(/^a/)
  })
})

describe('lower levels in a box', () => {
  test.prop({ x: point(1), y: point(1), d: point(1) }, { numRuns: 6 })('games', ({ x, y, d }) => {
    const [minimax, jumping] = [minimaxGame(), jumpingGame()]
    for (const { problem } of [minimax, jumping]) expectDerivatives(problem, x, y, d, d)
    for (const { problem, yBox: [low, high] = [0, 0] } of [minimax, jumping]) {
      const solution = problem.facts.lowerSolution?.(x) ?? y
      const least = problem.lower.value(x, solution, null)
      for (const other of [low, high, 0, Math.min(Math.max(one(y), low), high)]) {
        const g = problem.lower.value(x, at(other), null)
        expect(g).toBeGreaterThanOrEqual(least)
        // Optimistic: among solutions the one that f prefers.
        if (g === least)
          expect(problem.upper.value(x, at(other), null)).toBeGreaterThanOrEqual(
            problem.upper.value(x, solution, null),
          )
      }
      expect(problem.facts.value?.(x)).toBe(problem.upper.value(x, solution, null))
      expect(problem.facts.value?.(x)).toBeGreaterThanOrEqual(problem.facts.minimum ?? Number.NaN)
    }
  })

  test.prop({ x: number, sigma: fc.integer({ min: 1, max: 64 }).map((i) => i / 16) })(
    'what a penalty makes of the jump',
    ({ x, sigma }) => {
      // The minimum over the box of a function that is affine in y is at one of its ends.
      const least = Math.min(...[-1, 1].map((y) => y + (x * y + Math.abs(x)) / sigma))
      near(jumpingGame().penalised(x, sigma), least, 1e-13 * (1 + Math.abs(x) / sigma), 'the penalised value')
    },
  )

  const clipped = fc.record({
    lower: fc.record({ H: fc.integer({ min: 1, max: 32 }).map((i) => i / 8), B: number, c: number }),
    upper: fc.record({
      P: number,
      S: number,
      R: number.map((r) => Math.abs(r) + 0.25),
      p: number,
      r: number,
    }),
    yBox: fc
      .tuple(number, number)
      .map(([a, b]): readonly [number, number] => [Math.min(a, b), Math.max(a, b)]),
  })

  test.prop({ given: clipped, x: number })('a clipped quadratic', ({ given, x }) => {
    const { facts, upper } = clippedQuadratic(given).problem
    const { lower, yBox } = given
    const [low, high] = yBox
    const free = -(lower.B * x + lower.c) / lower.H
    const y = facts.lowerSolution?.(at(x)) ?? at(Number.NaN)
    expect(one(y)).toBe(Math.min(Math.max(free, low), high))
    const value = facts.value?.(at(x)) ?? Number.NaN
    near(value, upper.value(at(x), y, null), 1e-12 * (1 + Math.abs(value) + x * x), 'F')
    const { minimum = Number.NaN, minimiser = at(Number.NaN) } = facts
    near(facts.value?.(minimiser) ?? Number.NaN, minimum, 0, 'F*')
    for (let i = -40; i <= 40; i += 1)
      expect(facts.value?.(at(one(minimiser) + i / 4))).toBeGreaterThanOrEqual(
        minimum - 1e-12 * (1 + Math.abs(minimum)),
      )
    // A difference across a kink tells nothing.
    const apart = Math.min(Math.abs(free - low), Math.abs(free - high))
    if (apart > 1e-3 || lower.B === 0)
      near(
        centralSlope((t) => facts.value?.(at(x + t)) ?? 0),
        one(facts.gradient?.(at(x))),
        1e-6 * (1 + Math.abs(value)),
        "F'",
      )
  })

  test('inside a wide box is the quadratic without one', () => {
    const { facts } = clippedQuadratic({
      lower: { H: 2, B: 1, c: -1 },
      upper: { P: 1, S: 1, R: 1, p: -2, r: 0.25 },
      yBox: [-100, 100],
    }).problem
    expect([one(facts.minimiser), facts.minimum]).toEqual([-6, -5.375])
  })

  test('names what is wrong', () => {
    const upper = { P: 1, S: 1, R: 1, p: 0, r: 0 }
    expect(() => clippedQuadratic({ lower: { H: 0, B: 1, c: 0 }, upper, yBox: [0, 1] })).toThrow(/^lower\.H/)
    expect(() => clippedQuadratic({ lower: { H: 1, B: 1, c: 0 }, upper, yBox: [1, 0] })).toThrow(/^yBox/)
    expect(() => minimaxGame({ bound: 0 })).toThrow(/^bound/)
    expect(() => jumpingGame().penalised(1, 0)).toThrow(/^sigma/)
  })
})

describe('a coreset', () => {
  test.prop({ x: point(4), y: point(2), z: point(2), d: point(4) }, { numRuns: 8 })(
    'is what is stated',
    ({ x, y, z, d }) => {
      const { problem } = coreset()
      expectClosedForms(problem, x, d)
      expectDerivatives(problem, x, y, d, z)
      expectConstants(problem, x, y, z, minus(y, z))
      expect(problem.facts.value?.(x)).toBeGreaterThan(problem.facts.minimum ?? 1)
    },
  )

  test('comes near to its infimum far away', () => {
    const { facts } = coreset().problem
    near(facts.value?.(at(-40, Math.log(0.8), -40, Math.log(0.2))) ?? 0, 0.72, 1e-12, 'F')
  })
})
