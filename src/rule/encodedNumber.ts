import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { double, type EncodedNumber } from '../../spec/vocabulary/number.js'

const is = (u: unknown): u is EncodedNumber => E.isRight(double.decode(u))

/** A number kept in a state in its encoded form, so that infinities survive JSON. */
export const encodedNumber: t.Type<EncodedNumber, EncodedNumber, unknown> = new t.Type(
  double.name,
  is,
  (u, c) => (is(u) ? t.success(u) : t.failure(u, c)),
  t.identity,
)
