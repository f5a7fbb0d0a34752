import { fc } from '@fast-check/vitest'
import { expect } from 'vitest'
import { type BilevelProblem, exact, hypergradient } from '../../../src/entry/bilevel.js'
import { dot, norm } from '../../../src/numeric/index.js'
import { solveSquare } from '../../../src/numeric/linear.js'
import type { Vector } from '../../../src/problem/oracle.js'

export const number = fc.integer({ min: -32, max: 32 }).map((i) => i / 16)
export const vector = (n: number) => fc.array(number, { minLength: n, maxLength: n })
export const matrix = (n: number, d: number) => fc.array(vector(d), { minLength: n, maxLength: n })
export const point = (n: number) => vector(n).map((v) => Float64Array.from(v))

type Rows = ReadonlyArray<ReadonlyArray<number>>

export const transpose = (A: Rows, columns: number): Rows =>
  Array.from({ length: columns }, (_, j) => A.map((row) => row[j] ?? 0))

/** $A A^\top / k + \mu I$, symmetric to the last bit: sums of products of sixteenths are exact. */
export const gramian = (A: Rows, mu: number): Rows =>
  A.map((row, i) =>
    A.map((other, j) => row.reduce((s, a, k) => s + a * (other[k] ?? 0), 0) / 2 + (i === j ? mu : 0)),
  )

export const along = (x: Vector, t: number, d: Vector): Vector => x.map((xi, i) => xi + t * (d[i] ?? 0))
export const minus = (a: Vector, b: Vector): Vector => along(a, -1, b)

/** About the cube root of the unit roundoff: both errors of a central difference are then near $10^{-10}$ of the derivatives. */
const H = 2 ** -17

/** $(h(t) - h(-t)) / 2t$ */
export const centralSlope = (h: (t: number) => number): number => (h(H) - h(-H)) / (2 * H)
export const centralDifference = (h: (t: number) => Vector): Vector =>
  minus(h(H), h(-H)).map((d) => d / (2 * H))

export const near = (actual: number, expected: number, slack: number, what: string): void => {
  expect(Math.abs(actual - expected), `${what}: ${actual} and ${expected}`).toBeLessThanOrEqual(slack)
}

export const close = (actual: Vector, expected: Vector, slack: number, what: string): void => {
  expect(actual.length, what).toBe(expected.length)
  near(norm(minus(actual, expected)), 0, slack, `${what}: [${actual.join()}] and [${expected.join()}]`)
}

/** How wrong differences of values of size `scale` may be. */
const slackOf = (...sizes: ReadonlyArray<number>): number => 1e-7 * sizes.reduce((s, a) => s + Math.abs(a), 1)

/** All derivatives of a problem on batches against differences of what they are derivatives of. */
export const expectDerivatives = (
  { upper, lower }: BilevelProblem,
  x: Vector,
  y: Vector,
  dx: Vector,
  dy: Vector,
): void => {
  for (const level of [upper, lower]) {
    const last = level.components - 1
    for (const batch of [null, Int32Array.of(last, 0, last)]) {
      const both = level.gradient(x, y, batch, 'both')
      const [gx, gy] = [both.x ?? new Float64Array(), both.y ?? new Float64Array()]
      const value = level.value(x, y, batch)
      near(both.value, value, 1e-12 * (1 + Math.abs(value)), 'value')
      const slope = dot(gx, dx) + dot(gy, dy)
      const seen = centralSlope((t) => level.value(along(x, t, dx), along(y, t, dy), batch))
      near(seen, slope, slackOf(value, slope, norm(gx), norm(gy)), 'slope')
      if (batch !== null) continue
      close(level.gradient(x, y, batch, 'x').x ?? x, gx, 1e-12 * (1 + norm(gx)), 'in x alone')
      close(level.gradient(x, y, batch, 'y').y ?? y, gy, 1e-12 * (1 + norm(gy)), 'in y alone')
    }
  }
  for (const batch of [null, Int32Array.of(lower.components - 1, 0, lower.components - 1)]) {
    const at = (t: number) => lower.gradient(x, along(y, t, dy), batch, 'both')
    const [Hv, Jv] = [lower.hessianVector(x, y, dy, batch), lower.crossVector(x, y, dy, batch)]
    const { x: gx = x, y: gy = y } = at(0)
    close(
      centralDifference((t) => at(t).y ?? y),
      Hv,
      slackOf(norm(gy), norm(Hv)),
      'Hessian product',
    )
    close(
      centralDifference((t) => at(t).x ?? x),
      Jv,
      slackOf(norm(gx), norm(Jv)),
      'cross product',
    )
  }
}

