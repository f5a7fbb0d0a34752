/** The rules that papers name are these expressions, with these defaults (the standard, Derived rules). */
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import {
  clamp,
  decSps,
  generalEnvelope,
  liOrabona,
  polyak,
  type Rule,
  sls,
  slsB,
  spsB,
  spsMax,
  spsPlus,
  spsSmooth,
} from 'steplaw'
import { ruleExpr } from 'steplaw/spec'
import { expect, it } from 'vitest'

const constant = (step: number) => ({ rule: 'constant', step })
const last = (initial: number, factor = 1) => ({ rule: 'last', initial, factor })
const power = (initial: number, exponent: number) => ({ rule: 'power', initial, exponent })
const ratio = (c: number) => ({ rule: 'polyak', c, target: 'lowerBound' })
const search = (start: object, fields: object = {}) => ({
  rule: 'armijo',
  start,
  c: 0.1,
  shrink: 0.9,
  budget: 100,
  ...fields,
})

it.each<readonly [string, Rule, object]>([
  ['spsMax', spsMax({ cap: 3 }), { rule: 'min', of: [ratio(0.5), constant(3)] }],
  ['spsMax with a c', spsMax({ cap: 3, c: 2 }), { rule: 'min', of: [ratio(2), constant(3)] }],
  ['spsB', spsB({ initial: 3 }), { rule: 'min', of: [ratio(1), power(3, 0.5)] }],
  [
    'spsB of another decay',
    spsB({ initial: 3, exponent: 1, c: 2 }),
    { rule: 'min', of: [ratio(2), power(3, 1)] },
  ],
  [
    'decSps',
    decSps(),
    {
      rule: 'product',
      of: [power(1, 0.5), { rule: 'runningMin', of: { rule: 'min', of: [ratio(1), constant(10)] } }],
    },
  ],
  [
    'decSps with a c0, which divides the schedule and multiplies the cap',
    decSps({ c0: 4, cap: 3 }),
    {
      rule: 'product',
      of: [power(0.25, 0.5), { rule: 'runningMin', of: { rule: 'min', of: [ratio(1), constant(12)] } }],
    },
  ],
  ['spsSmooth', spsSmooth({ growth: 2 }), { rule: 'min', of: [last(2, 2), ratio(0.5)] }],
  [
    'spsSmooth from elsewhere',
    spsSmooth({ growth: 2, initial: 3, c: 4 }),
    { rule: 'min', of: [last(6, 2), ratio(4)] },
  ],
  ['spsPlus', spsPlus(), { rule: 'polyak', c: 1, target: 'solutionValue' }],
  [
    'liOrabona',
    liOrabona({ beta: 2 }),
    { rule: 'adagradNorm', alpha: 1, beta: 2, exponent: 0.5, includeCurrent: false },
  ],
  [
    'liOrabona of another decay',
    liOrabona({ beta: 2, alpha: 3, epsilon: 0.25 }),
    { rule: 'adagradNorm', alpha: 3, beta: 2, exponent: 0.75, includeCurrent: false },
  ],
  ['sls, restarted', sls({ initial: 3, reset: 'restart' }), search(constant(3))],
  ['sls, kept', sls({ initial: 3, reset: 'keep' }), search(last(3))],
  ['sls, grown', sls({ initial: 3, reset: 'grow', growth: 2 }), search(last(6, 2))],
  [
    'sls, grown under a cap',
    sls({ initial: 3, reset: 'capped', growth: 2, cap: 8 }),
    search({ rule: 'min', of: [last(6, 2), constant(8)] }),
  ],
  [
    'sls, restarted once a period',
    sls({ initial: 3, reset: 'periodic', period: 5 }),
    search({ rule: 'periodic', period: 5, first: constant(3), rest: last(3) }),
  ],
  [
    'sls with a condition of its own',
    sls({ initial: 3, reset: 'restart', c: 0.3, shrink: 0.7, budget: 9 }),
    search(constant(3), { c: 0.3, shrink: 0.7, budget: 9 }),
  ],
  ['slsB', slsB({ initial: 3 }), search(power(3, 0.5))],
  [
    'slsB with a condition of its own',
    slsB({ initial: 3, exponent: 1, c: 0.3, shrink: 0.7, budget: 9 }),
    search(power(3, 1), { c: 0.3, shrink: 0.7, budget: 9 }),
  ],
  [
    'clamp',
    clamp(1, 2)(polyak()),
    { rule: 'envelope', lower: constant(1), proposal: ratio(1), upper: constant(2) },
  ],
  [
    'generalEnvelope',
    generalEnvelope({ lower: 1, upper: 2 })(polyak()),
    { rule: 'envelope', lower: power(1, 0.5), proposal: ratio(1), upper: power(2, 0.5) },
  ],
  [
    'generalEnvelope of another decay',
    generalEnvelope({ lower: 1, upper: 2, exponent: 1 })(polyak()),
    { rule: 'envelope', lower: power(1, 1), proposal: ratio(1), upper: power(2, 1) },
  ],
])('%s', (_, { expr }, written) => {
  // The codec fills in what the standard has by default.
  expect(O.toNullable(expr)).toEqual(E.toUnion(ruleExpr.decode(written)))
})
