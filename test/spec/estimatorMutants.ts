/** Estimators of the hypergradient with one realistic fault each. */
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Vector } from 'steplaw'
import {
  type BilevelProblem,
  bilevelImplementation,
  bilevelProblemOf,
  type Estimator,
  givenDraws,
  type Unsolved,
} from 'steplaw/bilevel'
import type { Implementation } from 'steplaw/spec'
import { solveByConjugateGradients } from '../../src/bilevel/hypergradient/cg.js'
import { implicit, type LinearSolution } from '../../src/bilevel/hypergradient/implicit.js'
import { type Asking, askHessian, type Pair } from '../../src/bilevel/oracle.js'
import { compileEstimator } from '../../src/bilevel/standard/estimator.js'
import { norm } from '../../src/numeric/index.js'
import { encodeVector } from '../../src/optimizer/vector.js'
import { chain, done, map } from '../../src/program/program.js'
import { type Estimate, estimating, mistaking, plus } from './levelFaults.js'
import type { Mutant } from './mutants.js'

type Expr<K extends Estimate['estimator']['estimator']> = Extract<
  Estimate['estimator'],
  { readonly estimator: K }
>

const inEstimates = (fault: string, clause: string, implementation: Implementation): Mutant => ({
  fault,
  clause,
  kind: 'hypergradient',
  implementation,
})

type Solved = ReturnType<typeof solveByConjugateGradients>

/** Conjugate gradients whose outcome is made something else of; `again` runs so many of them to no tolerance. */
const afterCg =
  (
    change: (solved: E.Either<Unsolved, LinearSolution>, again: (n: number) => Solved) => Solved | null,
    tolerance: (given: number, b: Vector) => number = (given) => given,
  ) =>
  (expr: Estimate['estimator']): Estimator | null =>
    expr.estimator !== 'cg'
      ? null
      : implicit('cg', (place, b) => {
          const start = expr.warmStart ? place.v : O.none
          const solve = (iterations: number, least: number) =>
            solveByConjugateGradients(place, b, place.draw.cross, start, { iterations, tolerance: least })
          return chain(
            solve(expr.iterations, tolerance(expr.tolerance, b)),
            (solved) => change(solved, (n) => solve(n, 0)) ?? done(solved),
          )
        })

/** The vectors of a Neumann series. */
const powers = (
  at: Pair,
  b: Vector,
  a: number,
  draw: Parameters<Estimator['estimate']>[0]['draw'],
  count: number,
): Asking<ReadonlyArray<Vector>> => {
  const go = (q: number, t: Vector, ts: ReadonlyArray<Vector>): Asking<ReadonlyArray<Vector>> =>
    q === count
      ? done(ts)
      : chain(askHessian(at, t, draw.hessian(q)), (Ht) => {
          const next = plus(t, -a, Ht)
          return go(q + 1, next, [...ts, next])
        })
  return go(0, b, [b])
}

const sum = (ts: ReadonlyArray<Vector>, like: Vector): Vector =>
  ts.reduce((s, t) => plus(s, 1, t), new Float64Array(like.length))

/** A series that makes something else of its powers: where no depth is drawn, or where one is. */
const series =
  (drawn: boolean, vOf: (ts: ReadonlyArray<Vector>, expr: Expr<'neumann'>) => Vector, more = 0) =>
  (expr: Estimate['estimator']): Estimator | null =>
    expr.estimator !== 'neumann'
      ? null
      : {
          name: 'neumann',
          unrolls: false,
          estimate: (place) => {
            const { depth } = place.draw
            if (O.isSome(depth) !== drawn) return compileEstimator(expr).estimate(place)
            const count = O.isSome(depth) ? depth.value : expr.terms - 1
            const faulty = implicit('neumann', (at, b) =>
              map(powers(at, b, expr.step, at.draw, count + more), (ts) =>
                E.right({ v: vOf(ts, expr), count, residual: O.none }),
              ),
            )
            return faulty.estimate(place)
          },
        }

const scaled = (a: number, v: Vector): Vector => v.map((vi) => a * vi)

