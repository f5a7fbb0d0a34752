/** Named choices of the parts of `bilevelDescent`. */

import { some } from 'fp-ts/lib/Option.js'
import { aid, bsa, darts, dartsFirst, itd, noDraw, stocBiO, ttsa } from 'steplaw/bilevel'
import { counting } from '../measure.js'
import type { MethodRow } from '../row.js'
import {
  ESTIMATOR_FAILS,
  I,
  LIPSCHITZ,
  N,
  NO_BOUND,
  NO_RATE,
  OF_PARTS,
  STRONGLY_CONVEX,
  step,
  T,
} from './shared.js'

const inner = (steps: number) => ({ inner: { steps, rule: step }, outer: { rule: step } })

const SERIES = NO_BOUND(
  'A series measures no residual. To have one, and a bound where nothing is drawn, write the method as `bilevelDescent` with `certified` around `neumann`; the bias of the mean is known beforehand, from the number of terms.',
)

const SHORT_LOOP = 'Inner steps longer than $2/L$ diverge, and with them the estimate.'
const TENTH = 'The step 0.1 of the public benchmark of two levels.'

export const recipes: ReadonlyArray<MethodRow> = [
  {
    name: 'aid',
    title: 'AID',
    solves:
      'Approximate implicit differentiation: minimises $F$ with the linear system solved by conjugate gradients. `bilevelDescent` with `conjugateGradients`.',
    assumes: [
      STRONGLY_CONVEX,
      LIPSCHITZ,
      'The same $H$ for all products of one system, since conjugate gradients do not bear noise.',
    ],
    iteration:
      '$T$ steps of $y$ from where it was, at most $I$ conjugate gradients on $H v = \\nabla_y f(x, y)$ from the previous $v$, then\n\n$$x \\leftarrow x - \\beta (\\nabla_x f - J v).$$\n\nThe error of $v$ falls by $(\\sqrt\\kappa - 1)/(\\sqrt\\kappa + 1)$ with every product.',
    updates: { lower: '$T$ steps', upper: 'a step along $\\nabla_x f - J v$, $v$ by conjugate gradients' },
    required: 'All has a default.',
    defaults: [
      { field: 'iterations', value: '10', from: 'As many as inner steps, as in the public benchmark.' },
      { field: 'tolerance', value: '0', from: 'The source counts products instead.' },
      { field: 'warmStart', value: 'true', from: 'The source: $v$ moves little where $x$ does.' },
      {
        field: 'inner',
        value: '{ steps: 10, rule: constant(0.1) }',
        from: 'The public benchmark of two levels.',
      },
      { field: 'outer', value: '{ rule: constant(0.1) }', from: TENTH },
    ],
    cost: [
      {
        of: 'formula',
        where: '',
        parameters: [T, I],
        run: (at) => counting(aid({ ...inner(at('T')), iterations: at('I') })),
      },
    ],
    certificate: OF_PARTS,
    failures: [
      'Where a direction of no positive curvature is met the answer is `indefinite`, and $x$ stays: conjugate gradients are not a solver for such systems.',
      'On batches the products of one system must be of one batch; drawn anew they do not solve any system.',
      SHORT_LOOP,
    ],
    sources: ['ji2021', 'grazzi2020'],
    clauses: ['method.bilevelDescent', 'estimator.cg', 'estimator.cg.last', 'estimator.cg.indefinite'],
    theorems: ['B7', 'B9', 'B24', 'B25'],
  },
  {
    name: 'itd',
    title: 'ITD',
    solves:
      'Iterative differentiation: minimises $F_D(x) = f(x, y_D(x))$ by the exact derivative of the inner loop. `bilevelDescent` with `unrolled`.',
    assumes: [
      '$g$ is twice differentiable along the loop; that $F_D$ is near $F$ needs it strongly convex.',
      'Lower steps along the gradient, whose lengths the derivative holds constant.',
    ],
    iteration:
      '$y_{t+1} = y_t - a_t \\nabla_y g(x, y_t)$ for $t < T$; then back, from $p = \\nabla_y f$, $z = \\nabla_x f$, with\n\n$$z \\leftarrow z - a_t J_t\\, p, \\qquad p \\leftarrow p - a_t H_t\\, p,$$\n\nand a step of $x$ along $z$. On a $g$ quadratic in $y$ this is the Neumann series of $T$ terms at $y_T$.',
    updates: { lower: '$T$ gradient steps by any rule', upper: 'a step along the derivative of the loop' },
    required: 'All has a default.',
    defaults: [
      {
        field: 'memory',
        value: "'stored'",
        from: 'The fastest; `checkpointed` and `recomputed` give the same bits with less.',
      },
      {
        field: 'inner',
        value: '{ steps: 10, rule: constant(0.1) }',
        from: 'The public benchmark of two levels.',
      },
      { field: 'outer', value: '{ rule: constant(0.1) }', from: TENTH },
    ],
    cost: [
      { of: 'formula', where: 'states held', parameters: [T], run: (at) => counting(itd(inner(at('T')))) },
      {
        of: 'run',
        where: 'eight steps, one state held',
        iterations: 1,
        run: counting(itd({ ...inner(8), memory: 'recomputed' })),
      },
      {
        of: 'run',
        where: 'eight steps, checkpoints',
        iterations: 1,
        run: counting(itd({ ...inner(8), memory: 'checkpointed' })),
      },
    ],
    certificate: OF_PARTS,
    failures: [
      'A short loop biases the derivative by $(1 - a\\mu)^T$: it is that of $F_D$, not of $F$.',
      'A direction other than steepest, a wrapper or a box below is refused when the method is made.',
      SHORT_LOOP,
    ],
    sources: ['franceschi2017', 'ji2021'],
    clauses: ['method.bilevelDescent', 'method.bilevelDescent.unrolled', 'estimator.unrolled'],
    theorems: ['B8', 'B9', 'B10', 'B11'],
  },
  {
    name: 'bsa',
    title: 'BSA',
    solves:
      'Bilevel stochastic approximation: minimises $F$ from samples, with one random term of the Neumann series. `bilevelDescent` with `neumann`.',
    assumes: [
      STRONGLY_CONVEX,
      'The step of the series is at most $1/L$.',
      'Batches for every product are independent.',
      NO_RATE,
    ],
    iteration:
      '$T$ steps of $y$, a depth $d$ uniform on $0, \\dots, N - 1$, and\n\n$$v = N a \\prod_{q < d} (I - a H_q)\\, \\nabla_y f, \\qquad x \\leftarrow x - \\beta_k (\\nabla_x f - J v).$$\n\nThe mean of $v$ over $d$ is the series of $N$ terms. Without a draw the whole series is taken.',
    updates: { lower: '$T$ steps', upper: 'a step along $\\nabla_x f - J v$, $v$ a random term' },
    required: 'All has a default.',
    defaults: [
      { field: 'terms', value: '10', from: 'The public benchmark of two levels.' },
      { field: 'step', value: '0.1', from: TENTH },
      {
        field: 'inner',
        value: '{ steps: 10, rule: power({ initial: 0.1, exponent: 0.5 }) }',
        from: 'The exponents 1/2 of the public benchmark.',
      },
      { field: 'outer', value: '{ rule: power({ initial: 0.1, exponent: 0.5 }) }', from: 'The same.' },
    ],
    cost: [
      {
        of: 'formula',
        where: 'a depth drawn',
        parameters: [T, { symbol: 'd', says: 'the depth drawn, $(N-1)/2$ on average' }],
        run: (at) =>
          counting(bsa({ ...inner(at('T')), terms: 20 }), () => ({ ...noDraw, depth: some(at('d')) })),
      },
      {
        of: 'formula',
        where: 'the whole series',
        parameters: [T, N],
        run: (at) => counting(bsa({ ...inner(at('T')), terms: at('N') })),
      },
    ],
    certificate: SERIES,
    failures: [
      'One term has the variance of $N$ times a term: steps must be small, or batches large.',
      'A step $a > 2/L$ makes the series diverge with $N$.',
      'The bias of the mean is $(1 - a\\mu)^N$ and does not fall with more samples.',
    ],
    sources: ['ghadimi2018'],
    clauses: ['derived.bsa', 'method.bilevelDescent', 'estimator.neumann', 'estimator.neumann.depth'],
    theorems: ['B5', 'B6', 'B24'],
  },
  {
    name: 'ttsa',
    title: 'TTSA',
    solves:
      'Two time scales: minimises $F$ from samples with one step below for each above. `bilevelDescent` with `neumann` and one inner step.',
    assumes: [
      STRONGLY_CONVEX,
      'The step of the series is at most $1/L$.',
      'The steps of $x$ shrink faster than those of $y$.',
      NO_RATE,
    ],
    iteration:
      'One step of $y$, then that of BSA, projected:\n\n$$y \\leftarrow y - \\alpha_k \\nabla_y g, \\qquad x \\leftarrow \\Pi_X(x - \\beta_k (\\nabla_x f - J v)), \\qquad \\alpha_k \\sim k^{-2/5},\\ \\beta_k \\sim k^{-3/5}.$$',
    updates: {
      lower: 'one step, $k^{-2/5}$',
      upper: 'a projected step, $k^{-3/5}$, along $\\nabla_x f - J v$',
    },
    required: 'All has a default.',
    defaults: [
      { field: 'terms', value: '10', from: 'The public benchmark of two levels.' },
      { field: 'step', value: '0.1', from: TENTH },
      {
        field: 'inner',
        value: '{ steps: 1, rule: power({ initial: 0.1, exponent: 0.4 }) }',
        from: 'The exponent 2/5 of the source for weakly convex $F$.',
      },
      {
        field: 'outer',
        value: '{ rule: power({ initial: 0.1, exponent: 0.6 }) }',
        from: 'The exponent 3/5 of the source for weakly convex $F$.',
      },
    ],
    cost: [
      {
        of: 'formula',
        where: 'a depth drawn',
        parameters: [{ symbol: 'd', says: 'the depth drawn, $(N-1)/2$ on average' }],
        run: (at) => counting(ttsa({ terms: 20 }), () => ({ ...noDraw, depth: some(at('d')) })),
      },
      {
        of: 'formula',
        where: 'the whole series',
        parameters: [N],
        run: (at) => counting(ttsa({ terms: at('N') })),
      },
    ],
    certificate: SERIES,
    failures: [
      'Steps of $x$ that do not shrink faster than those of $y$ leave $y$ behind, and the estimate wrong.',
      'Both schedules stall long before the budget ends where their first steps are too small.',
    ],
    sources: ['hong2023'],
    clauses: [
      'derived.bsa',
      'method.bilevelDescent',
      'draft.boxes',
      'estimator.neumann',
      'estimator.neumann.depth',
    ],
    theorems: ['B5', 'B6', 'B27'],
  },
  {
    name: 'stocBiO',
    title: 'stocBiO',
    solves:
      'Minimises $F$ from samples with a whole Neumann series, each product on a batch of its own. `bilevelDescent` with `neumann`.',
    assumes: [STRONGLY_CONVEX, 'The step of the series is at most $1/L$.', NO_RATE],
    iteration:
      '$T$ steps of $y$ from where it was, then\n\n$$v = a \\sum_{q=0}^{Q} \\prod_{j < q} (I - a H_j)\\, \\nabla_y f, \\qquad x \\leftarrow x - \\beta (\\nabla_x f - J v):$$\n\n$Q + 1$ terms, all of them times $a$.',
    updates: { lower: '$T$ steps', upper: 'a step along $\\nabla_x f - J v$, $v$ a series' },
    required: 'All has a default.',
    defaults: [
      { field: 'products', value: '3', from: "The authors' code for hyper-cleaning." },
      { field: 'step', value: '0.5', from: "The authors' code." },
      { field: 'inner', value: '{ steps: 200, rule: constant(0.1) }', from: "The authors' code." },
      { field: 'outer', value: '{ rule: constant(0.1) }', from: "The authors' code." },
    ],
    cost: [
      {
        of: 'formula',
        where: '',
        parameters: [T, { symbol: 'Q', says: 'the number of Hessian products' }],
        run: (at) => counting(stocBiO({ ...inner(at('T')), products: at('Q') })),
      },
    ],
    certificate: SERIES,
    failures: [
      'Few products leave a bias of $(1 - a\\mu)^{Q+1}$ that no batch size takes away.',
      'A step $a > 2/L$ makes the series diverge with $Q$.',
      'A series without the factor $a$ on all its terms, or without the first, has another limit.',
    ],
    sources: ['ji2021'],
    clauses: ['method.bilevelDescent', 'estimator.neumann'],
    theorems: ['B5', 'B6', 'B24'],
  },
  {
    name: 'dartsFirst',
    title: 'DARTS of first order',
    solves:
      'Moves $x$ as if $y$ did not depend on it: the cheapest thing there is, and not a minimisation of $F$. `bilevelDescent` with `firstOrder`.',
    assumes: ['$x$ appears in $f$ itself.', '$y^*(x)$ moves so little with $x$ that $J v$ may be dropped.'],
    iteration:
      '$$y \\leftarrow y - \\alpha \\nabla_y g(x, y), \\qquad x \\leftarrow x - \\beta \\nabla_x f(x, y).$$',
    updates: { lower: 'one step', upper: 'a step along $\\nabla_x f$' },
    required: 'All has a default.',
    defaults: [
      { field: 'inner', value: '{ steps: 1, rule: constant(0.1) }', from: TENTH },
      { field: 'outer', value: '{ rule: constant(0.1) }', from: TENTH },
    ],
    cost: [{ of: 'formula', where: '', parameters: [T], run: (at) => counting(dartsFirst(inner(at('T')))) }],
    certificate: NO_BOUND(
      'What is dropped is not estimated: the certificate has residuals and claims no bound that would hide it.',
    ),
    failures: [
      'It comes to rest where $\\nabla_x f = 0$ at $y^*(x)$, which is not where $\\nabla F = 0$.',
      'Where $x$ appears in $g$ alone, as in hyperparameter problems, it does not move at all.',
    ],
    sources: ['liu2019'],
    clauses: ['derived.dartsFirst', 'method.bilevelDescent', 'estimator.firstOrder'],
    theorems: ['B24'],
  },
  {
    name: 'darts',
    title: 'DARTS of second order',
    solves:
      'Moves $x$ along the derivative of $f$ through one step of $y$, with a difference of gradients for the mixed derivative. `bilevelDescent` with `oneStepDifference`.',
    assumes: [
      'One step of $y$ says enough about where $y^*$ goes with $x$.',
      '$\\nabla_x g$ is smooth in $y$ over the radius of the difference.',
    ],
    iteration:
      "One step of $y$; with $y' = y - a \\nabla_y g(x, y)$ only looked at and $y_\\pm = y \\pm e\\, \\nabla_y f(x, y')$,\n\n$$z = \\nabla_x f(x, y') - \\frac{a}{2e} \\bigl(\\nabla_x g(x, y_+) - \\nabla_x g(x, y_-)\\bigr), \\qquad e = \\frac{\\text{radius}}{\\|\\nabla_y f(x, y')\\|}.$$",
    updates: { lower: 'one step', upper: 'a step along the derivative through one step more' },
    required: 'All has a default.',
    defaults: [
      { field: 'step', value: '0.1', from: 'As the steps below.' },
      { field: 'radius', value: '0.01', from: 'The radius of the source.' },
      {
        field: 'inner',
        value: '{ steps: 1, rule: constant(step) }',
        from: 'The step that is looked at is the step that is made.',
      },
      { field: 'outer', value: '{ rule: constant(0.1) }', from: TENTH },
    ],
    cost: [
      {
        of: 'formula',
        where: '',
        parameters: [T],
        run: (at) => counting(darts({ ...inner(at('T')), step: 0.01 })),
      },
    ],
    certificate: NO_BOUND(
      'It differentiates one step, not $y^*$: there is no residual of a linear system, and no bound.',
    ),
    failures: [
      'It comes to rest between the point of the first-order method and the minimiser, nearer to the latter the nearer the step is to one of Newton.',
      'A radius too small loses the difference to rounding, one too large to curvature.',
      ESTIMATOR_FAILS,
    ],
    sources: ['liu2019'],
    clauses: ['draft.oneStepDifference', 'method.bilevelDescent'],
    theorems: ['B26'],
  },
]
