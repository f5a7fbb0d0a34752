import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { suffices } from '../evidence.js'
import { seedOf } from '../seed.js'

/** A realistic bug, and the share of draws on which it falsifies the theorem: measured, see {@link prove}. */
export interface Mutant<S> {
  readonly subject: S
  readonly kill: number
}

/** A statement of a subject (a rule, or a way to make one) on generated draws, with the evidence that it has power. */
export interface Theorem<S, D> {
  readonly id: string
  readonly statement: string
  readonly hypotheses: string
  /** What is allowed for rounding, and how it is counted. */
  readonly slack: string
  readonly draws: fc.Arbitrary<D>
  readonly holds: (subject: S) => (draw: D) => boolean
  readonly runs: number
  readonly subjects: { readonly [name: string]: S }
  readonly mutants: { readonly [name: string]: Mutant<S> }
}

/** Measured shares are used with a fifth taken off: four times the error of the measurement, 5,000 to 20,000 draws. */
const least = (kill: number): number => 0.8 * kill

/**
 * `POWER=20000` in the environment measures every mutant's share on so many draws and prints it, and puts as many draws to the
 * subjects.
 */
const measured = Number(process.env.POWER ?? 0)

/** The share of falsified draws, drawn as a run of the suite draws them. */
const share = <S, D>({ draws, holds, runs }: Theorem<S, D>, subject: S): number => {
  let falsified = 0
  let drawn = 0
  while (drawn < measured) {
    const count = fc.property(draws, (draw) => {
      if (!holds(subject)(draw)) falsified += 1
    })
    fc.assert(count, { numRuns: runs, seed: seedOf('fresh') })
    drawn += runs
  }
  return falsified / drawn
}

/** States a theorem: every subject satisfies it, every mutant dies, and the runs suffice for that. */
export const prove = <S, D>(theorem: Theorem<S, D>): void => {
  const { id, statement, draws, holds, runs, subjects, mutants } = theorem
  describe(`${id}: ${statement}`, () => {
    for (const [name, { subject, kill }] of Object.entries(mutants)) {
      if (measured > 0)
        it(`kills ${name}`, { timeout: 600_000 }, () => {
          const found = share(theorem, subject)
          console.log(`${id} | ${name} | ${runs} runs | kill ${found.toFixed(4)} | in table ${kill}`)
        })
      else
        it(`kills ${name}`, () => {
          expect(suffices(runs, least(kill))).toBe(true)
          expect(
            fc.check(fc.property(draws, holds(subject)), { numRuns: runs, endOnFailure: true }).failed,
          ).toBe(true)
        })
    }
    for (const [name, subject] of Object.entries(subjects))
      it(`holds for ${name}`, { timeout: 600_000 }, () => {
        fc.assert(fc.property(draws, holds(subject)), { numRuns: Math.max(runs, measured) })
      })
  })
}
