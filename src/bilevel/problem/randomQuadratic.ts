import { array, type Dense } from '../../autodiff/array.js'
import { add, mul, square } from '../../autodiff/elementwise.js'
import { fail } from '../../autodiff/primitive.js'
import { dot, matmul } from '../../autodiff/structural.js'
import type { Tensor } from '../../autodiff/tensor.js'
import { plus, type RowMajor, tabulate, transposed } from '../../numeric/dense.js'
import { exp, log } from '../../numeric/index.js'
import { symmetricEigenvalues } from '../../numeric/linear.js'
import { squaredNorm } from '../../numeric/sum.js'
import type { Vector } from '../../problem/oracle.js'
import { generator, normals } from '../../problem/random.js'
import { boundsOf, finiteOf, integerOf, type LowerBounds } from './input.js'
import { hypergradientHessian, type QuadraticMeans, quadraticFacts } from './quadraticFacts.js'
import { bilevelProblem, type TracedBilevelProblem } from './traced.js'

/**
 * The parameters of {@link randomQuadratic}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface RandomQuadratic {
  /** The numbers of components of $f$ and $g$; 1024 each. */
  readonly samples?: { readonly upper: number; readonly lower: number }
  /** $n$ and $m$; 100 each. */
  readonly dimension?: { readonly x: number; readonly y: number }
  /** The ends of the spectra, $0 < \mu \le L$; 0.1 and 1. */
  readonly mu?: number
  readonly L?: number
  /** The largest singular value of the mixed derivatives; 0.1. */
  readonly crossNorm?: number
  /** An integer of 32 bits. */
  readonly seed: number
  readonly lowerBounds?: LowerBounds
}

/** Numbers from `low` to `high`, equally spaced in their logarithms. */
const spaced = (low: number, high: number, count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) =>
    count === 1 || i === count - 1
      ? high
      : i === 0
        ? low
        : exp(log(low) + (i / (count - 1)) * (log(high) - log(low))),
  )

/** A reflection along a random direction: an orthogonal matrix that costs as much as a vector. */
const reflection = (direction: Vector): ((v: Vector) => Vector) => {
  const square = squaredNorm(direction)
  return (v) => {
    const along = v.reduce((s, vi, i) => s + vi * (direction[i] ?? 0), 0)
    return v.map((vi, i) => vi - ((2 * along) / square) * (direction[i] ?? 0))
  }
}

/** The vectors of all components of one level, row by row. */
interface Samples {
  readonly s: RowMajor
  readonly t: RowMajor
  readonly u: RowMajor
  readonly w: RowMajor
  readonly a: RowMajor
  readonly b: RowMajor
}

/** The orthogonal matrices that both levels share, and their spectra. */
interface Law {
  readonly inY: (v: Vector) => Vector
  readonly inX: (v: Vector) => Vector
  readonly ofY: Vector
  readonly ofX: Vector
  readonly cross: Vector
}

const rows = (count: number, width: number, row: (i: number) => Vector): RowMajor => {
  const values = new Float64Array(count * width)
  for (let i = 0; i < count; i += 1) values.set(row(i), i * width)
  return { rows: count, columns: width, values }
}

const sampled = (seed: number, level: string, count: number, { inY, inX, ofY, ofX, cross }: Law): Samples => {
  const [n, m] = [ofX.length, ofY.length]
  const gaussian = (purpose: string, width: number): ((i: number) => Vector) => {
    const [all] = normals(count * width)(generator(seed, `${level} ${purpose}`))
    return (i) => all.slice(i * width, (i + 1) * width)
  }
  const weighed = (v: Vector, by: Vector, length: number): Vector =>
    Float64Array.from({ length }, (_, j) => (v[j] ?? 0) * (by[j] ?? 0))
  const [forY, forX, forBoth] = [gaussian('y', m), gaussian('x', n), gaussian('cross', cross.length)]
  const ones = new Float64Array(cross.length).fill(1)
  return {
    s: rows(count, m, (i) => inY(weighed(forY(i), ofY.map(Math.sqrt), m))),
    t: rows(count, n, (i) => inX(weighed(forX(i), ofX.map(Math.sqrt), n))),
    u: rows(count, n, (i) => inX(weighed(forBoth(i), cross, n))),
    w: rows(count, m, (i) => inY(weighed(forBoth(i), ones, m))),
    a: rows(count, m, gaussian('linear in y', m)),
    b: rows(count, n, gaussian('linear in x', n)),
  }
}

/** The mean of $u_i w_i^\top$. */
const meanOuter = (u: RowMajor, w: RowMajor): RowMajor => {
  const values = new Float64Array(u.columns * w.columns)
  for (let i = 0; i < u.rows; i += 1)
    for (let j = 0; j < u.columns; j += 1) {
      const uj = (u.values[i * u.columns + j] ?? 0) / u.rows
      for (let k = 0; k < w.columns; k += 1) {
        const e = j * w.columns + k
        values[e] = (values[e] ?? 0) + uj * (w.values[i * w.columns + k] ?? 0)
      }
    }
  return { rows: u.columns, columns: w.columns, values }
}

const meanRow = ({ rows: count, columns, values }: RowMajor): Vector =>
  Float64Array.from({ length: columns }, (_, j) => {
    let s = 0
    for (let i = 0; i < count; i += 1) s += values[i * columns + j] ?? 0
    return s / count
  })

