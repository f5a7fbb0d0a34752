import * as t from 'io-ts'
import { MAX_SEED, MIN_SEED } from '../random.js'

/** The codec of the values that pass a test; its name is the test in words. */
export const where = <A>(name: string, is: (u: unknown) => u is A): t.Type<A, unknown, unknown> =>
  new t.Type<A, unknown, unknown>(name, is, (u, c) => (is(u) ? t.success(u) : t.failure(u, c)), t.identity)

export const literal = <T extends string>(value: T): t.Type<T, unknown, unknown> =>
  where(`'${value}'`, (u): u is T => u === value)

const MAX_INTEGER = 2147483647

export const integerFrom = (least: number, greatest = MAX_INTEGER): t.Type<number, unknown, unknown> =>
  where(
    greatest === MAX_INTEGER && least >= 0
      ? `an integer >= ${least}`
      : `an integer from ${least} to ${greatest}`,
    (u): u is number => typeof u === 'number' && Number.isInteger(u) && u >= least && u <= greatest,
  )

export const seed = integerFrom(MIN_SEED, MAX_SEED)

export const flag = where('true or false', t.boolean.is)

export const filePath = where('the path of a file', (u): u is string => typeof u === 'string' && u !== '')

/**
 * The codec of a union that reads by looking at the value first, so that its errors speak of the form that was meant
 * and not of every form there is.
 */
export const oneOf = <A>(
  union: t.Type<A, unknown, unknown>,
  choose: (u: unknown) => t.Decoder<unknown, A>,
): t.Type<A, unknown, unknown> =>
  new t.Type<A, unknown, unknown>(
    union.name,
    union.is,
    (u, context) => choose(u).validate(u, context),
    union.encode,
  )

/** A decoder that reads nothing, and says that `expected` belongs there: in the field `key`, if one is named. */
export const nothing = (expected: string, key?: string, value?: unknown): t.Decoder<unknown, never> => {
  const never: t.Type<never, unknown, unknown> = new t.Type(
    expected,
    (_): _ is never => false,
    (u, c) =>
      key === undefined
        ? t.failure(u, c, expected)
        : t.failure(value, t.appendContext(c, key, never, value), expected),
    t.identity,
  )
  return never
}
