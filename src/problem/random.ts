import type { State } from 'fp-ts/lib/State.js'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'
import { log } from '../numeric/index.js'

/**
 * The state of a pseudo-random generator (xoroshiro128+) as plain data: the same state always gives the same draws.
 * Made by {@link generator}, never changed.
 *
 * @category Data
 * @since 0.1.0
 */
export interface RandomState {
  /** Four 32-bit words, not all zero. */
  readonly words: ReadonlyArray<number>
}

/**
 * A random choice: from a generator's state to a value and the state after it. It is fp-ts' `State`, so choices
 * compose by `State.map` and `State.chain`.
 *
 * @category Data
 * @since 0.1.0
 */
export type Draw<A> = State<RandomState, A>

/** The smallest and the largest seed: seeds are signed 32-bit integers. */
export const MIN_SEED = -2147483648
export const MAX_SEED = 2147483647

export const isSeed = (u: unknown): u is number =>
  typeof u === 'number' && Number.isInteger(u) && u >= MIN_SEED && u <= MAX_SEED

/** A bijection of 32-bit words in which every bit of the input reaches every bit of the output (murmur3's finaliser). */
const avalanche = (word: number): number => {
  const a = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  const b = Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
  return b ^ (b >>> 16)
}

/** Four unrelated beginnings, so that the four words of a state are four different hashes. */
const LANES = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x71374491]

/**
 * The generator of one seed and one purpose.
 *
 * Seed and purpose are hashed together into the 128 bits of the state. Two purposes of one seed, or two neighbouring
 * seeds, therefore give unrelated sequences; two seeds of one purpose never give the same state.
 *
 * @param seed an integer from -2147483648 to 2147483647
 * @param purpose what the draws are for, such as `'split'`
 * @throws RangeError naming `seed` when it is not a 32-bit integer
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { generator, uniform } from 'steplaw'
 *
 * uniform(generator(1, 'a'))[0] === uniform(generator(1, 'a'))[0] // => true
 * uniform(generator(1, 'a'))[0] === uniform(generator(1, 'b'))[0] // => false
 * generator(0.5) // => throws RangeError: seed
 * ```
 */
export const generator = (seed: number, purpose = ''): RandomState => {
  if (!isSeed(seed)) {
    throw new RangeError(`seed: got ${seed}, expected an integer from ${MIN_SEED} to ${MAX_SEED}`)
  }
  const input = [seed, ...Array.from({ length: purpose.length }, (_, i) => purpose.charCodeAt(i))]
  const words = LANES.map((lane) => input.reduce((hash, word) => avalanche(Math.imul(hash, 5) + word), lane))
  return { words: words.every((word) => word === 0) ? LANES : words }
}

/** Runs an action of pure-rand, whose generators are mutable, on a fresh copy of the state. */
const draw =
  <A>(action: (rng: RandomGenerator) => A): Draw<A> =>
  (state) => {
    const rng = xoroshiro128plusFromState(state.words)
    const value = action(rng)
    return [value, { words: rng.getState() }]
  }

const count = (field: string, n: number, least = 0): number => {
  if (Number.isInteger(n) && n >= least && n <= MAX_SEED) return n
  throw new RangeError(`${field}: got ${n}, expected an integer from ${least} to ${MAX_SEED}`)
}

/**
 * A number uniform on $[0, 1)$: a multiple of $2^{-53}$, each with the same probability.
 *
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { generator, uniform } from 'steplaw'
 *
 * const [u, next] = uniform(generator(7))
 * u >= 0 && u < 1 // => true
 * uniform(next)[0] === u // => false
 * ```
 */
export const uniform: Draw<number> = draw(uniformFloat64)

/**
 * `length` independent numbers uniform on $[0, 1)$.
 *
 * @throws RangeError naming `length`
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { generator, uniforms } from 'steplaw'
 *
 * uniforms(2)(generator(1, 'draws'))[0] // => Float64Array.of(0.22688578194784148, 0.13738088122990677)
 * ```
 */
export const uniforms = (length: number): Draw<Float64Array> => {
  const n = count('length', length)
  return draw((rng) => Float64Array.from({ length: n }, () => uniformFloat64(rng)))
}

/**
 * Two independent standard normal numbers by Marsaglia's polar method: for $(u, v)$ uniform on the unit disc and
 * $s = u^2 + v^2$, both $u \sqrt{-2 \log(s) / s}$ and $v \sqrt{-2 \log(s) / s}$ are standard normal, independently.
 */
