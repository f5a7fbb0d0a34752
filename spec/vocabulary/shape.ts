import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { contains, decay, describe, type NumberField, scalarSchema } from './field.js'
import type { Json } from './json.js'
import { double, encodeNumber } from './number.js'
import { isObject, own, strict, tagged } from './strict.js'

type Schema = { readonly [key: string]: Json }

/** What a value of a file looks like: how it is read and written, and the JSON Schema that says the same. */
export interface Shape<A> {
  readonly codec: t.Type<A, unknown, unknown>
  readonly schema: Schema
  /** What stands for it where it is left out, as written; without one it must be there. */
  readonly fallback?: Json
}
interface AnyShape {
  readonly codec: t.Mixed
  readonly schema: Schema
  readonly fallback?: Json
}
type Fields = { readonly [name: string]: AnyShape }
type Codecs<F extends Fields> = { readonly [K in keyof F]: F[K]['codec'] }
type Read<F extends Fields> = { readonly [K in keyof F]: t.TypeOf<F[K]['codec']> }

/** The codecs of fields. */
// The keys are those of the fields; TypeScript can not follow a map over them.
export const codecs = <F extends Fields>(fields: F): Codecs<F> =>
  Object.fromEntries(Object.entries(fields).map(([key, { codec }]) => [key, codec])) as Codecs<F>

/** The schemas of fields. */
export const schemasOf = (fields: Fields): Schema =>
  Object.fromEntries(Object.entries(fields).map(([key, { schema }]) => [key, schema]))

/** A number of the domain of a field; `-0` reads as `0` where the domain holds zero. */
export const number = (f: NumberField): Shape<number> => {
  const is = (u: unknown): u is number => typeof u === 'number' && contains(f.interval, u)
  return {
    codec: new t.Type<number, Json, unknown>(
      describe(f),
      is,
      (u, context) => {
        const read = double.decode(u)
        const value = read._tag === 'Right' ? read.right + 0 : u
        return is(value) ? t.success(value) : t.failure(u, context)
      },
      encodeNumber,
    ),
    schema: { description: describe(f), ...scalarSchema(f) },
    ...(f.default === undefined ? {} : { fallback: encodeNumber(f.default) }),
  }
}

/** A number in $[0, 1)$. */
export const share = number(decay())

/** True or false. */
export const truth = (fallback: boolean): Shape<boolean> => ({
  codec: new t.Type('true or false', t.boolean.is, t.boolean.validate, t.identity),
  schema: { type: 'boolean', default: fallback },
  fallback,
})

/** The word that tells one record from another. */
export const tag = <W extends string>(one: W): Shape<W> => ({
  codec: t.literal(one),
  schema: { const: one },
})

/** One of a few words or numbers. */
export const among = <W extends string | number>(...options: ReadonlyArray<W>): Shape<W> => {
  const is = (u: unknown): u is W => options.some((it) => it === u)
  return {
    codec: new t.Type<W, unknown, unknown>(
      options.map((it) => JSON.stringify(it)).join(' or '),
      is,
      (u, context) => (is(u) ? t.success(u) : t.failure(u, context)),
      t.identity,
    ),
    schema: { enum: options },
  }
}

/** Any text. */
export const text: Shape<string> = { codec: t.string, schema: { type: 'string' } }

/** A shape that another file of schemas describes. */
export const elsewhere = <A>(codec: t.Type<A, unknown, unknown>, file: string): Shape<A> => ({
  codec,
  schema: { $ref: file },
})

/** The same shape, which may be left out; `fallback`, as written, then stands for it. */
export const or = <A>({ codec, schema }: Shape<A>, fallback: Json): Shape<A> => ({
  codec,
  schema: { ...schema, default: fallback },
  fallback,
})

/** Any double; schemas with one keep {@link numberSchema} among their definitions. */
export const anyNumber: Shape<number> = { codec: double, schema: { $ref: '#/$defs/number' } }
export const numberSchema: Schema = {
  anyOf: [{ type: 'number' }, { enum: ['NaN', 'Infinity', '-Infinity', '-0'] }],
}

