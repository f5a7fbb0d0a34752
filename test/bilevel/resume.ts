/** What every bilevel method promises of its state: it is data, and whoever answers and whenever, the bits are the same. */

import * as E from 'fp-ts/lib/Either.js'
import {
  answerBilevel,
  type BilevelCheckpoint,
  type BilevelMethod,
  type BilevelOptions,
  type BilevelProblem,
  type BilevelState,
  checkpointBilevel,
  minimiseBilevel,
  minimiseBilevelAsync,
  restoreBilevel,
} from 'steplaw/bilevel'
import { describe, expect, it } from 'vitest'

type Options<S extends BilevelState, T> = Omit<BilevelOptions<S, T>, 'stop' | 'from' | 'iterations'> & {
  readonly iterations: number
}

/** A checkpoint through a file. */
const reread = <S extends BilevelState, T>(
  method: BilevelMethod<S, T>,
  { dimension }: BilevelProblem,
  here: BilevelCheckpoint<S>,
): BilevelCheckpoint<S> => {
  const read = restoreBilevel(method, dimension)(JSON.parse(JSON.stringify(checkpointBilevel(method, here))))
  if (E.isRight(read)) return read.right
  throw new Error(JSON.stringify(read.left))
}

/** A run that is stopped after any number of iterations, written, read and gone on with is the run. */
export const expectResumes = <S extends BilevelState, T>(
  problem: BilevelProblem,
  options: Options<S, T>,
): void => {
  const whole = minimiseBilevel(problem, options)
  for (let k = 0; k <= options.iterations; k += 1) {
    const { state, counts } = minimiseBilevel(problem, { ...options, iterations: k })
    const from = reread(options.method, problem, { state, counts })
    expect(from).toStrictEqual({ state, counts })
    const { records, ...rest } = minimiseBilevel(problem, { ...options, from })
    expect({ ...rest, records: [...whole.records.slice(0, k), ...records] }).toStrictEqual(whole)
  }
}

/** The bits of a run do not depend on when the answers come. */
export const expectSameFromAfar = async <S extends BilevelState, T>(
  problem: BilevelProblem,
  options: Options<S, T>,
): Promise<void> => {
  const near = answerBilevel(problem)
  const far = await minimiseBilevelAsync(async (request) => near(request), options)
  expect(far).toStrictEqual(minimiseBilevel(problem, options))
}

/** Both of these, as tests. */
export const keepsItsPromises = <S extends BilevelState, T>(
  name: string,
  problem: BilevelProblem,
  options: Options<S, T>,
): void => {
  describe(name, () => {
    it('goes on from where it was stopped', () => {
      expectResumes(problem, options)
    })

    it('has the same bits from an oracle that answers later', async () => {
      await expectSameFromAfar(problem, options)
    })
  })
}
