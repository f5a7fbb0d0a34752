/** The runner: what agrees, what does not, and that nothing is skipped. */
import fc from 'fast-check'
import { implementation } from 'steplaw'
import { compareOutputs, conform, double, encodeNumber, type Implementation, type Json } from 'steplaw/spec'
import { describe, expect, test } from 'vitest'

const tolerance = { relative: 1e-6, absolute: 1e-9 }
const agrees = (expected: Json, actual: Json, output = 'step'): boolean =>
  compareOutputs({ [output]: expected }, { [output]: actual }, tolerance) === null

describe('an output agrees', () => {
  test.each<readonly [string, Json, Json]>([
    ['within the relative tolerance', 1000, 1000.0009],
    ['within the absolute tolerance', 0, -9e-10],
    ['as zero with minus zero', 0, '-0'],
    ['as NaN with NaN', 'NaN', 'NaN'],
    ['as an infinity with itself', '-Infinity', '-Infinity'],
    ['as a failure with a failure', [null, 1], [null, 1]],
    ['as a word with itself', 'completed', 'completed'],
  ])('%s', (_, expected, actual) => expect(agrees(expected, actual)).toBe(true))

  test('if and only if the inequality of R-1.4 holds', () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(number, fc.double({ min: -2, max: 2, noNaN: true }), (e, t) => {
        const a = e + t * (tolerance.absolute + tolerance.relative * Math.abs(e))
        const near = Math.abs(a - e) <= tolerance.absolute + tolerance.relative * Math.abs(e)
        return agrees(encodeNumber(e), encodeNumber(a)) === near
      }),
    )
  })

  test('with more outputs than expected beside it', () =>
    expect(compareOutputs({ step: [1] }, { step: [1], because: [[0]] }, tolerance)).toBeNull())
})

describe('an output deviates', () => {
  test.each<readonly [string, Json, Json]>([
    ['beyond the tolerance', 1000, 1000.0011],
    ['a failure from zero', null, 0],
    ['a step from a failure', 0, null],
    ['an infinity from the greatest number', 'Infinity', Number.MAX_VALUE],
    ['an infinity from the other', 'Infinity', '-Infinity'],
    ['NaN from a number', 0, 'NaN'],
    ['a number from NaN', 'NaN', 0],
    ['a number from the word for it', 1, '1'],
    ['a word from another', 'completed', 'exhausted'],
    ['a shorter array', [1, 2], [1]],
    ['a longer array', [1], [1, 2]],
    ['a number from an array', 1, [1]],
    ['true from 1', true, 1],
  ])('%s', (_, expected, actual) => expect(agrees(expected, actual)).toBe(false))

  test.each(['probes', 'valid'])('in %s, which no tolerance softens', (output) => {
    expect(agrees(1000, 1000, output)).toBe(true)
    expect(agrees(1000, 1000.0000001, output)).toBe(false)
  })

  test('where it is missing', () => expect(compareOutputs({ step: [1] }, {}, tolerance)?.output).toBe('step'))

  test('first at the earliest iteration of all outputs', () =>
    expect(
      compareOutputs({ x: [[1], [2], [3]], step: [1, 2] }, { x: [[1], [2], [4]], step: [1, 3] }, tolerance),
    ).toEqual({ output: 'step', iteration: 1, path: [1], expected: 2, actual: 3 }))
})

test('the codec of numbers reads what it writes, and nothing else', () => {
  fc.assert(
    fc.property(fc.double(), (x) => {
      const read = double.decode(JSON.parse(JSON.stringify(encodeNumber(x))))
      return read._tag === 'Right' && Object.is(read.right, x)
    }),
  )
  for (const u of ['1', '', 'nan', 'inf', '+Infinity', true, null, [1], { value: 1 }])
    expect(double.decode(u)._tag).toBe('Left')
})

describe('a case is counted as failed', () => {
  const given = {
    id: 'rule/one',
    clause: 'rule.constant',
    kind: 'rule',
    rule: { rule: 'constant', step: 1 },
    rays: [{ value: 1, slope: -1 }],
    expect: { step: [1], probes: [0] },
    tolerance: { relative: 0, absolute: 0 },
    provenance: 'by hand',
  }
  const message = (
    change: { readonly [key: string]: unknown },
    by: Implementation = implementation,
  ): string => {
    const results = conform(by)({ format: 'steplaw-vectors/1', cases: [{ ...given, ...change }] })
    return results._tag === 'Right' ? results.right.map((r) => r.message).join('\n') : 'not a case file'
  }

  test('but not where there is nothing wrong with it', () => expect(message({})).toBe(''))

  test.each<readonly [string, { readonly [key: string]: unknown }, RegExp]>([
    ['its kind is unknown', { kind: 'bilevel' }, /the kind bilevel is not supported/],
    ['its kind is the name of something else', { kind: 'toString' }, /the kind toString is not supported/],
    ['its expression is unknown', { rule: { rule: 'magic' } }, /rule\.rule: got "magic"/],
    ['a ray has a field unknown', { rays: [{ value: 1, slope: -1, curvature: 1 }] }, /rays\[0\]\.curvature/],
    ['it has a field unknown', { seed: 1 }, /seed: got 1, expected no such field/],
    ['it has no tolerance', { tolerance: undefined }, /tolerance: got nothing/],
    ['an output is wrong', { expect: { step: [2] } }, /step at iteration 0: expected 2, got 1/],
    ['an output is missing', { expect: { wealth: [2] } }, /wealth: expected \[2\], got nothing/],
  ])('where %s', (_, change, reason) => expect(message(change)).toMatch(reason))

  test('where the implementation has not its kind', () =>
    expect(message({}, {})).toBe('the kind rule is not supported'))

  test('where the implementation throws', () => {
    const broken: Implementation = {
      rule: () => {
        throw new RangeError('no ray')
      },
    }
    expect(message({}, broken)).toBe('RangeError: no ray')
  })
})

test.each([
  ['another format', { format: 'steplaw-vectors/2', cases: [] }],
  ['cases that are none', { format: 'steplaw-vectors/1', cases: [1] }],
  ['a field unknown', { format: 'steplaw-vectors/1', cases: [], seed: 1 }],
])('a file with %s is refused', (_, file) => expect(conform(implementation)(file)._tag).toBe('Left'))
