/**
 * How strong total variation should be, and how smooth: two numbers learnt from images whose noise is known.
 *
 * g_i = |y_i - d_i|^2 / 2 + e^w sum sqrt(|D y_i|^2 + e^(2 s)) restores the noisy image d_i, f_i = |y_i - c_i|^2 / 2 compares it with the
 * clean one. x = (w, s) from (-5, -5), where hardly anything is smoothed.
 */
import { psnr, shown, test, training } from './denoising/images.js'
import { adaptive, fixed, type Learnt, learnt, restoredBy } from './denoising/runs.js'
import { constantsAt, firstOrder, problems, start, type Worth, worth } from './denoising/variation.js'
import { lineFigure } from './study/lines.js'
import { pictureFigure, sheet } from './study/pictures.js'
import type { Study } from './study/study.js'

/** In gradients; about ten seconds. */
const budget = 2000

/** L for all x that the runs with fixed accuracies visit. */
const { mu, L } = constantsAt(Float64Array.of(-1.5, -5.2))
const step = 0.02

const runs: ReadonlyArray<{ readonly name: string; readonly run: () => Learnt }> = [
  ...[1e-1, 1e-3].flatMap((accuracy) => [
    {
      name: `proved ${accuracy}`,
      run: () => learnt(adaptive(problems.train, start, constantsAt, accuracy), budget),
    },
    {
      name: `1st order ${accuracy}`,
      run: () => learnt(adaptive(problems.train, start, firstOrder, accuracy), budget),
    },
  ]),
  ...[1, 1e-1, 1e-3].map((accuracy) => ({
    name: `fixed ${accuracy}`,
    run: () => learnt(fixed(problems.train, start, { mu, L }, accuracy, step), budget),
  })),
]

const scenes = ['hills', 'rings', 'bricks']

interface Result {
  readonly learnt?: Learnt
  readonly worths: ReadonlyArray<Worth>
}

const weights = [-3.5, -3, -2.75, -2.5, -2.25, -2, -1.5]
const smoothings = [-6, -5, -4, -3]

const points = (result: Learnt, y: (moment: Learnt['moments'][number]) => number) =>
  result.moments.map((moment) => ({ x: moment.gradients, y: y(moment) }))

