import fc from 'fast-check'
import type { Rows, Term } from './rows.js'
import type { Scalar } from './scalar.js'

/**
 * Whether one point minimises every component; both kinds are drawn where nothing is said.
 *
 * @category Theorems
 * @since 0.1.0
 */
export interface Interpolating {
  readonly interpolating?: boolean
}

/** No world has more dimensions, nor more components. */
export const DIMENSIONS = 3
export const COMPONENTS = 4

/** Multiples of 1/8 up to 8: sums of products of a few of them are exact. They shrink towards 0. */
export const eighths = (): fc.Arbitrary<number> => fc.integer({ min: -64, max: 64 }).map((i) => i / 8)

/** Powers of two from 1/8 to 8, shrinking towards 1. */
export const weights = (): fc.Arbitrary<number> => fc.integer({ min: -3, max: 3 }).map((e) => 2 ** e)

/** A vector of the greatest dimension, of which a world takes the first entries. */
export const vectors = (entry: fc.Arbitrary<number>): fc.Arbitrary<ReadonlyArray<number>> =>
  fc.array(entry, { minLength: DIMENSIONS, maxLength: DIMENSIONS })

/** A row $a$: the first coordinate unless it is drawn otherwise, so that it shrinks to the identity of one dimension. */
export const directions = (): fc.Arbitrary<ReadonlyArray<number>> =>
  fc
    .tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -4, max: 4 }), fc.integer({ min: -4, max: 4 }))
    .map(([first, ...rest]) => [first + 4, ...rest].map((i) => i / 4))

/** The slack of a declared lower bound: three times in four it is tight. */
export const slackness = (): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    fc.integer({ min: 1, max: 64 }).map((i) => i / 8),
  )

/** Coefficients of a ridge $2^{-6}, \ldots, 2$, shrinking towards 1. */
export const ridges = (): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min: 0, max: 1 }).map((e) => 2 ** e),
    fc.integer({ min: 1, max: 6 }).map((e) => 2 ** -e),
  )

/** Whether there is a ridge: `true` for one, `false` for none, both kinds where it is left out. */
export const ridgeArbitrary = (ridge?: boolean): fc.Arbitrary<number> => {
  if (ridge === true) return ridges()
  return ridge === false ? fc.constant(0) : fc.oneof(fc.constant(0), ridges())
}

/** The dimension, the centre and the start of a world. */
export interface Frame {
  readonly d: number
  readonly centre: ReadonlyArray<number>
  readonly start: ReadonlyArray<number>
}

/** Frames, shrinking to one dimension, the centre 0 and the start 0. */
export const frames = (): fc.Arbitrary<Frame> =>
  fc
    .tuple(fc.integer({ min: 1, max: DIMENSIONS }), vectors(eighths()), vectors(eighths()))
    .map(([d, centre, start]) => ({ d, centre: centre.slice(0, d), start: start.slice(0, d) }))

/** One row with its weight, shift and slack. */
interface Part {
  readonly a: ReadonlyArray<number>
  readonly s: number
  readonly w: number
  readonly loose: number
}

const partArbitrary = (): fc.Arbitrary<Part> =>
  fc.record({
    a: directions(),
    s: fc.oneof(fc.integer({ min: 1, max: 4 }), eighths()).map(Math.abs),
    w: weights(),
    loose: slackness(),
  })

/**
 * Components of one term each: all without shift, whose sum and each of which the centre minimises, or mirrored pairs
 * $h(u - s)$, $h(u + s)$ of an even convex $h$, of which the centre minimises only the sum.
 */
export const singleRows = (
  h: Scalar,
  { interpolating, ridge }: Interpolating & { readonly ridge?: boolean } = {},
): fc.Arbitrary<{ readonly rows: Rows; readonly start: ReadonlyArray<number> }> =>
  fc
    .tuple(
      frames(),
      fc.array(partArbitrary(), { minLength: 1, maxLength: COMPONENTS, size: 'max' }),
      interpolating === undefined ? fc.boolean().map((mirrored) => !mirrored) : fc.constant(interpolating),
      ridgeArbitrary(ridge),
    )
    .map(([{ d, centre, start }, parts, interpolates, lambda]) => {
      const single = ({ a, s, w, loose }: Part): Rows['components'][number] => {
        const term: Term = { a: a.slice(0, d), s, w }
        return { terms: [term], loose }
      }
      const components = interpolates
        ? parts.map((p) => single({ ...p, s: 0 }))
        : parts.slice(0, COMPONENTS / 2).flatMap((p) => [single(p), single({ ...p, s: -p.s })])
      return { rows: { h, components, centre, ridge: lambda }, start }
    })
