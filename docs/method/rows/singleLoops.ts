/** Methods whose three variables move together, or nearly so. */
import { amigo, noDraw, partition, saba, soba } from 'steplaw/bilevel'
import { counting } from '../measure.js'
import type { MethodRow } from '../row.js'
import { NO_BOUND, NO_RATE, STRONGLY_CONVEX, step, T } from './shared.js'

const single = { lower: { rule: step }, upper: { rule: step } }

const blocks = { lower: partition(2), upper: partition(2) }

const CARRIED = NO_BOUND(
  'The records have $\\|\\nabla_y g\\|$ and $\\|H v - \\nabla_y f\\|$, from which `errorBound` makes a bound where both are on all components; on batches nothing is certain.',
)

const BEHIND =
  'Steps of $x$ that are large beside those of $y$ and $v$ leave both behind, and $x$ moves along something else than $\\nabla F$.'

export const singleLoops: ReadonlyArray<MethodRow> = [
  {
    name: 'soba',
    title: 'SOBA',
    solves: 'Minimises $F$ in a single loop: $y$, $v$ and $x$ move at once, each by one step.',
    assumes: [
      STRONGLY_CONVEX,
      '$v$ descends a convex quadratic, so that $H$ must be positive definite where the run goes.',
      NO_RATE,
    ],
    iteration:
      "With the old $x$, $y$, $v$ on the right of all three,\n\n$$y^+ = y - \\alpha \\nabla_y g_T, \\qquad v^+ = v - \\alpha' (H_C v - \\nabla_y f_S), \\qquad x^+ = x - \\beta (\\nabla_x f_S - J_C v).$$\n\nAll stand still only where $y = y^*(x)$, $H v = \\nabla_y f$ and $\\nabla F(x) = 0$.",
    updates: {
      lower: 'one step of $y$, one of $v$',
      upper: 'one step along $\\nabla_x f - J v$, at the old point',
    },
    required:
      '`lower` and `upper`, each with a rule; `linear`, how $v$ moves, is as `lower` unless it is given.',
    defaults: [],
    cost: [{ of: 'formula', where: '', parameters: [], run: () => counting(soba(single)) }],
    certificate: CARRIED,
    failures: [
      BEHIND,
      'Steps of $v$ longer than $2/L$ diverge where $y$ does not: both need $L$.',
      'On batches with constant steps it stays in a neighbourhood; steps have to shrink.',
    ],
    sources: ['dagreou2022'],
    clauses: ['method.soba', 'method.schedule', 'draft.boxes'],
    theorems: ['B25'],
  },
  {
    name: 'saba',
    title: 'SABA',
    solves:
      'Minimises a finite sum as SOBA does, with a memory of every component, so that steps may stay constant.',
    assumes: [
      STRONGLY_CONVEX,
      'Both levels are finite sums, and what is drawn are blocks of a partition.',
      NO_RATE,
    ],
    iteration:
      'SOBA with each of $\\nabla_y g$, $H v$, $J v$, $\\nabla_y f$, $\\nabla_x f$ estimated on the block $i$ drawn as\n\n$$q_i - m_i + \\bar m,$$\n\nwhere $m_i$ is what it was when the block was last drawn and $\\bar m$ the mean of all that is remembered. Memory: $1 + 2m + n$ numbers a block of the lower level, $1 + m + n$ of the upper.',
    updates: {
      lower: 'one step of $y$, one of $v$, by SAGA',
      upper: 'one step along $\\nabla_x f - J v$, by SAGA',
    },
    required: '`lower`, `upper`, and the `partition` of both levels.',
    defaults: [],
    cost: [
      {
        of: 'formula',
        where: 'two blocks a level',
        parameters: [],
        run: () =>
          counting(saba({ ...single, partition: blocks }), (k) => ({
            ...noDraw,
            lower: () => Int32Array.of(k % 2),
            upper: Int32Array.of(k % 2),
          })),
      },
    ],
    certificate: CARRIED,
    failures: [
      'A draw that is not a block of the partition is refused.',
      'The memory grows with the number of blocks: for many components they have to be large.',
      'Bounds of components are not bounds of the estimates, and rules that need one see none.',
      BEHIND,
    ],
    sources: ['dagreou2022', 'defazio2014'],
    clauses: ['draft.saba', 'draft.saba.notFinite'],
    theorems: [],
  },
  {
    name: 'amigo',
    title: 'AmIGO',
    solves: 'Minimises $F$ with a few warm steps on both inner problems for each step of $x$.',
    assumes: [STRONGLY_CONVEX, 'Warm starts: $y^*(x)$ and $v$ move little between iterations.', NO_RATE],
    iteration:
      "$T$ steps of $y$, then $V$ of $v$ at the new $y$, both from where they were, then one of $x$:\n\n$$y \\leftarrow y - \\alpha \\nabla_y g_{T_t}, \\qquad v \\leftarrow v - \\alpha' (H_q v - \\nabla_y f_S), \\qquad x \\leftarrow x - \\beta (\\nabla_x f_S - J_C v).$$",
    updates: { lower: '$T$ steps of $y$, then $V$ of $v$', upper: 'one step along $\\nabla_x f - J v$' },
    required:
      '`lower` with `steps`, and `upper`; `linear`, how $v$ moves and for how long, is as `lower` unless it is given.',
    defaults: [],
    cost: [
      {
        of: 'formula',
        where: '',
        parameters: [T, { symbol: 'V', says: 'the number of steps of $v$' }],
        run: (at) =>
          counting(
            amigo({
              lower: { steps: at('T'), rule: step },
              linear: { steps: at('V'), rule: step },
              upper: { rule: step },
            }),
          ),
      },
    ],
    certificate: CARRIED,
    failures: [
      'Steps of $v$ longer than $2/L$ diverge where $y$ does not.',
      'Too few steps on a badly conditioned lower level leave a bias as a truncated series does.',
    ],
    sources: ['arbel2022'],
    clauses: ['draft.amigo'],
    theorems: ['B25'],
  },
]
