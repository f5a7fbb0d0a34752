import fc from 'fast-check'
import type { Json } from 'steplaw/spec'

/** Values that stand where others should. */
const odd: ReadonlyArray<Json> = [
  null,
  true,
  0,
  -1,
  1,
  2,
  0.5,
  1e300,
  5e-324,
  'NaN',
  'Infinity',
  '-Infinity',
  '-0',
  'lowerBound',
  'never',
  '1',
  '',
  [],
  {},
  { rule: 'never' },
  [{ rule: 'never' }],
  { rule: 'constructor' },
]

const names = ['rule', 'of', 'step', 'c', 'k', 'value', 'extra', 'constructor', '__proto__', 'toString']

type Path = ReadonlyArray<string | number>

const isList = (u: Json): u is ReadonlyArray<Json> => Array.isArray(u)
const isRecord = (u: Json): u is { readonly [key: string]: Json } =>
  typeof u === 'object' && u !== null && !Array.isArray(u)

const paths = (u: Json): ReadonlyArray<Path> => [
  [],
  ...(isList(u) ? u.flatMap((v, i) => paths(v).map((path): Path => [i, ...path])) : []),
  ...(isRecord(u) ? Object.entries(u).flatMap(([k, v]) => paths(v).map((path): Path => [k, ...path])) : []),
]

const at = (u: Json, path: Path, f: (v: Json) => Json): Json => {
  const [head, ...rest] = path
  if (head === undefined) return f(u)
  if (isList(u)) return u.map((v, i) => (i === head ? at(v, rest, f) : v))
  // From entries, so that the name __proto__ makes a field like any other.
  if (isRecord(u))
    return Object.fromEntries(Object.entries(u).map(([k, v]) => [k, k === head ? at(v, rest, f) : v]))
  return u
}

type Damage = (v: Json) => Json

const damages: fc.Arbitrary<Damage> = fc.oneof(
  fc.constantFrom(...odd).map(
    (value): Damage =>
      () =>
        value,
  ),
  // The edges of what is allowed, more often than the rest.
  fc.constantFrom<Json>(0, 1, []).map(
    (value): Damage =>
      () =>
        value,
  ),
  fc.tuple(fc.constantFrom(...names), fc.constantFrom(...odd)).map(
    ([name, value]): Damage =>
      (v) =>
        isRecord(v) ? Object.fromEntries([...Object.entries(v), [name, value]]) : v,
  ),
  fc.nat().map(
    (n): Damage =>
      (v) =>
        isRecord(v)
          ? Object.fromEntries(Object.entries(v).filter((_, i, all) => i !== n % all.length))
          : isList(v)
            ? v.filter((_, i) => i !== n % v.length)
            : v,
  ),
  fc.constant<Damage>((v) => [v]),
)

/** A JSON value with a fault or two somewhere in it; now and then the fault does no harm. */
export const damaged = (whole: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  whole.chain((u) => {
    const places = paths(u)
    const fault = fc.tuple(fc.constantFrom(...places), damages)
    return fc
      .array(fault, { minLength: 1, maxLength: 2 })
      .map((faults) => faults.reduce((v, [path, f]) => at(v, path, f), u))
  })
