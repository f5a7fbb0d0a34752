import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { type Invalid, invalid } from '../../../spec/vocabulary/invalid.js'
import { isObject, own } from '../../../spec/vocabulary/strict.js'
import type { BilevelStart } from '../../bilevel/method/method.js'
import type { StartSpec } from '../../problem/data/start.js'
import { startVector } from '../../problem/data/start.js'
import { resolveDraws } from '../../problem/draws.js'
import type { FigureName } from '../report/index.js'
import { drawingOf } from './bilevelDraws.js'
import { buildBilevelProblem } from './bilevelProblem.js'
import type { Setting } from './execute.js'
import { decodeExperiment, type Experiment, type OneLevel, type TwoLevels } from './experiment.js'
import { type Plan, plan } from './plan.js'
import { buildProblem } from './problem.js'

type Result<A> = E.Either<ReadonlyArray<Invalid>, A>

/** What a module may say about its experiment for the report. */
export interface Words {
  readonly title: string
  readonly description: ReadonlyArray<string>
  /** Which figures are drawn, by name; all if it does not say. */
  readonly figures?: ReadonlyArray<FigureName>
}

/** An experiment file, read but not yet loaded with its data. */
export interface Source {
  readonly experiment: Experiment
  readonly plans: ReadonlyArray<Plan>
  readonly folder: string
  readonly words: Words
}

const wordsCodec = t.intersection([
  t.type({ title: t.string, description: t.readonlyArray(t.string) }),
  t.partial({
    figures: t.readonlyArray(
      t.keyof(
        { loss: null, accuracy: null, time: null, step: null, sensitivity: null, heat: null },
        'a figure',
      ),
    ),
  }),
])

/** Whether reading an experiment means executing it: a module, in which rules are composed in code. */
export const isModule = (path: string): boolean => /\.[cm]?[jt]s$/.test(path)

const because = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const readRaw = async (path: string): Promise<Result<{ readonly raw: unknown; readonly words: unknown }>> => {
  if (isModule(path)) {
    try {
      const exported: unknown = await import(pathToFileURL(resolve(path)).href)
      const module = isObject(exported) ? exported : {}
      return E.right({ raw: module.default, words: own(module, 'report') })
    } catch (error) {
      return E.left([
        invalid(path, undefined, `a module with an experiment as default export (${because(error)})`),
      ])
    }
  }
  try {
    const raw: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return E.right({ raw, words: undefined })
  } catch (error) {
    return E.left([invalid(path, undefined, `an experiment in JSON (${because(error)})`)])
  }
}

/** Reads an experiment and compiles its runs. */
export const readSource = async (path: string): Promise<Result<Source>> => {
  const read = await readRaw(path)
  if (E.isLeft(read)) return read
  const experiment = decodeExperiment(read.right.raw)
  if (E.isLeft(experiment)) return experiment
  const plans = plan(experiment.right)
  if (E.isLeft(plans)) return plans
  const { words } = read.right
  return E.right({
    experiment: experiment.right,
    plans: plans.right,
    folder: dirname(resolve(path)),
    words: wordsCodec.is(words) ? { ...words } : { title: experiment.right.id, description: [] },
  })
}

const oneLevel = async (experiment: OneLevel, folder: string): Promise<Result<Setting>> => {
  const problem = await buildProblem(experiment, folder)
  if (E.isLeft(problem)) return problem
  const { dimension, components } = problem.right.objective
  const start = startVector(experiment.start, dimension)
  if (E.isLeft(start)) return start
  const batches = resolveDraws(experiment.draws, components, experiment.iterations)
  if (E.isLeft(batches)) return batches
  return E.right({ experiment, problem: problem.right, start: start.right, batches: batches.right })
}

const startOf = (
  { start: { x, y, v, z } }: TwoLevels,
  dimension: { readonly x: number; readonly y: number },
): Result<BilevelStart> => {
  const point = (name: string, spec: StartSpec | undefined, length: number) =>
    spec === undefined ? E.right(undefined) : startVector(spec, length, `start.${name}`)
  const [fromX, fromY, fromV, fromZ] = [
    startVector(x, dimension.x, 'start.x'),
    startVector(y, dimension.y, 'start.y'),
    point('v', v, dimension.y),
    point('z', z, dimension.y),
  ]
  if (E.isLeft(fromX)) return fromX
  if (E.isLeft(fromY)) return fromY
  if (E.isLeft(fromV)) return fromV
  if (E.isLeft(fromZ)) return fromZ
  return E.right({
    x: fromX.right,
    y: fromY.right,
    ...(fromV.right === undefined ? {} : { v: fromV.right }),
    ...(fromZ.right === undefined ? {} : { z: fromZ.right }),
  })
}

const twoLevels = async (
  experiment: TwoLevels,
  plans: ReadonlyArray<Plan>,
  folder: string,
): Promise<Result<Setting>> => {
  const judged = await buildBilevelProblem(experiment, folder)
  if (E.isLeft(judged)) return judged
  const { problem, baseline } = judged.right
  const based = plans.find(({ method }) => 'levels' in method && method.levels === 'lower')
  if (based !== undefined && baseline === null)
    return E.left([
      invalid('runs', based.name, 'no baseline: only dataCleaning with data has labels to trust or not to'),
    ])
  const start = startOf(experiment, problem.dimension)
  if (E.isLeft(start)) return start
  const draws = drawingOf(experiment.draws, problem, experiment.iterations)
  if (E.isLeft(draws)) return draws
  return E.right({ experiment, judged: judged.right, start: start.right, draws: draws.right })
}

/** Loads what all runs share: data, start, draws. */
export const loadSetting = ({ experiment, plans, folder }: Source): Promise<Result<Setting>> =>
  'problem' in experiment ? twoLevels(experiment, plans, folder) : oneLevel(experiment, folder)
