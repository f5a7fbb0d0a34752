/** Methods that make a constraint or a penalty of the lower level, without second derivatives. */
import { bome, f2ba, f2sa, f3sa, penalty } from 'steplaw/bilevel'
import { counting } from '../measure.js'
import type { MethodRow } from '../row.js'
import { NO_BOUND, NO_RATE, STRONGLY_CONVEX, step, T } from './shared.js'

const PENALTY_BIAS = NO_BOUND(
  'Its records have no bound. The estimator `penaltyGradient` of the same direction has one, $O(1/\\lambda)$, which `penaltyErrorBound` computes.',
)

const WEIGHT =
  'A weight $\\lambda < 2 L_{fy}/\\mu$ may leave $f + \\lambda g$ without a minimum in $y$; a growing one needs steps of $y$ that shrink as $1/\\lambda$.'

export const valueFunctions: ReadonlyArray<MethodRow> = [
  {
    name: 'bome',
    title: 'BOME',
    solves:
      'Minimises $f(x, y)$ under the constraint $g(x, y) \\le \\min_y g(x, y)$ by first-order steps with a barrier; $y^*(x)$ need not be one point.',
    assumes: [
      'The gradient of $g$ in $y$ dominates the gap $g - g^*$ (strong convexity is not needed).',
      '$f$ and $g$ are smooth; steps are at most one over their constants.',
      NO_RATE,
    ],
    iteration:
      '$\\hat y$, $T$ steps on $g(x, \\cdot)$ from $y$, stands for $y^*(x)$ and is held constant in\n\n$$q = (\\nabla_x g(x, y) - \\nabla_x g(x, \\hat y),\\ \\nabla_y g(x, y)), \\qquad \\lambda = \\max\\Bigl(\\frac{\\varphi - \\langle \\nabla f, q \\rangle}{\\|q\\|^2 + \\epsilon}, 0\\Bigr), \\qquad \\delta = \\nabla f + \\lambda q,$$\n\nwith $\\varphi = \\eta \\|q\\|^2$ (or $\\eta$ times the gap), and $\\lambda = 0$ where $q = 0$. Then $(x, y)$ moves along $-\\delta$.',
    updates: {
      lower: '$T$ steps of $\\hat y$, one of $y$ along $\\delta_y$',
      upper: 'one step along $\\delta_x$',
    },
    required: '`inner` with `steps`, `upper` and `lower`, each with a rule.',
    defaults: [
      {
        field: 'option',
        value: "'G'",
        from: "The authors' toy problems; their code for hyperparameters has the other.",
      },
      { field: 'eta', value: '0.5', from: "The authors' code." },
      {
        field: 'epsilon',
        value: '0',
        from: 'Theirs is 1e-8. With 0 the barrier holds to rounding, and $q = 0$ is a case of its own.',
      },
    ],
    cost: [
      {
        of: 'formula',
        where: '',
        parameters: [T],
        run: (at) =>
          counting(
            bome({ inner: { steps: at('T'), rule: step }, upper: { rule: step }, lower: { rule: step } }),
          ),
      },
    ],
    certificate: NO_BOUND(
      'The gap that it sees is a lower bound of the true one; how near $x$ is to a solution is not bounded.',
    ),
    failures: [
      'Near feasibility $q \\to 0$ and $\\lambda$ may grow without bound.',
      'Inner steps that are too long make the gap negative, and the barrier of the option `Q` with it.',
      'With few inner steps the gap is underestimated, and $y$ lags behind $y^*(x)$.',
    ],
    sources: ['ye2022'],
    clauses: ['method.bome', 'method.bome.zero'],
    theorems: ['B17', 'B18', 'B19'],
  },
  {
    name: 'f2sa',
    title: 'F2SA',
    solves: 'Minimises $F$ without second derivatives by a penalty on the value function whose weight grows.',
    assumes: [
      STRONGLY_CONVEX,
      'Second derivatives of $g$ are Lipschitz, though none is asked for.',
      'Steps of $y$ shrink as $1/\\lambda$.',
      NO_RATE,
    ],
    iteration:
      '$T$ steps each, $z$ first: $z$ on $g(x, \\cdot)$, $y$ on $f(x, \\cdot) + \\lambda_k g(x, \\cdot)$; then with the new $y$ and $z$\n\n$$x \\leftarrow x - \\beta \\bigl(\\nabla_x f(x, y) + \\lambda_k (\\nabla_x g(x, y) - \\nabla_x g(x, z))\\bigr), \\qquad \\lambda_{k+1} = \\lambda_k + \\delta_k.$$\n\nWith exact $y$ and $z$ the direction is $O(1/\\lambda)$ from $\\nabla F$.',
    updates: {
      lower: '$T$ steps on $g$ and on $f + \\lambda g$',
      upper: 'one step along the gradient of the penalty',
    },
    required:
      '`steps`, the methods `z`, `y` and `x`, and `lambda` with its `start`. `powerWeight` makes weights $\\lambda_0 (k+1)^p$.',
    defaults: [{ field: 'increment', value: '0', from: 'Ours: a weight grows where it is told how.' }],
    cost: [
      {
        of: 'formula',
        where: '',
        parameters: [T],
        run: (at) =>
          counting(
            f2sa({
              steps: at('T'),
              z: { rule: step },
              y: { rule: step },
              x: { rule: step },
              lambda: { start: 4 },
            }),
          ),
      },
    ],
    certificate: PENALTY_BIAS,
    failures: [
      WEIGHT,
      'Adding increments of order $k^p$, in place of differences of $k^p$, makes the weight grow like $k^{p+1}$.',
      'The direction is $\\lambda$ times a difference of two gradients: noise and rounding are multiplied by $\\lambda$.',
    ],
    sources: ['kwon2023'],
    clauses: ['method.f2sa', 'method.schedule', 'draft.boxes'],
    theorems: ['B20', 'B21'],
  },
  {
    name: 'f3sa',
    title: 'F3SA',
    solves: 'Minimises $F$ as F2SA does, with one inner step and recursive momentum against the noise.',
    assumes: [STRONGLY_CONVEX, 'The same sample can be evaluated at two points.', NO_RATE],
    iteration:
      'F2SA with $T = 1$ and each of its six gradients estimated by\n\n$$h_k = \\nabla(w_k; s_k) + (1 - \\eta_k)\\,(h_{k-1} - \\nabla(w_{k-1}; s_k)),$$\n\nthe same sample $s_k$ at both points, an estimate of its own for every gradient, so that a change of $\\lambda$ leaves them as they are.',
    updates: {
      lower: 'one step on $g$ and on $f + \\lambda g$, by momentum',
      upper: 'one step along the estimate of the penalty',
    },
    required: 'The methods `z`, `y` and `x`, `lambda` with its `start`, and `eta`.',
    defaults: [],
    cost: [
      {
        of: 'formula',
        where: '',
        parameters: [],
        run: () =>
          counting(
            f3sa({ z: { rule: step }, y: { rule: step }, x: { rule: step }, lambda: { start: 4 }, eta: 0.5 }),
          ),
      },
    ],
    certificate: PENALTY_BIAS,
    failures: [
      WEIGHT,
      'A small $\\eta$ keeps an early estimate for long; without noise all are the gradients whatever it is.',
      'Rules see values of the sample with estimates for gradients: a search may find that these do not fit.',
    ],
    sources: ['kwon2023'],
    clauses: ['draft.f3sa', 'draft.f3sa.notFinite'],
    theorems: ['B20', 'B21'],
  },
  {
    name: 'f2ba',
    title: 'F2BA',
    solves:
      'Minimises $F$ without second derivatives and without noise, by a penalty of one weight. F2SA with a constant weight and two step sizes.',
    assumes: [STRONGLY_CONVEX, 'Evaluations are of all components.', NO_RATE],
    iteration:
      'F2SA with $\\lambda$ constant: $z$ descends $g$ and $y$ descends $f/\\lambda + g$ with the same step, then $x$ moves along $\\nabla_x f(x, y) + \\lambda (\\nabla_x g(x, y) - \\nabla_x g(x, z))$.',
    updates: {
      lower: '$T$ steps on $g$ and on $f/\\lambda + g$',
      upper: 'one step along the gradient of the penalty',
    },
    required: '`steps`, `lambda`, `lowerStep` and `upperStep`.',
    defaults: [],
    cost: [
      {
        of: 'formula',
        where: '',
        parameters: [T],
        run: (at) => counting(f2ba({ steps: at('T'), lambda: 4, lowerStep: 0.01, upperStep: 0.01 })),
      },
    ],
    certificate: PENALTY_BIAS,
    failures: [WEIGHT, 'A constant weight leaves a bias of $O(1/\\lambda)$ for good.'],
    sources: ['chen2025'],
    clauses: ['derived.f2ba', 'method.f2sa'],
    theorems: ['B20', 'B21'],
  },
  {
    name: 'penalty',
    title: 'The penalty method',
    solves:
      'Minimises $\\psi(x) = \\min_y f(x, y)$ over the lower solutions, inside boxes, with proximal terms and averages; the lower level may be degenerate.',
    assumes: [
      'A proximal error bound for $\\sigma f + g$ near its solutions; a strongly convex $g$ has it.',
      'For $\\rho < \\infty$ convexity in $y$ is not needed.',
      NO_RATE,
    ],
    iteration:
      'From $y$ and $z$, $T$ projected steps each: $u$ on $\\sigma f(x, \\cdot) + g(x, \\cdot) + \\|\\cdot - y\\|^2/(2\\rho)$, $w$ on $g(x, \\cdot) + \\|\\cdot - z\\|^2/(2\\rho)$; then\n\n$$y \\leftarrow (1-b)\\,y + b\\,u, \\quad z \\leftarrow (1-b)\\,z + b\\,w, \\quad x \\leftarrow \\Pi_X\\bigl(x - \\alpha\\,(\\sigma \\nabla_x f(x, u) + \\nabla_x g(x, u) - \\nabla_x g(x, w))\\bigr).$$\n\nWith `eta` and $T = 1$ every gradient is estimated by recursive momentum, as in F3SA: the single loop, at twice the cost.',
    updates: {
      lower: '$T$ steps on $g$ and on $\\sigma f + g$, proximal',
      upper: 'one projected step along the gradient of the penalty',
    },
    required: '`inner` with `steps`, `upper`, and `sigma`.',
    defaults: [
      {
        field: 'rho',
        value: 'Number.POSITIVE_INFINITY',
        from: 'Ours: no proximal term, as a strongly convex lower level needs none.',
      },
      { field: 'average', value: '1', from: 'Ours: all the way.' },
    ],
    cost: [
      {
        of: 'formula',
        where: '',
        parameters: [T],
        run: (at) =>
          counting(penalty({ inner: { steps: at('T'), rule: step }, upper: { rule: step }, sigma: 0.25 })),
      },
    ],
    certificate: PENALTY_BIAS,
    failures: [
      'A large $\\sigma$ may leave $\\sigma f + g$ without a minimum and minimises another function; a small one makes steps of $x$ of size $a$ steps $\\sigma a$ on $\\psi_\\sigma$.',
      'From $y = z$ the first difference of lower gradients vanishes.',
    ],
    sources: ['kwon2024'],
    clauses: ['method.penalty', 'method.box'],
    theorems: ['B20', 'B21', 'B28'],
  },
]
