import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { double } from '../../../spec/vocabulary/number.js'
import type { DataSpec } from '../../problem/data/spec.js'
import type { Experiment } from './experiment.js'
import type { SavedRun } from './store.js'

/** Numbers by name. */
export const counts = t.readonly(t.record(t.string, t.number))

/** A loss, with the share of right labels where there are labels. */
export const score = t.intersection([t.type({ loss: double }), t.partial({ accuracy: double })])

/** A result line, if it is of this kind. */
export const parsed = <A>(codec: t.Decoder<unknown, A>, line: string): ReadonlyArray<A> => {
  const read = codec.decode(JSON.parse(line))
  return E.isRight(read) ? [read.right] : []
}

/** The summaries of finished runs. */
export const lastLines = <A>(
  runs: ReadonlyArray<SavedRun>,
  codec: t.Decoder<unknown, A>,
): ReadonlyArray<{ readonly run: SavedRun; readonly line: A }> =>
  runs.flatMap((run) =>
    run.lines.slice(-1).flatMap((last) => parsed(codec, last).map((line) => ({ run, line }))),
  )

export const sum = (xs: ReadonlyArray<number>): number => xs.reduce((a, b) => a + b, 0)

/** What data are called. */
export const nameOf = (data: DataSpec): string => ('file' in data ? data.file : data.as)

/** The settings that every experiment has. */
export const sharedSettings = ({
  iterations,
  draws,
  split,
}: Experiment): ReadonlyArray<readonly [string, string]> => [
  ['iterations', String(iterations)],
  ...(draws !== undefined && 'batch' in draws
    ? [
        [
          'batches',
          `${draws.batch} rows, ${draws.replace ? 'with' : 'without'} replacement, seed ${draws.seed}`,
        ] as const,
      ]
    : []),
  ...(split === undefined ? [] : [['split', `seed ${split.seed}`] as const]),
]
