/** What worlds say of themselves is true: each constant on drawn points, and a wrong one is refuted. */

import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import {
  convexWorlds,
  huberWorlds,
  illScaledWorlds,
  leastSquaresWorlds,
  logCoshWorlds,
  logisticWorlds,
  nonConvexWorlds,
  polyakLojasiewiczWorlds,
  quadraticWorlds,
  type SolvedWorld,
  smoothWorlds,
  softmaxWorlds,
  stronglyConvexWorlds,
} from 'steplaw/theory'
import { describe, expect, it } from 'vitest'
import { drawsFor, suffices } from '../evidence.js'

/** Two points of a world and one of its components. */
interface Pair {
  readonly world: SolvedWorld
  readonly i: number
  readonly x: Float64Array
  readonly y: Float64Array
}

/** Points at all distances from the minimiser, in units of the start's distance or a half, and along all directions and axes. */
const pairs = (worlds: fc.Arbitrary<SolvedWorld>): fc.Arbitrary<Pair> => {
  const along = fc.oneof(
    fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 6, maxLength: 6 }),
    fc.nat(5).map((axis) => Array.from({ length: 6 }, (_, j) => (j === axis ? 8 : 0))),
  )
  const length = fc.integer({ min: -6, max: 3 }).map((e) => 2 ** e)
  return fc
    .record({ world: worlds, i: fc.nat(3), one: along, two: along, far: length, near: length })
    .map(({ world, i, one, two, far, near }) => {
      const unit = world.minimiser.map((m, j) => Math.abs((world.start[j] ?? 0) - m) || 1 / 2)
      const x = world.minimiser.map((m, j) => m + (far * (unit[j] ?? 1) * (one[j] ?? 0)) / 8)
      const y = x.map((xj, j) => xj + (near * (unit[j] ?? 1) * (two[j] ?? 0)) / 8)
      return { world, i: i % world.L.length, x, y }
    })
}

const times = (a: Float64Array, b: Float64Array): number => a.reduce((s, aj, j) => s + aj * (b[j] ?? 0), 0)
const minus = (a: Float64Array, b: Float64Array): Float64Array => a.map((aj, j) => aj - (b[j] ?? 0))
const length = (a: Float64Array): number => Math.sqrt(times(a, a))

/** Everything about a pair on one component, with what rounding may do to a sum of such things. */
const measured = ({ world, i, x, y }: Pair, batch: ReadonlyArray<number> = [i]) => {
  const drawn = Int32Array.from(batch)
  const [at, to] = [world.place(x, batch), world.place(y, batch)]
  const [here, there] = [
    world.objective.valueAndGradient(x, drawn),
    world.objective.valueAndGradient(y, drawn),
  ]
  const way = minus(y, x)
  const D = length(way)
  return {
    at,
    to,
    here,
    there,
    way,
    D,
    rise: to.gap - at.gap,
    along: times(here.gradient, way),
    errors: at.error + to.error + at.gradientError * D + 1e-12 * (at.gradientSize * D + at.gap + to.gap),
    bound: world.objective.lowerBound(drawn),
  }
}

type Claim = (pair: Pair, factor: number) => boolean

/** $f(y) \le f(x) + \langle \nabla f(x), y - x\rangle + \frac L2\|y - x\|^2$, and from the other side unless it is convex. */
const smooth: Claim = (pair, factor) => {
  const { rise, along, D, errors } = measured(pair)
  const L = factor * (pair.world.L[pair.i] ?? 0)
  return Math.abs(rise - along) <= (L / 2) * D * D * (1 + 1e-12) + errors
}

const lipschitz: Claim = (pair, factor) => {
  const { here, there, at, to, D } = measured(pair)
  const L = factor * (pair.world.L[pair.i] ?? 0)
  return (
    length(minus(here.gradient, there.gradient)) <= L * D * (1 + 1e-12) + at.gradientError + to.gradientError
  )
}

/** $\mu$ of a component; what is added to it makes a wrong constant where it is 0. */
const strong: Claim = (pair, factor) => {
  const { world, i } = pair
  const { rise, along, D, errors } = measured(pair)
  const mu = (world.mu[i] ?? 0) * factor
  return !world.convex || rise >= along + (mu / 2) * D * D * (1 - 1e-12) - errors
}

const everything = ({ world }: Pair): ReadonlyArray<number> => world.L.map((_, i) => i)

/** By values: $x^*$ moved by a share of the start's distance is no minimiser. */
const minimised: Claim = (pair, factor) => {
  const { world, x } = pair
  const solution = world.minimiser.map((m, j) => m + (1 - factor) * ((world.start[j] ?? 0) - m))
  const all = everything(pair)
  const [least, other] = [world.place(solution, all), world.place(x, all)]
  return least.gap <= other.gap + least.error + other.error
}

