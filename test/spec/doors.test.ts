/** What the codecs say of what they refuse: where it stands, what stands there, what was expected. */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import {
  decodeWith,
  directionExpr,
  isJson,
  json,
  objectiveExpr,
  printDirection,
  printWrapper,
  type RuleExpr,
  ruleExpr,
  showInvalid,
  wrapperExpr,
} from 'steplaw/spec'
import { describe, expect, it, test } from 'vitest'
import { caseCodecs } from '../../spec/conformance/case.js'
import { vocabularyCodec } from '../../spec/vocabulary/codec.js'
import { strict, tagged } from '../../spec/vocabulary/strict.js'

const complaints = (codec: t.Decoder<unknown, unknown>, u: unknown, at = 'x'): ReadonlyArray<string> =>
  E.match(
    (errors: ReadonlyArray<Parameters<typeof showInvalid>[0]>) => errors.map(showInvalid),
    () => [],
  )(decodeWith(codec, at)(u))

/** What a caller without types may pass. */
const untyped = <A>(u: unknown): A => u as A

/** A number inside so many arrays. */
const inside = (arrays: number): unknown => {
  let u: unknown = 1
  for (let i = 0; i < arrays; i += 1) u = [u]
  return u
}

describe('a rule is refused', () => {
  const never = { rule: 'never' }
  it.each<readonly [unknown, ReadonlyArray<string>]>([
    [1, ['x: got 1, expected a rule']],
    [null, ['x: got null, expected a rule']],
    [[never], ['x: got [{"rule":"never"}], expected a rule']],
    [undefined, ['x: got nothing, expected a rule']],
    [
      {},
      [
        'x.rule: got nothing, expected one of never, constant, power, polyak, spsSafe, last, max, min, envelope, orElse, periodic, scale, product, runningMin, runningMax, armijo, goldstein, adagradNorm, adaSps, adaSls, ponos, dog, dowg, prodigy, barzilaiBorwein, strongWolfe, dAdaptationSgd',
      ],
    ],
    [
      { rule: ['never'] },
      [
        'x.rule: got ["never"], expected one of never, constant, power, polyak, spsSafe, last, max, min, envelope, orElse, periodic, scale, product, runningMin, runningMax, armijo, goldstein, adagradNorm, adaSps, adaSls, ponos, dog, dowg, prodigy, barzilaiBorwein, strongWolfe, dAdaptationSgd',
      ],
    ],
    [{ rule: 'never', step: 1 }, ['x.step: got 1, expected no such field (never has nothing else)']],
    [{ rule: 'constant' }, ['x.step: got nothing, expected a number in [0, Infinity]']],
    [
      { rule: 'power', initial: 0, exponent: '1', decay: 1 },
      [
        'x.decay: got 1, expected no such field (power has initial, exponent)',
        'x.initial: got 0, expected a finite number > 0',
        'x.exponent: got "1", expected a finite number',
      ],
    ],
    [
      { rule: 'polyak', target: 'optimum' },
      ['x.target: got "optimum", expected a number, "lowerBound" or "solutionValue"'],
    ],
    [{ rule: 'max' }, ['x.of: got nothing, expected a non-empty array of rules']],
    [{ rule: 'max', of: [] }, ['x.of: got [], expected a non-empty array of rules']],
    [{ rule: 'max', of: never }, ['x.of: got {"rule":"never"}, expected a non-empty array of rules']],
    [
      { rule: 'max', of: [never, 2, { rule: 'scale', by: -1, of: 3 }] },
      [
        'x.of[1]: got 2, expected a rule',
        'x.of[2].by: got -1, expected a finite number > 0',
        'x.of[2].of: got 3, expected a rule',
      ],
    ],
    [
      { rule: 'armijo', start: never, c: 0, shrink: 1, budget: 0, slack: -1 },
      [
        'x.c: got 0, expected a number in (0, 1)',
        'x.shrink: got 1, expected a number in (0, 1)',
        'x.budget: got 0, expected an integer >= 1',
        'x.slack: got -1, expected a finite number >= 0',
      ],
    ],
  ])('%j', (u, said) => expect(complaints(ruleExpr, u)).toEqual(said))

  it.each<readonly [boolean, unknown]>([
    [true, never],
    [true, { rule: 'polyak', c: 1, target: 'lowerBound' }],
    [true, { rule: 'max', of: [never] }],
    [true, { rule: 'runningMin', of: never }],
    [false, { rule: 'polyak', c: 1 }],
    [false, { rule: 'polyak', c: 0, target: 'lowerBound' }],
    [false, { rule: 'max', of: [] }],
    [false, { rule: 'max', of: [never, {}] }],
    [false, { rule: 'max', of: never }],
    [false, { rule: 'runningMin', of: [never] }],
    [false, { rule: 'never', step: 1 }],
    [false, { rule: 'constructor' }],
    [false, Object.create(never)],
    [false, [never]],
    [false, null],
    [false, 'never'],
  ])('or known to be whole: %s for %j', (whole, u) => expect(ruleExpr.is(u)).toBe(whole))

  it('where it is deeper than 200 operands, before it exhausts the stack', () => {
    const nested = (depth: number, layer: (u: unknown) => unknown): unknown => {
      let u: unknown = never
      for (let i = 0; i < depth; i += 1) u = layer(u)
      return u
    }
    const one = (of: unknown) => ({ rule: 'runningMin', of })
    const many = (u: unknown) => ({ rule: 'max', of: [u] })
    const expected = 'an expression at most 200 operands deep'
    for (const layer of [one, many]) {
      expect(complaints(ruleExpr, nested(200, layer))).toEqual([])
      expect(complaints(t.type({ rule: ruleExpr }), { rule: nested(200, layer) })).toEqual([])
    }
    expect(complaints(ruleExpr, nested(201, one))).toEqual([
      `x${'.of'.repeat(201)}: got {"rule":"never"}, expected ${expected}`,
    ])
    expect(complaints(ruleExpr, nested(201, many))).toEqual([
      `x${'.of[0]'.repeat(201)}: got {"rule":"never"}, expected ${expected}`,
    ])
    expect(decodeWith(ruleExpr)(nested(50_000, one))).toMatchObject({ left: [{ expected }] })
  })
})

