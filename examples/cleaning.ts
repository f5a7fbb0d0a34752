/**
 * The second part of the tour: two levels. Half of the labels of a training set are drawn anew; every training digit has a weight, and
 * the weights are learnt such that a classifier trained on the weighted digits does well on a few clean ones.
 *
 * Run by `npm start` after the first part.
 */
import { adam } from 'steplaw'
import { baselines, bisls, digits, fixed } from './experiments/cleaning.js'

const starts = [1e-3, 1e-2, 1e-1, 1, 10]

export const report = {
  title: 'Two levels: which labels to believe',
  description: [
    'Half of the labels of 600 training digits are drawn anew from all ten. The upper level chooses a weight for each of them, the ' +
      'lower one trains a linear classifier on the weighted digits, and 100 clean digits judge it. Below, loss on 9,300 digits that ' +
      'neither level has seen.',
    'Dotted levels: the same classifier trained without weights on the training and the validation digits, once with the labels as they ' +
      'are given and once with the true ones; and on the validation digits alone. BiSLS-Adam searches its steps at both levels, ' +
      'from the given step; Adam takes the given step at both.',
  ],
  figures: ['sensitivity'],
}

export default {
  format: 'steplaw-experiment/1',
  id: 'cleaning',
  ...digits,
  start: { x: 'zeros', y: 'zeros' },
  iterations: 25,
  record: { every: 25, fields: ['value', 'step', 'evaluations', 'validation', 'test'] },
  runs: [
    ...baselines(1),
    {
      name: 'BiSLS-Adam',
      method: bisls(adam({ beta1: 0.9, beta2: 0.99, eps: 1e-8 })),
      sweep: { start: starts },
    },
    { name: 'Adam', method: fixed(adam()), sweep: { rate: starts } },
  ],
}