/** The hypergradient with everything at $y^*(x)$. */
export const solved = (
  problem: BilevelProblem,
  x: Vector,
  y: Vector = new Float64Array(problem.dimension.y),
) => {
  const found = hypergradient(problem, exact(), { x, y })
  if (found._tag === 'Left') throw new Error(`${problem.name} at [${x.join()}]: ${found.left.message}`)
  return found.right
}

/** The closed forms of a problem against the solver of both levels, and against each other by differences. */
export const expectClosedForms = (problem: BilevelProblem, x: Vector, d: Vector, slack = 1e-9): void => {
  const { lowerSolution, value, gradient } = problem.facts
  if (lowerSolution === undefined || value === undefined || gradient === undefined)
    throw new Error(`${problem.name} states no closed forms`)
  const found = solved(problem, x)
  const size = 1 + norm(found.gradient) + norm(found.y) + Math.abs(found.value)
  close(lowerSolution(x), found.y, slack * size, 'y*')
  near(value(x), found.value, slack * size, 'F')
  close(gradient(x), found.gradient, slack * size, 'the gradient of F')
  near(
    centralSlope((t) => value(along(x, t, d))),
    dot(gradient(x), d),
    slackOf(size, norm(gradient(x))),
    'the slope of F',
  )
}

const hessianAt = ({ lower, dimension }: BilevelProblem, x: Vector, y: Vector): Float64Array => {
  const m = dimension.y
  const out = new Float64Array(m * m)
  for (let j = 0; j < m; j += 1) {
    const column = lower.hessianVector(
      x,
      y,
      Float64Array.from({ length: m }, (_, i) => (i === j ? 1 : 0)),
      null,
    )
    for (let i = 0; i < m; i += 1) out[i * m + j] = column[i] ?? 0
  }
  return out
}

/** What is seen of each constant of a problem, at two points and along a direction, as a part of what is stated: at most 1. */
export const observed = (problem: BilevelProblem, x: Vector, y: Vector, z: Vector, v: Vector) => {
  const { upper, lower, facts } = problem
  const apart = norm(minus(y, z))
  const slope = (p: Vector): Vector => lower.gradient(x, p, null, 'y').y ?? p
  const ratio = (seen: number, stated: number | undefined): number =>
    stated === undefined
      ? 0
      : stated === 0
        ? seen <= 1e-12 * norm(v)
          ? 0
          : Number.POSITIVE_INFINITY
        : seen / stated
  const change = (at: (p: Vector) => Vector): number => norm(minus(at(y), at(z)))
  const [Jy, Jz] = [lower.crossVector(x, y, v, null), lower.crossVector(x, z, v, null)]
  const inverse = (p: Vector): Vector => {
    const solution =
      facts.inverseHessianLipschitz === undefined ? v : solveSquare(hessianAt(problem, x, p), v)
    if (solution === null) throw new Error('a singular Hessian')
    return solution
  }
  return {
    mu: ratio(facts.mu ?? 0, dot(minus(slope(y), slope(z)), minus(y, z)) / (apart * apart)),
    L: ratio(change(slope) / apart, facts.L),
    crossNorm: ratio(norm(Jy) / norm(v), facts.crossNorm),
    crossLipschitz: ratio(norm(minus(Jy, Jz)) / (apart * norm(v)), facts.crossLipschitz),
    inverseHessianLipschitz: ratio(change(inverse) / (apart * norm(v)), facts.inverseHessianLipschitz),
    upperLipschitzX: ratio(
      change((p) => upper.gradient(x, p, null, 'x').x ?? x) / apart,
      facts.upperLipschitzX,
    ),
    upperLipschitzY: ratio(
      change((p) => upper.gradient(x, p, null, 'y').y ?? p) / apart,
      facts.upperLipschitzY,
    ),
  }
}

/** No constant is exceeded, but for rounding: points are 1/16 apart or more, so that differences lose at most some ten bits. */
export const expectConstants = (
  problem: BilevelProblem,
  x: Vector,
  y: Vector,
  z: Vector,
  v: Vector,
): void => {
  if (norm(minus(y, z)) === 0 || norm(v) === 0) return
  for (const [name, seen] of Object.entries(observed(problem, x, y, z, v)))
    expect(seen, `${problem.name}: ${name}`).toBeLessThanOrEqual(1 + 1e-9)
}
