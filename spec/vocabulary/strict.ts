import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'

type Props = { readonly [key: string]: t.Mixed }

type StrictRecord<R extends Props, O extends Props> = {
  readonly [K in keyof R]: t.TypeOf<R[K]>
} & {
  readonly [K in keyof O]?: t.TypeOf<O[K]>
}

/** Whether a value is an object written with braces: not an array, not null. */
export const isObject = (u: unknown): u is { readonly [key: string]: unknown } =>
  typeof u === 'object' && u !== null && !Array.isArray(u)

/** The value of an object's own field; what it inherits does not count. */
export const own = (u: { readonly [key: string]: unknown }, key: string): unknown =>
  Object.hasOwn(u, key) ? u[key] : undefined

/**
 * The codec of an object that has these fields and no others. `t.strict` drops unknown keys in silence; a misspelt
 * option would then be an option not taken. Here it is an error that names the known ones.
 */
export const strict = <R extends Props, O extends Props = Record<never, never>>(
  name: string,
  required: R,
  optional?: O,
): t.Type<StrictRecord<R, O>, { readonly [key: string]: unknown }, unknown> => {
  type A = StrictRecord<R, O>
  const fields: Props = { ...optional, ...required }
  const known = Object.keys(fields)
  const is = (u: unknown): u is A =>
    isObject(u) &&
    Object.keys(u).every((key) => known.includes(key)) &&
    Object.entries(required).every(([key, codec]) => codec.is(own(u, key))) &&
    Object.entries(optional ?? {}).every(([key, codec]) => own(u, key) === undefined || codec.is(u[key]))
  return new t.Type<A, { readonly [key: string]: unknown }, unknown>(
    name,
    is,
    (u, context) => {
      if (!isObject(u)) return t.failure(u, context, name)
      const errors: Array<t.ValidationError> = Object.keys(u)
        .filter((key) => !known.includes(key))
        .map((key) => ({
          value: u[key],
          context: t.appendContext(context, key, t.never),
          message: `no such field (${name} has ${known.join(', ')})`,
        }))
      const decoded: { [key: string]: unknown } = {}
      for (const [key, codec] of Object.entries(fields)) {
        const value = own(u, key)
        if (value === undefined && !Object.hasOwn(required, key)) continue
        const result = codec.validate(value, t.appendContext(context, key, codec, value))
        if (E.isLeft(result)) errors.push(...result.left)
        else decoded[key] = result.right
      }
      if (errors.length > 0) return t.failures(errors)
      return is(decoded) ? t.success(decoded) : t.failure(u, context, name)
    },
    (a) => {
      const source: { readonly [key: string]: unknown } = a
      return Object.fromEntries(
        Object.entries(fields)
          .filter(([key]) => source[key] !== undefined)
          .map(([key, codec]) => [key, codec.encode(source[key])]),
      )
    },
  )
}

/** The codec of a union whose members are told apart by the field `tagKey`; errors are those of the member named. */
export const tagged = <M extends { readonly [tag: string]: t.Mixed }>(
  tagKey: string,
  name: string,
  members: M,
): t.Type<t.TypeOf<M[keyof M]>, unknown, unknown> => {
  type A = t.TypeOf<M[keyof M]>
  const memberOf = (u: unknown): t.Mixed | undefined => {
    const tag = isObject(u) ? own(u, tagKey) : undefined
    return typeof tag === 'string' && Object.hasOwn(members, tag) ? members[tag] : undefined
  }
  return new t.Type<A, unknown, unknown>(
    name,
    (u): u is A => memberOf(u)?.is(u) ?? false,
    (u, context) => {
      if (!isObject(u)) return t.failure(u, context)
      const member = memberOf(u)
      return member === undefined
        ? t.failures([
            {
              value: own(u, tagKey),
              context: t.appendContext(context, tagKey, t.string),
              message: `one of ${Object.keys(members).join(', ')}`,
            },
          ])
        : member.validate(u, context)
    },
    (a) => {
      const member = memberOf(a)
      if (member === undefined) throw new TypeError(`not ${name}`)
      return member.encode(a)
    },
  )
}
