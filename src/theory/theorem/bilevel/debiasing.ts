import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import { type BilevelDraw, noDraw } from '../../../bilevel/draw.js'
import { type AdaptiveUfomState, adaptiveUfom } from '../../../bilevel/method/adaptiveUfom.js'
import type { BilevelMethod } from '../../../bilevel/method/method.js'
import type { UfomOutputs } from '../../../bilevel/method/ufom.js'
import { norm, pow, squaredNorm } from '../../../numeric/index.js'
import type { Vector } from '../../../problem/oracle.js'
import { constant } from '../../../rule/atom/constant.js'
import type { Card } from '../../card/card.js'
import { type Comparison, compared, equal, must } from '../../card/evidence.js'
import { seal } from '../../card/seal.js'
import type { Statement } from '../../card/statement.js'
import { distance, plus } from '../../world/bilevel/matrix.js'
import {
  debiased,
  type LoopCase,
  type LoopMethod,
  type LoopSettings,
  loopCases,
  showLoop,
  sizeOfLoop,
} from './loop.js'
import { DIGITS, iterated, movedAlong, tossed } from './running.js'

const ROUNDING = '1e-10 of one and of what is added to make the gradients, over $q$'

const meanVector = (all: ReadonlyArray<Vector>): Vector =>
  all.reduce((s, v) => plus(s, v)).map((s) => s / all.length)

/** What a method moves along, by batch and coin. */
const bothWays = (
  method: LoopMethod,
  { problem, start, settings, batches }: LoopCase,
): ReadonlyArray<readonly [Vector, Vector]> => {
  const made = method({ ...settings, step: 0 })
  const along = (draw: BilevelDraw): Vector => movedAlong(iterated(problem, made, made.init(start), draw)[1])
  return batches.map(({ upper }) => [along(tossed(0, upper)), along(tossed(1, upper))])
}

export const unbiased: Statement<LoopMethod, LoopCase> = {
  id: 'B12.unbiased',
  says: '$\\mathbb E\\, G = \\nabla F_r(x)$ over the coin and the tasks',
  kind: 'expectation',
  evidence: ['D*'],
  hypotheses: [{ says: '$0 < q \\le 1$', holds: ({ settings: { q } }) => q > 0 && q <= 1 }],
  slack: ROUNDING,
  cases: loopCases,
  show: showLoop,
  subjects: { ufom: debiased },
  evaluate: (method, given) => {
    const { settings, batches } = given
    const { q } = settings
    const means = bothWays(method, given).map(([tails, heads]) =>
      plus(
        heads.map((g) => q * g),
        tails,
        1 - q,
      ),
    )
    return compared([
      {
        at: `q = ${q}`,
        observed: distance(meanVector(means), meanVector(batches.map(({ exact }) => exact))),
        bound: 0,
        slack: (DIGITS * Math.max(...batches.map(sizeOfLoop))) / q,
      },
    ])
  },
  mutants: ['withoutOneOverQ', 'guardedDivision', 'clippedAdjoint'],
}

export const variance: Statement<LoopMethod, LoopCase> = {
  id: 'B12.variance',
  says: '$\\mathbb E_\\xi \\|G - G_{ex}\\|^2 = (1/q - 1)\\, \\|G_{fo} - G_{ex}\\|^2$ for every task',
  kind: 'expectation',
  evidence: ['D*'],
  hypotheses: [{ says: '$0 < q \\le 1$', holds: ({ settings: { q } }) => q > 0 && q <= 1 }],
  slack: '1e-10 of the square of one and of what is added to make the gradients, over $q$',
  cases: loopCases,
  show: showLoop,
  subjects: { ufom: debiased },
  evaluate: (method, given) => {
    const { settings, batches } = given
    const { q } = settings
    const found = bothWays(method, given)
    return compared(
      batches.map((batch, i): Comparison => {
        const { exact, firstOrder } = batch
        const [tails = exact, heads = exact] = found[i] ?? []
        const away = (g: Vector): number => squaredNorm(plus(g, exact, -1))
        const size = sizeOfLoop(batch)
        return equal(
          `batch ${i}`,
          q * away(heads) + (1 - q) * away(tails),
          (1 / q - 1) * away(firstOrder),
          (DIGITS * size * size) / q,
        )
      }),
    )
  },
  mutants: ['withoutOneOverQ', 'alwaysExact', 'clippedAdjoint'],
}

