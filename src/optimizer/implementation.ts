import * as E from 'fp-ts/lib/Either.js'
import type { Cases } from '../../spec/conformance/case.js'
import type { Outputs } from '../../spec/conformance/compare.js'
import type { Implementation } from '../../spec/conformance/conform.js'
import type { Json } from '../../spec/vocabulary/json.js'
import { encodeNumber } from '../../spec/vocabulary/number.js'
import type { ObjectiveExpr } from '../../spec/vocabulary/objective.js'
import { ruleExpr } from '../../spec/vocabulary/ruleExpr.js'
import type { RuleExpr } from '../../spec/vocabulary/ruleRows.js'
import { leastSquares } from '../problem/objective/leastSquares.js'
import { logistic } from '../problem/objective/logistic.js'
import { quadratic } from '../problem/objective/quadratic.js'
import { softmax } from '../problem/objective/softmax.js'
import type { Objective, Vector } from '../problem/oracle.js'
import { compile } from '../rule/compile.js'
import type { Outcome } from '../rule/outcome.js'
import { takeSteps } from '../rule/ray.js'
import { rayOf } from '../rule/rayCase.js'
import type { Rule } from '../rule/rule.js'
import { compileDirection } from './direction/compile.js'
import { minimise } from './driver.js'
import { methodOf } from './method.js'
import { compileWrapper } from './wrapper/compile.js'
import type { WrapperOutputs } from './wrapper/wrapper.js'

/**
 * The objective that a case writes out (the standard, chapter Objectives).
 *
 * @throws RangeError if shapes do not fit or data are not finite.
 * @category Problems
 * @since 0.1.0
 * @example
 * ```ts
 * import { objectiveOf } from 'steplaw'
 *
 * objectiveOf({ objective: 'leastSquares', A: [[1, 0]], y: [2] }).value(Float64Array.of(0, 0), null) // => 2
 * ```
 */
export const objectiveOf = (expr: ObjectiveExpr): Objective => {
  switch (expr.objective) {
    case 'quadratic':
      return quadratic(expr)
    case 'leastSquares':
      return leastSquares(expr)
    case 'logistic':
      return logistic(expr)
    case 'softmax':
      return softmax(expr)
  }
}

const encodeOutcome = (o: Outcome): Json => (o._tag === 'Step' ? encodeNumber(o.step) : null)

const encodeVector = (v: Vector): Json => Array.from(v, encodeNumber)

/** The outputs of a wrapper, listed by iteration. */
const outputsOf = (last: WrapperOutputs, records: ReadonlyArray<WrapperOutputs>): Outputs =>
  Object.fromEntries(
    Object.keys(last).map((name): readonly [string, Json] => [
      name,
      records.map(({ [name]: u }) =>
        typeof u === 'object' ? encodeVector(u) : encodeNumber(u ?? Number.NaN),
      ),
    ]),
  )

type Compile = (expr: RuleExpr) => Rule

const askRule = (compiled: Compile, { rule, rays }: Cases['rule']): Outputs => {
  const taken = takeSteps(compiled(rule), rays.map(rayOf))
  return {
    step: taken.map(({ outcome }) => encodeOutcome(outcome)),
    probes: taken.map(({ probed }) => probed.length),
    probed: taken.map(({ probed }) => [...probed].sort((a, b) => a - b).map(encodeNumber)),
  }
}

const descend = (compiled: Compile, given: Cases['descent']): Outputs => {
  const objective = objectiveOf(given.objective)
  const batches = given.draws?.batches?.map((batch) => Int32Array.from(batch))
  if (batches !== undefined && batches.length < given.iterations)
    throw new RangeError(`draws.batches has ${batches.length} batches, expected ${given.iterations}`)
  const method = methodOf({
    rule: given.rule && compiled(given.rule),
    direction: given.direction && compileDirection(given.direction),
    wrapper: given.wrapper && compileWrapper(given.wrapper),
  })
  const { records, x, state } = minimise(objective, {
    ...method,
    start: Float64Array.from(given.start),
    iterations: given.iterations,
    batches: (k) => batches?.[k] ?? null,
  })
  const ruled = {
    step: records.map((r) => encodeOutcome(r.outcome)),
    probes: records.map((r) => r.probed.length),
  }
  return {
    x: [...records.map((r) => encodeVector(r.x)), encodeVector(x)],
    value: records.map((r) => encodeNumber(r.value)),
    ...(method.rule === undefined ? {} : ruled),
    ...outputsOf(
      method.wrapper?.outputs(state.wrapper) ?? {},
      records.map((r) => r.outputs),
    ),
    final: encodeNumber(objective.value(x, null)),
  }
}

/**
 * This library as an implementation of the standard, with another meaning for its rules: what a test puts to the golden
 * vectors in order to see that they find a fault.
 *
 * @param compiled - the rule that an expression means.
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { implementationOf, never } from 'steplaw'
 *
 * Object.keys(implementationOf(() => never)) // => ['decode', 'rule', 'descent']
 * ```
 */
export const implementationOf = (compiled: (expr: RuleExpr) => Rule): Implementation => ({
  decode: ({ rule }) => ({ valid: E.isRight(ruleExpr.decode(rule)) }),
  rule: (given) => askRule(compiled, given),
  descent: (given) => descend(compiled, given),
})

/**
 * This library as an implementation of the standard: what `steplaw conform` puts golden vectors to.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { implementation } from 'steplaw'
 *
 * Object.keys(implementation) // => ['decode', 'rule', 'descent']
 * ```
 */
export const implementation: Implementation = implementationOf(compile)