const interpolated: Claim = (pair, factor) => {
  const { world, i } = pair
  const { gap, error } = world.place(world.minimiser, [i])
  const infimum = (world.looseness[i] ?? 0) * factor
  return world.interpolates ? Math.abs(gap - infimum) <= 4 * error + 1e-9 * infimum : gap >= infimum - error
}

/** $\ell_i + $ looseness is below every value; and where the component attains its infimum, descent along it comes near. */
const bounded: Claim = ({ world, i, x }, factor) => {
  const { gap, error } = world.place(x, [i])
  return gap >= factor * (world.looseness[i] ?? 0) * (1 - 1e-9) - error
}

const dominated: Claim = (pair, factor) => {
  const { world, x } = pair
  const all = everything(pair)
  const { here, at } = measured({ ...pair, y: x }, all)
  const mu = factor * O.getOrElse(() => 0)(world.polyakLojasiewicz)
  const gap = at.gap - world.looseness.reduce((s, l) => s + l, 0) / all.length
  const norm = length(here.gradient) + at.gradientError
  return norm * norm >= 2 * mu * (gap - 2 * at.error) * (1 - 1e-9)
}

/** The place is as near to the objective as it says; `factor` moves the value by what is not rounding. */
const placed: Claim = (pair, factor) => {
  const { at, here, bound } = measured(pair)
  return (
    Math.abs(here.value * factor - bound - at.gap) <= 2 * at.error &&
    length(here.gradient) <= at.gradientSize + at.gradientError
  )
}

const families: { readonly [name: string]: fc.Arbitrary<SolvedWorld> } = {
  quadratics: quadraticWorlds(),
  'least squares': leastSquaresWorlds(),
  logistic: logisticWorlds(),
  softmax: softmaxWorlds(),
  huber: huberWorlds(),
  logCosh: logCoshWorlds(),
  'Polyak-Łojasiewicz': polyakLojasiewiczWorlds(),
  'not convex': nonConvexWorlds(),
  'ill scaled': illScaledWorlds(),
}

const claims: { readonly [name: string]: Claim } = {
  smooth,
  lipschitz,
  strong,
  minimised,
  interpolated,
  bounded,
  dominated,
  placed,
}

describe.each(Object.entries(families))('%s', (_name, worlds) => {
  it.each(Object.entries(claims))('say the truth: %s', (_claim, holds) => {
    fc.assert(
      fc.property(pairs(worlds), (pair) => holds(pair, 1)),
      { numRuns: 150 },
    )
  })
})

/** A wrong constant, by what it is multiplied with, the worlds that it shows in, and the share of pairs that it shows on. */
const wrong: ReadonlyArray<readonly [string, Claim, number, fc.Arbitrary<SolvedWorld>, number]> = [
  ['half of L', smooth, 1 / 2, smoothWorlds(), 0.1],
  ['half of L, by gradients', lipschitz, 1 / 2, smoothWorlds(), 0.1],
  ['twice mu', strong, 2, stronglyConvexWorlds(), 0.1],
  [
    'a negative mu for one that is not convex',
    (p) => strong({ ...p, world: { ...p.world, convex: true } }, 1),
    1,
    nonConvexWorlds(),
    0.1,
  ],
  ['a minimiser an eighth off', minimised, 7 / 8, convexWorlds(), 0.1],
  [
    'interpolation where there is none',
    (p) => interpolated({ ...p, world: { ...p.world, interpolates: true } }, 1),
    1,
    huberWorlds({ interpolating: false }),
    0.5,
  ],
  ['twice the looseness', bounded, 2, convexWorlds(), 0.12],
  ['16 times the constant of Polyak and Łojasiewicz', dominated, 16, polyakLojasiewiczWorlds(), 0.1],
  ['a value off by 2^-30', placed, 1 + 2 ** -30, smoothWorlds(), 0.5],
]

describe('a wrong constant is refuted', () => {
  it.each(wrong)('%s', (_name, claim, factor, worlds, share) => {
    const runs = drawsFor(share)
    expect(suffices(runs, share)).toBe(true)
    const result = fc.check(
      fc.property(pairs(worlds), (pair) => claim(pair, factor)),
      { numRuns: runs, endOnFailure: true },
    )
    if (process.env.POWER !== undefined) {
      const n = Number(process.env.POWER)
      console.log(_name, fc.sample(pairs(worlds), n).filter((pair) => !claim(pair, factor)).length / n)
    }
    expect(result.failed).toBe(true)
  })
})

describe('worlds shrink', () => {
  it.each(Object.entries(families))('%s: to few components of one dimension', (_name, worlds) => {
    const found: Array<SolvedWorld> = []
    fc.check(
      fc.property(worlds, (world) => {
        found.push(world)
        return false
      }),
      { numRuns: 1 },
    )
    const world = found.at(-1)
    expect(world?.L.length).toBeLessThanOrEqual(3)
    expect(world?.minimiser.every((x) => x === 0)).toBe(true)
    expect(world?.start.every((x) => x === 0)).toBe(true)
  })
})