const dense = ({ rows: count, columns, values }: RowMajor): Dense => array([count, columns], values)

const data = ({ s, t, u, w, a, b }: Samples) => ({
  s: dense(s),
  t: dense(t),
  u: dense(u),
  w: dense(w),
  a: dense(a),
  b: dense(b),
})

type Traced = { readonly [K in keyof Samples]: Tensor }

const component = (x: Tensor, y: Tensor, { s, t, u, w, a, b }: Traced): Tensor =>
  add(
    add(mul(0.5, square(matmul(s, y))), mul(0.5, square(matmul(t, x)))),
    add(mul(matmul(u, x), matmul(w, y)), add(matmul(a, y), matmul(b, x))),
  )

/**
 * The exact quadratic of the field's benchmark: components of rank one at both levels,
 * $$\varphi_i = \tfrac12 (s_i^\top y)^2 + \tfrac12 (t_i^\top x)^2 + (u_i^\top x)(w_i^\top y) + a_i^\top y + b_i^\top x ,$$
 * normal vectors such that $\mathbb E\, s s^\top$ has eigenvalues from $\mu$ to $L$, equally spaced in their logarithms,
 * $\mathbb E\, t t^\top$ the eigenvalue 0 and others from $\mu$ to $L$, $\mathbb E\, u w^\top$ singular values from
 * $\min(\mu, \cdot)$ to `crossNorm`, and $a$, $b$ standard normal; $f$ and $g$ are means over independent draws. The Hessian of one batch
 * is singular unless the batch has $m$ components.
 *
 * $F$ is made strongly convex without drawing again: $f$ has $\frac\tau2 \|x\|^2$ more, with the least $\tau \ge 0$ such that
 * $\nabla^2 F \succeq \mu I$.
 *
 * Facts: those of {@link quadraticBilevel}, of the means over the components that were drawn (not of their expectations). Both
 * components and means are unbounded below: bounds that are given or 0 serve as targets of rules only.
 *
 * Memory: $3 (n + m)$ numbers for each component. Time: $O(n m N + n^3 + m^3)$.
 *
 * @throws `RangeError` naming the field outside its domain, among them fewer than $m$ components of $g$.
 * @cite dagreou2022
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { randomQuadratic } from 'steplaw/bilevel'
 *
 * const problem = randomQuadratic({ samples: { upper: 64, lower: 64 }, dimension: { x: 3, y: 4 }, seed: 1 })
 * problem.dimension // => { x: 3, y: 4 }
 * const [x, facts] = [problem.facts.minimiser ?? new Float64Array(3), problem.facts]
 * facts.gradient?.(x).every((z) => Math.abs(z) < 1e-9) // => true
 * ```
 */
export const randomQuadratic = ({
  samples: { upper, lower } = { upper: 1024, lower: 1024 },
  dimension: { x: n, y: m } = { x: 100, y: 100 },
  mu = 0.1,
  L = 1,
  crossNorm = 0.1,
  seed,
  lowerBounds,
}: RandomQuadratic): TracedBilevelProblem<readonly [number], readonly [number]> => {
  integerOf('dimension.x', n, 1)
  integerOf('dimension.y', m, 1)
  integerOf('samples.upper', upper, 1)
  integerOf('samples.lower', lower, m)
  if (!(finiteOf('mu', mu) > 0)) fail('mu', `must be > 0, got ${mu}`)
  finiteOf('L', L, mu)
  if (!(finiteOf('crossNorm', crossNorm) > 0)) fail('crossNorm', `must be > 0, got ${crossNorm}`)
  const bounds = boundsOf(lowerBounds)
  const direction = (purpose: string, length: number): Vector => normals(length)(generator(seed, purpose))[0]
  const law: Law = {
    inY: reflection(direction('axes of y', m)),
    inX: reflection(direction('axes of x', n)),
    ofY: spaced(mu, L, m),
    ofX: Float64Array.of(0, ...spaced(mu, L, n - 1)),
    cross: spaced(Math.min(mu, crossNorm), crossNorm, Math.min(n, m)),
  }
  const above = sampled(seed, 'upper', upper, law)
  const below = sampled(seed, 'lower', lower, law)
  const drawn: QuadraticMeans = {
    H: meanOuter(below.s, below.s),
    B: transposed(meanOuter(below.u, below.w)),
    c: meanRow(below.a),
    P: meanOuter(above.s, above.s),
    S: meanOuter(above.u, above.w),
    R: meanOuter(above.t, above.t),
    p: meanRow(above.a),
    r: meanRow(above.b),
  }
  const hessian =
    hypergradientHessian(drawn) ??
    fail('samples.lower', `must be more: the lower Hessian of ${lower} components is numerically singular`)
  const tau = Math.max(0, mu - (symmetricEigenvalues(hessian.values, n)[0] ?? 0))
  const R = plus(
    drawn.R,
    tabulate(n, n, (i, j) => (i === j ? tau : 0)),
  )
  return bilevelProblem({
    name: 'randomQuadratic',
    x: [n],
    y: [m],
    lower: { data: data(below), component, lowerBound: bounds.lower },
    upper: {
      data: data(above),
      component,
      shared: (x) => mul(tau / 2, dot(x, x)),
      lowerBound: bounds.upper,
    },
    facts: quadraticFacts({ ...drawn, R }),
  })
}