const study: Study<Result> = {
  title: 'Learning how to remove noise: total variation',
  description: [
    'The denoising of MAID (Salehi and others, 2025): noise of 0.1, images of 96 x 96, and x, the logarithms of the weight and of the smoothing of total variation, from (-5, -5); first step 0.01, both factors 0.5, relaxed by 1.05. Published runs are on photographs; here are seven images made by formulas, four to learn from and three to test with, one or two of each mostly texture. A published g halves the weight.',
    "MAID is run with two bounds: proved, with all constants derived at every x, and to first order, without the two constants of second derivatives, as a heuristic. Fixed accuracies move by the constant step 0.02, about the steps that MAID comes to. The lower level is solved by Nesterov's method in all of them, with a Lipschitz constant of the x at hand in MAID, and with one for all x otherwise. Every run stops at 2000 gradients.",
    'Measured here: all runs come to the same weight and within half a decibel of the best of a grid; smoothing matters little. The loosest fixed accuracy, 1 where the noise of all images together is 19.2, is the cheapest and does not end worse: F is too flat near its minimum for the bias to be seen. The accuracy 1e-3 wastes five times as much. MAID lies between, at the same cost from both initial accuracies; its proofs go on to accuracies below 1e-6, and double that cost.',
  ],
  edition: 2,
  cells: [
    ...runs.map(({ name, run }) => ({
      name,
      compute: () => {
        const found = run()
        const [w = 0, s = 0] = found.x
        return { learnt: found, worths: [worth(w, s)] }
      },
    })),
    { name: 'start', compute: () => ({ worths: [worth(-5, -5)] }) },
    ...smoothings.map((s) => ({
      name: `grid, s = ${s}`,
      compute: () => ({ worths: weights.map((w) => worth(w, s)) }),
    })),
  ],
  findings: (result) => {
    const learntIn = runs.flatMap(({ name }) => {
      const { learnt: run, worths } = result(name)
      const [at] = worths
      return run === undefined || at === undefined ? [] : [{ name, run, at }]
    })
    const grid = smoothings.flatMap((s) => result(`grid, s = ${s}`).worths)
    const best = grid.reduce((a, b) => (b.F < a.F ? b : a))
    const bestOnTest = grid.reduce((a, b) => (b.test > a.test ? b : a))
    const proved = learntIn[0]?.at ?? best
    const restoredAt = (given: ReadonlyArray<number>) => {
      const x = Float64Array.from(given)
      return restoredBy(problems.test, test, x, constantsAt(x))
    }
    const of = (name: string, { x, F, train, test: judged }: Worth) => [
      name,
      x[0] ?? 0,
      x[1] ?? 0,
      F,
      train,
      judged,
    ]
    const noisy: Worth = {
      x: [],
      F: problems.train.upper.value(start.x, start.y, null),
      train: psnr(training.noisy.values, training.clean),
      test: psnr(test.noisy.values, test.clean),
    }
    return {
      figures: [
        pictureFigure(
          scenes.map((scene, n) =>
            sheet(
              scene,
              [test.clean.values, test.noisy.values, restoredAt([-5, -5]), restoredAt(proved.x)].map((y) =>
                shown(y, n),
              ),
              96,
              2,
            ),
          ),
          `Images that nothing was learnt from: clean and noisy, below restored at the start and with what was learnt. Over all three ${noisy.test.toFixed(2)} dB, ${result('start').worths[0]?.test.toFixed(2)} dB and ${proved.test.toFixed(2)} dB. Edges and slopes come back; what repeats within a few pixels is taken for noise.`,
          1.5,
        ),
        lineFigure({
          panels: [
            {
              heading: 'F',
              lines: learntIn.map(({ name, run }) => ({ name, points: points(run, ({ F }) => F) })),
            },
          ],
          x: { label: 'evaluations, in gradients', type: 'log' },
          y: { label: 'half the squared error of an image', type: 'log' },
          caption: 'What is minimised, on the images that are learnt from.',
        }),
        lineFigure({
          panels: [
            {
              heading: 'decibels',
              lines: learntIn.map(({ name, run }) => ({ name, points: points(run, (m) => m.psnr) })),
            },
          ],
          x: { label: 'evaluations, in gradients', type: 'log' },
          y: { label: 'dB', type: 'linear' },
          caption: 'The same as the ratio of the peak to the error, the mean over the images.',
        }),
        lineFigure({
          panels: [
            {
              heading: 'accuracy of y',
              lines: learntIn
                .filter(({ name }) => !name.startsWith('fixed'))
                .map(({ name, run }) => ({ name, points: points(run, ({ epsilon }) => epsilon) })),
            },
          ],
          x: { label: 'evaluations, in gradients', type: 'log' },
          y: { label: 'epsilon', type: 'log' },
          caption: 'The accuracy that MAID takes.',
        }),
      ],
      tables: [
        {
          caption:
            'What the two numbers are worth: F and decibels on the images to learn from, decibels on the others.',
          head: ['', 'w', 's', 'F', 'dB, learnt from', 'dB, others'],
          rows: [
            ['noisy', '', '', noisy.F, noisy.train, noisy.test],
            ...[
              { name: 'start', at: result('start').worths[0] ?? noisy },
              ...learntIn,
              { name: 'best of the grid by F', at: best },
              { name: 'best of the grid on the others', at: bestOnTest },
            ].map(({ name, at }) => of(name, at)),
          ],
        },
        {
          caption: 'What the runs cost.',
          head: [
            'run',
            'status',
            'iterations',
            'last accuracy',
            'lower steps',
            'gradients',
            'gradients to 28.5 dB',
          ],
          rows: learntIn.map(({ name, run }) => {
            const end = run.moments.at(-1)
            const first = run.moments.find(({ psnr: reached }) => reached >= 28.5)
            return [
              ...[name, run.status, (end?.k ?? 0) + 1, end?.epsilon ?? 0, end?.lowerIterations ?? 0],
              ...[Math.round(end?.gradients ?? 0), first === undefined ? '' : Math.round(first.gradients)],
            ]
          }),
        },
      ],
    }
  },
}

export default study
