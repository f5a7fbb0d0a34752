/** Rules that choose their steps against constant and decreasing ones, each from starting steps over six orders of magnitude. */
import { adaSps, constant, decSps, power, sls, slsB, spsB, spsMax } from 'steplaw'
import { twoClasses } from './data.js'

const grid = [1e-3, 1e-2, 1e-1, 1, 10, 100, 1000]

interface Settings {
  readonly l2: number
  readonly batch: number
  readonly iterations: number
  readonly start: 'zeros' | { readonly normal: number; readonly seed: number }
}

/** The experiment on one data set. `n` batches make an epoch: the searches may double their step in it. */
export const stepsOn = (
  name: string,
  { l2, batch, iterations, start }: Settings,
  batchesPerEpoch: number,
) => {
  const { data, words } = twoClasses(name)
  const growth = 2 ** (1 / batchesPerEpoch)
  return {
    report: {
      title: `Steps that choose themselves: logistic regression on ${words}`,
      description: [
        `Logistic regression with an l2 penalty of ${l2} on ${words}, batches of ${batch}, ${iterations} iterations. A family ` +
          'of runs differs in one number: the step it starts from or the cap on its steps (for AdaSPS the inverse of its scale).',
      ],
    },
    experiment: {
      format: 'steplaw-experiment/1',
      id: `steps-${name}`,
      objective: { objective: 'logistic', l2, data },
      split: { test: 0.2, seed: 1 },
      start,
      draws: { batch, replace: false, seed: 2 },
      iterations,
      record: { every: Math.ceil(iterations / 60), fields: ['value', 'step', 'evaluations', 'train'] },
      runs: [
        { name: 'SGD', rule: constant, sweep: { step: grid } },
        {
          name: 'SGD, decreasing',
          rule: (initial: number) => power({ initial, exponent: 0.5 }),
          sweep: { step: grid },
        },
        { name: 'SPSmax', rule: (cap: number) => spsMax({ c: 0.5, cap }), sweep: { cap: grid } },
        { name: 'SPSB', rule: (initial: number) => spsB({ c: 0.5, initial }), sweep: { cap: grid } },
        { name: 'DecSPS', rule: (cap: number) => decSps({ cap }), sweep: { cap: grid } },
        {
          name: 'AdaSPS',
          rule: (inverse: number) => adaSps({ scale: 1 / inverse }),
          sweep: { inverse: grid },
        },
        {
          name: 'SLS',
          rule: (initial: number) => sls({ c: 0.1, shrink: 0.9, initial, reset: 'grow', growth }),
          sweep: { start: grid },
        },
        {
          name: 'SLSB',
          rule: (initial: number) => slsB({ c: 0.1, shrink: 0.9, initial }),
          sweep: { cap: grid },
        },
      ],
    },
  }
}
