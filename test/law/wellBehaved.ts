/**
 * The laws of generators. A generator is reproducible by its seed, draws only valid values, shrinks only to valid values along
 * paths that end in a minimal one and never come by a value twice, and touches nothing: neither globals nor what it is given
 * nor what it has drawn.
 */
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { xorshift128plus } from 'pure-rand/generator/xorshift128plus'

/** A generator with what is said of it. */
export interface Subject<A> {
  readonly name: string
  readonly make: () => fc.Arbitrary<A>
  readonly valid: (value: A) => boolean
  /** What a value shrinks to in the end if every value will do. */
  readonly minimal: (value: A) => boolean
  /** A size that every shrink makes smaller, where there is one. */
  readonly size?: (value: A) => bigint
  /** Whether parts that a value does not show may shrink too, so that it comes by again. */
  readonly hidesParts?: boolean
  /** Whether values given by a user, as examples, shrink too. */
  readonly takesExamples: boolean
}

type Law = <A>(subject: Subject<A>) => (seed: number) => boolean

const randomOf = (seed: number): fc.Random => new fc.Random(xorshift128plus(seed))

/** Biased towards the simple now and then, as a run of fast-check is. */
const draw = <A>(arbitrary: fc.Arbitrary<A>, seed: number): fc.Value<A> =>
  arbitrary.generate(randomOf(seed), seed % 3 === 0 ? 2 : undefined)

/** Shrinks beyond these are alike, and there may be very many. */
const LOOKED_AT = 20

/** No path is longer: of thousands, the longest had a few hundred steps. */
const LONGEST = 10_000

const shrinks = <A>(arbitrary: fc.Arbitrary<A>, value: fc.Value<A>): ReadonlyArray<fc.Value<A>> => [
  ...arbitrary.shrink(value.value_, value.context).take(LOOKED_AT),
]

const key = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) =>
    typeof v === 'number' && (!Number.isFinite(v) || Object.is(v, -0)) ? `${Object.is(v, -0) ? '-0' : v}` : v,
  )

type Choice = (offered: number) => number

/** Mostly one of the first, which shrink most, so that paths end soon; sometimes any, so that they go everywhere. */
const chance = (seed: number): Choice => {
  const random = randomOf(~seed)
  return (offered) => random.nextInt(0, (random.nextInt(0, 7) === 0 ? offered : Math.min(3, offered)) - 1)
}

const first: Choice = () => 0

/** The values of a path of shrinks and all that were offered on the way, and whether it ended. */
const path = <A>(
  arbitrary: fc.Arbitrary<A>,
  from: fc.Value<A>,
  choose: Choice,
): { readonly along: ReadonlyArray<A>; readonly offered: ReadonlyArray<A>; readonly ended: boolean } => {
  const along = [from.value_]
  const offered: Array<A> = []
  let next = shrinks(arbitrary, from)
  while (next.length > 0 && along.length < LONGEST) {
    offered.push(...next.map(({ value_ }) => value_))
    const chosen = next[choose(next.length)] ?? from
    along.push(chosen.value_)
    next = shrinks(arbitrary, chosen)
  }
  return { along, offered, ended: next.length === 0 }
}

const reproducible: Law =
  ({ make }) =>
  (seed) => {
    const [one, other] = [make(), make()]
    const [a, b, c] = [draw(one, seed), draw(one, seed), draw(other, seed)]
    const values = (v: fc.Value<unknown>) => v.value_
    return (
      [b, c].every((v) => isDeepStrictEqual(v.value_, a.value_)) &&
      isDeepStrictEqual(shrinks(one, a).map(values), shrinks(other, c).map(values)) &&
      isDeepStrictEqual(fc.sample(one, { seed, numRuns: 9 }), fc.sample(other, { seed, numRuns: 9 }))
    )
  }

const drawsValid: Law =
  ({ make, valid }) =>
  (seed) =>
    valid(draw(make(), seed).value_)

const shrinksToValid: Law =
  ({ make, valid }) =>
  (seed) => {
    const arbitrary = make()
    return path(arbitrary, draw(arbitrary, seed), chance(seed)).offered.every(valid)
  }

const shrinksToMinimal: Law =
  ({ make, minimal }) =>
  (seed) => {
    const arbitrary = make()
    const { along, ended } = path(arbitrary, draw(arbitrary, seed), first)
    return ended && along.slice(-1).every(minimal)
  }

const shrinksToSmaller: Law =
  ({ make, size, hidesParts = false }) =>
  (seed) => {
    const arbitrary = make()
    const { along, ended } = path(arbitrary, draw(arbitrary, seed), chance(seed))
    const sizes = size === undefined ? [] : along.map(size)
    return (
      ended &&
      (hidesParts || new Set(along.map(key)).size === along.length) &&
      sizes.every((s, i) => i === 0 || s < (sizes[i - 1] ?? 0n))
    )
  }

/** An example has no history; it shrinks like a value that was drawn, to the same minimal one. */
const shrinksExamples: Law =
  ({ make, minimal, valid, takesExamples }) =>
  (seed) => {
    const arbitrary = make()
    const { value_ } = draw(arbitrary, seed)
    if (!takesExamples) return true
    if (!arbitrary.canShrinkWithoutContext(value_)) return false
    const { along, offered, ended } = path(arbitrary, new fc.Value(value_, undefined), first)
    return ended && along.slice(-1).every(minimal) && offered.every(valid)
  }

const deeplyFrozen = <A>(value: A): A => {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) deeplyFrozen(part)
    Object.freeze(value)
  }
  return value
}

/** What a value frozen through and through shrinks to is the same, and it stays as it was. */
const keepsValues: Law =
  ({ make }) =>
  (seed) => {
    const arbitrary = make()
    const value = draw(arbitrary, seed)
    const before = structuredClone(value.value_)
    const free = shrinks(arbitrary, draw(arbitrary, seed)).map(({ value_ }) => value_)
    const frozen = new fc.Value(deeplyFrozen(value.value_), value.context)
    const same = shrinks(arbitrary, frozen).map(({ value_ }) => value_)
    return isDeepStrictEqual(same, free) && key(before) === key(value.value_)
  }

const globals: ReadonlyArray<object> = [
  globalThis,
  Math,
  JSON,
  Reflect,
  ...[Object, Array, Number, String, Function, Map, Set, Promise, Symbol, BigInt, Float64Array].flatMap(
    (f) => [f, f.prototype as object],
  ),
]

const snapshot = (): ReadonlyArray<ReadonlyArray<unknown>> =>
  globals.map((o) =>
    Reflect.ownKeys(o).flatMap((k) => [k, ...Object.values(Reflect.getOwnPropertyDescriptor(o, k) ?? {})]),
  )

const keepsGlobals: Law =
  ({ make }) =>
  (seed) => {
    const before = snapshot()
    const arbitrary = make()
    path(arbitrary, draw(arbitrary, seed), first)
    const after = snapshot()
    return before.every(
      (values, i) =>
        values.length === after[i]?.length && values.every((v, j) => Object.is(v, after[i]?.[j])),
    )
  }

/** By name. */
export const lawsOfGenerators = {
  'the same seed draws and shrinks the same': reproducible,
  'draws only valid values': drawsValid,
  'shrinks only to valid values': shrinksToValid,
  'shrinks to the minimal value': shrinksToMinimal,
  'shrinks only to smaller values, never in circles': shrinksToSmaller,
  'shrinks examples too, where it says so': shrinksExamples,
  'changes no value that it drew': keepsValues,
  'touches no global': keepsGlobals,
} satisfies { readonly [name: string]: Law }
