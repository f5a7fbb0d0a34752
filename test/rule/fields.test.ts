/** A constructor given nonsense names rule, field, value and expectation. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import {
  adagradNorm,
  adaSls,
  adaSps,
  andThen,
  armijo,
  barzilaiBorwein,
  compile,
  constant,
  contramap,
  dAdaptationSgd,
  delayedAdagrad,
  dog,
  dowg,
  envelope,
  goldstein,
  last,
  liOrabona,
  maxOf,
  minOf,
  never,
  orElseOf,
  periodic,
  polyak,
  ponos,
  power,
  prodigy,
  productOf,
  type Rule,
  rule,
  runningMax,
  runningMin,
  scale,
  show,
  spsSafe,
  strongWolfe,
  takeStep,
} from 'steplaw'
import { decodeWith, type Invalid, type Json, showInvalid } from 'steplaw/spec'
import { describe, expect, it } from 'vitest'

const one = constant(1)

/** What a caller without types may write. */
const untyped = <A>(params: unknown): A => params as A

const message = (make: () => unknown): string => {
  try {
    make()
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : 'something else was thrown'
  }
  return 'nothing was thrown'
}

it.each<readonly [string, () => unknown]>([
  ['constant: step is -1, expected a number in [0, Infinity]', () => constant(-1)],
  ['power: initial is 0, expected a finite number > 0', () => power({ initial: 0, exponent: 1 })],
  ['power: exponent is Infinity, expected a finite number', () => power({ initial: 1, exponent: 1 / 0 })],
  [
    'polyak: target is NaN, expected a number, "lowerBound" or "solutionValue"',
    () => polyak({ target: Number.NaN }),
  ],
  [
    'polyak: target is "optimum", expected a number, "lowerBound" or "solutionValue"',
    () => polyak({ target: untyped('optimum') }),
  ],
  ['spsSafe: floor is 0, expected a finite number > 0', () => spsSafe({ floor: 0 })],
  ['goldstein: c is 0.5, expected a number in (0, 0.5)', () => goldstein({ start: one, c: 0.5 })],
  ['goldstein: grow is 1, expected a finite number > 1', () => goldstein({ start: one, grow: 1 })],
  ['ponos: memory is 1.5, expected a number in [0, 1]', () => ponos({ memory: 1.5 })],
  [
    'adagradNorm: includeCurrent is 1, expected true or false',
    () => adagradNorm({ includeCurrent: untyped(1) }),
  ],
  [
    'barzilaiBorwein: variant is "middle", expected "long" or "short"',
    () => barzilaiBorwein({ variant: untyped('middle'), initial: 1 }),
  ],
  ['adaSls: search is undefined, expected a rule', () => adaSls(untyped({}))],
  ['dowg has no field epsilon', () => dowg(untyped({ repsilon: 1, epsilon: 0 }))],
  [
    'strongWolfe: c1 is 0.5, expected a number in (0, 1) less than c2',
    () => strongWolfe({ start: one, c1: 0.5, c2: 0.5 }),
  ],
  [
    'strongWolfe: c1 is 0.0001, expected a number in (0, 1) less than c2',
    () => strongWolfe({ start: one, c2: 1e-5 }),
  ],
  ['strongWolfe: c2 is 1, expected a number in (0, 1)', () => strongWolfe({ start: one, c2: 1 })],
  ['dAdaptationSgd: step is 0, expected a finite number > 0', () => dAdaptationSgd({ d0: 1, step: 0 })],
  ['delayedAdagrad: beta is 0, expected a finite number > 0', () => delayedAdagrad({ beta: 0 })],
  ['liOrabona: beta is 0, expected a finite number > 0', () => liOrabona({ beta: 0 })],
  ['armijo: c is 0, expected a number in (0, 1)', () => armijo({ start: one, c: 0 })],
  ['armijo: c is 1, expected a number in (0, 1)', () => armijo({ start: one, c: 1 })],
  ['armijo: budget is 1.5, expected an integer >= 1', () => armijo({ start: one, budget: 1.5 })],
  ['armijo: slack is -1, expected a finite number >= 0', () => armijo({ start: one, slack: -1 })],
  ['armijo: start is undefined, expected a rule', () => armijo(untyped({}))],
  ['armijo: start is null, expected a rule', () => armijo({ start: untyped(null) })],
  ['polyak: c is null, expected a finite number > 0', () => polyak({ c: untyped(null) })],
  ['armijo: start is 1, expected a rule', () => armijo({ start: untyped(1) })],
  ['armijo: start is an object, expected a rule', () => armijo({ start: untyped({ rule: 'never' }) })],
  ['armijo: start is an object, expected a rule', () => armijo({ start: untyped({ step: () => 1 }) })],
  [
    'armijo: start is an object, expected a rule',
    () => armijo({ start: untyped({ step: 1, operands: [] }) }),
  ],
  ['max: of is an object, expected a non-empty array of rules', () => maxOf(one, untyped(2))],
  ['max: of is an object, expected a non-empty array of rules', () => maxOf(untyped(undefined))],
  ['periodic: period is 0, expected an integer >= 1', () => periodic({ period: 0, first: one, rest: one })],
  [
    'min: of is an object, expected a non-empty array of rules',
    () => compile(untyped({ rule: 'min', of: [] })),
  ],
  ['constant: step is true, expected a number in [0, Infinity]', () => constant(untyped(true))],
  ['last has no field growth', () => last(untyped({ initial: 1, growth: 2 }))],
  ['andThen: n is -1, expected an integer >= 0', () => andThen(-1, one)(one)],
  ['andThen: n is 0.5, expected an integer >= 0', () => andThen(0.5, one)(one)],
])('%s', (text, make) => expect(message(make)).toBe(`RangeError: ${text}`))

