/** Random bilevel problems with everything known in closed form, and what every method has to do whatever it is. */
import { fc } from '@fast-check/vitest'
import {
  type BilevelIterate,
  type BilevelOptions,
  type BilevelProblem,
  type BilevelState,
  iterateBilevel,
  quadraticBilevel,
  shiftedPotential,
} from 'steplaw/bilevel'

export type Rows = ReadonlyArray<ReadonlyArray<number>>

export interface World {
  readonly problem: BilevelProblem
  readonly x: Float64Array
  readonly y: Float64Array
}

/** Multiples of 1/64: small numbers that print short and never underflow. */
export const entry: fc.Arbitrary<number> = fc.integer({ min: -64, max: 64 }).map((i) => i / 64)

export const row = (n: number): fc.Arbitrary<ReadonlyArray<number>> =>
  fc.array(entry, { minLength: n, maxLength: n })

export const matrix = (rows: number, columns: number): fc.Arbitrary<Rows> =>
  fc.array(row(columns), { minLength: rows, maxLength: rows })

export const vector = (n: number): fc.Arbitrary<Float64Array> => row(n).map((v) => Float64Array.from(v))

/** $G G^\top + c I$. */
export const positive = (n: number, c: number): fc.Arbitrary<Rows> =>
  matrix(n, n).map((G) =>
    G.map((gi, i) => G.map((gj, j) => gi.reduce((s, g, k) => s + g * (gj[k] ?? 0), i === j ? c : 0))),
  )

export const sizes: fc.Arbitrary<{ readonly n: number; readonly m: number }> = fc.record({
  n: fc.integer({ min: 1, max: 3 }),
  m: fc.integer({ min: 1, max: 3 }),
})

const times = (A: Rows, v: Float64Array): Float64Array =>
  Float64Array.from(A, (r) => r.reduce((s, a, j) => s + a * (v[j] ?? 0), 0))

const transposedTimes = (A: Rows, v: Float64Array, columns: number): Float64Array =>
  Float64Array.from({ length: columns }, (_, j) => A.reduce((s, r, i) => s + (r[j] ?? 0) * (v[i] ?? 0), 0))

const added = (...[first, ...rest]: readonly [Float64Array, ...ReadonlyArray<Float64Array>]): Float64Array =>
  first.map((v, i) => rest.reduce((s, w) => s + (w[i] ?? 0), v))

/** A value and its gradients by hand. */
type ByHand = (
  x: Float64Array,
  y: Float64Array,
) => { readonly value: number; readonly x: Float64Array; readonly y: Float64Array }

const level = (f: ByHand): BilevelProblem['upper'] => ({
  components: 1,
  value: (x, y) => f(x, y).value,
  gradient: (x, y) => f(x, y),
  lowerBound: () => 0,
})

/** The same problem, its functions written by hand: hundreds of random problems would take long to compile. */
export const byHand = (
  problem: Omit<BilevelProblem, 'upper' | 'lower'>,
  upper: ByHand,
  lower: ByHand,
  products: Pick<BilevelProblem['lower'], 'hessianVector' | 'crossVector'>,
): BilevelProblem => ({ ...problem, upper: level(upper), lower: { ...level(lower), ...products } })

export interface QuadraticParts {
  readonly H: Rows
  readonly B: Rows
  readonly c: ReadonlyArray<number>
  readonly P: Rows
  readonly S: Rows
  readonly R: Rows
  readonly p: ReadonlyArray<number>
  readonly r: ReadonlyArray<number>
}

export const quadraticOf = ({ H, B, c, P, S, R, p, r }: QuadraticParts): BilevelProblem => {
  const [n, m] = [r.length, c.length]
  const [cs, ps, rs] = [Float64Array.from(c), Float64Array.from(p), Float64Array.from(r)]
  return byHand(
    quadraticBilevel({ lower: [{ H, B, c }], upper: [{ P, S, R, p, r }] }),
    (x, y) => {
      const [Py, Sy, Rx] = [times(P, y), times(S, y), times(R, x)]
      const value = dot(y, Py) / 2 + dot(x, Sy) + dot(x, Rx) / 2 + dot(ps, y) + dot(rs, x)
      return { value, x: added(Sy, Rx, rs), y: added(Py, transposedTimes(S, x, m), ps) }
    },
    (x, y) => {
      const [Hy, shift] = [times(H, y), added(times(B, x), cs)]
      return { value: dot(y, Hy) / 2 + dot(y, shift), x: transposedTimes(B, y, n), y: added(Hy, shift) }
    },
    {
      hessianVector: (_x, _y, v) => times(H, v),
      crossVector: (_x, _y, v) => transposedTimes(B, v, n),
    },
  )
}

/**
 * Scalars at both levels, $y^*(x) = (1 - x) / 2$ unless it is said otherwise: what differs from that is given.
 */
export const scalarQuadratic = (
  given: { readonly [part in keyof QuadraticParts]?: number } = {},
): BilevelProblem => {
  const { H, B, c, P, S, R, p, r } = { H: 2, B: 1, c: -1, P: 1, S: 1, R: 1, p: -2, r: 0.25, ...given }
  return quadraticOf({ H: [[H]], B: [[B]], c: [c], P: [[P]], S: [[S]], R: [[R]], p: [p], r: [r] })
}