describe('a direction is refused', () => {
  it.each<readonly [unknown, ReadonlyArray<string>]>([
    [{ direction: 'steepest', mu: 0 }, ['d.mu: got 0, expected no such field (steepest has nothing else)']],
    [{ direction: 'momentum', mu: 1 }, ['d.mu: got 1, expected a number in [0, 1)']],
    [
      { direction: 'up' },
      [
        'd.direction: got "up", expected one of steepest, momentum, nesterov, adam, amsgrad, adagrad, rmsprop, neo, delayedAdagrad',
      ],
    ],
    ['steepest', ['d: got "steepest", expected a direction']],
  ])('%j', (u, said) => expect(complaints(directionExpr, u, 'd')).toEqual(said))
})

describe('a wrapper is refused', () => {
  it.each<readonly [unknown, ReadonlyArray<string>]>([
    [
      { wrapper: 'mechanic', sInit: 1, betas: [] },
      ['w.betas: got [], expected a non-empty array, each entry a number in [0, 1]'],
    ],
    [
      { wrapper: 'mechanic', sInit: 1, betas: [0.5, 2] },
      ['w.betas: got [0.5,2], expected a non-empty array, each entry a number in [0, 1]'],
    ],
    [
      { wrapper: 'mechanic', sInit: 1, betas: [1], form: 'other' },
      ['w.form: got "other", expected "stored" or "recomputed"'],
    ],
    [{ wrapper: 'coinBetting' }, ['w.wealth: got nothing, expected a finite number > 0']],
    [{ wrapper: 'average', weights: 'uniform', of: null }, []],
    [
      {
        wrapper: 'average',
        weights: 'uniform',
        of: { wrapper: 'average', weights: 'uniform', of: { wrapper: 'cocob', eps: 0 } },
      },
      ['w.of.of.eps: got 0, expected a finite number > 0'],
    ],
    [
      { wrapper: 'around' },
      ['w.wrapper: got "around", expected one of mechanic, coinBetting, cocob, dAdaptation, average'],
    ],
  ])('%j', (u, said) => expect(complaints(wrapperExpr, u, 'w')).toEqual(said))

  it('or known to be whole', () => {
    const inside = { wrapper: 'coinBetting', wealth: 1, clip: 1 }
    const around = { wrapper: 'average', weights: 'uniform', gamma: 8 }
    expect(wrapperExpr.is({ ...around, of: inside })).toBe(true)
    expect(wrapperExpr.is({ ...around, of: { ...inside, clip: 0 } })).toBe(false)
    expect(wrapperExpr.is(around)).toBe(false)
  })
})

