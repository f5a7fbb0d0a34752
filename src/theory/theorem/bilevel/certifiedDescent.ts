import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import { type MaidOutputs, type MaidState, maid } from '../../../bilevel/method/maid.js'
import type { MaidConstants, MaidParams } from '../../../bilevel/method/maidParams.js'
import type { BilevelMethod } from '../../../bilevel/method/method.js'
import { dot, norm, squaredNorm } from '../../../numeric/index.js'
import type { Card } from '../../card/card.js'
import { type Comparison, compared, equal, must } from '../../card/evidence.js'
import { seal } from '../../card/seal.js'
import type { Statement } from '../../card/statement.js'
import { distance, plus } from '../../world/bilevel/matrix.js'
import { quadraticBilevelWorlds } from '../../world/bilevel/quadratic.js'
import { shiftedBilevelWorlds } from '../../world/bilevel/shifted.js'
import { type BoundedBilevelWorld, showBilevelWorld } from '../../world/bilevel/world.js'
import { DIGITS, iterations, slopesOf } from './running.js'

/** A method whose every step is proved, under test. */
export type ProvedMethod = (
  params: MaidParams & { readonly constants: MaidConstants },
) => BilevelMethod<MaidState, MaidOutputs>

interface Proved {
  readonly world: BoundedBilevelWorld
  readonly params: Omit<MaidParams, 'constants' | 'inner'>
}

const K = 4

const cases: fc.Arbitrary<Proved> = fc
  .record({
    world: fc.oneof<Array<fc.Arbitrary<BoundedBilevelWorld>>>(
      quadraticBilevelWorlds({ octaves: 2 }),
      shiftedBilevelWorlds({ octaves: 1 }),
    ),
    epsilon: fc.constantFrom(1, 1 / 4, 1 / 64),
    delta: fc.constantFrom(16, 4, 1 / 2),
    alpha: fc.constantFrom(4, 16),
    eta: fc.constantFrom(1 / 4, 1 / 2),
    upperConvex: fc.boolean(),
    refine: fc.constantFrom(1 / 2, 1 / 4),
    relax: fc.constantFrom(1, 1.25, 2),
    shrink: fc.constantFrom(1 / 2, 1 / 4),
    grow: fc.constantFrom(1, 10 / 9, 2),
  })
  .map(({ world, ...rest }) => ({
    world,
    params: { ...rest, decrease: rest.eta / 2, tolerance: 1e-4, rounds: 12, refinements: 24 },
  }))

const ran = (method: ProvedMethod, { world, params }: Proved) =>
  iterations(world.problem, method({ ...params, constants: world.constants }), world.start, K)

const common = {
  kind: 'path',
  evidence: ['D*'],
  cases,
  show: ({ world, params }: Proved) => ({ problem: showBilevelWorld(world), ...params }),
  subjects: { maid },
} as const