describe('at the edge of its domain a field is taken', () => {
  it.each<readonly [string, Rule]>([
    ['constant{step: 0}', constant(0)],
    ['constant{step: Infinity}', constant(1 / 0)],
    ['constant{step: 0}', constant(-0)],
    ['power{initial: 1, exponent: -1}', power({ initial: 1, exponent: -1 })],
    ['polyak{target: -Infinity}', polyak({ target: -1 / 0 })],
    ['armijo{start: constant{step: 1}, budget: 1}', armijo({ start: one, budget: 1 })],
  ])('%s', (shown, r) => expect(show(r)).toBe(shown))

  it('andThen from the first ray on', () => expect(takeStep(andThen(0, constant(2))(one), ray).step).toBe(2))
})

const ray = { value: 1, slope: -1 }

describe('a rule says what it reads', () => {
  it.each<readonly [string, Rule, ReadonlyArray<string>]>([
    ['nothing, where value and slope suffice', armijo({ start: constant(1) }), []],
    ['the target of a Polyak step', polyak(), ['lowerBound']],
    ['another target', polyak({ target: 'solutionValue' }), ['solutionValue']],
    ['no target that is a number', polyak({ target: 0 }), []],
    ['the squared norm of the gradient', adagradNorm(), ['gg']],
    ['norm and way', dog({ repsilon: 1 }), ['gg', 'travelled']],
    ['norm and way, weighted', dowg({ repsilon: 1 }), ['gg', 'travelled']],
    ['norm, way and alignment', prodigy({ d0: 1 }), ['gg', 'travelled', 'alignment']],
    [
      'norm, way and alignment of another estimate',
      dAdaptationSgd({ d0: 1 }),
      ['gg', 'travelled', 'alignment'],
    ],
    ['what the start of a search reads', strongWolfe({ start: last({ initial: 1 }) }), ['executed']],
    ['the secant', barzilaiBorwein({ variant: 'long', initial: 1 }), ['secant']],
    ['the target of a safeguarded step', spsSafe({ floor: 1 }), ['lowerBound']],
    ['the target of an adaptive step', adaSps({ target: 'solutionValue' }), ['solutionValue']],
    ['what a search reads', adaSls({ search: armijo({ start: last({ initial: 1 }) }) }), ['executed']],
    ['no target of a search from zero', ponos(), []],
    ['the target of a search', ponos({ target: 'lowerBound' }), ['lowerBound']],
    ['nothing for a search of its own', goldstein({ start: constant(1) }), []],
    ['the last step', last({ initial: 1 }), ['executed']],
    [
      'what its operands read, each once',
      maxOf(polyak(), last({ initial: 1 }), polyak({ c: 2 })),
      ['lowerBound', 'executed'],
    ],
    ['what both rules of andThen read, each once', andThen(1, polyak())(polyak()), ['lowerBound']],
    [
      'what the second rule of andThen reads',
      andThen(1, last({ initial: 1 }))(polyak()),
      ['lowerBound', 'executed'],
    ],
    [
      'what contramap reads beside',
      contramap((o) => o, ['gg', 'lowerBound'])(polyak()),
      ['lowerBound', 'gg'],
    ],
    ['nothing more for contramap', contramap((o) => o)(never), []],
    [
      'what a rule of its own says',
      rule({ name: 'own', init: null, reads: ['dd'], step: (s) => [s, 1] }),
      ['dd'],
    ],
    [
      'everything, where a rule of its own does not say',
      rule({ name: 'own', init: null, step: (s) => [s, 1] }),
      ['lowerBound', 'solutionValue', 'gg', 'dd', 'travelled', 'alignment', 'secant', 'executed'],
    ],
  ])('%s', (_, { reads }, names) => expect(reads).toEqual(names))
})

