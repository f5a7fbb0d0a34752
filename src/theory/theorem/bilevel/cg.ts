import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import { conjugateGradients } from '../../../bilevel/hypergradient/cg.js'
import type { Estimator } from '../../../bilevel/hypergradient/hypergradient.js'
import { dot, norm } from '../../../numeric/index.js'
import type { Vector } from '../../../problem/oracle.js'
import type { Card } from '../../card/card.js'
import { type Comparison, compared } from '../../card/evidence.js'
import { seal } from '../../card/seal.js'
import type { Statement } from '../../card/statement.js'
import { entries } from '../../world/bilevel/draw.js'
import { distance, plus, times, vector } from '../../world/bilevel/matrix.js'
import { quadraticBilevelWorlds } from '../../world/bilevel/quadratic.js'
import { type QuadraticBilevelWorld, showBilevelWorld } from '../../world/bilevel/world.js'
import { DIGITS, estimateAt, solutionOf, upperSlopes } from './recipe.js'

/** Conjugate gradients, as an estimator that may do so many iterations, from the previous $v$ or from zero. */
export type Krylov = (iterations: number, warmStart: boolean) => Estimator

/** A world and where $v$ starts; from zero if there is none. */
interface Solve {
  readonly world: QuadraticBilevelWorld
  readonly v: ReadonlyArray<number> | null
}

/** One iterate, with the residual that came with it. */
interface Iterate {
  readonly v: Vector
  readonly residual: number
}

const iterate = (subject: Krylov, { world, v }: Solve, k: number): Iterate => {
  const { problem, start } = world
  const at = v === null ? start : { ...start, v: vector(v) }
  const found = estimateAt(problem, subject(k, v !== null), at)
  return {
    v: solutionOf(found),
    residual: O.getOrElse(() => Number.NaN)(found.certificate.linearResidual),
  }
}

const beginning = ({ world, v }: Solve): Vector =>
  v === null ? new Float64Array(world.start.y.length) : vector(v)

const common = {
  kind: 'path',
  evidence: ['D*'],
  hypotheses: [{ says: '$\\mu I \\preceq H \\preceq L I$, $\\mu > 0$', holds: () => true }],
  cases: fc
    .record({
      world: quadraticBilevelWorlds({ dimension: 4 }),
      v: fc.option(entries(4), { freq: 2 }),
    })
    .map(({ world, v }) => ({ world, v: v === null ? null : v.slice(0, world.start.y.length) })),
  show: ({ world, v }: Solve) => ({ problem: showBilevelWorld(world), v }),
  subjects: {
    cg: (iterations: number, warmStart: boolean) => conjugateGradients({ iterations, warmStart }),
  },
} as const

export const krylovBounds: Statement<Krylov, Solve> = {
  ...common,
  id: 'B7.bounds',
  says: '$\\|v_k - v^*\\|_H \\le 2\\rho^k \\|v_0 - v^*\\|_H$, $\\|v_k - v^*\\| \\le 2\\sqrt{\\kappa}\\,\\rho^k \\|v_0 - v^*\\|$ with $\\rho = (\\sqrt{\\kappa} - 1)/(\\sqrt{\\kappa} + 1)$; neither norm of the error increases',
  slack: '1e-10 of one and of $v^*$ and $v_0$, in the norm',
  evaluate: (subject, given) => {
    const { mean, problem, start, solve, constants } = given.world
    const best = solve(upperSlopes(problem, start).y)
    const errors = (v: Vector) => {
      const e = plus(v, best, -1)
      return { energy: Math.sqrt(Math.max(0, dot(e, times(mean.H, e)))), plain: norm(e) }
    }
    const first = errors(beginning(given))
    const root = Math.sqrt(constants.L / constants.mu)
    const rho = (root - 1) / (root + 1)
    const slack = DIGITS * (1 + norm(best) + norm(beginning(given)))
    const wide = slack * Math.sqrt(constants.L)
    let [before, factor] = [first, 1]
    return compared(
      Array.from({ length: start.y.length + 1 }, (_, i): ReadonlyArray<Comparison> => {
        const k = i + 1
        factor *= rho
        const now = errors(iterate(subject, given, k).v)
        const found = [
          {
            at: `norm of H, k = ${k}`,
            observed: now.energy,
            bound: 2 * factor * first.energy,
            slack: wide,
          },
          { at: `norm, k = ${k}`, observed: now.plain, bound: 2 * root * factor * first.plain, slack },
          { at: `norm of H falls, k = ${k}`, observed: now.energy, bound: before.energy, slack: wide },
          { at: `norm falls, k = ${k}`, observed: now.plain, bound: before.plain, slack },
        ]
        before = now
        return found
      }).flat(),
    )
  },
  mutants: ['penultimate', 'betaInverted', 'residualOfZero'],
}

