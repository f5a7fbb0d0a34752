/**
 * How accurate must the lower level be? MAID, which finds out by itself, beside the same accuracy all the way.
 *
 * With fixed accuracies x moves by 1/L_F, the step that is proved for a gradient of F, along the hypergradient of a y with
 * |grad_y g| <= epsilon mu, so that |y - y*| <= epsilon, and of a v with |H v - grad_y f| <= epsilon mu, likewise.
 */
import type { BilevelProblem } from 'steplaw/bilevel'
import { leastSquares } from './accuracies/problem.js'
import { adaptive, fixed, type Moment, type Run, traced } from './accuracies/runs.js'
import { type AxisOf, lineFigure } from './study/lines.js'
import type { Study } from './study/study.js'

const problems: { readonly [name: string]: BilevelProblem } = {
  published: leastSquares({ upper: 10, centre: 0 }),
  tame: leastSquares({ upper: 3, centre: 0.5 }),
}

const accuracies = [1e-1, 1e-3, 1e-5]
const variants = accuracies.flatMap((accuracy) => [
  { method: 'MAID', run: adaptive, accuracy, label: `MAID from ${accuracy.toExponential()}` },
  { method: 'fixed', run: fixed, accuracy, label: `fixed ${accuracy.toExponential()}` },
])

const runs = Object.entries(problems).flatMap(([name, problem]) =>
  variants.map((variant) => ({
    ...variant,
    name: `${name}, ${variant.label}`,
    problem: name,
    solved: problem,
  })),
)

type Results = (cell: string) => Run

const curves = (
  name: string,
  result: Results,
  x: AxisOf & { readonly of: (moment: Moment) => number },
  caption: string,
) => {
  const panel = (heading: string, of: (moment: Moment) => number) => ({
    heading,
    lines: runs
      .filter(({ problem }) => problem === name)
      .map(({ name: cell, label }) => ({
        name: label,
        points: result(cell).moments.map((moment) => ({ x: x.of(moment), y: of(moment) })),
      })),
  })
  return lineFigure({
    panels: [panel('F(x) - F*', ({ excess }) => excess), panel('|grad F(x)|', ({ slope }) => slope)],
    x,
    y: { label: name, type: 'log', ...(name === 'tame' ? { domain: [1e-13, 100] as const } : {}) },
    caption,
  })
}

const lowerAxis = {
  label: 'steps of the lower level',
  type: 'log',
  of: ({ lowerIterations }: Moment) => lowerIterations,
} as const
const gradientAxis = {
  label: 'evaluations, in gradients',
  type: 'log',
  of: ({ gradients }: Moment) => gradients,
} as const

const study: Study<Run> = {
  title: 'How accurate the lower level must be',
  description: [
    'The quadratic problem of MAID (Salehi and others, 2025): f = |A1 y - b1|^2 / 2 and g = |A2 y + A3 x - b2|^2 / 2, y and x of ten unknowns, A_i of 1000 x 10 with entries from [0, 1], x from 1, first step 0.01, accuracies 1e-1, 1e-3 and 1e-5, 3000 iterations. Published: loose fixed accuracies stall at a biased value, tight ones waste lower work, and MAID reaches the optimum from every accuracy. MAID takes all constants of its proofs from eigenvalues here. Fixed accuracies are steps of 1/L_F, L_F the norm of the constant matrix of second derivatives of F. Beside the published problem there is a tame relative: entries from [-1/2, 1/2], and x of three unknowns.',
    'Measured here, the tame relative shows all that was published: every fixed accuracy stalls, while MAID proves |grad F| <= 1e-6 after 80 iterations from every accuracy. On the published problem F is so flat along some directions that nobody comes to the optimum in 3000 iterations. The accuracy 1e-1 is no worse in F by then, and by far the cheapest; its bias shows in the gradient, which does not fall below 3. MAID comes to half of that F - F*, by steps longer than 1/L_F, but its proofs ask for an accuracy near 1e-5 from the first iterations on, wherever it began.',
  ],
  edition: 1,
  cells: runs.map(({ name, run, solved, accuracy }) => ({
    name,
    compute: () => traced(solved, run(solved, accuracy)),
  })),
  findings: (result) => ({
    figures: [
      curves(
        'published',
        result,
        lowerAxis,
        'The published problem. The three runs of MAID lie on each other; so do, nearly, they and the fixed accuracy 1e-5.',
      ),
      curves('published', result, gradientAxis, 'The same against all evaluations, in units of a gradient.'),
      curves(
        'tame',
        result,
        lowerAxis,
        'The tame relative: what the published findings look like where F is not flat.',
      ),
      curves('tame', result, gradientAxis, 'The same against all evaluations, in units of a gradient.'),
      lineFigure({
        panels: Object.keys(problems).map((name) => ({
          heading: name,
          lines: runs
            .filter(({ problem, method }) => problem === name && method === 'MAID')
            .map(({ name: cell, label }) => ({
              name: label,
              points: result(cell).moments.map(({ k, epsilon }) => ({ x: k, y: epsilon })),
            })),
        })),
        x: { label: 'iteration', type: 'log' },
        y: { label: 'accuracy of y', type: 'log' },
        caption: 'The accuracy that MAID takes: a few iterations on, it does not depend on where it began.',
      }),
    ],
    tables: [
      {
        caption: 'Where the runs end.',
        head: [
          'run',
          'status',
          'iterations',
          'F - F*',
          '|grad F|',
          'last accuracy',
          'lower steps',
          'gradients',
        ],
        rows: runs.map(({ name }) => {
          const { status, moments } = result(name)
          const end = moments.at(-1)
          return [
            name,
            status,
            end?.k ?? 0,
            end?.excess ?? 0,
            end?.slope ?? 0,
            end?.epsilon ?? 0,
            end?.lowerIterations ?? 0,
            Math.round(end?.gradients ?? 0),
          ]
        }),
      },
    ],
  }),
}

export default study
