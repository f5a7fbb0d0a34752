/** How well the linear system behind a hypergradient is solved, beside what is proven of it. */
import type { Curve, Curves } from './neumann/curve.js'
import { onDigits } from './neumann/digits.js'
import { onQuadratic } from './neumann/quadratics.js'
import { type Line, lineFigure, type Panel } from './study/lines.js'
import type { Study } from './study/study.js'
import type { Table } from './study/table.js'

const kappas = [2, 10, 100]

const quadratic = (kappa: number): string => `quadratic, κ = ${kappa}`
const digits = 'digits'

const line = (name: string, { at }: Curve, y: ReadonlyArray<number>): Line => ({
  name,
  points: at.map((x, i) => ({ x, y: y[i] ?? Number.NaN })),
})

const empty: Curve = { at: [], error: [] }

/** The lines of a panel: what was measured, and what is proven of it under a name of its own. */
const panel = (
  heading: string,
  curves: Curves,
  names: ReadonlyArray<readonly [curve: string, error: string, bound?: string]>,
): Panel => ({
  heading,
  lines: names.flatMap(([key, name, bound]) => {
    const found = curves[key] ?? empty
    return [
      line(name, found, found.error),
      ...(bound === undefined || found.bound === undefined ? [] : [line(bound, found, found.bound)]),
    ]
  }),
})

const median = (values: ReadonlyArray<number>): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** Where a bound is tightest, and how tight it is in the middle. */
const tightness = (
  problem: string,
  what: string,
  bound: string,
  { at, error, bound: bounds = [] }: Curve,
) => {
  const ratios = error.map((e, i) => e / (bounds[i] ?? Number.NaN))
  const most = ratios.reduce((best, r, i) => (r > (ratios[best] ?? 0) ? i : best), 0)
  return [
    problem,
    what,
    bound,
    Number(ratios[most]?.toFixed(3)),
    at[most] ?? 0,
    Number(median(ratios).toPrecision(2)),
  ]
}

const tightest = (result: (cell: string) => Curves): Table => ({
  caption:
    'Measured error over proven bound, over all N that the figures show: the largest, where it is found, and the median. 1 means that the bound is attained, as that of the series is, for every N, when b is the eigenvector of the smallest eigenvalue.',
  head: ['problem', 'estimator', 'bound', 'tightest', 'at', 'median'],
  rows: [
    ...kappas.flatMap((kappa) => {
      const { neumann, slowest, cg, unrolled, implicit } = result(quadratic(kappa))
      const on = `κ = ${kappa}`
      return [
        tightness(on, 'Neumann, b drawn', '(1 − aμ)ᴺ ‖b‖/μ', neumann ?? empty),
        tightness(on, 'Neumann, b slowest', '(1 − aμ)ᴺ ‖b‖/μ', slowest ?? empty),
        tightness(on, 'CG', '2 √κ ρᵏ ‖v‖', cg ?? empty),
        tightness(on, 'unrolled', '(1 − aμ)ᴰ ‖J‖ (‖y₀ − y*‖ + ‖b‖)/μ', unrolled ?? empty),
        tightness(on, 'CG to the end at y_D', 'certificate', implicit ?? empty),
      ]
    }),
    ...(() => {
      const { neumann, cg, implicit } = result(digits)
      return [
        tightness('digits', 'Neumann at y*', 'certificate', neumann ?? empty),
        tightness('digits', 'CG at y*', 'certificate', cg ?? empty),
        tightness('digits', 'CG to the end at y_D', 'certificate', implicit ?? empty),
      ]
    })(),
  ],
})

const at = ({ at: counts, error }: Curve, n: number): number => error[counts.indexOf(n)] ?? Number.NaN
const largest = ({ error }: Curve): string => Math.max(...error).toExponential(1)

const exact = (result: (cell: string) => Curves): Table => ({
  caption:
    'What is equal in exact arithmetic, as a relative distance in doubles, the largest over N = 1, 2, 5, 10, 20, 50: the gradient through N steps and the series of N terms at y_N; the mean of the randomised series over its N depths and the series itself. On the right the price of the randomisation: the root mean square distance of one draw from its mean, relative to that mean.',
  head: ['problem', 'unrolled = Neumann', 'mean = series', 'one draw, N = 5', 'N = 10', 'N = 50'],
  rows: kappas.map((kappa) => {
    const { unrolling = empty, mean = empty, spread = empty } = result(quadratic(kappa))
    return [
      `κ = ${kappa}`,
      largest(unrolling),
      largest(mean),
      ...[5, 10, 50].map((n) => Number(at(spread, n).toPrecision(3))),
    ]
  }),
})

