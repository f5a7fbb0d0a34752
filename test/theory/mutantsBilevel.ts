/** Faults of estimators of hypergradients, most of them seen in public code. */
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import {
  type Asking,
  conjugateGradients,
  direct,
  type Estimator,
  firstOrder,
  type Hypergradient,
  type InnerPath,
  neumann,
  type Place,
  unrolled,
} from 'steplaw/bilevel'
import { minusScaled, retrace } from '../../src/bilevel/hypergradient/path.js'
import { askCross, askHessian, askInBoth, askInX, askInY } from '../../src/bilevel/oracle.js'
import { norm } from '../../src/numeric/index.js'
import type { Vector } from '../../src/problem/oracle.js'
import { chain, done, map, sequence } from '../../src/program/program.js'
import { type Solver, solver, units } from '../../src/theory/theorem/bilevel/recipe.js'

type Change = (found: Hypergradient, place: Place) => Asking<Hypergradient>

/** An estimator whose findings are changed afterwards. */
export const altered = (estimator: Estimator, change: Change): Estimator => ({
  ...estimator,
  estimate: (place) =>
    chain(estimator.estimate(place), (found) =>
      E.isLeft(found) ? done(found) : map(change(found.right, place), (it) => E.right(it)),
    ),
})

const plus = (u: Vector, w: Vector, s = 1): Vector => minusScaled(u, -s, w)

const vOf = ({ v, y }: Hypergradient): Vector => (O.isSome(v) ? v.value : y.map(() => 0))

/** An estimate whose product $Jv$ is taken so many times: a half of the cross term, or the other sign. */
export const crossTimes = (estimator: Estimator, factor: number): Estimator =>
  altered(estimator, (found, { x, draw }) =>
    map(askInX('upper', { x, y: found.y }, draw.upper), (f) => ({
      ...found,
      gradient: plus(
        f.x.map((fx) => (1 - factor) * fx),
        found.gradient,
        factor,
      ),
    })),
  )

/** $v$ shown with the sign of those who solve $Hv = -\nabla_y f$. */
export const shownWithAnotherSign = (estimator: Estimator): Estimator =>
  altered(estimator, (found) => done({ ...found, v: O.map((v: Vector) => v.map((vi) => -vi))(found.v) }))

/** The iterate before the one that was asked for, or whose residual met the tolerance. */
export const penultimate = (iterations: number, warmStart = false): Estimator => {
  const of = (n: number): Estimator => conjugateGradients({ iterations: n, warmStart })
  return {
    ...of(iterations),
    estimate: (place) =>
      chain(of(iterations).estimate(place), (found) =>
        of(E.isLeft(found) ? 0 : Math.max(0, found.right.count - 1)).estimate(place),
      ),
  }
}

/** The estimate from a $v$ that some other program finds. */
export const fromV = (
  solve: (place: Place, b: Vector) => Asking<Vector>,
  residual: (v: Vector, b: Vector) => number = () => Number.NaN,
): Estimator => ({
  name: 'faulty',
  unrolls: false,
  estimate: (place) =>
    chain(askInBoth('upper', place, place.draw.upper), (f) =>
      chain(solve(place, f.y), (v) =>
        map(askCross(place, v, place.draw.cross), (Jv) =>
          E.right({
            form: 'implicit' as const,
            value: f.value,
            gradient: minusScaled(f.x, 1, Jv),
            y: place.y,
            v: O.some(v),
            count: 0,
            slopeInY: O.some(norm(f.y)),
            lowerBound: O.none,
            solutionValue: O.none,
            certificate: {
              innerResidual: O.none,
              linearResidual: O.some(residual(v, f.y)),
              errorBound: O.none,
            },
          }),
        ),
      ),
    ),
})

const dot = (u: Vector, w: Vector): number => u.reduce((s, ui, i) => s + ui * (w[i] ?? 0), 0)

interface Krylov {
  readonly beta?: (rr: number, nextRr: number) => number
  /** The first residual is $b$ although $v_0$ is not zero. */
  readonly fromZeroResidual?: boolean
  /** $H + \epsilon I$ in place of $H$. */
  readonly damping?: number
}

