import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as E from 'fp-ts/lib/Either.js'
import { type Invalid, invalid } from '../../../spec/vocabulary/invalid.js'
import { isObject } from '../../../spec/vocabulary/strict.js'
import { bilevelProblemOf } from '../../bilevel/problem/compile.js'
import { dataCleaning } from '../../bilevel/problem/dataCleaning.js'
import { logisticHyper } from '../../bilevel/problem/logisticHyper.js'
import type { BilevelProblem } from '../../bilevel/problem/problem.js'
import { ridgeHyper } from '../../bilevel/problem/ridgeHyper.js'
import type { Dataset, Matrix } from '../../problem/data/dataset.js'
import { classLabels, signLabels } from '../../problem/data/labels.js'
import { prepare } from '../../problem/data/prepare.js'
import { split } from '../../problem/data/split.js'
import { loadData } from '../../problem/file/load.js'
import { leastSquares } from '../../problem/objective/leastSquares.js'
import { logistic } from '../../problem/objective/logistic.js'
import { softmax } from '../../problem/objective/softmax.js'
import type { Objective, Vector } from '../../problem/oracle.js'
import { generator, permutation, sampleWithReplacement } from '../../problem/random.js'
import type { DataProblem, ProblemSpec } from './bilevelSpec.js'
import type { TwoLevels } from './experiment.js'
import { signAccuracy, softmaxAccuracy } from './metrics.js'
import { guarded, type Score } from './problem.js'

type Result<A> = E.Either<ReadonlyArray<Invalid>, A>

/** Which labels a baseline believes: those given, with those for validation; those alone; or the true ones everywhere. */
export const baselineNames = ['given', 'validation', 'clean'] as const
export type BaselineName = (typeof baselineNames)[number]

/** A bilevel problem, and how to judge its lower variable. */
export interface Judged {
  readonly problem: BilevelProblem
  /** On the rows of the upper level. */
  readonly validation: ((y: Vector) => Score) | null
  /** On rows that neither level sees. */
  readonly test: ((y: Vector) => Score) | null
  readonly rows: { readonly train: number; readonly validation: number; readonly test: number }
  /** Plain training, to compare with. */
  readonly baseline: ((on: BaselineName) => Objective) | null
}

const wholly = (problem: BilevelProblem): Judged => ({
  problem,
  validation: null,
  test: null,
  rows: { train: problem.lower.components, validation: problem.upper.components, test: 0 },
  baseline: null,
})

/** The rows of one dataset after those of another, in one place; both parts remain seen without copies. */
const together = (first: Matrix, second: Matrix): Matrix => {
  const values = new Float64Array(first.values.length + second.values.length)
  values.set(first.values)
  values.set(second.values, first.values.length)
  return { rows: first.rows + second.rows, columns: first.columns, values }
}

const firstRows = ({ columns, values }: Matrix, rows: number): Matrix => ({
  rows,
  columns,
  values: values.subarray(0, rows * columns),
})

const lastRows = ({ rows, columns, values }: Matrix, count: number): Matrix => ({
  rows: count,
  columns,
  values: values.subarray((rows - count) * columns),
})

/** The labels of a share of the rows, chosen by a seed, drawn anew from all classes. */
export const relabelled = (
  labels: Int32Array,
  classes: number,
  { share, seed }: { readonly share: number; readonly seed: number },
): Int32Array => {
  const count = Math.round(share * labels.length)
  const [order, after] = permutation(labels.length)(generator(seed, 'relabel'))
  const [drawn] = sampleWithReplacement(classes, Math.max(1, count))(after)
  const result = Int32Array.from(labels)
  for (let i = 0; i < count; i++) result[order[i] ?? 0] = drawn[i] ?? 0
  return result
}

interface Rows {
  readonly train: Dataset
  readonly validation: Dataset
  readonly test: Dataset
}

const at = 'problem.data'

const rowsOf = (spec: DataProblem, experiment: TwoLevels, folder: string): Result<Rows> => {
  const { split: shares } = experiment
  if (shares?.validation === undefined)
    return E.left([
      invalid(
        shares === undefined ? 'split' : 'split.validation',
        undefined,
        'rows for the upper level: a fraction in (0, 1) or a count >= 1',
      ),
    ])
  const loaded = loadData(spec.data, folder, { at })
  if (E.isLeft(loaded)) return loaded
  const cut = split(shares, loaded.right.features.rows)
  if (E.isLeft(cut)) return cut
  const parts = prepare(spec.data, loaded.right, cut.right, at)
  if (E.isLeft(parts)) return parts
  const { train, validation, test } = parts.right
  if (validation === null || test === null)
    return E.left([invalid('split', shares, 'rows for validation and for the test')])
  if (spec.test === undefined) return E.right({ train, validation, test })
  if (spec.data.standardise === true)
    return E.left([
      invalid(
        `${at}.standardise`,
        true,
        'false where the test is on files of its own: the scale is of the rows',
      ),
    ])
  const apart = loadData(spec.test, folder, { at: 'problem.test' })
  if (E.isLeft(apart)) return apart
  const prepared = prepare(spec.test, apart.right, null, 'problem.test')
  if (E.isLeft(prepared)) return prepared
  const { columns } = prepared.right.train.features
  return columns === train.features.columns
    ? E.right({ train, validation, test: prepared.right.train })
    : E.left([invalid('problem.test', `${columns} columns`, `${train.features.columns}, as in problem.data`)])
}