export const accuracy: Statement<ProvedMethod, Proved> = {
  ...common,
  id: 'B22.accuracy',
  says: '$\\|\\tilde y - y^*(x)\\| \\le \\varepsilon$, $\\|z - \\nabla F(x)\\| \\le \\omega$ and $f - \\|\\nabla_y f\\| \\varepsilon\\, (- \\frac{L_{fy}}2 \\varepsilon^2) \\le F(x) \\le f + \\|\\nabla_y f\\| \\varepsilon + \\frac{L_{fy}}2 \\varepsilon^2$ at $\\tilde y$, in every iteration',
  hypotheses: [{ says: 'the constants that are declared hold', holds: () => true }],
  slack: '1e-10 of one and of the values, gradients and $\\|J\\|/\\mu$ that enter',
  evaluate: (method, given) => {
    const { world, params } = given
    const { problem, constants } = world
    return compared(
      ran(method, given).flatMap(({ record: { k, x, y, value, own } }): ReadonlyArray<Comparison> => {
        if (O.isNone(own.hypergradient)) return []
        const { gradient, certificate } = own.hypergradient.value
        const e = own.epsilon
        const F = world.value(x)
        const b = norm(slopesOf(problem, 'upper', { x, y }).y)
        const bent = (constants.upperLipschitzY * e * e) / 2
        const size = 1 + norm(gradient) + (1 + constants.crossNorm / constants.mu) * b + norm(y)
        const slack = DIGITS * (size + Math.abs(F))
        const low = value - b * e - (params.upperConvex === true ? 0 : bent)
        return [
          { at: `lower point, k = ${k}`, observed: distance(y, world.lowerSolution(x)), bound: e, slack },
          {
            at: `hypergradient, k = ${k}`,
            observed: distance(gradient, world.gradient(x)),
            bound: O.getOrElse(() => 0)(certificate.errorBound),
            slack,
          },
          // Both as distances from the value at hand, so that the ratio says how sharp they are.
          { at: `below, k = ${k}`, observed: value - F, bound: value - low, slack },
          { at: `above, k = ${k}`, observed: F - value, bound: b * e + bent, slack },
        ]
      }),
    )
  },
  mutants: ['strongConvexityOverestimated', 'termsLeftOut', 'staleValue'],
}

export const proved: Statement<ProvedMethod, Proved> = {
  ...common,
  id: 'B22.descent',
  says: '$\\langle z, \\nabla F \\rangle \\ge \\eta \\|z\\|^2$, $\\|\\nabla F\\| \\le (2 - \\eta) \\|z\\|$ and $F(x_{k+1}) \\le F(x_k) - \\lambda a_k \\|z_k\\|^2$ for every step made, and $\\min_{k<K} \\|\\nabla F(x_k)\\|^2 \\le \\frac{(2 - \\eta)^2 (F(x_0) - F(x_K))}{\\lambda \\sum a_k}$',
  hypotheses: [{ says: 'the constants that are declared hold', holds: () => true }],
  slack: '1e-10 of one and of the values and squared gradients that enter',
  evaluate: (method, given) => {
    const { world, params } = given
    const { eta = 0.5, decrease = 0.25 } = params
    const run = ran(method, given).filter(({ record }) => record.own.accepted)
    let smallest = Number.POSITIVE_INFINITY
    let steps = 0
    let size = 1
    const comparisons = run.flatMap(
      ({ after, record: { k, x, gradient, outcome } }): ReadonlyArray<Comparison> => {
        const z = O.toNullable(gradient) ?? Float64Array.of(Number.NaN)
        const a = outcome._tag === 'Step' ? outcome.step : Number.NaN
        const exact = world.gradient(x)
        const zz = squaredNorm(z)
        const [F, next] = [world.value(x), world.value(after.x)]
        size += Math.abs(F) + Math.abs(next) + zz * (1 + a) + squaredNorm(exact)
        const slack = DIGITS * size
        smallest = Math.min(smallest, squaredNorm(exact))
        steps += a
        return [
          { at: `direction, k = ${k}`, observed: eta * zz, bound: dot(z, exact), slack },
          { at: `length, k = ${k}`, observed: norm(exact), bound: (2 - eta) * norm(z), slack },
          { at: `decrease, k = ${k}`, observed: decrease * a * zz, bound: F - next, slack },
          equal(`step, k = ${k}`, distance(after.x, plus(x, z, -a)), 0, DIGITS * (1 + norm(x) + a * norm(z))),
        ]
      },
    )
    const [first] = run
    const last = run.at(-1)
    if (first === undefined || last === undefined) return compared([])
    const gained = world.value(first.record.x) - world.value(last.after.x)
    return compared([
      ...comparisons,
      {
        at: 'rate',
        observed: smallest,
        bound: ((2 - eta) * (2 - eta) * gained) / (decrease * steps),
        slack: (DIGITS * size * (2 - eta) * (2 - eta)) / (decrease * steps),
      },
    ])
  },
  mutants: ['steppedTwice', 'sufficientWithoutZ', 'normsTooSmall'],
}

