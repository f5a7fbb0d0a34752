import type fc from 'fast-check'
import { quadraticWorlds } from '../world/quadratic.js'
import { everyComponent, type Journey, type SolvedWorld } from '../world/world.js'

/**
 * Strongly convex worlds whose constants are within a factor of four of each other: where bounds that hold of the worst case are
 * sharp enough to refute a rule that hardly moves.
 */
export const wellConditioned = (): fc.Arbitrary<SolvedWorld> =>
  quadraticWorlds({ stronglyConvex: true }).filter(({ L, mu }) => Math.max(...L) <= 4 * Math.min(...mu))

/** The deterministic method for so many iterations. */
export const wholeFor =
  (iterations: number) =>
  (world: SolvedWorld): Journey<SolvedWorld> => ({
    world,
    batches: Array.from({ length: iterations }, () => everyComponent(world)),
  })
