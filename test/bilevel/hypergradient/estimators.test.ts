/** Estimators of the hypergradient: what they do at the edges, and what their certificates are worth. */

import { fc } from '@fast-check/vitest'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import {
  answerBilevel,
  type BilevelOracle,
  type BilevelProblem,
  conjugateGradients,
  direct,
  type Estimator,
  exact,
  firstOrder,
  type HypergradientOptions,
  hypergradient,
  neumann,
  quadraticBilevel,
  unrolled,
} from 'steplaw/bilevel'
import { describe, expect, it, test } from 'vitest'
import { quadratics } from '../quadratics.js'

const found = (problem: BilevelProblem, estimator: Estimator, at: HypergradientOptions) => {
  const made = hypergradient(problem, estimator, at)
  if (E.isLeft(made)) throw new Error(made.left.message)
  return made.right
}

const distance = (a: Float64Array, b: Float64Array): number =>
  Math.sqrt(a.reduce((s, ai, i) => s + (ai - (b[i] ?? 0)) ** 2, 0))

const scalar = quadraticBilevel({
  lower: [{ H: [[2]], B: [[1]], c: [-1] }],
  upper: [{ P: [[1]], S: [[1]], R: [[1]], p: [-2], r: [0.25] }],
})

describe('conjugate gradients', () => {
  const identity = (scale: number) =>
    quadraticBilevel({
      lower: [
        {
          H: [
            [scale, 0],
            [0, scale],
          ],
          B: [
            [1, 0],
            [0, 1],
          ],
          c: [0, 0],
        },
      ],
      upper: [
        {
          P: [
            [1, 0],
            [0, 1],
          ],
          S: [
            [0, 0],
            [0, 0],
          ],
          R: [
            [1, 0],
            [0, 1],
          ],
          p: [3, -5],
          r: [0, 0],
        },
      ],
    })
  const at = { x: Float64Array.of(1, 2), y: Float64Array.of(-1, 1) }

  test.each([1, 2, 0.25])('solve in one iteration where the Hessian is %d times the identity', (scale) => {
    const { v, count, gradient } = found(identity(scale), conjugateGradients({ iterations: 9 }), at)
    expect(count).toBe(1)
    // grad_y f = y + p = (2, -4)
    expect(O.toNullable(v)).toEqual(Float64Array.of(2 / scale, -4 / scale))
    expect(gradient).toEqual(Float64Array.of(1 - 2 / scale, 2 + 4 / scale))
  })

  it('returns the latest iterate where the iterations run out', () => {
    const { v, count } = found(scalar, conjugateGradients({ iterations: 1 }), {
      x: Float64Array.of(0),
      y: Float64Array.of(0),
    })
    expect(count).toBe(1)
    expect(O.toNullable(v)).toEqual(Float64Array.of(-1))
  })

  it('takes no iteration where there is nothing to solve', () => {
    // grad_y f = y + x - 2 = 0
    const { v, count } = found(scalar, conjugateGradients({ iterations: 9 }), {
      x: Float64Array.of(1),
      y: Float64Array.of(1),
    })
    expect([O.toNullable(v), count]).toEqual([Float64Array.of(0), 0])
  })

  it('starts from an earlier solution if it is told to', () => {
    const warm = { x: Float64Array.of(0), y: Float64Array.of(0), v: Float64Array.of(-1) }
    expect(found(scalar, conjugateGradients({ iterations: 9, warmStart: true }), warm).count).toBe(0)
    expect(found(scalar, conjugateGradients({ iterations: 9 }), warm).count).toBe(1)
  })

  it('says that a Hessian is not positive definite, and keeps the value', () => {
    const saddle = quadraticBilevel({
      lower: [{ H: [[-1]], B: [[1]], c: [0] }],
      upper: [{ P: [[1]], S: [[0]], R: [[1]], p: [0], r: [0] }],
    })
    const made = hypergradient(saddle, conjugateGradients({ iterations: 9 }), {
      x: Float64Array.of(0),
      y: Float64Array.of(2),
    })
    expect(made).toMatchObject({
      _tag: 'Left',
      left: {
        reason: 'indefinite',
        message: '<q, Hq> is -4 after 0 conjugate gradients, expected > 0',
        value: 2,
      },
    })
  })
})

