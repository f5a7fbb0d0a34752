/** Lower problems with a known spectrum: the Neumann series, conjugate gradients and unrolling beside what is proven of them. */
import { generator, normals } from 'steplaw'
import {
  conjugateGradients,
  type Estimator,
  type Hypergradient,
  hypergradient,
  neumann,
  neumannSeries,
  neumannTerm,
  quadraticBilevel,
  unrolled,
} from 'steplaw/bilevel'
import { type Curve, type Curves, counts, curve, distance, norm } from './curve.js'

/** The dimensions of $y$ and $x$. */
const [m, n] = [100, 10]

/** The most terms, iterations and steps. */
const most = 100

type Vector = Float64Array

const drawn = (purpose: string, length: number): Vector => normals(length)(generator(1, purpose))[0]

const matrix = (rows: number, columns: number, at: (i: number, j: number) => number) =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => at(i, j)))

const times = (A: ReadonlyArray<ReadonlyArray<number>>, v: Vector): Vector =>
  Float64Array.from(A, (row) => row.reduce((sum, a, j) => sum + a * (v[j] ?? 0), 0))

/** A reflection: orthogonal, symmetric, and dense. */
const Q = (() => {
  const w = drawn('reflection', m)
  const square = norm(w) ** 2
  return matrix(m, m, (i, j) => (i === j ? 1 : 0) - (2 * (w[i] ?? 0) * (w[j] ?? 0)) / square)
})()

/** $J^\top = B$, scaled so that its norm is of the order of 1. */
const B = (() => {
  const entries = drawn('cross', m * n)
  return matrix(m, n, (i, j) => (entries[i * n + j] ?? 0) / Math.sqrt(m))
})()

const [x, c] = [drawn('x', n), drawn('c', m)]

/** The eigenvalues of $H = Q \Lambda Q$: equally spaced from $\mu = 1/\kappa$ to $L = 1$. */
const spectrum = (kappa: number): Vector =>
  Float64Array.from({ length: m }, (_, i) => (1 + (i / (m - 1)) * (kappa - 1)) / kappa)

/**
 * $g = \frac12 y^\top H y + y^\top (Bx + c)$ and $f = \frac12 \|y - t\|^2$, with $t$ such that $\nabla_y f = b$ at $y^*(x)$.
 */
const quadratic = (kappa: number, b: Vector) => {
  const eigenvalues = spectrum(kappa)
  const H = matrix(m, m, (i, j) =>
    eigenvalues.reduce((sum, l, k) => sum + l * ((Q[i]?.[k] ?? 0) * (Q[j]?.[k] ?? 0)), 0),
  )
  const solve = (u: Vector): Vector =>
    times(
      Q,
      times(Q, u).map((ui, k) => ui / (eigenvalues[k] ?? 1)),
    )
  const y = solve(times(B, x).map((Bx, i) => -Bx - (c[i] ?? 0)))
  const zeros = (rows: number, columns: number) => matrix(rows, columns, () => 0)
  const problem = quadraticBilevel({
    lower: [{ H, B, c: [...c] }],
    upper: [
      {
        P: matrix(m, m, (i, j) => (i === j ? 1 : 0)),
        S: zeros(n, m),
        R: zeros(n, n),
        p: Array.from(b, (bi, i) => bi - (y[i] ?? 0)),
        r: Array.from(x, () => 0),
      },
    ],
  })
  return { problem, H, y, b, v: solve(b), mu: 1 / kappa, step: 1 }
}

type Quadratic = ReturnType<typeof quadratic>

/** The hypergradient of an estimator after `steps` inner steps from a point. */
const estimated = (
  { problem, step }: Quadratic,
  estimator: Estimator,
  y: Vector,
  steps: number,
): Hypergradient => {
  const found = hypergradient(problem, estimator, { x, y, steps: Array.from({ length: steps }, () => step) })
  if (found._tag === 'Left') throw new Error(found.left.message)
  return found.right
}

const solution = ({ v }: Hypergradient): Vector => (v._tag === 'Some' ? v.value : new Float64Array(m))

