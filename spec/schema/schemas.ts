import { bilevelCase, hypergradientCase } from '../conformance/bilevelCase.js'
import { commonShapes } from '../conformance/common.js'
import { bilevelMethods } from '../vocabulary/bilevelMethod.js'
import { bilevelProblems } from '../vocabulary/bilevelProblem.js'
import { directionRows } from '../vocabulary/direction.js'
import { estimatorsAlone } from '../vocabulary/estimator.js'
import type { Json } from '../vocabulary/json.js'
import { ruleRows } from '../vocabulary/ruleRows.js'
import { scheduleSchemas } from '../vocabulary/schedule.js'
import { vocabularySchema } from '../vocabulary/schema.js'
import { numberSchema, schemaFile, schemasOf } from '../vocabulary/shape.js'
import { wrapperRows } from '../vocabulary/wrapper.js'

type Schema = { readonly [key: string]: Json }

const draft = 'https://json-schema.org/draft/2020-12/schema'

const ref = (name: string): Schema => ({ $ref: name })
const literal = (value: string): Schema => ({ const: value })
const text: Schema = { type: 'string' }
const index: Schema = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }
const number = numberSchema
const weight: Schema = { type: 'number', minimum: 0 }
const orNull = (schema: Schema): Schema => ({ anyOf: [{ type: 'null' }, schema] })
const listOf = (items: Schema): Schema => ({ type: 'array', items })
const vector = listOf(ref('#/$defs/number'))
const matrix = listOf(vector)

type Fields = { readonly [name: string]: Schema }

const record = (required: Fields, optional: Fields = {}): Schema => ({
  type: 'object',
  properties: { ...required, ...optional },
  required: Object.keys(required),
  additionalProperties: false,
})

/** One of several records, told apart by a field. */
const oneOf = (title: string, tag: string, members: Fields): Schema => ({
  $schema: draft,
  title,
  oneOf: Object.keys(members).map((name) => ref(`#/$defs/${name}`)),
  $defs: {
    number,
    ...Object.fromEntries(
      Object.entries(members).map(([name, { properties, required, ...rest }]) => [
        name,
        {
          ...rest,
          properties: { [tag]: literal(name), ...(properties as Schema) },
          required: [tag, ...(required as ReadonlyArray<string>)],
        },
      ]),
    ),
  },
})

const declared: Fields = { lowerBounds: vector, solutionValues: vector }

const objective = oneOf('An objective', 'objective', {
  quadratic: record({ A: listOf(matrix), b: matrix }, { k: vector, ...declared }),
  leastSquares: record({ A: matrix, y: vector }, declared),
  logistic: record({ A: matrix, y: listOf({ enum: [-1, 1] }) }, { l2: weight, ...declared }),
  softmax: record({ A: matrix, labels: listOf(index), classes: index }, { l2: weight, ...declared }),
})

const beyond: Fields = { beyond: record({ step: number, value: number }, { slope: number }) }

const phi = oneOf('phi', 'family', {
  quadratic: record({}, { curvature: number, ...beyond }),
  quartic: record({}, { curvature: number, quartic: number, ...beyond }),
  exponential: record({ weight: number, rate: number }, beyond),
})

const ray = record(
  { value: number, slope: number },
  {
    phi: { oneOf: phi.oneOf ?? [] },
    k: index,
    lowerBound: orNull(number),
    solutionValue: orNull(number),
    gg: number,
    dd: number,
    travelled: number,
    alignment: number,
    secant: orNull({ type: 'array', prefixItems: [number, number, number], items: false, minItems: 3 }),
    executed: orNull(number),
  },
)

const notNegative: Schema = { anyOf: [weight, { enum: ['-0'] }] }

const common = schemasOf(commonShapes)

/** A wrapper that stands alone, or an average of one. */
const alone: Schema = {
  type: 'object',
  properties: { wrapper: {}, of: {} },
  required: ['wrapper'],
  anyOf: [
    { properties: { wrapper: { enum: ['coinBetting', 'cocob', 'dAdaptation'] } } },
    { properties: { wrapper: literal('average'), of: ref('#/$defs/alone') }, required: ['of'] },
  ],
}

