/** Mechanic around gradient descent and Adam whose rate is off by up to a factor of a million. */
import { adam, constant, mechanic } from 'steplaw'
import { twoClasses } from './data.js'

const rates = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100]

const { data, words } = twoClasses('w8a')

export const report = {
  title: `A rate that need not be known: Mechanic on ${words}`,
  description: [
    `Logistic regression with an l2 penalty of 0.0001 on ${words}, batches of 100, 13,930 iterations from zero. Gradient descent ` +
      'and Adam at constant rates, and Mechanic with its published constants around each of them at the same rates.',
  ],
}

export default {
  format: 'steplaw-experiment/1',
  id: 'mechanic',
  objective: { objective: 'logistic', l2: 1e-4, data },
  split: { test: 0.2, seed: 1 },
  start: 'zeros',
  draws: { batch: 100, replace: false, seed: 2 },
  iterations: 13_930,
  record: { every: 235, fields: ['value', 'step', 'evaluations', 'train'] },
  runs: [
    { name: 'SGD', rule: constant, sweep: { rate: rates } },
    { name: 'Mechanic of SGD', rule: constant, wrapper: mechanic(), sweep: { rate: rates } },
    { name: 'Adam', direction: adam(), rule: constant, sweep: { rate: rates } },
    {
      name: 'Mechanic of Adam',
      direction: adam(),
      rule: constant,
      wrapper: mechanic(),
      sweep: { rate: rates },
    },
  ],
}
