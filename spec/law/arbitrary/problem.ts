import fc from 'fast-check'
import type { ObjectiveExpr } from '../../vocabulary/objective.js'
import { diagonal, entry, indices, type Matrix, rotated } from './rotation.js'

/**
 * A finite sum of convex quadratics $f_i(x) = \frac12 (x-b_i)^\top A_i (x-b_i) + k_i$ whose constants are known, as plain data.
 *
 * @category Laws
 * @since 0.1.0
 */
export interface KnownProblem {
  /** The objective in the standard's form; its `lowerBounds` satisfy $\ell_i \le \inf f_i = k_i$. */
  readonly objective: Extract<ObjectiveExpr, { readonly objective: 'quadratic' }> & {
    readonly k: ReadonlyArray<number>
    readonly lowerBounds: ReadonlyArray<number>
  }
  /** A point to start from. */
  readonly start: ReadonlyArray<number>
  /** $L_i$, the greatest eigenvalue of $A_i$: exact. */
  readonly L: ReadonlyArray<number>
  /** $\mu_i \ge 0$, the least eigenvalue of $A_i$: exact. */
  readonly mu: ReadonlyArray<number>
  /** A minimiser $x^*$ of the sum, each coordinate within one unit in its last place. */
  readonly minimiser: ReadonlyArray<number>
  /** Whether one point minimises every component: all $b_i$ are equal. Then $\sigma^2 = 0$. */
  readonly interpolates: boolean
  /** $\sigma^2 = \frac1n \sum_i f_i(x^*) - \inf f_i$, to within rounding. */
  readonly sigma2: number
}

const DIMENSION = 4
const COMPONENTS = 4

/** Eigenvalues are integers over $2^{22}$, coordinates over $2^3$; both are small, so that sums of products are exact. */
const MATRIX_UNIT = 2 ** -22
const POINT_UNIT = 2 ** -3

/** A solution of the consistent system $M x = c$ in integers, free variables zero, by elimination without fractions. */
const solve = (M: ReadonlyArray<ReadonlyArray<bigint>>, c: ReadonlyArray<bigint>): ReadonlyArray<number> => {
  const d = c.length
  const rows = M.map((row, i) => [...row, c[i] ?? 0n])
  const at = (i: number, j: number): bigint => rows[i]?.[j] ?? 0n
  const solution = new Array<number>(d).fill(0)
  const pivots: Array<number> = []
  let previous = 1n
  for (const column of indices(d)) {
    const r = pivots.length
    const found = rows.findIndex((_, i) => i >= r && at(i, column) !== 0n)
    if (found < 0) continue
    const pivotRow = rows[found] ?? []
    rows.splice(found, 1)
    rows.splice(r, 0, pivotRow)
    const pivot = at(r, column)
    rows.forEach((row, i) => {
      const factor = at(i, column)
      if (i !== r) rows[i] = row.map((x, j) => (pivot * x - factor * (pivotRow[j] ?? 0n)) / previous)
    })
    previous = pivot
    pivots.push(column)
  }
  pivots.forEach((column, r) => {
    // A quotient that is not zero is at least 2^-200 here, so that it keeps more bits than a double has.
    solution[column] = Number((at(r, d) << 320n) / at(r, column)) * 2 ** -320
  })
  return solution
}

const halfForm = (A: Matrix, r: ReadonlyArray<number>): number =>
  r.reduce((s, ri, i) => s + ri * r.reduce((t, rj, j) => t + entry(A, i, j) * rj, 0), 0) / 2

/** One component before the dimension is known: integers only. */
interface Component {
  readonly spectrum: ReadonlyArray<number>
  readonly v: ReadonlyArray<number>
  readonly w: ReadonlyArray<number>
  readonly b: ReadonlyArray<number>
  readonly k: number
  readonly loose: number
}

const vectorOf = (a: fc.Arbitrary<number>): fc.Arbitrary<ReadonlyArray<number>> =>
  fc.array(a, { minLength: DIMENSION, maxLength: DIMENSION })

const coordinate = (): fc.Arbitrary<number> => fc.integer({ min: -64, max: 64 })

/** $m 2^p$ with $m \le 7$ and twelve values of $p$: condition numbers up to 14,336. */
const eigenvalue = (): fc.Arbitrary<number> =>
  fc.tuple(fc.integer({ min: -6, max: 5 }), fc.integer({ min: 1, max: 7 })).map(([p, m]) => m * 2 ** (p + 6))

