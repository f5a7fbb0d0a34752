import { mechanic } from 'steplaw'
import { reduction, safety, scaleFree, type Tuner, tuners } from '../../src/theory/theorem/mechanic.js'
import { prove } from './prove.js'

const right: Tuner = (p) => mechanic({ ...p, lambda: 0, eps: 0 })

type Layer = ReturnType<Tuner>

/** A tuner with another way to go on. */
const changed =
  (change: (layer: Layer) => Partial<Layer>): Tuner =>
  (p) => {
    const layer = right(p)
    return { ...layer, ...change(layer) }
  }

const mapped = (u: unknown, f: (x: number) => number): ReadonlyArray<number> =>
  Array.isArray(u) ? u.map((x) => f(Number(x))) : []

const mutants = {
  /** The scale multiplies the newest displacement and not the whole way. */
  lastDisplacementAlone: changed((layer) => ({
    advance: (state, at) => {
      const next = layer.advance(state, at)
      const scale = Number(layer.outputs(next.state).scale)
      return { ...next, x: at.x.map((x, i) => x + scale * (at.displacement[i] ?? 0)) }
    },
  })),
  /** The way is counted from the origin. */
  startForgotten: changed((layer) => ({
    advance: (state, at) => {
      const next = layer.advance(state, at)
      return { ...next, x: next.x.map((x, i) => x - (at.start[i] ?? 0)) }
    },
  })),
  /** The PyTorch code starts the running maximum at 1e-6 and the scale at 0. */
  startsAtAMillionth: changed((layer) => ({
    init: (start) => {
      const state = layer.init(start)
      return { ...state, m: mapped(state.m, () => 1e-6), s: mapped(state.s, () => 0) }
    },
  })),
  /** The reward is stored as it falls, and only cut where it is used. */
  rewardBelowZero: ((p) => mechanic({ ...p, lambda: 0, eps: 0, form: 'recomputed' })) satisfies Tuner,
  /** An epsilon under the quotient brings back the unit of the loss. */
  paddedRoot: ((p) => mechanic({ ...p, lambda: 0, eps: 1e-8 })) satisfies Tuner,
  /** The run stands twice as far as was bet. */
  twiceTheScale: changed((layer) => ({
    advance: (state, at) => {
      const next = layer.advance(state, at)
      return { ...next, x: next.x.map((x, i) => 2 * x - (at.start[i] ?? 0)) }
    },
  })),
  /** The sign of the bet is that of code that keeps x_0 - x. */
  betsAgainst: changed((layer) => ({
    advance: (state, at) => layer.advance(state, { ...at, gradient: at.gradient.map((g) => -g) }),
  })),
}

const only = (names: ReadonlyArray<string>): { readonly [name: string]: Tuner } =>
  Object.fromEntries(Object.entries(mutants).filter(([name]) => names.includes(name)))

prove(reduction, only(reduction.mutants))
prove(tuners, only(tuners.mutants))
prove(scaleFree, only(scaleFree.mutants))
prove(safety, only(safety.mutants))
