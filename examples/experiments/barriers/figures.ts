/** What the runs look like. */
import type { Figure } from '../study/figure.js'
import { lineFigure } from '../study/lines.js'
import { type Moment, type Run, runs } from './runs.js'

/** A short name of a run among those of its problem. */
const label = ({ toy, option, inner, epsilon, start }: Run): string =>
  [
    option,
    ...(toy === 'degenerate' ? [`T=${inner}`] : []),
    toy === 'coreset' ? `start ${start + 1}` : `eps=${epsilon}`,
  ].join(' ')

type Results = (cell: string) => ReadonlyArray<Moment>

interface Curve {
  readonly heading: string
  readonly of: (moment: Moment) => number
}

const value: Curve = { heading: '|f|', of: ({ f }) => Math.abs(f) }
const above: Curve = { heading: 'F(x) - 0.72', of: ({ F }) => F - 0.72 }
const constraint: ReadonlyArray<Curve> = [
  { heading: 'q', of: ({ q }) => q },
  { heading: 'q as the method sees it', of: ({ gap }) => gap },
]

const figureOf = (
  toy: string,
  first: Curve,
  domain: readonly [number, number],
  caption: string,
  result: Results,
): Figure =>
  lineFigure({
    panels: [first, ...constraint].map(({ heading, of }) => ({
      heading,
      lines: runs
        .filter((run) => run.toy === toy && (toy !== 'degenerate' || run.inner === 1))
        .map((run) => ({
          name: label(run),
          points: result(run.name).flatMap((moment) =>
            moment.k === 0 ? [] : [{ x: moment.k, y: of(moment) }],
          ),
        })),
    })),
    x: { label: 'iteration', type: 'log' },
    y: { label: toy, type: 'log', domain },
    caption,
  })

/** The corners of the hull of the four points, once around. */
const hull = [
  [1, 3],
  [3, 1],
  [-3, -2],
  [-2, 2],
  [1, 3],
] as const

/** Where y goes in the plane. */
const paths = (result: Results): Figure =>
  lineFigure({
    panels: (['G', 'Q'] as const).map((option) => ({
      heading: `option ${option}`,
      lines: [
        ...runs
          .filter((run) => run.toy === 'coreset' && run.option === option)
          .map(({ name, start }) => ({
            name: `start ${start + 1}`,
            points: result(name).map(({ y: [first = 0, second = 0] }) => ({ x: first, y: second })),
          })),
        {
          name: 'target',
          points: [
            { x: 1.8, y: 0.4 },
            { x: 3, y: -2 },
          ],
        },
        { name: 'hull', points: hull.map(([x, y]) => ({ x, y })) },
      ],
    })),
    x: { label: 'first coordinate of y', type: 'linear', domain: [-3.2, 4] },
    y: { label: 'second coordinate', type: 'linear', domain: [-2.4, 3.4] },
    caption:
      'The coreset in the plane of y. The line to the target begins at the nearest point of the hull, (1.8, 0.4); y ends 0.02 from it.',
  })

export const figures = (result: Results): ReadonlyArray<Figure> => [
  figureOf(
    'degenerate',
    value,
    [1e-18, 10],
    'A line of lower solutions, T = 1. With epsilon = 1e-8 f and q go on falling, but slowly; with 0 they are at rounding within 300 iterations. The method sees three quarters of q: one step of 0.5 on a quadratic.',
    result,
  ),
  figureOf(
    'minimax',
    value,
    [1e-18, 1000],
    'A game in a box. The lower steps do not come near the end of the box, so that the method sees far less than q; both barriers bring x and y to 0 all the same, where every y solves the lower level.',
    result,
  ),
  figureOf(
    'coreset',
    above,
    [1e-4, 100],
    'The coreset. From all starts and by both options F(x) goes on falling to 0.72, about as 1 over the number of iterations, while q stays at what constant steps leave of it.',
    result,
  ),
  paths(result),
]
