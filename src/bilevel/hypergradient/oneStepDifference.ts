import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { norm } from '../../numeric/index.js'
import type { Vector } from '../../problem/oracle.js'
import { chain, done, map } from '../../program/program.js'
import { type Asking, askInBoth, askInX, askInY } from '../oracle.js'
import { positiveOf } from './domain.js'
import { type Estimator, type Hypergradient, noCertificate, type Unsolved } from './hypergradient.js'
import { unsolved } from './implicit.js'
import { minusScaled } from './path.js'

/**
 * The parameters of {@link oneStepDifference}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface OneStepDifferenceParams {
  /** The length $a > 0$ of the step that is looked through. */
  readonly step: number
  /** How far the two points of the difference are from $y$, $\rho > 0$; 0.01 by default. */
  readonly radius?: number
}

/**
 * The gradient of $f_S(x, y'(x))$ through one step $y' = y - a \nabla_y g_C(x, y)$, whose mixed derivative is a central difference of
 * gradients (DARTS of the second order): with $b = \nabla_y f_S(x, y')$ and $e = \rho / \|b\|$,
 * $$z = \nabla_x f_S(x, y') - a\, \frac{\nabla_x g_C(x, y + e b) - \nabla_x g_C(x, y - e b)}{2 e} .$$
 * Where $b = 0$ it is $\nabla_x f_S(x, y')$.
 *
 * What is known of it: where $\nabla_x g$ is affine or quadratic in $y$, it is the gradient through that one step but for rounding;
 * where $J$ is $L_J$-Lipschitz in $y$ it is at most $a L_J \rho \|b\| / 2$ off. Of the distance from $\nabla F$ nothing follows: one
 * step is no solution, and even at $y^*(x)$ it has $a b$ in place of $H^{-1} b$. Hence a certificate without a bound.
 *
 * Cost: one gradient of $f$ and three of $g$; no products.
 *
 * A draft, not in version 1 of the standard: clause `draft.oneStepDifference`.
 *
 * @throws RangeError if a parameter is not a finite number > 0.
 * @cite liu2019
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { hypergradient, oneStepDifference, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[1]], p: [-2], r: [0.25] }],
 * })
 * // The step leads from 0 to 1/4, where the gradients of f are 1/2 and -7/4.
 * const at = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * const found = hypergradient(problem, oneStepDifference({ step: 0.25, radius: 0.5 }), at)
 * found._tag === 'Right' && found.right.gradient // => Float64Array.of(0.9375)
 * found._tag === 'Right' && found.right.certificate.errorBound // => { _tag: 'None' }
 * ```
 */
export const oneStepDifference = (params: OneStepDifferenceParams): Estimator => {
  const step = positiveOf('step', params.step)
  const radius = positiveOf('radius', params.radius ?? 0.01)
  return {
    name: 'oneStepDifference',
    unrolls: false,
    estimate: ({ x, y, draw }) => {
      const inXAt = (point: Vector): Asking<Vector> =>
        map(askInX('lower', { x, y: point }, draw.cross), (g) => g.x)
      /** $J b$, from points at the distance $\rho$ whatever the length of $b$. */
      const cross = (b: Vector, size: number): Asking<Vector> => {
        if (size === 0) return done(new Float64Array(x.length))
        const unit = b.map((bi) => bi / size)
        return chain(inXAt(minusScaled(y, -radius, unit)), (plus) =>
          map(inXAt(minusScaled(y, radius, unit)), (minus) =>
            plus.map((p, i) => (size * (p - (minus[i] ?? 0))) / (2 * radius)),
          ),
        )
      }
      return chain(askInY('lower', { x, y }, draw.cross), (g) => {
        const ahead = minusScaled(y, step, g.y)
        return chain(askInBoth('upper', { x, y: ahead }, draw.upper), (f) => {
          const size = norm(f.y)
          return map(cross(f.y, size), (Jb): E.Either<Unsolved, Hypergradient> => {
            const gradient = minusScaled(f.x, step, Jb)
            if (!gradient.every(Number.isFinite))
              return unsolved('nonFinite', 'a hypergradient that is not finite')
            return E.right({
              form: 'other',
              value: f.value,
              gradient,
              y: ahead,
              v: O.none,
              count: 1,
              slopeInY: O.some(size),
              lowerBound: f.lowerBound,
              solutionValue: f.solutionValue,
              certificate: noCertificate,
            })
          })
        })
      })
    },
  }
}
