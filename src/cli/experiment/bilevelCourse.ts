import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Json } from '../../../spec/vocabulary/json.js'
import { encodeNumber } from '../../../spec/vocabulary/number.js'
import { isObject, own } from '../../../spec/vocabulary/strict.js'
import { type BilevelCounts, gradientUnits, noCounts } from '../../bilevel/counts.js'
import {
  type BilevelCheckpoint,
  checkpointBilevel,
  iterateBilevel,
  restoreBilevel,
} from '../../bilevel/driver.js'
import type { InnerStep } from '../../bilevel/method/bilevelDescent.js'
import type { BilevelMethod, BilevelRecord, BilevelStart, BilevelState } from '../../bilevel/method/method.js'
import type { Pair } from '../../bilevel/oracle.js'
import { squaredNorm } from '../../numeric/index.js'
import { type Outcome, reasons } from '../../rule/outcome.js'
import { operandAt, type Rule, show } from '../../rule/rule.js'
import type { Chances, Drawing } from './bilevelDraws.js'
import type { Judged } from './bilevelProblem.js'
import type { Course, Happening } from './course.js'
import type { TwoLevels } from './experiment.js'
import { scored } from './standing.js'

/** What all runs of an experiment on two levels share. */
export interface TwoLevelSetting {
  readonly experiment: TwoLevels
  readonly judged: Judged
  readonly start: BilevelStart
  readonly draws: Drawing
}

/** What a method does not say of itself. */
export interface About extends Chances {
  /** The rule of the upper level, if there is one whose operands can be named. */
  readonly outer: Rule | null
}

const encoded = (u: unknown): Json => {
  if (typeof u === 'number') return encodeNumber(u)
  if (typeof u === 'boolean') return u
  return u instanceof Float64Array ? Array.from(u, encodeNumber) : null
}

const encodedOutcome = (outcome: Outcome): Json =>
  outcome._tag === 'Step'
    ? encodeNumber(outcome.step)
    : outcome.because.map(({ path, reason }) => ({ path, reason: reasons[reason] }))

/** Evaluations by kind, and what they cost in gradients. */
export const evaluations = (counts: BilevelCounts): { readonly [kind: string]: Json } => ({
  ...counts,
  gradientUnits: encodeNumber(gradientUnits(counts)),
})

/** The value of the upper level at a point, on all that it judges on, with the share of right labels where there are labels. */
const validated = ({ problem, validation }: Judged, { x, y }: Pair): Json => {
  const loss = problem.upper.value(x, y, null)
  return scored({ loss, accuracy: validation === null ? null : validation(y).accuracy })
}

/** What the lower rule did, as {@link bilevelDescent} shows it; other methods have other things of the name. */
const isInnerStep = (u: unknown): u is InnerStep =>
  isObject(u) && isObject(u.outcome) && typeof u.outcome._tag === 'string' && typeof u.probes === 'number'

/** What happened within an iteration, by the names of the standard (chapter Bilevel methods). */
const outputOf = (
  { value, outcome, gradient, x, y, own: outputs }: BilevelRecord<unknown>,
  name: string,
): Json => {
  const shown = isObject(outputs) ? outputs : {}
  const inner = Array.isArray(shown.inner) ? shown.inner.filter(isInnerStep) : []
  switch (name) {
    case 'value':
      return encodeNumber(value)
    case 'step':
      return outcome._tag === 'Step' ? encodeNumber(outcome.step) : null
    case 'because':
      return outcome._tag === 'Step' ? outcome.because : encodedOutcome(outcome)
    case 'x':
      return encoded(x)
    case 'y':
      return encoded(y)
    case 'gradientNorm':
      return O.isSome(gradient) ? encodeNumber(Math.sqrt(squaredNorm(gradient.value))) : null
    case 'hypergradient':
      return O.isSome(gradient) ? encoded(gradient.value) : null
    case 'lowerStep':
      return inner.map(({ outcome: made }) => encodedOutcome(made))
    case 'lowerProbes':
      return inner.map(({ probes }) => probes)
    case 'count': {
      const found = shown.hypergradient
      return isObject(found) && isObject(found.right) ? encoded(own(found.right, 'count')) : null
    }
    default:
      return encoded(own(shown, name))
  }
}

const decidedBy = ({ outer }: About, { outcome }: BilevelRecord<unknown>) => {
  if (outcome._tag === 'Step')
    return { decided: outer === null ? null : show(operandAt(outer, outcome.because)), failed: null }
  const { reason } = outcome.because[0]
  return { decided: null, failed: reason === 'noRule' ? null : reasons[reason] }
}

/** A run of a bilevel method from its start, or from where it was saved; null if the saved state does not fit the method. */
export const bilevelCourse = <S extends BilevelState, T>(
  method: BilevelMethod<S, T>,
  about: About,
  { judged, start, draws }: TwoLevelSetting,
  saved: Json,
): Course | null => {
  const { problem, test, rows } = judged
  const restored = saved === null ? null : restoreBilevel(method, problem.dimension)(saved)
  if (restored !== null && E.isLeft(restored)) return null
  const at = (here: BilevelCheckpoint<S>): Course => {
    const { state, counts } = here
    const place = method.point(state)
    const standingAt = (name: string): Json | undefined => {
      switch (name) {
        case 'evaluations':
          return evaluations(counts)
        case 'train':
          return encodeNumber(problem.lower.value(place.x, place.y, null))
        case 'validation':
          return validated(judged, place)
        case 'test':
          return test === null ? null : scored(test(place.y))
        default:
          return undefined
      }
    }
    return {
      k: state.k,
      ended: state.status !== 'running',
      save: () => checkpointBilevel(method, here),
      standing: () => ({
        dimension: { ...problem.dimension },
        rows: { ...rows },
        iterations: state.k,
        status: state.status === 'running' ? 'completed' : state.status,
        train: standingAt('train') ?? null,
        validation: standingAt('validation') ?? null,
        ...(test === null ? {} : { test: scored(test(place.y)) }),
        evaluations: evaluations(counts),
      }),
      advance: () => {
        const options = { method, start, from: here, draws: (k: number) => draws(k, about) }
        const step = iterateBilevel(problem, options).next()
        if (step.done === true) throw new Error(`${method.name} has ended`)
        const { record, ...after } = step.value
        const happening: Happening = {
          field: (name) => standingAt(name) ?? outputOf(record, name),
          ...decidedBy(about, record),
        }
        return { next: at(after), happening }
      },
    }
  }
  return at(restored === null ? { state: method.init(start), counts: noCounts } : restored.right)
}
