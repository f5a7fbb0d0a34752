/** Methods that solve the lower level to a tolerance. */
import { constant } from 'steplaw'
import { hoag, maid, maidConstants } from 'steplaw/bilevel'
import { bench, counting } from '../measure.js'
import type { MethodRow } from '../row.js'
import { LIPSCHITZ, STRONGLY_CONVEX } from './shared.js'

export const toTolerance: ReadonlyArray<MethodRow> = [
  {
    name: 'maid',
    title: 'MAID',
    solves:
      'Minimises $F$ by steps of which every one is proved to descend, with lower solves only as accurate as the proof needs.',
    assumes: [
      STRONGLY_CONVEX,
      LIPSCHITZ,
      'The constants of the problem are known: $\\mu$, $L$, $\\|J\\|$ and the Lipschitz constants that the bound needs. `maidConstants` takes them from a problem and names what it does not declare; where they depend on $x$ they are given as a function of it.',
      'Evaluations are of all components: no draw is read.',
    ],
    iteration:
      '$y$ is solved to $\\|\\nabla_y g\\| \\le \\varepsilon\\mu$, $v$ to $\\|H v - \\nabla_y f\\| \\le \\delta$, and both are refined until the bound $\\omega$ on the error of $z = \\nabla_x f - J v$ is at most $(1 - \\eta)\\|z\\|$. The step $a$ is the largest of $\\alpha, \\rho\\alpha, \\rho^2\\alpha, \\dots$ with\n\n$$U(x - a z) + \\lambda a \\|z\\|^2 \\le \\ell(x),$$\n\n$U$ and $\\ell$ upper and lower bounds of $F$ from inexact $y$. Where no trial is accepted the accuracies are refined and one more is tried.',
    updates: {
      lower: 'steps of $2 / (L + \\mu)$, or of `inner`, until $\\|\\nabla_y g\\| \\le \\varepsilon\\mu$',
      upper: 'a certified search along $\\nabla_x f - J v$',
    },
    required: '`constants`, and the first `epsilon`, `delta` and `alpha`.',
    defaults: [
      {
        field: 'eta',
        value: '0.5',
        from: 'A third-party implementation; the first code has 1e-4, which lets the direction be almost arbitrary.',
      },
      { field: 'decrease', value: '0.25', from: 'Ours, half of `eta`.' },
      { field: 'shrink', value: '0.5', from: "The authors' quadratic experiments." },
      { field: 'grow', value: '10 / 9', from: "The authors' code." },
      { field: 'refine', value: '0.5', from: "The authors' code." },
      { field: 'relax', value: '1.25', from: "The authors' quadratic experiments." },
      { field: 'backtracks', value: '10', from: "The authors' code." },
      { field: 'rounds', value: '20', from: 'Ours: more than any problem of the tests needs.' },
      { field: 'refinements', value: '100', from: 'Ours: the same.' },
      { field: 'lowerBudget', value: '10000', from: 'Ours: the same.' },
      { field: 'upperConvex', value: 'false', from: 'What holds of every problem.' },
      { field: 'tolerance', value: '0', from: 'It stops by itself where it is told what is small.' },
    ],
    cost: [
      {
        of: 'run',
        where: 'from accuracies 0.1 and the step 0.1',
        iterations: 10,
        run: counting(
          maid({
            constants: maidConstants(bench.facts),
            epsilon: 0.1,
            delta: 0.1,
            alpha: 0.1,
            upperConvex: true,
          }),
        ),
      },
    ],
    certificate: {
      has: 'a proven bound',
      says: 'It lives by it: $\\|z - \\nabla F\\| \\le \\omega \\le (1 - \\eta)\\|z\\|$ at every step, so that $\\langle z, \\nabla F\\rangle \\ge \\eta \\|z\\|^2$, and every accepted step is proved to lower $F$. The records have $\\omega$.',
    },
    failures: [
      'Ends `exhausted` where a solve misses its tolerance within its budget, or refinements or rounds run out; such a point is not accepted, and the record says what was missed.',
      'An overestimated $\\mu$ voids every bound without a sign; an underestimate is safe, and slow.',
      'At a stationary point no accuracy will do: without a `tolerance` it refines until it is exhausted.',
    ],
    sources: ['salehi2025'],
    clauses: ['method.maid', 'method.maid.stop', 'method.maid.exhausted'],
    theorems: ['B3', 'B7', 'B9', 'B22', 'B23'],
  },
  {
    name: 'hoag',
    title: 'HOAG',
    solves:
      'Minimises $F$, made for hyperparameters: both solves to tolerances that fall by a schedule, whatever happens.',
    assumes: [
      STRONGLY_CONVEX,
      LIPSCHITZ,
      'Tolerances of a finite sum, for steps $1/L_F$ to converge.',
      'Evaluations are of all components: no draw is read.',
    ],
    iteration:
      "$y$ takes steps until $\\|\\nabla_y g\\| \\le e_k$, $v$ comes from conjugate gradients until $\\|H v - \\nabla_y f\\| \\le e_k$, both from where they were, and\n\n$$x \\leftarrow \\Pi_X(x - \\tfrac1L (\\nabla_x f - J v)), \\qquad e_k = \\epsilon r^k,\\ \\frac{\\epsilon}{(k+1)^2} \\text{ or } \\frac{\\epsilon}{(k+1)^3}.$$\n\n$x$ moves by any rule, or by the method's own step: $L \\leftarrow 0.95 L$ after a step that gained enough, and where $f$ rose by a fifth $L \\leftarrow 2L$, the step is taken back and the tolerances are halved.",
    updates: {
      lower: 'steps until $\\|\\nabla_y g\\| \\le e_k$',
      upper: 'a step $1/L$, or any rule, along $\\nabla_x f - J v$',
    },
    required: '`epsilon`, `inner` with its `budget`, and `upper`.',
    defaults: [
      { field: 'tolerances', value: "'exponential'", from: "The authors' code." },
      { field: 'ratio', value: '0.9', from: "The authors' code." },
      { field: 'cgBudget', value: '1000', from: 'Ours: conjugate gradients end long before.' },
    ],
    cost: [
      {
        of: 'run',
        where: 'tolerances $0.1 \\cdot 0.9^k$, a constant step',
        iterations: 10,
        run: counting(
          hoag({
            epsilon: 0.1,
            inner: { rule: constant(0.4), budget: 1000 },
            upper: { rule: constant(0.01) },
          }),
        ),
      },
      {
        of: 'run',
        where: 'the same with the step that adapts itself',
        iterations: 10,
        run: counting(
          hoag({ epsilon: 0.1, inner: { rule: constant(0.4), budget: 1000 }, upper: { adaptive: {} } }),
        ),
      },
    ],
    certificate: {
      has: 'residuals',
      says: 'Both residuals are in the records, at most $e_k$ by construction; `errorBound` makes a proven bound of them where the constants are known. The method does nothing with it: the tolerances fall whether that is needed or not.',
    },
    failures: [
      'Ends `exhausted` where the budget does not come to the tolerance, or $H$ is not positive definite; $x$ stays then.',
      'Tolerances that fall too slowly leave the direction wrong, too fast waste work: the schedule knows nothing of the problem.',
      'The step that adapts itself takes a step back only after it was made and $f$ rose by a fifth.',
    ],
    sources: ['pedregosa2016'],
    clauses: ['method.hoag', 'method.hoag.budget', 'method.box', 'draft.hoag.adaptive'],
    theorems: ['B3', 'B7', 'B9', 'B24', 'B27'],
  },
]
