import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { decodeNumber, double, type EncodedNumber } from '../../spec/vocabulary/number.js'

const is = (u: unknown): u is EncodedNumber => E.isRight(double.decode(u))

/** A number kept in a state in its encoded form, so that infinities survive JSON. */
export const encodedNumber: t.Type<EncodedNumber, EncodedNumber, unknown> = new t.Type(
  double.name,
  is,
  (u, c) => (is(u) ? t.success(u) : t.failure(u, c)),
  t.identity,
)

const encodedWhere = (
  holds: (x: number) => boolean,
  name: string,
): t.Type<EncodedNumber, EncodedNumber, unknown> =>
  t.refinement(encodedNumber, (u) => holds(decodeNumber(u)), name)

/** A sum kept in a state: it may have overflown, but it is a number. */
export const encodedSum = encodedWhere((x) => !Number.isNaN(x), 'a number or an infinity')

/** An amount kept in a state: a number in $[0, \infty]$. */
export const encodedAmount = encodedWhere((x) => x >= 0, 'a number in [0, Infinity]')

/** A positive amount kept in a state, which may have overflown. */
export const encodedPositive = encodedWhere((x) => x > 0, 'a number in (0, Infinity]')

/** A length kept in a state: finite and above zero. */
export const length: t.Type<number, number, unknown> = t.refinement(
  t.number,
  (x) => x > 0 && Number.isFinite(x),
  'a finite number > 0',
)
