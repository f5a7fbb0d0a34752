import { neg } from '../../autodiff/elementwise.js'
import { fail } from '../../autodiff/primitive.js'
import { dot, reshape } from '../../autodiff/structural.js'
import { type Box, boxOf } from '../box.js'
import { finiteOf, type LowerBounds, noData, spread } from './input.js'
import type { BilevelInstance } from './instance.js'
import type { BilevelFacts } from './problem.js'
import { quadraticBilevel } from './quadratic.js'
import { bilevelProblem, type TracedBilevelProblem } from './traced.js'

/**
 * A game, $f = x y$ and $g = -x y$, on $|x|, |y| \le$ `bound`: $y^*(x) = \beta \operatorname{sign} x$ and $F(x) = \beta |x|$, least and
 * not differentiable at 0, where every $y$ solves the lower level.
 *
 * Facts: $y^*$, $F$, $F'$ (0 at 0), the minimiser and minimum 0. Runs start from $(4, 4)$.
 *
 * @throws `RangeError` naming `bound`, unless it is positive.
 * @cite ye2022
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { minimaxGame } from 'steplaw/bilevel'
 *
 * const { problem, yBox } = minimaxGame()
 * yBox // => [-10, 10]
 * problem.facts.value?.(Float64Array.of(-2)) // => 20
 * ```
 */
export const minimaxGame = ({
  bound = 10,
}: {
  readonly bound?: number
} = {}): BilevelInstance<TracedBilevelProblem<readonly [1], readonly [1]>> => {
  if (!(finiteOf('bound', bound) > 0)) fail('bound', `must be > 0, got ${bound}`)
  const box: Box = [-bound, bound]
  return {
    problem: bilevelProblem({
      name: 'minimaxGame',
      x: [1],
      y: [1],
      lower: { data: noData, component: (x, y, { none }) => spread(neg(dot(x, y)), none) },
      upper: { data: noData, component: (x, y, { none }) => spread(dot(x, y), none) },
      facts: {
        L: 0,
        crossNorm: 1,
        upperConvex: true,
        lowerSolution: ([x = 0]) => Float64Array.of(bound * Math.sign(x)),
        value: ([x = 0]) => bound * Math.abs(x),
        gradient: ([x = 0]) => Float64Array.of(bound * Math.sign(x)),
        minimiser: Float64Array.of(0),
        minimum: 0,
      },
    }),
    starts: [{ x: Float64Array.of(4), y: Float64Array.of(4) }],
    xBox: box,
    yBox: box,
  }
}

/**
 * An upper objective that jumps, $f = y$ over $g = x y$ on $|y| \le 1$: $y^*(x) = -\operatorname{sign} x$, all of $[-1, 1]$ at 0, so that
 * the optimistic $F$ is $-1$ for $x \ge 0$ and $1$ for $x < 0$.
 *
 * What penalty methods minimise instead, $F_\sigma(x) = \min_{|y| \le 1} y + (x y + |x|) / \sigma$, is here `penalised`: $-1$ for
 * $x \ge 0$, $1$ for $x \le -\sigma$ and $-1 + 2|x|/\sigma$ between. It comes near to $F$ at every $x$ as $\sigma \to 0$, but not
 * uniformly, and its slope grows as $2 / \sigma$.
 *
 * Facts: $y^*$ and $F$ (optimistic), a minimiser and the minimum $-1$; $F' = 0$ where it exists.
 *
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { jumpingGame } from 'steplaw/bilevel'
 *
 * const { problem, penalised } = jumpingGame()
 * problem.facts.value?.(Float64Array.of(-0.25)) // => 1
 * penalised(-0.25, 1) // => -0.5
 * ```
 */
export const jumpingGame = (): BilevelInstance<TracedBilevelProblem<readonly [1], readonly [1]>> & {
  readonly penalised: (x: number, sigma: number) => number
} => ({
  problem: bilevelProblem({
    name: 'jumpingGame',
    x: [1],
    y: [1],
    lower: { data: noData, component: (x, y, { none }) => spread(dot(x, y), none) },
    upper: { data: noData, component: (_, y, { none }) => spread(reshape(y, []), none) },
    facts: {
      L: 0,
      crossNorm: 1,
      upperLipschitzX: 0,
      upperLipschitzY: 0,
      upperConvex: true,
      lowerSolution: ([x = 0]) => Float64Array.of(x < 0 ? 1 : -1),
      value: ([x = 0]) => (x < 0 ? 1 : -1),
      minimiser: Float64Array.of(0),
      minimum: -1,
    },
  }),
  starts: [{ x: Float64Array.of(-0.5), y: Float64Array.of(0) }],
  yBox: [-1, 1],
  penalised: (x, sigma) => {
    if (!(sigma > 0)) fail('sigma', `must be > 0, got ${sigma}`)
    return x >= 0 ? -1 : x <= -sigma ? 1 : -1 - (2 * x) / sigma
  },
})

