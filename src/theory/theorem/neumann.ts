import fc from 'fast-check'
import { problemArbitrary } from '../../../spec/law/arbitrary/problem.js'
import { type HessianProduct, neumannSeries, neumannTerm } from '../../bilevel/hypergradient/neumann.js'
import { norm, squaredNorm } from '../../numeric/index.js'
import { solvePositiveDefinite } from '../../numeric/linear.js'
import type { Vector } from '../../problem/oracle.js'
import type { Card } from '../card/card.js'
import { type Comparison, compared, unmet } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Statement } from '../card/statement.js'

type Matrix = ReadonlyArray<ReadonlyArray<number>>

/** The estimates under test. */
export interface Neumann {
  readonly series: typeof neumannSeries
  readonly term: typeof neumannTerm
}

/**
 * Components of a Hessian with their extreme eigenvalues, a solution $v$, a number of terms, and a mixed derivative $B$.
 */
interface Solve {
  readonly A: ReadonlyArray<Matrix>
  readonly L: ReadonlyArray<number>
  readonly mu: ReadonlyArray<number>
  readonly v: Vector
  readonly terms: number
  readonly B: Matrix
}

const mean = (all: ReadonlyArray<number>): number => all.reduce((s, a) => s + a, 0) / all.length

const applied =
  (A: Matrix): HessianProduct =>
  (v) =>
    Float64Array.from(A, (row) => row.reduce((s, a, j) => s + a * (v[j] ?? 0), 0))

/** $A^\top u$. */
const transposed = (A: Matrix, u: Vector): Vector =>
  Float64Array.from(A[0] ?? [], (_, j) => A.reduce((s, row, i) => s + (row[j] ?? 0) * (u[i] ?? 0), 0))

const meanOf = (all: ReadonlyArray<Matrix>): Matrix =>
  (all[0] ?? []).map((row, i) => row.map((_, j) => mean(all.map((A) => A[i]?.[j] ?? 0))))

const minus = (u: Vector, w: Vector): Vector => u.map((ui, i) => ui - (w[i] ?? 0))

/** Numbers of a few bits, so that what is multiplied is nearly exact. */
const entries = (length: number): fc.Arbitrary<ReadonlyArray<number>> =>
  fc.array(
    fc.integer({ min: -32, max: 32 }).map((i) => i / 8),
    { minLength: length, maxLength: length },
  )

const cases: fc.Arbitrary<Solve> = problemArbitrary({ stronglyConvex: true }).chain(
  ({ objective: { A }, L, mu, start }) => {
    const d = start.length
    // Three components and products at most: the tree of batches stays small.
    const kept = A.slice(0, 3)
    return fc.record({
      A: fc.constant(kept),
      L: fc.constant(L.slice(0, 3)),
      mu: fc.constant(mu.slice(0, 3)),
      v: entries(d).map((v) => Float64Array.from(v)),
      terms: fc.integer({ min: 1, max: 5 }),
      B: fc.array(entries(2), { minLength: d, maxLength: d }),
    })
  },
)

const show = ({ A, v, terms, B }: Solve) => ({ A, v: Array.from(v), terms, B })

/** What rounding leaves of numbers of this size, after a few hundred operations. */
const DIGITS = 1e-12

const subjects: { readonly [name: string]: Neumann } = {
  neumann: { series: neumannSeries, term: neumannTerm },
}

const common = {
  evidence: ['D', 'V'],
  slack: '1e-12 of what is added',
  cases,
  show,
  subjects,
} as const

/** For every number of terms up to the drawn one: that a longer series is better is part of what is said. */
export const truncation: Statement<Neumann, Solve> = {
  ...common,
  id: 'P22.error',
  kind: 'path',
  says: '$\\|H^{-1} b - v_N\\| \\le \\frac{(1 - \\mu/L)^N}\\mu \\|b\\|$ for steps of $1/L$',
  hypotheses: [
    { says: '$\\mu I \\preceq H \\preceq L I$, $\\mu > 0$', holds: ({ mu }) => mu.every((m) => m > 0) },
  ],
  evaluate: ({ series }, { A: [A = []], L: [L = 1], mu: [mu = 1], v, terms }) => {
    const product = applied(A)
    const b = product(v)
    const size = norm(b)
    return compared(
      Array.from({ length: 4 * terms }, (_, i): Comparison => {
        const N = i + 1
        let factor = 1
        for (let q = 0; q < N; q++) factor *= 1 - mu / L
        const found = series(() => product, b, { step: 1 / L, terms: N })
        return {
          at: `N = ${N}`,
          observed: norm(minus(v, found)),
          bound: (factor / mu) * size,
          slack: DIGITS * (norm(v) + size / mu),
        }
      }),
    )
  },
  mutants: ['oneTermShort', 'withoutTheStep', 'oneProductTooMany'],
}

/** Every sequence of $d$ components out of $n$. */
const sequences = (n: number, d: number): ReadonlyArray<ReadonlyArray<number>> =>
  d === 0 ? [[]] : sequences(n, d - 1).flatMap((some) => Array.from({ length: n }, (_, i) => [...some, i]))

