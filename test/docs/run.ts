/** Type-checks the programs of the documentation as a user would compile them, and runs them. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { compileFunction } from 'node:vm'
import ts from 'typescript'
import type { Example, Instrumented } from './extract.js'

const root = join(import.meta.dirname, '../..')

const GLOBALS = `
declare const $equal: (at: string, actual: unknown, expected: unknown) => void
declare const $throws: (at: string, run: () => Promise<unknown>, kind: string, message: string) => Promise<void>
`

/**
 * The errors of each program, in one compilation with this repository's settings; 'steplaw' and its like resolve to
 * the sources, through the package's own exports.
 */
export const typeErrors = (
  programs: ReadonlyArray<{ readonly example: Example; readonly code: string }>,
): ReadonlyArray<ReadonlyArray<string>> => {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root)
  const settings: ts.CompilerOptions = {
    ...options,
    noEmit: true,
    moduleDetection: ts.ModuleDetectionKind.Force,
  }
  const files = new Map(programs.map(({ code }, i) => [join(root, `example-${i}.ts`), code]))
  const globals = join(root, 'example-globals.d.ts')
  const host = ts.createCompilerHost(settings)
  const { getSourceFile, fileExists, readFile } = host
  const text = (path: string): string | undefined => (path === globals ? GLOBALS : files.get(path))
  const program = ts.createProgram([...files.keys(), globals], settings, {
    ...host,
    fileExists: (path) => text(path) !== undefined || fileExists(path),
    readFile: (path) => text(path) ?? readFile(path),
    getSourceFile: (path, language, ...rest) => {
      const own = path === globals ? `${GLOBALS}` : files.get(path)
      return own === undefined
        ? getSourceFile(path, language, ...rest)
        : ts.createSourceFile(path, own, language, true)
    },
  })
  return programs.map(({ example }, i) => {
    const source = program.getSourceFile(join(root, `example-${i}.ts`))
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      (d) => {
        const line = source === undefined ? 0 : source.getLineAndCharacterOfPosition(d.start ?? 0).line
        return `${example.file}:${line + 1} ${ts.flattenDiagnosticMessageText(d.messageText, '\n')}`
      },
    )
  })
}

type Load = (specifier: string) => Promise<unknown>

/** Runs a program and every one of its assertions. Rejects with the first that fails, or when one was not reached. */
export const runExample = async ({ code, assertions }: Instrumented, load: Load): Promise<void> => {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: false,
    },
  })
  const { importedFiles } = ts.preProcessFile(code)
  const modules = new Map<string, unknown>()
  for (const { fileName } of importedFiles) modules.set(fileName, await load(fileName))
  let reached = 0
  const $equal = (at: string, actual: unknown, expected: unknown): void => {
    reached += 1
    try {
      assert.deepStrictEqual(actual, expected)
    } catch (error) {
      throw new Error(`${at} ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const $throws = async (
    at: string,
    run: () => Promise<unknown>,
    kind: string,
    message: string,
  ): Promise<void> => {
    reached += 1
    const outcome = await run().then(
      () => 'nothing',
      (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
    )
    const right = outcome.startsWith(`${kind}: `) && outcome.slice(kind.length + 2).includes(message)
    if (!right) throw new Error(`${at} throws ${outcome}, not ${kind}: ${message}`)
  }
  const run = compileFunction(`return (async () => {${outputText}\n})()`, [
    'require',
    'exports',
    '$equal',
    '$throws',
  ])
  await run((specifier: string) => modules.get(specifier), {}, $equal, $throws)
  assert.equal(reached, assertions, `${assertions - reached} of ${assertions} assertions were not reached`)
}
