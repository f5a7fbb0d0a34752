import { neumannSeries, neumannTerm } from 'steplaw/bilevel'
import { bias, differences, type Neumann, truncation, unbiased } from '../../src/theory/theorem/neumann.js'
import { prove } from './prove.js'

const right: Neumann = { series: neumannSeries, term: neumannTerm }

const mutants: { readonly [name: string]: Neumann } = {
  /** The loop ends one term early, as where the iterate before the last is returned. */
  oneTermShort: {
    ...right,
    series: (products, b, { step, terms }) =>
      terms === 1 ? b.map(() => 0) : neumannSeries(products, b, { step, terms: terms - 1 }),
  },
  withoutTheStep: {
    ...right,
    series: (products, b, { step, terms }) =>
      neumannSeries(products, b, { step, terms }).map((v) => v / step),
  },
  /** The first term is contracted too. */
  oneProductTooMany: {
    ...right,
    series: (products, b, { step, terms }) => {
      const Hb = products(0)(b)
      return neumannSeries(
        products,
        b.map((x, i) => x - step * (Hb[i] ?? 0)),
        { step, terms },
      )
    },
  },
  deepestOnly: {
    ...right,
    term: (products, b, { step, terms }) => neumannTerm(products, b, { step, terms, depth: terms - 1 }),
  },
  /** A depth drawn from 1 to N - 1: the empty product never comes. */
  neverTheFirst: {
    ...right,
    term: (products, b, { step, terms, depth }) =>
      neumannTerm(products, b, { step, terms, depth: Math.max(depth, Math.min(1, terms - 1)) }),
  },
  /** One batch for all products of a term: the mean of powers is not the power of the mean. */
  sameBatchInAll: {
    ...right,
    term: (products, b, params) => neumannTerm(() => products(0), b, params),
  },
}

const only = (names: ReadonlyArray<string>): { readonly [name: string]: Neumann } =>
  Object.fromEntries(Object.entries(mutants).filter(([name]) => names.includes(name)))

prove(truncation, only(truncation.mutants))
prove(unbiased, only(unbiased.mutants))
prove(bias, only(bias.mutants))
prove(differences, only(differences.mutants))
