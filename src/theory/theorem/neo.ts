import fc from 'fast-check'
import { gamma } from '../../numeric/index.js'
import type { Direction } from '../../optimizer/direction/direction.js'
import { directionInit } from '../../optimizer/direction/direction.js'
import { neo } from '../../optimizer/direction/neo.js'
import type { Vector } from '../../problem/oracle.js'
import { constant } from '../../rule/atom/constant.js'
import type { Card } from '../card/card.js'
import { type Comparison, compared, equal } from '../card/evidence.js'
import { seal } from '../card/seal.js'
import type { Statement } from '../card/statement.js'
import { journeys } from '../world/journeys.js'
import { quadraticWorlds } from '../world/quadratic.js'
import { travel } from '../world/travel.js'
import { type Journey, type SolvedWorld, showJourney } from '../world/world.js'
import { between } from './parameter.js'

/** A direction with memory. */
export type Remembering = (p: {
  readonly alpha: number
  readonly memory: number
  readonly normalised: boolean
}) => Direction

interface Memory {
  readonly alpha: number
  readonly memory: number
}

const memories: fc.Arbitrary<Memory> = fc.record({
  alpha: between(1 / 16, 31 / 16),
  memory: fc.integer({ min: 1, max: 12 }),
})

const subjects: { readonly [name: string]: Remembering } = { neo }

/** The base point after `points` of a history without gradients, the newest last. */
const baseAfter = (direction: Direction, points: ReadonlyArray<number>): number => {
  let state = directionInit(direction, 1)
  let base = Number.NaN
  for (const [k, point] of points.entries()) {
    const x = Float64Array.of(point)
    const heading = direction.advance(state, { k, x, gradient: Float64Array.of(0) })
    state = heading.state
    base = (heading.base ?? x)[0] ?? Number.NaN
  }
  return base
}

/** $\prod_{k=1}^p (1 - \alpha/k)$. */
const product = ({ alpha, memory }: Memory): number =>
  Array.from({ length: memory }, (_, i) => 1 - alpha / (i + 1)).reduce((a, b) => a * b, 1)

/**
 * What rounding may do to a sum of weights: 3 roundings for each step of the recursion, one for each addition, 2 for each factor of the
 * product, and 16 around them, on weights whose absolute values sum to at most 4 for $\alpha < 2$.
 */
const rounding = (memory: number): number => 4 * gamma(6 * memory + 16)

const ofMemory = {
  evidence: ['D', 'V'],
  kind: 'algebra',
  cases: memories,
  show: ({ alpha, memory }: Memory) => ({ alpha, memory }),
  subjects,
} as const

/** A history of ones: the base is what the weights sum to. */
export const weightSum: Statement<Remembering, Memory> = {
  ...ofMemory,
  id: 'P23.sum',
  says: '$\\sum_{j=0}^p \\psi_j = \\prod_{k=1}^p (1 - \\alpha/k)$; normalised weights sum to 1',
  hypotheses: [],
  slack: 'counted: 6 roundings for each point of the memory and 16, on weights that sum to 4 at most',
  evaluate: (of, given) => {
    const ones = Array.from({ length: given.memory }, () => 1)
    const raw = 1 - baseAfter(of({ ...given, normalised: false }), ones)
    const found = [equal(`raw, p = ${given.memory}`, raw, product(given), rounding(given.memory))]
    const q = baseAfter(of({ ...given, normalised: true }), ones)
    return compared([...found, equal('normalised', q, 1, rounding(given.memory) / (1 - product(given)))])
  },
  mutants: ['binomialOfTheNext', 'forgetsTheOldest'],
}

interface Truncated extends Memory {
  readonly step: number
  readonly L: number
  readonly b: number
}

/** The point of rest of the truncated raw iteration on $\frac L2 (x - b)^2$. */
const restOf = ({ step, L, b, ...memory }: Truncated): number => (step * L * b) / (product(memory) + step * L)

export const truncation: Statement<Remembering, Truncated> = {
  ...ofMemory,
  id: 'P23.bias',
  kind: 'path',
  says: 'on $\\frac L2 (x - b)^2$ the truncated raw iteration rests at $x$ with $\\prod_{k \\le p}(1 - \\alpha/k)\\,x = -\\eta L (x - b)$, which is not $b$; the normalised one rests at $b$',
  hypotheses: [{ says: '$0 < \\alpha < 1$, finite memory', holds: ({ alpha }) => alpha > 0 && alpha < 1 }],
  slack: 'as for the sum of the weights, times the point and the step',
  cases: fc.record({
    alpha: between(1 / 16, 15 / 16),
    memory: fc.integer({ min: 1, max: 12 }),
    step: between(1 / 16, 1),
    L: between(1 / 4, 4),
    b: fc.integer({ min: 1, max: 64 }).map((i) => i / 8),
  }),
  show: (given) => ({ ...given }),
  evaluate: (of, given) => {
    const { step, L, b, alpha, memory } = given
    const resting = (normalised: boolean, x: number): Comparison => {
      const base = baseAfter(
        of({ alpha, memory, normalised }),
        Array.from({ length: memory }, () => x),
      )
      const next = base - step * L * (x - b)
      const share = normalised ? 1 - product(given) : 1
      const slack = (rounding(memory) / share) * (b + step * L * b)
      return equal(normalised ? 'normalised' : 'raw', next, x, slack)
    }
    return compared([resting(false, restOf(given)), resting(true, b)])
  },
  mutants: ['binomialOfTheNext', 'forgetsTheOldest', 'rawWhereNormalisedIsMeant'],
}

