import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { cos, exp, expm1, log, log1p, pow, sigmoid, sin, softplus, tanh } from '../../src/numeric/index.js'
import * as ref from './bigFloat.js'

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const positive = fc.double({ min: 5e-324, max: Number.MAX_VALUE, noNaN: true })

// name, function, exact value, arguments where cancellation or reduction bites, stated bound in ulp
const cases: ReadonlyArray<
  readonly [string, (x: number) => number, (x: number) => ref.Big, fc.Arbitrary<number>, number]
> = [
  ['exp', exp, (x) => ref.exp(ref.big(x)), fc.oneof(between(-708, 709.7), between(-1, 1)), 0.75],
  ['exp, subnormal', exp, (x) => ref.exp(ref.big(x)), between(-745.1, -708), 1],
  ['expm1', expm1, (x) => ref.expm1(ref.big(x)), fc.oneof(between(-45, 709), between(-2, 2)), 1],
  ['log', log, (x) => ref.log(ref.big(x)), fc.oneof(positive, between(0.5, 2)), 1],
  ['log1p', log1p, (x) => ref.log1p(ref.big(x)), fc.oneof(positive, between(-0.9999, 2)), 1],
  ['tanh', tanh, (x) => ref.tanh(ref.big(x)), fc.oneof(between(-25, 25), between(-1, 1)), 2.5],
  ['sigmoid', sigmoid, (x) => ref.sigmoid(ref.big(x)), fc.oneof(between(-745, 45), between(-3, 3)), 2.5],
  ['softplus', softplus, (x) => ref.softplus(ref.big(x)), fc.oneof(between(-745, 745), between(-5, 5)), 2],
  ['sin', sin, (x) => ref.sine(x, 0), fc.oneof(positive, between(0, 1.7e6)), 1],
  ['cos', cos, (x) => ref.sine(x, 1), fc.oneof(positive, between(0, 1.7e6)), 1],
]

describe('elementary functions against exact integer arithmetic', () => {
  for (const [name, f, exact, arbitrary, bound] of cases) {
    test.prop([arbitrary], { numRuns: 300 })(`${name} is within ${bound} ulp`, (x) => {
      const error = x === 0 ? 0 : ref.ulps(f(x), exact(x))
      if (error > bound) throw new Error(`${name}(${x}) = ${f(x)} is ${error} ulp off`)
    })
  }

  // The doubles nearest to multiples of pi / 2, where a two-part reduction is off by 1e9 ulp.
  test.prop([fc.integer({ min: 1, max: 2 ** 31 - 1 })], { numRuns: 300 })('sin and cos near k pi/2', (k) => {
    const x = ref.toNumber(ref.shift(ref.mul(ref.integer(BigInt(k)), ref.PI), -1))
    expect(ref.ulps(sin(x), ref.sine(x, 0))).toBeLessThanOrEqual(1)
    expect(ref.ulps(cos(x), ref.sine(x, 1))).toBeLessThanOrEqual(1)
  })

  test.prop([between(-1e300, 1e300)])('sin and tanh are odd, cos is even', (x) => {
    expect(sin(-x)).toBe(-sin(x))
    expect(tanh(-x)).toBe(-tanh(x))
    expect(cos(-x)).toBe(cos(x))
  })
})