export const machine: Statement<ProvedMethod, Proved> = {
  ...common,
  id: 'B23.machine',
  says: 'both accuracies are multiplied by $\\nu$ for each refinement and by $\\bar\\nu$ after a step that is made, and by nothing else; the step is $\\alpha\\rho^i$ for the $i$ trials before it, and the next $\\alpha$ is $\\bar\\rho$ times that',
  hypotheses: [],
  slack: '1e-12 of what is compared',
  evaluate: (method, given) => {
    const { refine = 0.5, relax = 1.25, shrink = 0.5, grow = 10 / 9 } = given.params
    return compared(
      ran(method, given).flatMap(({ before, after, record: { k, x, own, outcome } }) => {
        let factor = 1
        for (let i = 0; i < own.refinements; i++) factor *= refine
        const close = (at: string, a: number, b: number): Comparison =>
          equal(`${at}, k = ${k}`, a, b, 1e-12 * Math.abs(b))
        const accuracies = [
          close('epsilon', own.epsilon, factor * before.epsilon),
          close('delta', own.delta, factor * before.delta),
        ]
        if (!own.accepted)
          return [
            ...accuracies,
            must(
              `stays, k = ${k}`,
              after.x.every((xi, i) => xi === x[i]),
            ),
          ]
        const a = outcome._tag === 'Step' ? outcome.step : Number.NaN
        let trial = before.alpha
        let trials = 1
        // Half a refusal is more than rounding.
        while (trial > a * Math.sqrt(1 / shrink) && trials < own.trials) {
          trial *= shrink
          trials += 1
        }
        return [
          ...accuracies,
          close('step', a, trial),
          close('next epsilon', after.epsilon, relax * own.epsilon),
          close('next delta', after.delta, relax * own.delta),
          close('next step', after.alpha, grow * a),
        ]
      }),
    )
  },
  mutants: ['refinesOneAlone', 'keepsTheFirstTrial', 'relaxedWhereItWasRefined'],
}

export const certifiedDescent22: Card = {
  id: 'B22',
  title: 'Descent that proves every step',
  about:
    'With the constants of the problem known, a gradient of the lower level bounds the distance to its solution, a residual bounds the error of the hypergradient, and both bound $F$ from above and below. MAID refines until these bounds prove a descent direction and a sufficient decrease: $F$, which is never evaluated, falls in every iteration by a known amount, and a rate follows. Everything hangs on the constants: too large a $\\mu$, or a term of the bound left out as in public code, and the proof is void.',
  proof:
    '$\\|\\nabla_y g\\| \\le \\varepsilon\\mu$ gives $\\|y - y^*\\| \\le \\varepsilon$, and expansions of $f$ at $y$ give the sandwich. $\\langle z, \\nabla F \\rangle \\ge \\|z\\|^2 - \\omega\\|z\\|$. The upper bound at the trial point plus $\\lambda a \\|z\\|^2$ below the lower bound at $x$ is a decrease of $F$ itself. Sum up, with $\\|\\nabla F\\| \\le \\|z\\| + \\omega$.',
  sources: ['salehi2025'],
  statements: [seal(accuracy), seal(proved)],
  unverified:
    'That fewer lower steps are needed than with fixed accuracies is not asserted: for well-conditioned lower levels it is false. That $\\nabla F(x_k) \\to 0$ is published without a rate.',
}

export const accuracies23: Card = {
  id: 'B23',
  title: 'Accuracies that shrink and grow',
  about:
    'The accuracies of MAID are a small machine: finer by one factor when a bound is too wide or a search fails, coarser by another after a step. That keeps lower solves as rough as the proof allows. The trial step starts from the last one, a little longer.',
  proof: 'By the definition of the method; what is asserted is that nothing else moves them.',
  sources: ['salehi2025'],
  statements: [seal(machine)],
}
