import * as t from 'io-ts'
import { decodeNumber, type EncodedNumber, encodeNumber } from '../../spec/vocabulary/number.js'
import { encodedAmount } from './encodedNumber.js'
import { type Outcome, step } from './outcome.js'

/** What an adaptive step remembers: its constant $c$, the sum of amounts, and its least step; null before the first. */
export type Adaptive = [c: EncodedNumber, sum: EncodedNumber, least: EncodedNumber] | null

/** The codec of {@link Adaptive}. */
export const adaptive: t.Type<Adaptive, Adaptive, unknown> = t.union([
  t.null,
  t.tuple([encodedAmount, encodedAmount, encodedAmount]),
])

/**
 * One step of AdaSPS and AdaSLS: the first amount $w_0$ sets $c = \text{scale}/\sqrt{w_0}$, amounts add up to $S$, and the step
 * is the least so far of `ratio(c, sqrt(S))`.
 */
export const adapt = (
  own: Adaptive,
  scale: number,
  amount: number,
  ratio: (c: number, root: number) => number,
): readonly [Adaptive, Outcome] => {
  const [c, before, least] =
    own === null
      ? [scale / Math.sqrt(amount), 0, Number.POSITIVE_INFINITY]
      : [decodeNumber(own[0]), decodeNumber(own[1]), decodeNumber(own[2])]
  const sum = before + amount
  const eta = Math.min(least, ratio(c, Math.sqrt(sum)))
  return [[encodeNumber(c), encodeNumber(sum), encodeNumber(eta)], step(eta)]
}
