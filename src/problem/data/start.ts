import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { double } from '../../../spec/vocabulary/number.js'
import { isObject, strict } from '../../../spec/vocabulary/strict.js'
import { generator, normals } from '../random.js'
import { literal, nothing, oneOf, seed } from './codec.js'
import { type Parsed, refuse } from './parsed.js'

const isFinite = (u: unknown): u is number => typeof u === 'number' && Number.isFinite(u)

/** A finite number as files carry it; `"-0"` is one. */
const finite = (name: string, admits: (x: number) => boolean): t.Type<number, unknown, unknown> =>
  new t.Type<number, unknown, unknown>(
    name,
    (u): u is number => isFinite(u) && admits(u),
    (u, c) => {
      const read = double.decode(u)
      return E.isRight(read) && isFinite(read.right) && admits(read.right) ? read : t.failure(u, c)
    },
    double.encode,
  )

const zeros = literal('zeros')
const normal = strict('a random start', { normal: finite('a finite number > 0', (x) => x > 0), seed })
const vector = t.readonlyArray(finite('a finite number', () => true))

/**
 * Where a run starts: a point, zeros, or independent entries from $N(0, \sigma^2)$ where `normal` is $\sigma$.
 *
 * @category Data
 * @since 0.1.0
 */
export type StartSpec = 'zeros' | { readonly normal: number; readonly seed: number } | ReadonlyArray<number>

/**
 * The codec of {@link StartSpec}, the `start` of an experiment file. Unknown fields are refused.
 *
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { startSpec } from 'steplaw'
 *
 * startSpec.is('zeros') // => true
 * startSpec.is({ normal: 0.1, seed: 1 }) // => true
 * startSpec.is('ones') // => false
 * ```
 */
export const startSpec: t.Type<StartSpec, unknown, unknown> = oneOf(
  t.union([zeros, normal, vector], 'start'),
  (u): t.Decoder<unknown, StartSpec> =>
    Array.isArray(u)
      ? vector
      : isObject(u)
        ? normal
        : u === 'zeros'
          ? zeros
          : nothing('an array of numbers, "zeros" or { normal, seed }'),
)

/**
 * The point a run starts from, of length `dimension`.
 *
 * Errors name `at`: a vector of another length, or entries beyond the range of doubles.
 *
 * @throws RangeError naming `seed` when it is not a 32-bit integer
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { startVector } from 'steplaw'
 *
 * startVector('zeros', 2) // => { _tag: 'Right', right: Float64Array.of(0, 0) }
 * startVector([1, 2], 3)._tag // => 'Left'
 * ```
 */
export const startVector = (spec: StartSpec, dimension: number, at = 'start'): Parsed<Float64Array> => {
  if (spec === 'zeros') return E.right(new Float64Array(dimension))
  if ('normal' in spec) {
    const [drawn] = normals(dimension)(generator(spec.seed, 'start'))
    const scaled = drawn.map((z) => spec.normal * z)
    return scaled.every(Number.isFinite)
      ? E.right(scaled)
      : refuse(`${at}.normal`, spec.normal, 'a standard deviation whose draws are finite')
  }
  return spec.length === dimension
    ? E.right(Float64Array.from(spec))
    : refuse(at, `${spec.length} numbers`, `${dimension} numbers`)
}
