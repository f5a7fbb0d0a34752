import * as O from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import { admits, describe, type Field, outOfOrder } from '../../spec/vocabulary/field.js'
import type { Json } from '../../spec/vocabulary/json.js'
import type { Row } from '../../spec/vocabulary/row.js'
import {
  type RuleExpr,
  type RuleFields,
  type RuleParams,
  type RuleTag,
  ruleRows,
} from '../../spec/vocabulary/ruleRows.js'
import { done } from '../program/program.js'
import type { Observation } from './observation.js'
import type { Outcome } from './outcome.js'
import { type Machine, machine, type Rule } from './rule.js'

const isRule = (u: unknown): u is Rule =>
  typeof u === 'object' && u !== null && 'step' in u && typeof u.step === 'function' && 'operands' in u

const holds = (f: Field, u: unknown): boolean => {
  switch (f.field) {
    case 'operand':
      return isRule(u)
    case 'operands':
      // Not empty: the constructors take a first operand and the rest.
      return Array.isArray(u) && u.every(isRule)
    default:
      return admits(f, u)
  }
}

const shown = (u: unknown): string =>
  typeof u === 'object' && u !== null ? 'an object' : typeof u === 'string' ? `"${u}"` : String(u)

/** Fills in defaults and checks every field against its domain. */
const complete = <T extends RuleTag>(tag: T, params: RuleParams<T, Rule>): RuleFields<T, Rule> => {
  const row: Row = ruleRows[tag]
  const given: { readonly [key: string]: unknown } = params
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(row, key))
  if (unknown !== undefined) throw new RangeError(`${tag} has no field ${unknown}`)
  const fields = Object.entries(row).map(([key, f]) => {
    const value = given[key] === undefined ? f.default : given[key]
    if (!holds(f, value)) throw new RangeError(`${tag}: ${key} is ${shown(value)}, expected ${describe(f)}`)
    return [key, typeof value === 'number' ? value + 0 : value]
  })
  const late = outOfOrder(row, Object.fromEntries(fields))
  const field = late === undefined ? undefined : row[late]
  if (late !== undefined && field !== undefined) {
    const value = Object.fromEntries(fields)[late]
    throw new RangeError(`${tag}: ${late} is ${shown(value)}, expected ${describe(field)}`)
  }
  // Every field of the row is there and in its domain: that is what RuleFields says.
  return Object.fromEntries(fields) as RuleFields<T, Rule>
}

const operandsIn = (row: Row, fields: { readonly [key: string]: unknown }): ReadonlyArray<Rule> =>
  Object.keys(row)
    .flatMap((key) => fields[key])
    .filter(isRule)

/** The expression, if every operand has one. */
const exprOf = <T extends RuleTag>(tag: T, fields: RuleFields<T, Rule>): O.Option<RuleExpr> => {
  const exprs = Object.entries(fields).map(([key, value]): O.Option<readonly [string, unknown]> => {
    const expr = isRule(value)
      ? value.expr
      : Array.isArray(value)
        ? O.sequenceArray(value.filter(isRule).map((r) => r.expr))
        : O.some(value)
    return O.isSome(expr) ? O.some([key, expr.value]) : O.none
  })
  const all = O.sequenceArray(exprs)
  // Operands have become expressions, the other fields are as the row says.
  return O.isSome(all) ? O.some({ rule: tag, ...Object.fromEntries(all.value) } as RuleExpr) : O.none
}

/** What a file under `atom/` or `combine/` says of its rule; the vocabulary row says the rest. */
type Definition<S extends Json> = Pick<Machine<S>, 'step' | 'init' | 'state'> &
  Partial<Pick<Machine<S>, 'reads'>>

/**
 * A rule of the vocabulary: its fields are checked and completed by its row, its expression is kept, and `define`
 * gives the machine.
 */
export const builtIn = <T extends RuleTag, S extends Json>(
  tag: T,
  params: RuleParams<T, Rule>,
  define: (fields: RuleFields<T, Rule>) => Definition<S>,
): Rule => {
  const fields = complete(tag, params)
  const definition = define(fields)
  return machine({
    name: tag,
    operands: operandsIn(ruleRows[tag], fields),
    expr: exprOf(tag, fields),
    reads: definition.reads ?? [],
    init: definition.init,
    state: definition.state,
    step: definition.step,
  })
}

/** The definition of a rule without a state of its own and without probes: a function of ray and operands. */
export const stateless = (
  f: (observation: Observation, outcomes: ReadonlyArray<Outcome>) => Outcome,
): Pick<Machine<null>, 'step' | 'init' | 'state'> => ({
  init: null,
  state: t.null,
  step: (own, observation, outcomes) => done([own, f(observation, outcomes)]),
})
