import { fc } from '@fast-check/vitest'
import { type Invalid, showInvalid } from '../../spec/vocabulary/invalid.js'
import type { Dataset } from '../../src/problem/data/dataset.js'
import type { Parsed } from '../../src/problem/data/parsed.js'

/** The value, or a test failure that shows the errors. */
export const right = <T>(parsed: Parsed<T>): T => {
  if (parsed._tag === 'Right') return parsed.right
  throw new Error(`refused: ${parsed.left.map(showInvalid).join('; ')}`)
}

/** The errors, or a test failure that shows the value. */
export const left = (parsed: Parsed<unknown>): ReadonlyArray<Invalid> => {
  if (parsed._tag === 'Left') return parsed.left
  throw new Error(`accepted: ${JSON.stringify(parsed.right).slice(0, 200)}`)
}

/** Where the errors are. */
export const fields = (parsed: Parsed<unknown>): ReadonlyArray<string> => left(parsed).map((e) => e.field)

export const rowsOf = ({
  features: { rows, columns, values },
}: Dataset): ReadonlyArray<ReadonlyArray<number>> =>
  Array.from({ length: rows }, (_, i) => Array.from(values.subarray(i * columns, (i + 1) * columns)))

/** Finite doubles of every size; `-0` is left out, since texts of zero lose its sign. */
export const finite = fc
  .oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: -9, max: 9 }),
    fc.double({ min: -1, max: 1, noNaN: true }),
  )
  .map((x) => x + 0)

/** The ways to write one double. */
export const numeral = (x: number): fc.Arbitrary<string> =>
  fc
    .constantFrom(String(x), x.toExponential(), x.toExponential(20), JSON.stringify(x))
    .chain((text) => fc.constantFrom(text, x > 0 ? `+${text}` : text))

/** A text after a few edits by characters that matter to parsers. */
export const mutated = (text: string, alphabet: string): fc.Arbitrary<string> =>
  fc
    .array(
      fc.record({
        at: fc.nat({ max: Math.max(text.length, 1) }),
        drop: fc.nat({ max: 2 }),
        insert: fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 2 }),
      }),
      { maxLength: 4 },
    )
    .map((edits) =>
      edits.reduce((t, { at, drop, insert }) => t.slice(0, at) + insert + t.slice(at + drop), text),
    )

export const matrix = (
  rows: { readonly min: number; readonly max: number },
  columns: { readonly min: number; readonly max: number },
  entry: fc.Arbitrary<number> = finite,
): fc.Arbitrary<ReadonlyArray<ReadonlyArray<number>>> =>
  fc.integer(columns).chain((n) =>
    fc.array(fc.array(entry, { minLength: n, maxLength: n }), {
      minLength: rows.min,
      maxLength: rows.max,
    }),
  )