test('wrappers print in the notation of the standard', () => {
  const betas = [0.9, 0.99] as const
  const mechanic = {
    wrapper: 'mechanic',
    sInit: 1,
    betas,
    lambda: 0.01,
    eps: 0,
    clip: true,
    form: 'stored',
  } as const
  expect(printWrapper(mechanic)).toBe('mechanic{sInit: 1, betas: [0.9, 0.99], eps: 0, clip: true}')
  expect(printWrapper({ wrapper: 'average', weights: 'steps', gamma: 8, of: mechanic })).toBe(
    'average{weights: steps, of: mechanic{sInit: 1, betas: [0.9, 0.99], eps: 0, clip: true}}',
  )
  expect(printWrapper({ wrapper: 'cocob', alpha: 100, eps: 1e-8 })).toBe('cocob')
})

describe('a descent case is refused', () => {
  const rule = { rule: 'never' }
  const coins = { wrapper: 'coinBetting', wealth: 1 }
  const around = { wrapper: 'average', weights: 'uniform', of: coins }
  const tuner = { wrapper: 'mechanic', sInit: 1, betas: [0.9] }
  it.each<readonly [boolean, object]>([
    [true, { rule }],
    [true, { rule, wrapper: tuner }],
    [true, { wrapper: coins }],
    [true, { wrapper: around }],
    [true, { rule, wrapper: { ...around, of: tuner } }],
    [true, { rule, wrapper: { ...around, of: null }, direction: { direction: 'steepest' } }],
    [false, {}],
    [false, { wrapper: tuner }],
    [false, { wrapper: { ...around, of: null } }],
    [false, { rule, wrapper: coins }],
    [false, { rule, wrapper: around }],
    [false, { wrapper: around, direction: { direction: 'steepest' } }],
  ])('unless its pieces fit: %s for %j', (whole, pieces) => {
    const given = {
      id: 'descent/it',
      clause: 'descent',
      kind: 'descent',
      objective: { objective: 'quadratic', A: [[[1]]], b: [[0]] },
      start: [1],
      iterations: 1,
      expect: {},
      tolerance: { relative: 0, absolute: 0 },
      provenance: '',
      ...pieces,
    }
    expect(caseCodecs.descent.decode(given)._tag === 'Right').toBe(whole)
  })
})

test('directions print in the notation of the standard', () => {
  expect(printDirection({ direction: 'steepest' })).toBe('steepest')
  expect(printDirection({ direction: 'adam', beta1: 0.9, beta2: 0.999, eps: 1e-8 })).toBe(
    'adam{beta1: 0.9, beta2: 0.999, eps: 1e-8}',
  )
})