/** The way back over an inner loop, with another place for the derivatives of a step, or another share of it. */
const backwards = (
  at: (before: Vector, after: Vector, last: Vector) => Vector,
  lengths: (steps: number) => ReadonlyArray<number> = (steps) => Array.from({ length: steps }, (_, t) => t),
): Implementation => ({
  hypergradient: (given) => {
    const outputs = bilevelImplementation.hypergradient(given)
    const { estimator: expr } = given
    if (expr.estimator !== 'unrolled') return outputs
    const problem = bilevelProblemOf(given.problem)
    const draw = givenDraws(given.draws ?? {})(0)
    const x = Float64Array.from(given.x)
    const states: Array<Vector> = [Float64Array.from(given.y ?? [])]
    for (let t = 0; t < expr.steps; t += 1) {
      const y = states[t] ?? x
      states.push(plus(y, -expr.step, problem.lower.gradient(x, y, draw.lower(t), 'y').y ?? y))
    }
    const last = states[expr.steps] ?? x
    const f = problem.upper.gradient(x, last, draw.upper, 'both')
    let [s, p] = [f.x ?? x, f.y ?? last]
    for (const t of [...lengths(expr.steps)].reverse()) {
      const y = at(states[t] ?? x, states[t + 1] ?? x, last)
      const batch = draw.lower(t)
      const [back, through] = [
        problem.lower.hessianVector(x, y, p, batch),
        problem.lower.crossVector(x, y, p, batch),
      ]
      s = plus(s, -expr.step, through)
      p = plus(p, -expr.step, back)
    }
    return { ...outputs, gradient: encodeVector(s) }
  },
})

/** No fault: what the others are made of. */
export const faultlessBackwards = backwards((before) => before)

/** Every estimator as it is, on a problem with a fault. */
const seeing = (altered: (problem: BilevelProblem) => BilevelProblem): Implementation =>
  estimating((expr) => (expr.estimator === 'unrolled' ? null : compileEstimator(expr)), altered)

const crossed =
  (factor: number) =>
  (problem: BilevelProblem): BilevelProblem => ({
    ...problem,
    lower: {
      ...problem.lower,
      crossVector: (...args) => scaled(factor, problem.lower.crossVector(...args)),
    },
  })

type Given = Estimate

const onDraws = (change: (draws: NonNullable<Given['draws']>) => Given['draws']) =>
  mistaking(({ draws, ...given }) => {
    const changed = draws === undefined ? undefined : change(draws)
    return changed === undefined ? given : { ...given, draws: changed }
  })

const misread = <K extends Given['estimator']['estimator']>(
  name: K,
  change: (expr: Expr<K>) => Given['estimator'],
) => {
  const is = (expr: Given['estimator']): expr is Expr<K> => expr.estimator === name
  return mistaking((given) =>
    is(given.estimator) ? { ...given, estimator: change(given.estimator) } : given,
  )
}

