import * as O from 'fp-ts/lib/Option.js'
import { type Direction, neo } from 'steplaw'
import {
  gradientDescent,
  longMemory,
  type Remembering,
  truncation,
  weightSum,
} from '../../src/theory/theorem/neo.js'
import { prove } from './prove.js'

/** A direction with memory whose weights come from another recursion. */
const remembering =
  (next: (psi: number, j: number, alpha: number) => number, kept = (memory: number) => memory): Remembering =>
  ({ alpha, memory, normalised }) => {
    const psi: Array<number> = []
    for (let j = 1, last = 1; j <= kept(memory); j++) {
      last = next(last, j, alpha)
      psi.push(last)
    }
    const sum = normalised ? psi.reduce((a, b) => a + b, 0) : -1
    const direction: Direction = {
      name: 'remembering',
      expr: O.none,
      moments: 0,
      history: Math.max(0, psi.length - 1),
      advance: ({ count, moments }, { x, gradient }) => {
        const points = [x, ...moments].slice(0, psi.length)
        const p = gradient.map((g) => -g)
        return {
          state: { count: count + 1, moments: points.slice(0, psi.length - 1) },
          probe: p,
          execute: p,
          base: x.map((_, i) => points.reduce((s, y, j) => s + ((psi[j] ?? 0) / sum) * (y[i] ?? 0), 0)),
        }
      },
    }
    return direction
  }

const recursion = (psi: number, j: number, alpha: number): number => (psi * (j - 1 - alpha)) / j

const mutants: { readonly [name: string]: Remembering } = {
  binomialOfTheNext: remembering((psi, j, alpha) => (psi * (j - alpha)) / (j + 1)),
  forgetsTheOldest: remembering(recursion, (memory) => Math.max(1, memory - 1)),
  rawWhereNormalisedIsMeant: (p) => neo({ ...p, normalised: false }),
  /** The memory is computed and not used. */
  stepsFromThePoint: (p) => {
    const direction = neo({ ...p, alpha: 0.5 })
    return {
      ...direction,
      advance: (state, at) => ({ ...direction.advance(state, at), base: at.x.map((x) => x / 2) }),
    }
  },
}

const only = (names: ReadonlyArray<string>): { readonly [name: string]: Remembering } =>
  Object.fromEntries(Object.entries(mutants).filter(([name]) => names.includes(name)))

prove(weightSum, only(weightSum.mutants))
prove(truncation, only(truncation.mutants))
prove(gradientDescent, only(gradientDescent.mutants))
prove(longMemory, only(longMemory.mutants))
