import type { Rule } from '../../rule/rule.js'
import { beside, type SolvedMoment, setOut, stride, type Walk } from './travel.js'
import type { SolvedWorld } from './world.js'

/** One path of the tree of samples, with its probability. */
export interface Path {
  readonly probability: number
  readonly moments: ReadonlyArray<SolvedMoment>
}

/** No tree has more leaves than this. */
export const LEAVES = 256

/** The greatest depth at which a tree of $n$ branches has at most `most` leaves, and at most `limit`. */
export const depthOf = (n: number, limit = 8, most = LEAVES): number => {
  let depth = 0
  for (let leaves = n; leaves <= most && depth < limit; leaves *= n) depth += 1
  return depth
}

/**
 * Every run of a rule on single samples drawn uniformly with replacement, $n^K$ paths of probability $n^{-K}$: an expectation
 * over them is exact. None if a run comes to a point that is not finite or where squares underflow.
 */
export const everyPath = (world: SolvedWorld, rule: Rule, depth: number): ReadonlyArray<Path> | null => {
  const n = world.L.length
  interface Node {
    readonly walk: Walk<SolvedWorld>
    readonly moments: ReadonlyArray<SolvedMoment>
  }
  let level: ReadonlyArray<Node> = [{ walk: setOut(world, rule), moments: [] }]
  for (let k = 0; k < depth; k++) {
    const next: Array<Node> = []
    for (const { walk, moments } of level)
      for (let i = 0; i < n; i++) {
        const taken = stride(walk, [i])
        if (taken === null) return null
        next.push({ walk: taken.walk, moments: [...moments, beside(world, taken.moment)] })
      }
    level = next
  }
  return level.map(({ moments }) => ({ probability: 1 / level.length, moments }))
}

/** $\mathbb E[\phi]$ over the paths of a tree. */
export const expectation = (
  paths: ReadonlyArray<Path>,
  phi: (moments: ReadonlyArray<SolvedMoment>) => number,
): number => paths.reduce((sum, { probability, moments }) => sum + probability * phi(moments), 0)
