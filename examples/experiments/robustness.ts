/**
 * How much the first steps matter at two levels: searches, Adam and gradient descent over six orders of magnitude at each level, and
 * the ways in which a search may begin anew.
 */
import { adam, armijo, constant, last, minOf, periodic, type Rule } from 'steplaw'
import { baselines, cg, digits, innerSteps, searched, slack } from './cleaning.js'

const grid = [1e-3, 1e-2, 1e-1, 1, 10, 100, 1000]
const starts = [1e-3, 1e-1, 10, 1000]
const adamLike = adam({ beta1: 0.9, beta2: 0.99, eps: 1e-8 })

type Along = ReturnType<typeof adam> | undefined

/** One rule above and one below, made of two numbers. */
const pair =
  (above: (x: number) => Rule, below: (y: number) => Rule, upper?: Along, lower?: Along) =>
  (x: number) =>
  (y: number) => ({
    method: 'bilevelDescent',
    inner: {
      steps: innerSteps,
      rule: below(y),
      ...(lower === undefined ? {} : { direction: lower }),
    },
    hypergradient: cg,
    outer: { rule: above(x), ...(upper === undefined ? {} : { direction: upper }) },
  })

const search = (initial: number) => searched(initial)
const slackened = (initial: number) => searched(initial, { slack })
const both = { upper: grid, lower: grid }

/** Where a search begins, by its first step. */
const resets: ReadonlyArray<readonly [name: string, begin: (initial: number) => Rule]> = [
  ['keep', (initial) => last({ initial })],
  ['restart', constant],
  ['grow', (initial) => last({ initial, factor: 1.5 })],
  ['capped', (initial) => minOf(last({ initial, factor: 1.5 }), constant(10))],
  ['periodic', (initial) => periodic({ period: 10, first: constant(initial), rest: last({ initial }) })],
]

const begun = (begin: (initial: number) => Rule) => (initial: number) => {
  const rule = (more: number) =>
    armijo({ start: begin(initial), c: 0.1, shrink: 0.5, budget: 20, slack: more })
  return {
    method: 'bilevelDescent',
    inner: { steps: innerSteps, rule: rule(0) },
    hypergradient: cg,
    outer: { rule: rule(slack), direction: adamLike },
  }
}

export const report = {
  title: 'How much the first step matters at two levels: hyper-cleaning of 600 digits',
  description: [
    'Hyper-cleaning of digits of which half of the labels are drawn anew (see the experiment of that name), full batches, 25 iterations. ' +
      'Heat maps: the first steps of the searches, or the rates of Adam and of gradient descent, at the upper level and at the lower one, ' +
      'each over six orders of magnitude. Searches may grow by half in an iteration and stay below 100, which also caps what they begin with.',
    'Below: the five ways in which a search of BiSLS-Adam may begin anew, from the same step at both levels: where it ended (keep), at its ' +
      'first step (restart), half above where it ended (grow), the same up to 10 (capped), at its first step in every tenth iteration (periodic).',
    'Published is the claim that BiSLS hardly depends on its first steps where Adam and gradient descent diverge or stall. ' +
      'The sizes, the network and the constants differ here.',
  ],
  figures: ['sensitivity', 'heat'],
}

export default {
  format: 'steplaw-experiment/1',
  id: 'robustness',
  ...digits,
  start: { x: 'zeros', y: 'zeros' },
  iterations: 25,
  record: { every: 25, fields: ['value', 'step', 'evaluations', 'validation', 'test'] },
  runs: [
    ...baselines(innerSteps),
    ...resets.map(([name, begin]) => ({
      name: `BiSLS-Adam, ${name}`,
      method: begun(begin),
      sweep: { start: starts },
    })),
    { name: 'BiSLS-Adam', method: pair(slackened, search, adamLike), sweep: both },
    { name: 'BiSLS-SGD', method: pair(slackened, search), sweep: both },
    { name: 'Adam', method: pair(constant, constant, adam(), adam()), sweep: both },
    { name: 'SGD', method: pair(constant, constant), sweep: both },
  ],
}