/**
 * The coefficients of {@link clippedQuadratic}, numbers.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface ClippedQuadratic {
  readonly lower: { readonly H: number; readonly B: number; readonly c: number }
  readonly upper: {
    readonly P: number
    readonly S: number
    readonly R: number
    readonly p: number
    readonly r: number
  }
  readonly yBox: Box
  readonly lowerBounds?: LowerBounds
}

/** The least of finitely many places. */
const leastOf = (value: (x: number) => number, places: ReadonlyArray<number>): number =>
  places.reduce((best, x) => (value(x) < value(best) ? x : best))

const clippedFacts = ({ lower, upper, yBox: [low, high] }: ClippedQuadratic): BilevelFacts => {
  const { H, B, c } = lower
  const { P, S, R, p, r } = upper
  const free = (x: number): number => -(B * x + c) / H
  const solution = (x: number): number => Math.min(Math.max(free(x), low), high)
  const value = (x: number): number => {
    const y = solution(x)
    return (P * y * y) / 2 + S * x * y + (R * x * x) / 2 + p * y + r * x
  }
  const gradient = (x: number): number => {
    const y = solution(x)
    const direct = S * y + R * x + r
    return free(x) > low && free(x) < high ? direct - (B / H) * (P * y + S * x + p) : direct
  }
  const Y = -B / H
  const curvature = R + Y * P * Y + 2 * S * Y
  const slope0 = -(S * c) / H + r + Y * (-(P * c) / H + p)
  /** Where each of the three parabolas would be stationary, and the kinks: the minimum is at one of them. */
  const places = [
    ...[low, high].map((y) => -(S * y + r) / R),
    ...(curvature > 0 ? [-slope0 / curvature] : []),
    ...(B === 0 ? [] : [low, high].map((y) => -(H * y + c) / B)),
  ]
  const best = R > 0 ? leastOf(value, places) : undefined
  return {
    L: H,
    lowerSolution: ([x = 0]) => Float64Array.of(solution(x)),
    value: ([x = 0]) => value(x),
    gradient: ([x = 0]) => Float64Array.of(gradient(x)),
    ...(best === undefined ? {} : { minimiser: Float64Array.of(best), minimum: value(best) }),
  }
}

/**
 * A scalar quadratic over a quadratic with the lower variable in a box, $y^*(x) = \operatorname{clip}(-(B x + c) / H, \ell, u)$: $F$ is a
 * parabola on each of three intervals. Where $y^*$ is inside the box $F'$ is the implicit gradient, and at its bounds
 * $F' = \partial_x f$; at the two kinks the latter is given.
 *
 * Facts: $y^*$, $F$, $F'$, and for $R > 0$ the minimiser and minimum over all three intervals. No constants of the implicit gradient:
 * their bounds hold without a box.
 *
 * @throws `RangeError` naming the field: numbers that are not finite, $H \le 0$, a box upside down.
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { clippedQuadratic } from 'steplaw/bilevel'
 *
 * const { problem } = clippedQuadratic({
 *   lower: { H: 2, B: 1, c: -1 },
 *   upper: { P: 1, S: 1, R: 1, p: -2, r: 0.25 },
 *   yBox: [0, 1],
 * })
 * problem.facts.lowerSolution?.(Float64Array.of(-6)) // => Float64Array.of(1)
 * problem.facts.gradient?.(Float64Array.of(-6)) // => Float64Array.of(-4.75)
 * problem.facts.minimiser // => Float64Array.of(-1.25)
 * ```
 */
export const clippedQuadratic = (
  given: ClippedQuadratic,
): BilevelInstance<TracedBilevelProblem<readonly [number], readonly [number]>> => {
  const { lower, upper, lowerBounds } = given
  for (const [level, numbers] of Object.entries({ lower, upper }))
    for (const [name, value] of Object.entries(numbers)) finiteOf(`${level}.${name}`, value)
  if (!(lower.H > 0)) fail('lower.H', `must be > 0, got ${lower.H}`)
  boxOf('yBox', given.yBox)
  given.yBox.forEach((bound, i) => {
    finiteOf(`yBox[${i}]`, bound)
  })
  const { H, B, c } = lower
  const { P, S, R, p, r } = upper
  const problem = quadraticBilevel({
    lower: [{ H: [[H]], B: [[B]], c: [c] }],
    upper: [{ P: [[P]], S: [[S]], R: [[R]], p: [p], r: [r] }],
    ...(lowerBounds === undefined ? {} : { lowerBounds }),
  })
  return {
    problem: { ...problem, name: 'clippedQuadratic', facts: clippedFacts(given) },
    starts: [{ x: Float64Array.of(0), y: Float64Array.of(given.yBox[0]) }],
    yBox: given.yBox,
  }
}
