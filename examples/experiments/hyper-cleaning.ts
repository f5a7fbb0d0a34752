/**
 * Data hyper-cleaning by all methods on two levels: which of the labels to believe.
 *
 * On the digits that come with the library; or, where the environment variable `STEPLAW_IDX` names a folder with the four files of
 * MNIST or Fashion-MNIST in IDX form (`train-images-idx3-ubyte.gz` and so on), on those, with 50,000 rows to train, 5,000 to validate
 * and the 10,000 test rows, for 1,000 iterations in batches, each method with one step.
 */
import { basename, resolve } from 'node:path'
import { adam, constant, generator, power, spsB, uniforms } from 'steplaw'
import { baselines, bisls, cg, digits, fixed, innerSteps } from './cleaning.js'

const folder = process.env.STEPLAW_IDX

const files = (part: string) => ({
  as: 'idx',
  file: resolve(folder ?? '', `${part}-images-idx3-ubyte.gz`),
  labels: resolve(folder ?? '', `${part}-labels-idx1-ubyte.gz`),
  bias: true,
})

const large = {
  problem: {
    ...digits.problem,
    data: files('train'),
    test: files('t10k'),
  },
  split: { test: 5000, validation: 5000, seed: 1 },
  draws: { batch: 2000, replace: false, seed: 2 },
}

const iterations = folder === undefined ? 60 : 1000

/** With which probability UFOM makes an exact pass. */
const q = 0.2

/** All rows at a time: only the coins of UFOM are drawn. */
const [thrown] = uniforms(iterations)(generator(2, 'coins'))
const small = { ...digits, draws: { coins: Array.from(thrown, (u) => (u < q ? 1 : 0)) } }

const lowerStep = 0.2
const adamLike = adam({ beta1: 0.9, beta2: 0.99, eps: 1e-8 })
const upperSteps = [10, 100, 1000, 10_000]

/** Of a sweep on the digits one number that did well, where there are many more rows. */
const among = (all: ReadonlyArray<number>, one: number) => (folder === undefined ? all : [one])

/** Capped Polyak steps at both levels, below caps that fall like the root of the iteration. */
const bisps = (cap: number) => ({
  method: 'bilevelDescent',
  inner: { steps: innerSteps, rule: spsB({ initial: cap, exponent: 0.5, c: 1 }) },
  hypergradient: cg,
  outer: { rule: spsB({ initial: cap, exponent: 0.5, c: 1 }) },
})

/** MAID by what it is told of the problem, and by its first step. */
const maid = (constants: { readonly [name: string]: number }, alpha: number) => ({
  method: 'maid',
  constants,
  epsilon: 1,
  delta: 0.1,
  alpha,
  lowerBudget: 1000,
  upperConvex: true,
})

const methods = [
  { name: 'BiSLS-Adam', method: bisls(adamLike), sweep: { start: among([1e-2, 1, 100], 1) } },
  { name: 'BiSLS-SGD', method: bisls(), sweep: { start: among([1e-2, 1, 100], 100) } },
  { name: 'BiSPS', method: bisps, sweep: { cap: among([1e-2, 1, 100], 1) } },
  { name: 'Adam', method: fixed(adam()), sweep: { rate: among([1e-3, 1e-2, 1e-1, 1], 1e-2) } },
  { name: 'SGD', method: fixed(), sweep: { rate: among([1e-2, 1e-1, 1, 10], 1) } },
  {
    name: 'stocBiO',
    method: (step: number) => ({
      method: 'bilevelDescent',
      inner: { steps: innerSteps, rule: constant(lowerStep) },
      hypergradient: { estimator: 'neumann', terms: 5, step: lowerStep },
      outer: { rule: constant(step) },
    }),
    sweep: { upper: among(upperSteps, 10_000) },
  },
  {
    name: 'SOBA',
    method: (step: number) => ({ method: 'soba', lowerStep, upperStep: step }),
    sweep: { upper: among(upperSteps, 10_000) },
  },
  {
    name: 'BOME',
    method: (step: number) => ({
      method: 'bome',
      innerSteps,
      innerStep: lowerStep,
      upperStep: step,
      lowerStep,
    }),
    sweep: { upper: among(upperSteps, 10_000) },
  },
  {
    name: 'F2SA',
    method: (step: number) => ({
      method: 'f2sa',
      innerSteps,
      alpha: power({ initial: lowerStep, exponent: 0.5 }),
      gamma: lowerStep,
      xi: step / lowerStep,
      lambda0: 1,
      lambdaIncrement: 0.1,
    }),
    sweep: { upper: among(upperSteps, 1000) },
  },
  {
    // The loop begins at zero in every iteration and is part of the objective; the first-order gradient is zero here.
    name: 'UFOM',
    method: (step: number) => ({
      method: 'ufom',
      q,
      inner: { steps: 30, step: 0.5 },
      step,
    }),
    sweep: { upper: among(upperSteps, 10_000) },
  },
  {
    // The constants are those that are proven of the problem; that of the inverse Hessian, which is 6e7, is left out.
    name: 'proven MAID',
    method: maid(
      { mu: 0.002, L: 43.82, upperLipschitzY: 45.21, crossNorm: 0.1352, crossLipschitz: 0.4762 },
      1000,
    ),
  },
  {
    // The largest curvature that is met on the way is below 2; 0.2 in place of mu is more than the least, so that nothing is proven.
    name: 'working MAID',
    method: maid({ mu: 0.2, L: 2, upperLipschitzY: 2, crossNorm: 0.02, crossLipschitz: 0.02 }, 3000),
  },
]

const words = folder === undefined ? '600 digits' : `50,000 images (${basename(folder)})`

export const report = {
  title: `Which labels to believe: hyper-cleaning of ${words}`,
  description: [
    'Half of the training labels are drawn anew from all ten classes. The upper level weighs every training row, the lower one trains a ' +
      'linear classifier on the weighted rows with an l2 penalty, and clean validation rows judge it.',
    `The methods make ${innerSteps} lower steps in an iteration; the linear system is solved by three conjugate ` +
      `gradients, by stocBiO with five terms of a Neumann series. The methods with a lower rate of their own have ${lowerStep} there, ` +
      'which is stable, and the upper rate is swept. Baselines: the same classifier without weights, on the labels as they are given and on ' +
      'the true ones (both with the validation rows), and on the validation rows alone.',
    'UFOM has a lower loop of its own, 30 steps from zero in every iteration, and is judged where that loop ended. Its first-order gradient ' +
      'is zero here, so that it moves only where the coin asks for the exact one, by five times as much.',
    'MAID wants the constants of the problem. With those that can be proven here its lower solves do not reach the accuracy that it asks ' +
      'for within 1,000 steps, and it stops before it has moved. With working constants, those that are met on the way and a convexity a ' +
      'hundred times the proven one, it moves until its lower solves fail likewise; its certificate is then no proof.',
    'The published figures of these methods are on other sizes, splits and budgets; the constants of BiSLS are not published. ' +
      'What can be compared is the order: whether a method ends between the noisy labels and the clean ones.',
  ],
  figures: ['loss', 'accuracy', 'time', 'step', 'sensitivity'],
}

export default {
  format: 'steplaw-experiment/1',
  id: 'hyper-cleaning',
  ...(folder === undefined ? small : large),
  start: { x: 'zeros', y: 'zeros' },
  iterations,
  record: {
    every: folder === undefined ? 3 : 100,
    fields: ['value', 'step', 'evaluations', 'validation', 'test'],
  },
  runs: [...baselines(innerSteps), ...methods],
}