describe('an objective is refused', () => {
  const declared = { lowerBounds: [0], solutionValues: ['-Infinity'] }
  it.each<readonly [unknown, ReadonlyArray<string>]>([
    [{ objective: 'quadratic', A: [[[2]]], b: [[1]], k: [0], ...declared }, []],
    [{ objective: 'leastSquares', A: [[1]], y: [2], ...declared }, []],
    [{ objective: 'logistic', A: [[1], [2]], y: [1, -1], l2: 0, ...declared }, []],
    [{ objective: 'softmax', A: [[1]], labels: [0], classes: 2, l2: 0.5, ...declared }, []],
    ['quadratic', ['o: got "quadratic", expected an objective']],
    [
      { objective: 'cubic' },
      ['o.objective: got "cubic", expected one of quadratic, leastSquares, logistic, softmax'],
    ],
    [
      { objective: 'quadratic' },
      ['o.A: got nothing, expected an array of matrices', 'o.b: got nothing, expected an array of rows'],
    ],
    [
      { objective: 'leastSquares', A: [1, ['x']], y: 0, l2: 1 },
      [
        'o.l2: got 1, expected no such field (leastSquares has lowerBounds, solutionValues, objective, A, y)',
        'o.A[0]: got 1, expected an array of numbers',
        'o.A[1][0]: got "x", expected a number (or "NaN", "Infinity", "-Infinity", "-0")',
        'o.y: got 0, expected an array of numbers',
      ],
    ],
    [
      { objective: 'logistic', A: [[1]], y: [0], l2: -1 },
      ['o.l2: got -1, expected a finite number >= 0', 'o.y[0]: got 0, expected 1 or -1'],
    ],
    [
      { objective: ['quadratic'] },
      ['o.objective: got ["quadratic"], expected one of quadratic, leastSquares, logistic, softmax'],
    ],
    [
      { objective: 'quadratic', A: [], b: [], c: 0 },
      ['o.c: got 0, expected no such field (quadratic has k, lowerBounds, solutionValues, objective, A, b)'],
    ],
    [
      { objective: 'logistic', A: [], y: [], c: 0 },
      ['o.c: got 0, expected no such field (logistic has l2, lowerBounds, solutionValues, objective, A, y)'],
    ],
    [
      { objective: 'softmax', A: [], labels: [], classes: 2, c: 0 },
      [
        'o.c: got 0, expected no such field (softmax has l2, lowerBounds, solutionValues, objective, A, labels, classes)',
      ],
    ],
    [{ objective: 'logistic', A: [[1]], y: 1 }, ['o.y: got 1, expected an array of 1 and -1']],
    [
      { objective: 'logistic', A: [[1]], y: [1], l2: 1 / 0 },
      ['o.l2: got Infinity, expected a finite number >= 0'],
    ],
    [
      { objective: 'softmax', A: [[1]], labels: [-1, 0.5], classes: -1 },
      [
        'o.labels[0]: got -1, expected an integer >= 0',
        'o.labels[1]: got 0.5, expected an integer >= 0',
        'o.classes: got -1, expected an integer >= 0',
      ],
    ],
    [
      { objective: 'softmax', A: [[1]], labels: 1, classes: 2 },
      ['o.labels: got 1, expected an array of labels'],
    ],
  ])('%j', (u, said) => expect(complaints(objectiveExpr, u, 'o')).toEqual(said))

  it('nor written, if it is none of its members', () => {
    const { encode, is } = tagged('kind', 'a thing', { one: strict('one', { kind: t.literal('one') }) })
    expect(is({ kind: 'one' })).toBe(true)
    for (const u of [{ kind: 'two' }, {}, null, 'one', { kind: 'toString' }, { kind: ['one'] }, ['one']])
      expect(is(u)).toBe(false)
    expect(encode({ kind: 'one' })).toEqual({ kind: 'one' })
    expect(() => encode(untyped({ kind: 'two' }))).toThrow(new TypeError('not a thing'))
  })
})

