import fc from 'fast-check'
import {
  type F2saOutputs,
  type F2saState,
  f2sa,
  type PenaltyWeight,
  powerWeight,
} from '../../../bilevel/method/f2sa.js'
import { type F3saOutputs, type F3saState, f3sa } from '../../../bilevel/method/f3sa.js'
import type { BilevelMethod } from '../../../bilevel/method/method.js'
import { norm, pow, powerOfTwo } from '../../../numeric/index.js'
import { constant } from '../../../rule/atom/constant.js'
import type { Card } from '../../card/card.js'
import { type Comparison, compared, equal } from '../../card/evidence.js'
import { seal } from '../../card/seal.js'
import type { Statement } from '../../card/statement.js'
import {
  distance,
  plus,
  plusMatrix,
  product,
  solved,
  solvedMatrix,
  spectrum,
  times,
  transposed,
} from '../../world/bilevel/matrix.js'
import { quadraticBilevelWorlds } from '../../world/bilevel/quadratic.js'
import { type QuadraticBilevelWorld, showBilevelWorld } from '../../world/bilevel/world.js'
import { DIGITS, iterated, iterations, movedAlong, slopesOf } from './running.js'

/** What a penalty method is made of here. */
export interface PenaltySettings {
  readonly steps: number
  /** The steps of $z$, $y$ and $x$. */
  readonly z: number
  readonly y: number
  readonly x: number
  readonly lambda: PenaltyWeight
}

/** A penalty method under test. */
export type PenaltyMethod = (settings: PenaltySettings) => BilevelMethod<F2saState, F2saOutputs>

export const twoPoints: PenaltyMethod = ({ steps, z, y, x, lambda }) =>
  f2sa({
    steps,
    z: { rule: constant(z) },
    y: { rule: constant(y) },
    x: { rule: constant(x) },
    lambda,
  })

interface Given {
  readonly world: QuadraticBilevelWorld
  readonly lambda: number
}

const cases: fc.Arbitrary<Given> = fc
  .record({ world: quadraticBilevelWorlds({ octaves: 2 }), octaves: fc.integer({ min: 0, max: 5 }) })
  .map(({ world, octaves }) => {
    const { mu, upperLipschitzY } = world.constants
    return { world, lambda: powerOfTwo(octaves) * Math.max(1 / 4, (2 * upperLipschitzY) / mu) }
  })

const show = ({ world, lambda }: Given) => ({ problem: showBilevelWorld(world), lambda })

/** $y_\lambda(x)$ and $\nabla \mathcal L_\lambda^*(x)$ in closed form. */
const penalty = ({ world, lambda }: Given, x: Float64Array) => {
  const { mean, problem } = world
  const { H, B, P, S } = mean
  const best = world.lowerSolution(x)
  const slope = slopesOf(problem, 'upper', { x, y: best }).y
  const w = solved(plusMatrix(P, H, lambda), slope)
  const [m, n] = [H.length, S.length]
  const C = plusMatrix(S, product(transposed(B, n), solvedMatrix(H, P, m), m), -1)
  return { best, y: plus(best, w, -1), gradient: plus(world.gradient(x), times(C, w), -1) }
}

const sizeAt = ({ world, lambda }: Given, x: Float64Array, y: Float64Array): number => {
  const f = slopesOf(world.problem, 'upper', { x, y })
  const g = slopesOf(world.problem, 'lower', { x, y })
  const { crossNorm, mu } = world.constants
  return (
    1 + norm(f.x) + (1 + crossNorm / mu) * norm(f.y) + lambda * (norm(g.x) + norm(g.y) + crossNorm * norm(y))
  )
}

const common = {
  kind: 'path',
  evidence: ['D'],
  slack: '1e-10 of one and of what is added, the terms that $\\lambda$ multiplies among them',
  cases,
  show,
} as const