/** Conjugate gradients whose parts can be put wrong. */
export const faultyKrylov =
  ({ beta = (rr, nextRr) => nextRr / rr, fromZeroResidual = false, damping = 0 }: Krylov) =>
  (iterations: number, warmStart: boolean): Estimator => {
    let last = Number.NaN
    return fromV(
      (place, b) => {
        const start = warmStart && O.isSome(place.v) ? place.v.value : b.map(() => 0)
        const go = (v: Vector, r: Vector, q: Vector, left: number): Asking<Vector> => {
          const rr = dot(r, r)
          last = Math.sqrt(rr)
          if (left === 0 || rr === 0) return done(v)
          return chain(askHessian(place, q, null), (found) => {
            const Hq = plus(found, q, damping)
            const a = rr / dot(q, Hq)
            const next = minusScaled(r, a, Hq)
            return go(plus(v, q, a), next, plus(next, q, beta(rr, dot(next, next))), left - 1)
          })
        }
        return chain(askHessian(place, start, null), (Hv) => {
          const r = fromZeroResidual ? b : minusScaled(b, 1, Hv)
          return go(start, r, r, iterations)
        })
      },
      () => last,
    )
  }

/** The right method with a wrong report of its residual. */
export const reporting =
  (report: (residual: number, iterations: number) => number) =>
  (iterations: number, warmStart: boolean): Estimator =>
    altered(conjugateGradients({ iterations, warmStart }), (found) =>
      done({
        ...found,
        certificate: {
          ...found.certificate,
          linearResidual: O.map((r: number) => report(r, iterations))(found.certificate.linearResidual),
        },
      }),
    )

/** The residual of the iterate before. */
export const residualBefore = (iterations: number, warmStart: boolean): Estimator => ({
  ...conjugateGradients({ iterations, warmStart }),
  estimate: (place) =>
    chain(
      conjugateGradients({ iterations: Math.max(0, iterations - 1), warmStart }).estimate(place),
      (before) =>
        altered(conjugateGradients({ iterations, warmStart }), (found) =>
          done({
            ...found,
            certificate: E.isLeft(before) ? found.certificate : before.right.certificate,
          }),
        ).estimate(place),
    ),
})

export const betaInverted = faultyKrylov({ beta: (rr, nextRr) => rr / nextRr })
export const steepest = faultyKrylov({ beta: () => 0 })
export const residualOfZero = faultyKrylov({ fromZeroResidual: true })

/** $H + 0.01 I$ in place of $H$, as solvers are damped that must not fail. */
export const ridged = (iterations: number): Estimator => faultyKrylov({ damping: 0.01 })(iterations, false)

/** $\operatorname{diag}(H)^{-1} b$. */
export const diagonalOfH = (): Estimator =>
  fromV((place, b) =>
    map(sequence(units(b.length).map((e) => askHessian(place, e, null))), (columns) =>
      b.map((bi, i) => bi / (columns[i]?.[i] ?? 1)),
    ),
  )

/** Components of the cotangent clipped to $[-\frac12, \frac12]$, as gradients are. */
export const clippedCotangent = (): Estimator =>
  fromV((_place, b) => done(b.map((bi) => Math.max(-0.5, Math.min(bi, 0.5)))))

interface Terms {
  readonly step: number
  readonly terms: number
}

const contract = (place: Place, t: Vector, a: number, q: number): Asking<Vector> =>
  map(askHessian(place, t, place.draw.hessian(q)), (Ht) => minusScaled(t, a, Ht))

/** $a(I - aH)^Q b + \sum_{1 \le q \le Q} (I - aH)^q b$: one term lacks, and the others lack the factor. */
export const firstTermWithoutTheStep = ({ step, terms }: Terms): Estimator =>
  fromV((place, b) => {
    const go = (q: number, t: Vector, sum: Vector): Asking<Vector> =>
      q === terms
        ? done(plus(sum, t, step))
        : chain(contract(place, t, step, q), (next) => go(q + 1, next, plus(sum, next)))
    return go(
      0,
      b,
      b.map(() => 0),
    )
  })

export const oneTermShort = ({ step, terms }: Terms): Estimator =>
  terms === 1 ? fromV((_place, b) => done(b.map(() => 0))) : neumann({ step, terms: terms - 1 })

export const oneTermMore = ({ step, terms }: Terms): Estimator => neumann({ step, terms: terms + 1 })