describe('an object of known fields', () => {
  const codec = strict('point', { x: t.number, y: t.number }, { label: t.string })

  it.each<readonly [boolean, unknown]>([
    [true, { x: 1, y: 2 }],
    [true, { x: 1, y: 2, label: 'a' }],
    [true, { x: 1, y: 2, label: undefined }],
    [false, { x: 1 }],
    [false, { x: 1, y: '2' }],
    [false, { x: 1, y: 2, label: 3 }],
    [false, { x: 1, y: 2, z: 3 }],
    [false, [1, 2]],
    [false, null],
    [false, 'point'],
    [false, Object.create({ x: 1, y: 2 })],
  ])('%s: %j', (good, u) => {
    expect(codec.is(u)).toBe(good)
    expect(E.isRight(codec.decode(u))).toBe(good)
  })

  it('is written without what is absent', () =>
    expect(codec.encode({ x: 1, y: 2 })).toStrictEqual({ x: 1, y: 2 }))

  it('is read and written field by field', () => {
    const numeral = new t.Type<number, string, unknown>(
      'numeral',
      t.number.is,
      (u, c) => (typeof u === 'string' ? t.success(Number(u)) : t.failure(u, c)),
      String,
    )
    const { decode, encode } = strict('pair', { a: numeral }, { b: numeral })
    expect(decode({ a: '1', b: '2' })).toEqual(E.right({ a: 1, b: 2 }))
    expect(decode({ a: '1' })).toStrictEqual(E.right({ a: 1 }))
    expect(encode({ a: 1, b: 2 })).toEqual({ a: '1', b: '2' })
  })

  it('names itself where there is none', () => {
    expect(complaints(codec, null)).toEqual(['x: got null, expected point'])
    expect(complaints(codec, { x: 1, y: 2, z: 3 })).toEqual([
      'x.z: got 3, expected no such field (point has label, x, y)',
    ])
  })
})

describe('a complaint', () => {
  const one = t.type({ a: t.type({ b: t.readonlyArray(t.number) }) })
  const wrong = { a: { b: [0, 'one'] } }

  it('has a path, with or without a name before it', () => {
    expect(complaints(one, wrong, 'config')).toEqual(['config.a.b[1]: got "one", expected number'])
    expect(complaints(one, wrong, '')).toEqual(['a.b[1]: got "one", expected number'])
    expect(complaints(t.readonlyArray(t.number), ['x'], 'list')).toEqual([
      'list[0]: got "x", expected number',
    ])
    expect(complaints(t.number, 'x', '')).toEqual(['the value: got "x", expected number'])
    const bare = decodeWith(t.number)('x')
    expect(E.isLeft(bare) && bare.left).toEqual([
      { _tag: 'Invalid', field: '', value: 'x', expected: 'number' },
    ])
  })

  it('takes a field for an index only if it is digits and nothing else', () => {
    const named = t.type({ '1st': t.number, top10: t.number })
    expect(complaints(named, { '1st': 'a', top10: 'b' })).toEqual([
      'x.1st: got "a", expected number',
      'x.top10: got "b", expected number',
    ])
    expect(complaints(t.readonlyArray(t.number), [...Array(12).fill(0), 'z'])).toEqual([
      'x[12]: got "z", expected number',
    ])
  })

  it('shows a value in brief', () => {
    const got = (value: unknown) => showInvalid({ _tag: 'Invalid', field: 'f', value, expected: 'less' })
    expect(got(undefined)).toBe('f: got nothing, expected less')
    expect(got(Number.NaN)).toBe('f: got NaN, expected less')
    expect(got(10n)).toBe('f: got 10, expected less')
    expect(got(() => 1)).toBe('f: got a function, expected less')
    expect(got(Symbol('s'))).toBe('f: got Symbol(s), expected less')
    expect(got('a'.repeat(78))).toBe(`f: got "${'a'.repeat(78)}", expected less`)
    expect(got('a'.repeat(79))).toBe(`f: got "${'a'.repeat(76)}..., expected less`)
    expect(got({ a: [1] })).toBe('f: got {"a":[1]}, expected less')
    expect(got(inside(50_000))).toBe('f: got an object that JSON can not hold, expected less')
  })

  it('is one at least, even of a codec that gives no reason', () => {
    const silent = new t.Type<never, never, unknown>(
      'something better',
      (_u): _u is never => false,
      () => t.failures([]),
      t.identity,
    )
    expect(complaints(silent, 1)).toEqual(['x: got 1, expected something better'])
    const nowhere = new t.Type<never, never, unknown>(
      'something better',
      (_u): _u is never => false,
      (u) => t.failures([{ value: u, context: [] }]),
      t.identity,
    )
    expect(complaints(nowhere, 1)).toEqual(['x: got 1, expected something else'])
  })
})