export const direction: Statement<PenaltyMethod, Given> = {
  ...common,
  id: 'B21.direction',
  says: 'where $z = y^*(x)$ and $y = y_\\lambda(x)$, or enough steps lead there, $x$ moves along $\\nabla \\mathcal L_\\lambda^*(x)$',
  hypotheses: [{ says: 'quadratics, $\\lambda \\ge 2 L_{fy}/\\mu$', holds: () => true }],
  subjects: { f2sa: twoPoints },
  evaluate: (method, given) => {
    const { world, lambda } = given
    const { problem, start, constants } = world
    const { mu, L, upperLipschitzY } = constants
    const exact = penalty(given, start.x)
    const slack = DIGITS * (sizeAt(given, start.x, exact.y) + sizeAt(given, start.x, exact.best))
    const settings = {
      z: 2 / (L + mu),
      y: 2 / (lambda * (L + mu) + upperLipschitzY),
      x: 1 / 8,
      lambda: { start: lambda },
    }
    const from = (steps: number, y: Float64Array, z: Float64Array): Comparison => {
      const made = method({ ...settings, steps })
      const begin = { x: start.x, y, z }
      const [next, record] = iterated(problem, made, made.init(begin))
      const landed = plus(start.x, movedAlong(record), -1 / 8)
      return {
        at: steps === 0 ? 'there' : `after ${steps} steps`,
        observed: distance(movedAlong(record), exact.gradient) + distance(made.point(next).x, landed),
        bound: 0,
        slack: steps === 0 ? slack : slack + DIGITS * sizeAt(given, start.x, y),
      }
    }
    // With kappa at most 6 so many steps leave nothing.
    return compared([from(0, exact.y, exact.best), from(100, start.y, start.y)])
  },
  mutants: ['weightOnUpper', 'solutionBeforeItsSteps', 'withoutTheLowerSolution'],
}

export const descent: Statement<PenaltyMethod, Given> = {
  ...common,
  id: 'B21.descent',
  says: '$\\mathcal L_\\lambda^*(x_+) \\le \\mathcal L_\\lambda^*(x) - \\frac1{2b} \\|x_+ - x\\|^2$ for steps $b \\le 1/L_\\lambda$ with inner problems solved',
  hypotheses: [{ says: 'quadratics, $\\lambda \\ge 2 L_{fy}/\\mu$', holds: () => true }],
  subjects: { f2sa: twoPoints },
  evaluate: (method, given) => {
    const { world, lambda } = given
    const { problem, start, mean, solve } = world
    const { H, B, P, S, R } = mean
    const n = R.length
    const V = plusMatrix(S, transposed(B, n), lambda)
    const Bt = transposed(B, n)
    const hessian = plusMatrix(
      plusMatrix(R, product(Bt, solvedMatrix(H, B, n), n), lambda),
      product(V, solvedMatrix(plusMatrix(P, H, lambda), transposed(V, H.length), n), n),
      -1,
    )
    const { least, greatest } = spectrum(hessian)
    const b = 1 / (Math.max(greatest, -least, 1 / 16) * (1 + 1e-9))
    const before = penalty(given, start.x)
    const made = method({ steps: 0, z: 1, y: 1, x: b, lambda: { start: lambda } })
    const [next] = iterated(problem, made, made.init({ x: start.x, y: before.y, z: before.best }))
    const x = made.point(next).x
    const d = plus(x, start.x, -1)
    // A quadratic: its change is exact, without the difference of two values.
    const change = d.reduce(
      (s, di, i) => s + di * ((before.gradient[i] ?? 0) + (times(hessian, d)[i] ?? 0) / 2),
      0,
    )
    const size = sizeAt(given, start.x, before.y) + sizeAt(given, start.x, before.best) + norm(solve(mean.c))
    return compared([
      {
        at: `b = ${b}`,
        observed: (norm(d) * norm(d)) / (2 * b),
        bound: -change,
        slack: DIGITS * size * size,
      },
    ])
  },
  mutants: ['weightOnUpper', 'steppedTwice'],
}

/** A penalty method whose gradients have momentum. */
export type MomentumMethod = (
  settings: Omit<PenaltySettings, 'steps'> & { readonly eta: (k: number) => number },
) => BilevelMethod<F3saState, F3saOutputs>

interface Recursive extends Given {
  readonly eta: ReadonlyArray<number>
}

