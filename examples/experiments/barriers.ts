/**
 * BOME on the three small problems that it was published with: lower levels that the theory of implicit gradients leaves out.
 *
 * What implicit gradients need, a lower solution that is alone and inside, is missing in the first (a line of solutions) and in the
 * second (solutions at the bounds of a box, which jump at 0). The barrier needs neither: it only asks that
 * q = g(x, y) - min g(x, .) falls, by <grad q, delta> >= phi.
 */
import { figures } from './barriers/figures.js'
import { type Moment, runs, trace } from './barriers/runs.js'
import type { Study } from './study/study.js'

/** What an independent implementation of the published code came to with the same settings. */
const elsewhere: { readonly [run: string]: string } = {
  'degenerate, G, T = 1, epsilon = 1e-8, start 1':
    'x = 0.99999405, y = (0.99999999, 0.99999405), f = 9.1e-17, q = 1.8e-11',
  'degenerate, G, T = 10, epsilon = 1e-8, start 1': 'f = 7.5e-18, q = 5.3e-12',
  'minimax, G, T = 10, epsilon = 1e-8, start 1': 'after 500: x = 1.4e-4, y = -6.2e-5',
  'coreset, G, T = 10, epsilon = 1e-8, start 1':
    'y = (1.821, 0.387), weights (.0023, .798, .0019, .1975), f = .7089, q = 1.12e-3',
}

const softmax = (x: ReadonlyArray<number>): ReadonlyArray<number> => {
  const each = x.map((xi) => Math.exp(xi - Math.max(...x)))
  const total = each.reduce((s, e) => s + e, 0)
  return each.map((e) => e / total)
}

const digits = (u: ReadonlyArray<number>, count = 8): string =>
  u.map((a) => Number(a.toPrecision(count))).join(', ')

const study: Study<ReadonlyArray<Moment>> = {
  title: 'A barrier instead of an implicit gradient',
  description: [
    'BOME (Ye and others, 2022) turns the lower level into the constraint q(x, y) = g(x, y) - min g(x, .) <= 0 and moves x and y together along the direction nearest to -grad f along which q falls by at least a barrier: eta |grad q|^2 (option G) or eta q (option Q), eta = 0.5. It is run here with the settings of its published code on its three small problems: a lower level whose solutions are a line (steps 0.5), a game in a box (steps 0.05) and a coreset of four points (steps 0.05, three starts). T is the number of lower steps in an iteration.',
    'The published code divides by |grad q|^2 + 1e-8. That number decides how near to a solution the method comes: where |grad q|^2 is no larger, the barrier does not hold any more. With epsilon = 0 it holds to rounding, and the degenerate problem and the game are solved to the last digit.',
    'The infimum 0.72 of the coreset is not attained: the nearest point of the hull has the weights (0, 0.8, 0, 0.2), which no finite x gives. f comes out lower than that, because y stays away from the lower solution, q = 1.1e-3. F(x), of the true lower solution, is above 0.72 as it must be.',
  ],
  edition: 1,
  cells: runs.map((run) => ({ name: run.name, compute: () => trace(run) })),
  findings: (result) => ({
    figures: figures(result),
    tables: [
      {
        caption:
          'Where the runs end: after 2000 iterations, for the coreset after 5000. Elsewhere: an independent implementation with the same settings.',
        head: ['run', 'x', 'y', 'f', 'q', 'F(x)', 'elsewhere'],
        rows: runs.map(({ name, toy }) => {
          const { x, y, f, q, F } = result(name).at(-1) ?? { x: [], y: [], f: 0, q: 0, F: 0 }
          return [
            toy === 'coreset' ? name : name.replace(', start 1', ''),
            toy === 'coreset' ? `weights ${digits(softmax(x), 3)}` : digits(x, 8),
            digits(y, toy === 'coreset' ? 4 : 8),
            f,
            q,
            F,
            elsewhere[name] ?? '',
          ]
        }),
      },
      {
        caption: 'The game after 500 iterations.',
        head: ['run', 'x', 'y', 'f', 'q'],
        rows: runs
          .filter(({ toy }) => toy === 'minimax')
          .flatMap(({ name }) =>
            result(name)
              .filter(({ k }) => k === 500)
              .map(({ x, y, f, q }) => [name.replace(', start 1', ''), digits(x, 4), digits(y, 4), f, q]),
          ),
      },
    ],
  }),
}

export default study
