import type * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Invalid } from '../../../spec/vocabulary/invalid.js'
import { decodeWith } from '../../../spec/vocabulary/invalid.js'
import { objectiveExpr } from '../../../spec/vocabulary/objective.js'
import { isObject, own, strict, tagged } from '../../../spec/vocabulary/strict.js'
import { dataSpec, splitSpec } from '../../problem/data/spec.js'
import { startSpec } from '../../problem/data/start.js'
import { drawsSpec } from '../../problem/draws.js'

const count = (least: number): t.Type<number, number, unknown> =>
  t.refinement(t.number, (n) => Number.isSafeInteger(n) && n >= least, `an integer >= ${least}`)
const weight = t.refinement(t.number, (n) => Number.isFinite(n) && n >= 0, 'a finite number >= 0')
const name = t.refinement(t.string, (s) => s !== '', 'a name')

const withData = tagged('objective', 'an objective with data', {
  leastSquares: strict('leastSquares', { objective: t.literal('leastSquares'), data: dataSpec }),
  logistic: strict('logistic', { objective: t.literal('logistic'), data: dataSpec }, { l2: weight }),
  softmax: strict(
    'softmax',
    { objective: t.literal('softmax'), data: dataSpec },
    { l2: weight, classes: count(2) },
  ),
})

const fromModule = strict('a module', {
  module: t.refinement(
    t.string,
    (s) => /^[^#]+#[^#]+$/.test(s),
    'a path and an export, such as ./x.mjs#objective',
  ),
})

/** The objective of an experiment: written out, with data from a file, or a function from a module. */
export type ObjectiveSpec =
  | t.TypeOf<typeof objectiveExpr>
  | t.TypeOf<typeof withData>
  | t.TypeOf<typeof fromModule>

const objectiveSpec: t.Type<ObjectiveSpec, unknown, unknown> = new t.Type<ObjectiveSpec, unknown, unknown>(
  'an objective',
  (u): u is ObjectiveSpec => objectiveExpr.is(u) || withData.is(u) || fromModule.is(u),
  (u, context) => {
    const has = (key: string): boolean => isObject(u) && own(u, key) !== undefined
    if (has('module')) return fromModule.validate(u, context)
    return has('data') ? withData.validate(u, context) : objectiveExpr.validate(u, context)
  },
  t.identity,
)

/** The fields a recorded iterate may have. */
export const recordFields = [
  'value',
  'step',
  'because',
  'probes',
  'evaluations',
  'x',
  'gradientNorm',
  'train',
  'test',
  'scale',
  'wealth',
  'distance',
  'average',
] as const

/** A field of a recorded iterate. */
export type RecordField = (typeof recordFields)[number]

const recordField = new t.Type<RecordField, string, unknown>(
  `one of ${recordFields.join(', ')}`,
  (u): u is RecordField => recordFields.some((f) => f === u),
  (u, c) => {
    const field = recordFields.find((f) => f === u)
    return field === undefined ? t.failure(u, c) : t.success(field)
  },
  t.identity,
)

/** A run before its sweep is spread out: its rule, direction and wrapper are read afterwards. */
const unswept = t.readonly(
  t.intersection([
    t.type({ name }),
    t.partial({ sweep: t.record(t.string, t.UnknownArray) }),
    t.UnknownRecord,
  ]),
  'a run with a name',
)

const experimentCodec = strict(
  'an experiment',
  {
    format: t.literal('steplaw-experiment/1'),
    id: name,
    objective: objectiveSpec,
    start: startSpec,
    runs: t.refinement(t.readonlyArray(unswept), (runs) => runs.length > 0, 'a non-empty array of runs'),
    iterations: count(0),
  },
  {
    split: splitSpec,
    draws: drawsSpec,
    record: strict(
      'record',
      {},
      { every: count(1), fields: t.readonlyArray(recordField, 'an array of fields') },
    ),
  },
)

/** An experiment file, read (the format `steplaw-experiment/1`). */
export type Experiment = t.TypeOf<typeof experimentCodec>

/** Reads an experiment; errors name the field, the value and what was expected. */
export const decodeExperiment = (u: unknown): E.Either<ReadonlyArray<Invalid>, Experiment> =>
  decodeWith(experimentCodec)(u)
