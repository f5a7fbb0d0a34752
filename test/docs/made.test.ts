/** The made parts of the guides are what the library makes of them now; `npm run docs` writes them anew. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { filled, wanted } from '../../docs/listing/block.js'
import { made } from '../../docs/listing/pages.js'
import { hunksOf, patched } from '../../docs/listing/patch.js'
import { complaints, PAGE, withSteps } from '../../docs/listing/primitive.js'
import { drawScaling } from '../../docs/listing/scaling.js'
import { readTable } from '../bench/scaling/table.js'

const root = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(path, 'utf8')
const pages = new Map((await made(root)).map(({ path, text }) => [basename(path), { path, text }]))
const pageOf = (name: string): string => pages.get(name)?.text ?? ''

test.each([...pages])('%s is made of the library as it is', (_, { path, text }) => {
  expect(read(path)).toBe(text)
  expect(wanted(text).length).toBeGreaterThan(0)
})

test('the picture is that of the last sweep', () => {
  expect(read(join(root, 'docs/guide/scaling.svg'))).toBe(drawScaling(readTable()))
})

describe('parts of a page', () => {
  const page = 'a\n<!-- made: one -->\nold\n<!-- end -->\nb\n'

  test('are put in their places, again and again', () => {
    const once = filled('page', page, new Map([['one', 'new $&']]))
    expect(once).toBe('a\n<!-- made: one -->\n\nnew $&\n\n<!-- end -->\nb\n')
    expect(filled('page', once, new Map([['one', 'new $&']]))).toBe(once)
  })

  test('are all made and all shown', () => {
    expect(() => filled('page', page, new Map())).toThrow('page wants one, which nobody makes')
    const more = new Map([
      ['one', ''],
      ['two', ''],
    ])
    expect(() => filled('page', page, more)).toThrow('page does not show two')
  })
})

describe('the walk of a multiplication', () => {
  const page = pageOf('from-an-expression-to-an-instruction.md')
  const part = (name: string): string =>
    new RegExp(`<!-- made: ${name} -->\\n\\n\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? ''

  test('tells in words what the listings show', () => {
    expect(part('gradient').match(/ = mul\(/g)).toHaveLength(4)
    expect(part('simplified').match(/ = mul\(/g)).toHaveLength(1)
    expect(part('nodes').match(/ = map mul\(/g)).toHaveLength(1)
    expect(part('groups')).toMatch(/^band of 10000 rows, \d+ at a time: along 3, 4, 5; across 7\nrest: 6\n$/)
    expect(part('moves')).toContain('one pass over {4, 5}')
    const { inputs, equations, outputs } = JSON.parse(part('pass'))
    expect([inputs.length, equations.length]).toEqual([2, 2])
    expect(outputs).toEqual([{ value: 3, to: 'store' }])
    // The product of two powers of two, then ours, then what is stored.
    expect(part('kernel')).toMatch(
      /f64x2\.mul\nlocal\.get (\d+)\nv128\.load.*\nf64x2\.mul\nlocal\.set (\d+)\n.*\nlocal\.get \2\nv128\.store/,
    )
    const [, value] = /^6 {2}value +at (\d+)/m.exec(part('places')) ?? []
    const [, matrix] = /^1 {2}X +at (\d+)/m.exec(part('places')) ?? []
    expect(value).toBe(matrix)
    const [, scores, turn] =
      /^3 +at (\d+) +two blocks of rows by turns, (\d+) bytes/m.exec(part('places')) ?? []
    expect(part('run')).toMatch(
      new RegExp(
        `i32.const ${scores}\\s+local.get 2\\s+i32.const 8\\s+i32.mul\\s+i32.add\\s+local.get 8\\s+i32.const ${turn}\\s+i32.mul\\s+i32.add`,
      ),
    )
    expect(part('run')).toMatch(/local\.get 3\s+local\.get 2\s+i32\.sub\s+local\.set 4/)
    const lines = part('results').trim().split('\n')
    expect(lines).toHaveLength(3)
    expect(new Set(lines.map((line) => line.replace(/^.*? {2,}/, ''))).size).toBe(1)
  })

  test('names files that are there', () => {
    const folders = ['', 'src/autodiff/', 'src/runtime/']
    const files = [...page.matchAll(/`([\w/-]+\.ts)`/g)].map(([, file = '']) => file)
    expect(files.length).toBeGreaterThan(25)
    const missing = files.filter((file) =>
      [...folders, 'test/runtime/'].every((folder) => {
        try {
          read(join(root, folder, file))
          return false
        } catch {
          return true
        }
      }),
    )
    expect(missing).toEqual([])
  })
})

describe('a new primitive', () => {
  test('works to second order, interpreted and compiled, after the steps of the page', async () => {
    await withSteps(
      root,
      (hunks) => hunks,
      (folder) => {
        expect(complaints(folder, ['check.ts'])).toEqual([])
        const { stdout, stderr } = spawnSync(
          process.execPath,
          ['--conditions=steplaw-source', '--import', 'tsx', 'check.ts'],
          { cwd: folder, encoding: 'utf8' },
        )
        expect([stdout, stderr]).toEqual(['all is well\n', ''])
      },
    )
  }, 120_000)

  test('is refused where it is written down without its derivative, or machine code has other bits', async () => {
    const damaged = (from: string, to: string) =>
      withSteps(
        root,
        (hunks) => hunks.map((hunk) => ({ ...hunk, after: hunk.after.replace(from, to) })),
        (folder) =>
          spawnSync(process.execPath, ['--conditions=steplaw-source', '--import', 'tsx', 'check.ts'], {
            cwd: folder,
            encoding: 'utf8',
          }).stderr,
      )
    expect(await damaged('-2, x.shape', '-3, x.shape')).toMatch(/is not -0\.7788/)
    expect(await damaged('l.neg(l.mul(x, x))', 'l.neg(l.mul(x, l.abs(l.add(x, l.constant(1e-9)))))')).toMatch(
      /Expected values to be/,
    )
  }, 120_000)

  test('has all its steps put to the sources, each in one place', () => {
    expect(hunksOf(read(join(root, PAGE)))).toHaveLength(11)
    const hunk = { file: 'f', before: 'b\n', after: 'b\nc\n' }
    expect(patched('a\nb\n', hunk)).toBe('a\nb\nc\n')
    expect(() => patched('a\nb\nd\nb\n', hunk)).toThrow('f has 2 places for the patch')
    expect(() => patched(null, hunk)).toThrow('f is not there')
    expect(() => patched('a', { ...hunk, before: '' })).toThrow('f is there already')
  })
})
