/** Faults of the method with a barrier, most of them seen in public code. */
import * as O from 'fp-ts/lib/Option.js'
import type { Asking, BomeOutputs, BomeState, Pair } from 'steplaw/bilevel'
import { askHessian, askInBoth, askInX, askInY } from '../../src/bilevel/oracle.js'
import type { Vector } from '../../src/problem/oracle.js'
import { chain, done, map } from '../../src/program/program.js'
import { step as taken } from '../../src/rule/outcome.js'
import {
  type BarrierMethod,
  barrier,
  inner,
  squared,
  sum,
} from '../../src/theory/theorem/bilevel/barrierMethod.js'

interface Fault {
  /** Where the inner steps start: the end of the last ones. */
  readonly warm?: boolean
  /** How many inner steps are left out. */
  readonly short?: number
  /** The gap is measured from the value where the inner steps start. */
  readonly stale?: boolean
  /** The gradient of g at the end of the inner steps is forgotten. */
  readonly withoutGHat?: boolean
  /** The gap is differentiated through the inner steps. */
  readonly unrolled?: boolean
  readonly lambda?: (phi: number, along: number, qq: number) => number
  readonly phi?: (phi: number) => number
  readonly other?: boolean
  readonly steps?: number
}

const minus = (u: Vector, w: Vector, s = 1): Vector => u.map((ui, i) => ui - s * (w[i] ?? 0))

const multiplier = (phi: number, along: number, qq: number): number =>
  qq === 0 ? 0 : Math.max((phi - along) / qq, 0)

/** The method once more, with a fault. */
const faulty =
  (fault: Fault): BarrierMethod =>
  (settings) => {
    const { option, eta, step, inner: a } = settings
    const count = Math.max(0, settings.steps - (fault.short ?? 0))
    const path = (x: Vector, states: ReadonlyArray<Vector>): Asking<ReadonlyArray<Vector>> => {
      const y = states[states.length - 1] ?? x
      return states.length > count
        ? done(states)
        : chain(askInY('lower', { x, y }, null), (g) => path(x, [...states, minus(y, g.y, a)]))
    }
    /** The cotangent at the start of the inner steps. */
    const back = (x: Vector, states: ReadonlyArray<Vector>, t: number, p: Vector): Asking<Vector> =>
      t < 0
        ? done(p)
        : chain(askHessian({ x, y: states[t] ?? x }, p, null), (Hp) =>
            back(x, states, t - 1, minus(p, Hp, a)),
          )
    return {
      ...barrier(settings),
      iterate: (state) => {
        const [x, y] = [state.x.x, state.y.x]
        return chain(path(x, [fault.warm === true ? state.inner.x : y]), (states) => {
          const hat = states[states.length - 1] ?? y
          return chain(askInBoth('upper', { x, y }, null), (f) =>
            chain(askInBoth('lower', { x, y }, null), (g) =>
              chain(askInX('lower', { x, y: hat }, null), (ghat) =>
                chain(askInY('lower', { x, y: hat }, null), (slope) =>
                  map(
                    fault.unrolled === true ? back(x, states, count - 1, slope.y) : done(y.map(() => 0)),
                    (through) => {
                      const gap = fault.stale === true ? 0 : g.value - ghat.value
                      const q: Pair = {
                        x: fault.withoutGHat === true ? g.x : minus(g.x, ghat.x),
                        y: minus(g.y, through),
                      }
                      const qq = squared(q)
                      const of = fault.other === true ? (option === 'G' ? 'Q' : 'G') : option
                      const phi = (fault.phi ?? ((p: number) => p))(eta * (of === 'G' ? qq : gap))
                      const lambda = (fault.lambda ?? multiplier)(phi, inner(f, q), qq)
                      const delta = sum(f, q, lambda)
                      const next = sum({ x, y }, delta, -(fault.steps ?? 1) * step)
                      const own: BomeOutputs = {
                        lambda,
                        gap,
                        constraint: q,
                        delta,
                        barrier: phi,
                        inner: hat,
                        probes: 0,
                        lower: { outcome: taken(step), probes: 0 },
                      }
                      const after: BomeState = {
                        ...state,
                        k: state.k + 1,
                        x: { ...state.x, x: next.x },
                        y: { ...state.y, x: next.y },
                        inner: { ...state.inner, x: hat },
                      }
                      return [
                        after,
                        {
                          k: state.k,
                          x,
                          y,
                          value: f.value,
                          gradient: O.some(delta.x),
                          outcome: taken(step),
                          own,
                        },
                      ]
                    },
                  ),
                ),
              ),
            ),
          )
        })
      },
    }
  }

export const barrierMutants: { readonly [name: string]: BarrierMethod } = {
  /** The end of the inner steps is not held constant. */
  unrolledGap: faulty({ unrolled: true }),
  /** 0/0 where the lower level is solved. */
  withoutTheBranch: faulty({ lambda: (phi, along, qq) => Math.max((phi - along) / qq, 0) }),
  barrierOfTheOtherSign: faulty({ phi: (phi) => -phi }),
  /** The multiplier of an equality: it may pull towards larger gaps. */
  signedMultiplier: faulty({ lambda: (phi, along, qq) => (qq === 0 ? 0 : (phi - along) / qq) }),
  steppedTwice: faulty({ steps: 2 }),
  /** The barrier of the gap where that of the slope is meant, or the reverse. */
  otherOption: faulty({ other: true }),
  /** Inner steps go on from where they ended, and not from y. */
  innerFromBefore: faulty({ warm: true }),
  oneStepShort: faulty({ short: 1 }),
  staleLowerValue: faulty({ stale: true }),
  withoutGHat: faulty({ withoutGHat: true }),
}
