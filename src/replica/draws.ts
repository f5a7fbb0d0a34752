import { map, traverseArray } from 'fp-ts/lib/State.js'
import { squaredNorm } from '../numeric/index.js'
import type { SeededDraws } from '../problem/draws.js'
import type { Batch, Vector } from '../problem/oracle.js'
import {
  generator,
  normals,
  permutation,
  type RandomState,
  sampleWithReplacement,
} from '../problem/random.js'
import { checkAssignment } from './controller.js'

/** The assignment in which replica `r` has factor `r`. */
export const identityAssignment = (replicas: number): (() => ReadonlyArray<number>) => {
  const identity = Array.from({ length: replicas }, (_, r) => r)
  return () => identity
}

/**
 * Assignments drawn from a seed: a fresh uniform permutation at every synchronisation and for every hyperparameter. Nothing is
 * carried along: seed, name and number determine the permutation.
 *
 * @throws RangeError naming `seed`.
 * @category Optimizer
 * @since 0.1.0
 * @cite cheng2026
 * @example
 * ```ts
 * import { drawnAssignments } from 'steplaw/replica'
 *
 * const assignment = drawnAssignments(4, 1)
 * assignment(0, 'step').toSorted() // => [0, 1, 2, 3]
 * assignment(7, 'step').join() === assignment(7, 'step').join() // => true
 * ```
 */
export const drawnAssignments = (
  replicas: number,
  seed: number,
): ((j: number, name: string) => ReadonlyArray<number>) => {
  generator(seed)
  return (j, name) => Array.from(permutation(replicas)(generator(seed, `assignment ${j} of ${name}`))[0])
}

/**
 * Assignments written out (the standard, chapter Replicas, `draws.permutations`): entry `j` is that of assignment `j`, for every
 * hyperparameter.
 *
 * @throws RangeError naming an entry that is no permutation; the function throws one where no entry is left.
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { givenAssignments } from 'steplaw/replica'
 *
 * givenAssignments(2, [[0, 1], [1, 0]])(1) // => [1, 0]
 * ```
 */
export const givenAssignments = (
  replicas: number,
  permutations: ReadonlyArray<ReadonlyArray<number>>,
): ((j: number) => ReadonlyArray<number>) => {
  for (const permuted of permutations) checkAssignment(permuted, replicas)
  return (j) => {
    const found = permutations[j]
    if (found === undefined)
      throw new RangeError(`permutations: got ${permutations.length}, expected one for assignment ${j}`)
    return found
  }
}

/**
 * Batches written out: `batches[k][r]` is that of replica `r` in iteration `k`.
 *
 * @throws RangeError where there is none.
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { givenBatches } from 'steplaw/replica'
 *
 * givenBatches([[[0, 1], [2]]])(0, 1) // => Int32Array.of(2)
 * ```
 */
export const givenBatches = (
  batches: ReadonlyArray<ReadonlyArray<ReadonlyArray<number>>>,
): ((k: number, r: number) => Batch) => {
  const read = batches.map((ofAll) => ofAll.map((batch) => Int32Array.from(batch)))
  return (k, r) => {
    const found = read[k]?.[r]
    if (found === undefined) throw new RangeError(`batches: got none for replica ${r} in iteration ${k}`)
    return found
  }
}

/**
 * Batches drawn from a seed, a batch for every replica and iteration.
 *
 * Without replacement the replicas share out each epoch: batch $kN + r$ of the run is replica $r$'s in iteration $k$, an epoch is a
 * fresh permutation cut into $\lfloor n/b \rfloor$ batches, and what is left over is dropped. Seed and number determine a batch, so
 * that nothing is carried along; the cost is that of the permutation, $O(n)$, and with replacement $O(b)$.
 *
 * @param components - $n$.
 * @throws RangeError naming `batch`, `components` or `seed`.
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { drawnBatches } from 'steplaw/replica'
 *
 * const batch = drawnBatches({ batch: 2, replace: false, seed: 1 }, 4, 2)
 * Array.from([...(batch(0, 0) ?? []), ...(batch(0, 1) ?? [])]).sort() // => [0, 1, 2, 3]
 * ```
 */
export const drawnBatches = (
  { batch, replace, seed }: SeededDraws,
  components: number,
  replicas: number,
): ((k: number, r: number) => Batch) => {
  generator(seed)
  if (!Number.isSafeInteger(components) || components < 1)
    throw new RangeError(`components: got ${components}, expected an integer >= 1`)
  if (!Number.isSafeInteger(batch) || batch < 1 || batch > components)
    throw new RangeError(`batch: got ${batch}, expected an integer from 1 to ${components}`)
  if (replace)
    return (k, r) =>
      sampleWithReplacement(components, batch)(generator(seed, `batch ${k} of replica ${r}`))[0]
  const perEpoch = Math.floor(components / batch)
  return (k, r) => {
    const number = k * replicas + r
    const [order] = permutation(components)(generator(seed, `epoch ${Math.floor(number / perEpoch)}`))
    const first = (number % perEpoch) * batch
    return order.slice(first, first + batch)
  }
}

/**
 * Starts that differ: $\theta_r = \theta_0 + \varepsilon_r$ with independent entries
 * $\varepsilon_r \sim N(0,\ \nu^2 \|\theta_0\|^2 / d)$, so that the noise is about $\nu$ of the point, whatever its scale. The standard
 * has no noise.
 *
 * @param noise - $\nu \ge 0$; a point of zeros stays what it is.
 * @throws RangeError naming `noise` or `seed`.
 * @category Optimizer
 * @since 0.1.0
 * @cite cheng2026
 * @example
 * ```ts
 * import { noisyStarts } from 'steplaw/replica'
 *
 * const starts = noisyStarts(Float64Array.of(3, 4), { replicas: 2, noise: 0.01, seed: 1 })
 * starts.length // => 2
 * starts.every(([x = 0]) => Math.abs(x - 3) < 0.5) // => true
 * ```
 */
export const noisyStarts = (
  start: Vector,
  {
    replicas,
    noise = 0.01,
    seed,
  }: { readonly replicas: number; readonly noise?: number; readonly seed: number },
): ReadonlyArray<Vector> => {
  if (!(Number.isFinite(noise) && noise >= 0))
    throw new RangeError(`noise: got ${noise}, expected a finite number >= 0`)
  const size = noise * Math.sqrt(squaredNorm(start) / Math.max(start.length, 1))
  const ranks = Array.from({ length: replicas }, (_, r) => r)
  const draw = traverseArray(() => normals(start.length))(ranks)
  const starts = map((drawn: ReadonlyArray<Vector>) =>
    drawn.map((numbers) => start.map((x, i) => x + size * (numbers[i] ?? 0))),
  )
  const state: RandomState = generator(seed, 'warm start')
  return starts(draw)(state)[0]
}