interface Run extends Memory {
  readonly journey: Journey<SolvedWorld>
  readonly step: number
}

const runs: fc.Arbitrary<Run> = fc.record({
  journey: journeys(quadraticWorlds()),
  alpha: between(1 / 16, 1),
  memory: fc.integer({ min: 1, max: 12 }),
  step: fc.constantFrom(2 ** -8, 2 ** -6, 2 ** -4),
})

const ofRuns = {
  evidence: ['D', 'V'],
  kind: 'path',
  cases: runs,
  show: ({ journey, ...given }: Run) => ({ ...showJourney(journey), ...given }),
  subjects,
} as const

export const gradientDescent: Statement<Remembering, Run> = {
  ...ofRuns,
  id: 'P23.descent',
  says: '$\\alpha = 1$ is gradient descent, bit for bit, raw and normalised, with any memory',
  hypotheses: [],
  slack: 'none',
  evaluate: (of, { journey, memory, step }) => {
    const plain = travel(journey, constant(step))
    return compared(
      [false, true].flatMap((normalised) =>
        travel(journey, constant(step), of({ alpha: 1, memory, normalised })).flatMap(({ next, k }) =>
          Array.from(next, (x, i) => equal(`k = ${k}`, x, plain[k]?.next[i] ?? Number.NaN)),
        ),
      ),
    )
  },
  mutants: ['binomialOfTheNext', 'stepsFromThePoint'],
}

/** $b_j = \psi_j(-\alpha)$: positive, and falling like $j^{\alpha - 1}$. */
const powerLaw = (alpha: number, n: number): ReadonlyArray<number> => {
  const b = [1]
  for (let j = 1; j <= n; j++) b.push(((b[j - 1] ?? 0) * (j - 1 + alpha)) / j)
  return b
}

export const longMemory: Statement<Remembering, Run> = {
  ...ofRuns,
  id: 'P23.memory',
  says: 'with full memory $x_k = b_k x_0 - \\eta \\sum_{j<k} b_{k-1-j} \\nabla f(x_j)$ with $b_j = \\Gamma(j + \\alpha)/(\\Gamma(\\alpha)\\, j!)$: a power-law average of all gradients',
  hypotheses: [],
  slack: '1e-12 of what is added',
  evaluate: (of, { journey, alpha, step }) => {
    const moments = travel(journey, constant(step), of({ alpha, memory: 64, normalised: false }))
    const b = powerLaw(alpha, moments.length)
    const start: Vector = journey.world.start
    return compared(
      moments.map(({ next }, k): Comparison => {
        let size = 0
        const error = Array.from(next, (x, i) => {
          const terms = moments
            .slice(0, k + 1)
            .map(({ gradient }, j) => step * (b[k - j] ?? 0) * (gradient[i] ?? 0))
          const origin = (b[k + 1] ?? 0) * (start[i] ?? 0)
          size += Math.abs(x) + Math.abs(origin) + terms.reduce((s, t) => s + Math.abs(t), 0)
          return Math.abs(x - (origin - terms.reduce((s, t) => s + t, 0)))
        })
        return { at: `k = ${k + 1}`, observed: Math.max(...error), bound: 0, slack: 1e-12 * size }
      }),
    )
  },
  mutants: ['binomialOfTheNext', 'stepsFromThePoint'],
}

export const neo23: Card = {
  id: 'P23',
  title: 'Fractional memory, and what truncating it costs',
  about:
    'A fractional difference of order $\\alpha$ on the left of gradient descent gives every past gradient a weight that falls like a power. With the whole memory that is exact. Cut off after $p$ points it is pulled towards the origin: it comes to rest where the gradient is not zero, and not at all in the same place when the problem is moved. Weights divided by their sum mend both.',
  proof:
    'The weights $\\psi_j$ are the coefficients of $(1 - z)^\\alpha$, whose inverse has the coefficients $b_j$; their partial sums telescope to $\\prod (1 - \\alpha/k) \\ne 0$. At rest all points are equal, and what the weights lack in their sum is made up by the step: for $\\alpha = 0.8$, $p = 10$, $f = \\frac12 (x-3)^2$ and $\\eta = 0.2$ the iteration rests at 2.56142 and not at 3.',
  sources: ['chatterjee2021'],
  negative: true,
  unverified:
    'That long memory helps on ill-conditioned problems is an empirical claim of the source; nothing about its rate is asserted.',
  statements: [seal(weightSum), seal(truncation), seal(gradientDescent), seal(longMemory)],
}