const normalPair = (rng: RandomGenerator): readonly [number, number] => {
  for (;;) {
    const u = 2 * uniformFloat64(rng) - 1
    const v = 2 * uniformFloat64(rng) - 1
    const s = u * u + v * v
    if (s > 0 && s < 1) {
      const factor = Math.sqrt((-2 * log(s)) / s)
      return [u * factor, v * factor]
    }
  }
}

/**
 * `length` independent standard normal numbers $N(0, 1)$. They use this library's own logarithm, so they have the same
 * bits on every runtime.
 *
 * @throws RangeError naming `length`
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { generator, normals } from 'steplaw'
 *
 * normals(2)(generator(-1, 'start'))[0] // => Float64Array.of(-0.34218913192577566, 0.1336375084292078)
 * ```
 */
export const normals = (length: number): Draw<Float64Array> => {
  const n = count('length', length)
  return draw((rng) => {
    const out = new Float64Array(n)
    for (let i = 0; i < n; i += 2) {
      const [first, second] = normalPair(rng)
      out[i] = first
      if (i + 1 < n) out[i + 1] = second
    }
    return out
  })
}

/**
 * One standard normal number $N(0, 1)$.
 *
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { generator, normal, normals } from 'steplaw'
 *
 * const state = generator(7)
 * normal(state)[0] === normals(1)(state)[0][0] // => true
 * ```
 */
export const normal: Draw<number> = draw((rng) => normalPair(rng)[0])

/** The first `k` entries of a Fisher-Yates shuffle of $0, \dots, n-1$. */
const chosen = (rng: RandomGenerator, n: number, k: number): Int32Array => {
  const indices = Int32Array.from({ length: n }, (_, i) => i)
  for (let i = 0; i < k && i < n - 1; i++) {
    const j = uniformInt(rng, i, n - 1)
    const kept = indices[i] ?? 0
    indices[i] = indices[j] ?? 0
    indices[j] = kept
  }
  return k === n ? indices : indices.slice(0, k)
}

/**
 * A uniformly random permutation of $0, \dots, n-1$ (Fisher-Yates).
 *
 * @throws RangeError naming `n`
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { generator, permutation } from 'steplaw'
 *
 * const [order] = permutation(4)(generator(7))
 * order.sort() // => Int32Array.of(0, 1, 2, 3)
 * ```
 */
export const permutation = (n: number): Draw<Int32Array> => {
  const size = count('n', n)
  return draw((rng) => chosen(rng, size, size))
}

/**
 * The same elements in a uniformly random order; the input is left as it was.
 *
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { generator, shuffle } from 'steplaw'
 *
 * const [hand] = shuffle(['a', 'b', 'c'])(generator(7))
 * hand.toSorted() // => ['a', 'b', 'c']
 * ```
 */
export const shuffle =
  <A>(xs: ReadonlyArray<A>): Draw<ReadonlyArray<A>> =>
  (state) => {
    const [order, next] = permutation(xs.length)(state)
    return [Array.from(order).flatMap((i) => xs.slice(i, i + 1)), next]
  }

/**
 * `k` different indices out of $0, \dots, n-1$ in random order; every such sequence has the same probability.
 *
 * @throws RangeError naming `n` or `k`, also when `k > n`
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { generator, sample } from 'steplaw'
 *
 * new Set(sample(10, 4)(generator(7))[0]).size // => 4
 * ```
 */
export const sample = (n: number, k: number): Draw<Int32Array> => {
  const size = count('n', n)
  if (count('k', k) > size) throw new RangeError(`k: got ${k}, expected at most n = ${size}`)
  return draw((rng) => chosen(rng, size, k))
}

/**
 * `k` independent indices uniform on $0, \dots, n-1$: repeats happen.
 *
 * @throws RangeError naming `n` or `k`
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { generator, sampleWithReplacement } from 'steplaw'
 *
 * sampleWithReplacement(8, 4)(generator(0))[0] // => Int32Array.of(4, 5, 3, 0)
 * ```
 */
export const sampleWithReplacement = (n: number, k: number): Draw<Int32Array> => {
  const size = count('n', n, 1)
  const length = count('k', k)
  return draw((rng) => Int32Array.from({ length }, () => uniformInt(rng, 0, size - 1)))
}
