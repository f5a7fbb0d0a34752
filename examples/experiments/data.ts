/**
 * The data of the experiments: files in LIBSVM form where they are at hand, else two of the built-in digits.
 *
 * The files are looked for in the folder that the environment variable `STEPLAW_DATA` names, or in `examples/data`: `a1a.gz` and
 * `w8a.gz`, as the LIBSVM collection has them, packed with gzip.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { DataSpec } from 'steplaw'

const folder = process.env.STEPLAW_DATA ?? join(import.meta.dirname, '..', 'data')

/** A file of the collection, or the digits 3 and 8; and what it is, in words. */
export const twoClasses = (name: string): { readonly data: DataSpec; readonly words: string } => {
  const file = resolve(folder, `${name}.gz`)
  return existsSync(file)
    ? { data: { as: 'libsvm', file, bias: true }, words: name }
    : {
        data: { as: 'mnist', only: [3, 8], bias: true },
        words: `the digits 3 and 8 (${name}.gz is not at hand)`,
      }
}
