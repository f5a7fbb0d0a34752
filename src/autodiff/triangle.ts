import type { ValueType } from './ir.js'
import { expectType, fail, type Vocabulary } from './primitive.js'
import { showType } from './shape.js'
import type { Tensor } from './tensor.js'

/** The size of a square matrix. */
export const squareSize = (name: string, x: ValueType): number => {
  expectType(name, x, 'f64')
  const [n = 0, m = 0] = x.shape
  return x.shape.length === 2 && n === m ? n : fail(name, `expected a square matrix, got ${showType(x)}`)
}

/** The numbers of the rows and of the columns, at every element of a square matrix. */
const numbers = (v: Vocabulary, x: Tensor): readonly [rows: Tensor, columns: Tensor] => {
  const [n = 0] = x.shape
  const values = Array.from({ length: n }, (_, i) => i)
  const along = (shape: readonly [number, number]): Tensor =>
    v.broadcastTo(x.trace.emit('literal', { values, shape, type: 'f64' }, []), x.shape)
  return [along([n, 1]), along([1, n])]
}

/** A square matrix with zeros outside one triangle, the diagonal kept. */
export const triangle = (v: Vocabulary, x: Tensor, lower: boolean): Tensor => {
  const [rows, columns] = numbers(v, x)
  const inside = lower ? v.lessEqual(columns, rows) : v.lessEqual(rows, columns)
  return v.select(inside, x, v.constant(x, 0, x.shape))
}

/** The lower triangle with half of the diagonal: what of a symmetric matrix `x` gives `x` when its transpose is added. */
export const lowerHalf = (v: Vocabulary, x: Tensor): Tensor => {
  const [rows, columns] = numbers(v, x)
  const half = v.mul(x, v.constant(x, 0.5, x.shape))
  const below = v.select(v.less(columns, rows), x, v.constant(x, 0, x.shape))
  return v.select(v.equal(columns, rows), half, below)
}
