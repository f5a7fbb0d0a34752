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

/** Whether the iterations of a run were timed from its beginning: the last line is of no iteration. */
const wasTimed = ({ lines, times }: SavedRun): boolean => times.length === lines.length - 1

/** The lines of a run, with the seconds that its iterations had taken until then. */
export const timed = (
  run: SavedRun,
): ReadonlyArray<{ readonly line: string; readonly seconds: number | null }> =>
  run.lines.map((line, i) => ({ line, seconds: wasTimed(run) ? (run.times[i] ?? null) : null }))

/** The seconds that all iterations of a run took. */
export const spentIn = (run: SavedRun): { readonly iterating?: number } =>
  wasTimed(run) ? { iterating: run.spent } : {}

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