const positive: Schema = { type: 'number', exclusiveMinimum: 0 }
const count: Schema = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER }
const nought: Schema = { enum: ['-0'] }
const share: Schema = { anyOf: [{ type: 'number', minimum: 0, exclusiveMaximum: 1 }, nought] }
const permutations = listOf(listOf(index))

const controller = record(
  {
    replicas: count,
    step: positive,
    spread: { anyOf: [{ type: 'number', minimum: 0, maximum: 1 }, nought] },
    temperature: positive,
    momentum: share,
    gain: notNegative,
    period: count,
  },
  { decay: share, floor: positive },
)

const replicas: Fields = { kind: literal('replicas'), controller: ref('#/$defs/controller'), ...common }

const kinds: Fields = {
  decode: record({ kind: literal('decode'), rule: {}, ...common }),
  rule: record({
    kind: literal('rule'),
    rule: ref('rule.schema.json'),
    rays: listOf(ref('#/$defs/ray')),
    ...common,
  }),
  descent: {
    ...record(
      {
        kind: literal('descent'),
        objective: ref('objective.schema.json'),
        start: vector,
        iterations: index,
        ...common,
      },
      {
        rule: ref('rule.schema.json'),
        wrapper: ref('wrapper.schema.json'),
        direction: ref('direction.schema.json'),
        draws: record({}, { batches: listOf(listOf(index)) }),
      },
    ),
    anyOf: [
      {
        properties: { wrapper: ref('#/$defs/alone'), rule: false, direction: false },
        required: ['wrapper'],
      },
      { properties: { wrapper: { not: ref('#/$defs/alone') }, rule: {} }, required: ['rule'] },
    ],
  },
  replicas: {
    oneOf: [
      record({ ...replicas, losses: listOf(vector) }, { draws: record({}, { permutations }) }),
      record(
        { ...replicas, objective: ref('objective.schema.json'), start: vector, iterations: index },
        { draws: record({}, { batches: listOf(listOf(listOf(index))), permutations }) },
      ),
    ],
  },
  bilevel: bilevelCase.schema,
  hypergradient: hypergradientCase.schema,
}

const caseFile: Schema = {
  $schema: draft,
  title: 'A case file',
  ...record({
    format: literal('steplaw-vectors/1'),
    cases: listOf({
      type: 'object',
      properties: { id: text, kind: text },
      required: ['id', 'kind'],
      anyOf: [
        ...Object.keys(kinds).map((kind) => ref(`#/$defs/${kind}`)),
        { properties: { kind: { not: { enum: Object.keys(kinds) } } } },
      ],
    }),
  }),
  $defs: { ...(phi.$defs as Schema), ray, alone, controller, ...kinds },
}

/**
 * The JSON Schemas (draft 2020-12) of the standard by the names of their files, which lie in `spec/schema`: rules,
 * directions and wrappers are read off the vocabulary, those of two levels off the codecs; all of them agree with the codecs. They refer to each other by these names.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { schemas } from 'steplaw/spec'
 *
 * schemas['direction.schema.json']?.title // => 'A direction'
 * ```
 */
export const schemas: { readonly [file: string]: { readonly [keyword: string]: Json } } = {
  'rule.schema.json': vocabularySchema('rule', 'A step rule', ruleRows),
  'direction.schema.json': vocabularySchema('direction', 'A direction', directionRows),
  'wrapper.schema.json': vocabularySchema('wrapper', 'A wrapper', wrapperRows),
  'objective.schema.json': objective,
  'bilevel-problem.schema.json': schemaFile('A bilevel problem', bilevelProblems),
  'estimator.schema.json': schemaFile('A hypergradient estimator that stands alone', estimatorsAlone),
  'bilevel-method.schema.json': schemaFile('A bilevel method', bilevelMethods, scheduleSchemas),
  'case-file.schema.json': caseFile,
}
