/** Where descent without second derivatives ends, and what a few exact passes cost. */
import { lineFigure } from './study/lines.js'
import type { Study } from './study/study.js'
import type { Table } from './study/table.js'
import { predicted } from './ufom/predicted.js'
import {
  disagreement,
  example,
  iterations,
  type Q,
  type Simulated,
  seeds,
  simulated,
} from './ufom/simulate.js'
import { type Weighed, weighed } from './ufom/time.js'

interface Result {
  readonly run?: Simulated
  readonly weighed?: Weighed
  readonly differences?: ReadonlyArray<number>
}

/** The methods, and what an independent simulation of the same setting came to: mean |F′|²; mean and deviation of x. */
const methods: ReadonlyArray<{
  readonly name: string
  readonly q: Q
  readonly independent: readonly [square: string, x: string]
}> = [
  { name: 'q = 0 (FOM)', q: 0, independent: ['0.1202', '5.760 ± 0.076'] },
  { name: 'q = 0.1 (UFOM)', q: 0.1, independent: ['0.0021', '2.832 ± 0.390'] },
  { name: 'adaptive q', q: 'adaptive', independent: ['–', '–'] },
  { name: 'q = 1 (exact)', q: 1, independent: ['–', '–'] },
]

const steps = [0.01, 0.02]
const toy = (step: number): string => `time, α = ${step}`
const check = 'beside the library'
const checked = { seeds: 3, iterations: 1000 }

type Of = (cell: string) => Result

const runOf = (result: Of, name: string): Simulated => {
  const { run } = result(name)
  if (run === undefined) throw new RangeError(`cell: ${name} is no run`)
  return run
}

const weighedOf = (result: Of, step: number): Weighed => {
  const { weighed: found } = result(toy(step))
  if (found === undefined) throw new RangeError(`cell: ${toy(step)} weighs nothing`)
  return found
}

const fixed = (x: number, digits: number): string => x.toFixed(digits)
const spread = (x: number, deviation: number): string => `${fixed(x, 3)} ± ${fixed(deviation, 3)}`
const last = (values: ReadonlyArray<number>): number => values.at(-1) ?? Number.NaN

const ends = (result: Of): Table => ({
  caption: `After ${iterations.toLocaleString('en')} iterations: the mean of |F′|² over ${seeds.toLocaleString('en')} seeds, at the end and over the last tenth of the way; x, mean and deviation over the seeds; and the gradients spent on an iteration. Predicted is what the theory of stochastic approximation says of this iteration, the limit and the variance around it; of the adaptive method what it says of q = 1. Beside that an independent simulation of the same setting.`,
  head: [
    'method',
    '|F′|², end',
    'tail',
    'predicted',
    'independent',
    'x',
    'predicted',
    'independent',
    'gradients',
  ],
  rows: methods.map(({ name, q, independent: [square, x] }) => {
    const run = runOf(result, name)
    const limit = predicted(q === 'adaptive' ? 1 : q, iterations)
    const digits = limit.square < 1e-3 ? 6 : 4
    return [
      name,
      fixed(last(run.square), digits),
      fixed(run.tail, digits),
      fixed(limit.square, digits),
      square,
      spread(last(run.mean), last(run.deviation)),
      spread(limit.x, limit.deviation),
      x,
      fixed(last(run.cost) / iterations, 2),
    ]
  }),
})

const same = (result: Of): Table => ({
  caption: `The largest difference of any iterate x between the loop over all seeds, which knows the tasks as formulas, and the methods ufom and adaptiveUfom of the library on its own problem, which differentiates: ${checked.seeds} seeds, ${checked.iterations.toLocaleString('en')} iterations.`,
  head: ['method', 'largest difference'],
  rows: methods.map(({ name }, i) => [name, (result(check).differences?.[i] ?? Number.NaN).toExponential(1)]),
})

/** D², V² and the best q of an independent computation, by inner step. */
const independentQ: { readonly [step: string]: ReadonlyArray<string> } = {
  0.01: ['0.110', '0.244', '0.112'],
  0.02: ['0.229', '0.580', '0.289'],
}
const independentMoments: { readonly [step: string]: string } = {
  0.01: '53.212; 2229.32',
  0.02: '137.78; 1277.31',
}

const best = (result: Of): Table => ({
  caption:
    'The second problem: the largest D² and V² for |x| ≤ 50, the probability that makes the expected time (11 + qC) (V² + (1/q − 1) D²)ᵖ least, from the formula and from a grid of a thousand; beside them an independent computation.',
  head: ['α', 'time', 'D²', 'V²', 'independent', 'best q', 'on a grid', 'independent'],
  rows: steps.flatMap((step) => {
    const { D2, V2, prices } = weighedOf(result, step)
    return prices.map(({ name, best: q, searched }, i) => [
      String(step),
      name,
      fixed(D2, 3),
      fixed(V2, 2),
      independentMoments[step] ?? '',
      fixed(q, 3),
      fixed(searched, 3),
      independentQ[step]?.[i] ?? '',
    ])
  }),
})

