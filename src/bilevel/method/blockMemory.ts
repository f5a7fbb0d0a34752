import * as O from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import { strict } from '../../../spec/vocabulary/strict.js'
import { vector } from '../../optimizer/vector.js'
import type { Batch, Vector } from '../../problem/oracle.js'
import { map, sequence } from '../../program/program.js'
import type { Asking } from '../oracle.js'

/**
 * The components of a level cut into blocks, each component in one block: what is drawn and remembered together.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export type Partition = ReadonlyArray<Int32Array>

/**
 * Components $0, \dots, n - 1$ in blocks of `size`, the last one smaller where it does not divide $n$.
 *
 * @throws RangeError if $n$ or the size is not an integer $\ge 1$.
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { partition } from 'steplaw/bilevel'
 *
 * partition(3, 2) // => [Int32Array.of(0, 1), Int32Array.of(2)]
 * partition(2) // => [Int32Array.of(0), Int32Array.of(1)]
 * partition(0) // => throws RangeError: components
 * ```
 */
export const partition = (components: number, size = 1): Partition => {
  for (const [field, n] of Object.entries({ components, size }))
    if (!(Number.isSafeInteger(n) && n >= 1))
      throw new RangeError(`${field}: got ${n}, expected an integer >= 1`)
  return Array.from({ length: Math.ceil(components / size) }, (_, b) =>
    Int32Array.from({ length: Math.min(size, components - b * size) }, (_, i) => b * size + i),
  )
}

/** A partition that is one: no empty block, and each of $0, \dots, n - 1$ in one block. */
export const partitionOf = (field: string, blocks: Partition): Partition => {
  const all = blocks.flatMap((block) => [...block]).sort((a, b) => a - b)
  if (all.length === 0 || blocks.some(({ length }) => length === 0) || all.some((c, i) => c !== i))
    throw new RangeError(`${field}: got ${all}, expected blocks that hold each component once`)
  return blocks
}

const same = (a: Int32Array, b: Int32Array): boolean => a.length === b.length && a.every((c, i) => c === b[i])

/** Which block was drawn; -1 for all of them. */
export const blockOf = (field: string, blocks: Partition, batch: Batch): number => {
  if (batch === null) return -1
  const found = blocks.findIndex((block) => same(block, batch))
  if (found >= 0) return found
  throw new RangeError(`${field}: got [${batch}], expected a block of the partition`)
}

/**
 * A vector of every block as it was when the block was last drawn, and the mean of them over all components.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface BlockMemory {
  readonly rows: ReadonlyArray<Vector>
  readonly mean: Vector
}

/**
 * How a mean over all components is estimated from the block that was drawn: `weight` times what it is there, plus `shift`. For a
 * block drawn uniformly the expectation is the mean itself.
 */
export interface Reduced {
  /** The block; null for all components. */
  readonly batch: Batch
  readonly weight: number
  /** Null where there is nothing to add. */
  readonly shift: Vector | null
  /** What was just evaluated on `batch`. */
  readonly fresh: Vector
  /** As it was, where what was evaluated is not finite. */
  readonly memory: O.Option<BlockMemory>
}

const plus = (a: Vector, s: number, b: Vector): Vector => a.map((x, i) => x + s * (b[i] ?? 0))

const finite = (v: Vector): boolean => v.every(Number.isFinite)

/** One step of the memory: the block that was drawn is evaluated, or every block where none was or there is no memory yet. */
export const remembered = (
  blocks: Partition,
  drawn: number,
  memory: O.Option<BlockMemory>,
  evaluate: (batch: Batch) => Asking<Vector>,
): Asking<Reduced> => {
  const components = blocks.reduce((n, { length }) => n + length, 0)
  const block = blocks[drawn]
  const before = O.isSome(memory) ? memory.value.rows[drawn] : undefined
  if (O.isNone(memory) || block === undefined || before === undefined)
    return map(sequence(blocks.map(evaluate)), (rows) => {
      const [first = new Float64Array(0)] = rows
      const shares = blocks.map(({ length }) => length / components)
      const mean = rows.reduce(
        (sum, row, b) => plus(sum, shares[b] ?? 0, row),
        first.map(() => 0),
      )
      const next = finite(mean) ? O.some({ rows, mean }) : memory
      return { batch: null, weight: 1, shift: null, fresh: mean, memory: next }
    })
  const { rows, mean } = memory.value
  const share = block.length / components
  const weight = share * blocks.length
  return map(evaluate(block), (fresh) => ({
    batch: block,
    weight,
    shift: plus(mean, -weight, before),
    fresh,
    memory: finite(fresh)
      ? O.some({ rows: rows.with(drawn, fresh), mean: plus(mean, share, plus(fresh, -1, before)) })
      : memory,
  }))
}

/** The codec of the memory of so many blocks, of vectors of a length. */
export const memoryCodec = (blocks: number, length: number): t.Type<BlockMemory, unknown, unknown> =>
  strict('a memory of blocks', {
    rows: t.refinement(
      t.readonlyArray(vector(length)),
      (rows) => rows.length === blocks,
      `an array of ${blocks} vectors`,
    ),
    mean: vector(length),
  })
