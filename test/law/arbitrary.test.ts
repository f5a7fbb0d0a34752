import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import {
  dyadic,
  givenArbitrary,
  illScaled,
  oneBinade,
  problemArbitrary,
  type RaySort,
  rayArbitrary,
  raysArbitrary,
  ruleExprArbitrary,
} from 'steplaw/laws'
import { type RayCase, type RuleExpr, ruleExpr } from 'steplaw/spec'
import { describe, expect, it } from 'vitest'
import { rayCase } from '../../spec/conformance/case.js'
import { suffices } from '../evidence.js'
import { isKnown } from './known.js'
import { lawsOfGenerators, type Subject } from './wellBehaved.js'

/** The draws, with a path of shrinks each, on which a law of generators is tried. */
const RUNS = 40

const isRay = (ray: RayCase): boolean => {
  const read = rayCase.decode(rayCase.encode(ray))
  return rayCase.is(ray) && read._tag === 'Right' && isDeepStrictEqual(read.right, ray)
}

const isRule = (expr: RuleExpr): boolean => {
  const read = ruleExpr.decode(ruleExpr.encode(expr))
  return ruleExpr.is(expr) && read._tag === 'Right' && isDeepStrictEqual(read.right, expr)
}

const isMinimalRule = (expr: RuleExpr): boolean => isDeepStrictEqual(expr, { rule: 'constant', step: 0 })

const isDyadic = (x: number): boolean => Number.isInteger(1024 * x)

const inBinade = (x: number): boolean => x >= 1 && x < 2

const inRange = (x: number): boolean => Math.abs(x) >= 2 ** -26 && Math.abs(x) < 2 ** 27

const numbersOf = (ray: RayCase): ReadonlyArray<number> => {
  const { phi } = ray
  const of = phi?.family === 'quadratic' || phi?.family === 'quartic' ? phi.curvature : undefined
  return [ray.value, ray.slope, ray.lowerBound, ray.solutionValue, ray.executed, of].flatMap((x) => x ?? [])
}

const curvature = ({ phi }: RayCase): number =>
  phi?.family === 'quadratic' || phi?.family === 'quartic' ? (phi.curvature ?? 0) : 0

const fourth = ({ phi }: RayCase): number => (phi?.family === 'quartic' ? (phi.quartic ?? 0) : 0)

/** What a ray of each sort is said to be. */
const isOfSort: { readonly [S in RaySort]: (ray: RayCase) => boolean } = {
  dyadic: (ray) => numbersOf(ray).every(isDyadic) && ray.slope < 0 && curvature(ray) >= 0,
  oneBinade: (ray) => numbersOf(ray).map(Math.abs).every(inBinade) && ray.slope < 0 && curvature(ray) > 0,
  illScaled: (ray) => numbersOf(ray).every(inRange) && ray.slope < 0 && curvature(ray) > 0,
  broken: (ray) =>
    ![ray.value, ray.slope, curvature(ray), ray.phi?.beyond?.value ?? 0].every((x) => Number.isFinite(x)),
  flat: (ray) => !(ray.slope < 0) || ray.value === 0 || ray.value + 2 ** 16 * ray.slope === ray.value,
  concave: (ray) => ray.slope < 0 && Math.min(curvature(ray), fourth(ray)) < 0,
  stiff: (ray) => ray.slope < 0 && curvature(ray) >= 2 ** 16,
}

const plainRay = (sort: RaySort): ((ray: RayCase) => boolean) =>
  sort === 'dyadic'
    ? (ray) => isDeepStrictEqual(ray, { value: 0, slope: -1 })
    : (ray) => Object.keys(ray).every((k) => ['value', 'slope', 'phi'].includes(k))

const sorts = Object.keys(isOfSort) as ReadonlyArray<RaySort>

const subject = <A>(s: Subject<A>): Subject<A> => s

/** The exponent of a positive double, exactly: its logarithm is rounded, and just below a power of two it is one too many. */
const exponentOf = (x: number): number => (x >= 2 ? 1 + exponentOf(x / 2) : x < 1 ? exponentOf(2 * x) - 1 : 0)

const number = (
  name: string,
  make: () => fc.Arbitrary<number>,
  valid: (x: number) => boolean,
  size: (x: number) => bigint,
) => subject({ name, make, valid, size, minimal: (x) => size(x) === 0n, takesExamples: true })

const run = (rays: ReadonlyArray<RayCase>): boolean =>
  rays.length >= 1 && rays.length <= 5 && rays.every(isRay)

