/**
 * What the generators can find: for each a statement that is false in a way that matters, and the share of draws that refute
 * it; beside it the share that `fc.double()` refutes, which draws bit patterns uniformly. A share of 0 is exact: the statement
 * is true of all that the generator draws.
 *
 * Shares are measured on 120,000 draws, in runs of 2,000 as the suite draws them, and rounded to 0.001. By Hoeffding's
 * inequality each is then within 0.01 of the truth except with probability 2 exp(-2 * 120000 * 0.0095^2) < 1e-9. `POWER=120000`
 * in the environment measures them again.
 */
import fc from 'fast-check'
import { ruleKit } from 'steplaw'
import {
  answers,
  dyadic,
  illScaled,
  type KnownProblem,
  oneBinade,
  problemArbitrary,
  raysArbitrary,
  ruleExprArbitrary,
} from 'steplaw/laws'
import type { RayCase, RuleExpr } from 'steplaw/spec'
import { rays } from './powerOfRays.js'
import { type Measured, type Power, rowsOf, same } from './powerRow.js'

export { type Power, WITHIN } from './powerRow.js'

type Three = readonly [number, number, number]

const three = (a: fc.Arbitrary<number>): fc.Arbitrary<Three> => fc.tuple(a, a, a)

const associative = ([a, b, c]: Three): boolean => same(a + b + c, a + (b + c))

const numbers: ReadonlyArray<Measured> = [
  ...rowsOf('dyadic()', three(dyadic()), three(fc.double()), [
    {
      statement: '$(a + b) + c = a + (b + c)$',
      reason: 'true: sums of a few dyadics are exact',
      holds: associative,
      share: 0,
      double: 0.001,
    },
    {
      statement: '$a (b + c) = a b + a c$',
      reason: 'true: so are their products',
      holds: ([a, b, c]) => same(a * (b + c), a * b + a * c),
      share: 0,
      double: 0.039,
    },
    {
      statement: '$c \\max(a, b) = \\max(c a, c b)$',
      reason: 'a factor below zero turns the order round',
      holds: ([a, b, c]) => same(c * Math.max(a, b), Math.max(c * a, c * b)),
      share: 0.5,
      double: 0.437,
    },
  ]),
  ...rowsOf('oneBinade()', three(oneBinade()), three(fc.double()), [
    {
      statement: '$(a + b) + c = a + (b + c)$',
      reason: 'the order of a sum is part of its definition',
      holds: associative,
      share: 0.228,
      double: 0.001,
    },
    {
      statement: '$a (b + c) = a b + a c$',
      reason: 'a formula rewritten is another formula',
      holds: ([a, b, c]) => same(a * (b + c), a * b + a * c),
      share: 0.366,
      double: 0.039,
    },
  ]),
  ...rowsOf('illScaled()', three(illScaled()), three(fc.double()), [
    {
      statement: '$(a + b) - a = b$',
      reason: 'what a greater number swallowed does not come back',
      holds: ([a, b]) => same(a + b - a, b),
      share: 0.518,
      double: 0.483,
    },
  ]),
]

const rules: ReadonlyArray<Measured> = rowsOf<readonly [RuleExpr, ReadonlyArray<RayCase>]>(
  '[ruleExprArbitrary(), raysArbitrary()]',
  fc.tuple(ruleExprArbitrary(), raysArbitrary()),
  null,
  [
    {
      statement: 'a rule answers as it does when its state is thrown away after every ray',
      reason: 'a machine taken for a function',
      holds: ([expr, run]) => {
        const rule = ruleKit.compile(expr)
        const forgetful = answers(ruleKit, rule, run, () => ruleKit.init(rule))
        return answers(ruleKit, rule, run).every(({ step }, i) => step === forgetful[i]?.step)
      },
      share: 0.233,
    },
    {
      statement: 'a rule gives a step on every ray',
      reason: 'failure not thought of',
      holds: ([expr, run]) => answers(ruleKit, ruleKit.compile(expr), run).every(({ step }) => step !== null),
      share: 0.376,
    },
    {
      statement: 'a rule asks for no value along the ray',
      reason: 'a search taken for a formula',
      holds: ([expr, run]) =>
        answers(ruleKit, ruleKit.compile(expr), run).every(({ probed }) => probed.length === 0),
      share: 0.162,
    },
  ],
)

const quadraticForm = (A: ReadonlyArray<ReadonlyArray<number>>, r: ReadonlyArray<number>): number =>
  A.reduce((s, row, i) => s + (r[i] ?? 0) * row.reduce((t, a, j) => t + a * (r[j] ?? 0), 0), 0) / 2

const valueAt = ({ objective: { A, b, k } }: KnownProblem, x: ReadonlyArray<number>): number =>
  A.reduce(
    (s, Ai, i) =>
      s +
      quadraticForm(
        Ai,
        x.map((xj, j) => xj - (b[i]?.[j] ?? 0)),
      ) +
      (k[i] ?? 0),
    0,
  ) / A.length

const gradientAt = ({ objective: { A, b } }: KnownProblem, x: ReadonlyArray<number>): ReadonlyArray<number> =>
  x.map(
    (_, l) =>
      A.reduce(
        (s, Ai, i) => s + (Ai[l] ?? []).reduce((t, a, j) => t + a * ((x[j] ?? 0) - (b[i]?.[j] ?? 0)), 0),
        0,
      ) / A.length,
  )

const problems: ReadonlyArray<Measured> = rowsOf('problemArbitrary()', problemArbitrary(), null, [
  {
    statement: 'a step $1 / L_1$ along $-\\nabla f$ does not raise $f$',
    reason: 'the smoothness of one component taken for that of all',
    holds: (p) => {
      const g = gradientAt(p, p.start)
      const next = p.start.map((x, j) => x - (g[j] ?? 0) / (p.L[0] ?? 1))
      return valueAt(p, next) <= valueAt(p, p.start)
    },
    share: 0.283,
  },
  {
    statement: 'one point minimises every component',
    reason: 'interpolation taken for granted',
    holds: ({ interpolates }) => interpolates,
    share: 0.37,
  },
  {
    statement: 'every component is strongly convex',
    reason: 'a division by $\\mu_i$',
    holds: ({ mu }) => mu.every((m) => m > 0),
    share: 0.486,
  },
  {
    statement: 'the declared bound is the least value: $\\ell_i = \\inf f_i$',
    reason: 'a bound taken for the value that is aimed at',
    holds: ({ objective: { k, lowerBounds } }) => lowerBounds.every((l, i) => l === k[i]),
    share: 0.474,
  },
  {
    statement: '$L_i \\le 100\\,\\mu_i$ where $\\mu_i > 0$',
    reason: 'only what is well conditioned',
    holds: ({ L, mu }) => mu.every((m, i) => m === 0 || (L[i] ?? 0) <= 100 * m),
    share: 0.316,
  },
])

/** The rows with what measures them. */
export const measured: ReadonlyArray<Measured> = [...numbers, ...rays, ...rules, ...problems]

/** The table, as plain data. */
export const power: ReadonlyArray<Power> = measured.map(({ row }) => row)