const study: Study<Curves> = {
  title: 'The Neumann series and its neighbours, measured and proven',
  description: [
    'An implicit hypergradient needs v = H⁻¹b, with H the Hessian of the lower problem and b = ∇_y f. The Neumann series v_N = a Σ_{q<N} (I − aH)^q b wants nothing but products with H. Its error is −(I − aH)ᴺ H⁻¹b exactly; so for μI ⪯ H ⪯ LI and a ≤ 1/L it is at most (1 − aμ)ᴺ ‖b‖/μ, here with a = 1/L. Conjugate gradients from 0 come within 2√κ ρᵏ ‖v‖, where ρ = (√κ − 1)/(√κ + 1) and κ = L/μ.',
    'Going back through D steps of gradient descent is a Neumann series in disguise: where g is quadratic in y it equals the series of D terms at y_D. From y₀ = 0 it is therefore within (1 − aμ)ᴰ ‖J‖ (‖y*‖ + ‖b‖)/μ of ∇F, for an f with ∇²f = I in y that is separate in x. The randomised series takes one depth p, uniform on 0, …, N − 1, and returns N a (I − aH)ᵖ b: its mean is v_N exactly, for half the products on average, and its variance is considerable.',
    'The quadratics have 100 lower and 10 upper variables, H a dense matrix with eigenvalues equally spaced from 1/κ to 1, and drawn data. The real problem is hyper-cleaning: 100 threes and eights with a fifth of their labels wrong, weighed by drawn x, and 100 right ones to judge them by, each image of length 1, λ = 0.05, which makes κ = 11. There H depends on y, and the bound is the certificate that every estimate of the library can carry: from the two residuals ‖∇_y g‖ and ‖Hv − b‖ and constants of the problem that are known beforehand, without any knowledge of ∇F.',
    'No measured line is above its bound. Errors are relative to what is sought; lines end where rounding begins.',
  ],
  edition: 1,
  cells: [
    ...kappas.map((kappa) => ({ name: quadratic(kappa), compute: () => onQuadratic(kappa) })),
    { name: digits, compute: onDigits },
  ],
  findings: (result) => ({
    figures: [
      lineFigure({
        panels: kappas.map((kappa) =>
          panel(`κ = ${kappa}`, result(quadratic(kappa)), [
            ['neumann', 'Neumann', 'bound, Neumann'],
            ['cg', 'CG', 'bound, CG'],
          ]),
        ),
        x: { label: 'terms or iterations', type: 'linear' },
        y: { label: '‖v − H⁻¹b‖ / ‖H⁻¹b‖', type: 'log', domain: [1e-13, 30] },
        caption:
          'The linear system. The series loses a share 1/κ of its error a term in the long run, conjugate gradients about 2/√κ an iteration, and for κ = 100 more and more as they find the ends of the spectrum. Until then the bounds have the right slopes.',
      }),
      lineFigure({
        panels: kappas.map((kappa) =>
          panel(`κ = ${kappa}`, result(quadratic(kappa)), [
            ['unrolled', 'unrolled', 'bound, unrolled'],
            ['implicit', 'CG at y_D', 'certificate'],
          ]),
        ),
        x: { label: 'inner steps D', type: 'linear' },
        y: { label: '‖z − ∇F‖ / ‖∇F‖', type: 'log', domain: [1e-9, 3000] },
        caption:
          'The hypergradient after D inner steps from y₀ = 0: through the steps, and by conjugate gradients to the end at y_D, where only the error of y_D is left. The certificate of the latter knows ‖∇_y g(x, y_D)‖ and μ; the bound of the former knows ‖y*‖.',
      }),
      lineFigure({
        panels: [
          panel('y = y*: the linear system', result(digits), [
            ['neumann', 'Neumann', 'certificate, N.'],
            ['cg', 'CG', 'certificate, CG'],
          ]),
          panel('y_D: the lower problem', result(digits), [
            ['implicit', 'CG at y_D', 'certificate, y_D'],
            ['unrolled', 'unrolled'],
          ]),
        ],
        x: { label: 'terms, iterations or inner steps', type: 'linear' },
        y: { label: '‖z − ∇F‖ / ‖∇F‖', type: 'log', domain: [1e-13, 300] },
        caption:
          'Hyper-cleaning of 100 digits. On the left y is solved and the linear system is cut short; on the right the other way round. What the right certificate loses, it loses to worst cases of third derivatives; unrolling has no certificate where g is not quadratic in y. Four hundred steps and a solved system stand for ∇F itself; by its own certificate it is right to thirteen digits.',
      }),
    ],
    tables: [tightest(result), exact(result)],
  }),
}

export default study
