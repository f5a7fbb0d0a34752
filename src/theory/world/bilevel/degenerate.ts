import fc from 'fast-check'
import { rotated } from '../../../../spec/law/arbitrary/rotation.js'
import { dot } from '../../../numeric/index.js'
import type { Vector } from '../../../problem/oracle.js'
import { entries, matrix } from './draw.js'
import {
  plus,
  plusMatrix,
  product,
  type Rows,
  spectralNorm,
  times,
  timesTransposed,
  vector,
} from './matrix.js'
import { type LowerParts, type UpperParts, writtenOut } from './oracle.js'
import type { BilevelWorld } from './world.js'

/**
 * A lower level with many solutions: `lowerSolution` is the optimistic one, which is best for $f$, and `value` and `gradient` are
 * those of the optimistic $F$.
 *
 * @category Theorems
 * @since 0.1.0
 */
export interface DegenerateBilevelWorld extends BilevelWorld {
  /** The orthogonal projector onto the range of $H$. */
  readonly projector: Rows
  /** The least eigenvalue of $H$ that is not zero, and the greatest. */
  readonly least: number
  readonly greatest: number
  readonly crossNorm: number
}

interface Ingredients {
  readonly e: ReadonlyArray<number>
  readonly v: ReadonlyArray<number>
  readonly w: ReadonlyArray<number>
  readonly K: Rows
  readonly k: ReadonlyArray<number>
  readonly T: Rows
  readonly t: ReadonlyArray<number>
  readonly rho: number
  readonly x: ReadonlyArray<number>
}

const scaledBy = (A: Rows, s: number): Rows => A.map((row) => row.map((a) => a / s))

const assemble = ({ e, v, w, K, k, T, t, rho, x }: Ingredients): DegenerateBilevelWorld => {
  const [m, n] = [e.length, x.length]
  const turned = rotated(e, v, w)
  const H = scaledBy(turned.A, turned.scale)
  const projector = scaledBy(rotated(e.map(Math.sign), v, w).A, turned.scale)
  const B = product(H, K, n)
  const c = times(H, vector(k))
  const [target, offset] = [vector(t), vector(k)]
  const aim = (at: Vector): Vector => plus(times(T, at), target)
  /** Some solution less the aim. */
  const miss = (at: Vector): Vector => plus(plus(times(K, at), offset), aim(at)).map((d) => -d)
  const best = (at: Vector): Vector => plus(aim(at), times(projector, miss(at)))
  const upper: UpperParts = {
    value: (at, y) => {
      const d = plus(y, aim(at), -1)
      return (dot(d, d) + rho * dot(at, at)) / 2
    },
    inX: (at, y) => plus(timesTransposed(T, plus(aim(at), y, -1), n), at, rho),
    inY: (at, y) => plus(y, aim(at), -1),
  }
  const lower: LowerParts = {
    value: (at, y) => dot(y, times(H, y)) / 2 + dot(y, times(B, at)) + dot(y, c),
    inX: (_x, y) => timesTransposed(B, y, n),
    inY: (at, y) => plus(plus(times(H, y), times(B, at)), c),
    hessian: (_x, _y, u) => times(H, u),
    cross: (_x, _y, u) => timesTransposed(B, u, n),
  }
  const value = (at: Vector): number => upper.value(at, best(at))
  const gradient = (at: Vector): Vector =>
    plus(
      timesTransposed(plusMatrix(K, T), times(projector, miss(at)), n).map((g) => -g),
      at,
      rho,
    )
  const [least, greatest] = [Math.min(...e.filter((ei) => ei > 0)), Math.max(...e)]
  return {
    family: 'degenerate',
    data: { H, B, c: Array.from(c), T, t, rho },
    problem: writtenOut(
      'degenerate',
      { x: n, y: m },
      { all: upper, each: [upper] },
      { all: lower, each: [lower] },
      { L: greatest * (1 + 2 ** -40), lowerSolution: best, value, gradient },
    ),
    start: { x: vector(x), y: best(vector(x)) },
    quadratic: true,
    lowerSolution: best,
    value,
    gradient,
    projector,
    least: least * (1 - 2 ** -40),
    greatest: greatest * (1 + 2 ** -40),
    crossNorm: spectralNorm(B, n),
  }
}

/**
 * Quadratic lower levels with a singular $H$ whose range holds $B$ and $c$, under
 * $f = \frac12\|y - Tx - t\|^2 + \frac\rho2\|x\|^2$: $F(x)$ is the least $f$ over all lower solutions.
 *
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { degenerateBilevelWorlds } from 'steplaw/theory'
 * import fc from 'fast-check'
 *
 * fc.sample(degenerateBilevelWorlds(), 9).every(({ start }) => start.y.length >= 2) // => true
 * ```
 */
export const degenerateBilevelWorlds = (): fc.Arbitrary<DegenerateBilevelWorld> =>
  fc
    .record({
      m: fc.integer({ min: 2, max: 4 }),
      n: fc.integer({ min: 1, max: 3 }),
      rank: fc.integer({ min: 1, max: 3 }),
    })
    .chain(({ m, n, rank }) =>
      fc.record({
        e: fc
          .array(fc.constantFrom(1, 2, 3, 4, 6, 8), { minLength: m, maxLength: m })
          .map((e) => e.map((ei, i) => (i < Math.min(rank, m - 1) ? ei : 0))),
        v: fc.array(fc.integer({ min: -2, max: 2 }), { minLength: m, maxLength: m }),
        w: fc.array(fc.integer({ min: -2, max: 2 }), { minLength: m, maxLength: m }),
        K: matrix(m, n),
        k: entries(m),
        T: matrix(m, n),
        t: entries(m),
        rho: fc.constantFrom(0, 1 / 2, 1),
        x: entries(n),
      }),
    )
    .map(assemble)