/** A list. */
export const listOf = <A>(each: Shape<A>, name: string): Shape<ReadonlyArray<A>> => ({
  codec: t.readonlyArray(each.codec, name),
  schema: { type: 'array', items: each.schema },
})

/** A list of one at least. */
export const someOf = <A>(each: Shape<A>, name: string): Shape<ReadonlyArray<A>> => {
  const list = t.readonlyArray(each.codec, name)
  return {
    codec: t.refinement(list, (all) => all.length > 0, name),
    schema: { type: 'array', items: each.schema, minItems: 1 },
  }
}

export const vector = listOf(anyNumber, 'an array of numbers')
export const matrix = listOf(vector, 'an array of rows')
/** An integer from 0 that names a component. */
export const index: Shape<number> = {
  codec: t.refinement(t.number, (n) => Number.isSafeInteger(n) && n >= 0, 'an integer >= 0'),
  schema: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
}

/** A record of these fields and no others: those with a fallback are filled in, the optional ones stay away. */
export const record = <F extends Fields, O extends Fields = Record<never, never>>(
  name: string,
  fields: F,
  optional?: O,
): Shape<Read<F> & Partial<Read<O>>> => {
  type A = Read<F> & Partial<Read<O>>
  const whole = strict(name, codecs(fields), optional === undefined ? undefined : codecs(optional))
  const fallbacks = Object.entries(fields).flatMap(([key, { fallback }]) =>
    fallback === undefined ? [] : [[key, fallback] as const],
  )
  const filled = (u: { readonly [key: string]: unknown }): unknown => ({
    ...u,
    ...Object.fromEntries(fallbacks.filter(([key]) => own(u, key) === undefined)),
  })
  return {
    codec: new t.Type<A, unknown, unknown>(
      name,
      (u): u is A => whole.is(u),
      (u, context) => {
        const read = whole.validate(isObject(u) ? filled(u) : u, context)
        // The fields of `strict` are those of the shapes, one by one.
        return E.map((a) => a as A)(read)
      },
      (a) => whole.encode(a),
    ),
    schema: {
      type: 'object',
      properties: { ...schemasOf(fields), ...schemasOf(optional ?? {}) },
      required: Object.keys(fields).filter((key) => fields[key]?.fallback === undefined),
      additionalProperties: false,
    },
  }
}

/** One of several records told apart by the field `tagKey`; errors are those of the one named. */
export const oneOf = <M extends Fields>(
  tagKey: string,
  name: string,
  members: M,
): Shape<t.TypeOf<M[keyof M]['codec']>> => ({
  codec: tagged(tagKey, name, codecs(members)),
  schema: { oneOf: Object.values(members).map(({ schema }) => schema) },
})

/** The values of a shape that meet a demand which spans several fields; the complaint names the field `at`. */
export const refined = <A>(
  { codec, schema }: Shape<A>,
  meets: (a: A) => boolean,
  [at, field]: readonly [string, (a: A) => unknown],
  expected: string,
  demand: Schema,
): Shape<A> => {
  const is = (u: unknown): u is A => codec.is(u) && meets(u)
  return {
    codec: new t.Type<A, unknown, unknown>(
      codec.name,
      is,
      (u, context) => {
        const read = codec.validate(u, context)
        if (read._tag === 'Left' || meets(read.right)) return read
        return t.failures([
          { value: field(read.right), context: t.appendContext(context, at, codec), message: expected },
        ])
      },
      codec.encode,
    ),
    schema: { allOf: [schema, demand] },
  }
}

/** What is read in a first shape, completed by what follows from its other fields. */
export const completed = <A, B>(given: Shape<A>, whole: Shape<B>, complete: (a: A) => B): Shape<B> => ({
  codec: new t.Type<B, unknown, unknown>(
    whole.codec.name,
    whole.codec.is,
    (u, context) => E.map(complete)(given.codec.validate(u, context)),
    whole.codec.encode,
  ),
  schema: given.schema,
})

/** The file of schemas for one of several records, and what else they refer to. */
export const schemaFile = (title: string, members: Fields, shared: Schema = {}): Schema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title,
  oneOf: Object.keys(members).map((name) => ({ $ref: `#/$defs/${name}` })),
  $defs: { number: numberSchema, ...shared, ...schemasOf(members) },
})
