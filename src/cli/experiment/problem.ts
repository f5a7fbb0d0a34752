import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as E from 'fp-ts/lib/Either.js'
import { type Invalid, invalid } from '../../../spec/vocabulary/invalid.js'
import { isObject } from '../../../spec/vocabulary/strict.js'
import { objectiveOf } from '../../optimizer/implementation.js'
import type { Dataset } from '../../problem/data/dataset.js'
import { classLabels, signLabels } from '../../problem/data/labels.js'
import { prepare } from '../../problem/data/prepare.js'
import { split } from '../../problem/data/split.js'
import { loadData } from '../../problem/file/load.js'
import { leastSquares } from '../../problem/objective/leastSquares.js'
import { logistic } from '../../problem/objective/logistic.js'
import { softmax } from '../../problem/objective/softmax.js'
import type { Objective, Vector } from '../../problem/oracle.js'
import type { ObjectiveSpec, OneLevel } from './experiment.js'
import { signAccuracy, softmaxAccuracy } from './metrics.js'

type Result<A> = E.Either<ReadonlyArray<Invalid>, A>

/** How a point does on rows it was not trained on: loss without penalty, and the share of right labels. */
export interface Score {
  readonly loss: number
  readonly accuracy: number | null
}

/** An objective to train on, and how to score a point on the held-out rows. */
export interface Problem {
  readonly objective: Objective
  readonly test: ((x: Vector) => Score) | null
  readonly validation: ((x: Vector) => Score) | null
  readonly rows: { readonly train: number; readonly validation: number; readonly test: number }
}

type DataObjective = Extract<ObjectiveSpec, { readonly data: unknown }>

const wholly = (objective: Objective): Problem => ({
  objective,
  test: null,
  validation: null,
  rows: { train: objective.components, validation: 0, test: 0 },
})

/** Constructors throw a RangeError that names the field; at this door it becomes a value. */
export const guarded = <A>(field: string, f: () => A): Result<A> => {
  try {
    return E.right(f())
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError)
      return E.left([invalid(field, undefined, error.message)])
    throw error
  }
}

interface Fitted {
  readonly objective: Objective
  readonly score: (x: Vector) => Score
}

/** The classes of all rows, so that train and test agree where one of them misses a class. */
const classesOf = (spec: DataObjective, data: Dataset): Result<number | undefined> =>
  spec.objective === 'softmax'
    ? E.map(({ classes }: { readonly classes: number }) => classes)(
        classLabels(data.targets, spec.classes, 'objective.data'),
      )
    : E.right(undefined)

const trainOn = (
  spec: DataObjective,
  { features: A, targets }: Dataset,
  classes: number | undefined,
  l2: number,
): Result<Fitted> => {
  const at = 'objective.data'
  switch (spec.objective) {
    case 'leastSquares':
      return guarded(at, () => {
        const objective = leastSquares({ A, y: targets })
        return { objective, score: (x) => ({ loss: objective.value(x, null), accuracy: null }) }
      })
    case 'logistic': {
      const labels = signLabels(targets, at)
      if (E.isLeft(labels)) return labels
      const y = labels.right
      return guarded(at, () => {
        const objective = logistic({ A, y, l2 })
        return {
          objective,
          score: (x) => ({ loss: objective.value(x, null), accuracy: signAccuracy(A, y, x) }),
        }
      })
    }
    case 'softmax': {
      const read = classLabels(targets, classes, at)
      if (E.isLeft(read)) return read
      const { labels, classes: c } = read.right
      return guarded(at, () => {
        const objective = softmax({ A, labels, classes: c, l2 })
        return {
          objective,
          score: (x) => ({ loss: objective.value(x, null), accuracy: softmaxAccuracy(A, labels, c, x) }),
        }
      })
    }
  }
}

const fromData = (spec: DataObjective, experiment: OneLevel, folder: string): Result<Problem> => {
  const loaded = loadData(spec.data, folder)
  if (E.isLeft(loaded)) return loaded
  const data = loaded.right
  const cut = experiment.split === undefined ? E.right(null) : split(experiment.split, data.features.rows)
  if (E.isLeft(cut)) return cut
  const parts = prepare(spec.data, data, cut.right, 'objective.data')
  if (E.isLeft(parts)) return parts
  const { train, validation, test } = parts.right
  const classes = classesOf(spec, data)
  if (E.isLeft(classes)) return classes
  const l2 = 'l2' in spec ? (spec.l2 ?? 0) : 0
  const trained = trainOn(spec, train, classes.right, l2)
  if (E.isLeft(trained)) return trained
  const held = (part: Dataset | null): Result<Fitted | null> =>
    part === null ? E.right(null) : trainOn(spec, part, classes.right, 0)
  const tested = held(test)
  if (E.isLeft(tested)) return tested
  const validated = held(validation)
  if (E.isLeft(validated)) return validated
  return E.right({
    objective: trained.right.objective,
    test: tested.right?.score ?? null,
    validation: validated.right?.score ?? null,
    rows: {
      train: train.features.rows,
      validation: validation?.features.rows ?? 0,
      test: test?.features.rows ?? 0,
    },
  })
}

const isObjective = (u: unknown): u is Objective =>
  isObject(u) &&
  typeof u.value === 'function' &&
  typeof u.valueAndGradient === 'function' &&
  typeof u.dimension === 'number' &&
  typeof u.components === 'number'

const fromModule = async (reference: string, folder: string): Promise<Result<Problem>> => {
  const [path = '', name = ''] = reference.split('#')
  const expected = 'a module that exports an objective under this name'
  try {
    const exported: unknown = await import(pathToFileURL(resolve(folder, path)).href)
    const value = isObject(exported) ? exported[name] : undefined
    return isObjective(value)
      ? E.right(wholly(value))
      : E.left([invalid('objective.module', reference, expected)])
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return E.left([invalid('objective.module', reference, `${expected} (${message})`)])
  }
}

/** Builds the objective of an experiment: reads data, splits and prepares it, or executes the module it names. */
export const buildProblem = async (experiment: OneLevel, folder: string): Promise<Result<Problem>> => {
  const spec = experiment.objective
  if ('data' in spec) return fromData(spec, experiment, folder)
  if (experiment.split !== undefined)
    return E.left([
      invalid('split', experiment.split, 'no split: only an objective with data has rows to hold out'),
    ])
  if ('module' in spec) return fromModule(spec.module, folder)
  return E.map(wholly)(guarded('objective', () => objectiveOf(spec)))
}
