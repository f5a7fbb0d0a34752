import type * as t from 'io-ts'
import { bilevelMethodExpr } from '../vocabulary/bilevelMethod.js'
import { bilevelProblemExpr } from '../vocabulary/bilevelProblem.js'
import { estimatorAloneExpr } from '../vocabulary/estimator.js'
import type { Json } from '../vocabulary/json.js'
import { among, elsewhere, index, listOf, record, refined, share, tag, vector } from '../vocabulary/shape.js'
import { commonShapes } from './common.js'

const problem = elsewhere(bilevelProblemExpr, 'bilevel-problem.schema.json')

const batch = listOf(index, 'a batch')
const batches = listOf(batch, 'an array of batches')
const batchesWithin = listOf(batches, 'an array of arrays of batches')

/** The random choices of an estimator, by iteration. */
const estimating = {
  upper: batches,
  lower: batchesWithin,
  cross: batches,
  hessian: batchesWithin,
  depth: listOf(index, 'an array of integers >= 0'),
}

/** Those of a method. */
const drawn = {
  ...estimating,
  probe: batches,
  coins: listOf(among(0, 1), 'an array of 0 and 1'),
  uniforms: listOf(share, 'an array of numbers in [0, 1)'),
}

const lone = record(
  'hypergradient',
  {
    kind: tag('hypergradient'),
    problem,
    estimator: elsewhere(estimatorAloneExpr, 'estimator.schema.json'),
    x: vector,
    ...commonShapes,
  },
  { y: vector, v: vector, draws: record('draws', {}, estimating) },
)

type Demand = { readonly [keyword: string]: Json }

const estimatorIs = (name: string): Demand => ({
  properties: { estimator: { properties: { estimator: { const: name } } } },
})
const having = (field: string, value: Demand = {}): Demand => ({
  properties: { [field]: value },
  required: [field],
})
const without = (field: string): Demand => ({ not: having(field) })

/** The shape of the cases that estimate one hypergradient (the standard, chapter Bilevel problems). */
export const hypergradientCase = refined(
  refined(
    lone,
    ({ estimator, y }) => estimator.estimator === 'exact' || y !== undefined,
    ['y', ({ y }) => y],
    'an array of numbers, unless the estimator is exact',
    { anyOf: [estimatorIs('exact'), having('y')] },
  ),
  ({ estimator, v }) => estimator.estimator === 'cg' || v === undefined,
  ['v', ({ v }) => v],
  'nothing, unless the estimator is cg',
  { anyOf: [estimatorIs('cg'), without('v')] },
)

const run = record(
  'bilevel',
  {
    kind: tag('bilevel'),
    problem,
    method: elsewhere(bilevelMethodExpr, 'bilevel-method.schema.json'),
    start: record('start', { x: vector }, { y: vector, z: vector, v: vector }),
    iterations: index,
    ...commonShapes,
  },
  { draws: record('draws', {}, drawn) },
)

type Run = t.TypeOf<typeof run.codec>

const methodIs = (...names: ReadonlyArray<string>): Demand => ({
  properties: { method: { properties: { method: { enum: names } } } },
})
const outer: Demand = { properties: { method: having('initialise', { const: 'outer' }) } }
const starts = (demand: Demand): Demand => ({ properties: { start: demand } })
const draws = (entry: string): Demand => having('draws', having(entry))

/** Whether the inner loop begins at $x$, so that there is no $y_0$. */
const fromOuter = ({ method }: Run): boolean =>
  (method.method === 'ufom' || method.method === 'adaptiveUfom') && method.initialise === 'outer'

/** The methods that may begin at a $z$, and at a $v$, of their own; the latter ones of each are drafts. */
const withZ: ReadonlyArray<string> = ['f2sa', 'penalty', 'f3sa']
const withV: ReadonlyArray<string> = ['soba', 'bilevelDescent', 'saba', 'amigo']

/** A list in words. */
const named = (words: ReadonlyArray<string>): string =>
  `${words.slice(0, -1).join(', ')} or ${words.slice(-1).join('')}`

/** A case whose method begins at more than $x$ and $y$ only if it knows what to do with it. */
const begun = refined(
  refined(
    refined(
      run,
      (given) => fromOuter(given) || given.start.y !== undefined,
      ['start.y', ({ start }) => start.y],
      'an array of numbers, unless the inner loop begins at x',
      { anyOf: [outer, starts(having('y'))] },
    ),
    ({ method: { method }, start }) => withZ.includes(method) || start.z === undefined,
    ['start.z', ({ start }) => start.z],
    `nothing, unless the method is ${named(withZ)}`,
    { anyOf: [methodIs(...withZ), starts(without('z'))] },
  ),
  ({ method: { method }, start }) => withV.includes(method) || start.v === undefined,
  ['start.v', ({ start }) => start.v],
  `nothing, unless the method is ${named(withV)}`,
  { anyOf: [methodIs(...withV), starts(without('v'))] },
)

/** The shape of the cases that run a bilevel method (the standard, chapter Bilevel methods). */
export const bilevelCase = refined(
  refined(
    begun,
    ({ method: { method }, draws }) => method !== 'ufom' || draws?.coins !== undefined,
    ['draws.coins', ({ draws }) => draws?.coins],
    'an array of 0 and 1: ufom has no draws of its own',
    { anyOf: [{ not: methodIs('ufom') }, draws('coins')] },
  ),
  ({ method: { method }, draws }) => method !== 'adaptiveUfom' || draws?.uniforms !== undefined,
  ['draws.uniforms', ({ draws }) => draws?.uniforms],
  'an array of numbers in [0, 1): adaptiveUfom has no draws of its own',
  { anyOf: [{ not: methodIs('adaptiveUfom') }, draws('uniforms')] },
)
