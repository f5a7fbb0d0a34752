/** Statements held, and seen to refute realistic bugs. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evidenceOf, failureOf } from '../../src/theory/card/seal.js'
import type { Statement } from '../../src/theory/card/statement.js'
import { drawsFor, suffices } from '../evidence.js'
import { readShares, writeShares } from './shares.js'

/** Measured shares are used with a fifth taken off: four times the error of the measurement. */
const least = (share: number): number => 0.8 * share

/** `POWER=5000` in the environment measures the share of every mutant on so many cases and writes it down. */
const measured = Number(process.env.POWER ?? 0)

const measure = <S, C>(statement: Statement<S, C>, subject: S): number => {
  const refuted = fc
    .sample(statement.cases, measured)
    .filter((given) => failureOf(evidenceOf(statement, subject, given)) !== null).length
  return refuted / measured
}

/** No statement is tried on fewer cases, nor on more. */
const FEWEST = 40
const MOST = 1000

/** Holds a statement: every subject satisfies it, every mutant that it names is refuted, and the runs suffice for that. */
export const prove = <S, C>(statement: Statement<S, C>, mutants: { readonly [name: string]: S }): void => {
  const { id, cases, subjects } = statement
  describe(id, () => {
    const shares = readShares()[id] ?? {}
    const runs = Math.max(
      FEWEST,
      ...statement.mutants.map((name) => drawsFor(least(Math.min(0.999, shares[name] ?? 0.999)))),
    )
    it('names its mutants', () => {
      expect(Object.keys(mutants).sort()).toEqual([...statement.mutants].sort())
      expect(statement.mutants.length).toBeGreaterThan(0)
    })
    if (measured > 0) {
      it('is measured', { timeout: 600_000 }, () => {
        const found = Object.fromEntries(
          Object.entries(mutants).map(([name, subject]) => [
            name,
            Number(measure(statement, subject).toFixed(3)),
          ]),
        )
        console.log(id, JSON.stringify(found))
        writeShares(id, found)
      })
    } else
      for (const [name, subject] of Object.entries(mutants))
        it(`refutes ${name}`, { timeout: 60_000 }, () => {
          expect(runs).toBeLessThanOrEqual(MOST)
          expect(suffices(runs, least(shares[name] ?? 0))).toBe(true)
          const refutes = fc.property(
            cases,
            (given) => failureOf(evidenceOf(statement, subject, given)) === null,
          )
          expect(fc.check(refutes, { numRuns: runs, endOnFailure: true }).failed).toBe(true)
        })
    for (const [name, subject] of Object.entries(subjects))
      it(`holds for ${name}`, { timeout: 600_000 }, () => {
        let applied = 0
        const holds = fc.property(cases, (given) => {
          const evidence = evidenceOf(statement, subject, given)
          if (typeof evidence !== 'string' && evidence._tag === 'Compared') applied += 1
          const failure = failureOf(evidence)
          if (failure !== null) throw new Error(JSON.stringify({ failure, given: statement.show(given) }))
        })
        fc.assert(holds, { numRuns: Math.max(runs, measured) })
        expect(applied).toBeGreaterThan(0)
      })
  })
}
