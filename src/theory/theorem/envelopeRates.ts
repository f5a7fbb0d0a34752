import fc from 'fast-check'
import { adagradNorm } from '../../rule/atom/adagradNorm.js'
import { armijo } from '../../rule/atom/armijo.js'
import { constant } from '../../rule/atom/constant.js'
import { last } from '../../rule/atom/last.js'
import { polyak } from '../../rule/atom/polyak.js'
import { power } from '../../rule/atom/power.js'
import { generalEnvelope } from '../../rule/derived/generalEnvelope.js'
import type { Rule } from '../../rule/rule.js'
import type { Card } from '../card/card.js'
import { type Comparison, compared, unmet } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Statement } from '../card/statement.js'
import { convexWorlds } from '../world/every.js'
import { journeys } from '../world/journeys.js'
import { distance2, travelBeside } from '../world/travel.js'
import { depthOf, everyPath, type Path } from '../world/tree.js'
import {
  everyComponent,
  excess,
  interpolationGap,
  type Journey,
  mean,
  type SolvedWorld,
  showJourney,
} from '../world/world.js'
import { stepSlack } from './certified.js'
import { drift } from './envelopeDrift.js'
import { DIGITS, expectedGap, FEW, greatestL, inUnits, lengthOf, showWorld, startingAt } from './rate.js'

/** The bounds of an envelope at $k = 0$, and how fast they fall. */
interface Envelope {
  readonly lower: number
  readonly upper: number
  readonly exponent: number
}

interface EnvelopeCase extends Envelope {
  readonly world: SolvedWorld
}

/** A rule in an envelope; one of a user's own has the bounds that are seen. */
interface Enveloped {
  readonly rule: (p: EnvelopeCase) => Rule
  readonly own?: true
}

/** The least and the greatest step at every depth of a tree; none where samples of one point differ. */
const seen = (
  paths: ReadonlyArray<Path>,
  n: number,
): ReadonlyArray<{ readonly low: number; readonly high: number }> | null => {
  const depth = lengthOf(paths)
  const levels = Array.from({ length: depth }, (_, k) => paths.map(({ moments }) => moments[k]?.step ?? 0))
  // The paths through one point of depth k are neighbours: n^(depth - k) of them.
  const predictable = levels.every((steps, k) =>
    steps.every((step, leaf) => {
      const width = n ** (depth - k)
      return step === steps[Math.floor(leaf / width) * width]
    }),
  )
  return predictable ? levels.map((steps) => ({ low: Math.min(...steps), high: Math.max(...steps) })) : null
}

/** $\sum_k \gamma_{l,k} \mathbb E[f(x_k) - f^*] \le D_0^2 + 2L_{\max}\sigma^2\sum_k\gamma_{b,k}^2$. */
const weighted = (
  world: SolvedWorld,
  paths: ReadonlyArray<Path>,
  bounds: (k: number) => { readonly low: number; readonly high: number },
): ReadonlyArray<Comparison> => {
  const L = greatestL(world)
  const sigma2 = interpolationGap(world)
  const rounded = L * world.minimiser.reduce((s, x) => s + x * x, 0)
  const { error } = world.place(world.minimiser, everyComponent(world))
  let [sum, bound, steps] = [0, distance2(world.start, world.minimiser), 0]
  return Array.from({ length: lengthOf(paths) }, (_, k) => {
    const { low, high } = bounds(k)
    sum += low * expectedGap(world, paths, k)
    bound += 2 * L * sigma2 * high * high
    steps += high
    return {
      at: `K = ${k + 1}`,
      observed: sum,
      bound,
      slack: DIGITS * (bound + low * (Math.abs(excess(world)) + DIGITS * rounded)) + 4 * steps * error,
    }
  })
}

const PREDICTABLE = '$\\gamma_k$ does not depend on the sample of its own iteration'

/** P24: T-C. */
export const predictable: Statement<Enveloped, EnvelopeCase> = {
  id: 'P24.predictable',
  says: '$\\sum_k \\gamma_{l,k}\\, \\mathbb E[f(x_k) - f^*] \\le D_0^2 + 2L_{\\max}\\sigma^2 \\sum_k \\gamma_{b,k}^2$',
  kind: 'expectation',
  evidence: ['D', 'V'],
  slack: '1e-9 of the bound: sums of at most 32 leaves',
  hypotheses: [
    {
      says: 'every $f_i$ is convex and $L_i$-smooth; single samples, drawn uniformly',
      holds: ({ world }) => world.convex,
    },
    {
      says: '$\\gamma_{l,k} \\le \\gamma_k \\le \\gamma_{b,k} \\le 1/(2L_{\\max})$',
      holds: ({ world, upper }) => upper * greatestL(world) <= 1 / 2,
    },
    { says: PREDICTABLE, holds: () => true },
  ],
  cases: fc
    .record({
      world: fc.tuple(convexWorlds(), fc.constantFrom(1, 1, 1 / 8)).map(([w, share]) => startingAt(w, share)),
      high: fc.constantFrom(1, 1, 1 / 2, 1 / 4),
      low: fc.constantFrom(1, 1 / 2, 1 / 8),
      exponent: fc.constantFrom(0, 1 / 2),
    })
    .map(({ world, high, low, exponent }) => {
      const upper = high / (2 * greatestL(world))
      return { world, upper, lower: low * upper, exponent }
    }),
  show: ({ world, lower, upper, exponent }) => ({ problem: showWorld(world), lower, upper, exponent }),
  subjects: {
    'the upper bound': { rule: (p) => generalEnvelope(p)(constant(Number.MAX_VALUE)) },
    'the lower bound': { rule: (p) => generalEnvelope(p)(constant(0)) },
    'a constant': { rule: (p) => generalEnvelope(p)(constant((p.lower + p.upper) / 2)) },
    'a harmonic schedule': { rule: (p) => generalEnvelope(p)(power({ initial: p.upper, exponent: 1 })) },
    'the step before, grown': {
      rule: (p) => generalEnvelope(p)(last({ initial: p.lower, factor: 2 })),
    },
  },
  ofRule: (rule) => ({ rule: () => rule, own: true }),
  evaluate: ({ rule, own }, given) => {
    const { world, lower, upper, exponent } = given
    const n = world.L.length
    const paths = everyPath(world, rule(given), depthOf(n, 20, FEW))
    if (paths === null) return unmet('finite points', 'a point that is not finite')
    if (own !== true) {
      const decay = (k: number): number => (exponent === 0 ? 1 : 1 / Math.sqrt(k + 1))
      return compared(weighted(world, paths, (k) => ({ low: lower * decay(k), high: upper * decay(k) })))
    }
    const steps = seen(paths, n)
    if (steps === null) return unmet(PREDICTABLE, 'two samples with two steps')
    const top = Math.max(...steps.map(({ high }) => high))
    if (top * greatestL(world) > 1 / 2) return unmet('$\\gamma_k \\le 1/(2L_{\\max})$', `a step of ${top}`)
    return compared(weighted(world, paths, (k) => steps[k] ?? { low: 0, high: 0 }))
  },
  mutants: ['withoutUpper', 'grows'],
}

