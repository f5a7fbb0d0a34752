import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { norm } from '../../numeric/index.js'
import { descentInit } from '../../optimizer/iteration.js'
import type { Method } from '../../optimizer/method.js'
import type { Vector } from '../../problem/oracle.js'
import { chain, done, map } from '../../program/program.js'
import { lowerMerit, type Settled, settle } from '../method/lower.js'
import { type Merit, mover } from '../method/move.js'
import { boundSum, plus, weighted } from '../method/weighted.js'
import { type Asking, askInBoth, askInX, askInY } from '../oracle.js'
import type { BilevelFacts } from '../problem/problem.js'
import { countOf, positiveOf, toleranceOf } from './domain.js'
import type { Estimator, Hypergradient, Place, Unsolved } from './hypergradient.js'
import { unsolved } from './implicit.js'

/**
 * The constants that {@link penaltyErrorBound} is made of.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export type PenaltyFacts = BilevelFacts & {
  /** The Lipschitz constant in $y$ of $H$; where it is absent $L^2$ times that of $H^{-1}$, which is not less. */
  readonly hessianLipschitz?: number
}

/**
 * What a bound on the error of a penalty gradient is made of.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface PenaltyResiduals {
  /** The weight $\lambda$. */
  readonly lambda: number
  /** $\|\nabla_y g(x, z)\|$. */
  readonly lower: number
  /** $\|\nabla_y f(x, y)/\lambda + \nabla_y g(x, y)\|$. */
  readonly penalised: number
  /** $\|\nabla_y g(x, y)\|$. */
  readonly inner: number
  /** $\|\nabla_y f(x, y)\|$. */
  readonly slopeInY: number
}

/**
 * A bound on $\|G - \nabla F(x)\|$ for $G = \nabla_x f(x, y) + \lambda\,(\nabla_x g(x, y) - \nabla_x g(x, z))$ at any $y$ and $z$,
 * where the constants are known: with $D = \|\nabla_y g(x, y)\|/\mu$, $b = \|\nabla_y f(x, y)\|$,
 * $r_z = \|\nabla_y g(x, z)\|$, $r_y = \|\nabla_y f(x, y)/\lambda + \nabla_y g(x, y)\|$,
 * $$\Bigl(L_{fx} + \frac{\|J\|}{\mu} L_{fy}\Bigr) D + \frac{b D}{2 \mu} \Bigl(L_J + \frac{\|J\|}{\mu} L_H\Bigr)
 *   + \frac{\lambda \|J\|}{\mu} (r_y + r_z) .$$
 * It asks for no convexity of $f$ and no least $\lambda$. With exact inner solutions $D = b/(\lambda\mu)$, and it is
 * $O(1/\lambda)$.
 *
 * Proof. Let $d = y - y^*$, $s = \nabla_y f(x, y)/\lambda + \nabla_y g(x, y)$, and $\bar H$, $\bar J$ the means of $H$ and $J$ from $y^*$ to $y$;
 * at $y^*$ they are $H$ and $J$. As $\nabla_y g(x, y^*) = 0$, $\nabla_y g(x, y) = \bar H d$, so that $\|d\| \le D$ and
 * $\lambda d = \lambda \bar H^{-1} s - \bar H^{-1} \nabla_y f(x, y)$. Then
 * $\lambda (\nabla_x g(x, y) - \nabla_x g(x, y^*)) = \lambda \bar J d$, and
 * $$G - \nabla F = [\nabla_x f(x, y) - \nabla_x f(x, y^*)]
 *   - [\bar J \bar H^{-1} \nabla_y f(x, y) - J H^{-1} \nabla_y f(x, y^*)]
 *   + \lambda \bar J \bar H^{-1} s - \lambda\,[\nabla_x g(x, z) - \nabla_x g(x, y^*)] .$$
 * The first bracket is at most $L_{fx} D$, the last two terms at most $\lambda \|J\| r_y/\mu$ and
 * $\lambda \|J\| \|z - y^*\| \le \lambda \|J\| r_z/\mu$. With $p = \bar H^{-1} \nabla_y f(x, y)$, $\|p\| \le b/\mu$, the second is
 * $$(\bar J - J)\,p + J H^{-1} (H - \bar H)\,p + J H^{-1} (\nabla_y f(x, y) - \nabla_y f(x, y^*)),$$
 * and a mean over the segment is at most half a Lipschitz constant times $\|d\|$ from its end: $L_J D b/(2\mu)$,
 * $\|J\| L_H D b/(2\mu^2)$ and $\|J\| L_{fy} D/\mu$. Where only the constant $L_{H^{-1}}$ of $H^{-1}$ is known,
 * $H_1 - H_2 = H_1 (H_2^{-1} - H_1^{-1}) H_2$ gives $L_H \le L^2 L_{H^{-1}}$. ∎
 *
 * @returns none where a constant is unknown.
 * @cite kwon2023
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { penaltyErrorBound } from 'steplaw/bilevel'
 *
 * const facts = {
 *   mu: 2,
 *   crossNorm: 1,
 *   crossLipschitz: 0,
 *   hessianLipschitz: 0,
 *   upperLipschitzX: 1,
 *   upperLipschitzY: 1,
 * }
 * const residuals = { lambda: 10, lower: 0, penalised: 0, inner: 0.25, slopeInY: 2.5 }
 * penaltyErrorBound(facts, residuals) // => { _tag: 'Some', value: 0.1875 }
 * ```
 */