export const noiseless: Statement<MomentumMethod, Recursive> = {
  ...common,
  id: 'B21.momentum',
  says: 'without noise every recursive momentum estimate is the gradient, whatever $\\eta_k$',
  hypotheses: [{ says: 'nothing is drawn', holds: () => true }],
  cases: fc
    .record({
      given: cases,
      eta: fc.array(fc.constantFrom(0, 1 / 8, 1 / 2, 1), { minLength: 3, maxLength: 3 }),
    })
    .map(({ given, eta }) => ({ ...given, eta })),
  show: ({ eta, ...given }) => ({ ...show(given), eta: [...eta] }),
  subjects: {
    f3sa: ({ z, y, x, lambda, eta }) =>
      f3sa({ z: { rule: constant(z) }, y: { rule: constant(y) }, x: { rule: constant(x) }, lambda, eta }),
  },
  evaluate: (method, given) => {
    const { world, lambda, eta } = given
    const { problem, start, constants, smoothness } = world
    const { mu, L, upperLipschitzY } = constants
    const made = method({
      z: 1 / (L + mu),
      y: 1 / (lambda * (L + mu) + upperLipschitzY),
      x: 1 / (8 * (smoothness + lambda)),
      lambda: { start: lambda, increment: 1 / 4 },
      eta: (k) => eta[k] ?? 1,
    })
    let size = 0
    return compared(
      iterations(problem, made, start, eta.length).flatMap(({ record: { k, x, y: ahead, own } }) => {
        const { estimates: found, z: lowerAhead } = own
        const at = (level: 'upper' | 'lower', y: Float64Array) => slopesOf(problem, level, { x, y })
        const slopes: ReadonlyArray<readonly [string, Float64Array, Float64Array]> = [
          ['gz', found.gz, at('lower', found.z).y],
          ['fy', found.fy, at('upper', found.y).y],
          ['gy', found.gy, at('lower', found.y).y],
          ['fx', found.fx, at('upper', ahead).x],
          ['gxy', found.gxy, at('lower', ahead).x],
          ['gxz', found.gxz, at('lower', lowerAhead).x],
        ]
        // Errors of all iterations add up.
        size += slopes.reduce((s, [, , exact]) => s + norm(exact), 1)
        return slopes.map(
          ([name, h, exact]): Comparison => ({
            at: `${name}, k = ${k}`,
            observed: distance(h, exact),
            bound: 0,
            slack: 1e-12 * size,
          }),
        )
      }),
    )
  },
  mutants: ['oneEstimateForTheSum', 'anotherPointBefore', 'plainMomentum'],
}

interface Growth {
  readonly start: number
  readonly exponent: number
}

export const weight: Statement<typeof powerWeight, Growth> = {
  id: 'B21.weight',
  says: '$\\lambda_k = \\lambda_0 (k + 1)^p$ along a run, when the weight is added to after each iteration',
  kind: 'path',
  evidence: ['D'],
  hypotheses: [],
  slack: '1e-12 of $\\lambda_k$',
  cases: fc.record({
    start: fc.constantFrom(1 / 4, 1, 8),
    exponent: fc.constantFrom(1 / 7, 1 / 5, 1 / 3, 1 / 2, 1),
  }),
  show: ({ start, exponent }) => ({ start, exponent }),
  subjects: { powerWeight },
  evaluate: (make, given) => {
    const { start, increment = 0 } = make(given)
    let lambda = start
    return compared(
      Array.from({ length: 40 }, (_, k): Comparison => {
        const exact = given.start * pow(k + 1, given.exponent)
        const found = equal(`k = ${k}`, lambda, exact, 1e-12 * exact)
        lambda += typeof increment === 'number' ? increment : increment(k)
        return found
      }),
    )
  },
  mutants: ['increments', 'startForgotten'],
}

export const penalty21: Card = {
  id: 'B21',
  title: 'The direction of the fully first-order method',
  about:
    'Two sequences follow the two minimisers of a penalty, and $x$ moves along a difference of gradients at both: with both exact that is the gradient of the penalised value, which descends with the steps that its curvature allows. Recursive momentum changes none of it where there is no noise, provided each gradient has an estimate of its own: one for a sum would go wrong as soon as the weight changes. The weight itself grows by increments, which must fall.',
  proof:
    'The envelope theorem. In $h_k = \\nabla(w_k) + (1 - \\eta_k)(h_{k-1} - \\nabla(w_{k-1}))$ the bracket is zero by induction. Increments $\\lambda_0((k+2)^p - (k+1)^p)$ telescope; increments of order $k^p$ would sum to order $k^{p+1}$, as $k^{6/7}$ where $k^{1/7}$ was meant.',
  sources: ['kwon2023', 'kwon2024', 'chen2025'],
  statements: [seal(direction), seal(descent), seal(noiseless), seal(weight)],
  unverified:
    'The published exponents of the schedules ($a = 5/7$, $c = 4/7$ and their relatives) and the rates that go with them are not asserted.',
}
