import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { map } from '../../program/program.js'
import { askInX } from '../oracle.js'
import { type Estimator, noCertificate } from './hypergradient.js'

/**
 * The first-order hypergradient, $z = \nabla_x f_S(x, y)$: what moves through $y^*(x)$ is left out.
 *
 * Cost: one gradient of $f$. Its error is $\|J H^{-1} \nabla_y f\|$ even at $y^*(x)$, so that it stops where $\nabla F \ne 0$.
 *
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { firstOrder, hypergradient, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[1]], p: [-2], r: [0.25] }],
 * })
 * const found = hypergradient(problem, firstOrder(), { x: Float64Array.of(0), y: Float64Array.of(0.5) })
 * found._tag === 'Right' && found.right.gradient // => Float64Array.of(0.75)
 * ```
 */
export const firstOrder = (): Estimator => ({
  name: 'firstOrder',
  unrolls: false,
  estimate: (place) =>
    map(askInX('upper', place, place.draw.upper), (f) =>
      E.right({
        form: 'implicit',
        value: f.value,
        gradient: f.x,
        y: place.y,
        v: O.none,
        count: 0,
        slopeInY: O.none,
        lowerBound: f.lowerBound,
        solutionValue: f.solutionValue,
        certificate: noCertificate,
      }),
    ),
})
