/** The worked example of a new primitive: its steps, put to a copy of the sources. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { fence } from '../law/markdown.js'
import { hunksOf, patched } from './patch.js'

export const PAGE = 'docs/guide/adding-a-primitive.md'

/** The file of the new primitive. */
const FILE = 'src/autodiff/primitive/gaussian.ts'

type Hunks = ReturnType<typeof hunksOf>

/** Copies the sources, applies the first `steps` patches of the page, gives the folder to `use` and removes it. */
export const withSteps = async <A>(
  root: string,
  steps: (hunks: Hunks) => Hunks,
  use: (folder: string) => A | Promise<A>,
): Promise<A> => {
  const folder = mkdtempSync(join(tmpdir(), 'steplaw-primitive-'))
  try {
    for (const part of ['src', 'spec', 'package.json', 'tsconfig.json'])
      cpSync(join(root, part), join(folder, part), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
    for (const hunk of steps(hunksOf(readFileSync(join(root, PAGE), 'utf8')))) {
      const path = join(folder, hunk.file)
      const text = existsSync(path) ? readFileSync(path, 'utf8') : null
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, patched(text, hunk))
    }
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What the compiler has to say of the autodiff in a folder, and of some files besides. */
export const complaints = (folder: string, more: ReadonlyArray<string> = []): ReadonlyArray<string> => {
  const { config } = ts.readConfigFile(join(folder, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, folder)
  const files = ['src/entry/autodiff.ts', ...more].map((file) => join(folder, file))
  const program = ts.createProgram(files, { ...options, noEmit: true })
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    const where = file === undefined ? '' : `${file.fileName.slice(folder.length + 1)}:\n  `
    const message = ts.flattenDiagnosticMessageText(messageText, ' ').replace(/\s+/g, ' ')
    return where + message.replace(/^(.{80}\S*) .*$/, '$1 ...')
  })
}

/** What the compiler asks for after the row and the file alone. */
export const refusals = (root: string): Promise<ReadonlyMap<string, string>> =>
  withSteps(
    root,
    (hunks) => hunks.slice(0, 2),
    (folder) => new Map([['refusals', fence('text', complaints(folder, [FILE]).join('\n'))]]),
  )
