/** The reader of examples, on examples that must fail: no assertion may be lost on the way. */
import { describe, expect, test } from 'vitest'
import { type Example, examplesOfMarkdown, examplesOfSource, instrument } from './extract.js'
import { runExample, typeErrors } from './run.js'

const example = (code: string): Example => ({ file: 'a.md', name: '', code })
const load = (specifier: string) => import(specifier)
const run = (code: string) => runExample(instrument(example(code)), load)
const fault = (code: string) => instrument(example(code)).faults.join('\n')

describe('an assertion', () => {
  test.each([
    ['an expression', '1 + 1 // => 2'],
    ['an expression and a semicolon', '1 + 1; // => 2'],
    ['an expression over several lines', '[1, 2]\n  .map((x) => x * 2)\n  .join() // => "2,4"'],
    ['a literal over several lines', '({ a: 1, b: [2] }) // => {\n//      a: 1,\n//      b: [2],\n//    }'],
    ['a declaration', 'const x = [1] // => [1]'],
    ['a literal that uses the imports', "import * as O from 'fp-ts/lib/Option.js'\nO.of(1) // => O.some(1)"],
    ['minus zero', '0 * -1 // => -0'],
    ['an error', 'new Array(-1) // => throws RangeError: array length'],
    ['an awaited value', 'await Promise.resolve(1) // => 1'],
    ['a rejection', "Promise.reject(new TypeError('no')) // => throws TypeError: no"],
  ])('on %s holds', async (_, code) => {
    expect(fault(code)).toBe('')
    expect(instrument(example(code)).assertions).toBe(1)
    await run(code)
  })

  test.each([
    ['a wrong value', '1 + 1 // => 3', /a\.md:1 Expected values to be strictly deep-equal/],
    ['the other zero', '0 // => -0', /deep-equal/],
    ['another kind of array', 'new Float64Array(1) // => [0]', /deep-equal/],
    ['a wrong line of a long literal', '({ a: 1 }) // => {\n//      a: 2,\n//    }', /deep-equal/],
    ['a declaration of something else', 'const x = 1 // => 2', /deep-equal/],
    ['the second of two', '1 // => 1\n\n2 // => 1', /a\.md:3/],
    ['no error', '1 // => throws RangeError', /throws nothing/],
    ['another error', 'new Array(-1) // => throws TypeError', /throws RangeError/],
    ['another message', 'new Array(-1) // => throws RangeError: negative', /Invalid array length/],
    ['an error before it', "throw new Error('early')\n1 // => 1", /early/],
  ])('fails for %s', async (_, code, message) => {
    expect(fault(code)).toBe('')
    await expect(run(code)).rejects.toThrow(message)
  })

  test.each([
    ['is inside a function', 'const f = () => {\n  1 // => 2\n}', /1 assertions, of which 0/],
    ['is inside a loop', 'for (const x of [1]) {\n  x // => 2\n}', /1 assertions, of which 0/],
    ['stands on a line of its own', '1\n// => 2', /1 assertions, of which 0/],
    ['stands amid an expression', '[\n  1, // => 2\n]', /1 assertions, of which 0/],
    ['follows another on its line', '1 // => 1 // => 2', /which is not an expression/],
    ['expects prose', '1 // => a number', /"a number", which is not an expression/],
    ['expects two things', '1 // => 1), (2', /not an expression/],
    ['is on two names', 'const a = 1, b = 2 // => 2', /more than one name/],
    ['expects nothing', '1 // =>', /not an expression/],
  ])('that %s is a fault', (_, code, message) => expect(fault(code)).toMatch(message))

  test('that is not reached fails', async () => {
    const { code, assertions } = instrument(example('1 // => 1'))
    await expect(
      runExample({ code: `if (Math.abs(1) === 2) ${code}`, assertions, faults: [] }, load),
    ).rejects.toThrow(/1 of 1 assertions were not reached/)
  })
})

