/** How a row of the table of power is written and measured (power.ts). */
import fc from 'fast-check'

/** A row of the table. */
export interface Power {
  /** The generator, as it is called. */
  readonly generator: string
  /** What it is asked to refute, in words and formulas. */
  readonly statement: string
  /** The fault that the statement stands for, or why it is true. */
  readonly reason: string
  /** The share of draws that refute it, within {@link WITHIN}; 0 where it is true. */
  readonly share: number
  /** The share of draws made of `fc.double()`; null where there is nothing to compare. */
  readonly double: number | null
}

/** How far from the truth a share in the table is at most. */
export const WITHIN = 0.01

/** Counts the draws that refute. */
export type Count = (draws: number, seed?: number) => number

/** A row with what measures it. */
export interface Measured {
  readonly row: Power
  readonly count: Count
  readonly countDouble: Count | null
}

const countOf =
  <D>(arbitrary: fc.Arbitrary<D>, holds: (draw: D) => boolean): Count =>
  (numRuns, seed) =>
    fc.sample(arbitrary, { numRuns, ...(seed === undefined ? {} : { seed }) }).filter((d) => !holds(d)).length

export type Statement<D> = Omit<Power, 'generator' | 'double'> & {
  readonly double?: number
  readonly holds: (draw: D) => boolean
}

export const rowsOf = <D>(
  generator: string,
  drawn: fc.Arbitrary<D>,
  doubles: fc.Arbitrary<D> | null,
  statements: ReadonlyArray<Statement<D>>,
): ReadonlyArray<Measured> =>
  statements.map(({ holds, double = 0, ...said }) => ({
    row: { generator, ...said, double: doubles === null ? null : double },
    count: countOf(drawn, holds),
    countDouble: doubles === null ? null : countOf(doubles, holds),
  }))

/** NaN is NaN, and -0 is 0: otherwise `fc.double()` refutes what nobody stated. */
export const same = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b))