const counts = ({ train, validation, test }: Rows): Judged['rows'] => ({
  train: train.features.rows,
  validation: validation.features.rows,
  test: test.features.rows,
})

const cleaning = (spec: Extract<DataProblem, { problem: 'dataCleaning' }>, rows: Rows): Result<Judged> => {
  const { train, validation, test } = rows
  const all = [train, validation, test].flatMap(({ targets }) => Array.from(targets))
  const read = classLabels(Float64Array.from(all), spec.classes, at)
  if (E.isLeft(read)) return read
  const { labels, classes } = read.right
  const n = train.features.rows
  const nv = validation.features.rows
  const clean = labels.slice(0, n)
  const labelsV = labels.slice(n, n + nv)
  const labelsT = labels.slice(n + nv)
  const given = spec.relabel === undefined ? clean : relabelled(clean, classes, spec.relabel)
  const { l2 } = spec
  return guarded('problem', () => {
    const both = together(train.features, validation.features)
    const A = firstRows(both, n)
    const Av = lastRows(both, nv)
    const score = (features: Matrix, of: Int32Array) => {
      const plain = softmax({ A: features, labels: of, classes })
      return (y: Vector): Score => ({
        loss: plain.value(y, null),
        accuracy: softmaxAccuracy(features, of, classes, y),
      })
    }
    const baseline = (on: BaselineName): Objective =>
      on === 'validation'
        ? softmax({ A: Av, labels: labelsV, classes, l2 })
        : softmax({
            A: both,
            labels: Int32Array.from([...(on === 'clean' ? clean : given), ...labelsV]),
            classes,
            l2,
          })
    return {
      problem: dataCleaning({ A, labels: given, classes, l2, Av, labelsV }),
      validation: score(Av, labelsV),
      test: score(test.features, labelsT),
      rows: counts(rows),
      baseline,
    }
  })
}

const classification = (rows: Rows): Result<Judged> => {
  const { train, validation, test } = rows
  const all = [train, validation, test].flatMap(({ targets }) => Array.from(targets))
  const read = signLabels(Float64Array.from(all), at)
  if (E.isLeft(read)) return read
  const n = train.features.rows
  const nv = validation.features.rows
  return guarded('problem', () => {
    const score = ({ features: A }: Dataset, y: Float64Array) => {
      const plain = logistic({ A, y, l2: 0 })
      return (w: Vector): Score => ({ loss: plain.value(w, null), accuracy: signAccuracy(A, y, w) })
    }
    const labelsV = read.right.slice(n, n + nv)
    return {
      problem: logisticHyper({
        A: train.features,
        y: read.right.slice(0, n),
        Av: validation.features,
        yv: labelsV,
      }),
      validation: score(validation, labelsV),
      test: score(test, read.right.slice(n + nv)),
      rows: counts(rows),
      baseline: null,
    }
  })
}

const regression = (spec: Extract<DataProblem, { problem: 'ridgeHyper' }>, rows: Rows): Result<Judged> => {
  const { train, validation, test } = rows
  return guarded('problem', () => {
    const plain = leastSquares({ A: test.features, y: test.targets })
    return {
      problem: ridgeHyper({
        X: train.features,
        b: train.targets,
        Xv: validation.features,
        bv: validation.targets,
        penalty: spec.penalty,
      }),
      validation: null,
      test: (y: Vector): Score => ({ loss: plain.value(y, null), accuracy: null }),
      rows: counts(rows),
      baseline: null,
    }
  })
}

const fromData = (spec: DataProblem, experiment: TwoLevels, folder: string): Result<Judged> => {
  const rows = rowsOf(spec, experiment, folder)
  if (E.isLeft(rows)) return rows
  switch (spec.problem) {
    case 'dataCleaning':
      return cleaning(spec, rows.right)
    case 'logisticHyper':
      return classification(rows.right)
    case 'ridgeHyper':
      return regression(spec, rows.right)
  }
}

const isLevel = (u: unknown): boolean =>
  isObject(u) && typeof u.value === 'function' && typeof u.gradient === 'function'

const isProblem = (u: unknown): u is BilevelProblem =>
  isObject(u) && isLevel(u.upper) && isLevel(u.lower) && isObject(u.dimension)

const fromModule = async (reference: string, folder: string): Promise<Result<Judged>> => {
  const [path = '', name = ''] = reference.split('#')
  const expected = 'a module that exports a bilevel problem under this name'
  try {
    const exported: unknown = await import(pathToFileURL(resolve(folder, path)).href)
    const value = isObject(exported) ? exported[name] : undefined
    return isProblem(value)
      ? E.right(wholly(value))
      : E.left([invalid('problem.module', reference, expected)])
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return E.left([invalid('problem.module', reference, `${expected} (${message})`)])
  }
}

/** Builds the bilevel problem of an experiment: reads data and splits it, or executes the module it names. */
export const buildBilevelProblem = async (experiment: TwoLevels, folder: string): Promise<Result<Judged>> => {
  const spec: ProblemSpec = experiment.problem
  if ('data' in spec) return fromData(spec, experiment, folder)
  if (experiment.split !== undefined)
    return E.left([
      invalid('split', experiment.split, 'no split: only a problem with data has rows to hold out'),
    ])
  if ('module' in spec) return fromModule(spec.module, folder)
  return E.map(wholly)(guarded('problem', () => bilevelProblemOf(spec)))
}
