/** Eight replicas from a base step that is far too small or far too large, beside gradient descent with the same step. */
import { twoClasses } from './data.js'

const steps = [1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100]

const { data, words } = twoClasses('a1a')

const controller = {
  replicas: 8,
  step: 1,
  spread: 0.3,
  temperature: 1e-3,
  momentum: 0.5,
  gain: 1,
  period: 20,
}

export const report = {
  title: `Eight replicas that find the step together: logistic regression on ${words}`,
  description: [
    `Logistic regression with an l2 penalty of 0.02 on ${words}, 4,000 iterations of batches of 400. Gradient descent at constant steps; eight ` +
      'replicas whose steps are spread by 30 % around a base, averaged every 20 iterations, with the base left where it was; and with ' +
      'the controller that moves the base by the losses of the replicas.',
  ],
}

export default {
  format: 'steplaw-experiment/1',
  id: 'replicas',
  objective: { objective: 'logistic', l2: 0.02, data },
  split: { test: 0.2, seed: 1 },
  start: { normal: 0.1, seed: 10 },
  draws: { batch: 400, replace: false, seed: 2 },
  iterations: 4000,
  record: { every: 80, fields: ['value', 'step', 'evaluations', 'train'] },
  runs: [
    { name: 'SGD', rule: { rule: 'constant', step: 1 }, sweep: { 'rule.step': steps } },
    {
      name: 'replicas, fixed base',
      replicas: { controller: { ...controller, gain: 0 }, seed: 3 },
      sweep: { 'replicas.controller.step': steps },
    },
    {
      name: 'replicas, HDET',
      replicas: { controller, seed: 3 },
      sweep: { 'replicas.controller.step': steps },
    },
  ],
}