/** The sum without the factor $a$. */
export const withoutTheStep = (params: Terms): Estimator =>
  altered(neumann(params), (found) => done({ ...found, v: O.some(vOf(found).map((vi) => vi / params.step)) }))

const withDraw = (estimator: Estimator, change: (draw: Place['draw']) => Place['draw']): Estimator => ({
  ...estimator,
  estimate: (place) => estimator.estimate({ ...place, draw: change(place.draw) }),
})

const depthAs = (params: Terms, change: (depth: number) => number): Estimator =>
  withDraw(neumann(params), (draw) => ({ ...draw, depth: O.map(change)(draw.depth) }))

export const deepestOnly = (params: Terms): Estimator => depthAs(params, () => params.terms - 1)

/** A depth drawn from $1$ to $N - 1$: the empty product never comes. */
export const neverTheFirst = (params: Terms): Estimator =>
  depthAs(params, (d) => Math.max(d, Math.min(1, params.terms - 1)))

/** The term without the factor $N$ that stands for all the others. */
export const withoutTheCount = (params: Terms): Estimator =>
  altered(neumann(params), (found, { x, y, draw }) =>
    map(askInX('upper', { x, y }, draw.upper), (f) => ({
      ...found,
      gradient: plus(
        f.x.map((fx) => fx * (1 - 1 / params.terms)),
        found.gradient,
        1 / params.terms,
      ),
    })),
  )

/** One batch for all products of a term. */
export const sameBatchInAll = (params: Terms): Estimator =>
  withDraw(neumann(params), (draw) => ({ ...draw, hessian: () => draw.hessian(0) }))

/** The batch of $f$ used for $J$ as well: the two are not independent. */
export const crossOfTheUpper = (params: Terms): Estimator =>
  withDraw(neumann(params), (draw) => ({ ...draw, cross: draw.upper }))

const pathOf = ({ path }: Place): InnerPath => {
  if (O.isNone(path)) throw new Error('no path')
  return path.value
}

/** Back over a path by a step of one's own. */
export const wayBackWith = (
  back: (
    place: { readonly x: Vector; readonly y: Vector; readonly next: Vector },
    a: number,
    z: Vector,
    p: Vector,
  ) => Asking<readonly [Vector, Vector]>,
  from = 0,
  upperAt: 'last' | 'before' = 'last',
): Estimator => ({
  name: 'faulty',
  unrolls: true,
  estimate: (place) => {
    const path = pathOf(place)
    const D = path.steps.length
    const states = Array.from({ length: D + 1 }, (_, t) => retrace(path, place.x, path.start, 0, t))
    return chain(sequence(states), (ys) => {
      const at = (t: number): Vector => ys[Math.max(0, t)] ?? place.y
      const top = upperAt === 'last' ? at(D) : at(D - 1)
      return chain(askInBoth('upper', { x: place.x, y: top }, null), (f) => {
        const go = (t: number, z: Vector, p: Vector): Asking<readonly [Vector, Vector]> =>
          t < Math.min(D, from)
            ? done([z, p])
            : t < 0
              ? done([z, p])
              : chain(back({ x: place.x, y: at(t), next: at(t + 1) }, path.steps[t] ?? 0, z, p), ([zt, pt]) =>
                  go(t - 1, zt, pt),
                )
        return map(go(D - 1, f.x, f.y), ([gradient, p]) =>
          E.right({
            form: 'unrolled' as const,
            value: f.value,
            gradient,
            y: place.y,
            v: O.some(p),
            count: D,
            slopeInY: O.none,
            lowerBound: O.none,
            solutionValue: O.none,
            certificate: { innerResidual: O.none, linearResidual: O.none, errorBound: O.none },
          }),
        )
      })
    })
  },
})

const rightBack = (
  pair: { readonly x: Vector; readonly y: Vector },
  a: number,
  z: Vector,
  p: Vector,
): Asking<readonly [Vector, Vector]> =>
  chain(askCross(pair, p, null), (Jp) =>
    map(askHessian(pair, p, null), (Hp) => [minusScaled(z, a, Jp), minusScaled(p, a, Hp)] as const),
  )

/** Truncated: the last step alone. */
export const oneStepBack = (): Estimator => ({
  ...wayBackWith(rightBack),
  estimate: (place) => {
    const path = pathOf(place)
    const last = Math.max(0, path.steps.length - 1)
    return chain(retrace(path, place.x, path.start, 0, last), (start) =>
      wayBackWith(rightBack).estimate({
        ...place,
        path: O.some({ ...path, start, steps: path.steps.slice(last), states: [] }),
      }),
    )
  },
})

