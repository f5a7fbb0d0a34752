/** Whether the constants of a generated problem are what they say, in exact arithmetic and by other means than made them. */
import type { KnownProblem } from 'steplaw/laws'
import { objectiveExpr } from 'steplaw/spec'

type Integers = ReadonlyArray<ReadonlyArray<bigint>>

/** Matrices in units of $2^{-22}$, points in units of $2^{-3}$: integers; the minimiser in units of $2^{-400}$. */
const MATRIX = 22
const POINT = 3
const FINE = 400

/** $x \cdot 2^{bits}$, to the last bit. */
const scaled = (x: number, bits: number): bigint => {
  if (!Number.isFinite(x)) throw new RangeError(`${x} is no number to compute with`)
  let [whole, left] = [x, bits]
  while (!Number.isInteger(whole)) {
    whole *= 2
    left -= 1
  }
  if (left < 0) throw new RangeError(`${x} is no integer over 2^${bits}`)
  return BigInt(whole) << BigInt(left)
}

const sum = (terms: ReadonlyArray<bigint>): bigint => terms.reduce((s, t) => s + t, 0n)

const abs = (x: bigint): bigint => (x < 0n ? -x : x)

const at = (M: Integers, i: number, j: number): bigint => M[i]?.[j] ?? 0n

/** By Laplace's expansion: four rows at most. */
const determinant = (M: Integers): bigint => {
  const [first, ...rest] = M
  return first === undefined
    ? 1n
    : sum(
        first.map((a, j) => {
          const minor = determinant(rest.map((row) => row.filter((_, l) => l !== j)))
          return j % 2 === 0 ? a * minor : -a * minor
        }),
      )
}

/** A symmetric matrix is positive semidefinite if and only if all its principal minors are at least 0. */
const isSemidefinite = (M: Integers): boolean =>
  Array.from({ length: 2 ** M.length - 1 }, (_, bits) => bits + 1).every((bits) => {
    const chosen = M.map((_, i) => i).filter((i) => (bits & (1 << i)) !== 0)
    return determinant(chosen.map((i) => chosen.map((j) => at(M, i, j)))) >= 0n
  })

/** $s (A - x I)$ */
const shifted = (A: Integers, x: bigint, sign: bigint): Integers =>
  A.map((row, i) => row.map((a, j) => sign * (i === j ? a - x : a)))

/** Whether `least` and `greatest` are the extreme eigenvalues: both are eigenvalues, and no other lies outside. */
const areExtreme = (A: Integers, least: bigint, greatest: bigint): boolean => {
  const [above, below] = [shifted(A, least, 1n), shifted(A, greatest, -1n)]
  return (
    isSemidefinite(above) && determinant(above) === 0n && isSemidefinite(below) && determinant(below) === 0n
  )
}

/** One unit in the last place of a double, in units of $2^{-400}$. */
const unitOf = (x: number): bigint => {
  const size = abs(scaled(x, FINE))
  const bits = size.toString(2).length
  return size === 0n ? 0n : 1n << BigInt(Math.max(bits - 53, 0))
}

/** Whether a point is within one unit of an exact minimiser: Cramer's rule, or the residual where there are many. */
const isMinimiser = (H: Integers, pull: ReadonlyArray<bigint>, x: ReadonlyArray<number>): boolean => {
  const fine = x.map((xj) => scaled(xj, FINE))
  const units = x.map(unitOf)
  const exact = pull.map((c) => c << BigInt(FINE - POINT))
  const residual = H.every((row, i) => {
    const off = sum(row.map((h, j) => h * (fine[j] ?? 0n))) - (exact[i] ?? 0n)
    return abs(off) <= sum(row.map((h, j) => abs(h) * (units[j] ?? 0n)))
  })
  const D = determinant(H)
  const cramer = fine.every((xj, j) => {
    const Dj = determinant(H.map((row, i) => row.map((h, l) => (l === j ? (exact[i] ?? 0n) : h))))
    return abs(xj * D - Dj) <= (units[j] ?? 0n) * abs(D)
  })
  return residual && (D === 0n || cramer)
}

/** $\frac12 r^\top A r$ for a small relative error: no term is below zero after the exact product. */
const excess = (A: Integers, r: ReadonlyArray<bigint>): number =>
  Number(sum(A.flatMap((row, i) => row.map((a, j) => a * (r[i] ?? 0n) * (r[j] ?? 0n)))) >> BigInt(FINE)) *
  2 ** -(MATRIX + 1) *
  2 ** -FINE

const magnitude = (A: Integers, r: ReadonlyArray<bigint>): number =>
  excess(
    A.map((row) => row.map(abs)),
    r.map(abs),
  )

/** Whether a problem is valid and all that it declares is true. */
export const isKnown = ({
  objective,
  start,
  L,
  mu,
  minimiser,
  interpolates,
  sigma2,
}: KnownProblem): boolean => {
  const { k, lowerBounds } = objective
  const n = objective.A.length
  const d = start.length
  const A = objective.A.map((Ai) => Ai.map((row) => row.map((a) => scaled(a, MATRIX))))
  const b = objective.b.map((bi) => bi.map((x) => scaled(x, POINT)))
  const indices = start.map((_, i) => i)
  const total = indices.map((i) => indices.map((j) => sum(A.map((Ai) => at(Ai, i, j)))))
  const pull = indices.map((i) =>
    sum(A.flatMap((Ai, c) => indices.map((j) => at(Ai, i, j) * (b[c]?.[j] ?? 0n)))),
  )
  const shapes = [objective.b, A, k, lowerBounds, L, mu].every(({ length }) => length === n)
  const residuals = b.map((bi) =>
    minimiser.map((x, j) => scaled(x, FINE) - ((bi[j] ?? 0n) << BigInt(FINE - POINT))),
  )
  const exactSigma2 = A.reduce((s, Ai, i) => s + excess(Ai, residuals[i] ?? []), 0) / n
  const size = A.reduce((s, Ai, i) => s + magnitude(Ai, residuals[i] ?? []), 0) / n
  return (
    objectiveExpr.is(objective) &&
    shapes &&
    d >= 1 &&
    minimiser.length === d &&
    A.every(
      (Ai) =>
        Ai.length === d && Ai.every((row, i) => row.length === d && row.every((a, j) => a === at(Ai, j, i))),
    ) &&
    A.every((Ai, i) =>
      areExtreme(Ai, scaled(mu[i] ?? Number.NaN, MATRIX), scaled(L[i] ?? Number.NaN, MATRIX)),
    ) &&
    mu.every((m) => m >= 0) &&
    L.every((l) => l > 0) &&
    lowerBounds.every((l, i) => l <= (k[i] ?? Number.NaN)) &&
    isMinimiser(total, pull, minimiser) &&
    interpolates === b.every((bi) => bi.every((x, j) => x === b[0]?.[j])) &&
    // A difference, two products and eight additions a component, then four: fewer than 32 roundings of 2^-53 each.
    Math.abs(sigma2 - exactSigma2) <= 32 * 2 ** -53 * size
  )
}