/** $\|v_N - H^{-1} b\| \le (1 - a \mu)^N \|b\| / \mu$, at the exact $y^*$. */
const neumannCurve = (q: Quadratic): Curve => {
  const { y, v, b, mu, step } = q
  return curve(counts(1, most), norm(v), (terms) => ({
    error: distance(solution(estimated(q, neumann({ terms, step }), y, 0)), v),
    bound: ((1 - step * mu) ** terms * norm(b)) / mu,
  }))
}

/** $\|v_k - H^{-1} b\| \le 2 \sqrt\kappa\, \rho^k \|H^{-1} b\|$ with $\rho = (\sqrt\kappa - 1) / (\sqrt\kappa + 1)$, from $v_0 = 0$. */
const cgCurve = (q: Quadratic): Curve => {
  const root = Math.sqrt(1 / q.mu)
  return curve(counts(0, most), norm(q.v), (iterations) => ({
    error: distance(solution(estimated(q, conjugateGradients({ iterations }), q.y, 0)), q.v),
    bound: 2 * root * ((root - 1) / (root + 1)) ** iterations * norm(q.v),
  }))
}

/** $\|z - \nabla F(x)\|$ against inner steps from 0: through the steps, and at their end by a linear system that is solved. */
const innerLoop = (q: Quadratic): Curves => {
  const { problem, y, b, mu, step } = q
  const gradient = problem.facts.gradient?.(x) ?? new Float64Array(n)
  const [J, start] = [problem.facts.crossNorm ?? Number.NaN, new Float64Array(m)]
  const solved = conjugateGradients({ iterations: m, tolerance: 1e-14 * norm(b) })
  return {
    unrolled: curve(counts(1, most), norm(gradient), (steps) => ({
      error: distance(estimated(q, unrolled(), start, steps).gradient, gradient),
      // L_fx = 0, L_fy = 1, y_0 = 0.
      bound: (J / mu) * (1 - step * mu) ** steps * (norm(y) + norm(b)),
    })),
    implicit: curve(counts(0, most), norm(gradient), (steps) => {
      const { gradient: z, certificate } = estimated(q, solved, start, steps)
      const bound = certificate.errorBound
      return { error: distance(z, gradient), ...(bound._tag === 'Some' ? { bound: bound.value } : {}) }
    }),
  }
}

/** Relative distances that are 0 in exact arithmetic, and how far a randomised series is from its mean. */
const identities = (q: Quadratic): Curves => {
  const { H, b, step } = q
  const products = () => (v: Vector) => times(H, v)
  const terms = [1, 2, 5, 10, 20, 50]
  const series = (N: number) => neumannSeries(products, b, { step, terms: N })
  const singles = (N: number) =>
    counts(0, N - 1).map((depth) => neumannTerm(products, b, { step, terms: N, depth }))
  const relative = (N: number, of: (all: ReadonlyArray<Vector>, v: Vector) => number): number => {
    const v = series(N)
    return of(singles(N), v) / norm(v)
  }
  const mean = (all: ReadonlyArray<Vector>): Vector =>
    Float64Array.from({ length: m }, (_, i) => all.reduce((sum, v) => sum + (v[i] ?? 0), 0) / all.length)
  const start = new Float64Array(m)
  return {
    mean: { at: terms, error: terms.map((N) => relative(N, (all, v) => distance(mean(all), v))) },
    spread: {
      at: terms,
      error: terms.map((N) =>
        relative(N, (all, v) => Math.sqrt(all.reduce((sum, u) => sum + distance(u, v) ** 2, 0) / all.length)),
      ),
    },
    unrolling: {
      at: terms,
      error: terms.map((steps) => {
        const z = estimated(q, unrolled(), start, steps)
        const atEnd = estimated(q, neumann({ terms: steps, step }), z.y, 0)
        return distance(z.gradient, atEnd.gradient) / norm(z.gradient)
      }),
    },
  }
}

/** Everything on one spectrum, with a drawn $b$; and the series again with $b$ along the eigenvector of $\mu$. */
export const onQuadratic = (kappa: number): Curves => {
  const q = quadratic(kappa, drawn('b', m))
  const slowest = quadratic(
    kappa,
    Float64Array.from(Q, (row) => row[0] ?? 0),
  )
  return {
    neumann: neumannCurve(q),
    slowest: neumannCurve(slowest),
    cg: cgCurve(q),
    ...innerLoop(q),
    ...identities(q),
  }
}
