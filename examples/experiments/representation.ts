/**
 * Hyper-representation: features that are learnt so that a linear classifier on top of them, trained on some digits, does well on
 * others. The upper level holds the features, the lower one the last layer:
 *
 *   min over x of f(x, y*(x)),   y*(x) = argmin over y of g(x, y) = the loss on the training digits + l2/2 |y|²,
 *
 * with f the loss on validation digits. The hypergradient is grad_x f - J v with H v = grad_y f. Unlike in distillation the first
 * term alone moves the features already: it is training in turns.
 */
import { adam, constant, type Rule } from 'steplaw'
import {
  bilevelDescent,
  conjugateGradients,
  type Estimator,
  f2sa,
  firstOrder,
  neumann,
  soba,
} from 'steplaw/bilevel'
import { searched, slack } from './cleaning.js'
import {
  batch,
  both,
  budget,
  type Look,
  l2,
  linear,
  random,
  run,
  together,
  train,
} from './representation/learn.js'
import { lineFigure } from './study/lines.js'
import type { Study } from './study/study.js'

const lowerStep = 0.2
const inner = { steps: 5, rule: constant(lowerStep) }
const cg = conjugateGradients({ iterations: 5 })
const adamAbove = adam({ beta1: 0.9, beta2: 0.99, eps: 1e-8 })
const penalty = 5
const rates = [0.003, 0.01, 0.03, 0.1]

const along = (hypergradient: Estimator, rule: Rule, lower: { steps: number; rule: Rule } = inner) =>
  run(bilevelDescent({ inner: lower, hypergradient, outer: { rule, direction: adamAbove } }))

/** The methods, each by its first or constant upper step. */
const methods: ReadonlyArray<
  readonly [name: string, steps: ReadonlyArray<number>, compute: (step: number) => ReadonlyArray<Look>]
> = [
  [
    'BiSLS-Adam',
    [0.01, 1, 100],
    (step) => along(cg, searched(step, { slack }), { ...inner, rule: searched(step) }),
  ],
  ['AID, Adam', rates, (step) => along(cg, constant(step))],
  [
    'stocBiO',
    [0.3, 1, 3, 10],
    (step) =>
      run(
        bilevelDescent({
          inner,
          hypergradient: neumann({ terms: 5, step: lowerStep }),
          outer: { rule: constant(step) },
        }),
      ),
  ],
  [
    'SOBA',
    [0.3, 1, 3, 10],
    (step) => run(soba({ lower: { rule: constant(lowerStep) }, upper: { rule: constant(step) } })),
  ],
  [
    'F2SA, Adam',
    rates,
    (step) =>
      run(
        f2sa({
          steps: inner.steps,
          z: { rule: constant(lowerStep) },
          // On f + lambda g: of the size of a step on g + f / lambda.
          y: { rule: constant(lowerStep / penalty) },
          x: { rule: constant(step), direction: adamAbove },
          lambda: { start: penalty },
        }),
      ),
  ],
  ['in turns, Adam', rates, (step) => along(firstOrder(), constant(step))],
]

const sweeps = [
  ...methods,
  ['one level', rates, (step: number) => together(train(), step, adamAbove)] as const,
  ['one level, all', rates, (step: number) => together(both(), step, adamAbove)] as const,
]
const fixed = [
  ['random features', () => linear(random)],
  ['the pixels', () => linear((data) => data)],
] as const

const cellOf = (name: string, step: number): string => `${name} ${step}`
const percent = (share: number): number => Number((100 * share).toFixed(2))
const last = (seen: ReadonlyArray<Look>): Look =>
  seen.at(-1) ?? { gradients: 0, validation: Number.NaN, accuracy: Number.NaN }

const study: Study<ReadonlyArray<Look>> = {
  title: 'Features above, a classifier below: hyper-representation',
  description: [
    'The upper level learns a layer of 32 features (tanh) of digits of 14 by 14 pixels, the lower one a linear classifier on top of them ' +
      `with an l2 penalty of ${l2}: that on 2,000 digits, those on 2,000 others, both in batches of ${batch}. 6,000 digits judge ` +
      `them. Every method has ${budget} gradients, products with second derivatives counted likewise.`,
    'BiSLS-Adam searches its steps at both levels, from the given one. The others have a lower step of ' +
      `${lowerStep} and a constant upper one, which is swept: the implicit gradient by five conjugate gradients (AID, with Adam), or by five ` +
      'terms of a Neumann series (stocBiO); a single loop (SOBA); a penalty of weight 5, from gradients alone (F2SA); and Adam along the ' +
      'first-order gradient, that is, training in turns. Beside them: both parts trained at one level, on the 2,000 training digits or on ' +
      'all 4,000, with the penalty on the last layer; a last layer on features that remain random; and a linear classifier of the pixels.',
    'What BiSLS promises is an end that depends little on the first step that is tried, where constant steps have to be tuned. Sizes, ' +
      'splits and constants of the published runs are not at hand, so that the figures here stand beside each other only.',
  ],
  edition: 1,
  cells: [
    ...sweeps.flatMap(([name, steps, compute]) =>
      steps.map((step) => ({ name: cellOf(name, step), compute: () => compute(step) })),
    ),
    ...fixed.map(([name, compute]) => ({ name, compute })),
  ],
  findings: (result) => {
    const best = sweeps.map(([name, steps]) => {
      const step = steps.reduce((a, b) =>
        last(result(cellOf(name, b))).validation < last(result(cellOf(name, a))).validation ? b : a,
      )
      return { name, looks: result(cellOf(name, step)) }
    })
    const against = (y: (look: Look) => number) =>
      best.map(({ name, looks: seen }) => ({
        name,
        points: seen.map((look) => ({ x: look.gradients, y: y(look) })),
      }))
    const x = { label: 'gradients, or what costs as much', type: 'linear' } as const
    return {
      figures: [
        lineFigure({
          panels: [{ heading: 'Validation loss', lines: against(({ validation }) => validation) }],
          x,
          y: { label: 'loss on all validation digits', type: 'log' },
          caption:
            'Each method at the upper step with which its validation loss ends lowest. At one level on all digits those for validation are ' +
            'trained on: its line shows that loss, and proves nothing.',
        }),
        lineFigure({
          panels: [{ heading: 'Test accuracy', lines: against(({ accuracy }) => percent(accuracy)) }],
          x,
          y: { label: 'test accuracy, %', type: 'linear', domain: [80, 95] },
          caption: 'The same runs on digits that neither level has seen.',
        }),
        lineFigure({
          panels: [
            {
              heading: 'The end, by the upper step',
              lines: sweeps.map(([name, steps]) => ({
                name,
                points: steps.map((step) => ({ x: step, y: last(result(cellOf(name, step))).validation })),
              })),
            },
          ],
          x: { label: 'upper step (of BiSLS the first that is tried)', type: 'log' },
          y: { label: 'last validation loss', type: 'log' },
          caption: 'How much the last validation loss depends on the one number that is swept.',
        }),
      ],
      tables: [
        {
          caption: `After ${budget} gradients: the loss on all validation digits, and right answers on 6,000 test digits.`,
          head: ['method', 'upper step', 'validation loss', 'test accuracy, %'],
          rows: [
            ...sweeps.flatMap(([name, steps]) =>
              steps.map((step) => {
                const { validation, accuracy } = last(result(cellOf(name, step)))
                return [name, step, validation, percent(accuracy)]
              }),
            ),
            ...fixed.map(([name]) => [name, '–', '–', percent(last(result(name)).accuracy)]),
          ],
        },
      ],
    }
  },
}

export default study
