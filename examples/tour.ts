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
  envelope,
  last,
  minOf,
  polyak,
  power,
  sls,
  slsB,
  spsB,
  spsMax,
} from 'steplaw'

/** The starting steps every family is tried with. */
const grid = [1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100]

/**
 * A rule of this example's own: the smaller of a Polyak step and a backtracking search that begins at twice its last
 * step, between two schedules. The lower one keeps the run moving, the upper one makes it settle.
 */
const custom = envelope({
  lower: power({ initial: 0.01, exponent: 0.5 }),
  proposal: minOf(polyak({ c: 0.5 }), armijo({ start: last({ initial: 1, factor: 2 }) })),
  upper: power({ initial: 1, exponent: 0.5 }),
})

export const report = {
  title: 'Steps that choose themselves: digits, eight rules, six orders of magnitude',
  description: [
    'Multinomial logistic regression on 10,000 handwritten digits (28 x 28 pixels, ten classes), in double precision, ' +
      'with gradients from the library’s own reverse-mode differentiation. All runs see the same batches from the same ' +
      'start. Training loss is the objective on all training rows; the test rows are never trained on.',
    'Each family of runs differs in one number only: the step it starts from, or the cap on its steps. A flat line in the ' +
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
  record: { every: 8, fields: ['value', 'step', 'because', 'probes', 'evaluations', 'train'] },
  runs: [
    { name: 'constant', rule: constant(1), sweep: { 'rule.step': grid } },
    { name: 'SPSmax', rule: spsMax({ cap: 1 }), sweep: { 'rule.of[1].step': grid } },
    { name: 'SPSB', rule: spsB({ initial: 1 }), sweep: { 'rule.of[1].initial': grid } },
    { name: 'DecSPS', rule: decSps({ cap: 1 }), sweep: { 'rule.of[1].of.of[1].step': grid } },
    {
      name: 'SLS',
      rule: sls({ initial: 1, reset: 'grow', growth: 2 ** (1 / 80) }),
      sweep: { 'rule.start.initial': grid },
    },
    { name: 'SLSB', rule: slsB({ initial: 1 }), sweep: { 'rule.start.initial': grid } },
    { name: 'custom envelope', rule: custom, sweep: { 'rule.upper.initial': grid } },
    { name: 'Adam', rule: constant(1), direction: adam(), sweep: { 'rule.step': grid } },
    {
      name: 'Adam with Armijo',
      rule: armijo({ start: last({ initial: 1, factor: 2 }), c: 0.1, shrink: 0.5 }),
      direction: adam(),
      sweep: { 'rule.start.initial': grid },
    },
  ],
}