/** $p$ is moved before $J p$ is taken. */
export const cotangentMovedFirst = (): Estimator =>
  wayBackWith((pair, a, z, p) =>
    chain(askHessian(pair, p, null), (Hp) => {
      const moved = minusScaled(p, a, Hp)
      return map(askCross(pair, moved, null), (Jp) => [minusScaled(z, a, Jp), moved] as const)
    }),
  )

/** $H$ and $J$ at the state after the step. */
export const hessianAfterTheStep = (): Estimator =>
  wayBackWith(({ x, next }, a, z, p) => rightBack({ x, y: next }, a, z, p))

/** $p$ stays $\nabla_y f$. */
export const withoutTheCotangentOfY = (): Estimator =>
  wayBackWith((pair, a, z, p) => map(askCross(pair, p, null), (Jp) => [minusScaled(z, a, Jp), p] as const))

/** $f$ at the state before the last step. */
export const upperBeforeTheLast = (): Estimator => wayBackWith(rightBack, 0, 'before')

/** The implicit hypergradient where the derivative of the loop is wanted. */
export const implicitInstead = (): Estimator => ({ ...direct(), unrolls: true })

/** Unrolled from states that were kept in some other way. */
export const statesAs = (keep: (y: Vector, t: number) => Vector): Estimator => ({
  ...unrolled(),
  estimate: (place) => {
    const path = pathOf(place)
    const all = path.steps.map((_, t) => retrace(path, place.x, path.start, 0, t))
    return chain(sequence(all), (states) =>
      unrolled().estimate({ ...place, path: O.some({ ...path, states: states.map(keep) }) }),
    )
  },
})

export const inSinglePrecision = (): Estimator => statesAs((y) => y.map(Math.fround))

/** $a(y/a - g)$ for $y - ag$. */
export const otherOrder = (): Estimator => ({
  ...unrolled(),
  estimate: (place) => {
    const path = pathOf(place)
    const go = (t: number, y: Vector, states: ReadonlyArray<Vector>): Asking<ReadonlyArray<Vector>> => {
      if (t === path.steps.length) return done(states)
      const a = path.steps[t] ?? 0
      return chain(askInY('lower', { x: place.x, y }, null), (g) =>
        go(
          t + 1,
          a === 0
            ? y
            : minusScaled(
                y.map((yi) => yi / a),
                1,
                g.y,
              ).map((u) => a * u),
          [...states, y],
        ),
      )
    }
    return chain(go(0, path.start, []), (states) =>
      unrolled().estimate({ ...place, path: O.some({ ...path, states }) }),
    )
  },
})

/** States found backwards from $y_D$ by undoing each step to first order, $y_t \approx y_{t+1} + a \nabla_y g(y_{t+1})$. */
export const backwards = (): Estimator => ({
  ...unrolled(),
  estimate: (place) => {
    const path = pathOf(place)
    const go = (t: number, y: Vector, states: ReadonlyArray<Vector>): Asking<ReadonlyArray<Vector>> =>
      t < 0
        ? done(states)
        : chain(askInY('lower', { x: place.x, y }, null), (g) => {
            const before = plus(y, g.y, path.steps[t] ?? 0)
            return go(t - 1, before, [before, ...states])
          })
    return chain(go(path.steps.length - 1, place.y, []), (states) =>
      unrolled().estimate({ ...place, path: O.some({ ...path, states }) }),
    )
  },
})

const afterCg = (n: number): Estimator => conjugateGradients({ iterations: n })

/** Faults of solvers that promise to solve. */
export const faultySolvers = {
  crossHalved: solver(() => crossTimes(direct(), 0.5)),
  signOfV: solver(() => crossTimes(direct(), -1)),
  penultimate: solver(({ dimension }) => penultimate(dimension.y)),
  firstOrder: solver(() => firstOrder()),
  ridged: solver(({ dimension }) => ridged(3 * dimension.y)),
  shownWithAnotherSign: solver(({ dimension }) => shownWithAnotherSign(afterCg(3 * dimension.y))),
} satisfies { readonly [name: string]: Solver }
