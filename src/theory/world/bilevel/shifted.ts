import fc from 'fast-check'
import { dot, norm, tanh } from '../../../numeric/index.js'
import type { Vector } from '../../../problem/oracle.js'
import { logCosh } from '../scalar.js'
import { entries, matrix, positiveDefinite, positiveSemidefinite, type Spectral } from './draw.js'
import { plus, type Rows, spectralNorm, spectrum, times, timesTransposed, vector } from './matrix.js'
import { type LowerParts, type UpperParts, writtenOut } from './oracle.js'
import type { BoundedBilevelWorld } from './world.js'

/** $\sup |\tanh''| = 4/(3\sqrt3)$. */
const BEND = (4 / (3 * Math.sqrt(3))) * (1 + 2 ** -40)

interface Ingredients {
  readonly spectral: Spectral
  /** The weight of $\log\cosh$. */
  readonly s: number
  readonly W: Rows
  readonly b: ReadonlyArray<number>
  readonly P: Rows
  readonly p: ReadonlyArray<number>
  readonly rho: number
  readonly r: ReadonlyArray<number>
  readonly x: ReadonlyArray<number>
  readonly y: ReadonlyArray<number>
}

const assemble = ({ spectral, s, W, b, P, p, rho, r, x, y }: Ingredients): BoundedBilevelWorld => {
  const [m, n] = [b.length, r.length]
  const H0 = spectral.A
  const [bias, linearY, linearX] = [vector(b), vector(p), vector(r)]
  const lowerSolution = (at: Vector): Vector => plus(times(W, at), bias).map(tanh)
  /** $D y_0(x)^\top w$. */
  const pulledBack = (at: Vector, w: Vector): Vector =>
    timesTransposed(
      W,
      lowerSolution(at).map((t, i) => (1 - t * t) * (w[i] ?? 0)),
      n,
    )
  const slope = (u: Vector): Vector => times(H0, u).map((h, i) => h + s * logCosh.slope(u[i] ?? 0))
  const bent = (u: Vector, v: Vector): Vector =>
    times(H0, v).map((h, i) => {
      const t = tanh(u[i] ?? 0)
      return h + s * (1 - t * t) * (v[i] ?? 0)
    })
  const shift = (at: Vector, y: Vector): Vector => plus(y, lowerSolution(at), -1)
  const lower: LowerParts = {
    value: (at, y) => {
      const u = shift(at, y)
      return dot(u, times(H0, u)) / 2 + s * u.reduce((sum, ui) => sum + logCosh.value(ui), 0)
    },
    inX: (at, y) => pulledBack(at, slope(shift(at, y))).map((g) => -g),
    inY: (at, y) => slope(shift(at, y)),
    hessian: (at, y, v) => bent(shift(at, y), v),
    cross: (at, y, v) => pulledBack(at, bent(shift(at, y), v)).map((g) => -g),
  }
  const upper: UpperParts = {
    value: (at, y) => dot(y, times(P, y)) / 2 + dot(linearY, y) + (rho * dot(at, at)) / 2 + dot(linearX, at),
    inX: (at) => plus(linearX, at, rho),
    inY: (_x, y) => plus(times(P, y), linearY),
  }
  const size = spectralNorm(W, n)
  const forms = spectrum(P)
  const L = spectral.greatest + s
  const constants = {
    mu: spectral.least,
    L,
    crossNorm: size * L,
    crossLipschitz: size * s * BEND,
    inverseHessianLipschitz: (s * BEND) / (spectral.least * spectral.least),
    upperLipschitzX: 0,
    upperLipschitzY: forms.greatest * (1 + 2 ** -40),
  }
  // Hess F = rho I + Dy0' P Dy0 + sum_i q_i tanh''(.) w_i w_i' with q = P y0 + p and |y0| <= 1.
  const bend = W.reduce((sum, row, i) => {
    const q = (P[i] ?? []).reduce((t, a) => t + Math.abs(a), Math.abs(p[i] ?? 0))
    return sum + q * BEND * row.reduce((t, w) => t + w * w, 0)
  }, 0)
  const value = (at: Vector): number => upper.value(at, lowerSolution(at))
  const gradient = (at: Vector): Vector => {
    const y = lowerSolution(at)
    return plus(upper.inX(at, y), pulledBack(at, upper.inY(at, y)))
  }
  return {
    family: 'shifted',
    data: { H0, s, W, b, P, p, rho, r },
    problem: writtenOut(
      'shifted',
      { x: n, y: m },
      { all: upper, each: [upper] },
      { all: lower, each: [lower] },
      { ...constants, upperConvex: true, lowerSolution, value, gradient },
    ),
    start: { x: vector(x), y: vector(y) },
    constants,
    quadratic: s === 0 && norm(Float64Array.from(W.flat())) === 0,
    lowerSolution,
    value,
    gradient,
    smoothness: rho + constants.upperLipschitzY * size * size + bend,
  }
}

/**
 * Shifted potentials: $g(x, y) = \Phi(y - y_0(x))$ with $\Phi(u) = \frac12 u^\top H_0 u + s \sum_i \log\cosh u_i$ and
 * $y_0(x) = \tanh(Wx + b)$, so that $y^* = y_0$ although nothing is quadratic; $f$ is a quadratic. All constants are bounds that hold
 * everywhere.
 *
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { shiftedBilevelWorlds } from 'steplaw/theory'
 * import fc from 'fast-check'
 *
 * const [world] = fc.sample(shiftedBilevelWorlds(), 1)
 * world?.family // => 'shifted'
 * ```
 */
export const shiftedBilevelWorlds = ({
  dimension = 3,
  octaves = 4,
}: {
  readonly dimension?: number
  readonly octaves?: number
} = {}): fc.Arbitrary<BoundedBilevelWorld> =>
  fc
    .record({ m: fc.integer({ min: 1, max: dimension }), n: fc.integer({ min: 1, max: dimension }) })
    .chain(({ m, n }) =>
      fc.record({
        spectral: positiveDefinite(m, octaves),
        s: fc.constantFrom(0, 1 / 2, 1, 2),
        W: matrix(m, n).map((rows) => rows.map((row) => row.map((w) => w / 2))),
        b: entries(m).map((b) => b.map((bi) => bi / 2)),
        P: positiveSemidefinite(m),
        p: entries(m),
        rho: fc.constantFrom(0, 1 / 2, 1, 2),
        r: entries(n),
        x: entries(n),
        y: entries(m),
      }),
    )
    .map(assemble)
