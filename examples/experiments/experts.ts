/**
 * Filters that are learnt instead of differences: a field of experts against total variation, on the same images.
 *
 * g_i = |y_i - d_i|^2 / 2 + e^w0 sum_j e^(w_j) sum_p sqrt((k_j * y_i)_p^2 + e^(2 s_j)): eight filters k_j of 5 x 5 with weights and
 * smoothings of their own, 217 numbers in all.
 */
import type { BilevelProblem } from 'steplaw/bilevel'
import { byAdam, estimated, expertsOf, problems, size, smoothness, start } from './denoising/experts.js'
import { psnr, shown, test, training } from './denoising/images.js'
import { adaptive, type Learnt, learnt, restoredBy } from './denoising/runs.js'
import * as variation from './denoising/variation.js'
import { lineFigure } from './study/lines.js'
import { pictureFigure, sheet } from './study/pictures.js'
import type { Study } from './study/study.js'

/** In gradients. */
const budget = 12000

interface Levels {
  readonly train: BilevelProblem
  readonly test: BilevelProblem
}

interface Result {
  readonly learnt: Learnt
  readonly F: number
  readonly train: number
  readonly test: number
  /** The test images as they are restored, thousandths. */
  readonly pictures: ReadonlyArray<ReadonlyArray<number>>
}

const worth = (
  levels: Levels,
  found: Learnt,
  constants: { readonly mu: number; readonly L: number },
): Result => {
  const x = Float64Array.from(found.x)
  const y = restoredBy(levels.train, training, x, constants)
  const z = restoredBy(levels.test, test, x, constants)
  return {
    learnt: found,
    F: levels.train.upper.value(x, y, null),
    train: psnr(y, training.clean),
    test: psnr(z, test.clean),
    pictures: [0, 1, 2].map((n) => shown(z, n)),
  }
}

const ofExperts = (found: Learnt): Result => worth(problems, found, smoothness(Float64Array.from(found.x)))

const cells: ReadonlyArray<{ readonly name: string; readonly compute: () => Result }> = [
  {
    name: 'variation',
    compute: () => {
      const found = learnt(
        adaptive(variation.problems.train, variation.start, variation.firstOrder, 0.1),
        1000,
      )
      return worth(variation.problems, found, variation.constantsAt(Float64Array.from(found.x)))
    },
  },
  { name: 'experts, start', compute: () => ofExperts({ x: [...start.x], status: 'running', moments: [] }) },
  {
    name: 'experts, MAID',
    compute: () => ofExperts(learnt(adaptive(problems.train, start, estimated, 0.1), budget)),
  },
  { name: 'experts, Adam', compute: () => ofExperts(learnt(byAdam(problems.train, 10), budget)) },
]

const learning = cells.filter(({ name }) => name !== 'experts, start')

/** Filters from the strongest to the weakest, each from -1 (black) to 1 (white) of its largest entry. */
const filterSheet = (heading: string, x: ReadonlyArray<number>) => {
  const experts = expertsOf(Float64Array.from(x))
  const strength = ({ filter, weight }: (typeof experts)[number]) =>
    weight * Math.sqrt(filter.reduce((s, k) => s + k * k, 0))
  return sheet(
    heading,
    [...experts]
      .sort((a, b) => strength(b) - strength(a))
      .map(({ filter }) => {
        const most = Math.max(...filter.map(Math.abs))
        return filter.map((k) => 0.5 + k / most / 2)
      }),
    size,
    4,
    1,
  )
}