describe('a failure has a reason', () => {
  const flat = quadraticBilevel({
    lower: [{ H: [[0]], B: [[1]], c: [0] }],
    upper: [{ P: [[1]], S: [[0]], R: [[1]], p: [0], r: [0] }],
  })
  const at = { x: Float64Array.of(1), y: Float64Array.of(1) }
  test.each<[string, Estimator, string]>([
    ['a dense solve', direct(), 'singular'],
    ["Newton's method", exact(), 'indefinite'],
    ['conjugate gradients', conjugateGradients({ iterations: 3 }), 'indefinite'],
  ])('%s on a singular Hessian', (_name, estimator, reason) => {
    expect(hypergradient(flat, estimator, at)).toMatchObject({ left: { reason } })
  })

  test.each<[string, Estimator]>([
    ['conjugate gradients', conjugateGradients({ iterations: 3 })],
    ['a series', neumann({ terms: 3, step: 0.1 })],
    ['the way back', unrolled()],
    ["Newton's method", exact()],
  ])('%s from a point that is not finite', (_name, estimator) => {
    const made = hypergradient(scalar, estimator, { x: Float64Array.of(0), y: Float64Array.of(Number.NaN) })
    expect(E.isLeft(made)).toBe(true)
  })
})

test.each<[string, () => Estimator, RegExp]>([
  [
    'iterations',
    () => conjugateGradients({ iterations: 1.5 }),
    /^iterations: got 1.5, expected an integer >= 0$/,
  ],
  ['tolerance', () => conjugateGradients({ iterations: 1, tolerance: Number.NaN }), /^tolerance: got NaN/],
  ['terms', () => neumann({ terms: 0, step: 1 }), /^terms: got 0, expected an integer >= 1$/],
  ['step', () => neumann({ terms: 1, step: 0 }), /^step: got 0, expected a finite number > 0$/],
])('a constructor refuses a wrong %s', (_field, make, message) => {
  expect(make).toThrow(message)
})

test('a drawn depth must be one of the series', () => {
  const draw = {
    upper: null,
    lower: () => null,
    cross: null,
    hessian: () => null,
    depth: O.some(3),
    probe: null,
    coin: O.none,
    uniform: O.none,
  }
  const at = { x: Float64Array.of(0), y: Float64Array.of(0), draw }
  expect(() => hypergradient(scalar, neumann({ terms: 3, step: 0.1 }), at)).toThrow(
    /^depth: got 3, expected an integer from 0 to 2$/,
  )
})

test('there is no way back without an inner loop', () => {
  const at = {
    x: Float64Array.of(0),
    y: Float64Array.of(0),
    v: O.none,
    path: O.none,
    draw: {
      upper: null,
      lower: () => null,
      cross: null,
      hessian: () => null,
      depth: O.none,
      probe: null,
      coin: O.none,
      uniform: O.none,
    },
  }
  expect(() => unrolled().estimate(at)).toThrow(/^path: got none/)
})

describe('unrolled gradients', () => {
  test('have the same bits whatever is held', () => {
    fc.assert(
      fc.property(
        quadratics(),
        fc.array(fc.constantFrom(0, 0.125, 0.1, 0.3), { maxLength: 12 }),
        ({ problem, x, y }, steps) => {
          const of = (memory: 'stored' | 'checkpointed' | 'recomputed' | number) =>
            found(problem, unrolled({ memory }), { x, y, steps })
          const stored = of('stored')
          for (const memory of ['checkpointed', 'recomputed', 2, 5] as const) {
            const other = of(memory)
            expect(other.gradient).toEqual(stored.gradient)
            expect(other.v).toEqual(stored.v)
          }
        },
      ),
    )
  })

  test('run steps again as the schedule says: D(D-1)/2 from one state, fewer than 2D from the root of 2D', () => {
    const D = 50
    let gradients = 0
    const counting = {
      ...scalar,
      lower: {
        ...scalar.lower,
        gradient: (...args: Parameters<typeof scalar.lower.gradient>) => {
          gradients += 1
          return scalar.lower.gradient(...args)
        },
      },
    }
    const spent = (memory: 'checkpointed' | 'recomputed'): number => {
      gradients = 0
      found(counting, unrolled({ memory }), {
        x: Float64Array.of(0),
        y: Float64Array.of(1),
        steps: Array(D).fill(0.1),
      })
      // D to reach the end, one for the certificate.
      return gradients - D - 1
    }
    expect(spent('recomputed')).toBe((D * (D - 1)) / 2)
    expect(spent('checkpointed')).toBeLessThan(2 * D)
  })
})

