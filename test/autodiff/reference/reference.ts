/**
 * What a primitive is, the slow and obvious way: its result by plain loops, and its Jacobian element by element. The derivatives of
 * the library are held against these; nothing here is taken from it but the scalar functions of src/numeric.
 */
import fc from 'fast-check'
import type { PrimitiveName, PrimitiveParams, Shape } from '../../../src/autodiff/ir.js'

/** The parameters of a primitive. */
export type Of<N extends PrimitiveName> = PrimitiveParams[N]

export interface Value {
  readonly shape: Shape
  readonly type: 'f64' | 'i32'
  readonly values: ReadonlyArray<number>
}

/** An equation with values: its inputs, and the result that the library computed. */
export interface Site<P> {
  readonly params: P
  readonly inputs: ReadonlyArray<Value>
  readonly output: Value
}

/** How an element of the result moves with element `at` of an input. */
export interface Slope {
  readonly input: number
  readonly at: number
  readonly slope: number
}

export interface Case<P> {
  readonly params: P
  readonly inputs: ReadonlyArray<Value>
}

export interface Reference<P> {
  /** Parameters and inputs where it is differentiable, or at a kink where the library says what it takes. */
  readonly cases: fc.Arbitrary<Case<P>>
  /** The result; the same numbers, unless {@link tolerance} says how far off they may be. */
  readonly value: (site: Site<P>) => ReadonlyArray<number>
  readonly tolerance?: (site: Site<P>) => ReadonlyArray<number>
  /** Element `i` of the result: where it moves, and how fast. */
  readonly slopes: (site: Site<P>) => (i: number) => ReadonlyArray<Slope>
  /** Roundings on the way to a slope, here or in the library, whichever has more; an elementary function counts as two. */
  readonly roundings: number
}

export type References<N extends PrimitiveName> = { readonly [K in N]: Reference<Of<K>> }

const product = (shape: Shape): number => shape.reduce((n, s) => n * s, 1)

/** Numbers from one seed: quick to draw where there are thousands. */
export const drawn = (shape: Shape, element: (unit: () => number) => number): fc.Arbitrary<Value> =>
  fc.integer().map((seed) => {
    let state = seed
    const unit = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) | 0
      return (state >>> 8) / 2 ** 24
    }
    unit()
    return { shape, type: 'f64', values: Array.from({ length: product(shape) }, () => element(unit)) }
  })

/** Quarters from -4 to 4, zeros of both signs among them: sums and products of a few of them are exact. */
export const dyadic = (unit: () => number): number => Math.round(32 * unit() - 16) / 4

export const between =
  (low: number, high: number) =>
  (unit: () => number): number =>
    low + (high - low) * unit()

/** Integers from 0 below `count`. */
export const indicesBelow = (count: number, length: number): fc.Arbitrary<Value> =>
  fc
    .array(fc.nat(Math.max(0, count - 1)), { minLength: length, maxLength: length })
    .map((values) => ({ shape: [length], type: 'i32', values }))

/** Sizes beside those of vectors and blocks of vectors; none; one. */
export const extents = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 5 }) },
  { weight: 2, arbitrary: fc.constantFrom(7, 8, 9) },
  { weight: 1, arbitrary: fc.constant(0) },
)

/** Scalars, empty arrays, small ones, and now and then one that is longer than a block of a sum. */
export const shapes: fc.Arbitrary<Shape> = fc.oneof(
  { weight: 12, arbitrary: fc.array(extents, { maxLength: 3 }).filter((s) => product(s) <= 120) },
  { weight: 1, arbitrary: fc.constantFrom([4095], [4097], [2, 2049]) },
)

/** Small shapes, for what has many slopes. */
export const smallShapes: fc.Arbitrary<Shape> = fc
  .array(extents, { maxLength: 3 })
  .filter((s) => product(s) <= 60)

/** Where every element of a result is a sum of elements of inputs. */
export const sumsOf = <P>(
  cases: fc.Arbitrary<Case<P>>,
  terms: (site: Site<P>) => (i: number) => ReadonlyArray<{ readonly input: number; readonly at: number }>,
): Reference<P> => ({
  cases,
  value: (site) => {
    const of = terms(site)
    return site.output.values.map((_, i) =>
      of(i).reduce((s, { input, at }) => s + (site.inputs[input]?.values[at] ?? Number.NaN), 0),
    )
  },
  slopes: (site) => {
    const of = terms(site)
    return (i) => of(i).map((term) => ({ ...term, slope: 1 }))
  },
  roundings: 0,
})

/** The strides of an array that lies row by row. */
export const strides = (shape: Shape): ReadonlyArray<number> =>
  shape.map((_, i) => product(shape.slice(i + 1)))

/** The index of element `i`. */
export const indexOf = (shape: Shape, i: number): ReadonlyArray<number> =>
  strides(shape).map((stride, axis) => Math.floor(i / stride) % (shape[axis] ?? 1))

/** The number of the element at an index. */
export const flat = (shape: Shape, index: ReadonlyArray<number>): number =>
  strides(shape).reduce((at, stride, axis) => at + stride * (index[axis] ?? 0), 0)