export const estimatorMutants: ReadonlyArray<Mutant> = [
  inEstimates(
    'conjugate gradients give the iterate before the last',
    'estimator.cg.last',
    estimating(
      afterCg((solved, again) => {
        if (E.isLeft(solved) || solved.right.count === 0) return null
        const { count } = solved.right
        return map(
          again(count - 1),
          E.map((before) => ({ ...before, count })),
        )
      }),
    ),
  ),
  inEstimates(
    'the tolerance of conjugate gradients is relative',
    'estimator.cg',
    estimating(
      afterCg(
        () => null,
        (given, b) => given * norm(b),
      ),
    ),
  ),
  inEstimates(
    'conjugate gradients go on where there is no curvature',
    'estimator.cg.indefinite',
    estimating(afterCg((solved, again) => (E.isLeft(solved) ? again(solved.left.count ?? 0) : null))),
  ),
  inEstimates(
    'conjugate gradients divide nought by nought',
    'estimator.cg.zero',
    estimating((expr) =>
      expr.estimator !== 'cg'
        ? null
        : implicit('cg', (place, b) =>
            norm(b) === 0
              ? done(E.right({ v: b.map(() => Number.NaN), count: 1, residual: O.none }))
              : solveByConjugateGradients(
                  place,
                  b,
                  place.draw.cross,
                  expr.warmStart ? place.v : O.none,
                  expr,
                ),
          ),
    ),
  ),
  inEstimates(
    'conjugate gradients never start warm',
    'estimator.cg',
    misread('cg', (expr) => ({ ...expr, warmStart: false })),
  ),
  inEstimates(
    'conjugate gradients always start warm',
    'estimator.cg',
    misread('cg', (expr) => ({ ...expr, warmStart: true })),
  ),
  inEstimates(
    'a series has no first term',
    'estimator.neumann',
    estimating(series(false, (ts, { step }) => scaled(step, sum(ts.slice(1), ts[0] ?? new Float64Array())))),
  ),
  inEstimates(
    'a series has a term too many',
    'estimator.neumann',
    estimating(series(false, (ts, { step }) => scaled(step, sum(ts, ts[0] ?? new Float64Array())), 1)),
  ),
  inEstimates(
    'a series has no factor',
    'estimator.neumann',
    estimating(series(false, (ts) => sum(ts, ts[0] ?? new Float64Array()))),
  ),
  inEstimates(
    'the factor of a series is on its last term alone, and the first is missing',
    'estimator.neumann',
    estimating(
      series(false, (ts, { step }) => {
        const last = ts.at(-1) ?? new Float64Array()
        return plus(sum(ts.slice(1), last), step, last)
      }),
    ),
  ),
  inEstimates(
    'a drawn term is not as great as all of them',
    'estimator.neumann.depth',
    estimating(series(true, (ts, { step }) => scaled(step, ts.at(-1) ?? new Float64Array()))),
  ),
  inEstimates(
    'a drawn depth cuts the series',
    'estimator.neumann.depth',
    estimating(series(true, (ts, { step }) => scaled(step, sum(ts, ts[0] ?? new Float64Array())))),
  ),
  inEstimates(
    'a drawn depth counts from one',
    'estimator.neumann.depth',
    onDraws((draws) => ({
      ...draws,
      ...(draws.depth === undefined ? {} : { depth: draws.depth.map((d) => Math.max(0, d - 1)) }),
    })),
  ),
  inEstimates(
    'no depth is read',
    'estimator.neumann.depth',
    onDraws(({ depth: _, ...draws }) => draws),
  ),
  inEstimates(
    'all products are on one batch',
    'draws',
    onDraws(({ hessian: _, ...draws }) => draws),
  ),
  inEstimates(
    'the cross product is on everything',
    'draws',
    onDraws(({ cross: _, ...draws }) => draws),
  ),
  inEstimates(
    'the upper batch is everything',
    'draws',
    onDraws(({ upper: _, ...draws }) => draws),
  ),
  inEstimates(
    'all steps are on the first batch',
    'draws',
    onDraws((draws) => ({
      ...draws,
      ...(draws.lower === undefined
        ? {}
        : { lower: draws.lower.map((within) => within.map(() => within[0] ?? [])) }),
    })),
  ),
  ...(['exact', 'direct', 'cg', 'neumann'] as const).flatMap((name) => [
    inEstimates(`${name}: the cross product is added`, `estimator.${name}`, seeing(crossed(-1))),
    inEstimates(`${name}: the cross product is halved`, `estimator.${name}`, seeing(crossed(0.5))),
  ]),
  inEstimates(
    'the lower level is taken for solved',
    'estimator.exact',
    misread('exact', () => ({ estimator: 'direct' })),
  ),
  inEstimates(
    'the first-order gradient is the implicit one',
    'estimator.firstOrder',
    misread('firstOrder', () => ({ estimator: 'direct' })),
  ),
  inEstimates(
    'the upper level is judged by its first component',
    'estimator.direct',
    seeing((problem) => ({
      ...problem,
      upper: {
        ...problem.upper,
        gradient: (x, y, batch, of) => problem.upper.gradient(x, y, batch ?? Int32Array.of(0), of),
      },
    })),
  ),
  inEstimates(
    'the way back begins a step too early',
    'estimator.unrolled',
    backwards(
      (before) => before,
      (steps) => Array.from({ length: Math.max(0, steps - 1) }, (_, t) => t),
    ),
  ),
  inEstimates(
    'a step is taken back where it ended',
    'estimator.unrolled',
    backwards((_, after) => after),
  ),
  inEstimates(
    'all steps are taken back at the last point',
    'estimator.unrolled',
    backwards((_, __, last) => last),
  ),
  // Drafts.
  inEstimates(
    'a difference is of a step of one',
    'draft.oneStepDifference',
    misread('oneStepDifference', (expr) => ({ ...expr, step: 1 })),
  ),
  inEstimates(
    'a penalty weighs twice as much',
    'draft.penaltyGradient',
    misread('penaltyGradient', (expr) => ({ ...expr, lambda: 2 * expr.lambda })),
  ),
  inEstimates(
    'an inner solve of a penalty has no end',
    'draft.penaltyGradient',
    misread('penaltyGradient', (expr) => ({ ...expr, budget: 1e5 })),
  ),
]
