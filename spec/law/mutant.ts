import * as O from 'fp-ts/lib/Option.js'
import type { RuleKit } from './kit.js'

/**
 * A library with one realistic fault. A law that no mutant breaks proves nothing; each law names the mutants that it must
 * kill.
 *
 * @category Laws
 * @since 0.1.0
 */
export interface Mutant {
  readonly id: string
  /** The fault, in words. */
  readonly fault: string
  readonly mutate: <R>(kit: RuleKit<R>) => RuleKit<R>
}

const halved = <R>(kit: RuleKit<R>, b: R): R => kit.scale(0.5, b)

const constant = <R>(kit: RuleKit<R>, step: number): R => kit.compile({ rule: 'constant', step })

/** Faults of combinators. */
const combinators: ReadonlyArray<Mutant> = [
  { id: 'max.isMin', fault: 'max and min exchanged', mutate: (kit) => ({ ...kit, max: kit.min }) },
  {
    id: 'max.firstStep',
    fault: 'max stops at the first step',
    mutate: (kit) => ({ ...kit, max: kit.orElse }),
  },
  { id: 'max.first', fault: 'max forgets its second operand', mutate: (kit) => ({ ...kit, max: (a) => a }) },
  { id: 'max.second', fault: 'max takes what came last', mutate: (kit) => ({ ...kit, max: (_a, b) => b }) },
  {
    id: 'max.halvesSecond',
    fault: 'max compares steps of different units',
    mutate: (kit) => ({ ...kit, max: (a, b) => kit.max(a, halved(kit, b)) }),
  },
  {
    id: 'max.doubles',
    fault: 'max grows the step that won, as an increase after success does',
    mutate: (kit) => ({ ...kit, max: (a, b) => kit.scale(2, kit.max(a, b)) }),
  },
  { id: 'min.isMax', fault: 'min and max exchanged', mutate: (kit) => ({ ...kit, min: kit.max }) },
  { id: 'min.first', fault: 'min forgets its second operand', mutate: (kit) => ({ ...kit, min: (a) => a }) },
  { id: 'min.second', fault: 'min takes what came last', mutate: (kit) => ({ ...kit, min: (_a, b) => b }) },
  {
    id: 'min.halvesSecond',
    fault: 'min compares steps of different units',
    mutate: (kit) => ({ ...kit, min: (a, b) => kit.min(a, halved(kit, b)) }),
  },
  {
    id: 'min.ignoresFailure',
    fault: 'min passes over an operand that failed, as a search whose budget ended is often passed over',
    mutate: (kit) => ({ ...kit, min: (a, b) => kit.orElse(kit.orElse(kit.min(a, b), a), b) }),
  },
  { id: 'orElse.isMin', fault: 'fallback needs both', mutate: (kit) => ({ ...kit, orElse: kit.min }) },
  {
    id: 'orElse.halvesFirst',
    fault: 'the first choice is scaled before it is known to be one',
    mutate: (kit) => ({ ...kit, orElse: (a, b) => kit.orElse(halved(kit, a), b) }),
  },
  {
    id: 'orElse.halvesSecond',
    fault: 'the fallback is taken with caution, at half its step',
    mutate: (kit) => ({ ...kit, orElse: (a, b) => kit.orElse(a, halved(kit, b)) }),
  },
  {
    id: 'scale.mendsFailure',
    fault: 'a failure is scaled as if it were the step one',
    mutate: (kit) => ({ ...kit, scale: (by, a) => kit.orElse(kit.scale(by, a), constant(kit, by)) }),
  },
]

/** Faults of machines. */
const machines: ReadonlyArray<Mutant> = [
  {
    id: 'ask.negative',
    fault: 'a rule that climbs where the value is below the bound it aims at',
    mutate: (kit) => ({
      ...kit,
      ask: (rule, state, ray) => {
        const answer = kit.ask(rule, state, ray)
        return ray.value < 0 && answer.step !== null ? { ...answer, step: -answer.step } : answer
      },
    }),
  },
  {
    id: 'ask.nan',
    fault: 'a division of zero by zero passed on as a step',
    mutate: (kit) => ({
      ...kit,
      ask: (rule, state, ray) => {
        const answer = kit.ask(rule, state, ray)
        return !(ray.slope < 0) && answer.step !== null ? { ...answer, step: 0 / 0 } : answer
      },
    }),
  },
  {
    id: 'ask.hiddenState',
    fault: 'a count kept outside the state',
    mutate: (kit) => {
      let asked = 0
      return {
        ...kit,
        ask: (rule, state, ray) => {
          const answer = kit.ask(rule, state, ray)
          asked += 1
          return asked % 3 === 0 ? { ...answer, step: null } : answer
        },
      }
    },
  },
  {
    id: 'ask.mutates',
    fault: 'the state is changed in place',
    mutate: (kit) => ({
      ...kit,
      ask: (rule, state, ray) => {
        const answer = kit.ask(rule, state, ray)
        if (Array.isArray(state) && !Object.isFrozen(state)) state.push(null)
        return answer
      },
    }),
  },
  {
    id: 'ask.probesTwice',
    fault: 'probes are not memoised',
    mutate: (kit) => ({
      ...kit,
      ask: (rule, state, ray) => {
        const answer = kit.ask(rule, state, ray)
        return { ...answer, probed: [...answer.probed, ...answer.probed] }
      },
    }),
  },
  {
    id: 'load.forgets',
    fault: 'a saved state is taken for a fresh one',
    mutate: (kit) => ({ ...kit, load: (rule) => O.some(kit.init(rule)) }),
  },
  {
    id: 'load.refuses',
    fault: 'a state with a number in it can not be read back',
    mutate: (kit) => ({
      ...kit,
      load: (rule, saved) => (/\d/.test(JSON.stringify(saved) ?? '') ? O.none : kit.load(rule, saved)),
    }),
  },
]

/**
 * The mutants of the universal laws.
 *
 * @category Laws
 * @since 0.1.0
 * @example
 * ```ts
 * import { ruleKit } from 'steplaw'
 * import { judge, laws, mutants } from 'steplaw/laws'
 *
 * const forgetful = mutants.find(({ id }) => id === 'load.forgets')
 * const saved = laws.find(({ id }) => id === 'machine.saved')
 * forgetful && saved && judge(forgetful.mutate(ruleKit), saved).verdict // => 'refuted'
 * ```
 */
export const mutants: ReadonlyArray<Mutant> = [...combinators, ...machines]