/** A method that chooses its probability as it goes. */
export type AdaptiveMethod = (
  settings: Omit<LoopSettings, 'q'> & { readonly qMin: number; readonly beta: number },
) => BilevelMethod<AdaptiveUfomState, UfomOutputs>

interface Watched {
  readonly loop: LoopCase
  readonly beta: number
  readonly uniforms: ReadonlyArray<number>
}

export const moments: Statement<AdaptiveMethod, Watched> = {
  id: 'B12.moments',
  says: 'while $x$ stands, the averages of the adaptive method are $(1 - \\beta^n) \\|G_{fo} - G_{ex}\\|^2$ and $(1 - \\beta^n) \\|G_{ex}\\|^2$ after $n$ exact passes',
  kind: 'path',
  evidence: ['D'],
  hypotheses: [],
  slack: '1e-10 of the square of one and of what is added to make the gradients',
  cases: fc.record({
    loop: loopCases,
    beta: fc.constantFrom(0, 1 / 2, 3 / 4, 0.99),
    uniforms: fc.array(fc.constantFrom(0, 1 / 32, 1 / 4, 3 / 4), { minLength: 2, maxLength: 5 }),
  }),
  show: ({ loop, beta, uniforms }) => ({ loop: showLoop(loop), beta, uniforms }),
  subjects: {
    adaptiveUfom: ({ step, ...rest }) => adaptiveUfom({ ...rest, upper: { rule: constant(step) } }),
  },
  evaluate: (method, { loop, beta, uniforms }) => {
    const { problem, start, settings, batches } = loop
    const { q: qMin, ...rest } = settings
    const made = method({ ...rest, step: 0, qMin, beta })
    const [batch] = batches
    if (batch === undefined) return compared([])
    const { upper, exact, firstOrder } = batch
    const [D2, V2] = [squaredNorm(plus(firstOrder, exact, -1)), squaredNorm(exact)]
    const size = sizeOfLoop(batch)
    const slack = DIGITS * size * size
    let state = made.init(start)
    let passes = 0
    const comparisons: Array<Comparison> = []
    for (const [k, u] of uniforms.entries()) {
      const [next, { own }] = iterated(problem, made, state, { ...noDraw, upper, uniform: O.some(u) })
      if (own.exact) passes += 1
      const seen = 1 - pow(beta, passes)
      comparisons.push(
        must(`exact where the number drawn is below q, k = ${k}`, own.exact === u < own.q),
        must(`passes, k = ${k}`, next.passes === passes),
        equal(`D2, k = ${k}`, next.D2, seen * D2, slack),
        equal(`V2, k = ${k}`, next.V2, seen * V2, slack),
      )
      state = next
    }
    return compared(comparisons)
  },
  mutants: ['momentsOfTheStep', 'averagedOnEveryDraw'],
}

const biasOf = (method: LoopMethod, given: LoopCase) => {
  const { problem, start, settings, batches } = given
  const made = method({ ...settings, q: 1, step: 0 })
  return batches.map((batch) => {
    const [, record] = iterated(problem, made, made.init(start), tossed(1, batch.upper))
    return { batch, firstOrder: record.own.firstOrder, exact: movedAlong(record) }
  })
}

