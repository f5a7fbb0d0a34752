import { array, type Dense } from '../../autodiff/array.js'
import { add, mul } from '../../autodiff/elementwise.js'
import { fail } from '../../autodiff/primitive.js'
import { matmul, reshape } from '../../autodiff/structural.js'
import type { Tensor } from '../../autodiff/tensor.js'
import type { RowMajor } from '../../numeric/dense.js'
import { meanOf, rowsOf } from '../../problem/objective/input.js'
import { boundsOf, type LowerBounds } from './input.js'
import type { BilevelFacts } from './problem.js'
import { quadraticFacts } from './quadraticFacts.js'
import { bilevelProblem, type TracedBilevelProblem } from './traced.js'

type Rows = ReadonlyArray<ReadonlyArray<number>>

/**
 * A quadratic over a quadratic: components of $g = \frac12 y^\top H y + y^\top (Bx + c)$ and of
 * $f = \frac12 y^\top P y + x^\top S y + \frac12 x^\top R x + p^\top y + r^\top x$; $B$ is $m \times n$, $S$ $n \times m$.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface QuadraticBilevel {
  readonly lower: ReadonlyArray<{
    readonly H: ReadonlyArray<ReadonlyArray<number>>
    readonly B: ReadonlyArray<ReadonlyArray<number>>
    readonly c: ReadonlyArray<number>
  }>
  readonly upper: ReadonlyArray<{
    readonly P: ReadonlyArray<ReadonlyArray<number>>
    readonly S: ReadonlyArray<ReadonlyArray<number>>
    readonly R: ReadonlyArray<ReadonlyArray<number>>
    readonly p: ReadonlyArray<number>
    readonly r: ReadonlyArray<number>
  }>
  readonly lowerBounds?: LowerBounds
}

const size = (field: string, rows: Rows, height: number, width: number): void => {
  if (rows.length !== height || rows.some((row) => row.length !== width))
    fail(field, `must be ${height} by ${width}, got ${rows.length} by ${rows[0]?.length ?? 0}`)
}

const symmetric = (field: string, rows: Rows): void => {
  rows.forEach((row, i) => {
    row.forEach((a, j) => {
      if (a !== rows[j]?.[i])
        fail(`${field}[${i}][${j}]`, `must equal ${field}[${j}][${i}], got ${a} and ${rows[j]?.[i]}`)
    })
  })
}

/** Matrices of one size, stacked. */
const stacked = (field: string, all: ReadonlyArray<Rows>, height: number, width: number): Dense => {
  all.forEach((rows, i) => {
    size(`${field}[${i}]`, rows, height, width)
    if (height > 0 && width > 0) rowsOf(`${field}[${i}]`, rows)
  })
  return array([all.length, height, width], all.flat(2))
}

const vectors = (field: string, all: ReadonlyArray<ReadonlyArray<number>>, length: number): Dense => {
  size(field, all, all.length, length)
  return rowsOf(field, all).A
}

/** $u^\top A_i w$ for every matrix of a stack. */
const form = (u: Tensor, A: Tensor, w: Tensor): Tensor => {
  const [k = 0, height = 0, width = 0] = A.shape
  const Aw = reshape(matmul(reshape(A, [k * height, width]), w), [k, height])
  return matmul(Aw, u)
}

const meanEntries = (all: ReadonlyArray<ReadonlyArray<number>>): Float64Array =>
  Float64Array.from(all[0] ?? [], (_, i) => meanOf(all.map((entries) => entries[i] ?? 0)))

const meanMatrix = (all: ReadonlyArray<Rows>, rows: number, columns: number): RowMajor => ({
  rows,
  columns,
  values: meanEntries(all.map((matrix) => matrix.flat())),
})