const numbers = [
  number(
    'dyadic()',
    dyadic,
    (x) => isDyadic(x) && Math.abs(x) <= 64,
    (x) => BigInt(1024 * Math.abs(x)),
  ),
  number('oneBinade()', oneBinade, inBinade, (x) => BigInt((x - 1) * 2 ** 52)),
  number(
    'illScaled()',
    illScaled,
    (x) => x > 0 && inRange(x),
    (x) => {
      const e = exponentOf(x)
      return (BigInt(Math.abs(e)) << 60n) + BigInt((x / 2 ** e - 1) * 2 ** 52)
    },
  ),
]

const rays = [
  ...sorts.map((sort) =>
    subject<RayCase>({
      name: `rayArbitrary({ sorts: ['${sort}'] })`,
      make: () => rayArbitrary({ sorts: [sort] }),
      valid: (ray) => isRay(ray) && isOfSort[sort](ray),
      minimal: plainRay(sort),
      takesExamples: true,
    }),
  ),
  subject<RayCase>({
    name: 'rayArbitrary()',
    make: () => rayArbitrary(),
    valid: (ray) => isRay(ray) && sorts.some((sort) => isOfSort[sort](ray)),
    minimal: (ray) => sorts.some((sort) => plainRay(sort)(ray)),
    takesExamples: true,
  }),
]

const runs = [
  subject<ReadonlyArray<RayCase>>({
    name: 'raysArbitrary()',
    make: () => raysArbitrary(),
    valid: run,
    minimal: ({ length }) => length === 1,
    takesExamples: true,
  }),
]

const rules = [
  subject<RuleExpr>({
    name: 'ruleExprArbitrary()',
    make: () => ruleExprArbitrary(),
    valid: isRule,
    minimal: isMinimalRule,
    takesExamples: true,
  }),
]

describe('laws of generators', () => {
  const each = <A>({ name, ...rest }: Subject<A>): void => {
    describe(name, () => {
      for (const [law, holds] of Object.entries(lawsOfGenerators))
        it(law, () => {
          fc.assert(fc.property(fc.integer(), holds({ name, ...rest })), { numRuns: RUNS })
        })
    })
  }
  numbers.forEach(each)
  rays.forEach(each)
  runs.forEach(each)
  rules.forEach(each)
  each({
    name: 'givenArbitrary()',
    make: givenArbitrary,
    valid: ({ a, b, c, rays, factor }) =>
      [a, b, c].every(isRule) && run(rays) && factor > 0 && Number.isInteger(Math.log2(factor)),
    minimal: ({ a, b, c, rays, factor }) =>
      [a, b, c].every(isMinimalRule) && rays.length === 1 && factor === 1,
    takesExamples: false,
  })
  each({
    name: 'problemArbitrary()',
    make: () => problemArbitrary(),
    valid: isKnown,
    minimal: ({ objective: { A, b, k } }) => isDeepStrictEqual([A, b, k], [[[[1]]], [[0]], [0]]),
    hidesParts: true,
    takesExamples: false,
  })
})

describe('nonsense is refused', () => {
  it.each([
    ['sorts', () => rayArbitrary({ sorts: [] })],
    ['sorts', () => raysArbitrary({ sorts: [] })],
    ['maxLength', () => raysArbitrary({ maxLength: 0 })],
    ['maxLength', () => raysArbitrary({ maxLength: 1.5 })],
    ['tags', () => ruleExprArbitrary({ tags: ['max', 'min'] })],
    ['depth', () => ruleExprArbitrary({ depth: 0 })],
  ])('%s', (field, make) => {
    expect(make).toThrow(RangeError)
    expect(make).toThrow(new RegExp(`^${field}: got `))
  })
})

