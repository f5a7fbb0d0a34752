import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { type Invalid, invalid } from '../../spec/vocabulary/invalid.js'
import { isObject, strict } from '../../spec/vocabulary/strict.js'
import { flag, integerFrom, nothing, oneOf, seed } from './data/codec.js'
import { MAX_ERRORS, type Parsed, refuse, unless } from './data/parsed.js'
import type { Batch } from './oracle.js'
import { generator, permutation, sampleWithReplacement } from './random.js'

const seeded = strict('seeded draws', { batch: integerFrom(1), replace: flag, seed })

const explicit = strict('draws', { batches: t.readonlyArray(t.readonlyArray(integerFrom(0))) })

/**
 * Draws that a seed determines: `batch` components a time, with or without replacement.
 *
 * @category Data
 * @since 0.1.0
 */
export interface SeededDraws {
  /** How many indices a batch holds. */
  readonly batch: number
  /** Whether an index may be drawn again before all have been. */
  readonly replace: boolean
  /** A signed 32-bit integer. */
  readonly seed: number
}

/**
 * Draws written out (the standard, chapter Case files): `batches[k]` is the batch of iteration `k`, indices from 0.
 *
 * @category Data
 * @since 0.1.0
 */
export interface ExplicitDraws {
  readonly batches: ReadonlyArray<ReadonlyArray<number>>
}

/**
 * The `draws` of an experiment file, in either form.
 *
 * @category Data
 * @since 0.1.0
 */
export type DrawsSpec = SeededDraws | ExplicitDraws

/**
 * The codec of {@link DrawsSpec}. Unknown fields are refused.
 *
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { drawsSpec } from 'steplaw'
 *
 * drawsSpec.is({ batch: 32, replace: false, seed: 1 }) // => true
 * drawsSpec.is({ batches: [[0, 1], [2, 2]] }) // => true
 * drawsSpec.is({ batch: 32 }) // => false
 * ```
 */
export const drawsSpec: t.Type<DrawsSpec, unknown, unknown> = oneOf(
  t.union([seeded, explicit], 'draws'),
  (u) => (isObject(u) ? (Object.hasOwn(u, 'batches') ? explicit : seeded) : nothing('an object')),
)

/**
 * The batches of `iterations` iterations, from a seed.
 *
 * Without replacement each epoch is a fresh permutation of $0, \dots, n-1$ cut into $\lfloor n/b \rfloor$ batches of
 * exactly $b$; the $n \bmod b$ indices left over are dropped, so that no batch repeats an index. With replacement every
 * entry of every batch is independent and uniform.
 *
 * The draws of fewer iterations are a beginning of the draws of more.
 *
 * @throws RangeError naming `batch` (not an integer in $1, \dots, n$), `components`, `iterations` or `seed`
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { draws } from 'steplaw'
 *
 * const [first, second] = draws({ batch: 2, replace: false, seed: 1 }, 4, 2)
 * Array.from([...(first ?? []), ...(second ?? [])]).sort() // => [0, 1, 2, 3]
 * ```
 */
export const draws = (
  { batch, replace, seed: from }: SeededDraws,
  components: number,
  iterations: number,
): ReadonlyArray<Int32Array> => {
  const integer = (field: string, n: number, least: number, greatest: number): void => {
    if (Number.isInteger(n) && n >= least && n <= greatest) return
    throw new RangeError(`${field}: got ${n}, expected an integer from ${least} to ${greatest}`)
  }
  integer('components', components, 1, 2147483647)
  integer('iterations', iterations, 0, 2147483647)
  integer('batch', batch, 1, components)
  const perEpoch = Math.floor(components / batch)
  const batches: Array<Int32Array> = []
  let state = generator(from, 'draws')
  while (batches.length < iterations) {
    if (replace) {
      const [drawn, next] = sampleWithReplacement(components, batch)(state)
      batches.push(drawn)
      state = next
    } else {
      const [order, next] = permutation(components)(state)
      for (let b = 0; b < perEpoch && batches.length < iterations; b++) {
        batches.push(order.slice(b * batch, (b + 1) * batch))
      }
      state = next
    }
  }
  return batches
}

const explicitBatches = (
  { batches }: ExplicitDraws,
  components: number,
  iterations: number,
  at: string,
): Parsed<ReadonlyArray<Batch>> => {
  if (batches.length < iterations) {
    return refuse(
      `${at}.batches`,
      `${batches.length} batches`,
      `a batch for each of ${iterations} iterations`,
    )
  }
  const errors: Array<Invalid> = []
  for (const [k, batch] of batches.entries()) {
    if (errors.length >= MAX_ERRORS) break
    const odd = batch.findIndex((i) => !(Number.isInteger(i) && i >= 0 && i < components))
    if (batch.length === 0) errors.push(invalid(`${at}.batches[${k}]`, batch, 'at least one index'))
    if (odd >= 0) {
      const range = `an index from 0 to ${components - 1}`
      errors.push(invalid(`${at}.batches[${k}][${odd}]`, batch[odd], range))
    }
  }
  return unless(errors, () => batches.slice(0, iterations).map((batch) => Int32Array.from(batch)))
}

/**
 * The batch of every iteration, whichever way the draws are given: seeded, written out, or not at all (`undefined`),
 * which means all components every time (`null`).
 *
 * Errors name the field under `at`: a batch greater than the number of components, an empty batch, an index that is no
 * component, fewer batches than iterations.
 *
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { resolveDraws } from 'steplaw'
 *
 * resolveDraws({ batches: [[0, 1], [1, 1]] }, 2, 1) // => { _tag: 'Right', right: [Int32Array.of(0, 1)] }
 * resolveDraws(undefined, 2, 1) // => { _tag: 'Right', right: [null] }
 * resolveDraws({ batch: 3, replace: false, seed: 1 }, 2, 1)._tag // => 'Left'
 * ```
 */
export const resolveDraws = (
  spec: DrawsSpec | undefined,
  components: number,
  iterations: number,
  at = 'draws',
): Parsed<ReadonlyArray<Batch>> => {
  if (spec === undefined) return E.right(Array.from({ length: iterations }, () => null))
  if ('batches' in spec) return explicitBatches(spec, components, iterations, at)
  if (spec.batch > components) {
    return refuse(`${at}.batch`, spec.batch, `at most the number of components, ${components}`)
  }
  return E.right(draws(spec, components, iterations))
}

/**
 * Batches written out in the form of section C, so that a program in any language can repeat the run. No batch may be
 * `null`: all components are `[0, ..., n-1]`, which needs no draws at all.
 *
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { encodeDraws } from 'steplaw'
 *
 * encodeDraws([Int32Array.of(0, 2), Int32Array.of(1)]) // => { batches: [[0, 2], [1]] }
 * ```
 */
export const encodeDraws = (batches: ReadonlyArray<Int32Array>): ExplicitDraws => ({
  batches: batches.map((batch) => Array.from(batch)),
})
