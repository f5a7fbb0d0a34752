import * as O from 'fp-ts/lib/Option.js'
import type { Json } from '../../../spec/vocabulary/json.js'
import { gamma, norm } from '../../numeric/index.js'
import type { Batch, Objective, Vector } from '../../problem/oracle.js'
import type { Scalar } from './scalar.js'
import { mean, type Place, type SolvedWorld } from './world.js'

type Numbers = ReadonlyArray<number>

/** $w\,h(a^\top (x - c) - s)$, with the centre $c$ that all terms share. */
export interface Term {
  readonly a: Numbers
  readonly s: number
  readonly w: number
}

/** Components $f_i(x) = \sum_t w_t h(a_t^\top (x - c) - s_t) + \frac\lambda2 \|x - c\|^2$, bounded below by $-$`loose`. */
export interface Rows {
  readonly h: Scalar
  readonly components: ReadonlyArray<{ readonly terms: ReadonlyArray<Term>; readonly loose: number }>
  readonly centre: Numbers
  readonly ridge: number
}

const dotProduct = (a: Numbers, r: Numbers): number => a.reduce((s, aj, j) => s + aj * (r[j] ?? 0), 0)

const from = (centre: Numbers, x: Vector): Numbers => centre.map((c, j) => (x[j] ?? 0) - c)

const valueOf = ({ h, components, ridge }: Rows, r: Numbers, i: number): number =>
  (components[i]?.terms ?? []).reduce(
    (s, { a, s: shift, w }) => s + w * h.value(dotProduct(a, r) - shift),
    0,
  ) +
  (ridge / 2) * dotProduct(r, r)

const gradientOf = ({ h, components, ridge }: Rows, r: Numbers, i: number): Numbers => {
  const slopes = (components[i]?.terms ?? []).map(({ a, s, w }) => w * h.slope(dotProduct(a, r) - s))
  return r.map((rj, j) =>
    slopes.reduce((sum, q, t) => sum + q * (components[i]?.terms[t]?.a[j] ?? 0), ridge * rj),
  )
}

const indicesOf = (batch: Batch, n: number): Numbers =>
  batch === null ? Array.from({ length: n }, (_, i) => i) : Array.from(batch)

/** The objective by plain loops: nothing is traced. */
export const rowsObjective = (rows: Rows): Objective => {
  const { h, components, centre } = rows
  const value = (x: Vector, batch: Batch): number => {
    const r = from(centre, x)
    return mean(indicesOf(batch, components.length).map((i) => valueOf(rows, r, i)))
  }
  return {
    name: h.name,
    dimension: centre.length,
    components: components.length,
    value,
    valueAndGradient: (x, batch) => {
      const r = from(centre, x)
      const gradients = indicesOf(batch, components.length).map((i) => gradientOf(rows, r, i))
      return { value: value(x, batch), gradient: x.map((_, j) => mean(gradients.map((g) => g[j] ?? 0))) }
    },
    lowerBound: (batch) => -mean(indicesOf(batch, components.length).map((i) => components[i]?.loose ?? 0)),
    solutionValue: () => O.none,
    facts: {},
  }
}

/**
 * The place of a point. An argument $u = a^\top(x-c) - s$ takes at most $d + 4$ roundings on its way, of numbers that add up to
 * no more than $U = \sum_j |a_j|(|x_j| + |c_j|) + |s|$, in whichever order; $h$ passes that on by its slope, and adds 16 of its
 * own; the sums over terms, ridge, batch and bounds add no more than 24.
 */
export const rowsPlace = (rows: Rows): SolvedWorld['place'] => {
  const { h, components, centre, ridge } = rows
  const d = centre.length
  return (x: Vector, batch: ReadonlyArray<number>): Place => {
    const r = from(centre, x)
    const reach = centre.map((c, j) => Math.abs(x[j] ?? 0) + Math.abs(c))
    const square = dotProduct(reach, reach)
    const parts = batch.map((i) => {
      const { terms, loose } = components[i] ?? { terms: [], loose: 0 }
      const each = terms.map(({ a, s, w }) => {
        const u = dotProduct(a, r) - s
        const off =
          gamma(d + 4) * (a.reduce((t, aj, j) => t + Math.abs(aj) * (reach[j] ?? 0), 0) + Math.abs(s))
        const slope = h.slopeBound(u) + h.curvature * off
        return {
          size: w * h.value(u),
          off: w * slope * off,
          slope: w * slope,
          bend: w * h.curvature * off,
          a,
        }
      })
      const size = each.reduce((t, e) => t + e.size, 0) + Math.abs(loose) + (ridge / 2) * square
      const along = (f: (e: (typeof each)[number]) => number, j: number): number =>
        each.reduce((t, e) => t + f(e) * Math.abs(e.a[j] ?? 0), 0)
      return {
        gap: valueOf(rows, r, i) + loose,
        error: each.reduce((t, e) => t + e.off, 0) + gamma(terms.length + 48) * size,
        slopes: centre.map((_, j) => along((e) => e.slope, j) + ridge * (reach[j] ?? 0)),
        bends: centre.map((_, j) => along((e) => e.bend, j)),
        terms: terms.length,
      }
    })
    const normOf = (f: (p: (typeof parts)[number]) => Numbers): number =>
      norm(Float64Array.from(centre.map((_, j) => mean(parts.map((p) => f(p)[j] ?? 0)))))
    const gradientSize = normOf((p) => p.slopes)
    const terms = Math.max(...parts.map((p) => p.terms))
    return {
      gap: mean(parts.map((p) => p.gap)),
      error: mean(parts.map((p) => p.error)) * (1 + gamma(9)),
      gradientError: normOf((p) => p.bends) + gamma(terms + 32) * gradientSize,
      gradientSize,
    }
  }
}

