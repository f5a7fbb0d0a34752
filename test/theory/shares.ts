/** The part of the kill matrix that is about theorems. */
import { type KillMatrix, readMatrix, writeMatrix } from '../law/matrix.js'

/** The shares of cases on which a mutant is refuted, by statement and mutant, as they were measured. */
export type Shares = KillMatrix['theorems']

export const readShares = (): Shares => readMatrix().theorems

/** Writes the shares of one statement down, statements in order. */
export const writeShares = (statement: string, shares: Shares[string]): void => {
  const matrix = readMatrix()
  const ordered = Object.entries({ ...matrix.theorems, [statement]: shares }).sort(([a], [b]) =>
    a < b ? -1 : 1,
  )
  writeMatrix({ ...matrix, theorems: Object.fromEntries(ordered) })
}
