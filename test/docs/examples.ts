/** Where the documentation has examples: the comments of the sources, the README, the guides, the clauses. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Extract, examplesOfMarkdown, examplesOfSource } from './extract.js'

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

/** The examples of every file, and the faults in how they are written. */
export const allExamples = (): ReadonlyArray<Extract> => [
  ...[...under('src', '.ts'), ...under('spec', '.ts')].map(read(examplesOfSource)),
  ...['README.md', ...under('docs/guide', '.md'), ...under('spec/prose', '.md')].map(
    read(examplesOfMarkdown),
  ),
]
