import * as E from 'fp-ts/lib/Either.js'
import { type Invalid, invalid } from '../../../spec/vocabulary/invalid.js'
import { isObject } from '../../../spec/vocabulary/strict.js'

/** What is known of the pieces of a run: which were built in a module, and how they become data. */
interface Pieces {
  readonly isBuilt: (u: unknown) => boolean
  readonly asData: (u: unknown) => unknown
}

/** `rule.of[1].step` and `rule.of.1.step` are the same path. */
const keysOf = (path: string): ReadonlyArray<string> => path.replaceAll(/\[(\d+)\]/g, '.$1').split('.')

/** The same value with the place at `keys` replaced; undefined if there is no such place. */
const replaced = (
  u: unknown,
  [key, ...rest]: ReadonlyArray<string>,
  value: unknown,
  isBuilt: Pieces['isBuilt'],
): unknown => {
  if (key === undefined) return value
  if (Array.isArray(u)) {
    const inner =
      /^\d+$/.test(key) && Number(key) < u.length ? replaced(u[Number(key)], rest, value, isBuilt) : undefined
    return inner === undefined ? undefined : u.map((x: unknown, i) => (i === Number(key) ? inner : x))
  }
  if (!isObject(u) || isBuilt(u) || key === '__proto__') return undefined
  if (rest.length > 0 && !Object.hasOwn(u, key)) return undefined
  const inner = replaced(u[key], rest, value, isBuilt)
  return inner === undefined ? undefined : { ...u, [key]: inner }
}

interface Swept {
  readonly raw: unknown
  readonly values: ReadonlyArray<readonly [path: string, value: unknown]>
}

/** The fields that a module may give as a function of the swept value. */
const made = ['rule', 'method'] as const

/**
 * In a module the rule or the method may be a function of the swept value, under whatever name it has in the sweep; or of two, one
 * after the other.
 */
const applied = (raw: unknown, path: string, value: unknown, asData: Pieces['asData']): unknown => {
  if (!isObject(raw) || /^(direction|wrapper)\b/.test(path)) return undefined
  const field = made.find((name) => typeof raw[name] === 'function')
  const make = field === undefined ? undefined : raw[field]
  return field === undefined || typeof make !== 'function'
    ? undefined
    : { ...raw, [field]: asData(make(value)) }
}

/** Every combination of the swept values, the last path varying fastest. */
export const spread = (
  raw: { readonly [key: string]: unknown },
  sweep: { readonly [path: string]: ReadonlyArray<unknown> },
  at: string,
  { isBuilt, asData }: Pieces,
): E.Either<ReadonlyArray<Invalid>, ReadonlyArray<Swept>> => {
  let grid: ReadonlyArray<Swept> = [{ raw, values: [] }]
  for (const [path, values] of Object.entries(sweep)) {
    const field = `${at}.sweep.${path}`
    if (values.length === 0) return E.left([invalid(field, values, 'a non-empty array of values')])
    const next: Array<Swept> = []
    for (const point of grid)
      for (const value of values) {
        const set =
          applied(point.raw, path, value, asData) ??
          (path === 'name' ? undefined : replaced(point.raw, keysOf(path), value, isBuilt))
        if (set === undefined) return E.left([invalid(field, path, `a path in the run, such as rule.step`)])
        next.push({ raw: set, values: [...point.values, [path, value]] })
      }
    grid = next
  }
  return E.right(grid)
}

/** The names of swept values: the last words of their paths, which nearly always are enough. */
const namesOf = (values: Swept['values']): ReadonlyArray<string> => {
  const words = values.map(([path]) => keysOf(path).at(-1) ?? path)
  return new Set(words).size === words.length ? words : values.map(([path]) => path)
}

/** Swept values as the end of the name of a run. */
export const labelOf = (values: Swept['values']): string => {
  const names = namesOf(values)
  return values
    .map(([, value], i) => {
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
      return `${names[i]}=${text}`
    })
    .join(', ')
}

/** Two swept numbers by name; null unless there are two. */
export const pairOf = (values: Swept['values']): { readonly [name: string]: number } | null => {
  const names = namesOf(values)
  const entries = values.flatMap(([, value], i) =>
    typeof value === 'number' ? [[names[i] ?? '', value] as const] : [],
  )
  return values.length === 2 && entries.length === 2 ? Object.fromEntries(entries) : null
}
