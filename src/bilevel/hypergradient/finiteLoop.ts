import * as O from 'fp-ts/lib/Option.js'
import type { Batch, Vector } from '../../problem/oracle.js'
import { chain, done, map, sequence } from '../../program/program.js'
import type { Memory } from '../../runtime/trajectory.js'
import type { BilevelDraw } from '../draw.js'
import { type Asking, askInBoth, askValue, type Seen } from '../oracle.js'
import { type Schedule, scheduled } from '../schedule.js'
import { countOf } from './domain.js'
import { type InnerPath, retrace, run } from './path.js'
import { type Cotangents, holds, wayBack } from './unrolled.js'

/**
 * An inner loop that is part of the objective, $F_r(x) = f(x, y_r(x))$ with $y_{t+1} = y_t - a_t \nabla_y g(x, y_t)$: it is not
 * run to a solution.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface FiniteLoop {
  /** The number of steps $r \ge 0$ and their lengths $a_t \ge 0$, a number or a function of $t$. */
  readonly inner: { readonly steps: number; readonly step: Schedule }
  /** Where every loop starts: `constant`, at the $y_0$ of the run (the default), or `outer`, at $y_0 = x$. */
  readonly initialise?: 'constant' | 'outer'
  /** How many of the states $y_t$ an exact pass holds; `stored` unless it is given. It changes no bit of the result. */
  readonly memory?: Memory
  /**
   * How many tasks the problem has, where it has such: each task drawn (all of them where none is) has a loop of its own on itself
   * alone, and all results are means over these.
   */
  readonly tasks?: number
}

/** $F_r$ at a point, with its gradients. */
export interface Looped extends Seen {
  /** $\nabla_x f$ at $y_r$, and $\nabla_y f$ too where $y_0 = x$: without all second derivatives. */
  readonly firstOrder: Vector
  /** $\nabla F_r$, where it was wanted. */
  readonly exact: O.Option<Vector>
  /** $y_r$, of every loop. */
  readonly ends: ReadonlyArray<Vector>
}

/** The objective of a finite loop as programs. */
export interface LoopedObjective {
  readonly value: (x: Vector, start: Vector, draw: BilevelDraw) => Asking<number>
  readonly gradient: (x: Vector, start: Vector, draw: BilevelDraw, exact: boolean) => Asking<Looped>
}

/** One loop: which components each level sees. */
interface Loop {
  readonly upper: Batch
  readonly lower: (t: number) => Batch
}

const sumOf = (a: Vector, b: Vector): Vector => a.map((x, i) => x + (b[i] ?? 0))

const meanVector = (all: ReadonlyArray<Vector>): Vector => {
  const [first = new Float64Array(0), ...rest] = all
  return rest.reduce(sumOf, first).map((x) => x / all.length)
}

const mean = (all: ReadonlyArray<number>): number => all.reduce((s, x) => s + x, 0) / all.length

const meanOption = (all: ReadonlyArray<O.Option<number>>): O.Option<number> =>
  O.map(mean)(O.sequenceArray(all))

const together = (loops: ReadonlyArray<Looped>): Looped => ({
  value: mean(loops.map(({ value }) => value)),
  lowerBound: meanOption(loops.map(({ lowerBound }) => lowerBound)),
  solutionValue: meanOption(loops.map(({ solutionValue }) => solutionValue)),
  firstOrder: meanVector(loops.map(({ firstOrder }) => firstOrder)),
  exact: O.map(meanVector)(O.sequenceArray(loops.map(({ exact }) => exact))),
  ends: loops.flatMap(({ ends }) => ends),
})

const loopsOf = (tasks: number | undefined, { upper, lower }: BilevelDraw): ReadonlyArray<Loop> => {
  if (tasks === undefined) return [{ upper, lower }]
  const drawn = upper ?? Int32Array.from({ length: tasks }, (_, i) => i)
  if (drawn.length === 0) throw new RangeError('draws.upper: got no tasks, expected at least one')
  return Array.from(drawn, (task) => {
    const alone = Int32Array.of(task)
    return { upper: alone, lower: () => alone }
  })
}

/** The states of a loop: those before each step if they are to be held, and the last. */
const states = (
  path: InnerPath,
  x: Vector,
  held: boolean,
): Asking<{ readonly end: Vector; readonly states: ReadonlyArray<Vector> }> => {
  if (!held) return map(run(x, path), (end) => ({ end, states: [] }))
  const go = (
    t: number,
    y: Vector,
    before: ReadonlyArray<Vector>,
  ): Asking<{ readonly end: Vector; readonly states: ReadonlyArray<Vector> }> =>
    t === path.steps.length
      ? done({ end: y, states: before })
      : chain(retrace(path, x, y, t, t + 1), (next) => go(t + 1, next, [...before, y]))
  return go(0, path.start, [])
}

/**
 * $F_r$ of a finite loop. Only the exact gradient goes back over the loop; nothing is held for a first-order one.
 */
export const loopedObjective = ({
  inner,
  initialise = 'constant',
  memory = 'stored',
  tasks,
}: FiniteLoop): LoopedObjective => {
  const at = scheduled('inner.step', inner.step)
  const steps = Array.from({ length: countOf('inner.steps', inner.steps, 0) }, (_, t) => {
    const step = at(t)
    if (step < 0) throw new RangeError(`inner.step: got ${step} for t = ${t}, expected a number >= 0`)
    return step
  })
  if (tasks !== undefined) countOf('tasks', tasks, 1)
  const outer = initialise === 'outer'
  const pathOf = (x: Vector, start: Vector, { lower }: Loop): InnerPath => ({
    start: outer ? x : start,
    steps,
    batch: lower,
    states: [],
  })
  const all = <A>(draw: BilevelDraw, each: (loop: Loop) => Asking<A>): Asking<ReadonlyArray<A>> =>
    sequence(loopsOf(tasks, draw).map(each))
  const ending = ({ z, p }: Cotangents): Vector => (outer ? sumOf(z, p) : z)
  const gradientOf = (x: Vector, start: Vector, loop: Loop, exact: boolean): Asking<Looped> => {
    const path = pathOf(x, start, loop)
    return chain(states(path, x, exact && holds(memory)), ({ end, states }) =>
      chain(askInBoth('upper', { x, y: end }, loop.upper), (f) => {
        const cotangents = { z: f.x, p: f.y, v: new Float64Array(end.length) }
        const { value, lowerBound, solutionValue } = f
        const found = { value, lowerBound, solutionValue, firstOrder: ending(cotangents), ends: [end] }
        return exact
          ? map(wayBack({ ...path, states }, x, memory, cotangents), (back) => ({
              ...found,
              exact: O.some(ending(back)),
            }))
          : done({ ...found, exact: O.none })
      }),
    )
  }
  return {
    value: (x, start, draw) =>
      map(
        all(draw, (loop) =>
          chain(run(x, pathOf(x, start, loop)), (y) => askValue('upper', { x, y }, loop.upper)),
        ),
        mean,
      ),
    gradient: (x, start, draw, exact) =>
      map(
        all(draw, (loop) => gradientOf(x, start, loop, exact)),
        together,
      ),
  }
}
