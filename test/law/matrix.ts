/** The kill matrix: of how many drawn cases each law refutes each faulty library. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { allLaws, type Law } from 'steplaw/laws'
import { type Faulty, faulty } from './mutants.js'

/** The number of cases each law is tried on in a run of the suite. */
export const runs = 500

/** The shares of refuting cases by law and mutant, as they were measured. */
export interface KillMatrix {
  /** Drawn for each pair of a law and a mutant that it must kill. */
  readonly draws: number
  /** Drawn for every other pair. */
  readonly otherDraws: number
  readonly shares: { readonly [law: string]: { readonly [mutant: string]: number } }
  /** The same of the statements of theorems, each on as many problems as were worth it, and the mutants of its own. */
  readonly theorems: { readonly [statement: string]: { readonly [mutant: string]: number } }
}

const file = join(import.meta.dirname, 'kill-matrix.json')

export const readMatrix = (): KillMatrix => JSON.parse(readFileSync(file, 'utf8')) as KillMatrix

/** Writes the matrix down. */
export const writeMatrix = (matrix: KillMatrix): void =>
  writeFileSync(file, `${JSON.stringify(matrix, null, 1)}\n`)

/** How many of `draws` cases refute a law for a faulty library; to throw is to be refuted. */
export const refutations = (law: Law, { kit }: Faulty, draws: number): number =>
  fc.sample(law.given, draws).filter((given) => {
    try {
      return law.violation(kit, kit.compile(given.a), given) !== null
    } catch {
      return true
    }
  }).length

/** Measures every cell and writes the matrix down. */
export const measureMatrix = (draws: number): void => {
  const otherDraws = Math.ceil(draws / 10)
  const shares = Object.fromEntries(
    allLaws.map((law) => [
      law.id,
      Object.fromEntries(
        faulty.map((mutant) => {
          const n = law.mutants.includes(mutant.id) ? draws : otherDraws
          return [mutant.id, Number((refutations(law, mutant, n) / n).toFixed(3))]
        }),
      ),
    ]),
  )
  writeMatrix({ draws, otherDraws, shares, theorems: readMatrix().theorems })
}
