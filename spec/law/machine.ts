import * as O from 'fp-ts/lib/Option.js'
import type { RayCase } from '../conformance/case.js'
import { isJson, type Json } from '../vocabulary/json.js'
import { encodeNumber } from '../vocabulary/number.js'
import { on, remembering } from './draws.js'
import { answers, type RuleKit } from './kit.js'
import { type Law, unequal, type Violation } from './law.js'

const exact = { of: 'rule', hypotheses: '', slack: '', ...on(['a', 'rays']) } as const

/** Compares a run whose state goes through JSON after every ray with one whose state does not. */
const survives = <R>(kit: RuleKit<R>, rule: R, rays: ReadonlyArray<RayCase>): Violation | null => {
  let unreadable: Json | undefined
  const reload = (state: Json): Json => {
    const text: unknown = isJson(state) ? JSON.parse(JSON.stringify(state)) : undefined
    const read = kit.load(rule, text)
    if (O.isSome(read)) return read.value
    unreadable ??= String(JSON.stringify(state))
    return state
  }
  const apart = answers(kit, rule, rays, reload)
  return unreadable === undefined
    ? unequal(answers(kit, rule, rays), apart)
    : { left: unreadable, right: 'a state that can be read back' }
}

/** A rule is a machine whose state is plain data. */
export const machineLaws: ReadonlyArray<Law> = [
  {
    id: 'machine.step',
    ...exact,
    why: 'A NaN that is taken for a step poisons the point for ever; a negative one climbs. A rule says null instead.',
    clause: 'rule.lattice',
    statement: 'A step lies in $[0, +\\infty]$: it is not NaN, not negative, not $-0$',
    source: 'so restricted, doubles are a chain',
    violation: (kit, a, { rays }): Violation | null => {
      const all = answers(kit, a, rays)
      const mended = all.find(({ fault }) => fault !== undefined)
      if (mended?.fault !== undefined)
        return { left: mended.fault, right: 'a step in [0, Infinity], or null' }
      const bad = all.find(({ step }) => step !== null && (!(step >= 0) || Object.is(step, -0)))
      return bad === undefined || bad.step === null
        ? null
        : { left: encodeNumber(bad.step), right: 'a step in [0, Infinity]' }
    },
    mutants: ['ask.negative', 'ask.nan'],
  },
  {
    id: 'machine.deterministic',
    ...exact,
    why: 'Without it a run can not be repeated, no counterexample replayed, and a comparison of two rules compares chance.',
    clause: 'rule',
    statement: 'The same rays from the same state give the same steps, whatever was asked before',
    source: 'a rule is a function of state and ray',
    violation: (kit, a, { rays }) => unequal(answers(kit, a, rays), answers(kit, a, rays)),
    mutants: ['ask.hiddenState'],
  },
  {
    id: 'machine.saved',
    ...exact,
    why: 'Runs are interrupted. What a rule remembers outside its state, or in a form that JSON does not carry (Infinity, undefined, a class), is lost on the way.',
    clause: 'rule',
    statement:
      'Writing the state as JSON and reading it back between any two rays changes nothing, alone and in company',
    source: 'a run can be stopped between any two iterations and go on elsewhere',
    violation: (kit, a, { rays }) =>
      survives(kit, a, rays) ?? survives(kit, kit.max(a, kit.compile(remembering)), rays),
    mutants: ['load.forgets', 'load.refuses'],
  },
  {
    id: 'machine.innocent',
    ...exact,
    why: 'States are kept, by checkpoints and by whoever compares two rules from one point on: who changes them in place changes the past.',
    clause: 'rule',
    statement: 'Asking a rule does not change the state that it is asked with',
    source: 'a rule is a function of state and ray',
    violation: (kit, a, { rays }) => {
      const untouched = (value: Json, text: string): Violation | null =>
        JSON.stringify(value) === text ? null : { left: value, right: JSON.parse(text) }
      let found: Violation | null = null
      let state = kit.init(a)
      for (const [k, ray] of rays.entries()) {
        const before = JSON.stringify(state)
        const answer = kit.ask(a, state, { k, executed: null, ...ray })
        found ??= untouched(state, before)
        state = answer.state
      }
      return found
    },
    mutants: ['ask.mutates'],
  },
  {
    id: 'machine.probesOnce',
    ...exact,
    why: 'A value of the objective is what a step costs. A rule combined with a second one must not pay for it twice.',
    clause: 'ray.memo',
    statement:
      'No step is probed twice on one ray, and asking twice through $\\max(a, a)$ probes nothing more',
    source: 'probes are memoised by exact equality of the step',
    violation: (kit, a, { rays }) => {
      const once = answers(kit, a, rays).map(({ probed }) => probed.map(encodeNumber))
      const twice = answers(kit, kit.max(a, a), rays).map(({ probed }) => probed.map(encodeNumber))
      const distinct = once.map((probed) => [...new Set(probed)])
      const said = JSON.stringify(distinct)
      return JSON.stringify(once) === said && JSON.stringify(twice) === said
        ? null
        : { left: twice, right: distinct }
    },
    mutants: ['ask.probesTwice'],
  },
]