export const penaltyErrorBound = (
  facts: PenaltyFacts,
  { lambda, lower, penalised, inner, slopeInY }: PenaltyResiduals,
): O.Option<number> => {
  const { mu, L, crossNorm, crossLipschitz, inverseHessianLipschitz, upperLipschitzX, upperLipschitzY } =
    facts
  const fromInverse = (): number | undefined => {
    if (inverseHessianLipschitz === undefined || inverseHessianLipschitz === 0) return inverseHessianLipschitz
    return L === undefined ? undefined : L * L * inverseHessianLipschitz
  }
  const hessianLipschitz = facts.hessianLipschitz ?? fromInverse()
  if (
    mu === undefined ||
    !(mu > 0) ||
    crossNorm === undefined ||
    crossLipschitz === undefined ||
    hessianLipschitz === undefined ||
    upperLipschitzX === undefined ||
    upperLipschitzY === undefined
  )
    return O.none
  const ratio = crossNorm / mu
  const D = inner / mu
  return O.some(
    (upperLipschitzX + ratio * upperLipschitzY) * D +
      ((slopeInY * D) / (2 * mu)) * (crossLipschitz + ratio * hessianLipschitz) +
      lambda * ratio * (penalised + lower),
  )
}

/**
 * The parameters of {@link penaltyGradient}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface PenaltyGradientParams {
  /** The weight $\lambda > 0$. */
  readonly lambda: number
  /** How both inner problems, $g$ and $g + f/\lambda$, are descended until their gradient is at most `tolerance`. */
  readonly inner: Method & {
    readonly tolerance: number
    /** The most steps of each. */
    readonly budget: number
  }
  /** The constants of the problem, for the bound on the error. */
  readonly facts?: PenaltyFacts
}

/** The same failure, saying of which problem. */
const of = (problem: string, { reason, message }: Unsolved): E.Either<Unsolved, never> =>
  unsolved(reason, `${problem}: ${message}`)

/**
 * The gradient in $x$ of the value-function penalty $\min_y f_S(x, y) + \lambda\,(g(x, y) - \min_z g(x, z))$, from gradients alone:
 * $$G = \nabla_x f_S(x, y) + \lambda\,(\nabla_x g_C(x, y) - \nabla_x g_C(x, z)),$$
 * with $z$ the minimiser of $g_C(x, \cdot)$, from the current $y$, and $y$ that of $g_C(x, \cdot) + f_S(x, \cdot)/\lambda$, from $z$,
 * each to a tolerance. $f$ is taken at that $y$, and $v = \lambda (z - y)$ stands for $H^{-1} \nabla_y f$.
 *
 * The certificate has the bound {@link penaltyErrorBound} on $\|G - \nabla F(x)\|$, bias and inner solves together, where the constants are
 * given and nothing is drawn. A tolerance of $\tau$ costs $2 \lambda \|J\| \tau / \mu$ of it: it has to shrink faster than $1/\lambda$.
 *
 * Fails with the reason `exhausted` where an inner problem does not come to its tolerance within the budget.
 *
 * Cost: the inner steps, each one gradient of $g$, half of them one of $f$ too; and at the end one gradient of $f$ and two of $g$.
 *
 * A draft, not in version 1 of the standard: clause `draft.penaltyGradient`.
 *
 * @throws RangeError if a parameter is outside its domain, or the pieces of the method do not fit.
 * @cite kwon2023
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant } from 'steplaw'
 * import { hypergradient, penaltyGradient, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[1]], p: [-2], r: [0.25] }],
 * })
 * const estimator = penaltyGradient({
 *   lambda: 10,
 *   inner: { rule: constant(0.45), tolerance: 1e-10, budget: 100 },
 *   facts: problem.facts,
 * })
 * // The gradient is 3/2.
 * const found = hypergradient(problem, estimator, { x: Float64Array.of(0), y: Float64Array.of(0) })
 * found._tag === 'Right' && found.right.gradient.map((z) => Math.round(1e6 * z) / 1e6) // => Float64Array.of(1.535714)
 * ```
 */
