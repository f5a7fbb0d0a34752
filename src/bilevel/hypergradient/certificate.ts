import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { norm } from '../../numeric/index.js'
import { chain, done, map } from '../../program/program.js'
import { type Asking, askHessian, askInBoth, askInY } from '../oracle.js'
import type { BilevelFacts } from '../problem/problem.js'
import type { Certificate, Estimator, Hypergradient, Place } from './hypergradient.js'
import { minusScaled } from './path.js'

/**
 * What a bound on the error of a hypergradient is made of.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface Residuals {
  /** $\|\nabla_y g(x, y)\|$. */
  readonly inner: number
  /** $\|H v - \nabla_y f\|$. */
  readonly linear: number
  /** $\|\nabla_y f(x, y)\|$. */
  readonly slopeInY: number
}

/**
 * A bound on $\|z - \nabla F(x)\|$ for $z = \nabla_x f - J v$ at $(x, y)$, where the constants are known: with
 * $\varepsilon = \|\nabla_y g\| / \mu$, $\delta = \|H v - \nabla_y f\|$, $b = \|\nabla_y f\|$,
 * $$\omega = \Bigl(\frac{L_{fy} \|J\|}{\mu} + L_{H^{-1}} b \|J\| + \frac{L_J b}{\mu} + L_{fx}\Bigr) \varepsilon
 *   + \frac{\|J\|}{\mu} \delta + \frac{L_J L_{fy}}{\mu} \varepsilon^2 .$$
 *
 * All evaluations must be on all components. An overestimated $\mu$ makes it too small.
 *
 * @returns none where a constant is unknown.
 * @cite salehi2025
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { errorBound } from 'steplaw/bilevel'
 *
 * const facts = {
 *   mu: 2,
 *   crossNorm: 1,
 *   crossLipschitz: 0,
 *   inverseHessianLipschitz: 0,
 *   upperLipschitzX: 1,
 *   upperLipschitzY: 1,
 * }
 * errorBound(facts, { inner: 0.5, linear: 0.25, slopeInY: 3 }) // => { _tag: 'Some', value: 0.5 }
 * errorBound({ mu: 2 }, { inner: 0, linear: 0, slopeInY: 0 }) // => { _tag: 'None' }
 * ```
 */
export const errorBound = (facts: BilevelFacts, { inner, linear, slopeInY }: Residuals): O.Option<number> => {
  const { mu, crossNorm, crossLipschitz, inverseHessianLipschitz, upperLipschitzX, upperLipschitzY } = facts
  if (
    mu === undefined ||
    crossNorm === undefined ||
    crossLipschitz === undefined ||
    inverseHessianLipschitz === undefined ||
    upperLipschitzX === undefined ||
    upperLipschitzY === undefined
  )
    return O.none
  const epsilon = inner / mu
  const slope =
    (upperLipschitzY * crossNorm) / mu +
    inverseHessianLipschitz * slopeInY * crossNorm +
    (crossLipschitz * slopeInY) / mu +
    upperLipschitzX
  return O.some(
    slope * epsilon +
      (crossNorm / mu) * linear +
      ((crossLipschitz * upperLipschitzY) / mu) * epsilon * epsilon,
  )
}

/** A certificate with all that can be known of an estimate: what is missing is asked for. */
const complete = (place: Place, found: Hypergradient, facts: BilevelFacts): Asking<Certificate> => {
  const { form, y, v, certificate, slopeInY } = found
  const at = { x: place.x, y }
  const full = place.draw.upper === null && place.draw.cross === null
  const quadratic = facts.crossLipschitz === 0 && facts.inverseHessianLipschitz === 0
  const applies = full && (form === 'implicit' || (form === 'unrolled' && quadratic))
  const inner = O.isSome(certificate.innerResidual)
    ? done(certificate.innerResidual.value)
    : map(askInY('lower', at, null), (g) => norm(g.y))
  const residual = (b: Float64Array): Asking<number> =>
    O.isNone(v) ? done(norm(b)) : map(askHessian(at, v.value, null), (Hv) => norm(minusScaled(Hv, 1, b)))
  const linear: Asking<readonly [number, number]> =
    O.isSome(certificate.linearResidual) && O.isSome(slopeInY)
      ? done([certificate.linearResidual.value, slopeInY.value])
      : chain(askInBoth('upper', at, place.draw.upper), (f) =>
          map(residual(f.y), (r) => [r, norm(f.y)] as const),
        )
  return chain(inner, (innerResidual) =>
    map(linear, ([linearResidual, b]) => ({
      innerResidual: O.some(innerResidual),
      linearResidual: O.some(linearResidual),
      errorBound: applies
        ? errorBound(facts, { inner: innerResidual, linear: linearResidual, slopeInY: b })
        : certificate.errorBound,
    })),
  )
}

/**
 * The same estimator, whose estimates come with the whole certificate: both residuals, and the proven {@link errorBound} where the
 * constants are known and nothing was drawn.
 *
 * Cost: at most one gradient of each level and one Hessian product more.
 *
 * @param facts - the constants of the problem.
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { certified, conjugateGradients } from 'steplaw/bilevel'
 *
 * certified(conjugateGradients({ iterations: 5 })).name // => 'cg'
 * ```
 */
export const certified = (estimator: Estimator, facts: BilevelFacts = {}): Estimator => ({
  ...estimator,
  estimate: (place) =>
    chain(estimator.estimate(place), (found) =>
      E.isLeft(found)
        ? done(found)
        : map(complete(place, found.right, facts), (certificate) => E.right({ ...found.right, certificate })),
    ),
})
