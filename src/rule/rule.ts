import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import * as RA from 'fp-ts/lib/ReadonlyArray.js'
import * as t from 'io-ts'
import { type Json, json } from '../../spec/vocabulary/json.js'
import { printRule } from '../../spec/vocabulary/print.js'
import type { RuleExpr } from '../../spec/vocabulary/ruleRows.js'
import { chain, map, type Program, sequence } from '../program/program.js'
import type { Observation, Probe, Reading, Sample, Search } from './observation.js'
import type { Outcome, Path } from './outcome.js'

/**
 * A step rule: a state machine that sees one ray per iteration and answers with a step or a failure.
 *
 * The state is JSON, so that a run can be stopped between any two iterations and go on elsewhere with the same bits.
 * A rule built from the standard's vocabulary carries its expression; one with a user's own function in it does not.
 *
 * @category Rules
 * @since 0.1.0
 */
export interface Rule {
  /** The tag of the vocabulary, or a user's own name. */
  readonly name: string
  readonly operands: ReadonlyArray<Rule>
  readonly expr: O.Option<RuleExpr>
  /** What the rule and its operands read of an observation besides `k`, `value` and `slope`. */
  readonly reads: ReadonlyArray<Reading>
  readonly init: Json
  /** Reads a saved state; refuses what is not a state of this rule. */
  readonly state: t.Type<Json, Json, unknown>
  readonly step: (state: Json, observation: Observation) => Search<readonly [Json, Outcome]>
}

/**
 * A machine before it is sealed: its own state is typed, its operands are asked for it. {@link machine} makes it a rule.
 *
 * @category Rules
 * @since 0.1.0
 */
export interface Machine<S extends Json> {
  readonly name: string
  readonly operands: ReadonlyArray<Rule>
  readonly expr: O.Option<RuleExpr>
  readonly reads: ReadonlyArray<Reading>
  readonly init: S
  readonly state: t.Type<S, Json, unknown>
  /** The outcomes of the operands are given in order; every operand has been asked. */
  readonly step: (
    own: S,
    observation: Observation,
    outcomes: ReadonlyArray<Outcome>,
  ) => Search<readonly [S, Outcome]>
}

const asState = (u: unknown, length: number): ReadonlyArray<unknown> | undefined =>
  Array.isArray(u) && u.length === length ? u : undefined

/** The state of a rule is `[own, ...operands]`. */
const stateCodec = <S extends Json>(m: Machine<S>): t.Type<Json, Json, unknown> => {
  const parts: ReadonlyArray<t.Type<Json, Json, unknown>> = [
    new t.Type<Json, Json, unknown>(
      m.state.name,
      (u): u is Json => json.is(u) && m.state.is(u),
      (u, context) => (json.is(u) ? m.state.validate(u, context) : t.failure(u, context)),
      t.identity,
    ),
    ...m.operands.map((o) => o.state),
  ]
  return new t.Type<Json, Json, unknown>(
    `a state of ${m.name}`,
    (u): u is Json => {
      const states = asState(u, parts.length)
      return states !== undefined && parts.every((part, i) => part.is(states[i]))
    },
    (u, context) => {
      const states = asState(u, parts.length)
      if (states === undefined) return t.failure(u, context)
      const read = parts.map((part, i) =>
        part.validate(states[i], t.appendContext(context, String(i), part, states[i])),
      )
      const errors = read.flatMap((r) => (E.isLeft(r) ? r.left : []))
      return errors.length > 0 ? t.failures(errors) : t.success(RA.rights(read))
    },
    t.identity,
  )
}

/**
 * Makes a rule of a machine. Whatever the machine does, three clauses hold by construction: every operand is asked on
 * every ray, left to right; an operand's state advances whether or not it decided; a machine that fails keeps its own
 * state.
 *
 * @throws TypeError if a rule is asked with something that is not a state of it.
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, done, machine, step, takeSteps } from 'steplaw'
 * import * as O from 'fp-ts/lib/Option.js'
 * import * as t from 'io-ts'
 *
 * // The step of the operand, divided by the number of rays so far.
 * const harmonic = machine({
 *   name: 'harmonic',
 *   operands: [constant(6)],
 *   expr: O.none,
 *   reads: [],
 *   init: 0,
 *   state: t.number,
 *   step: (rays, _observation, [a]) =>
 *     done([rays + 1, a?._tag === 'Step' ? step(a.step / (rays + 1)) : step(0)]),
 * })
 * const ray = { value: 1, slope: -1 }
 * takeSteps(harmonic, [ray, ray, ray]).map((taken) => taken.step) // => [6, 3, 2]
 * ```
 */
export const machine = <S extends Json>(m: Machine<S>): Rule => {
  const reads = [...new Set([...m.reads, ...m.operands.flatMap((o) => o.reads)])]
  return {
    name: m.name,
    operands: m.operands,
    expr: m.expr,
    reads,
    // Shared by every run of the rule, so it must not be changed by any.
    init: Object.freeze([m.init, ...m.operands.map((o) => o.init)]),
    state: stateCodec(m),
    step: (state, observation) => {
      const [own, ...operandStates] = asState(state, m.operands.length + 1) ?? []
      if (!m.state.is(own)) throw new TypeError(`${JSON.stringify(state)} is not a state of ${m.name}`)
      const asked: Program<Probe, Sample, ReadonlyArray<readonly [Json, Outcome]>> = sequence(
        m.operands.map((operand, i) => operand.step(operandStates[i] as Json, observation)),
      )
      return chain(asked, (answers) => {
        const states = answers.map(([s]) => s)
        const outcomes = answers.map(([, outcome]) => outcome)
        return map(m.step(own, observation, outcomes), ([next, outcome]): readonly [Json, Outcome] => [
          [outcome._tag === 'Fail' ? own : next, ...states],
          outcome,
        ])
      })
    },
  }
}

/**
 * Prints a rule: its expression in the notation of the standard, or names and operands where it has none.
 *
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, max, polyak, show } from 'steplaw'
 *
 * show(max(constant(0.001))(polyak())) // => 'max[polyak, constant{step: 0.001}]'
 * ```
 */
export const show = (rule: Rule): string =>
  O.isSome(rule.expr)
    ? printRule(rule.expr.value)
    : rule.operands.length === 0
      ? rule.name
      : `${rule.name}[${rule.operands.map(show).join(', ')}]`

/**
 * The operand that a `because` path points to.
 *
 * @category Rules
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, max, operandAt, polyak, show } from 'steplaw'
 *
 * show(operandAt(max(constant(0.001))(polyak()), [1])) // => 'constant{step: 0.001}'
 * ```
 */
export const operandAt = (rule: Rule, path: Path): Rule => {
  // No operand has the index -1.
  const [index = -1, ...rest] = path
  const operand = rule.operands[index]
  return operand === undefined ? rule : operandAt(operand, rest)
}
