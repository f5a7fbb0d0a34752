/**
 * Data distillation: ten images that are made so that a classifier trained on them alone knows the real digits. The upper level moves
 * pixels, the lower one trains softmax regression on the made images:
 *
 *   min over X of f(y*(X)),   y*(X) = argmin over y of g(X, y) = the loss on the made images + l2/2 |y|²,
 *
 * with f the loss on real digits. f sees X only through y*, so the hypergradient is -J v with H v = grad_y f and nothing else: who
 * leaves that term out learns nothing.
 */
import { adam, constant, generator, normals } from 'steplaw'
import {
  bilevelDescent,
  conjugateGradients,
  type Estimator,
  f2sa,
  firstOrder,
  neumann,
  unrolled,
} from 'steplaw/bilevel'
import { searched } from './cleaning.js'
import {
  averaged,
  batch,
  budget,
  type Given,
  type Learnt,
  l2,
  learn,
  means,
  oneEach,
  real,
  realOnes,
  twoEach,
  type Worth,
  worthOf,
} from './distillation/images.js'
import * as digits from './study/digits.js'
import { lineFigure } from './study/lines.js'
import { pictureFigure, sheet } from './study/pictures.js'
import type { Study } from './study/study.js'

const { classes, pixels, side } = digits
const draws = 10

/** Adam above, at the same rate for all; searched steps below. */
const upper = { rule: constant(0.01), direction: adam() }
const lower = { steps: 5, rule: searched(1) }

const along = (hypergradient: Estimator, inner: { steps?: number; warmStart?: boolean } = {}) =>
  bilevelDescent({ inner: { ...lower, ...inner }, hypergradient, outer: upper })

const cg = along(conjugateGradients({ iterations: 5 }))

const blank = new Float64Array(classes * pixels)
/** Two images of a class that begin alike would remain alike. */
const faint = normals(2 * classes * pixels)(generator(3, 'faint'))[0].map((z) => 0.01 * Math.abs(z))

const learnt: ReadonlyArray<readonly [name: string, compute: () => Learnt]> = [
  ['unrolled', () => learn(along(unrolled(), { steps: 10, warmStart: false }), oneEach, blank)],
  ['CG', () => learn(cg, oneEach, blank)],
  ['20 of Neumann', () => learn(along(neumann({ terms: 20, step: 0.2 })), oneEach, blank)],
  ['1 of Neumann', () => learn(along(neumann({ terms: 1, step: 0.2 })), oneEach, blank)],
  [
    'F2SA',
    () => learn(f2sa({ steps: 5, z: lower, y: lower, x: upper, lambda: { start: 100 } }), oneEach, blank),
  ],
  ['first order', () => learn(along(firstOrder()), oneEach, blank)],
  ['CG, from real digits', () => learn(cg, oneEach, realOnes(0).features.values)],
  ['CG, two of a class', () => learn(cg, twoEach, faint)],
]

const given: ReadonlyArray<readonly [name: string, compute: () => Given]> = [
  ['a real digit of a class', () => averaged(Array.from({ length: draws }, (_, i) => realOnes(i)))],
  [
    'two real digits of a class',
    () =>
      averaged(
        Array.from({ length: draws }, (_, i) => {
          const [one, other] = [realOnes(2 * i).features.values, realOnes(2 * i + 1).features.values]
          return digits.imagesOf(Float64Array.from([...one, ...other]), twoEach)
        }),
      ),
  ],
  ['the mean of a class', () => averaged([means()])],
  ['all 5,000 digits', () => ({ ...worthOf(real()), images: [] })],
]

const percent = (share: number): number => Number((100 * share).toFixed(1))

const picture = (heading: string, values: ReadonlyArray<number>) => {
  const count = values.length / pixels
  const each = Array.from({ length: count }, (_, i) => values.slice(i * pixels, (i + 1) * pixels))
  return sheet(heading, each, side, 5)
}

/** Learnt pixels may be negative: grey is 0, and what is larger in absolute value than all but 1 % is black or white. */
const signed = (values: ReadonlyArray<number>): ReadonlyArray<number> => {
  const sizes = values.map(Math.abs).sort((a, b) => a - b)
  const most = Math.max(1e-3, sizes[Math.floor(0.99 * sizes.length)] ?? 0)
  return values.map((x) => 0.5 + x / most / 2)
}

type Result = Learnt | Given
const isLearnt = (result: Result): result is Learnt => 'looks' in result

