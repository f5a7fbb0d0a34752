import type { Json } from '../../../spec/vocabulary/json.js'
import { encodeNumber } from '../../../spec/vocabulary/number.js'
import type { Vector } from '../../problem/oracle.js'
import type { Problem, Score } from './problem.js'

/** Where a run on an objective stands. */
export interface Standing {
  readonly k: number
  readonly x: Vector
  readonly counts: { readonly values: number; readonly gradients: number }
  /** The averaged point, where the method makes one. */
  readonly average: Vector | null
}

export const scored = (score: Score): Json => ({
  loss: encodeNumber(score.loss),
  ...(score.accuracy === null ? {} : { accuracy: encodeNumber(score.accuracy) }),
})

/** A field that is computed from the point and the evaluations, whatever the method; undefined if it is none of these. */
export const sharedField = (
  name: string,
  { x, counts }: Pick<Standing, 'x' | 'counts'>,
  problem: Problem,
): Json | undefined => {
  switch (name) {
    case 'evaluations':
      return { values: counts.values, gradients: counts.gradients }
    case 'train':
      return encodeNumber(problem.objective.value(x, null))
    case 'test':
      return problem.test === null ? null : scored(problem.test(x))
    default:
      return undefined
  }
}

/** What the summary says of the point that was reached. */
export const standing = (
  { k, x, counts, average }: Standing,
  problem: Problem,
): { readonly [name: string]: Json } => ({
  dimension: x.length,
  rows: { train: problem.rows.train, validation: problem.rows.validation, test: problem.rows.test },
  iterations: k,
  train: encodeNumber(problem.objective.value(x, null)),
  ...(problem.validation === null ? {} : { validation: scored(problem.validation(x)) }),
  ...(problem.test === null ? {} : { test: scored(problem.test(x)) }),
  ...(average === null
    ? {}
    : {
        average: {
          train: encodeNumber(problem.objective.value(average, null)),
          ...(problem.test === null ? {} : { test: scored(problem.test(average)) }),
        },
      }),
  evaluations: { values: counts.values, gradients: counts.gradients },
})
