/** The JSON Schemas are those on disk, and a validator makes of them what the codecs do. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { ruleExprArbitrary } from 'steplaw/laws'
import {
  bilevelMethodExpr,
  bilevelProblemExpr,
  directionExpr,
  double,
  estimatorAloneExpr,
  type Json,
  objectiveExpr,
  ruleExpr,
  schemas,
  wrapperExpr,
} from 'steplaw/spec'
import { describe, expect, test } from 'vitest'
import { caseCodecs, caseFile } from '../../spec/conformance/case.js'
import { fits, suffices } from '../evidence.js'
import { damaged } from './damage.js'
import { caseFiles, root } from './read.js'

const folder = join(root, 'spec/schema')

describe('the schemas on disk', () => {
  test.each(Object.entries(schemas))('%s is as generated (vitest -u writes it)', (file, schema) =>
    expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(join(folder, file)),
  )

  test('are those generated and no others', () =>
    expect(
      readdirSync(folder)
        .filter((file) => file.endsWith('.json'))
        .sort(),
    ).toEqual(Object.keys(schemas).sort()))
})

const validators = (of: typeof schemas): ((file: string) => ValidateFunction) => {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: false })
  for (const [file, schema] of Object.entries(of)) ajv.addSchema(schema, file)
  return (file) => {
    const validate = ajv.getSchema(file)
    if (validate === undefined) throw new Error(`no schema ${file}`)
    return validate
  }
}

const cases = caseFiles().flatMap(({ content }) => content.cases)
const some = (values: ReadonlyArray<unknown>): fc.Arbitrary<Json> =>
  fc.constantFrom(...values.map((u): Json => JSON.parse(JSON.stringify(u))))

const kinds: { readonly [kind: string]: { readonly decode: (u: unknown) => { readonly _tag: string } } } =
  caseCodecs

/** What the runner makes of a file with one case: it reads the file, then the case by its kind. */
const readsCase = (file: unknown): boolean => {
  const read = caseFile.decode(file)
  return (
    read._tag === 'Right' &&
    read.right.cases.every(
      (it) => !Object.hasOwn(kinds, it.kind) || kinds[it.kind]?.decode(it)._tag === 'Right',
    )
  )
}

/** Each schema with values it admits, and the codec it must agree with. */
const subjects: ReadonlyArray<
  readonly [file: string, whole: fc.Arbitrary<Json>, reads: (u: unknown) => boolean]
> = [
  ['rule.schema.json', ruleExprArbitrary().map(ruleExpr.encode), (u) => ruleExpr.decode(u)._tag === 'Right'],
  [
    'direction.schema.json',
    some(cases.flatMap(({ direction }) => (direction === undefined ? [] : [direction]))),
    (u) => directionExpr.decode(u)._tag === 'Right',
  ],
  [
    'wrapper.schema.json',
    some(cases.flatMap(({ wrapper }) => (wrapper === undefined ? [] : [wrapper]))),
    (u) => wrapperExpr.decode(u)._tag === 'Right',
  ],
  [
    'objective.schema.json',
    some(cases.flatMap(({ objective }) => (objective === undefined ? [] : [objective]))),
    (u) => objectiveExpr.decode(u)._tag === 'Right',
  ],
  [
    'bilevel-problem.schema.json',
    some(cases.flatMap(({ problem }) => (problem === undefined ? [] : [problem]))),
    (u) => bilevelProblemExpr.decode(u)._tag === 'Right',
  ],
  [
    'estimator.schema.json',
    some(cases.flatMap(({ estimator }) => (estimator === undefined ? [] : [estimator]))),
    (u) => estimatorAloneExpr.decode(u)._tag === 'Right',
  ],
  [
    'bilevel-method.schema.json',
    some(cases.flatMap(({ method }) => (method === undefined ? [] : [method]))),
    (u) => bilevelMethodExpr.decode(u)._tag === 'Right',
  ],
  [
    'case-file.schema.json',
    some(cases.filter(({ expect: { step = [] } }) => JSON.stringify(step).length < 200)).map((it) => ({
      format: 'steplaw-vectors/1',
      cases: [it],
    })),
    readsCase,
  ],
]

/** Whether a box ends before it begins. */
const upsideDown = (u: { readonly xBox?: unknown; readonly yBox?: unknown }): boolean =>
  [u.xBox, u.yBox].some((box) => {
    if (!Array.isArray(box)) return false
    const [low, high] = box.map((end: unknown) => double.decode(end))
    return low?._tag === 'Right' && high?._tag === 'Right' && low.right > high.right
  })

/** Whether fields are in an order that the codec refuses and a schema can not speak of. */
const crossed = (u: unknown): boolean => {
  if (typeof u !== 'object' || u === null) return false
  const { rule, c1 = 1e-4, c2 = 0.9 }: { rule?: unknown; c1?: unknown; c2?: unknown } = u
  const here = rule === 'strongWolfe' && typeof c1 === 'number' && typeof c2 === 'number' && c1 >= c2
  return here || upsideDown(u) || Object.values(u).some(crossed)
}

describe.each(subjects)('%s', (file, whole, reads) => {
  const validate = validators(schemas)(file)

  test('admits what the codec writes', () => {
    fc.assert(fc.property(whole, (u) => validate(u) && reads(u)))
  })

  test('agrees with the codec on damaged values', () => {
    fc.assert(
      fc.property(
        damaged(whole).filter((u) => !crossed(u)),
        (u) => validate(u) === reads(u),
      ),
      { numRuns: 2000 },
    )
  })

  test('sees values of both sorts in the test above', () => {
    // Measured on 4,000 draws, the shares of valid ones are from 0.20 to 0.51.
    const valid = fc.sample(damaged(whole), 400).filter(reads)
    expect(fits(valid.length, 400, 0.18, 0.55)).toBe(true)
  })
})

describe('the test of agreement finds a schema that', () => {
  const rule = JSON.stringify(schemas['rule.schema.json'])
  test.each([
    ['forgets that a bound is open', '"exclusiveMinimum":0', '"minimum":0', ['power', 'last']],
    [
      'admits unknown fields',
      '"additionalProperties":false',
      '"additionalProperties":true',
      ['constant', 'max'],
    ],
    ['admits an empty list of operands', '"minItems":1', '"minItems":0', ['constant', 'max', 'min']],
    ['does not know a tag', '{"$ref":"#/$defs/polyak"},', '', ['polyak']],
    ['has no name for infinity', '"Infinity",', '', ['constant']],
    [
      'lets a required field be left out',
      '"required":["rule","initial"',
      '"required":["rule"',
      ['power', 'last'],
    ],
  ] as const)('%s', (_, from, to, tags) => {
    expect(rule).toContain(from)
    const validate = validators({ 'rule.schema.json': JSON.parse(rule.replaceAll(from, to)) })(
      'rule.schema.json',
    )
    const whole = ruleExprArbitrary({ tags }).map(ruleExpr.encode)
    const agree = fc.property(
      fc.oneof(whole, damaged(whole)),
      (u) => validate(u) === (ruleExpr.decode(u)._tag === 'Right'),
    )
    // Measured on 20,000 draws, the least share of draws on which they differ is 0.008.
    expect(suffices(5000, 0.005)).toBe(true)
    expect(fc.check(agree, { numRuns: 5000, endOnFailure: true }).failed).toBe(true)
  })
})