describe('JSON', () => {
  it('is at most 1,000 arrays and objects deep, so that none exhausts the stack', () => {
    expect([1000, 1001, 50_000].map((depth) => isJson(inside(depth)))).toEqual([true, false, false])
    expect(complaints(json, Number.NaN)).toEqual(['x: got NaN, expected a JSON value'])
    const itself: { [key: string]: unknown } = {}
    itself.self = itself
    expect(isJson(itself)).toBe(false)
  })

  it.each<readonly [boolean, string, unknown]>([
    [true, 'null', null],
    [true, 'a flag', false],
    [true, 'a word', ''],
    [true, 'a number', -1.5],
    [true, 'an array', [1, [null]]],
    [true, 'an object', { a: { b: [] } }],
    [true, 'an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
    [false, 'nothing', undefined],
    [false, 'NaN', Number.NaN],
    [false, 'an infinity', 1 / 0],
    [false, 'minus zero', -0],
    [false, 'a function', () => 1],
    [false, 'a big integer', 1n],
    [false, 'a symbol', Symbol('s')],
    [false, 'a date', new Date(0)],
    [false, 'a typed array', new Float64Array(1)],
    [false, 'a map', new Map()],
    [false, 'nothing in an array', [undefined]],
    [false, 'NaN in an object', { a: Number.NaN }],
    [false, 'a field __proto__', JSON.parse('{"__proto__": 1}')],
  ])('%s: %s', (good, _, u) => {
    expect(isJson(u)).toBe(good)
    expect(json.is(u)).toBe(good)
    expect(json.decode(u)).toEqual(good ? E.right(u) : expect.objectContaining({ _tag: 'Left' }))
  })
})

describe('a written expression', () => {
  it.each<readonly [string, RuleExpr, unknown]>([
    [
      'has the names of what JSON cannot write',
      { rule: 'constant', step: 1 / 0 },
      { rule: 'constant', step: 'Infinity' },
    ],
    [
      'has every field, and operands in their place',
      {
        rule: 'max',
        of: [
          { rule: 'polyak', c: 1, target: 'lowerBound' },
          { rule: 'scale', by: 2, of: { rule: 'never' } },
        ],
      },
      {
        rule: 'max',
        of: [
          { rule: 'polyak', c: 1, target: 'lowerBound' },
          { rule: 'scale', by: 2, of: { rule: 'never' } },
        ],
      },
    ],
  ])('%s', (_, expr, written) => expect(ruleExpr.encode(expr)).toEqual(written))

  it('is none of what is no expression', () => {
    const wrong = (u: unknown) => () => ruleExpr.encode(untyped(u))
    expect(wrong({ rule: 'constant', step: -1 })).toThrow(new TypeError('not a rule'))
    expect(wrong(null)).toThrow(new TypeError('not a rule'))
    expect(wrong({ rule: 'max', of: [{ rule: 'never', k: 1 }] })).toThrow(TypeError)
    expect(wrong({ rule: 'max', of: [] })).toThrow(TypeError)
    expect(wrong({ rule: 'toString' })).toThrow(TypeError)
  })

  it('has a field that is true or false as it stands', () => {
    const codec = vocabularyCodec<{ readonly kind: 'lamp'; readonly on: boolean }>('kind', 'a lamp', {
      lamp: { on: { field: 'boolean', default: false } },
    })
    expect(codec.decode({ kind: 'lamp' })).toEqual(E.right({ kind: 'lamp', on: false }))
    expect(codec.decode({ kind: 'lamp', on: true })).toEqual(E.right({ kind: 'lamp', on: true }))
    expect(codec.encode({ kind: 'lamp', on: true })).toEqual({ kind: 'lamp', on: true })
    expect(complaints(codec, { kind: 'lamp', on: 1 }, '')).toEqual(['on: got 1, expected true or false'])
  })
})
