import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { norm } from '../../numeric/index.js'
import type { Vector } from '../../problem/oracle.js'
import { chain, done, map } from '../../program/program.js'
import { type Action, schedule, slotsForTwice } from '../../runtime/checkpoint.js'
import type { Memory } from '../../runtime/trajectory.js'
import { type Asking, askCross, askHessian, askInBoth } from '../oracle.js'
import type { Estimator, Hypergradient, Unsolved } from './hypergradient.js'
import { unsolved } from './implicit.js'
import { type InnerPath, minusScaled, retrace } from './path.js'

/** The cotangents on the way back: of $x$ by all its ways, of $y_t$, and $v = \sum_t a_t p_{t+1}$. */
export interface Cotangents {
  readonly z: Vector
  readonly p: Vector
  readonly v: Vector
}

const slotsOf = (memory: Memory, steps: number): number => {
  if (memory === 'stored') return Math.max(1, steps)
  if (memory === 'checkpointed') return slotsForTwice(steps)
  return memory === 'recomputed' ? 1 : memory
}

/** Back over step `t` from $y_t$: $z \leftarrow z - a_t J p$, $p \leftarrow p - a_t H p$. */
const backOver = (
  path: InnerPath,
  x: Vector,
  y: Vector,
  t: number,
  { z, p, v }: Cotangents,
): Asking<Cotangents> => {
  const a = path.steps[t] ?? 0
  if (a === 0) return done({ z, p, v })
  const batch = path.batch(t)
  return chain(askCross({ x, y }, p, batch), (Jp) =>
    map(askHessian({ x, y }, p, batch), (Hp) => ({
      z: minusScaled(z, a, Jp),
      p: minusScaled(p, a, Hp),
      v: minusScaled(v, -a, p),
    })),
  )
}

/**
 * Back over all steps of an inner loop. States that the path holds are taken as they are; the others are run again, by the
 * schedule that fits so much memory, and come out the same bits.
 */
export const wayBack = (path: InnerPath, x: Vector, memory: Memory, at: Cotangents): Asking<Cotangents> => {
  const steps = path.steps.length
  if (path.states.length === steps) {
    const go = (t: number, c: Cotangents): Asking<Cotangents> => {
      const y = path.states[t]
      return y === undefined ? done(c) : chain(backOver(path, x, y, t, c), (next) => go(t - 1, next))
    }
    return go(steps - 1, at)
  }
  const actions: ReadonlyArray<Action> = [...schedule(steps, slotsOf(memory, steps))]
  const go = (i: number, held: ReadonlyArray<Vector>, c: Cotangents): Asking<Cotangents> => {
    const action = actions[i]
    if (action === undefined) return done(c)
    const { from, slot } = action
    if (action._tag === 'Hold')
      return chain(retrace(path, x, held[slot - 1] ?? path.start, from, action.to), (y) =>
        go(i + 1, [...held.slice(0, slot), y], c),
      )
    return chain(retrace(path, x, held[slot] ?? path.start, from, action.step), (y) =>
      chain(backOver(path, x, y, action.step, c), (next) => go(i + 1, held, next)),
    )
  }
  return go(0, [path.start], at)
}

/** Which states an inner loop should hold: all, or none. */
export const holds = (memory: Memory): boolean => memory === 'stored'

/**
 * The parameters of {@link unrolled}.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface UnrolledParams {
  /** How many of the states $y_t$ are held; `'stored'` unless it is given. It changes time and memory and no bit of the result. */
  readonly memory?: Memory
}

/**
 * The gradient of $f_S(x, y_D(x))$ through the steps of the inner loop, $y_{t+1} = y_t - a_t \nabla_y g_{T_t}(x, y_t)$, with $y_0$
 * and the executed $a_t$ constant: from $p_D = \nabla_y f$, $z_D = \nabla_x f$ back with
 * $z_t = z_{t+1} - a_t J_t p_{t+1}$ and $p_t = p_{t+1} - a_t H_t p_{t+1}$.
 *
 * On a $g$ that is quadratic in $y$ and one step size it is the Neumann series of $D$ terms at $y_D$.
 *
 * Cost: one gradient of $f$, $D$ Hessian and $D$ cross products. Memory, and steps run again, by `memory`: all $D$ states and none,
 * `'checkpointed'` at most $\sqrt{2D}$ states (rounded up) and fewer than $2D$ steps, `'recomputed'` one state and $D(D-1)/2$ steps.
 *
 * @throws RangeError where there is no inner loop to go back over.
 * @cite franceschi2017
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { hypergradient, quadraticBilevel, unrolled } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[1]], p: [-2], r: [0.25] }],
 * })
 * const at = { x: Float64Array.of(0), y: Float64Array.of(0), steps: [0.25, 0.25, 0.25] }
 * const found = hypergradient(problem, unrolled(), at)
 * found._tag === 'Right' && found.right.gradient // => Float64Array.of(1.37109375)
 * ```
 */
export const unrolled = ({ memory = 'stored' }: UnrolledParams = {}): Estimator => ({
  name: 'unrolled',
  unrolls: true,
  holds: holds(memory),
  estimate: ({ x, y, path, draw }) => {
    if (O.isNone(path)) throw new RangeError('path: got none, expected the steps of an inner loop')
    return chain(askInBoth('upper', { x, y }, draw.upper), (f) => {
      const at = { z: f.x, p: f.y, v: new Float64Array(y.length) }
      return map(wayBack(path.value, x, memory, at), ({ z, p, v }): E.Either<Unsolved, Hypergradient> => {
        if (!z.every(Number.isFinite)) return unsolved('nonFinite', 'a hypergradient that is not finite')
        return E.right({
          form: 'unrolled',
          value: f.value,
          gradient: z,
          y,
          v: O.some(v),
          count: path.value.steps.length,
          slopeInY: O.some(norm(f.y)),
          lowerBound: f.lowerBound,
          solutionValue: f.solutionValue,
          // On a g that is quadratic in y: b - H v = p_0. Elsewhere v solves no system of one place.
          certificate: { innerResidual: O.none, linearResidual: O.some(norm(p)), errorBound: O.none },
        })
      })
    })
  },
})