/** The exact expectation over the depth and the component of every product. */
export const unbiased: Statement<Neumann, Solve> = {
  ...common,
  id: 'P22.unbiased',
  kind: 'expectation',
  says: '$\\mathbb E\\, N a\\, t_d = v_N$ for $d$ uniform on $0, \\dots, N - 1$ and independent components of $H$',
  hypotheses: [],
  evaluate: ({ series, term }, { A, L, v, terms }) => {
    const n = A.length
    const step = 1 / Math.max(...L)
    const H = applied(meanOf(A))
    const b = H(v)
    const products = A.map(applied)
    const expected = v.map(() => 0)
    let size = 0
    for (let depth = 0; depth < terms; depth++) {
      const all = sequences(n, depth)
      for (const chosen of all) {
        const found = term((q) => products[chosen[q] ?? 0] ?? H, b, { step, terms, depth })
        for (const [i, f] of found.entries()) expected[i] = (expected[i] ?? 0) + f / (terms * all.length)
        size += norm(found) / (terms * all.length)
      }
    }
    const whole = series(() => H, b, { step, terms })
    return compared([
      {
        at: `N = ${terms}`,
        observed: norm(minus(expected, whole)),
        bound: 0,
        slack: DIGITS * (size + norm(whole)),
      },
    ])
  },
  mutants: ['deepestOnly', 'neverTheFirst', 'sameBatchInAll'],
}

/** For $g = \frac12 y^\top H y - y^\top B x$, whose mixed derivative is $-B^\top$, with the residual $y^* - t = H v$. */
export const bias: Statement<Neumann, Solve> = {
  ...common,
  id: 'P22.hypergradient',
  kind: 'path',
  says: '$\\|h_N - \\nabla F\\| \\le \\|B\\| \\|\\nabla_y f\\| (1 - \\mu/L)^N / \\mu$ for $g = \\frac12 y^\\top H y - y^\\top B x$, $f = \\frac12 \\|y - t\\|^2$',
  hypotheses: [],
  evaluate: ({ series }, { A: [A = []], L: [L = 1], mu: [mu = 1], v, terms, B }) => {
    const product = applied(A)
    const residual = product(v)
    const exact = transposed(B, v)
    const size = Math.sqrt(B.reduce((s, row) => s + row.reduce((r, b) => r + b * b, 0), 0))
    let factor = 1
    return compared(
      Array.from({ length: 2 * terms }, (_, i): Comparison => {
        const N = i + 1
        factor *= 1 - mu / L
        const found = transposed(
          B,
          series(() => product, residual, { step: 1 / L, terms: N }),
        )
        return {
          at: `N = ${N}`,
          observed: norm(minus(found, exact)),
          bound: (size * norm(residual) * factor) / mu,
          slack: DIGITS * size * (norm(v) + norm(residual) / mu),
        }
      }),
    )
  },
  mutants: ['withoutTheStep', 'oneProductTooMany'],
}

/** $H$ row by row. */
const flat = (A: Matrix): Float64Array => Float64Array.from(A.flat())

/**
 * At any $x$, with $y^*(x) = H^{-1} B x$ and $t = y^*(x) - H v$: one move of $x_j$ by $h$ moves the residual $y^* - t$ by
 * $h H^{-1} B e_j$, so that $x$ itself is not needed. $F$ is a quadratic, so that its central differences are exact but for rounding.
 */
export const differences: Statement<Neumann, Solve> = {
  ...common,
  id: 'P22.differences',
  kind: 'path',
  says: '$h_N$ is within $\\|B\\| \\|\\nabla_y f\\| (1 - \\mu/L)^N / \\mu$ of the central differences of $F(x) = f(y^*(x))$ for $g = \\frac12 y^\\top H y - y^\\top B x$, $f = \\frac12 \\|y - t\\|^2$',
  slack: '1e-9 of what is added and divided by the step of the differences',
  hypotheses: [],
  evaluate: ({ series }, { A: [A = []], L: [L = 1], mu: [mu = 1], v, terms, B }) => {
    const product = applied(A)
    const residual = product(v)
    const size = Math.sqrt(B.reduce((s, row) => s + row.reduce((r, b) => r + b * b, 0), 0))
    const moves = (B[0] ?? []).map((_, j) =>
      solvePositiveDefinite(
        flat(A),
        Float64Array.from(B, (row) => row[j] ?? 0),
      ),
    )
    if (moves.includes(null)) return unmet('$H$ is safely positive definite', 'a small pivot')
    const F = (move: Vector, h: number): number =>
      squaredNorm(residual.map((r, i) => r + h * (move[i] ?? 0))) / 2
    const reach = Math.max(...moves.map((move) => norm(move ?? residual)))
    const h = reach === 0 ? 1 : (1 + norm(residual)) / reach
    const central = Float64Array.from(moves, (move) => {
      const to = move ?? residual
      return (F(to, h) - F(to, -h)) / (2 * h)
    })
    const rounding = 1e-9 * (1 + norm(residual) + size * norm(v)) * (1 + reach + size / mu)
    let factor = 1
    return compared(
      Array.from({ length: 2 * terms }, (_, i): Comparison => {
        const N = i + 1
        factor *= 1 - mu / L
        const found = transposed(
          B,
          series(() => product, residual, { step: 1 / L, terms: N }),
        )
        return {
          at: `N = ${N}`,
          observed: norm(minus(found, central)),
          bound: (size * norm(residual) * factor) / mu,
          slack: rounding,
        }
      }),
    )
  },
  mutants: ['withoutTheStep', 'oneProductTooMany'],
}

export const neumann22: Card = {
  id: 'P22',
  title: 'The Neumann series for an inverse Hessian',
  about:
    'A hypergradient needs $H^{-1} \\nabla_y f$. The Neumann series comes within $(1 - \\mu/L)^N/\\mu$ of it with products alone, and one term of it at a random depth estimates the truncated sum without bias. On quadratic problems the error of the hypergradient follows, and is held against differences of $F$ too.',
  proof:
    '$H^{-1} = a \\sum_{q \\ge 0} (I - aH)^q$ for $a = 1/L$, since the norm of $I - aH$ is at most $1 - \\mu/L < 1$; what is left out is $(I - aH)^N H^{-1}$. At a random depth every power comes with probability $1/N$, and products of independent components have the product of the means.',
  sources: ['ghadimi2018'],
  statements: [seal(truncation), seal(unbiased), seal(bias), seal(differences)],
}
