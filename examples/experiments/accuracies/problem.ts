/** Least squares over least squares: f = |A1 y - b1|^2 / 2 and g = |A2 y + A3 x - b2|^2 / 2, less their constant terms. */
import { generator, normals, uniforms } from 'steplaw'
import { type BilevelProblem, quadraticBilevel } from 'steplaw/bilevel'

type Vector = Float64Array
type Rows = ReadonlyArray<Vector>

const dot = (a: Vector, b: Vector): number => a.reduce((s, ai, i) => s + ai * (b[i] ?? 0), 0)

export const norm = (a: Vector): number => Math.sqrt(dot(a, a))

const times = (A: Rows, v: Vector): Vector => Float64Array.from(A, (row) => dot(row, v))

const column = (A: Rows, j: number): Vector => Float64Array.from(A, (row) => row[j] ?? 0)

/** A^T B. */
const gram = (A: Rows, B: Rows): ReadonlyArray<ReadonlyArray<number>> => {
  const columns = Array.from(B[0] ?? [], (_, j) => column(B, j))
  return Array.from(A[0] ?? [], (_, i) => {
    const left = column(A, i)
    return columns.map((right) => dot(left, right))
  })
}

const zeros = (rows: number, columns: number): ReadonlyArray<ReadonlyArray<number>> =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => 0))

export interface LeastSquares {
  /** How many unknowns x has; y has ten, and there are 1000 rows. */
  readonly upper: number
  /** What is taken from entries that are drawn from [0, 1]. */
  readonly centre: number
}

/** The matrices have the entries said, the right sides are those of solutions in [0, 1] with noise of 0.01. */
export const leastSquares = ({ upper: n, centre }: LeastSquares): BilevelProblem => {
  const [m, count] = [10, 1000]
  const [entries, random] = uniforms(count * (2 * m + n))(generator(29))
  const [solutions, more] = uniforms(2 * m + n)(random)
  const [noise] = normals(2 * count)(more)
  const matrix = (from: number, width: number): Rows =>
    Array.from({ length: count }, (_, i) =>
      entries.slice(from + i * width, from + (i + 1) * width).map((a) => a - centre),
    )
  const A1 = matrix(0, m)
  const A2 = matrix(count * m, m)
  const A3 = matrix(2 * count * m, n)
  const b1 = times(A1, solutions.slice(0, m)).map((b, i) => b + 0.01 * (noise[i] ?? 0))
  const shift = times(A3, solutions.slice(2 * m))
  const b2 = times(A2, solutions.slice(m, 2 * m)).map(
    (b, i) => b + (shift[i] ?? 0) + 0.01 * (noise[count + i] ?? 0),
  )
  const against = (A: Rows, b: Vector) => Array.from(A[0] ?? [], (_, j) => -dot(column(A, j), b))
  return quadraticBilevel({
    lower: [{ H: gram(A2, A2), B: gram(A2, A3), c: against(A2, b2) }],
    upper: [
      {
        P: gram(A1, A1),
        S: zeros(n, m),
        R: zeros(n, n),
        p: against(A1, b1),
        r: Array.from({ length: n }, () => 0),
      },
    ],
  })
}

/** A Lipschitz constant of grad F, which is affine: the Frobenius norm of its matrix. */
export const lipschitz = ({ dimension, facts }: BilevelProblem): number => {
  const gradient = facts.gradient ?? ((x) => x)
  const [zero, unit] = [
    new Float64Array(dimension.x),
    (j: number) => new Float64Array(dimension.x).fill(1, j, j + 1),
  ]
  const at0 = gradient(zero)
  return norm(
    Float64Array.from(Array.from(zero, (_, j) => norm(gradient(unit(j)).map((z, i) => z - (at0[i] ?? 0))))),
  )
}
