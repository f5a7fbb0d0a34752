import * as E from 'fp-ts/lib/Either.js'
import type { Invalid } from '../../../spec/vocabulary/invalid.js'
import type { ReportData } from '../report/index.js'
import { reportData } from './results.js'
import { readSource } from './source.js'
import { openStore } from './store.js'

/** What the finished runs of an experiment file came to, from the folder of their results. */
export const finishedRuns = async (
  path: string,
  folder: string,
): Promise<E.Either<ReadonlyArray<Invalid>, ReportData>> => {
  const source = await readSource(path)
  if (E.isLeft(source)) return source
  const { experiment, plans, words } = source.right
  const store = openStore(folder, experiment)
  const loaded = plans.map((one, index) => store.load(one, index))
  const broken = loaded.find(E.isLeft)
  if (broken !== undefined) return broken
  const runs = loaded.flatMap((one) =>
    E.isRight(one) && one.right !== null && one.right.state === null ? [one.right] : [],
  )
  return E.right(reportData(words, experiment, runs))
}