/** P24: T-E. */
interface ClampedCase {
  readonly journey: Journey<SolvedWorld>
  readonly lower: number
  readonly upper: number
}

/** A rule in an envelope, or one whose steps are looked at. */
interface Clamped {
  readonly rule: (p: ClampedCase) => Rule
  readonly own?: true
}

const SHORT = '$\\gamma_k \\le 1/(2L_S)$'

export const interpolatedEnvelope: Statement<Clamped, ClampedCase> = {
  id: 'P24.interpolation',
  says: '$D_{k+1}^2 \\le D_k^2 - \\gamma_k (f_S(x_k) - \\inf f_S)$ on every path, for any proposal',
  kind: 'path',
  evidence: ['D'],
  slack: 'counted: 64 roundings of the update and the distances, those of each value and of the gradient',
  hypotheses: [
    {
      says: 'every $f_i$ is convex and $L_i$-smooth, and one point minimises them all',
      holds: ({ journey: { world } }) => world.convex && world.interpolates,
    },
    { says: SHORT, holds: () => true },
  ],
  cases: fc
    .record({
      journey: journeys(convexWorlds({ interpolating: true })),
      high: fc.constantFrom(1, 1 / 2, 1 / 8),
      low: inUnits(-4, 0),
    })
    .map(({ journey, high, low }) => {
      const upper = high / (2 * greatestL(journey.world))
      return { journey, upper, lower: Math.min(low, 1) * upper }
    }),
  show: ({ journey, lower, upper }) => ({ ...showJourney(journey), lower, upper }),
  subjects: {
    "Polyak's step": { rule: (p) => generalEnvelope(p)(polyak({ c: 1 / 4 })) },
    'a search': {
      rule: (p) => generalEnvelope(p)(armijo({ c: 0.1, shrink: 0.5, start: constant(4 * p.upper) })),
    },
    'gathered gradients': {
      rule: (p) => generalEnvelope(p)(adagradNorm({ alpha: 1, includeCurrent: true })),
    },
    'a constant': { rule: (p) => generalEnvelope(p)(constant(1)) },
  },
  ofRule: (rule) => ({ rule: () => rule, own: true }),
  evaluate: ({ rule, own }, given) => {
    const { world } = given.journey
    const moments = travelBeside(given.journey, rule(given))
    const long = moments.find((m) => (m.step ?? 0) * 2 * m.L > 1)
    if (own === true && long !== undefined) return unmet(SHORT, `a step of ${long.step}`)
    return compared(
      moments.flatMap((m) => {
        if (m.step === null) return []
        const gap = m.gap - mean(m.batch.map((i) => world.looseness[i] ?? 0))
        return [
          {
            at: `k = ${m.k}`,
            observed: m.nextDistance2,
            bound: m.distance2 - m.step * gap,
            slack: stepSlack(m, m.step, m.error + world.place(m.next, m.batch).error),
          },
        ]
      }),
    )
  },
  mutants: ['withoutUpper', 'hundred', 'upperOfAnotherUnit'],
}

export const envelopes: Card = {
  id: 'P24',
  title: 'What an envelope alone does not give',
  about:
    'Clamping a proposal between two schedules is safe if the proposal does not look at the sample of its own iteration, or if one point minimises every component. Otherwise it is not: on two parabolas an envelope that is asked with the same sample tends to a point that is not the minimiser, however slowly its bounds fall together.',
  proof:
    'Predictable: $\\mathbb E[\\gamma_k \\langle g_k, x_k - x^* \\rangle]$ is $\\gamma_k$ times the gap or more, and $\\mathbb E\\|g_k\\|^2 \\le 2L_{\\max}(f - f^*) + 2L_{\\max}\\sigma^2$, of which a step $\\le 1/2L_{\\max}$ pays for the first part. Interpolation: expand, with $\\|g\\|^2 \\le 2L_S(f_S - \\inf f_S)$. The counter-example: $f_{1,2} = \\frac12(x \\mp 1)^2$ with steps $\\gamma$ and $r\\gamma$ has the mean step $-\\frac\\gamma2[(x-1) + r(x+1)]$, which vanishes at $x = \\frac{1-r}{1+r}$ and not at 0.',
  sources: ['fan2023'],
  negative: true,
  statements: [seal(predictable), seal(interpolatedEnvelope), seal(drift)],
}
