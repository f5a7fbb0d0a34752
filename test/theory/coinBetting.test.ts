import { coinBetting } from 'steplaw'
import { type Bettor, regret, solvent } from '../../src/theory/theorem/coinBetting.js'
import { prove } from './prove.js'

const right: Bettor = ({ wealth }) => coinBetting({ wealth })

type Layer = ReturnType<Bettor>

const changed =
  (change: (layer: Layer, wealth: number) => Partial<Layer>): Bettor =>
  ({ wealth }) => {
    const layer = right({ wealth })
    return { ...layer, ...change(layer, wealth) }
  }

const mutants = {
  /** The share is divided by the round before. */
  betsOneRoundAhead: changed((layer) => ({
    advance: (state, at) => layer.advance(state, { ...at, k: at.k - 1 }),
  })),
  betsTwiceTheShare: changed((layer) => ({
    advance: (state, at) => {
      const next = layer.advance(state, at)
      return { ...next, x: next.x.map((x, i) => 2 * x - (at.start[i] ?? 0)) }
    },
  })),
  betsAgainst: changed((layer) => ({
    advance: (state, at) => {
      const next = layer.advance(state, at)
      return { ...next, x: next.x.map((x, i) => 2 * (at.start[i] ?? 0) - x) }
    },
  })),
  /** What was won is not put in again. */
  betsTheInitialWealth: changed((layer, wealth) => ({
    advance: (state, at) => {
      const next = layer.advance(state, at)
      return { ...next, state: { ...next.state, wealth } }
    },
  })),
}

const only = (names: ReadonlyArray<string>): { readonly [name: string]: Bettor } =>
  Object.fromEntries(Object.entries(mutants).filter(([name]) => names.includes(name)))

prove(solvent, only(solvent.mutants))
prove(regret, only(regret.mutants))
