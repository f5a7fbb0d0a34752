/** What the experiments on two levels share: searches as data, and the methods that they are compared with. */
import { type adam, armijo, constant, last, minOf, type Rule, sls } from 'steplaw'

/** A search from its last step, which may grow by half, and never above a bound. */
export const searched = (initial: number, { slack = 0, maximum = 100 } = {}): Rule =>
  armijo({
    start: minOf(last({ initial, factor: 1.5 }), constant(maximum)),
    c: 0.1,
    shrink: 0.5,
    budget: 20,
    slack,
  })

/** The hypergradient of all methods that solve the linear system: a few conjugate gradients. */
export const cg = { estimator: 'cg', iterations: 3 } as const

/** How many steps the lower level makes in an iteration. */
export const innerSteps = 3

/** The slack of upper searches: the hypergradient is not the gradient of what the search looks at. */
export const slack = 0.01

/** A search at both levels, from the same step; Adam above, or the gradient. */
export const bisls = (direction?: ReturnType<typeof adam>) => (initial: number) => ({
  method: 'bilevelDescent',
  inner: { steps: innerSteps, rule: searched(initial) },
  hypergradient: cg,
  outer: {
    rule: searched(initial, { slack }),
    ...(direction === undefined ? {} : { direction }),
  },
})

/** The same rate at both levels, along Adam or along the gradient at both. */
export const fixed = (direction?: ReturnType<typeof adam>) => (rate: number) => ({
  method: 'bilevelDescent',
  inner: { steps: innerSteps, rule: constant(rate), ...(direction === undefined ? {} : { direction }) },
  hypergradient: cg,
  outer: { rule: constant(rate), ...(direction === undefined ? {} : { direction }) },
})

/** Plain training on rows that are all trusted alike. */
export const plain = sls({ initial: 1, reset: 'grow', growth: 1.5, shrink: 0.5 })

/** What every experiment on hyper-cleaning is measured against. */
export const baselines = (steps: number) => [
  { name: 'noisy labels', baseline: { on: 'given', steps }, rule: plain },
  { name: 'clean labels', baseline: { on: 'clean', steps }, rule: plain },
  { name: 'validation only', baseline: { on: 'validation', steps }, rule: plain },
]

/** The digits that come with the library: 600 to train, half of their labels drawn anew, 100 to validate, the others to test. */
export const digits = {
  problem: {
    problem: 'dataCleaning',
    classes: 10,
    l2: 0.002,
    relabel: { share: 0.5, seed: 3 },
    data: { as: 'mnist', bias: true },
  },
  split: { test: 9300, validation: 100, seed: 1 },
} as const