const study: Study<Result> = {
  title: 'Learning how to remove noise: a field of experts',
  description: [
    'The second denoising of MAID (Salehi and others, 2025), smaller: eight filters of 5 x 5 instead of 48 of 7 x 7, the four images of 96 x 96 of total variation to learn from, and its three to test with; noise of 0.1, filters by Xavier, logarithms of weights -3 and of smoothings -3.5.',
    'MAID takes mu and L of every x as they are proved, and |J| as it is estimated by a random direction; Lipschitz constants of second derivatives are left out, so that its bound is a heuristic. Beside it Adam with rates 0.04 (k + 1)^-0.4, ten lower steps and ten conjugate gradients in each iteration, both from where they were. Both stop at 12000 gradients.',
    'Measured here: as drawn, the filters see greys and darken the images. The first thing that both methods teach them is to see no constant, as differences do. 217 numbers take longer to learn than two: after 12000 gradients the experts of Adam come to 28.0 dB and those of MAID to 26.6 dB on the images that they learn from, where total variation has 29.1 dB after 2000, and to 26.3 and 25.5 against 27.8 dB on the others. Both still fall. The rates of Adam are the best of several that were tried, the constants 0.01 and 0.02 among them, which became unstable; MAID had one setting and falls without a jump.',
  ],
  edition: 2,
  cells,
  findings: (result) => {
    const panel = (heading: string, of: (moment: Learnt['moments'][number]) => number) => ({
      heading,
      lines: learning.map(({ name }) => ({
        name: name.replace('experts, ', ''),
        points: result(name).learnt.moments.map((moment) => ({ x: moment.gradients, y: of(moment) })),
      })),
    })
    const [byVariation, byMaid, byAdams] = learning.map(({ name }) => result(name))
    const rows = cells.map(({ name }) => {
      const { learnt: run, F, train, test: judged } = result(name)
      const end = run.moments.at(-1)
      return [name, run.x.length, F, train, judged, run.moments.length, Math.round(end?.gradients ?? 0)]
    })
    return {
      figures: [
        lineFigure({
          panels: [panel('F', ({ F }) => F)],
          x: { label: 'evaluations, in gradients', type: 'log' },
          y: { label: 'half the squared error of an image', type: 'log' },
          caption: 'What is minimised, on the images that are learnt from.',
        }),
        lineFigure({
          panels: [panel('decibels', (moment) => moment.psnr)],
          x: { label: 'evaluations, in gradients', type: 'log' },
          y: { label: 'dB', type: 'linear' },
          caption: 'The mean over the same images.',
        }),
        pictureFigure(
          [
            filterSheet('as drawn', result('experts, start').learnt.x),
            filterSheet('learnt by MAID', byMaid?.learnt.x ?? []),
            filterSheet('learnt by Adam', byAdams?.learnt.x ?? []),
          ],
          'The filters, the strongest first; grey is 0.',
          14,
        ),
        pictureFigure(
          ['hills', 'rings', 'bricks'].map((scene, n) =>
            sheet(
              scene,
              [
                shown(test.noisy.values, n),
                ...[byVariation, byMaid, byAdams].map((of) => of?.pictures[n] ?? []),
              ],
              96,
              2,
            ),
          ),
          'Images that nothing was learnt from: noisy and by total variation, below by experts that MAID and that Adam learnt.',
          1.5,
        ),
      ],
      tables: [
        {
          caption: 'Total variation and experts.',
          head: ['', 'unknowns', 'F', 'dB, learnt from', 'dB, others', 'iterations', 'gradients'],
          rows: [
            [
              'noisy',
              0,
              variation.problems.train.upper.value(start.x.subarray(0, 2), training.noisy.values, null),
              psnr(training.noisy.values, training.clean),
              psnr(test.noisy.values, test.clean),
              0,
              0,
            ],
            ...rows,
          ],
        },
        {
          caption:
            'What the filters make of a constant image: |sum k| / |k|, of each from the first to the last.',
          head: ['', ...Array.from({ length: 8 }, (_, n) => String(n + 1))],
          rows: cells
            .filter(({ name }) => name !== 'variation')
            .map(({ name }) => [
              name,
              ...expertsOf(Float64Array.from(result(name).learnt.x)).map(({ filter }) => {
                const sum = filter.reduce((s, k) => s + k, 0)
                return Math.abs(sum) / Math.sqrt(filter.reduce((s, k) => s + k * k, 0))
              }),
            ]),
        },
      ],
    }
  },
}

export default study
