import type * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Invalid } from '../../../spec/vocabulary/invalid.js'
import { decodeWith } from '../../../spec/vocabulary/invalid.js'
import { objectiveExpr } from '../../../spec/vocabulary/objective.js'
import { isObject, own, strict, tagged } from '../../../spec/vocabulary/strict.js'
import { dataSpec, splitSpec } from '../../problem/data/spec.js'
import { startSpec } from '../../problem/data/start.js'
import { drawsSpec } from '../../problem/draws.js'
import { bilevelDrawsSpec, bilevelStartSpec, problemSpec } from './bilevelSpec.js'

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

/** The fields a recorded iterate of two levels may have: those that all methods have, and the outputs of some. */
export const bilevelFields = [
  'value',
  'step',
  'because',
  'probes',
  'evaluations',
  'x',
  'y',
  'gradientNorm',
  'hypergradient',
  'train',
  'validation',
  'test',
  'v',
  'z',
  'lowerStep',
  'lowerProbes',
  'count',
  'exact',
  'q',
  'lambda',
  'gap',
  'epsilon',
  'delta',
  'omega',
  'lowerIterations',
  'cgIterations',
  'tolerance',
] as const

const among = (fields: ReadonlyArray<string>) =>
  t.refinement(t.string, (u) => fields.includes(u), `one of ${fields.join(', ')}`)

const recording = (fields: ReadonlyArray<string>) =>
  strict('record', {}, { every: count(1), fields: t.readonlyArray(among(fields), 'an array of fields') })

/** A run before its sweep is spread out: its rule, direction and wrapper are read afterwards. */
const unswept = t.readonly(
  t.intersection([
    t.type({ name }),
    t.partial({ sweep: t.record(t.string, t.UnknownArray) }),
    t.UnknownRecord,
  ]),
  'a run with a name',
)

const common = {
  format: t.literal('steplaw-experiment/1'),
  id: name,
  runs: t.refinement(t.readonlyArray(unswept), (runs) => runs.length > 0, 'a non-empty array of runs'),
  iterations: count(0),
}

const oneLevel = strict(
  'an experiment',
  { ...common, objective: objectiveSpec, start: startSpec },
  { split: splitSpec, draws: drawsSpec, record: recording(recordFields) },
)

const twoLevels = strict(
  'an experiment with a bilevel problem',
  { ...common, problem: problemSpec, start: bilevelStartSpec },
  { split: splitSpec, draws: bilevelDrawsSpec, record: recording(bilevelFields) },
)

/** An experiment on an objective. */
export type OneLevel = t.TypeOf<typeof oneLevel>

/** An experiment on a bilevel problem. */
export type TwoLevels = t.TypeOf<typeof twoLevels>

/** An experiment file, read (the format `steplaw-experiment/1`). */
export type Experiment = OneLevel | TwoLevels

/** Reads an experiment; errors name the field, the value and what was expected. */
export const decodeExperiment = (u: unknown): E.Either<ReadonlyArray<Invalid>, Experiment> => {
  if (!isObject(u) || own(u, 'problem') === undefined) return decodeWith(oneLevel)(u)
  return decodeWith(twoLevels)(u)
}
