import * as E from 'fp-ts/lib/Either.js'
import type { Json } from '../vocabulary/json.js'
import { double } from '../vocabulary/number.js'
import { isObject } from '../vocabulary/strict.js'

/**
 * What an implementation answers to a case: its outputs by name, in the encoding of the standard.
 *
 * @category Standard
 * @since 0.1.0
 */
export type Outputs = { readonly [name: string]: Json }

/**
 * How far an actual number may be from the expected one.
 *
 * @category Standard
 * @since 0.1.0
 */
export interface Tolerance {
  readonly relative: number
  readonly absolute: number
}

/**
 * The first place where an output deviates.
 *
 * @category Standard
 * @since 0.1.0
 */
export interface Deviation {
  readonly output: string
  /** The first index of the place: the iteration, for outputs listed by iteration. */
  readonly iteration: number | null
  readonly path: ReadonlyArray<number | string>
  readonly expected: Json | undefined
  readonly actual: Json | undefined
}

const exactOutputs = [
  'probes',
  'lowerProbes',
  'count',
  'lowerIterations',
  'cgIterations',
  'exact',
  'status',
  'valid',
]

/** `Right(x)` if the value stands for a number. A plain string such as `"completed"` does not. */
const asNumber = (u: Json | undefined): E.Either<unknown, number> => double.decode(u)

const close = (actual: number, expected: number, { relative, absolute }: Tolerance): boolean =>
  actual === expected ||
  (Number.isNaN(actual) && Number.isNaN(expected)) ||
  (Number.isFinite(actual) &&
    Number.isFinite(expected) &&
    Math.abs(actual - expected) <= absolute + relative * Math.abs(expected))

type Place = {
  readonly path: ReadonlyArray<number | string>
  readonly expected: Json | undefined
  readonly actual: Json | undefined
}

const differ = (
  expected: Json | undefined,
  actual: Json | undefined,
  tolerance: Tolerance,
): Place | undefined => {
  const here: Place = { path: [], expected, actual }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return here
    const length = Math.max(expected.length, actual.length)
    for (let i = 0; i < length; i++) {
      const place =
        i >= expected.length || i >= actual.length
          ? { path: [], expected: expected[i], actual: actual[i] }
          : differ(expected[i], actual[i], tolerance)
      if (place !== undefined) return { ...place, path: [i, ...place.path] }
    }
    return undefined
  }
  const e = asNumber(expected)
  if (E.isRight(e)) {
    const a = asNumber(actual)
    return E.isRight(a) && close(a.right, e.right, tolerance) ? undefined : here
  }
  if (isObject(expected)) {
    if (!isObject(actual)) return here
    for (const [key, value] of Object.entries(expected)) {
      const place = differ(value, actual[key] as Json | undefined, tolerance)
      if (place !== undefined) return { ...place, path: [key, ...place.path] }
    }
    return undefined
  }
  return expected === actual ? undefined : here
}

/**
 * Compares outputs with what a case expects, by the rules of the standard, chapter Numbers: numbers within the tolerance,
 * everything else exactly; more outputs than expected may be there.
 *
 * @returns the deviation at the earliest iteration, or null.
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { compareOutputs } from 'steplaw/spec'
 *
 * const tolerance = { relative: 1e-11, absolute: 0 }
 * compareOutputs({ step: [1, null] }, { step: [1 + 1e-13, null], probes: [0, 0] }, tolerance) // => null
 * compareOutputs({ step: [1, null] }, { step: [1, 2] }, tolerance)?.iteration // => 1
 * ```
 */
export const compareOutputs = (expect: Outputs, actual: Outputs, tolerance: Tolerance): Deviation | null => {
  const deviations = Object.entries(expect).flatMap(([output, expected]): ReadonlyArray<Deviation> => {
    const exact = exactOutputs.includes(output)
    const place = differ(expected, actual[output], exact ? { relative: 0, absolute: 0 } : tolerance)
    if (place === undefined) return []
    const [first] = place.path
    return [{ output, iteration: typeof first === 'number' ? first : null, ...place }]
  })
  const at = (d: Deviation): number => d.iteration ?? Number.POSITIVE_INFINITY
  return deviations.reduce<Deviation | null>(
    (best, d) => (best === null || at(d) < at(best) ? d : best),
    null,
  )
}