const factsOf = ({ lower, upper }: QuadraticBilevel, n: number, m: number): BilevelFacts =>
  quadraticFacts({
    H: meanMatrix(
      lower.map((g) => g.H),
      m,
      m,
    ),
    B: meanMatrix(
      lower.map((g) => g.B),
      m,
      n,
    ),
    c: meanEntries(lower.map((g) => g.c)),
    P: meanMatrix(
      upper.map((f) => f.P),
      m,
      m,
    ),
    S: meanMatrix(
      upper.map((f) => f.S),
      n,
      m,
    ),
    R: meanMatrix(
      upper.map((f) => f.R),
      n,
      n,
    ),
    p: meanEntries(upper.map((f) => f.p)),
    r: meanEntries(upper.map((f) => f.r)),
  })

/**
 * A quadratic upper function over a quadratic lower one, as means of components. With the means of the components, and
 * $Y = -H^{-1} B$,
 * $$y^*(x) = -H^{-1}(Bx + c), \qquad \nabla F(x) = S y^* + R x + r - B^\top H^{-1}(P y^* + S^\top x + p), \qquad
 *   \nabla^2 F = R + Y^\top P Y + S Y + (S Y)^\top .$$
 *
 * Facts: all constants, from eigenvalues (within rounding); where $H$ is positive definite $y^*$, $F$ and $\nabla F$ from dense
 * solves, and where $\nabla^2 F$ is too the minimiser and the minimum. Making them costs $O(m^3 + n^3)$.
 *
 * @throws `RangeError` naming the field: wrong shapes, entries that are not finite, a matrix that is not symmetric.
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[1]], p: [-2], r: [0.25] }],
 * })
 * problem.upper.value(Float64Array.of(0), Float64Array.of(0.5), null) // => -0.875
 * problem.facts.mu // => 2
 * problem.facts.minimiser?.map((x) => Math.round(1e9 * x) / 1e9) // => Float64Array.of(-6)
 * problem.facts.gradient?.(Float64Array.of(0)).map((z) => Math.round(1e9 * z) / 1e9) // => Float64Array.of(1.5)
 * ```
 */
export const quadraticBilevel = (
  given: QuadraticBilevel,
): TracedBilevelProblem<readonly [number], readonly [number]> => {
  const { lower, upper } = given
  const bounds = boundsOf(given.lowerBounds)
  const [g, f] = [lower[0], upper[0]]
  if (g === undefined) return fail('lower', 'must have at least one component')
  if (f === undefined) return fail('upper', 'must have at least one component')
  const [m, n] = [g.c.length, f.r.length]
  lower.forEach(({ H }, i) => {
    symmetric(`lower[${i}].H`, H)
  })
  upper.forEach(({ P, R }, i) => {
    symmetric(`upper[${i}].P`, P)
    symmetric(`upper[${i}].R`, R)
  })
  return bilevelProblem({
    name: 'quadraticBilevel',
    x: [n],
    y: [m],
    lower: {
      data: {
        H: stacked(
          'lower.H',
          lower.map((c) => c.H),
          m,
          m,
        ),
        B: stacked(
          'lower.B',
          lower.map((c) => c.B),
          m,
          n,
        ),
        c: vectors(
          'lower.c',
          lower.map((c) => c.c),
          m,
        ),
      },
      component: (x, y, { H, B, c }) => add(mul(0.5, form(y, H, y)), add(form(y, B, x), matmul(c, y))),
      lowerBound: bounds.lower,
    },
    upper: {
      data: {
        P: stacked(
          'upper.P',
          upper.map((c) => c.P),
          m,
          m,
        ),
        S: stacked(
          'upper.S',
          upper.map((c) => c.S),
          n,
          m,
        ),
        R: stacked(
          'upper.R',
          upper.map((c) => c.R),
          n,
          n,
        ),
        p: vectors(
          'upper.p',
          upper.map((c) => c.p),
          m,
        ),
        r: vectors(
          'upper.r',
          upper.map((c) => c.r),
          n,
        ),
      },
      component: (x, y, { P, S, R, p, r }) =>
        add(
          add(mul(0.5, form(y, P, y)), form(x, S, y)),
          add(mul(0.5, form(x, R, x)), add(matmul(p, y), matmul(r, x))),
        ),
      lowerBound: bounds.upper,
    },
    facts: factsOf(given, n, m),
  })
}