const refuses = (r: Rule, state: Json): void => {
  expect(E.isLeft(r.state.decode(state))).toBe(true)
  expect(r.state.is(state)).toBe(false)
  expect(() => takeStep(r, ray, state)).toThrow(TypeError)
}

describe('a saved state is refused where it is none of the rule’s', () => {
  const counting = rule<number>({ name: 'count', init: 0, step: (n) => [n + 1, n] })
  it.each<readonly [string, Rule, Json]>([
    ['no array', one, null],
    ['no array, where any JSON is a state', counting, 0],
    ['no JSON, where any JSON is a state', counting, untyped([Number.NaN])],
    ['too short', maxOf(one, one), [null, [null]]],
    ['too long', one, [null, null]],
    ['another state of its own', one, [0]],
    ['a state of an operand that is none', maxOf(one, one), [null, [null], [0]]],
    ['no number', runningMin(one), [null, [null]]],
    ['a word that is no number', runningMin(one), ['many', [null]]],
    ['a word that is no number', runningMax(one), ['many', [null]]],
    ['a sum that is none', adagradNorm(), ['NaN']],
    ['a sum that is no number', adagradNorm(), [null]],
    ['half of what an adaptive step keeps', adaSps(), [[1, 1]]],
    ['a sum of gaps below zero', adaSps(), [[1, -1, 1]]],
    ['a least step that is none', adaSls({ search: one }), [[1, 1, 'NaN'], [null]]],
    ['half of a count of trials', ponos(), [[1, 1, 0.5]]],
    ['a weight below zero', ponos(), [[-1, 1, 0]]],
    ['a mean that is none', ponos(), [[1, 'NaN', 0]]],
    ['no way at all', dog({ repsilon: 1 }), [[0, 1]]],
    ['an endless way', dowg({ repsilon: 1 }), [['Infinity', 1]]],
    ['an estimate of zero', prodigy({ d0: 1 }), [[0, 1, 1, 1]]],
    ['an estimate without a first gradient', prodigy({ d0: 1 }), [[1, 0, 1, 1]]],
    ['an estimate of zero, over the first gradient', dAdaptationSgd({ d0: 1 }), [[0, 1, 1]]],
    ['an estimate over no gradient', dAdaptationSgd({ d0: 1 }), [[1, 0, 1]]],
    ['of andThen, without a count', andThen(1, one)(one), [null, [null], [null]]],
    ['of andThen, with a state of the later rule that is none', andThen(1, one)(one), [0, [null], [0]]],
  ])('%s', (_, r, state) => refuses(r, state))

  it('no JSON, even where the rule’s own codec would take it', () => {
    const { state } = rule<number>({ name: 'own', init: 0, state: t.number, step: (n) => [n, n] })
    expect([state.is([1]), state.is([Number.NaN])]).toEqual([true, false])
    expect(E.isLeft(state.decode([Number.NaN]))).toBe(true)
  })

  it('with its place', () => {
    const read = maxOf(one, scale(2)(runningMin(one))).state.decode([null, [null], [null, ['many', [null]]]])
    expect(E.isLeft(read) && read.left.map(({ context }) => context.map(({ key }) => key).join('.'))).toEqual(
      ['.2.1.0'],
    )
  })

  it('by name', () => {
    const complaints = (r: Rule, state: unknown) =>
      E.match(
        (errors: ReadonlyArray<Invalid>) => errors.map(showInvalid),
        () => [],
      )(decodeWith(r.state, 'saved')(state))
    expect(complaints(counting, 0)).toEqual(['saved: got 0, expected a state of count'])
    expect(complaints(counting, [Number.NaN])).toEqual(['saved[0]: got NaN, expected a state of count'])
    expect(complaints(andThen(1, one)(one), 0)).toEqual(['saved: got 0, expected a state of andThen'])
    expect(complaints(runningMin(one), ['many', [null]])).toEqual([
      'saved[0]: got "many", expected a number (or "NaN", "Infinity", "-Infinity", "-0")',
    ])
    expect(message(() => takeStep(one, ray, [0]))).toBe('TypeError: [0] is not a state of constant')
    expect(message(() => takeStep(andThen(1, one)(one), ray, null))).toBe(
      'TypeError: null is not a state of andThen',
    )
  })

  it.each<readonly [string, Rule, Json]>([
    ['the numbers that JSON cannot write', runningMin(one), ['Infinity', [null]]],
    ['nothing yet', runningMax(one), [null, [null]]],
    ['a sum that has overflown', adagradNorm(), ['Infinity']],
    ['nothing yet, of an adaptive step', adaSps(), [null]],
    ['an adaptive step that is still endless', adaSps(), [[0, 'Infinity', 'Infinity']]],
    ['what a search keeps', ponos(), [[2.5, '-Infinity', 3]]],
    ['a way and a sum', dog({ repsilon: 1 }), [[2, 'Infinity']]],
    ['an estimate', prodigy({ d0: 1 }), [[1, 2, 3, -4]]],
    ['an estimate that has overflown', dAdaptationSgd({ d0: 1 }), [['Infinity', 2, 'NaN']]],
    ['a number', runningMax(one), [2, [null]]],
    ['any JSON, for a rule that does not say', counting, [{ rays: [7] }]],
  ])('but not %s', (_, r, state) => {
    expect(r.state.decode(state)).toEqual(E.right(state))
    expect(r.state.encode(state)).toEqual(state)
    expect(r.state.is(state)).toBe(true)
  })
})

it('a rule tells its name', () => {
  expect([maxOf, minOf, orElseOf, productOf, runningMin, runningMax].map((make) => show(make(one)))).toEqual(
    ['max', 'min', 'orElse', 'product', 'runningMin', 'runningMax'].map((n) => `${n}[constant{step: 1}]`),
  )
  expect(show(envelope({ lower: one, proposal: never, upper: one }))).toBe(
    'envelope{lower: constant{step: 1}, proposal: never, upper: constant{step: 1}}',
  )
  expect(show(andThen(3, one)(never))).toBe('andThen(3)[never, constant{step: 1}]')
  expect(show(contramap((o) => o)(polyak()))).toBe('contramap(polyak)')
})
