import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Cases } from '../../../spec/conformance/case.js'
import type { Outputs } from '../../../spec/conformance/compare.js'
import type { Implementation } from '../../../spec/conformance/conform.js'
import { encodeNumber } from '../../../spec/vocabulary/number.js'
import { encodeVector } from '../../optimizer/vector.js'
import { givenDraws } from '../draws.js'
import { hypergradient } from '../hypergradient/estimate.js'
import { unrolled } from '../hypergradient/unrolled.js'
import { bilevelProblemOf } from '../problem/compile.js'
import { compileEstimator } from './estimator.js'
import { runMethod } from './method.js'

const estimate = (given: Cases['hypergradient']): Outputs => {
  const { estimator: expr, x, y, v, draws = {} } = given
  const problem = bilevelProblemOf(given.problem)
  const through = expr.estimator === 'unrolled'
  const estimator = through ? unrolled() : compileEstimator(expr)
  const at = Float64Array.from(y ?? new Float64Array(problem.dimension.y))
  const start = Float64Array.from(x)
  const draw = givenDraws(draws)(0)
  const found = hypergradient(problem, estimator, {
    x: start,
    y: at,
    ...(v === undefined ? {} : { v: Float64Array.from(v) }),
    steps: through ? Array.from({ length: expr.steps }, () => expr.step) : [],
    draw,
  })
  if (E.isLeft(found))
    return {
      gradient: null,
      y: encodeVector(at),
      value: encodeNumber(found.left.value ?? problem.upper.value(start, at, draw.upper)),
      v: null,
      count: found.left.count ?? 0,
    }
  const { gradient, value, count, ...rest } = found.right
  return {
    gradient: encodeVector(gradient),
    y: encodeVector(rest.y),
    value: encodeNumber(value),
    v: O.isSome(rest.v) ? encodeVector(rest.v.value) : null,
    count,
  }
}

const descend = ({ problem, method, start, iterations, draws = {} }: Cases['bilevel']): Outputs => {
  const made = bilevelProblemOf(problem)
  const point = (given: ReadonlyArray<number> | undefined): Float64Array | undefined =>
    given === undefined ? undefined : Float64Array.from(given)
  const x = Float64Array.from(start.x)
  const [v, z] = [point(start.v), point(start.z)]
  return runMethod(method, made, {
    start: {
      x,
      y: point(start.y) ?? x,
      ...(v === undefined ? {} : { v }),
      ...(z === undefined ? {} : { z }),
    },
    iterations,
    draws: givenDraws(draws),
  })
}

/**
 * This library as an implementation of the standard's bilevel kinds.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { bilevelImplementation } from 'steplaw/bilevel'
 *
 * Object.keys(bilevelImplementation) // => ['hypergradient', 'bilevel']
 * ```
 */
export const bilevelImplementation: Pick<Required<Implementation>, 'hypergradient' | 'bilevel'> = {
  hypergradient: estimate,
  bilevel: descend,
}
