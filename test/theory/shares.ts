/** The kill matrix of the theorems. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The shares of cases on which a mutant is refuted, by statement and mutant, as they were measured. */
export interface Shares {
  readonly [statement: string]: { readonly [mutant: string]: number }
}

const file = join(import.meta.dirname, 'kill-matrix.json')

export const readShares = (): Shares => JSON.parse(readFileSync(file, 'utf8')) as Shares

/** Writes the matrix down, statements in order. */
export const writeShares = (shares: Shares): void => {
  const ordered = Object.entries(shares).sort(([a], [b]) => (a < b ? -1 : 1))
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(ordered), null, 1)}\n`)
}