describe('a certificate', () => {
  const estimators: ReadonlyArray<readonly [string, Estimator]> = [
    ['direct', direct()],
    ['two conjugate gradients', conjugateGradients({ iterations: 2 })],
    ['a short series', neumann({ terms: 3, step: 0.1 })],
    ['unrolled', unrolled()],
    ['first order', firstOrder()],
  ]
  test.each(estimators)('of %s bounds the error', (_name, estimator) => {
    fc.assert(
      fc.property(quadratics(), ({ problem, x, y }) => {
        const steps = estimator.unrolls ? [0.1, 0.2, 0.1] : []
        const { gradient, certificate } = found(problem, estimator, { x, y, steps })
        const truth = found(problem, exact(), { x, y }).gradient
        const bound = O.toNullable(certificate.errorBound)
        if (bound === null) throw new Error('no bound')
        // Rounding of what both are made of: sizes are below 1e3, the least curvature is 1/4.
        expect(distance(gradient, truth)).toBeLessThanOrEqual(bound + 1e-9)
      }),
    )
  })

  test('is none where a constant is unknown or something was drawn', () => {
    const at = { x: Float64Array.of(0), y: Float64Array.of(1) }
    const known = found(scalar, direct(), at).certificate
    expect(O.isSome(known.errorBound)).toBe(true)
    const { mu: _, ...without } = scalar.facts
    expect(found(scalar, direct(), { ...at, facts: without }).certificate.errorBound).toEqual(O.none)
    const draw = {
      upper: null,
      lower: () => null,
      cross: Int32Array.of(0),
      hessian: () => null,
      depth: O.none,
      probe: null,
      coin: O.none,
      uniform: O.none,
    }
    expect(found(scalar, direct(), { ...at, draw }).certificate.errorBound).toEqual(O.none)
  })

  test('names the residuals', () => {
    // y = 1 at x = 0: grad_y g = 2y - 1 = 1; one term v = a (y - 2) = -1/4, H v - grad_y f = -1/2 + 1.
    const { certificate } = found(scalar, neumann({ terms: 1, step: 0.25 }), {
      x: Float64Array.of(0),
      y: Float64Array.of(1),
    })
    expect(certificate.innerResidual).toEqual(O.some(1))
    expect(certificate.linearResidual).toEqual(O.some(0.5))
  })
})

describe('the exact hypergradient where y* = 0', () => {
  const H = [
    [2.3, 0.7, 0.1],
    [0.7, 1.9, 0.3],
    [0.1, 0.3, 1.1],
  ]
  const atNought = quadraticBilevel({
    lower: [{ H, B: [[0], [0], [0]], c: [0, 0, 0] }],
    upper: [{ P: H, S: [[1, 0, 1]], R: [[1]], p: [-2, 1, 3], r: [0.25] }],
  })

  it('is there after few steps of Newton’s method, however near the start is', () =>
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
        fc.integer({ min: -60, max: 60 }),
        (direction, exponent) => {
          const y = Float64Array.from(direction, (d) => d * 2 ** exponent)
          const oracle = answerBilevel(atNought)
          let products = 0
          const counted: BilevelOracle = (request) => {
            products += request.want === 'hessian' ? 1 : 0
            return oracle(request)
          }
          const made = hypergradient(counted, exact(), { x: Float64Array.of(1), y })
          if (E.isLeft(made)) throw new Error(made.left.message)
          // Three products make a Hessian: some for the steps, one for the linear system.
          expect(products).toBeLessThanOrEqual(3 * 5)
          expect(distance(made.right.y, new Float64Array(3))).toBeLessThanOrEqual(
            1e-28 * distance(y, new Float64Array(3)),
          )
          expect(Math.abs((made.right.gradient[0] ?? Number.NaN) - 1.25)).toBeLessThan(1e-12)
        },
      ),
    ))
})
