import fc from 'fast-check'
import type { PrimitiveName } from '../../src/autodiff/ir.js'
import type { MapEquation, MapInput, MapResult, MapSpec } from '../../src/runtime/kernel/mapSpec.js'

export const UNARY = [
  'abs',
  'cos',
  'exp',
  'expm1',
  'identity',
  'log',
  'log1p',
  'neg',
  'relu',
  'sigmoid',
  'sign',
  'sin',
  'softplus',
  'sqrt',
  'stop',
  'tanh',
] as const satisfies ReadonlyArray<PrimitiveName>

export const BINARY = [
  'add',
  'div',
  'equal',
  'less',
  'lessEqual',
  'maximum',
  'minimum',
  'mul',
  'power',
  'sub',
] as const satisfies ReadonlyArray<PrimitiveName>

export const EXPONENTS = [0, 1, 2, -1, 0.5, -0.5, 1.5, 3, -2, Number.NaN, Number.POSITIVE_INFINITY]

/** Doubles at which some definition changes its formula, or that are none in some sense. */
export const SPECIAL: ReadonlyArray<number> = [
  ...[0, 1, 2, 0.5, 5e-324, 2.225073858507201e-308, 2.2250738585072014e-308, 1.7976931348623157e308],
  ...[Number.POSITIVE_INFINITY, 709.782712893384, 709.79, 710, 745.13, 745.14, 746, 747, 40, 41, 19.99, 20],
  ...[1e-8, 0.34657359, 0.7853981633974483, 1.6e6, Math.SQRT2, 0.414213562373095, 0.41421318],
  ...[0.2928932188134524, Math.SQRT1_2, 0.7071065902709961, 9007199254740992, 1.2738103345051546e16],
  ...[Math.PI, Math.PI / 2, 1e16, 1e300],
].flatMap((x) => [x, -x])

const register = new DataView(new ArrayBuffer(8))

/** Doubles of every kind, many from one seed: any bits, all magnitudes near one, ranges where functions bend, special ones. */
export const samples = (length: number): fc.Arbitrary<Float64Array> =>
  fc.integer().map((seed) => {
    let state = seed
    const word = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) | 0
      return state
    }
    const unit = (): number => (word() >>> 0) / 2 ** 32
    const near = (x: number): number => {
      register.setFloat64(0, x)
      register.setBigInt64(0, register.getBigInt64(0) + BigInt(Math.floor(7 * unit()) - 3))
      return register.getFloat64(0)
    }
    const draw = (): number => {
      switch (Math.floor(8 * unit())) {
        case 0:
          register.setInt32(0, word())
          register.setInt32(4, word())
          return register.getFloat64(0)
        case 1:
          return 100 * (unit() - 0.5)
        case 2:
          return 1500 * (unit() - 0.5)
        case 3:
          return (unit() - 0.5) * 2 ** (4 - Math.floor(60 * unit()))
        case 4:
          return near((Math.floor(2e6 * unit()) * Math.PI) / 2)
        case 5:
          return near(SPECIAL[Math.floor(unit() * SPECIAL.length)] ?? 0)
        default:
          return 6 * (unit() - 0.5)
      }
    }
    return Float64Array.from({ length }, draw)
  })

const pickFrom = <A>(xs: ReadonlyArray<A>, i: number, none: A): A => xs[i % xs.length] ?? none

/** An equation over `defined` values, from raw numbers. */
const equationOf = (
  kind: number,
  which: number,
  args: ReadonlyArray<number>,
  defined: number,
): MapEquation => {
  const [a = 0, b = 0, c = 0] = args.map((i) => i % defined)
  if (kind < 8) return { primitive: pickFrom(UNARY, which, 'neg'), params: {}, inputs: [a] }
  if (kind < 16) return { primitive: pickFrom(BINARY, which, 'add'), params: {}, inputs: [a, b] }
  if (kind < 18) return { primitive: 'select', params: {}, inputs: [a, b, c] }
  if (kind < 19)
    return { primitive: 'constant', params: { value: pickFrom(SPECIAL, which, 0), shape: [] }, inputs: [] }
  return { primitive: 'pow', params: { exponent: pickFrom(EXPONENTS, which, 2) }, inputs: [a] }
}

/** Kernels over a space of this kind, with up to twelve equations and three outputs. */
export const specs = (space: MapSpec['space']): fc.Arbitrary<MapSpec> => {
  const flat = space.kind === 'flat'
  const accesses: ReadonlyArray<MapInput> = flat ? ['full', 'scalar'] : ['full', 'row', 'column', 'scalar']
  const results: ReadonlyArray<MapResult> = flat ? ['store', 'blockSum'] : ['store', 'rowSum', 'rowMax']
  return fc
    .record({
      inputs: fc.array(fc.constantFrom(...accesses), { minLength: 1, maxLength: 4 }),
      raw: fc.array(
        fc.tuple(fc.nat(19), fc.nat(999), fc.array(fc.nat(999), { minLength: 3, maxLength: 3 })),
        {
          maxLength: 12,
        },
      ),
      outputs: fc.array(fc.tuple(fc.nat(999), fc.constantFrom(...results)), { minLength: 1, maxLength: 3 }),
    })
    .map(({ inputs, raw, outputs }) => ({
      space,
      inputs,
      equations: raw.map(([kind, which, args], i) => equationOf(kind, which, args, inputs.length + i)),
      outputs: outputs.map(([value, to]) => ({ value: value % (inputs.length + raw.length), to })),
    }))
}