export const bias: Statement<LoopMethod, LoopCase> = {
  id: 'B13.bias',
  says: '$\\|G_{fo} - G_{ex}\\| \\le (d + M_1) \\|\\nabla_y f(x, y_r)\\| \\bigl(\\prod_t (1 + a_t L_2) - 1\\bigr)$, and 0 for no steps or where the second derivatives vanish',
  kind: 'path',
  evidence: ['D*'],
  hypotheses: [
    {
      says: '$\\|H\\|, \\|J\\| \\le L_2$ along the loop, which starts where a map of $x$ with the constant $M_1$ says; $d = 0$ where $x$ enters nowhere else, else 1',
      holds: () => true,
    },
  ],
  slack: '1e-10 of one and of what is added to make the gradients',
  cases: loopCases,
  show: showLoop,
  subjects: { ufom: debiased },
  evaluate: (method, given) =>
    compared(
      biasOf(method, given).map(({ batch, firstOrder, exact }, i) => ({
        at: `batch ${i}`,
        observed: distance(firstOrder, exact),
        bound: ((given.direct ? 1 : 0) + given.start1) * batch.slopeInY * batch.growth,
        slack: DIGITS * sizeOfLoop(batch),
      })),
    ),
  mutants: ['adjointWithoutTheStep', 'notPulledBack', 'takenAtTheStart'],
}

export const sizeOfExact: Statement<LoopMethod, LoopCase> = {
  id: 'B13.size',
  says: '$\\|G_{ex}\\| \\le \\|\\nabla_x f\\| + M_1 \\|\\nabla_y f\\| \\prod_t (1 + a_t L_2) + d\\, \\|\\nabla_y f\\| \\bigl(\\prod_t (1 + a_t L_2) - 1\\bigr)$',
  kind: 'path',
  evidence: ['D*'],
  hypotheses: [{ says: '$\\|H\\|, \\|J\\| \\le L_2$ along the loop', holds: () => true }],
  slack: '1e-10 of one and of what is added to make the gradients',
  cases: loopCases,
  show: showLoop,
  subjects: { ufom: debiased },
  evaluate: (method, given) =>
    compared(
      biasOf(method, given).map(({ batch, exact }, i) => {
        const { slopeInX, slopeInY, growth } = batch
        return {
          at: `batch ${i}`,
          observed: norm(exact),
          bound: slopeInX + given.start1 * slopeInY * (1 + growth) + (given.direct ? slopeInY * growth : 0),
          slack: DIGITS * sizeOfLoop(batch),
        }
      }),
    ),
  mutants: ['adjointWithoutTheStep', 'summedOverTheLoop'],
}

export const debiasing12: Card = {
  id: 'B12',
  title: 'A coin that makes a first-order gradient unbiased',
  about:
    'The gradient through a finite inner loop needs a pass back over all its steps; without second derivatives one has a cheap gradient that is wrong. UFOM pays for the difference only where a coin shows 1, and divides it by the probability of that. The mean is then the exact gradient whatever the probability, and the variance is known to the digit. The adaptive method reads both moments off the exact passes; read off the debiased step instead, the first would be wrong by $(1/q - 1)^2$.',
  proof:
    '$q\\,(G_{fo} + (G_{ex} - G_{fo})/q) + (1 - q)\\, G_{fo} = G_{ex}$, and $q (1 - 1/q)^2 + (1 - q) = 1/q - 1$. Tasks are drawn independently of the coin. An average of equal numbers with weights $(1 - \\beta) \\beta^{n - i}$ is $1 - \\beta^n$ times that number.',
  sources: ['likhosherstov2021'],
  statements: [seal(unbiased), seal(variance), seal(moments)],
}

export const bias13: Card = {
  id: 'B13',
  title: 'How wrong a first-order gradient is',
  about:
    'Leaving second derivatives out costs at most the slope at the end of the loop times what the loop may stretch, less one: little for few or short steps, nothing at all where the loss is linear, and exponential in the number of steps at worst. Where the loss is concave along the loop the bound is attained.',
  proof:
    'Going back, the cotangent $p$ is multiplied by $I - a_t H_t$, so that it grows by at most $1 + a_t L_2$ a step, and each step adds at most $a_t L_2 \\|p\\|$ to what $x$ sees. The sum telescopes to $\\prod_t (1 + a_t L_2) - 1$.',
  sources: ['likhosherstov2021'],
  statements: [seal(bias), seal(sizeOfExact)],
  unverified:
    'The published constants are of the form $O((1 + a L_2)^r - 1)$ with suprema over all points; only the form above, along one loop, is asserted.',
}
