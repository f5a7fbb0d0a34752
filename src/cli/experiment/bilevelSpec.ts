import * as t from 'io-ts'
import { bilevelProblemExpr } from '../../../spec/vocabulary/bilevelProblem.js'
import { isObject, own, strict, tagged } from '../../../spec/vocabulary/strict.js'
import { dataSpec } from '../../problem/data/spec.js'
import { startSpec } from '../../problem/data/start.js'
import { drawsSpec, type SeededDraws } from '../../problem/draws.js'

const weight = t.refinement(t.number, (n) => Number.isFinite(n) && n >= 0, 'a finite number >= 0')
const share = t.refinement(t.number, (n) => n >= 0 && n <= 1, 'a number in [0, 1]')
const whole = (least: number) =>
  t.refinement(t.number, (n) => Number.isSafeInteger(n) && n >= least, `an integer >= ${least}`)
const seed = t.refinement(t.number, (n) => (n | 0) === n, 'an integer of 32 bits')

/** Which of the training labels are replaced by labels that are drawn uniformly from all classes, the right one included. */
const relabel = strict('relabel', { share, seed })

/** Files of their own to test on; what the split keeps for the test is left out then. */
const files = { test: dataSpec }

const withData = tagged('problem', 'a bilevel problem with data', {
  dataCleaning: strict(
    'dataCleaning',
    { problem: t.literal('dataCleaning'), data: dataSpec, l2: weight },
    { classes: whole(2), relabel, ...files },
  ),
  logisticHyper: strict('logisticHyper', { problem: t.literal('logisticHyper'), data: dataSpec }, files),
  ridgeHyper: strict(
    'ridgeHyper',
    {
      problem: t.literal('ridgeHyper'),
      data: dataSpec,
      penalty: t.keyof({ scalar: null, perFeature: null }, '"scalar" or "perFeature"'),
    },
    files,
  ),
})

/** A bilevel problem whose examples come from files: the lower level learns from the training rows, the upper one judges on those for validation. */
export type DataProblem = t.TypeOf<typeof withData>

const fromModule = strict('a module', {
  module: t.refinement(
    t.string,
    (s) => /^[^#]+#[^#]+$/.test(s),
    'a path and an export, such as ./x.mjs#problem',
  ),
})

/** The bilevel problem of an experiment: written out, with data from files, or built by a module. */
export type ProblemSpec = t.TypeOf<typeof bilevelProblemExpr> | DataProblem | t.TypeOf<typeof fromModule>

const form = (u: unknown): t.Decoder<unknown, ProblemSpec> & { readonly is: (u: unknown) => boolean } => {
  const has = (key: string): boolean => isObject(u) && own(u, key) !== undefined
  if (has('module')) return fromModule
  return has('data') ? withData : bilevelProblemExpr
}

export const problemSpec: t.Type<ProblemSpec, unknown, unknown> = new t.Type<ProblemSpec, unknown, unknown>(
  'a bilevel problem',
  (u): u is ProblemSpec => form(u).is(u),
  (u, context) => form(u).validate(u, context),
  t.identity,
)

/** Where a run begins; some methods begin at more than two points. */
export const bilevelStartSpec = strict(
  'a start {x, y}',
  { x: startSpec, y: startSpec },
  { v: startSpec, z: startSpec },
)

const batch = t.readonlyArray(whole(0), 'a batch')
const batches = t.readonlyArray(batch, 'an array of batches')
const batchesWithin = t.readonlyArray(batches, 'an array of arrays of batches')

const written = strict(
  'draws',
  {},
  {
    upper: batches,
    lower: batchesWithin,
    cross: batches,
    hessian: batchesWithin,
    depth: t.readonlyArray(whole(0), 'an array of integers >= 0'),
    probe: batches,
    coins: t.readonlyArray(
      t.refinement(t.number, (n) => n === 0 || n === 1, '0 or 1'),
      'an array of 0 and 1',
    ),
    uniforms: t.readonlyArray(
      t.refinement(t.number, (n) => n >= 0 && n < 1, 'a number in [0, 1)'),
      'an array of numbers in [0, 1)',
    ),
  },
)

/** The draws of an experiment on two levels: from a seed, or written out by kind. */
export type BilevelDrawsSpec = SeededDraws | t.TypeOf<typeof written>

const seeded = t.refinement(drawsSpec, (draws): draws is SeededDraws => 'batch' in draws, 'seeded draws')

export const bilevelDrawsSpec: t.Type<BilevelDrawsSpec, unknown, unknown> = new t.Type<
  BilevelDrawsSpec,
  unknown,
  unknown
>(
  'draws',
  (u): u is BilevelDrawsSpec => seeded.is(u) || written.is(u),
  (u, context) =>
    isObject(u) && own(u, 'batch') !== undefined ? seeded.validate(u, context) : written.validate(u, context),
  t.identity,
)
