/** Descent at both levels with an estimator of choice. */
import { armijo, constant, last } from 'steplaw'
import { bilevelDescent, bislsAdam, bislsSgd, bisps, conjugateGradients, firstOrder } from 'steplaw/bilevel'
import { counting } from '../measure.js'
import type { MethodRow } from '../row.js'
import { BY_ESTIMATOR, ESTIMATOR_FAILS, I, LIPSCHITZ, NO_RATE, STRONGLY_CONVEX, step, T } from './shared.js'

const cg = (iterations: number, warmStart = false) => conjugateGradients({ iterations, warmStart })

const search = { initial: 1, reset: 'restart' } as const

const searched = (build: typeof bislsSgd) =>
  counting(build({ inner: { steps: 2, ...search }, outer: search, hypergradient: cg(2) }))

const SEARCH_DEFAULTS = [
  {
    field: 'c',
    value: '0.1',
    from: 'By analogy with the search of one level: the authors publish no value.',
  },
  { field: 'shrink', value: '0.9', from: 'As for the search of one level.' },
  { field: 'budget', value: '100', from: 'As for the search of one level.' },
  {
    field: 'slack',
    value: '1e-3',
    from: 'Ours: the smallest slack is a matter of the scale of $f$, and no value is published.',
  },
] as const

const SEARCH_FAILURES = [
  'Too little slack where $f(x, \\hat y(x)) > f(x, y) + \\delta$ as $\\alpha \\to 0$: the search spends its budget and $x$ stays.',
  'More slack makes every step longer, and steps may then lose what they should gain.',
  'Warm starts that never grow stay as small as the smallest step ever was; `reset` says how they recover.',
  ESTIMATOR_FAILS,
]

