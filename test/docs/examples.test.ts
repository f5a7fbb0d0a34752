/** Every example of the documentation compiles, runs and gives what it says it gives. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Extract, examplesOfMarkdown, examplesOfSource, instrument } from './extract.js'
import { runExample, typeErrors } from './run.js'

const root = join(import.meta.dirname, '../..')

const under = (folder: string, ending: string): ReadonlyArray<string> =>
  existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith(ending))
        .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
        .sort()
    : []

const read = (extract: (file: string, text: string) => Extract) => (file: string) =>
  extract(file, readFileSync(join(root, file), 'utf8'))

const extracts = [
  ...[...under('src', '.ts'), ...under('spec', '.ts')].map(read(examplesOfSource)),
  ...['README.md', ...under('docs/guide', '.md'), ...under('spec/prose', '.md')].map(
    read(examplesOfMarkdown),
  ),
]
const examples = extracts.flatMap((extract) => extract.examples)
const programs = examples.map((example) => ({ example, ...instrument(example) }))

test('every assertion in the documentation is one that runs', () => {
  expect([...extracts, ...programs].flatMap(({ faults }) => faults)).toEqual([])
})

describe('an example', () => {
  const errors = typeErrors(programs)
  programs.forEach((program, i) => {
    test(`${program.example.file} ${program.example.name}`, async () => {
      expect(errors[i]).toEqual([])
      await runExample(program, (specifier) => import(specifier))
    })
  })
})
