import type { Method } from '../../optimizer/method.js'
import type { Vector } from '../../problem/oracle.js'
import { countOf, positiveOf, toleranceOf } from '../hypergradient/domain.js'
import type { BilevelConstants, BilevelFacts } from '../problem/problem.js'

/**
 * The constants that {@link maid} has to know; see {@link BilevelFacts}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export type MaidConstants = BilevelConstants

const NAMES: ReadonlyArray<keyof MaidConstants> = [
  'mu',
  'L',
  'upperLipschitzY',
  'upperLipschitzX',
  'inverseHessianLipschitz',
  'crossLipschitz',
  'crossNorm',
]

/**
 * The constants of a problem as {@link maid} needs them.
 *
 * @throws RangeError naming every constant that the problem does not declare; what is unknown is not taken for zero.
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { maidConstants } from 'steplaw/bilevel'
 *
 * const facts = { mu: 1, L: 2, upperLipschitzX: 0, inverseHessianLipschitz: 0, crossLipschitz: 0, crossNorm: 3 }
 * maidConstants({ ...facts, upperLipschitzY: 4 }).crossNorm // => 3
 * maidConstants(facts) // => throws RangeError: constants: upperLipschitzY unknown
 * ```
 */
export const maidConstants = (facts: BilevelFacts): MaidConstants => {
  const { mu, L, upperLipschitzY, upperLipschitzX, inverseHessianLipschitz, crossLipschitz, crossNorm } =
    facts
  if (
    mu === undefined ||
    L === undefined ||
    upperLipschitzY === undefined ||
    upperLipschitzX === undefined ||
    inverseHessianLipschitz === undefined ||
    crossLipschitz === undefined ||
    crossNorm === undefined
  ) {
    const missing = NAMES.filter((name) => facts[name] === undefined)
    throw new RangeError(`constants: ${missing.join(', ')} unknown`)
  }
  return { mu, L, upperLipschitzY, upperLipschitzX, inverseHessianLipschitz, crossLipschitz, crossNorm }
}

/**
 * The parameters of {@link maid}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface MaidParams {
  /** Constants that hold wherever the run goes, or those that hold for all $y$ at one $x$. */
  readonly constants: MaidConstants | ((x: Vector) => MaidConstants)
  /** How $y$ descends $g(x, \cdot)$, begun anew in each solve; by steps of $2 / (L + \mu)$ by default. */
  readonly inner?: (constants: MaidConstants) => Method
  /** The first accuracy $\varepsilon > 0$ of $y$. */
  readonly epsilon: number
  /** The first accuracy $\delta > 0$ of $v$. */
  readonly delta: number
  /** The first trial step $\alpha > 0$. */
  readonly alpha: number
  /** $\eta \in (0, 1)$: the error may be $1 - \eta$ of the hypergradient; 0.5 by default. */
  readonly eta?: number
  /** $\lambda \in (0, \eta)$: what part of $a \|z\|^2$ a step must gain; 0.25 by default. */
  readonly decrease?: number
  /** What a refused step is multiplied by, in $(0, 1)$; 0.5 by default. */
  readonly shrink?: number
  /** What an accepted step is multiplied by for the next trial, $\ge 1$; 10/9 by default. */
  readonly grow?: number
  /** What the accuracies are multiplied by where they do not do, in $(0, 1)$; 0.5 by default. */
  readonly refine?: number
  /** What the accuracies are multiplied by after an accepted step, $\ge 1$; 1.25 by default. */
  readonly relax?: number
  /** The trials of the first line search of an iteration; each further one has one more. 10 by default. */
  readonly backtracks?: number
  /** The most line searches of an iteration; 20 by default. */
  readonly rounds?: number
  /** The most hypergradients of a round; 100 by default. */
  readonly refinements?: number
  /** The most steps of a lower solve; 10000 by default. */
  readonly lowerBudget?: number
  /** Whether $f(x, \cdot)$ is convex, which sharpens the lower bound; false by default. */
  readonly upperConvex?: boolean
  /** Stops, stationary, where $\|z\| + \omega$ is at most this: then $\|\nabla F\|$ is too. 0 by default. */
  readonly tolerance?: number
}

const within = (field: string, x: number, low: number, high: number): number => {
  if (x > low && x < high) return x
  throw new RangeError(`${field}: got ${x}, expected a number between ${low} and ${high}`)
}

const atLeastOne = (field: string, x: number): number => {
  if (x >= 1 && x < Number.POSITIVE_INFINITY) return x
  throw new RangeError(`${field}: got ${x}, expected a finite number >= 1`)
}

const checked = (constants: MaidConstants): MaidConstants => {
  for (const name of NAMES) {
    const x = constants[name]
    if (!(x >= 0 && x < Number.POSITIVE_INFINITY))
      throw new RangeError(`constants.${name}: got ${x}, expected a finite number >= 0`)
  }
  positiveOf('constants.mu', constants.mu)
  if (!(constants.L >= constants.mu))
    throw new RangeError(`constants.L: got ${constants.L}, expected at least mu, ${constants.mu}`)
  return constants
}

/** {@link MaidParams} with its defaults; the constants are those at any point, and seen to be in their domains. */
export type ResolvedMaidParams = Required<Omit<MaidParams, 'constants' | 'inner'>> & {
  readonly constantsAt: (x: Vector) => MaidConstants
}

/** The parameters with their defaults, once they are seen to be in their domains. */
export const resolved = ({
  constants,
  epsilon,
  delta,
  alpha,
  eta = 0.5,
  decrease = 0.25,
  shrink = 0.5,
  grow = 10 / 9,
  refine = 0.5,
  relax = 1.25,
  backtracks = 10,
  rounds = 20,
  refinements = 100,
  lowerBudget = 10000,
  upperConvex = false,
  tolerance = 0,
}: MaidParams): ResolvedMaidParams => {
  const known = typeof constants === 'function' ? null : checked(constants)
  positiveOf('epsilon', epsilon)
  positiveOf('delta', delta)
  positiveOf('alpha', alpha)
  within('eta', eta, 0, 1)
  within('decrease', decrease, 0, eta)
  within('shrink', shrink, 0, 1)
  within('refine', refine, 0, 1)
  atLeastOne('grow', grow)
  atLeastOne('relax', relax)
  countOf('backtracks', backtracks, 1)
  countOf('rounds', rounds, 1)
  countOf('refinements', refinements, 1)
  countOf('lowerBudget', lowerBudget, 0)
  toleranceOf('tolerance', tolerance)
  return {
    constantsAt: (x) =>
      typeof constants === 'function' ? checked(constants(x)) : (known ?? checked(constants)),
    epsilon,
    delta,
    alpha,
    eta,
    decrease,
    shrink,
    grow,
    refine,
    relax,
    backtracks,
    rounds,
    refinements,
    lowerBudget,
    upperConvex,
    tolerance,
  }
}