const study: Study<Result> = {
  title: 'Unbiased first-order descent: the counter-example',
  description: [
    'Where an inner loop belongs to the objective, F(x) = E f(y_r(x)), its gradient wants second derivatives of every step. The first-order method (FOM) leaves them out, G_fo, and is biased. UFOM throws a coin: with probability q it takes the exact gradient G_ex and steps along G_fo + (G_ex − G_fo)/q, else along G_fo. The mean of that is G_ex, its variance beyond that of the tasks (1/q − 1) |G_fo − G_ex|².',
    `The example is exact. Two tasks, equally likely: parabolas of curvature 1/2 and 3/2 with their minima at 0 and ${fixed((example.tasks[1]?.b ?? 0) / 1.5, 3)}, which become lines far away; y₀ = x and ten inner steps of 0.1. An inner loop leaves pᵢ = (1 − 0.1 aᵢ)¹⁰ of the way to the minimum of its task, so G_fo = pᵢ (aᵢx − bᵢ) and G_ex = pᵢ² (aᵢx − bᵢ): the first-order method weighs the tasks otherwise. It rests at x_FO = ${fixed(example.biased, 4)} where F is least at x* = ${fixed(example.minimiser, 4)}, and |F′(x_FO)|² = 0.12 exactly, whatever the steps.`,
    `The setting of the published figure: x₀ uniform on [−10, 30], steps 10/(k + 1), ${iterations.toLocaleString('en')} iterations, a task drawn for each; here over ${seeds.toLocaleString('en')} seeds, and with two methods more. An iteration costs r + 1 = 11 gradients, an exact pass r = 10 Hessian products besides, each as much as a gradient; g does not depend on x, so that mixed products cost nothing.`,
    'The adaptive method estimates D² = E |G_fo − G_ex|² and V² = E |G_ex|² on its exact passes and takes the q that makes the expected time least. At x* D² is more than eight times V² here, first-order passes mislead more than they save, and nearly every run turns to exact ones within a few hundred iterations. The second problem, with inner steps ten and five times shorter, is of the other kind: there between one exact pass in ten and one in two is best.',
  ],
  edition: 2,
  cells: [
    ...methods.map(({ name, q }) => ({ name, compute: () => ({ run: simulated(q) }) })),
    { name: check, compute: () => ({ differences: methods.map(({ q }) => disagreement(q, checked)) }) },
    ...steps.map((step) => ({ name: toy(step), compute: () => ({ weighed: weighed(step) }) })),
  ],
  findings: (result) => {
    const lines = (x: 'k' | 'cost', y: 'square' | 'median' | 'mean') =>
      methods.map(({ name }) => {
        const run = runOf(result, name)
        return { name, points: run[x].map((at, i) => ({ x: at, y: run[y][i] ?? Number.NaN })) }
      })
    const x = { label: 'iterations', type: 'log' } as const
    const gradients = { label: 'gradients', type: 'log' } as const
    return {
      figures: [
        lineFigure({
          panels: [
            { heading: 'mean, by iterations', lines: lines('k', 'square') },
            { heading: 'mean, by cost', lines: lines('cost', 'square'), x: gradients },
            { heading: 'median, by iterations', lines: lines('k', 'median') },
          ],
          x,
          y: { label: '|F′(x)|²', type: 'log', domain: [1e-5, 100] },
          levels: [{ name: '|F′(x_FO)|² = 0.12', y: 0.12 }],
          caption:
            'The squared gradient over the seeds. Without second derivatives it comes to 0.12 and stays there, at any cost; one exact pass in ten makes an iteration dearer by a tenth, and it goes on falling like 1/k. In gradients the first-order method is ahead of exact descent for about 130 of them, of UFOM for about 2,000. The mean of the adaptive method is for long that of one run in a hundred: an exact pass among the first, weighed by 1/q = 20, has thrown it hundreds away, onto the lines, where both gradients agree, and it learns there that exact passes are of no use. The median catches up with exact descent.',
        }),
        lineFigure({
          panels: [{ heading: 'where they go', lines: lines('k', 'mean') }],
          x,
          y: { label: 'mean of x', type: 'linear' },
          levels: [
            { name: 'x_FO', y: example.biased },
            { name: 'x*', y: example.minimiser },
          ],
          caption:
            'The mean of x over the seeds. What is unbiased goes to x*, the first-order method to x_FO. The first steps, of lengths 10 and 5, throw all of them across and back.',
        }),
        lineFigure({
          panels: steps.map((step) => ({
            heading: `α = ${step}`,
            lines: weighedOf(result, step).prices.map(({ name, curve }) => ({ name, points: curve })),
          })),
          x: { label: 'probability q of an exact pass', type: 'log' },
          y: { label: 'expected time / least', type: 'log', domain: [1, 10] },
          caption:
            'The second problem: expected time against the probability of an exact pass, for two exponents p of the second moment and two prices C of an exact pass (states held, or run again). The least is flat: twice too large or too small a probability costs little.',
        }),
      ],
      tables: [ends(result), same(result), best(result)],
    }
  },
}

export default study
