import type { Json } from '../../../spec/vocabulary/json.js'
import { encodeNumber } from '../../../spec/vocabulary/number.js'
import { checkpoint, restore } from '../../optimizer/checkpoint.js'
import { iterate } from '../../optimizer/driver.js'
import { type DescentState, descentInit, type IterationRecord } from '../../optimizer/iteration.js'
import type { Method } from '../../optimizer/method.js'
import { answerWith } from '../../optimizer/request.js'
import type { Batch, Vector } from '../../problem/oracle.js'
import { reasons } from '../../rule/outcome.js'
import { operandAt, show } from '../../rule/rule.js'
import type { Course, Happening } from './course.js'
import type { Problem } from './problem.js'
import { sharedField, standing } from './standing.js'

/** An output of a wrapper; null where it has none of the name. */
const encoded = (u: number | Vector | undefined): Json => {
  if (u === undefined) return null
  return typeof u === 'number' ? encodeNumber(u) : Array.from(u, encodeNumber)
}

const fieldOf =
  ({ outcome, value, probed, x, gradientNorm, outputs }: IterationRecord) =>
  (name: string): Json => {
    switch (name) {
      case 'value':
        return encodeNumber(value)
      case 'step':
        return outcome._tag === 'Step' ? encodeNumber(outcome.step) : null
      case 'because':
        return outcome._tag === 'Step'
          ? outcome.because
          : outcome.because.map(({ path, reason }) => ({ path, reason: reasons[reason] }))
      case 'probes':
        return probed.length
      case 'x':
        return Array.from(x, encodeNumber)
      case 'gradientNorm':
        return encodeNumber(gradientNorm)
      default:
        return encoded(outputs[name])
    }
  }

const happening = (
  { rule }: Method,
  record: IterationRecord,
  { counts }: DescentState,
  problem: Problem,
): Happening => {
  const { outcome, x } = record
  const own = fieldOf(record)
  const shown = { field: (name: string) => sharedField(name, { x, counts }, problem) ?? own(name) }
  if (outcome._tag === 'Step')
    return {
      ...shown,
      decided: rule === undefined ? null : show(operandAt(rule, outcome.because)),
      failed: null,
    }
  const { reason } = outcome.because[0]
  return { ...shown, decided: null, failed: reason === 'noRule' ? null : reasons[reason] }
}

/** A run of descent from its start, or from where it was saved; null if the saved state does not fit the method. */
export const descentCourse = (
  method: Method,
  {
    problem,
    start,
    batches,
  }: {
    readonly problem: Problem
    readonly start: Vector
    readonly batches: ReadonlyArray<Batch>
  },
  saved: Json,
): Course | null => {
  const restored = saved === null ? null : restore(method, start.length)(saved)
  if (restored?._tag === 'Left') return null
  const oracle = answerWith(problem.objective)
  const at = (state: DescentState): Course => {
    const average = method.wrapper?.outputs(state.wrapper).average
    const { k, x, counts } = state
    return {
      k,
      ended: false,
      standing: () =>
        standing({ k, x, counts, average: typeof average === 'object' ? average : null }, problem),
      save: () => checkpoint(state),
      advance: () => {
        const options = { ...method, start, from: state, batches: (k: number) => batches[k] ?? null }
        const { record, state: after } = iterate(oracle, options).next().value
        return { next: at(after), happening: happening(method, record, state, problem) }
      },
    }
  }
  return at(restored === null ? descentInit(method, start) : restored.right)
}
