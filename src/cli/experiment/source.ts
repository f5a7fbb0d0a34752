import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { type Invalid, invalid } from '../../../spec/vocabulary/invalid.js'
import { isObject, own } from '../../../spec/vocabulary/strict.js'
import { startVector } from '../../problem/data/start.js'
import { resolveDraws } from '../../problem/draws.js'
import type { Setting } from './execute.js'
import { decodeExperiment, type Experiment } from './experiment.js'
import { type Plan, plan } from './plan.js'
import { buildProblem } from './problem.js'

type Result<A> = E.Either<ReadonlyArray<Invalid>, A>

/** What a module may say about its experiment for the report. */
export interface Words {
  readonly title: string
  readonly description: ReadonlyArray<string>
}

/** An experiment file, read but not yet loaded with its data. */
export interface Source {
  readonly experiment: Experiment
  readonly plans: ReadonlyArray<Plan>
  readonly folder: string
  readonly words: Words
}

const wordsCodec = t.type({ title: t.string, description: t.readonlyArray(t.string) })

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
    words: wordsCodec.is(words) ? words : { title: experiment.right.id, description: [] },
  })
}

/** Loads what all runs share: data, start, draws. */
export const loadSetting = async ({ experiment, folder }: Source): Promise<Result<Setting>> => {
  const problem = await buildProblem(experiment, folder)
  if (E.isLeft(problem)) return problem
  const { dimension, components } = problem.right.objective
  const start = startVector(experiment.start, dimension)
  if (E.isLeft(start)) return start
  const batches = resolveDraws(experiment.draws, components, experiment.iterations)
  if (E.isLeft(batches)) return batches
  return E.right({ experiment, problem: problem.right, start: start.right, batches: batches.right })
}
