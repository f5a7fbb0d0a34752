import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { type Invalid, invalid } from '../../../spec/vocabulary/invalid.js'
import { type BilevelDraw, noDraw } from '../../bilevel/draw.js'
import { type GivenDraws, givenDraws } from '../../bilevel/draws.js'
import type { BilevelProblem } from '../../bilevel/problem/problem.js'
import type { SeededDraws } from '../../problem/draws.js'
import type { Batch } from '../../problem/oracle.js'
import { generator, sample, sampleWithReplacement, uniform } from '../../problem/random.js'
import type { BilevelDrawsSpec } from './bilevelSpec.js'

/** What a run lets fall by chance besides batches. */
export interface Chances {
  /** With which probability the coin of an iteration shows 1, where the method tosses one. */
  readonly coin: number | null
  /** Among how many terms of a series the depth of an iteration is drawn, where it is drawn. */
  readonly depth: number | null
}

export const noChances: Chances = { coin: null, depth: null }

/** The draws of an iteration. */
export type Drawing = (k: number, chances: Chances) => BilevelDraw

/**
 * Draws from a seed: every batch of every kind is drawn by itself, of the seed, the kind and its place, so that a run may be gone on
 * with anywhere, and all methods see the same batches. A level with fewer components than a batch is taken whole.
 */
const seededDraws = ({ batch, replace, seed }: SeededDraws, upper: number, lower: number): Drawing => {
  const pick = (kind: string, components: number): Batch => {
    if (batch >= components) return null
    const draw = replace ? sampleWithReplacement(components, batch) : sample(components, batch)
    return draw(generator(seed, kind))[0]
  }
  const depthOf = (k: number, terms: number): number =>
    sampleWithReplacement(terms, 1)(generator(seed, `depth ${k}`))[0][0] ?? 0
  return (k, { coin, depth }) => {
    const [u] = uniform(generator(seed, `uniform ${k}`))
    return {
      ...noDraw,
      upper: pick(`upper ${k}`, upper),
      lower: (t) => pick(`lower ${k} ${t}`, lower),
      cross: pick(`cross ${k}`, lower),
      hessian: (q) => pick(`hessian ${k} ${q}`, lower),
      depth: depth === null ? O.none : O.some(depthOf(k, depth)),
      probe: pick(`probe ${k}`, lower),
      coin: coin === null ? O.none : O.some(u < coin ? 1 : 0),
      uniform: O.some(u),
    }
  }
}

type Result<A> = E.Either<ReadonlyArray<Invalid>, A>

/** Indices that are no components, and kinds with fewer entries than iterations. */
const misfits = (
  given: GivenDraws,
  { upper, lower }: BilevelProblem,
  iterations: number,
): ReadonlyArray<Invalid> => {
  const short = Object.entries(given).flatMap(([kind, entries]: readonly [string, ReadonlyArray<unknown>]) =>
    entries.length < iterations
      ? [
          invalid(
            `draws.${kind}`,
            `${entries.length} entries`,
            `an entry for each of ${iterations} iterations`,
          ),
        ]
      : [],
  )
  const outside = (
    kind: string,
    batches: ReadonlyArray<ReadonlyArray<number>>,
    components: number,
    at = '',
  ) =>
    batches.flatMap((batch, k) => {
      const odd = batch.findIndex((i) => i >= components)
      const field = `draws.${kind}${at}[${k}]`
      if (batch.length === 0) return [invalid(field, batch, 'at least one index')]
      return odd < 0 ? [] : [invalid(`${field}[${odd}]`, batch[odd], `an index from 0 to ${components - 1}`)]
    })
  const within = (kind: 'lower' | 'hessian') =>
    (given[kind] ?? []).flatMap((batches, k) => outside(kind, batches, lower.components, `[${k}]`))
  return [
    ...short,
    ...outside('upper', given.upper ?? [], upper.components),
    ...within('lower'),
    ...outside('cross', given.cross ?? [], lower.components),
    ...within('hessian'),
    ...outside('probe', given.probe ?? [], lower.components),
  ]
}

/** The draws of an experiment: from a seed, written out, or none. */
export const drawingOf = (
  spec: BilevelDrawsSpec | undefined,
  problem: BilevelProblem,
  iterations: number,
): Result<Drawing> => {
  if (spec === undefined) return E.right(() => noDraw)
  const { upper, lower } = problem
  if ('batch' in spec) {
    const most = Math.max(upper.components, lower.components)
    return spec.batch > most
      ? E.left([invalid('draws.batch', spec.batch, `at most the number of components, ${most}`)])
      : E.right(seededDraws(spec, upper.components, lower.components))
  }
  const errors = misfits(spec, problem, iterations)
  const given = givenDraws(spec)
  return errors.length > 0 ? E.left(errors) : E.right((k) => given(k))
}
