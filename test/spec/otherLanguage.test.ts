/** The program in another language that the guide shows is the one in the examples, and prints what the guide says. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import MarkdownIt from 'markdown-it'
import { expect, test } from 'vitest'
import { python } from './python.js'
import { root } from './read.js'

const page = readFileSync(join(root, 'docs/guide/check-rules-in-another-language.md'), 'utf8')
const fences = new MarkdownIt().parse(page, {}).filter(({ type }) => type === 'fence')
const contents = (language: string): ReadonlyArray<string> =>
  fences.filter(({ info }) => info === language).map(({ content }) => content)

const [program = ''] = contents('python')
const [session = '', wrong = ''] = contents('text')
const [command = '', ...said] = session.split('\n')
const [, script = '', ...files] = command.replace(/^\$ /, '').split(' ')

test('the guide shows the program whole', () => {
  expect(program).toBe(readFileSync(join(root, 'examples/conform.py'), 'utf8'))
  expect(script).toBe('examples/conform.py')
})

const unless = (title: string): string =>
  python === undefined ? `${title} (skipped: there is no python3)` : title

const run = (path: string) => {
  const { stdout, stderr, status } = spawnSync(python ?? '', ['-B', path, ...files], {
    cwd: root,
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  return { stdout, status }
}

test.skipIf(python === undefined)(unless('the program prints what the guide says'), () =>
  expect(run(script)).toEqual({ stdout: said.join('\n'), status: 0 }),
)

test.skipIf(python === undefined)(unless('with the fault of the guide it prints what the guide says'), () => {
  const end = '        a *= rule.get("shrink", 0.5)\n    return None\n'
  const [, instead = ''] = /`(return a[^`]*)` instead of\n`return None`/.exec(page) ?? []
  expect(program).toContain(end)
  const folder = mkdtempSync(join(tmpdir(), 'steplaw-'))
  try {
    const path = join(folder, 'conform.py')
    writeFileSync(path, program.replace(end, end.replace('return None', instead)))
    expect(run(path)).toEqual({ stdout: wrong, status: 1 })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