/** A scalar above two that do not meet, with curvatures of 1 and of this. */
export const twoCurvatures = (high: number): BilevelProblem =>
  quadraticOf({
    H: [
      [1, 0],
      [0, high],
    ],
    B: [[1], [1]],
    c: [0, 0],
    P: [
      [1, 0],
      [0, 1],
    ],
    S: [[0, 0]],
    R: [[1]],
    p: [1, 1],
    r: [0],
  })

/** A quadratic over a quadratic, $H \succeq I/4$. */
export const quadratics: fc.Arbitrary<World> = sizes.chain(({ n, m }) =>
  fc
    .record({
      H: positive(m, 0.25),
      B: matrix(m, n),
      c: row(m),
      P: positive(m, 0),
      S: matrix(n, m),
      R: positive(n, 4),
      p: row(m),
      r: row(n),
      x: vector(n),
      y: vector(m),
    })
    .map(({ x, y, ...parts }) => ({ problem: quadraticOf(parts), x, y })),
)

type PotentialParts = Parameters<typeof shiftedPotential>[0] & { readonly H0: Rows; readonly W: Rows } & {
  readonly b: ReadonlyArray<number>
  readonly target: ReadonlyArray<number>
}

const potentialOf = (parts: PotentialParts & { readonly rho: number }): BilevelProblem => {
  const { H0, s, W, b, target, rho } = parts
  const n = W[0]?.length ?? 0
  const at = (x: Float64Array, y: Float64Array) => {
    const centre = added(times(W, x), Float64Array.from(b)).map(Math.tanh)
    const u = minus(y, centre)
    const inward = centre.map((t) => 1 - t * t)
    const H = (v: Float64Array) =>
      added(
        times(H0, v),
        v.map((vi, i) => (s * vi) / Math.cosh(u[i] ?? 0) ** 2),
      )
    /** $-Dy_0^\top$ times a vector. */
    const back = (v: Float64Array) =>
      transposedTimes(
        W,
        v.map((vi, i) => -(inward[i] ?? 0) * vi),
        n,
      )
    return {
      u,
      H,
      back,
      slope: added(
        times(H0, u),
        u.map((ui) => s * Math.tanh(ui)),
      ),
    }
  }
  return byHand(
    shiftedPotential(parts),
    (x, y) => {
      const away = minus(y, Float64Array.from(target))
      return { value: dot(away, away) / 2 + (rho / 2) * dot(x, x), x: x.map((v) => rho * v), y: away }
    },
    (x, y) => {
      const { u, slope, back } = at(x, y)
      const logCosh = u.reduce((t, ui) => t + Math.abs(ui) + Math.log1p(Math.expm1(-2 * Math.abs(ui)) / 2), 0)
      return { value: dot(u, times(H0, u)) / 2 + s * logCosh, x: back(slope), y: slope }
    },
    {
      hessianVector: (x, y, v) => at(x, y).H(v),
      crossVector: (x, y, v) => {
        const { H, back } = at(x, y)
        return back(H(v))
      },
    },
  )
}

/** A lower level that is not quadratic, with $y^*$ in closed form. */
export const potentials: fc.Arbitrary<World> = sizes.chain(({ n, m }) =>
  fc
    .record({
      H0: positive(m, 0.5),
      s: fc.integer({ min: 0, max: 64 }).map((i) => i / 64),
      W: matrix(m, n),
      b: row(m),
      target: row(m),
      rho: fc.constant(0.5),
      x: vector(n),
      y: vector(m),
    })
    .map(({ x, y, ...parts }) => ({ problem: potentialOf(parts), x, y })),
)

/** The first iterations of a run. */
export const firstOf = <S extends BilevelState, T>(
  problem: BilevelProblem,
  options: BilevelOptions<S, T>,
  count: number,
): ReadonlyArray<BilevelIterate<S, T>> => {
  const found: Array<BilevelIterate<S, T>> = []
  for (const iterate of iterateBilevel(problem, options)) {
    found.push(iterate)
    if (found.length === count) break
  }
  return found
}

export const dot = (a: Float64Array, b: Float64Array): number => a.reduce((s, v, i) => s + v * (b[i] ?? 0), 0)
export const norm = (a: Float64Array): number => Math.sqrt(dot(a, a))
export const minus = (a: Float64Array, b: Float64Array): Float64Array => a.map((v, i) => v - (b[i] ?? 0))

/** A fact that the problems of this file declare. */
export const fact = <A>(value: A | undefined): A => {
  if (value === undefined) throw new Error('a fact is missing')
  return value
}

/** The gradient of a level in both variables. */
export const slopes = (level: BilevelProblem['upper'], x: Float64Array, y: Float64Array) => {
  const { value, x: inX, y: inY } = level.gradient(x, y, null, 'both')
  return { value, x: fact(inX), y: fact(inY) }
}