const componentArbitrary = (singular: boolean): fc.Arbitrary<Component> =>
  fc.record({
    spectrum: vectorOf(
      singular ? fc.oneof({ weight: 5, arbitrary: eigenvalue() }, fc.constant(0)) : eigenvalue(),
    ),
    v: vectorOf(fc.integer({ min: -2, max: 2 })),
    w: vectorOf(fc.integer({ min: -2, max: 2 })),
    b: vectorOf(coordinate()),
    k: fc.oneof(fc.constant(0), coordinate()),
    loose: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(64)),
  })

const assemble = (
  d: number,
  parts: ReadonlyArray<Component>,
  interpolates: boolean,
  start: ReadonlyArray<number>,
): KnownProblem => {
  const [shared] = parts
  const components = parts.map(({ spectrum, v, w, b, k, loose }) => {
    const cut = spectrum.slice(0, d)
    const e = cut.some((x) => x > 0) ? cut : diagonal(cut).map((_, i) => (i === 0 ? 64 : 0))
    const { A, scale } = rotated(e, v.slice(0, d), w.slice(0, d))
    const centre = (interpolates ? (shared?.b ?? b) : b).slice(0, d)
    return { A, b: centre, L: scale * Math.max(...e), mu: scale * Math.min(...e), k, l: k - loose }
  })
  const total = indices(d).map((i) =>
    indices(d).map((j) => BigInt(components.reduce((s, { A }) => s + entry(A, i, j), 0))),
  )
  const pull = indices(d).map((i) =>
    components.reduce(
      (s, { A, b }) => b.reduce((t, bj, j) => t + BigInt(entry(A, i, j)) * BigInt(bj), s),
      0n,
    ),
  )
  const minimiser = solve(total, pull).map((x) => x * POINT_UNIT)
  const A = components.map((c) => c.A.map((row) => row.map((a) => a * MATRIX_UNIT)))
  const b = components.map((c) => c.b.map((x) => x * POINT_UNIT))
  const excess = A.map((Ai, i) =>
    halfForm(
      Ai,
      minimiser.map((x, j) => x - (b[i]?.[j] ?? 0)),
    ),
  )
  return {
    objective: {
      objective: 'quadratic',
      A,
      b,
      k: components.map(({ k }) => k * POINT_UNIT),
      lowerBounds: components.map(({ l }) => l * POINT_UNIT),
    },
    start: start.slice(0, d).map((x) => x * POINT_UNIT),
    L: components.map(({ L }) => L * MATRIX_UNIT),
    mu: components.map(({ mu }) => mu * MATRIX_UNIT),
    minimiser,
    interpolates: components.every((c) => c.b.every((x, j) => x === components[0]?.b[j])),
    sigma2: excess.reduce((s, x) => s + x, 0) / parts.length,
  }
}

/**
 * Problems with known constants: one to four quadratics in one to four dimensions, with condition numbers up to about
 * $10^4$, interpolating or not, singular or not, with bounds $\ell_i$ that are exact or loose.
 *
 * Every $A_i = Q\,\mathrm{diag}(e)\,Q^\top$ is made in integers from a spectrum and two reflections: it is symmetric, and $L_i$ and
 * $\mu_i$ are its extreme eigenvalues, to the last bit; so are $\inf f_i = k_i$. The minimiser is solved for exactly and rounded
 * once. They shrink towards one component, one dimension, $A = 1$ and zeros.
 *
 * @param options - `interpolating`: all $b_i$ are equal; `stronglyConvex`: every $\mu_i > 0$. Both kinds by default.
 * @category Laws
 * @since 0.1.0
 * @example
 * ```ts
 * import { problemArbitrary } from 'steplaw/laws'
 * import { objectiveExpr } from 'steplaw/spec'
 * import fc from 'fast-check'
 *
 * fc.sample(problemArbitrary(), 20).every(({ objective }) => objectiveExpr.is(objective)) // => true
 * fc.sample(problemArbitrary({ stronglyConvex: true }), 20).every(({ mu }) => Math.min(...mu) > 0) // => true
 * ```
 */
export const problemArbitrary = ({
  interpolating,
  stronglyConvex,
}: {
  readonly interpolating?: boolean
  readonly stronglyConvex?: boolean
} = {}): fc.Arbitrary<KnownProblem> => {
  const parts = fc.array(componentArbitrary(!(stronglyConvex ?? false)), {
    minLength: 1,
    maxLength: COMPONENTS,
    size: 'max',
  })
  return fc
    .tuple(
      fc.integer({ min: 1, max: DIMENSION }),
      parts,
      interpolating === undefined ? fc.boolean() : fc.constant(interpolating),
      vectorOf(coordinate()),
    )
    .map(([d, components, interpolates, start]) => assemble(d, components, interpolates, start))
}