const study: Study<Result> = {
  title: 'Ten images that stand for five thousand: data distillation',
  description: [
    'Ten images, one for each digit, are learnt so that softmax regression that is trained on them alone, with an l2 penalty of ' +
      `${l2}, has a small loss on 5,000 real digits; it is judged on 5,000 others. All begin at blank sheets. Adam moves the pixels at a ` +
      `rate of 0.01, the upper level looks at ${batch} digits at a time, and every method has ${budget} gradients, of which those of ` +
      'the lower level, on ten rows, are cheap.',
    'The estimators: through ten steps of training from zero (unrolled); the implicit gradient at where five more steps have led, its ' +
      'linear system solved by five conjugate gradients or by 20 terms, or the first, of a Neumann series; the penalty of F2SA with a weight of 100, from ' +
      'gradients alone; and the first-order gradient, which leaves the solution of the lower level out and is zero here.',
    'For a linear classifier ten images are enough in principle: where its loss is stationary, its weights are a sum of multiples ' +
      'of the images, so that ten of them can hold any ten columns of weights. What is learnt is therefore close to the classifier of all ' +
      'digits, written down as images. The publication that began this (Wang and others, 2018) trains a network, for which that is not so.',
  ],
  edition: 1,
  cells: [...learnt, ...given].map(([name, compute]) => ({ name, compute })),
  findings: (result) => {
    const learntOf = (name: string): Learnt => {
      const found = result(name)
      return isLearnt(found) ? found : { looks: [], pixels: [] }
    }
    const givenOf = (name: string): Given => {
      const found = result(name)
      return isLearnt(found) ? { trained: 0, nearest: 0, images: [] } : found
    }
    const compared = learnt.slice(0, 6).map(([name]) => name)
    const all = givenOf('all 5,000 digits')
    const level = (name: string, { trained }: Worth) => ({
      name,
      points: [0, budget].map((x) => ({ x, y: percent(trained) })),
    })
    const rows = [...learnt.map(([name]) => name), ...given.map(([name]) => name)].map((name) => {
      const found = result(name)
      if (!isLearnt(found)) return [name, '–', '–', percent(found.trained), percent(found.nearest)]
      const [last] = found.looks.slice(-1)
      const best = found.looks.reduce((a, b) => (b.trained > a.trained ? b : a))
      return [
        name,
        last?.k ?? 0,
        percent(best.trained),
        percent(last?.trained ?? 0),
        percent(last?.nearest ?? 0),
      ]
    })
    return {
      figures: [
        lineFigure({
          panels: [
            {
              heading: 'Trained on the learnt images',
              lines: [
                ...compared.map((name) => ({
                  name,
                  points: learntOf(name).looks.map(({ gradients, trained }) => ({
                    x: gradients,
                    y: percent(trained),
                  })),
                })),
                level('all digits', all),
                level('class means', givenOf('the mean of a class')),
                level('real digits', givenOf('a real digit of a class')),
              ],
            },
          ],
          x: { label: 'gradients, or what costs as much', type: 'linear' },
          y: { label: 'test accuracy, %', type: 'linear', domain: [40, 95] },
          caption:
            'Share of unseen digits told right by a classifier trained from zero on the images as they are at this point. Levels: the ' +
            'same classifier trained on all 5,000 digits, on the means of the classes, and on one digit of each class. The first-order ' +
            'gradient leaves the sheets blank, below the picture.',
        }),
        pictureFigure(
          ['at the start', 'half way', 'at the end'].map((when, i) =>
            picture(`CG, ${when}`, signed(learntOf('CG').pixels[i] ?? [])),
          ),
          'The learnt images, from 0 to 9, from blank sheets: grey is 0, light is ink, dark is what no digit of this class has.',
        ),
        pictureFigure(
          ['at the start', 'half way', 'at the end'].map((when, i) =>
            picture(`CG, ${when}`, signed(learntOf('CG, from real digits').pixels[i] ?? [])),
          ),
          'The same from a real digit of each class: images of so large a norm make the lower problem badly conditioned, five steps of it are too few, and the run goes astray after its best.',
        ),
        pictureFigure(
          [
            picture('unrolled', signed(learntOf('unrolled').pixels[2] ?? [])),
            picture('two of a class', signed(learntOf('CG, two of a class').pixels[2] ?? [])),
            picture('the means', signed(givenOf('the mean of a class').images)),
          ],
          'What is learnt through the steps of training; two images for each class; and the means of the classes.',
        ),
      ],
      tables: [
        {
          caption:
            'Right answers on 5,000 unseen digits, in percent, of softmax regression that is trained on the images alone (the best of ' +
            'all looks, and the last), and of the nearest image. Real digits: the mean of ten draws.',
          head: ['images', 'iterations', 'best', 'last', 'nearest image'],
          rows,
        },
      ],
    }
  },
}

export default study
