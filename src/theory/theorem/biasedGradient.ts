import fc from 'fast-check'
import { constant } from '../../rule/atom/constant.js'
import { last } from '../../rule/atom/last.js'
import { power } from '../../rule/atom/power.js'
import { generalEnvelope } from '../../rule/derived/generalEnvelope.js'
import type { Rule } from '../../rule/rule.js'
import type { Card } from '../card/card.js'
import { type Comparison, compared, unmet } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Statement } from '../card/statement.js'
import { convexWorlds } from '../world/every.js'
import { nonConvexWorlds, polyakLojasiewiczWorlds } from '../world/nonConvex.js'
import { depthOf, everyPath, expectation, type Path } from '../world/tree.js'
import { everyComponent, mean, type SolvedWorld } from '../world/world.js'
import { biasedRun } from './bilevel/biasedRun.js'
import { DIGITS, FEW, lengthOf, showWorld } from './rate.js'

type Numbers = ReadonlyArray<number>

/** A function, by how much its gradients are wrong on average and at random, and an envelope of steps. */
interface BiasedCase {
  readonly world: SolvedWorld
  /** $b$: what every gradient has too much. */
  readonly bias: Numbers
  /** $\nu$: what is added or subtracted with probability ½ each. */
  readonly noise: Numbers
  readonly lower: number
  readonly upper: number
  readonly exponent: number
}

/** A rule whose step is in the envelope and does not depend on the noise of its own gradient. */
type Scheduled = (given: BiasedCase) => Rule

/** The whole sum as one function whose gradient comes out as $\nabla F + b \pm \nu$: two samples, or one without noise. */
const misled = ({ world, bias, noise }: BiasedCase): SolvedWorld => {
  const all = everyComponent(world)
  const signs = noise.some((v) => v !== 0) ? [1, -1] : [0]
  const { objective, place } = world
  return {
    ...world,
    L: signs.map(() => smoothness(world)),
    mu: signs.map(() => 0),
    looseness: signs.map(() => 0),
    objective: {
      ...objective,
      components: signs.length,
      value: (x) => objective.value(x, null),
      valueAndGradient: (x, batch) => {
        const { value, gradient } = objective.valueAndGradient(x, null)
        const sign = mean(Array.from(batch ?? [], (i) => signs[i] ?? 0))
        return {
          value,
          gradient: gradient.map((g, j) => g + (bias[j] ?? 0) + sign * (noise[j] ?? 0)),
        }
      },
      lowerBound: () => objective.lowerBound(null),
    },
    place: (x) => place(x, all),
  }
}

/** $F$ is the mean of the components, and so is a constant of its smoothness. */
const smoothness = ({ L }: SolvedWorld): number => mean(L)

const squared = (v: Iterable<number>): number => Array.from(v).reduce((s, x) => s + x * x, 0)

const inequality = (given: BiasedCase, paths: ReadonlyArray<Path>): ReadonlyArray<Comparison> => {
  const { world, bias, noise, lower, upper, exponent } = given
  const all = everyComponent(world)
  const L = smoothness(world)
  const d = world.start.length
  const [B2, V] = [squared(bias.slice(0, d)), squared(noise.slice(0, d))]
  const first = world.place(world.start, all)
  let [sum, bound, size] = [0, 2 * (first.gap - leastGap(world)), 2 * first.error]
  return Array.from({ length: lengthOf(paths) }, (_, k) => {
    const decay = exponent === 0 ? 1 : 1 / Math.sqrt(k + 1)
    const [low, high] = [lower * decay, upper * decay]
    const square = expectation(paths, (moments) =>
      squared(world.objective.valueAndGradient(moments[k]?.x ?? world.start, null).gradient),
    )
    sum += low * square
    bound += high * B2 + L * high * high * V
    size += high * (square + B2 + V)
    return { at: `K = ${k + 1}`, observed: sum, bound, slack: DIGITS * (size + bound) + 4 * first.error }
  })
}

/** $F^* - \ell$, or a bound below it. */
const leastGap = (world: SolvedWorld): number =>
  world.interpolates || world.convex
    ? world.place(world.minimiser, everyComponent(world)).gap
    : mean(world.looseness)

