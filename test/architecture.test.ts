/** The rules of the house, held on the sources and seen to fail on bad ones. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { drawHouse } from '../docs/house/draw.js'
import { ROOMS } from '../docs/house/rooms.js'
import { faults, type Sources } from './architecture/faults.js'

const root = join(import.meta.dirname, '..')

const sources: Sources = new Map(
  ['src', 'spec']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => `${folder}/${file.replaceAll('\\', '/')}`),
    )
    .map((file) => [file, readFileSync(join(root, file), 'utf8')]),
)

test('the sources keep the rules of the house', () => {
  expect(sources.size).toBeGreaterThan(10)
  expect(faults(sources)).toEqual([])
})

test('the picture of the house shows its rooms as they are', () => {
  expect(readFileSync(join(root, 'docs/guide/house.svg'), 'utf8')).toBe(drawHouse())
  const folders = readdirSync(join(root, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'entry')
    .map(({ name }) => `src/${name}`)
  const built = ROOMS.filter(({ name, planned }) => name !== 'spec' && !planned).map(({ folder }) => folder)
  expect(folders.sort()).toEqual(built.sort())
})

const of = (files: { readonly [path: string]: string }): string =>
  faults(new Map(Object.entries(files))).join('\n')

describe('a fault is', () => {
  test.each([
    [
      'an import upwards',
      'src/numeric/a.ts',
      "import { b } from '../rule/b.js'",
      /a\.ts:1 imports src\/rule\/b\.ts/,
    ],
    ['an import sideways', 'src/rule/a.ts', "import { b } from '../autodiff/b.js'", /which rule may not/],
    [
      'a type from above',
      'src/program/a.ts',
      "import type { B } from '../optimizer/b.js'",
      /which program may not/,
    ],
    ['a re-export from above', 'src/numeric/a.ts', "export * from '../rule/b.js'", /which numeric may not/],
    [
      'an import type',
      'src/numeric/a.ts',
      "export type B = import('../rule/b.js').B",
      /which numeric may not/,
    ],
    [
      'a dynamic import',
      'src/numeric/a.ts',
      "export const b = () => import('../rule/b.js')",
      /which numeric may not/,
    ],
    [
      'an import of src by spec',
      'spec/law/a.ts',
      "import { b } from '../../src/rule/b.js'",
      /which spec may not/,
    ],
    [
      'an import of an entry',
      'src/rule/a.ts',
      "import { b } from '../entry/steplaw.js'",
      /which rule may not/,
    ],
    [
      'the command line in an entry',
      'src/entry/a.ts',
      "export * from '../cli/b.js'",
      /exports src\/cli\/b\.ts/,
    ],
    ['a file in no room', 'src/misc/a.ts', "import { b } from './b.js'", /stands in no room/],
    ['an import without its ending', 'src/rule/a.ts', "import { b } from './b'", /without its ending/],
    [
      'fp-ts by its short name',
      'src/rule/a.ts',
      "import * as O from 'fp-ts/Option'",
      /write fp-ts\/lib\/X\.js/,
    ],
    [
      'fp-ts without an ending',
      'src/rule/a.ts',
      "import * as O from 'fp-ts/lib/Option'",
      /write fp-ts\/lib\/X\.js/,
    ],
    ['io-ts by a path', 'src/rule/a.ts', "import { x } from 'io-ts/lib/Decoder.js'", /rule may not use/],
    ['pure-rand by its root', 'src/problem/a.ts', "import prand from 'pure-rand'", /problem may not use/],
    [
      'a package of the command line',
      'src/rule/a.ts',
      "import { plot } from '@observablehq/plot'",
      /rule may not use/,
    ],
    [
      'fast-check in the standard at large',
      'spec/vocabulary/a.ts',
      "import fc from 'fast-check'",
      /spec may not use/,
    ],
    ['a computed import', 'src/rule/a.ts', 'export const load = (x: string) => import(x)', /\(computed\)/],
    ['Node in a rule', 'src/rule/a.ts', "import { readFileSync } from 'node:fs'", /Node only in threads/],
    ['a global of Node', 'src/rule/a.ts', 'export const a = process.argv', /which only Node has/],
    ['a transcendental', 'src/rule/a.ts', '\nexport const a = Math.exp(1)', /a\.ts:2 uses Math\.exp/],
    [
      'a transcendental in numeric',
      'src/numeric/a.ts',
      'export const a = Math.hypot(1, 2)',
      /uses Math\.hypot/,
    ],
    [
      'Math by another name',
      'src/rule/a.ts',
      'const { exp } = Math\nexport const a = exp',
      /under another name/,
    ],
    ['Math by a computed name', 'src/rule/a.ts', "export const a = Math['exp'](1)", /under another name/],
    ['chance', 'src/cli/a.ts', 'export const a = Math.random()', /uses Math\.random/],
    ['a power', 'src/rule/a.ts', 'export const a = (x: number) => x ** 0.5', /uses \*\*/],
    ['a clock', 'src/rule/a.ts', 'export const a = Date.now()', /uses Date/],
    ['a new date', 'src/rule/a.ts', 'export const a = new Date()', /uses Date/],
    ['a stopwatch', 'src/optimizer/a.ts', 'export const a = performance.now()', /uses performance/],
    [
      'a stopwatch in a kernel',
      'src/runtime/kernel/a.ts',
      'export const a = performance.now()',
      /uses performance/,
    ],
    ['a locale', 'src/rule/a.ts', "export const a = 'a'.localeCompare('b')", /differs between places/],
    ['a cast by way of unknown', 'src/rule/a.ts', 'export const a = 1 as unknown as string', /casts by way/],
    ['a silenced check', 'src/rule/a.ts', '// @ts-expect-error\nexport const a = 1', /a\.ts:1 silences/],
    ['a top-level await', 'src/rule/a.ts', 'export const a = await Promise.resolve(1)', /awaits at the top/],
    ['a long file', 'src/rule/a.ts', 'f()\n'.repeat(301), /has 301 lines of code/],
  ])('%s', (_, path, text, message) => expect(of({ [path]: text })).toMatch(message))

  test('a cycle of files, by whatever kind of import', () => {
    expect(
      of({
        'src/rule/a.ts': "import { b } from './b.js'",
        'src/rule/b.ts': "import type { C } from './c.js'",
        'src/rule/c.ts': "export * from './a.js'",
      }),
    ).toMatch('src/rule/a.ts -> src/rule/b.ts -> src/rule/c.ts -> src/rule/a.ts is a cycle')
  })
})