/** Bisections: more than a double has bits of exponent and mantissa together would be idle. */
const HALVINGS = 200

/**
 * The infimum of a strongly convex function of one number with the constant `mu`, from its derivative: within rounding, and by
 * $\inf\phi \ge \phi(t) - \phi'(t)^2/2\mu$ never far above.
 */
export const infimumBetween = (
  phi: (t: number) => number,
  slope: (t: number) => number,
  mu: number,
  from: number,
  to: number,
): number => {
  let [low, high] = from < to ? [from, to] : [to, from]
  for (let k = 0; k < HALVINGS; k++) {
    const middle = low + (high - low) / 2
    if (slope(middle) < 0) low = middle
    else high = middle
  }
  const at = slope(high)
  return Math.max(0, phi(high) * (1 - gamma(64)) - (at * at) / (2 * mu))
}

const squareOf = (a: Numbers): number => dotProduct(a, a)

/** $\inf f_i$ of a component of at most one term if there is a ridge; without one a row that is not 0 attains $\inf h = 0$. */
export const infimumOf = ({ h, components, ridge }: Rows, i: number): number => {
  const terms = components[i]?.terms ?? []
  const [first] = terms
  if (first === undefined) return 0
  const { a, s, w } = first
  const aa = squareOf(a)
  if (aa === 0) return terms.reduce((t, e) => t + e.w * h.value(-e.s), 0)
  const attained = h.value(0) === 0
  if (ridge === 0 || (attained && s === 0)) return 0
  return infimumBetween(
    (t) => w * h.value(t * aa - s) + (ridge / 2) * t * t * aa,
    (t) => w * h.slope(t * aa - s) * aa + ridge * t * aa,
    ridge * aa,
    0,
    attained ? s / aa : -w / ridge,
  )
}

/** $L_i$: the curvature along orthogonal or single rows, rounded to nothing, as squares of short dyadic numbers are exact. */
const smoothness = ({ h, components, ridge }: Rows, i: number): number =>
  Math.max(0, ...(components[i]?.terms ?? []).map(({ a, w }) => w * h.curvature * squareOf(a))) + ridge

/** A world of rows about a centre that minimises their sum; the terms of one component must be orthogonal. */
export const rowsWorld = (
  family: string,
  rows: Rows,
  start: Numbers,
  more: {
    readonly objective?: Objective
    readonly polyakLojasiewicz?: O.Option<number>
    readonly data?: Json
  } = {},
): SolvedWorld => {
  const { h, components, centre, ridge } = rows
  return {
    family,
    data: more.data ?? {
      h: h.name,
      components: components.map(({ terms, loose }) => ({
        terms: terms.map(({ a, s, w }) => ({ a, s, w })),
        loose,
      })),
      centre,
      ridge,
    },
    objective: more.objective ?? rowsObjective(rows),
    start: Float64Array.from(start),
    L: components.map((_, i) => smoothness(rows, i)),
    mu: components.map(({ terms }) => {
      const [only] = terms
      const alone = centre.length === 1 && terms.length === 1 && only !== undefined
      return ridge + (alone ? only.w * Math.max(0, h.convexity ?? 0) * squareOf(only.a) : 0)
    }),
    convex: h.convexity !== null,
    interpolates: components.every(({ terms }) =>
      terms.every(({ a, s }) => squareOf(a) === 0 || (s === 0 && h.value(0) === 0)),
    ),
    minimiser: Float64Array.from(centre),
    looseness: components.map(({ loose }, i) => loose + infimumOf(rows, i)),
    polyakLojasiewicz: more.polyakLojasiewicz ?? O.none,
    place: rowsPlace(rows),
  }
}