export const krylovResidual: Statement<Krylov, Solve> = {
  ...common,
  id: 'B7.residual',
  says: '$\\|v_k - v^*\\| \\le r_k/\\mu$ for the residual $r_k$ that is reported, which is $\\|H v_k - b\\|$',
  slack: '1e-10 of one and of $H v_k$ and $b$, over $\\mu$ for the error',
  evaluate: (subject, given) => {
    const { problem, start, solve, constants } = given.world
    const b = upperSlopes(problem, start).y
    const best = solve(b)
    return compared(
      Array.from({ length: start.y.length + 1 }, (_, k): ReadonlyArray<Comparison> => {
        const { v, residual } = iterate(subject, given, k)
        const Hv = problem.lower.hessianVector(start.x, start.y, v, null)
        const slack = DIGITS * (1 + norm(Hv) + norm(b) + constants.L * norm(beginning(given)))
        return [
          {
            at: `error, k = ${k}`,
            observed: distance(v, best),
            bound: residual / constants.mu,
            slack: slack / constants.mu,
          },
          {
            at: `residual, k = ${k}`,
            observed: Math.abs(distance(Hv, b) - residual),
            bound: 0,
            slack,
          },
        ]
      }).flat(),
    )
  },
  mutants: ['residualBefore', 'squaredResidual', 'residualOfZero'],
}

export const finiteTermination: Statement<Krylov, Solve> = {
  ...common,
  id: 'B7.finite',
  says: '$v_m = v^*$, and $v_1 = v^*$ where $H$ is a multiple of the identity',
  slack: '1e-6 of one and of $v^*$ and $v_0$',
  evaluate: (subject, given) => {
    const { problem, start, solve, constants } = given.world
    const best = solve(upperSlopes(problem, start).y)
    const k = constants.L === constants.mu ? 1 : start.y.length
    return compared([
      {
        at: `k = ${k}`,
        observed: distance(iterate(subject, given, k).v, best),
        bound: 0,
        slack: 1e-6 * (1 + norm(best) + norm(beginning(given))),
      },
    ])
  },
  mutants: ['penultimate', 'steepest', 'residualOfZero'],
}

export const krylov7: Card = {
  id: 'B7',
  title: 'Conjugate gradients for the linear system',
  about:
    'Conjugate gradients solve $Hv = b$ with products alone, faster than any series, and with an error that never increases in two norms. Public implementations return the iterate before the one that met the tolerance: in one dimension, and wherever $H$ is a multiple of the identity, that is zero.',
  proof:
    '$v_k$ minimises $\\|v - v^*\\|_H$ over $v_0$ plus the span of $r_0, \\dots, H^{k-1} r_0$; a Chebyshev polynomial gives the rate, the polynomial that vanishes at all eigenvalues the end after $m$ steps. That the other norm falls too is due to Hestenes and Stiefel. The residual bounds the error since $\\|H^{-1}\\| \\le 1/\\mu$.',
  sources: ['nocedal2006', 'pedregosa2016'],
  statements: [seal(krylovBounds), seal(krylovResidual), seal(finiteTermination)],
}
