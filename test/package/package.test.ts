/**
 * The packed tarball as a user gets it: installed into an empty folder and used from plain Node, this one and those
 * that STEPLAW_NODES lists (paths, separated as in PATH).
 */
import { execFile } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allExamples } from '../docs/examples.js'
import { instrument } from '../docs/extract.js'
import { type Installed, install, readManifest, root } from './install.js'

const manifest = readManifest(root)
const paths = Object.entries(manifest.exports).flatMap(([path, target]) =>
  typeof target === 'string' ? [] : [path.replace(/^\./, manifest.name)],
)
/** The one that needs a package which is not installed with it. */
const withVitest = `${manifest.name}/vitest`
const alone = paths.filter((path) => path !== withVitest)
const nodes = [
  process.execPath,
  ...(process.env.STEPLAW_NODES ?? '').split(delimiter).filter((path) => path !== ''),
]

let installed: Installed = { tarball: '', folder: '' }
beforeAll(() => {
  installed = install()
})
afterAll(() => {
  if (installed.folder !== '') rmSync(dirname(installed.folder), { recursive: true, force: true })
})

const inside = (...path: ReadonlyArray<string>): string =>
  join(installed.folder, 'node_modules', manifest.name, ...path)

/** Runs plain Node in the user's folder: standard output, or an error that shows all it printed. */
const node = async (path: string, ...args: ReadonlyArray<string>): Promise<string> => {
  const run = promisify(execFile)(path, [...args], { cwd: installed.folder })
  const { stdout } = await run.catch((error: { readonly message: string; readonly stdout: string }) => {
    throw new Error(`${error.message}\n${error.stdout}`)
  })
  return stdout
}

describe('the tarball', () => {
  test('satisfies publint', async () => {
    const { messages, pkg } = await publint({ pkgDir: inside(), strict: true, pack: false })
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([])
  })

  test('gives the right types to every kind of resolution (attw, ES modules only)', async () => {
    const manifest = createRequire(import.meta.url).resolve('@arethetypeswrong/cli/package.json')
    const attw = join(dirname(manifest), 'dist/index.js')
    const report = await node(
      process.execPath,
      attw,
      installed.tarball,
      '--profile',
      'esm-only',
      '--format',
      'ascii',
    )
    expect(report).toContain('node16 (from ESM): 🟢 (ESM)')
  })

  test('holds what it should and nothing else', () => {
    expect(readdirSync(inside()).sort()).toEqual(
      ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json', 'spec', 'src'].sort(),
    )
  })

  test('has its sources where the source maps look for them', () => {
    const maps = readdirSync(inside('dist'), { recursive: true, encoding: 'utf8' }).filter((f) =>
      f.endsWith('.map'),
    )
    const lost = maps.flatMap((map) => {
      const { sources, sourcesContent }: { sources: ReadonlyArray<string>; sourcesContent?: unknown } =
        JSON.parse(readFileSync(inside('dist', map), 'utf8'))
      return sourcesContent === undefined
        ? sources.filter((source) => !existsSync(join(dirname(inside('dist', map)), source)))
        : []
    })
    expect(maps.length).toBeGreaterThan(0)
    expect(lost).toEqual([])
  })

  test('compiles in a strict program that also checks its declarations', () => {
    const user = join(installed.folder, 'user.ts')
    writeFileSync(user, paths.map((path, i) => `export * as p${i} from '${path}'\n`).join(''))
    const program = ts.createProgram([user], {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2023.d.ts'],
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      types: [],
    })
    const errors = ts.getPreEmitDiagnostics(program).map((d) => {
      const at = d.file === undefined ? '' : `${d.file.fileName}: `
      return at + ts.flattenDiagnosticMessageText(d.messageText, '\n')
    })
    expect(
      errors.filter((error) => error.includes(`node_modules/${manifest.name}/`) || error.includes(user)),
    ).toEqual([])
  })

  test('bundles for a browser', async () => {
    const { errors } = await build({
      stdin: {
        contents: `import * as s from '${manifest.name}'\nexport default s`,
        resolveDir: installed.folder,
      },
      bundle: true,
      write: false,
      platform: 'browser',
      format: 'esm',
      logLevel: 'silent',
    })
    expect(errors).toEqual([])
  })
})