const vectors = (unit: number): fc.Arbitrary<Numbers> =>
  fc.oneof(
    fc.constant([0, 0, 0, 0, 0, 0]),
    fc.array(
      fc.integer({ min: -8, max: 8 }).map((i) => i * unit),
      { minLength: 6, maxLength: 6 },
    ),
  )

/** P26. */
export const biased: Statement<Scheduled, BiasedCase> = {
  id: 'P26.gradients',
  says: '$\\sum_k \\alpha_{l,k}\\, \\mathbb E\\|\\nabla F(x_k)\\|^2 \\le 2(F(x_0) - F^*) + \\sum_k \\alpha_{b,k} B_k^2 + L\\sum_k \\alpha_{b,k}^2 V_k$',
  kind: 'expectation',
  evidence: ['D', 'V'],
  slack: '1e-9 of all that is added, and the error of the first value',
  hypotheses: [
    {
      says: '$F$ is $L$-smooth and bounded below; $h_k$ has the mean $\\nabla F(x_k) + b_k$, $\\|b_k\\| \\le B_k$, and the variance $V_k$ or less',
      holds: () => true,
    },
    {
      says: '$\\alpha_{l,k} \\le \\alpha_k \\le \\alpha_{b,k} \\le 1/L$, and $\\alpha_k$ does not depend on the noise of $h_k$',
      holds: ({ world, upper }) => upper * smoothness(world) <= 1,
    },
  ],
  cases: fc
    .record({
      world: fc.oneof(nonConvexWorlds(), polyakLojasiewiczWorlds(), convexWorlds()),
      bias: vectors(1 / 64),
      noise: vectors(1 / 64),
      high: fc.constantFrom(1, 1, 1 / 2),
      low: fc.constantFrom(1, 1, 1 / 2),
      exponent: fc.constantFrom(0, 1 / 2),
    })
    .map(({ high, low, ...rest }) => {
      const upper = (high * (1 - 2 ** -40)) / smoothness(rest.world)
      return { ...rest, upper, lower: low * upper }
    }),
  show: ({ world, bias, noise, lower, upper, exponent }) => ({
    problem: showWorld(world),
    bias,
    noise,
    lower,
    upper,
    exponent,
  }),
  subjects: {
    'the upper bound': ({ upper, exponent }) => power({ initial: upper, exponent }),
    'the lower bound': ({ lower, exponent }) => power({ initial: lower, exponent }),
    'the step before, grown': (p) => generalEnvelope(p)(last({ initial: p.lower, factor: 2 })),
    'a constant': (p) => generalEnvelope(p)(constant((p.lower + p.upper) / 2)),
  },
  evaluate: (rule, given) => {
    const world = misled(given)
    const paths = everyPath(world, rule(given), depthOf(world.L.length, 24, FEW))
    if (paths === null) return unmet('finite points', 'a point that is not finite')
    return compared(inequality(given, paths))
  },
  mutants: ['hundred', 'neverMoves', 'smoothnessForgotten'],
}

export const biasedGradient: Card = {
  id: 'P26',
  title: 'Descent along biased gradients',
  about:
    'What inexact gradients allow, as those of a bilevel problem whose lower level was not solved: the gradients vanish up to the squared bias, and the variance is damped by the square of the steps. Steps may adapt within bounds, as long as they do not look at the noise of the gradient that they multiply. The second statement is a run of a method of two levels, whose bias and variance are those it has.',
  proof:
    'The descent lemma with $\\langle\\nabla F, \\nabla F + b\\rangle = \\frac12(\\|\\nabla F\\|^2 + \\|\\nabla F + b\\|^2 - \\|b\\|^2)$ and $\\mathbb E\\|h\\|^2 = \\|\\nabla F + b\\|^2 + V$: with $\\alpha \\le 1/L$ the squares of $\\nabla F + b$ cancel, and $\\frac12\\alpha\\|\\nabla F\\|^2$ is left. Sum.',
  sources: ['fan2023', 'ghadimi2018'],
  statements: [seal(biased), seal(biasedRun)],
}