export const descents: ReadonlyArray<MethodRow> = [
  {
    name: 'bilevelDescent',
    title: 'Bilevel descent',
    solves:
      'Minimises $F(x) = f(x, y^*(x))$ by alternating steps below with a step above along a hypergradient. Most other methods are a choice of its parts.',
    assumes: [STRONGLY_CONVEX, LIPSCHITZ, 'Of the rules and directions what they assume themselves.'],
    iteration:
      'From $y_k$ (or from $y_0$ without a warm start) $T$ steps of any rule along any direction on $g_{T_t}(x, \\cdot)$; then\n\n$$z \\approx \\nabla_x f - J v, \\qquad H v \\approx \\nabla_y f$$\n\nby any estimator, and a step of $x$ along a direction made of $z$. The upper rule probes $\\varphi(a) = f_S(x + a p, \\hat y)$ with $\\hat y = y - \\beta \\nabla_y g(x + a p, y)$, where $\\beta$ is the latest step that $y$ took.',
    updates: { lower: '$T$ steps of any rule', upper: 'any rule along any estimate' },
    required: '`inner` with its `steps` and rule, `hypergradient`, and `outer` with its rule.',
    defaults: [
      {
        field: 'warmStart',
        value: 'true',
        from: 'What all published methods but a few do: $y^*(x)$ moves little where $x$ does.',
      },
      {
        field: 'lowerSteps',
        value: '1',
        from: 'The upper search of BiSLS, which lets $y$ follow its trials by one step.',
      },
    ],
    cost: [
      {
        of: 'formula',
        where: 'conjugate gradients',
        parameters: [T, I],
        run: (at) =>
          counting(
            bilevelDescent({
              inner: { steps: at('T'), rule: step },
              hypergradient: cg(at('I')),
              outer: { rule: step },
            }),
          ),
      },
      {
        of: 'formula',
        where: 'no second derivatives',
        parameters: [T],
        run: (at) =>
          counting(
            bilevelDescent({
              inner: { steps: at('T'), rule: step },
              hypergradient: firstOrder(),
              outer: { rule: step },
            }),
          ),
      },
      {
        of: 'run',
        where: 'Armijo at both levels, two steps below, two conjugate gradients',
        iterations: 10,
        run: counting(
          bilevelDescent({
            inner: { steps: 2, rule: armijo({ start: last({ initial: 1, factor: 2 }) }) },
            hypergradient: cg(2),
            outer: { rule: armijo({ start: constant(1) }) },
          }),
        ),
      },
    ],
    certificate: BY_ESTIMATOR,
    failures: [
      ESTIMATOR_FAILS,
      'Too few inner steps leave a bias that no step of $x$ takes away: the error of the direction is a multiple of $\\|y - y^*(x)\\|$.',
      'Unrolled estimates refuse an inner direction other than steepest, a wrapper, and a box.',
    ],
    sources: ['fan2023', 'ji2021'],
    clauses: [
      'method.bilevelDescent',
      'method.bilevelDescent.probe',
      'method.bilevelDescent.failure',
      'estimator',
    ],
    theorems: ['B1', 'B3', 'B4', 'B9', 'B24', 'B25', 'B27', 'B29', 'B30'],
  },
  {
    name: 'bisps',
    title: 'BiSPS',
    solves:
      'Minimises $F$ without hand-tuned steps: capped stochastic Polyak steps at both levels. `bilevelDescent` with `spsB`, or with a Polyak step in an envelope.',
    assumes: [
      STRONGLY_CONVEX,
      'Lower bounds $\\ell_f$, $\\ell_g$ of both levels on every batch are known.',
      'Caps that decrease, for any guarantee.',
    ],
    iteration:
      '$$\\alpha_k = \\min\\Bigl\\lbrace\\frac{f_S(x, y) - \\ell_f}{p\\,\\|z\\|^2},\\ \\alpha_{b,0} (k+1)^{-e}\\Bigr\\rbrace, \\qquad \\beta_k = \\min\\Bigl\\lbrace\\frac{g_T(x, y) - \\ell_g}{q\\,\\|\\nabla_y g_T\\|^2},\\ \\beta_{b,0} (k+1)^{-e}\\Bigr\\rbrace .$$\n\nWith `floor` the ratio is clamped from below too, by $\\gamma_l (k+1)^{-e}$.',
    updates: { lower: '$T$ capped Polyak steps', upper: 'a capped Polyak step along any estimate' },
    required:
      '`inner` with `steps` and `initial` $\\beta_{b,0}$, `outer` with `initial` $\\alpha_{b,0}$, and `hypergradient`.',
    defaults: [
      { field: 'exponent', value: '0.5', from: 'The caps $k^{-1/2}$ of the source.' },
      { field: 'c', value: '1', from: 'The plain ratio; for SPS at one level too.' },
    ],
    cost: [
      {
        of: 'formula',
        where: 'conjugate gradients',
        parameters: [T, I],
        run: (at) =>
          counting(
            bisps({
              inner: { steps: at('T'), initial: 0.01 },
              outer: { initial: 0.01 },
              hypergradient: cg(at('I')),
            }),
          ),
      },
    ],
    certificate: BY_ESTIMATOR,
    failures: [
      'The upper ratio is no Polyak step of $F$: its value is $f$ at the $y$ there is, and $z$ is an estimate.',
      'The rule sees the sample that the step is taken on: an envelope alone does not bring convergence, as P24 shows.',
      'A lower bound that is far too low makes every step the cap, and the method a schedule.',
      ESTIMATOR_FAILS,
    ],
    sources: ['fan2023', 'loizou2021'],
    clauses: ['derived.bisps', 'method.bilevelDescent'],
    theorems: ['P24', 'P25', 'B24'],
  },
  {
    name: 'bislsSgd',
    title: 'BiSLS-SGD',
    solves:
      'Minimises $F$ with a backtracking line search at each level. `bilevelDescent` with `armijo` at both, the upper one with slack.',
    assumes: [STRONGLY_CONVEX, 'Values of both levels on the batch of the step can be asked for.', NO_RATE],
    iteration:
      "Below, Armijo's condition on $g_T(x, \\cdot)$. Above, with $\\hat x = x - \\alpha z$ and $\\hat y = y - \\beta \\nabla_y g(\\hat x, y)$,\n\n$$f_S(\\hat x, \\hat y) \\le f_S(x, y) - c\\,\\alpha\\,\\|z\\|^2 + \\delta .$$\n\nThe slack $\\delta$ is there because $z$ is not the gradient of what is searched.",
    updates: { lower: '$T$ steps by search', upper: 'a search with slack along any estimate' },
    required:
      '`inner` with `steps`, `outer`, both with `initial` and `reset`, and `hypergradient`. `maximum` caps either search.',
    defaults: SEARCH_DEFAULTS,
    cost: [
      {
        of: 'run',
        where: 'two steps below, two conjugate gradients, both searches from 1',
        iterations: 10,
        run: searched(bislsSgd),
      },
    ],
    certificate: BY_ESTIMATOR,
    failures: SEARCH_FAILURES,
    sources: ['fan2023', 'vaswani2019'],
    clauses: ['derived.bisls', 'method.bilevelDescent.probe'],
    theorems: ['P8', 'B24'],
  },
  {
    name: 'bislsAdam',
    title: 'BiSLS-Adam',
    solves:
      'Minimises $F$ as BiSLS-SGD does, with Adam above: the search finds the step that Adam would need tuned.',
    assumes: [
      STRONGLY_CONVEX,
      'Values of both levels on the batch of the step can be asked for.',
      'Like Adam it has no rate.',
    ],
    iteration:
      'As BiSLS-SGD, with $A_k = \\operatorname{diag}(\\sqrt{\\hat v_k} + \\epsilon)$ above: the search runs along $-A_k^{-1} z$ without momentum,\n\n$$f_S(\\hat x, \\hat y) \\le f_S(x, y) - c\\,\\alpha\\,\\|z\\|^2_{A_k^{-1}} + \\delta,$$\n\nand the step is taken along $-A_k^{-1} \\hat m_k$ with it.',
    updates: { lower: '$T$ steps by search', upper: 'a search with slack, executed by Adam' },
    required: '`inner` with `steps`, `outer`, both with `initial` and `reset`, and `hypergradient`.',
    defaults: [
      ...SEARCH_DEFAULTS,
      { field: 'beta1', value: '0.9', from: 'As published for Adam.' },
      {
        field: 'beta2',
        value: '0.99',
        from: "As for Adam with a search at one level, whose authors' code has it.",
      },
      { field: 'eps', value: '1e-8', from: 'As published for Adam.' },
    ],
    cost: [
      {
        of: 'run',
        where: 'two steps below, two conjugate gradients, both searches from 1',
        iterations: 10,
        run: searched(bislsAdam),
      },
    ],
    certificate: BY_ESTIMATOR,
    failures: [
      ...SEARCH_FAILURES,
      'The step that was searched is not the step that is made: momentum may point elsewhere, and $f$ may rise.',
    ],
    sources: ['fan2023', 'kingma2015'],
    clauses: ['derived.bisls', 'direction.adam'],
    theorems: ['P8b'],
  },
]