describe.each(nodes)('in plain Node %s', (path) => {
  test.each(alone)('import %s', async (specifier) => {
    const names = await node(
      path,
      '--input-type=module',
      '-e',
      `console.log(Object.keys(await import('${specifier}')).length)`,
    )
    expect(Number(names)).toBeGreaterThan(0)
  })

  test.each(alone)('require %s, where Node can', async (specifier) => {
    const program = `process.features.require_module ? console.log(Object.keys(require('${specifier}')).length) : console.log('cannot')`
    const names = await node(path, '--no-warnings', '--input-type=commonjs', '-e', program)
    if (names.trim() !== 'cannot') expect(Number(names)).toBeGreaterThan(0)
  })

  test('every example of the documentation', async () => {
    const folder = join(installed.folder, 'examples')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'assert.mjs'), ASSERT)
    const programs = allExamples()
      .flatMap(({ examples }) => examples)
      .map(instrument)
      .filter(({ code }) => !code.includes(`'${withVitest}'`))
    programs.forEach(({ code }, i) => {
      const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 }
      const { outputText } = ts.transpileModule(code, { compilerOptions: options })
      writeFileSync(
        join(folder, `example-${i}.mjs`),
        `import { $equal, $throws } from './assert.mjs'\n${outputText}`,
      )
    })
    const all = programs.map((_, i) => `await import('./example-${i}.mjs')\n`).join('')
    writeFileSync(
      join(folder, 'all.mjs'),
      `${all}import { reached } from './assert.mjs'\nconsole.log(reached())\n`,
    )
    const reached = await node(path, join(folder, 'all.mjs'))
    expect(Number(reached)).toBe(programs.reduce((sum, { assertions }) => sum + assertions, 0))
  })

  test('steplaw list', async () => {
    expect(await node(path, bin(), 'list')).toContain('armijo')
  })

  test('steplaw check, with its worker, of a rule that imports the library', async () => {
    writeFileSync(
      join(installed.folder, 'mine.mjs'),
      `import { polyak } from '${manifest.name}'\nexport default { rule: polyak(), claims: [{ claim: 'equivariant' }] }\n`,
    )
    expect(await node(path, bin(), 'check', 'mine.mjs', '--runs', '5')).toMatch(/\b0 refuted\b.*5 cases each/)
  })

  test('steplaw run, with its workers', async () => {
    writeFileSync(join(installed.folder, 'experiment.json'), JSON.stringify(EXPERIMENT))
    const lines = (await node(path, bin(), 'run', 'experiment.json', '--json', '--threads', '2'))
      .trim()
      .split('\n')
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { run: 'halving', k: 0, value: 1, step: 0.25 },
      { run: 'halving', k: 1, value: 0.25, step: 0.25 },
      { run: 'halving', summary: { iterations: 2, train: 0.0625 } },
    ])
  })
})

describe('a test runner', () => {
  test('is not needed, nor loaded, by any other entry', async () => {
    const program = `import('${withVitest}').catch(({ code, message }) => console.log(code, message))`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      cwd: installed.folder,
    })
    expect(paths).toContain(withVitest)
    expect(stdout).toMatch(/^ERR_MODULE_NOT_FOUND Cannot find package 'vitest'/)
  })

  test('that is there runs the laws as tests', async () => {
    const name = 'vitest'
    symlinkSync(join(root, 'node_modules', name), join(installed.folder, 'node_modules', name), 'junction')
    writeFileSync(
      join(installed.folder, 'mine.test.mjs'),
      `import { polyak } from '${manifest.name}'
       import { checkLaws } from '${withVitest}'
       checkLaws('good', polyak(), { runs: 5 })
       checkLaws('negative', () => -1, { runs: 5 })
      `,
    )
    const runner = join(installed.folder, 'node_modules', name, 'vitest.mjs')
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [runner, 'run', '--root', installed.folder, '--reporter=json'],
      { cwd: installed.folder },
    ).catch((error: { readonly stdout: string }) => error)
    const report: {
      readonly testResults: ReadonlyArray<{
        readonly assertionResults: ReadonlyArray<{ readonly fullName: string; readonly status: string }>
      }>
    } = JSON.parse(stdout)
    const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults)
    const failed = tests.filter(({ status }) => status !== 'passed').map(({ fullName }) => fullName)
    expect(tests.map(({ fullName }) => fullName)).toContain('good machine.step')
    expect(failed).toEqual(['negative machine.step'])
  })
})

/** What npm links as `steplaw`. */
const bin = (): string => realpathSync(join(installed.folder, 'node_modules/.bin', manifest.name))

const EXPERIMENT = {
  format: 'steplaw-experiment/1',
  id: 'halving',
  objective: { objective: 'quadratic', A: [[[2]]], b: [[1]] },
  start: 'zeros',
  runs: [{ name: 'halving', rule: { rule: 'constant', step: 0.25 } }],
  iterations: 2,
}

const ASSERT = `import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
let count = 0
export const reached = () => count
export const $equal = (at, actual, expected) => {
  count += 1
  assert.ok(isDeepStrictEqual(actual, expected), at)
}
export const $throws = async (at, run, kind) => {
  count += 1
  await assert.rejects(run, (error) => error.name === kind, at)
}
`
