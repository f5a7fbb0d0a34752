/** Methods on the objective of a finite inner loop. */
import { some } from 'fp-ts/lib/Option.js'
import { adaptiveUfom, fom, noDraw, ufom } from 'steplaw/bilevel'
import { counting, type Measurement } from '../measure.js'
import type { MethodRow } from '../row.js'
import { NO_BOUND, step } from './shared.js'

const r = { symbol: 'r', says: 'the number of steps of the inner loop' }

const loop = (steps: number) => ({ inner: { steps, step: 0.1 }, upper: { rule: step } })

const FINITE =
  'The finite inner loop is part of the problem, $F_r(x) = f(x, y_r(x))$: no argmin, and no convexity for the gradients to be what they say.'

const EXACT = NO_BOUND(
  'There is no $y^*$ to be far from: $G_{ex}$ is the derivative of $F_r$ to rounding. How far $F_r$ is from $F$ is not asked.',
)

/** An iteration of UFOM whose coin is known. */
const tossed = (coin: 0 | 1): Measurement => ({
  of: 'formula',
  where: `the coin shows ${coin}`,
  parameters: [r],
  run: (at) => counting(ufom({ q: 0.5, ...loop(at('r')) }), () => ({ ...noDraw, coin: some(coin) })),
})

export const finiteLoops: ReadonlyArray<MethodRow> = [
  {
    name: 'fom',
    title: 'FOM',
    solves:
      'Moves $x$ by the first-order gradient of a finite inner loop; with $y_0 = x$ and tasks it is first-order MAML. UFOM with $q = 0$.',
    assumes: [FINITE, 'The second derivatives along the loop are small, or their bias does not matter.'],
    iteration:
      '$y_{t+1} = y_t - a_t \\nabla_y g(x, y_t)$ for $t < r$, and\n\n$$x^+ = x - \\gamma_k G_{fo}, \\qquad G_{fo} = \\nabla_x f(x, y_r) \\; (+ \\nabla_y f(x, y_r) \\text{ where } y_0 = x).$$',
    updates: { lower: '$r$ gradient steps from $y_0$', upper: 'a step along $G_{fo}$' },
    required: '`inner` with `steps` and `step`, and `upper`.',
    defaults: [],
    cost: [{ of: 'formula', where: '', parameters: [r], run: (at) => counting(fom(loop(at('r')))) }],
    certificate: NO_BOUND('What is dropped is not measured.'),
    failures: [
      'Biased: it may come to rest where the gradient is as long as one likes, whatever the steps.',
      'Where $x$ appears in $g$ alone and $y_0$ is constant, it does not move.',
    ],
    sources: ['likhosherstov2021', 'finn2017'],
    clauses: ['method.ufom'],
    theorems: ['B13', 'B16'],
  },
  {
    name: 'ufom',
    title: 'UFOM',
    solves: 'Minimises $F_r$ with a first-order gradient that a coin makes unbiased.',
    assumes: [FINITE, 'The coin is independent of all else that is drawn.'],
    iteration:
      'With the exact gradient $G_{ex} = \\nabla F_r$ taken only where the coin $\\xi$ shows 1,\n\n$$G = G_{fo} + \\frac{\\xi}{q} (G_{ex} - G_{fo}), \\qquad x^+ = x - \\gamma_k G.$$\n\nThe mean of $G$ is $G_{ex}$, its variance $(1/q - 1) \\|G_{fo} - G_{ex}\\|^2$, both exactly.',
    updates: {
      lower: '$r$ gradient steps from $y_0$',
      upper: 'a step along $G_{fo} + \\frac{\\xi}{q}(G_{ex} - G_{fo})$',
    },
    required:
      '`q`, `inner` with `steps` and `step`, and `upper`. `optimalQ` says which $q$ balances cost and variance.',
    defaults: [],
    cost: [tossed(0), tossed(1)],
    certificate: EXACT,
    failures: [
      'A small $q$ multiplies the correction by $1/q$: rare and long steps. Constant steps do not bear it.',
      'Without a coin in the draws an iteration is refused; there is no default coin.',
      'Clipping inside the exact pass makes it inexact, and the method biased.',
    ],
    sources: ['likhosherstov2021'],
    clauses: ['method.ufom', 'method.draws'],
    theorems: ['B10', 'B11', 'B12', 'B13', 'B14', 'B16'],
  },
  {
    name: 'adaptiveUfom',
    title: 'Adaptive UFOM',
    solves: 'Minimises $F_r$ as UFOM does, choosing the probability of an exact pass as it goes.',
    assumes: [FINITE, 'The two moments that $q$ is made of change slowly along the run.'],
    iteration:
      'With the averages of $\\|G_{fo} - G_{ex}\\|^2$ and $\\|G_{ex}\\|^2$ over the exact passes so far, $E \\leftarrow \\beta E + (1 - \\beta)\\, e$, divided by $1 - \\beta^n$ after $n$ of them,\n\n$$q_k = \\max\\lbrace q_{min},\\ q^*(D^2, V^2)\\rbrace,$$\n\nand $q_{min}$ before the first; the pass is exact where the uniform number drawn is below $q_k$. $q^*$ is the $q$ that makes $(C_d + q C_r)(V^2 + (1/q - 1) D^2)^p$ least.',
    updates: { lower: '$r$ gradient steps from $y_0$', upper: 'that of UFOM with $q_k$' },
    required:
      '`inner` with `steps` and `step`, and `upper`. `costs` are $C_d = r + 1$ and $C_r = r$ unless they are given.',
    defaults: [
      { field: 'qMin', value: '0.05', from: "The authors' code." },
      { field: 'beta', value: '0.99', from: "The authors' code." },
      {
        field: 'exponent',
        value: '2',
        from: 'The case of steps $k^{-1/2}$, which their code for learning has.',
      },
    ],
    cost: [
      {
        of: 'formula',
        where: 'the number drawn is 1',
        parameters: [r],
        run: (at) => counting(adaptiveUfom(loop(at('r'))), () => ({ ...noDraw, uniform: some(0.9999) })),
      },
      {
        of: 'formula',
        where: 'the number drawn is 0',
        parameters: [r],
        run: (at) => counting(adaptiveUfom(loop(at('r'))), () => ({ ...noDraw, uniform: some(0) })),
      },
    ],
    certificate: EXACT,
    failures: [
      'Without a uniform number in the draws an iteration is refused.',
      'Averages of the step that was made instead of the two gradients choose another $q$: here they are of the gradients.',
      'An exact pass that is not finite leaves the averages, and $x$, as they were.',
    ],
    sources: ['likhosherstov2021'],
    clauses: ['method.adaptiveUfom', 'method.draws'],
    theorems: ['B12', 'B15'],
  },
]