describe('a type error', () => {
  const errors = (code: string) => {
    const it = example(code)
    return (typeErrors([{ example: it, code: instrument(it).code }])[0] ?? []).join('\n')
  }

  test.each([
    [
      'a name that is not exported',
      "\n\nimport { nothing } from 'steplaw'\nnothing // => 1",
      /a\.md:3 .*nothing/,
    ],
    [
      'a module that is not there',
      "import { nothing } from 'steplaw/nowhere'\nnothing // => 1",
      /a\.md:1 .*nowhere/,
    ],
    ['a wrong argument', "Number.isFinite('1', 2) // => false", /a\.md:1 /],
    ['an import that is not used', "import * as O from 'fp-ts/lib/Option.js'\n1 // => 1", /a\.md:1 .*never/],
    ['a return amid the program', '1 // => 1\nreturn', /a\.md:2 /],
  ])('is seen for %s', (_, code, message) => expect(errors(code)).toMatch(message))

  test('is not seen where there is none', () => expect(errors('const x: number = 1\nx // => 1')).toBe(''))
})

describe('a source file', () => {
  const doc = (...lines: ReadonlyArray<string>): string =>
    ['/**', ...lines.map((line) => ` * ${line}`), ' */'].join('\n')
  const fence = ['```ts', '1 // => 1', '```']

  test('gives its examples, each with its name and its lines', () => {
    const text = `${doc('A.', '@example', ...fence)}\nexport const a = 1\n\ninterface B {\n  ${doc('C.', ...fence)}\n  c: number\n}\n`
    const { examples, faults } = examplesOfSource('a.ts', text)
    expect(faults).toEqual([])
    expect(examples.map(({ name, code }) => [name, code.split('\n').indexOf('1 // => 1') + 1])).toEqual([
      ['a', 5],
      ['B.c', 14],
    ])
  })

  test.each([
    [
      'an example without assertions',
      doc('@example', '```ts', 'f()', '```'),
      /a\.ts:4 is an example that asserts nothing/,
    ],
    ['an example without a fence', doc('@example', 'f()'), /a\.ts:2 is an @example without/],
    ['another language', doc('@example', '```ts', '1 // => 1', '```', '```js', '1', '```'), /not ```ts/],
    ['an assertion outside of a fence', doc('1 // => 1'), /1 lines of comment with an assertion, of which 0/],
    ['a comment that is no TSDoc', doc(...fence).replace('/**', '/*'), /1 lines of comment .* of which 0/],
  ])('is faulted for %s', (_, comment, message) =>
    expect(examplesOfSource('a.ts', `${comment}\nexport const a = 1\n`).faults.join('\n')).toMatch(message),
  )
})

describe('a page', () => {
  const page = [
    '# One',
    '```ts',
    "import * as O from 'fp-ts/lib/Option.js'",
    'const a = O.some(1)',
    '```',
    'goes on',
    '```ts',
    'a // => O.some(1)',
    '```',
    '## Two',
    '- in a list',
    '  ```ts',
    "  import * as E from 'fp-ts/lib/Either.js'",
    '  E.right(1)._tag // => "Right"',
    '  ```',
  ].join('\n')

  test('gives programs that go on until the next import', async () => {
    const { examples, faults } = examplesOfMarkdown('a.md', page)
    expect(faults).toEqual([])
    expect(examples.map(({ name }) => name)).toEqual(['One', 'Two'])
    expect(
      examples.map(({ code }) => code.split('\n').findIndex((line) => line.includes('// =>')) + 1),
    ).toEqual([8, 14])
    for (const it of examples) await runExample(instrument(it), load)
  })

  test('goes on with a program in a fence that imports more, if the fence says so', async () => {
    const more = [
      ...page.split('\n').slice(0, 6),
      '```ts continued',
      "import * as E from 'fp-ts/lib/Either.js'",
      'E.right(a)._tag // => "Right"',
      '```',
    ]
    const { examples } = examplesOfMarkdown('a.md', more.join('\n'))
    expect(examples).toHaveLength(1)
    for (const it of examples) await runExample(instrument(it), load)
  })

  test.each([
    ['another language', '```js\n1\n```', /a\.md:2 is a program in a fence that is not/],
    ['an assertion in text', '```text\n1 // => 1\n```', /not ```ts/],
    ['an assertion in an indented block', 'See\n\n    1 // => 1\n', /has 1 assertions outside/],
  ])('is faulted for %s', (_, text, message) =>
    expect(examplesOfMarkdown('a.md', text).faults.join('\n')).toMatch(message),
  )
})