describe('what is given stays as it was', () => {
  it('options may be frozen, and are obeyed', () => {
    const frozen = Object.freeze(['broken', 'flat'] as const)
    const tags = Object.freeze(['max', 'never', 'polyak'] as const)
    const drawn = fc.sample(raysArbitrary(Object.freeze({ sorts: frozen, maxLength: 2 })), 200)
    expect(
      drawn.every((r) => r.length <= 2 && r.every((ray) => isOfSort.broken(ray) || isOfSort.flat(ray))),
    ).toBe(true)
    const named = fc
      .sample(ruleExprArbitrary(Object.freeze({ tags, depth: 2 })), 200)
      .map((e) => ruleExpr.encode(e))
    expect(JSON.stringify(named).match(/"rule":"(?!max|never|polyak)/)).toBeNull()
    expect(frozen).toEqual(['broken', 'flat'])
    expect(tags).toEqual(['max', 'never', 'polyak'])
  })
})

/** Shrinks as `drawn` does, and also to what `more` gives, if anything. */
class Shrinking extends fc.Arbitrary<number> {
  readonly #drawn = fc.integer({ min: 0, max: 1000 })
  readonly #more: (x: number) => ReadonlyArray<number>
  constructor(more: (x: number) => ReadonlyArray<number>) {
    super()
    this.#more = more
  }
  override generate(random: fc.Random, bias: number | undefined): fc.Value<number> {
    return new fc.Value(this.#drawn.generate(random, bias).value, undefined)
  }
  override canShrinkWithoutContext(x: unknown): x is number {
    return this.#drawn.canShrinkWithoutContext(x)
  }
  override shrink(x: number): fc.Stream<fc.Value<number>> {
    const named = this.#more(x).map((y) => new fc.Value(y, undefined))
    return fc.Stream.of(...named).join(
      this.#drawn.shrink(x, undefined).map(({ value }) => new fc.Value(value, undefined)),
    )
  }
}

/** Lists that shrink in place. */
class Emptying extends fc.Arbitrary<Array<number>> {
  override generate(random: fc.Random): fc.Value<Array<number>> {
    return new fc.Value([random.nextInt(0, 9), random.nextInt(0, 9)], undefined)
  }
  override canShrinkWithoutContext(u: unknown): u is Array<number> {
    return Array.isArray(u)
  }
  override shrink(list: Array<number>): fc.Stream<fc.Value<Array<number>>> {
    return list.pop() === undefined ? fc.Stream.nil() : fc.Stream.of(new fc.Value(list, undefined))
  }
}

const integer = (make: () => fc.Arbitrary<number>): Subject<number> => ({
  name: 'an integer from 0 to 1000',
  make,
  valid: (x) => x >= 0 && x <= 1000,
  minimal: (x) => x === 0,
  size: BigInt,
  takesExamples: true,
})

const touched = fc.integer({ min: 0, max: 1000 }).map((x) => {
  Reflect.set(globalThis, 'lastDrawn', x)
  return x
})

describe('the laws of generators find a generator that', () => {
  const cases: ReadonlyArray<readonly [string, keyof typeof lawsOfGenerators, (seed: number) => boolean]> = [
    [
      'draws from Math.random',
      'the same seed draws and shrinks the same',
      lawsOfGenerators['the same seed draws and shrinks the same'](
        integer(() => fc.integer({ min: 0, max: 1000 }).map(() => Math.floor(1000 * Math.random()))),
      ),
    ],
    [
      'draws a value out of its range',
      'draws only valid values',
      lawsOfGenerators['draws only valid values'](integer(() => fc.integer({ min: -1000, max: 1000 }))),
    ],
    [
      'shrinks out of its range',
      'shrinks only to valid values',
      lawsOfGenerators['shrinks only to valid values'](
        integer(() => new Shrinking((x) => (x > 0 ? [-1] : []))),
      ),
    ],
    [
      'shrinks in a circle',
      'shrinks only to smaller values, never in circles',
      lawsOfGenerators['shrinks only to smaller values, never in circles'](
        integer(() => new Shrinking((x) => [(x + 1) % 1000])),
      ),
    ],
    [
      'shrinks to something else than it says',
      'shrinks to the minimal value',
      lawsOfGenerators['shrinks to the minimal value'](integer(() => fc.integer({ min: 7, max: 1000 }))),
    ],
    [
      'can not read what it wrote',
      'shrinks examples too, where it says so',
      lawsOfGenerators['shrinks examples too, where it says so'](
        integer(() => fc.integer({ min: 0, max: 9 }).map((x) => x)),
      ),
    ],
    [
      'empties what it drew to shrink it',
      'changes no value that it drew',
      lawsOfGenerators['changes no value that it drew']({
        ...integer(() => fc.constant(0)),
        make: () => new Emptying(),
        valid: () => true,
        minimal: ({ length }) => length === 0,
        size: ({ length }) => BigInt(length),
      }),
    ],
    [
      'leaves something in globalThis',
      'touches no global',
      lawsOfGenerators['touches no global'](integer(() => touched)),
    ],
  ]
  it.each(cases)('%s (%s)', (_fault, _law, holds) => {
    // Half of the draws from -1000 to 1000 are out of range; of the other generators nearly every draw is at fault.
    expect(suffices(RUNS, 0.42)).toBe(true)
    expect(fc.check(fc.property(fc.integer(), holds), { numRuns: RUNS, endOnFailure: true }).failed).toBe(
      true,
    )
    Reflect.deleteProperty(globalThis, 'lastDrawn')
  })
})