describe('no fault is', () => {
  test.each([
    ['an import downwards', 'src/cli/a.ts', "import { b } from '../numeric/b.js'"],
    ['the standard in a rule', 'src/rule/a.ts', "import type { b } from '../../spec/vocabulary/b.js'"],
    ['fast-check in a law', 'spec/law/a.ts', "import fc from 'fast-check'"],
    ['fast-check in an arbitrary', 'spec/vocabulary/arbitrary.ts', "import fc from 'fast-check'"],
    ['Node in a file reader', 'src/problem/file/a.ts', "import { readFileSync } from 'node:fs'"],
    ['a clock where threads are counted', 'src/runtime/thread/a.ts', 'export const a = performance.now()'],
    ['a clock in the command line', 'src/cli/a.ts', 'export const a = performance.now()'],
    [
      'a computed import where threads load what they are told to',
      'src/runtime/thread/module.ts',
      'export const load = (x: string) => import(x)',
    ],
    ['exact arithmetic', 'src/rule/a.ts', 'export const a = Math.sqrt(2) * 2 ** -53 + Math.PI'],
    ['a field with the name of a clock', 'src/rule/a.ts', 'export const a = { Date: 1, process: 2 }'],
    [
      'a name of Node that is our own',
      'src/rule/a.ts',
      "import type { Buffer } from './b.js'\nexport type C = Buffer",
    ],
    ['an await in a function', 'src/rule/a.ts', 'export const a = async () => await Promise.resolve(1)'],
  ])('%s', (_, path, text) => expect(of({ [path]: text })).toBe(''))
})
