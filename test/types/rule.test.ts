import type * as O from 'fp-ts/lib/Option.js'
import {
  armijo,
  constant,
  type Direction,
  max,
  minimise,
  type Objective,
  type Options,
  type Oracle,
  type Outcome,
  polyak,
  type Rule,
  rule,
  type Step,
  step,
  type WrapperAround,
} from 'steplaw'
import type { RuleExpr, RuleParams, RuleTag } from 'steplaw/spec'
import { describe, expectTypeOf, it } from 'vitest'

// Checked by the compiler: a line that is wrong does not build. What must be refused is said with `not`.

describe('the types of rule expressions', () => {
  it('are read off the vocabulary', () => {
    expectTypeOf<{ rule: 'polyak'; c: number; target: 'lowerBound' }>().toExtend<RuleExpr>()
    expectTypeOf<{ rule: 'polyak'; c: number }>().not.toExtend<RuleExpr>()
    expectTypeOf<{ rule: 'polyak'; c: string; target: 'lowerBound' }>().not.toExtend<RuleExpr>()
    expectTypeOf<{ rule: 'max'; of: [] }>().not.toExtend<RuleExpr>()
    expectTypeOf<{ rule: 'max'; of: [{ rule: 'never' }] }>().toExtend<RuleExpr>()
    expectTypeOf<{ rule: 'maximum'; of: [{ rule: 'never' }] }>().not.toExtend<RuleExpr>()
    expectTypeOf<RuleExpr['rule']>().toEqualTypeOf<RuleTag>()
  })

  it('let fields with a default be left out, and no others', () => {
    expectTypeOf<{ start: Rule }>().toExtend<RuleParams<'armijo', Rule>>()
    expectTypeOf<{ c: number }>().not.toExtend<RuleParams<'armijo', Rule>>()
    expectTypeOf(polyak).toBeCallableWith()
    expectTypeOf(armijo).parameter(0).toExtend<{ readonly start: Rule }>()
  })
})

describe('the types of rules', () => {
  it('compose in a pipe', () => {
    expectTypeOf(max(constant(1))).toEqualTypeOf<(self: Rule) => Rule>()
    expectTypeOf(max).parameter(0).not.toExtend<number>()
  })

  it('keep a plain number from being taken for a step', () => {
    expectTypeOf<number>().not.toExtend<Step>()
    expectTypeOf<Step>().toExtend<number>()
    expectTypeOf(step(1)).toEqualTypeOf<Outcome>()
  })

  it('carry the state of a user’s own rule', () => {
    rule({
      name: 'own',
      init: { seen: 0 },
      step: (state, observation) => {
        expectTypeOf(state).toEqualTypeOf<{ seen: number }>()
        expectTypeOf(observation.lowerBound).toEqualTypeOf<O.Option<number>>()
        return [state, 1]
      },
    })
    expectTypeOf<{ name: string; init: Map<string, number> }>().not.toExtend<
      Pick<Parameters<typeof rule>[0], 'name' | 'init'>
    >()
  })
})

describe('the types of drivers', () => {
  it('take an objective or a function of another framework', () => {
    expectTypeOf(minimise).parameter(0).toEqualTypeOf<Objective | Oracle>()
    expectTypeOf<{ rule: Rule }>().not.toExtend<Options>()
    expectTypeOf<{ rule: Rule; start: Float64Array }>().toExtend<Options>()
  })

  it('is by a rule, perhaps under a wrapper, or by a wrapper alone', () => {
    type Start = { start: Float64Array }
    type Around = WrapperAround<'method'>
    type Alone = WrapperAround<'nothing'>
    expectTypeOf<Start & { rule: Rule; wrapper: Around }>().toExtend<Options>()
    expectTypeOf<Start & { wrapper: Alone }>().toExtend<Options>()
    expectTypeOf<Start>().not.toExtend<Options>()
    expectTypeOf<Start & { wrapper: Around }>().not.toExtend<Options>()
    expectTypeOf<Start & { rule: Rule; wrapper: Alone }>().not.toExtend<Options>()
    expectTypeOf<Start & { direction: Direction; wrapper: Alone }>().not.toExtend<Options>()
  })
})
