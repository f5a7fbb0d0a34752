import type { Dense, Indices } from '../autodiff/array.js'
import type { ValueType } from '../autodiff/ir.js'
import { fail } from '../autodiff/primitive.js'
import type { Tensor } from '../autodiff/tensor.js'
import { vocabulary as v } from '../autodiff/vocabulary.js'
import { firstNotFinite } from '../numeric/finite.js'
import type { Bound, Executable } from './executable.js'
import { kept } from './kept.js'

/**
 * Named arrays whose first axis counts the rows.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export type Data = { readonly [name: string]: Dense | Indices }

/**
 * The data inside a trace: the rows of the batch.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export type TracedData<D> = { readonly [K in keyof D]: Tensor }

/**
 * Which rows a program sees, by number from 0, repeats counted; `null` for all.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export type Rows = Int32Array | null

/** Data as programs take it: bound once, so that a run names rows and copies none. */
export interface Table<D> {
  /** The number of rows; 0 where there are no arrays. */
  readonly rows: number
  /** The inputs of a program: the arrays, then the row numbers, unless all rows are meant. */
  readonly types: (size: number | null) => ReadonlyArray<ValueType>
  /** What binds the arrays, in a program that has so many inputs before them. */
  readonly bound: (before: number) => Bound
  /** The rows inside a trace, from those inputs. */
  readonly traced: (inputs: ReadonlyArray<Tensor>) => TracedData<D>
  /** Refuses rows that there are not. */
  readonly check: (field: string, rows: Rows) => void
}

const rowCount = (field: string, data: Data): number => {
  const counts = Object.entries(data).map(([name, { shape }]) => {
    const [n] = shape
    return n === undefined
      ? fail(`${field}.${name}`, 'must have an axis of rows, got a scalar')
      : ([name, n] as const)
  })
  const [first] = counts
  if (first === undefined) return fail(field, 'must hold at least one array')
  for (const [name, n] of counts)
    if (n !== first[1]) fail(`${field}.${name}`, `has ${n} rows, but ${field}.${first[0]} has ${first[1]}`)
  return first[1] > 0 ? first[1] : fail(field, 'must have at least one row')
}

const expectFinite = (field: string, data: Data): void => {
  for (const [name, { values }] of Object.entries(data)) {
    if (!(values instanceof Float64Array)) continue
    const bad = firstNotFinite(values)
    if (bad >= 0) fail(`${field}.${name}`, `entry ${bad} must be finite, got ${values[bad]}`)
  }
}

const expectRows = (field: string, rows: Rows, count: number): void => {
  if (rows === null) return
  if (!(rows instanceof Int32Array)) fail(field, 'must be an Int32Array or null')
  if (rows.length === 0) fail(field, 'must not be empty')
  for (let i = 0; i < rows.length; i += 1) {
    const r = rows[i] as number
    if (r < 0 || r >= count) fail(field, `entry ${i} must be a row from 0 to ${count - 1}, got ${r}`)
  }
}

const bind = <D extends Data>(data: D, rows: number): Table<D> => {
  const names = Object.keys(data)
  const arrays = Object.values(data)
  const types = arrays.map((a): ValueType => ({ shape: a.shape, type: a._tag === 'Dense' ? 'f64' : 'i32' }))
  return {
    rows,
    types: (size) => (size === null ? types : [...types, { shape: [size], type: 'i32' }]),
    bound: (before) => [...Array.from({ length: before }, () => null), ...arrays.map((a) => a.values)],
    traced: (inputs) => {
      const numbers = inputs[arrays.length]
      const seen = names.flatMap((name, i) => {
        const all = inputs[i]
        if (all === undefined) return []
        return [[name, numbers === undefined ? all : v.gather(all, numbers)] as const]
      })
      // Sound: the names are those of the data.
      return Object.fromEntries(seen) as TracedData<D>
    },
    check: (field, given) => {
      if (arrays.length === 0 && given !== null) fail(field, 'must be null, since there are no data')
      expectRows(field, given, rows)
    },
  }
}

/**
 * Checks data and makes a table of it.
 *
 * @throws `RangeError` naming the array whose number of rows is another, or that is not finite
 */
export const tableOf = <D extends Data>(field: string, data: D): Table<D> => {
  const rows = rowCount(field, data)
  expectFinite(field, data)
  return bind(data, rows)
}

/** The table of no data. */
export const noTable: Table<Readonly<Record<never, never>>> = bind({}, 0)

/** How many rows are named; `null` for all. */
export const sizeOf = (rows: Rows): number | null => (rows === null ? null : rows.length)

/** One program for every number of rows. */
export const bySize = (make: (size: number | null) => Executable): ((size: number | null) => Executable) => {
  const known = kept<number | null>()
  return (size) => known(size, () => make(size))
}
