/** What is read off the rows of a vocabulary: domains in words and in JSON Schema, defaults, the notation. */
import * as E from 'fp-ts/lib/Either.js'
import {
  decodeNumber,
  double,
  encodeNumber,
  foldNode,
  operandsOf,
  printRule,
  type RuleExpr,
  ruleExpr,
} from 'steplaw/spec'
import { describe, expect, it } from 'vitest'
import {
  aboveOne,
  admits,
  choice,
  closedUnit,
  contains,
  count,
  decay,
  finite,
  flag as flagOf,
  describe as inWords,
  nonNegative,
  openHalf,
  openUnit,
  positive,
  type ScalarField,
  scalarCodec,
  scalarSchema,
  stepSize,
  target,
} from '../../spec/vocabulary/field.js'
import { vocabularySchema } from '../../spec/vocabulary/schema.js'

const flag: ScalarField = flagOf(undefined)
const word: ScalarField = choice('long', 'short')

describe('a domain', () => {
  const probes = [-1 / 0, -1, -0, 0, 0.5, 1, 1.5, 2, 1 / 0, Number.NaN]
  it.each<readonly [string, ScalarField, ReadonlyArray<number>]>([
    ['a finite number', finite(), [-1, -0, 0, 0.5, 1, 1.5, 2]],
    ['a finite number > 0', positive(), [0.5, 1, 1.5, 2]],
    ['a finite number >= 0', nonNegative(), [-0, 0, 0.5, 1, 1.5, 2]],
    ['a number in (0, 1)', openUnit(), [0.5]],
    ['a number in [0, 1)', decay(), [-0, 0, 0.5]],
    ['an integer >= 1', count(), [1, 2]],
    ['a number in [0, Infinity]', stepSize(), [-0, 0, 0.5, 1, 1.5, 2, 1 / 0]],
    [
      'a number, "lowerBound" or "solutionValue"',
      target(undefined),
      [-1 / 0, -1, -0, 0, 0.5, 1, 1.5, 2, 1 / 0],
    ],
    ['a number in (0, 0.5)', openHalf(), []],
    ['a number in [0, 1]', closedUnit(), [-0, 0, 0.5, 1]],
    ['a finite number > 1', aboveOne(), [1.5, 2]],
    ['true or false', flag, []],
    ['"long" or "short"', word, []],
  ])('%s', (words, field, inside) => {
    expect(inWords(field)).toBe(words)
    expect(probes.filter((x) => admits(field, x))).toEqual(inside)
    // The codec admits the same, and reads minus zero as zero.
    const { decode, encode } = scalarCodec(field)
    for (const x of probes)
      expect(decode(encodeNumber(x))).toEqual(
        inside.includes(x) ? E.right(x + 0) : expect.objectContaining({ _tag: 'Left' }),
      )
    for (const x of inside) expect(encode(x)).toBe(encodeNumber(x))
  })

  it('of words has no other words', () => {
    expect(
      ['lowerBound', 'solutionValue', 'upperBound', true].map((u) => admits(target(undefined), u)),
    ).toEqual([true, true, false, false])
    expect([true, false, 'true', 0].map((u) => admits(flag, u))).toEqual([true, true, false, false])
    expect(['long', 'short', 'Long', '', 0].map((u) => admits(word, u))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
    expect(scalarCodec(word).decode('short')).toEqual(E.right('short'))
    expect(scalarCodec(word).encode('short')).toBe('short')
  })

  it('has its bounds, or has them not', () => {
    const between = { low: 1, high: 2, lowOpen: false, highOpen: false, integer: false }
    const within = (change: Partial<typeof between>) =>
      [0.5, 1, 1.5, 2, 2.5].filter((x) => contains({ ...between, ...change }, x))
    expect(within({})).toEqual([1, 1.5, 2])
    expect(within({ lowOpen: true })).toEqual([1.5, 2])
    expect(within({ highOpen: true })).toEqual([1, 1.5])
    expect(within({ integer: true })).toEqual([1, 2])
  })
})

describe('the JSON Schema', () => {
  const infinities = { enum: ['Infinity', '-0'] }
  it.each<readonly [string, ScalarField, object]>([
    ['of a finite number', finite(), { anyOf: [{ type: 'number' }, { enum: ['-0'] }] }],
    ['of a positive number', positive(), { type: 'number', exclusiveMinimum: 0 }],
    ['of a default', positive(2), { type: 'number', exclusiveMinimum: 0, default: 2 }],
    ['of the unit interval', openUnit(), { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 }],
    [
      'of a closed interval',
      {
        field: 'number',
        interval: { low: 1, high: 2, lowOpen: false, highOpen: false, integer: false },
        default: undefined,
      },
      { type: 'number', minimum: 1, maximum: 2 },
    ],
    ['of a count', count(), { type: 'integer', minimum: 1 }],
    ['of a step', stepSize(), { anyOf: [{ type: 'number', minimum: 0 }, infinities] }],
    [
      'of a default that JSON cannot write',
      stepSize(1 / 0),
      { anyOf: [{ type: 'number', minimum: 0 }, infinities], default: 'Infinity' },
    ],
    ['of words', word, { enum: ['long', 'short'] }],
    ['of a flag', flag, { type: 'boolean' }],
    ['of a flag with a default', { field: 'boolean', default: false }, { type: 'boolean', default: false }],
    [
      'of a target',
      target('lowerBound'),
      {
        anyOf: [{ type: 'number' }, { enum: ['Infinity', '-Infinity', '-0', 'lowerBound', 'solutionValue'] }],
        default: 'lowerBound',
      },
    ],
  ])('%s', (_, field, schema) => expect(scalarSchema(field)).toStrictEqual(schema))

  it('of a vocabulary requires the tag, the operands and the fields without default, and admits no others', () => {
    expect(
      vocabularySchema('kind', 'A title', {
        leaf: { a: positive(), b: positive(1) },
        tree: { of: { field: 'operands' }, top: { field: 'operand' } },
      }),
    ).toEqual({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'A title',
      oneOf: [{ $ref: '#/$defs/leaf' }, { $ref: '#/$defs/tree' }],
      $defs: {
        leaf: {
          type: 'object',
          properties: {
            kind: { const: 'leaf' },
            a: { description: 'a finite number > 0', type: 'number', exclusiveMinimum: 0 },
            b: { description: 'a finite number > 0', type: 'number', exclusiveMinimum: 0, default: 1 },
          },
          required: ['kind', 'a'],
          additionalProperties: false,
        },
        tree: {
          type: 'object',
          properties: {
            kind: { const: 'tree' },
            of: { type: 'array', items: { $ref: '#' }, minItems: 1 },
            top: { $ref: '#' },
          },
          required: ['kind', 'of', 'top'],
          additionalProperties: false,
        },
      },
    })
  })
})

describe('the notation', () => {
  const never: RuleExpr = { rule: 'never' }
  it.each<readonly [string, RuleExpr]>([
    ['never', never],
    ['constant{step: Infinity}', { rule: 'constant', step: 1 / 0 }],
    ['power{initial: 2, exponent: 0.5}', { rule: 'power', initial: 2, exponent: 0.5 }],
    ['polyak', { rule: 'polyak', c: 1, target: 'lowerBound' }],
    ['polyak{target: solutionValue}', { rule: 'polyak', c: 1, target: 'solutionValue' }],
    ['polyak{c: 0.5, target: -Infinity}', { rule: 'polyak', c: 0.5, target: -1 / 0 }],
    ['last{initial: 1}', { rule: 'last', initial: 1, factor: 1 }],
    ['max[never]', { rule: 'max', of: [never] }],
    [
      'product[never, last{initial: 1}]',
      { rule: 'product', of: [never, { rule: 'last', initial: 1, factor: 1 }] },
    ],
    ['runningMin[max[never, never]]', { rule: 'runningMin', of: { rule: 'max', of: [never, never] } }],
    ['scale{by: 2, of: never}', { rule: 'scale', by: 2, of: never }],
    [
      'periodic{period: 3, first: never, rest: max[never]}',
      { rule: 'periodic', period: 3, first: never, rest: { rule: 'max', of: [never] } },
    ],
    [
      'barzilaiBorwein{variant: short, initial: 2}',
      { rule: 'barzilaiBorwein', variant: 'short', initial: 2 },
    ],
    [
      'adagradNorm{beta: 2, includeCurrent: true}',
      { rule: 'adagradNorm', alpha: 1, beta: 2, exponent: 0.5, includeCurrent: true },
    ],
    ['adaSls{search: never}', { rule: 'adaSls', search: never, scale: 1 }],
    [
      'armijo{start: never, shrink: 0.9}',
      { rule: 'armijo', start: never, c: 0.1, shrink: 0.9, budget: 100, slack: 0 },
    ],
  ])('%s', (printed, expr) => expect(printRule(expr)).toBe(printed))
})

describe('operands', () => {
  const leaf = (step: number): RuleExpr => ({ rule: 'constant', step })
  const all: ReadonlyArray<readonly [RuleExpr, number]> = [
    [leaf(0), 0],
    [{ rule: 'envelope', lower: leaf(0), proposal: leaf(1), upper: leaf(2) }, 3],
    [{ rule: 'periodic', period: 5, first: leaf(0), rest: leaf(1) }, 2],
    [{ rule: 'max', of: [leaf(0), leaf(1), leaf(2), leaf(3)] }, 4],
    [{ rule: 'scale', by: 7, of: leaf(0) }, 1],
    [{ rule: 'armijo', start: leaf(0), c: 0.1, shrink: 0.5, budget: 1, slack: 0 }, 1],
    [{ rule: 'goldstein', start: leaf(0), c: 0.1, shrink: 0.5, grow: 2, budget: 1, cap: 1 }, 1],
    [{ rule: 'adaSls', search: leaf(0), scale: 1 }, 1],
  ]
  it('are those of the tag, in the order in which they are asked', () => {
    for (const [expr, n] of all)
      expect(operandsOf(expr)).toEqual(Array.from({ length: n }, (_, i) => leaf(i)))
  })

  it('come before their rule in a fold, which sees the rule itself', () => {
    const trace = foldNode<string>((tag, operands, expr) => `${tag === expr.rule}(${operands.join()})`)
    expect(trace({ rule: 'max', of: [leaf(1), { rule: 'scale', by: 2, of: leaf(2) }] })).toBe(
      'true(true(),true(true()))',
    )
  })
})

it.each<readonly [string, unknown, RuleExpr]>([
  ['polyak', { rule: 'polyak' }, { rule: 'polyak', c: 1, target: 'lowerBound' }],
  ['last', { rule: 'last', initial: 2 }, { rule: 'last', initial: 2, factor: 1 }],
  [
    'armijo',
    { rule: 'armijo', start: { rule: 'never' } },
    { rule: 'armijo', start: { rule: 'never' }, c: 0.1, shrink: 0.5, budget: 100, slack: 0 },
  ],
  [
    'goldstein',
    { rule: 'goldstein', start: { rule: 'never' } },
    { rule: 'goldstein', start: { rule: 'never' }, c: 0.1, shrink: 0.5, grow: 2, budget: 100, cap: 10 },
  ],
  ['spsSafe', { rule: 'spsSafe', floor: 2 }, { rule: 'spsSafe', floor: 2, c: 1, target: 'lowerBound' }],
  [
    'adagradNorm',
    { rule: 'adagradNorm' },
    { rule: 'adagradNorm', alpha: 1, beta: 0, exponent: 0.5, includeCurrent: false },
  ],
  ['adaSps', { rule: 'adaSps' }, { rule: 'adaSps', scale: 1, target: 'lowerBound' }],
  [
    'adaSls',
    { rule: 'adaSls', search: { rule: 'never' } },
    { rule: 'adaSls', search: { rule: 'never' }, scale: 1 },
  ],
  [
    'ponos',
    { rule: 'ponos' },
    {
      rule: 'ponos',
      c: 0.5,
      cp: 0.1,
      shrink: 0.5,
      memory: 1,
      stepMax: 10,
      stepMin: 1e-6,
      target: 0,
      budget: 100,
      epsilon: 1e-8,
    },
  ],
  ['dog', { rule: 'dog', repsilon: 2 }, { rule: 'dog', repsilon: 2, epsilon: 0 }],
])('the defaults of %s are those of the standard', (_, written, expr) =>
  expect(ruleExpr.decode(written)).toEqual(E.right(expr)),
)

it('a number that is written is read again', () => {
  for (const x of [0.1, -0, 1 / 0, -1 / 0, Number.NaN]) {
    expect(decodeNumber(encodeNumber(x))).toBe(x)
    expect(double.decode(encodeNumber(x))).toEqual(E.right(x))
  }
  // A numeral too great for a double is no name of infinity.
  expect(E.isLeft(double.decode(JSON.parse('1e999')))).toBe(true)
  expect(encodeNumber(-0)).toBe('-0')
  expect([1 / 0, -1 / 0, Number.NaN].map(encodeNumber)).toEqual(['Infinity', '-Infinity', 'NaN'])
})
