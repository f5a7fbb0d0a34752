/**
 * The tour: multinomial logistic regression on handwritten digits, once with constant steps, once with Adam, once with
 * rules that choose their steps. Every family starts from steps that differ by six orders of magnitude.
 *
 * Run by `npm start`.
 */
import {
  adam,
  armijo,
  constant,
  decSps,
  dog,
  envelope,
  last,
  mechanic,
  minOf,
  polyak,
  power,
  prodigy,
  sls,
  slsB,
  spsB,
  spsMax,
} from 'steplaw'

/** The constant steps, for gradient descent and for Adam. */
const grid = [1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100]

/** Where the other rules start from, or what caps them: the same six orders of magnitude, every other one. */
const coarse = [1e-4, 1e-2, 1, 100]

/**
 * A rule of this example's own: the smaller of a Polyak step and a backtracking search that begins at twice its last
 * step, between two schedules. The lower one keeps the run moving, the upper one makes it settle.
 */
const custom = (cap: number) =>
  envelope({
    lower: power({ initial: cap / 100, exponent: 0.5 }),
    proposal: minOf(polyak({ c: 0.5 }), armijo({ start: last({ initial: cap, factor: 2 }) })),
    upper: power({ initial: cap, exponent: 0.5 }),
  })

export const report = {
  title: 'Steps that choose themselves: digits, thirteen methods, six orders of magnitude',
  description: [
    'Multinomial logistic regression on 10,000 handwritten digits (28 x 28 pixels, ten classes), in double precision, ' +
      'with gradients from the library’s own reverse-mode differentiation. All runs see the same batches from the same ' +
      'start. Training loss is the objective on all training rows; the test rows are never trained on.',
    'Each family of runs differs in one number only: the step it starts from, the cap on its steps, or for the methods without ' +
      'a rate of their own the guess or the rate that they are given. A flat line in the ' +
      'third picture means that this number does not matter.',
  ],
}

export default {
  format: 'steplaw-experiment/1',
  id: 'tour',
  objective: { objective: 'softmax', classes: 10, l2: 1e-4, data: { as: 'mnist', bias: true } },
  split: { test: 2000, seed: 1 },
  start: 'zeros',
  draws: { batch: 100, replace: false, seed: 2 },
  iterations: 240,
  record: { every: 10, fields: ['value', 'step', 'because', 'probes', 'evaluations', 'train'] },
  runs: [
    { name: 'constant', rule: constant, sweep: { step: grid } },
    { name: 'SPSmax', rule: (cap: number) => spsMax({ cap }), sweep: { cap: coarse } },
    { name: 'SPSB', rule: (initial: number) => spsB({ initial }), sweep: { cap: coarse } },
    { name: 'DecSPS', rule: (cap: number) => decSps({ cap }), sweep: { cap: coarse } },
    {
      name: 'SLS',
      rule: (initial: number) => sls({ initial, reset: 'grow', growth: 2 ** (1 / 80) }),
      sweep: { start: coarse },
    },
    { name: 'SLSB', rule: (initial: number) => slsB({ initial }), sweep: { cap: coarse } },
    { name: 'custom envelope', rule: custom, sweep: { cap: coarse } },
    { name: 'Adam', direction: adam(), rule: constant, sweep: { step: grid } },
    {
      name: 'Adam with Armijo',
      direction: adam(),
      rule: (initial: number) => armijo({ start: last({ initial, factor: 2 }) }),
      sweep: { start: coarse },
    },
    { name: 'DoG', rule: (repsilon: number) => dog({ repsilon }), sweep: { guess: coarse } },
    { name: 'Prodigy', rule: (d0: number) => prodigy({ d0 }), sweep: { guess: coarse } },
    { name: 'Mechanic of SGD', rule: constant, wrapper: mechanic(), sweep: { rate: coarse } },
    {
      name: 'Mechanic of Adam',
      direction: adam(),
      rule: constant,
      wrapper: mechanic(),
      sweep: { rate: coarse },
    },
  ],
}