describe('pow', () => {
  const exponent = fc.oneof(
    between(-8, 8),
    fc.integer({ min: -40, max: 40 }).map((n) => n / 2),
  )
  test.prop([fc.oneof(positive, between(0.5, 2)), exponent], { numRuns: 400 })(
    'is within 0.8 ulp',
    (x, y) => {
      const magnitude = Math.abs(y * log(x))
      fc.pre(magnitude < 700)
      expect(ref.ulps(pow(x, y), ref.pow(ref.big(x), ref.big(y)))).toBeLessThanOrEqual(0.8)
    },
  )

  test.prop([between(-1, 1), positive], { numRuns: 300 })(
    'is within 0.8 ulp up to the ends of the range',
    (t, x) => {
      fc.pre(x !== 1)
      const y = (t * 707) / log(x)
      fc.pre(Number.isFinite(y))
      expect(ref.ulps(pow(x, y), ref.pow(ref.big(x), ref.big(y)))).toBeLessThanOrEqual(0.8)
    },
  )

  test.prop([fc.integer({ min: -2000, max: 2000 }), fc.integer({ min: 0, max: 4 })])(
    'is exact where an integer power is a double',
    (m, n) => {
      expect(pow(m, n)).toBe(Number(BigInt(m) ** BigInt(n)))
    },
  )

  test.prop([fc.integer({ min: 0, max: 1500 }), fc.constantFrom(1, 3, 5)])(
    'is exact where a half-integer power is a double',
    (root, twice) => {
      fc.pre(root ** twice < 2 ** 53)
      expect(pow(root * root, twice / 2)).toBe(Number(BigInt(root) ** BigInt(twice)))
      if (root > 0) expect(pow(4 ** (root % 60), -twice / 2)).toBe(2 ** (-(root % 60) * twice))
    },
  )

  test('takes the special values of IEEE 754', () => {
    const values = [-Infinity, -3, -2.5, -2, -1, -0.5, -0, 0, 0.5, 1, 1.5, 2, 3, 2 ** 60, Infinity, NaN]
    for (const x of values)
      for (const y of values) {
        const ieee = x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y
        expect(Object.is(pow(x, y), ieee) || Math.abs(pow(x, y) / ieee - 1) < 1e-15, `pow(${x}, ${y})`).toBe(
          true,
        )
      }
  })
})

describe('special values', () => {
  const table: ReadonlyArray<
    readonly [string, (x: number) => number, ReadonlyArray<readonly [number, number]>]
  > = [
    [
      'exp',
      exp,
      [
        [NaN, NaN],
        [Infinity, Infinity],
        [-Infinity, 0],
        [-0, 1],
        [709.79, Infinity],
        [-745.14, 0],
        [-745.13, 5e-324],
        [1e4, Infinity],
        [1e300, Infinity],
        [-1e300, 0],
      ],
    ],
    [
      'expm1',
      expm1,
      [
        [NaN, NaN],
        [Infinity, Infinity],
        [-Infinity, -1],
        [-0, -0],
        [5e-324, 5e-324],
        [-1e5, -1],
      ],
    ],
    [
      'log',
      log,
      [
        [NaN, NaN],
        [Infinity, Infinity],
        [0, -Infinity],
        [-0, -Infinity],
        [-1, NaN],
        [1, 0],
        [5e-324, -744.4400719213812],
      ],
    ],
    [
      'log1p',
      log1p,
      [
        [NaN, NaN],
        [Infinity, Infinity],
        [-1, -Infinity],
        [-1.1, NaN],
        [-0, -0],
        [5e-324, 5e-324],
      ],
    ],
    [
      'sin',
      sin,
      [
        [NaN, NaN],
        [Infinity, NaN],
        [-Infinity, NaN],
        [-0, -0],
        [5e-324, 5e-324],
      ],
    ],
    [
      'cos',
      cos,
      [
        [NaN, NaN],
        [Infinity, NaN],
        [0, 1],
      ],
    ],
    [
      'tanh',
      tanh,
      [
        [NaN, NaN],
        [Infinity, 1],
        [-Infinity, -1],
        [-0, -0],
        [5e-324, 5e-324],
        [400, 1],
      ],
    ],
    [
      'sigmoid',
      sigmoid,
      [
        [NaN, NaN],
        [Infinity, 1],
        [-Infinity, 0],
        [0, 0.5],
        [-1e4, 0],
        [1e4, 1],
      ],
    ],
    [
      'softplus',
      softplus,
      [
        [NaN, NaN],
        [Infinity, Infinity],
        [-Infinity, 0],
        [1e300, 1e300],
        [-1e300, 0],
      ],
    ],
  ]
  for (const [name, f, rows] of table)
    test(name, () => {
      for (const [x, y] of rows) expect(Object.is(f(x), y), `${name}(${x}) = ${f(x)}, not ${y}`).toBe(true)
    })
})