export const penaltyGradient = ({
  lambda,
  inner: { tolerance, budget, ...method },
  facts = {},
}: PenaltyGradientParams): Estimator => {
  positiveOf('lambda', lambda)
  toleranceOf('inner.tolerance', tolerance)
  countOf('inner.budget', budget, 0)
  const move = mover(method)
  const within = { tolerance, budget }

  const penalisedAt =
    ({ x, draw: { upper, cross } }: Place) =>
    (y: Vector): Required<Merit> => {
      const at = (p: Vector) => ({ x, y: p })
      const sum = weighted('y', [
        { weight: 1, level: 'lower', batch: cross, at },
        { weight: 1 / lambda, level: 'upper', batch: upper, at },
      ])
      return {
        ...sum,
        here: chain(askInY('lower', { x, y }, cross), (g) =>
          map(askInY('upper', { x, y }, upper), (f) => ({
            value: g.value + f.value / lambda,
            gradient: plus(g.y, 1 / lambda, f.y),
            lowerBound: boundSum(g, 1 / lambda, f),
            solutionValue: O.none,
          })),
        ),
      }
    }

  const gradientAt = (
    { x, draw }: Place,
    z: Settled,
    { state, steps, residual }: Settled,
  ): Asking<E.Either<Unsolved, Hypergradient>> => {
    const y = state.x
    return chain(askInBoth('upper', { x, y }, draw.upper), (f) =>
      chain(askInBoth('lower', { x, y }, draw.cross), (g) =>
        map(askInX('lower', { x, y: z.state.x }, draw.cross), (gz): E.Either<Unsolved, Hypergradient> => {
          const gradient = plus(f.x, lambda, plus(g.x, -1, gz.x))
          if (!gradient.every(Number.isFinite))
            return unsolved('nonFinite', 'a hypergradient that is not finite')
          const [slopeInY, inner] = [norm(f.y), norm(g.y)]
          const drawn = draw.upper !== null || draw.cross !== null
          const bound = (): O.Option<number> =>
            penaltyErrorBound(facts, { lambda, lower: z.residual, penalised: residual, inner, slopeInY })
          return E.right({
            form: 'other',
            value: f.value,
            gradient,
            y,
            v: O.some(plus(z.state.x, -1, y).map((d) => lambda * d)),
            count: z.steps + steps,
            slopeInY: O.some(slopeInY),
            lowerBound: f.lowerBound,
            solutionValue: O.none,
            certificate: {
              innerResidual: draw.cross === null ? O.some(inner) : O.none,
              linearResidual: O.none,
              errorBound: drawn ? O.none : bound(),
            },
          })
        }),
      ),
    )
  }

  return {
    name: 'penalty',
    unrolls: false,
    estimate: (place) => {
      const { x, y, draw } = place
      if (!y.every(Number.isFinite)) return done(unsolved('nonFinite', 'a lower point that is not finite'))
      const lower = (p: Vector) => lowerMerit(x, p, draw.cross)
      return chain(settle(move, lower, descentInit(method, y), within), (z) =>
        E.isLeft(z)
          ? done(of('the lower problem', z.left))
          : chain(
              settle(move, penalisedAt(place), descentInit(method, z.right.state.x), within),
              (penalised) =>
                E.isLeft(penalised)
                  ? done(of('the penalised problem', penalised.left))
                  : gradientAt(place, z.right, penalised.right),
            ),
      )
    },
  }
}
