import type { Json } from '../../../spec/vocabulary/json.js'
import { noCounts } from '../../bilevel/counts.js'
import type { Method } from '../../optimizer/method.js'
import { draws } from '../../problem/draws.js'
import { evaluations, type TwoLevelSetting } from './bilevelCourse.js'
import type { BaselineName } from './bilevelProblem.js'
import type { Course } from './course.js'
import { descentCourse } from './descentCourse.js'
import type { Problem } from './problem.js'

/** Plain training of the lower variable on rows that are all trusted alike: what a bilevel method is measured against. */
export interface BaselineRun {
  readonly levels: 'lower'
  readonly on: BaselineName
  /** How many steps of the method make an iteration. */
  readonly steps: number
  readonly method: Method
}

/** The last of `steps` iterations is shown. */
const advanced = (course: Course, steps: number): ReturnType<Course['advance']> => {
  const one = course.advance()
  return steps === 1 ? one : advanced(one.next, steps - 1)
}

/** A baseline from its start, or from where it was saved; null if the saved state does not fit it. */
export const baselineCourse = (
  { on, steps, method }: BaselineRun,
  { experiment, judged, start }: TwoLevelSetting,
  saved: Json,
): Course | null => {
  const objective = judged.baseline?.(on)
  if (objective === undefined) return null
  const { validation, test, rows, problem } = judged
  const whole: Problem = { objective, validation, test, rows }
  const seeded = experiment.draws !== undefined && 'batch' in experiment.draws ? experiment.draws : null
  const batches =
    seeded === null || seeded.batch >= objective.components
      ? []
      : draws(seeded, objective.components, steps * experiment.iterations)
  const begun = descentCourse(method, { problem: whole, start: start.y, batches }, saved)
  if (begun === null) return null
  const at = (course: Course): Course => {
    const counted = (values: Json | undefined, gradients: Json | undefined): Json =>
      evaluations({
        ...noCounts,
        lowerValues: typeof values === 'number' ? values : 0,
        lowerGradients: typeof gradients === 'number' ? gradients : 0,
      })
    const standing = (): { readonly [name: string]: Json } => {
      const { evaluations: spent, average: _, ...rest } = course.standing()
      const { values, gradients } = Object(spent) as { readonly [kind: string]: Json }
      return {
        ...rest,
        dimension: { ...problem.dimension },
        iterations: course.k / steps,
        status: 'completed',
        evaluations: counted(values, gradients),
      }
    }
    return {
      k: course.k / steps,
      ended: false,
      save: course.save,
      standing,
      advance: () => {
        const { next, happening } = advanced(course, steps)
        const field = (name: string): Json => {
          if (name !== 'evaluations' && name !== 'validation') return happening.field(name)
          return standing()[name] ?? null
        }
        return { next: at(next), happening: { ...happening, field } }
      },
    }
  }
  return at(begun)
}
