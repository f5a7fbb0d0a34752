import { foldRule, type RuleAlgebra } from '../../spec/vocabulary/ruleExpr.js'
import type { RuleExpr } from '../../spec/vocabulary/ruleRows.js'
import { adagradNorm } from './atom/adagradNorm.js'
import { adaSls } from './atom/adaSls.js'
import { adaSps } from './atom/adaSps.js'
import { armijo } from './atom/armijo.js'
import { barzilaiBorwein } from './atom/barzilaiBorwein.js'
import { constant } from './atom/constant.js'
import { dAdaptationSgd } from './atom/dAdaptationSgd.js'
import { dog } from './atom/dog.js'
import { dowg } from './atom/dowg.js'
import { goldstein } from './atom/goldstein.js'
import { last } from './atom/last.js'
import { never } from './atom/never.js'
import { polyak } from './atom/polyak.js'
import { ponos } from './atom/ponos.js'
import { power } from './atom/power.js'
import { prodigy } from './atom/prodigy.js'
import { spsSafe } from './atom/spsSafe.js'
import { strongWolfe } from './atom/strongWolfe.js'
import { envelope } from './combine/envelope.js'
import { maxOf } from './combine/max.js'
import { minOf } from './combine/min.js'
import { orElseOf } from './combine/orElse.js'
import { periodic } from './combine/periodic.js'
import { productOf } from './combine/product.js'
import { runningMax } from './combine/runningMax.js'
import { runningMin } from './combine/runningMin.js'
import { scale } from './combine/scale.js'
import type { Rule } from './rule.js'

/**
 * The constructors of all rules by tag, as an algebra of the standard's fold. With one of them replaced, the fold is a
 * variant of {@link compile}: a rule under observation, or one with a fault that a test must find.
 *
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, constructors, show } from 'steplaw'
 * import { foldRule } from 'steplaw/spec'
 *
 * const optimistic = foldRule({ ...constructors, never: () => constant(1) })
 * show(optimistic({ rule: 'runningMin', of: { rule: 'never' } })) // => 'runningMin[constant{step: 1}]'
 * ```
 */
export const constructors: RuleAlgebra<Rule> = {
  never: () => never,
  constant: ({ step }) => constant(step),
  power: ({ initial, exponent }) => power({ initial, exponent }),
  polyak: ({ c, target }) => polyak({ c, target }),
  spsSafe: ({ floor, c, target }) => spsSafe({ floor, c, target }),
  last: ({ initial, factor }) => last({ initial, factor }),
  max: ({ of: [first, ...rest] }) => maxOf(first, ...rest),
  min: ({ of: [first, ...rest] }) => minOf(first, ...rest),
  envelope: ({ lower, proposal, upper }) => envelope({ lower, proposal, upper }),
  orElse: ({ of: [first, ...rest] }) => orElseOf(first, ...rest),
  periodic: ({ period, first, rest }) => periodic({ period, first, rest }),
  scale: ({ by, of }) => scale(by)(of),
  product: ({ of: [first, ...rest] }) => productOf(first, ...rest),
  runningMin: ({ of }) => runningMin(of),
  runningMax: ({ of }) => runningMax(of),
  armijo: ({ start, c, shrink, budget, slack }) => armijo({ start, c, shrink, budget, slack }),
  goldstein: ({ start, c, shrink, grow, budget, cap }) => goldstein({ start, c, shrink, grow, budget, cap }),
  adagradNorm: ({ alpha, beta, exponent, includeCurrent }) =>
    adagradNorm({ alpha, beta, exponent, includeCurrent }),
  adaSps: ({ scale, target }) => adaSps({ scale, target }),
  adaSls: ({ search, scale }) => adaSls({ search, scale }),
  ponos: ({ c, cp, shrink, memory, stepMax, stepMin, target, budget, epsilon }) =>
    ponos({ c, cp, shrink, memory, stepMax, stepMin, target, budget, epsilon }),
  dog: ({ repsilon, epsilon }) => dog({ repsilon, epsilon }),
  dowg: ({ repsilon }) => dowg({ repsilon }),
  prodigy: ({ d0 }) => prodigy({ d0 }),
  barzilaiBorwein: ({ variant, initial }) => barzilaiBorwein({ variant, initial }),
  strongWolfe: ({ start, c1, c2, grow, budget, cap }) => strongWolfe({ start, c1, c2, grow, budget, cap }),
  dAdaptationSgd: ({ d0, step }) => dAdaptationSgd({ d0, step }),
}

/**
 * The rule that an expression means: the fold of the expression by the constructors of the same names.
 *
 * @throws RangeError if a field is outside its domain, which the codec {@link "steplaw/spec".ruleExpr | ruleExpr} excludes.
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { compile, takeStep } from 'steplaw'
 *
 * const rule = compile({ rule: 'scale', by: 2, of: { rule: 'constant', step: 3 } })
 * takeStep(rule, { value: 1, slope: -1 }).step // => 6
 * ```
 */
export const compile: (expr: RuleExpr) => Rule = foldRule(constructors)
