import fc from 'fast-check'
import type { RayCase } from '../conformance/case.js'
import { encodeNumber } from '../vocabulary/number.js'
import type { RuleExpr } from '../vocabulary/ruleRows.js'
import { rayArbitrary, raysOf } from './arbitrary/ray.js'
import { anyRule, on, remembering } from './draws.js'
import { type Answer, answers, type RuleKit } from './kit.js'
import { differ, type Law, open, unequal } from './law.js'
import { descends, gamma, gap, parabola, searched, uneven } from './ray.js'

type Words = Pick<Law, 'statement' | 'why' | 'mutants'> & Partial<Law>

/** A law of a word of the vocabulary. */
export const law = (
  tag: string,
  drawn: Pick<Law, 'given' | 'varies'>,
  words: Words,
  violation: Law['violation'],
): Law => ({
  id: `meaning.${tag}`,
  of: 'vocabulary',
  clause: `rule.${tag}`,
  source: 'the definition',
  hypotheses: '',
  slack: '',
  ...words,
  ...drawn,
  violation,
})

const stepsOf = (given: ReadonlyArray<Answer>): ReadonlyArray<number | null> => given.map(({ step }) => step)

/** The steps of an expression, each ray as it is: what was executed before is what the ray says, or nothing. */
export const alone = <R>(kit: RuleKit<R>, expr: RuleExpr, rays: ReadonlyArray<RayCase>) =>
  answers(kit, kit.compile(expr), open(rays))

/** A law that says what the steps of an expression are on open rays. */
const are =
  (
    expr: (a: RuleExpr, b: RuleExpr, factor: number) => RuleExpr,
    expected: (
      a: ReadonlyArray<number | null>,
      b: ReadonlyArray<number | null>,
      rays: ReadonlyArray<RayCase>,
      factor: number,
    ) => ReadonlyArray<number | null>,
  ): Law['violation'] =>
  (kit, _a, { a, b, rays, factor }) =>
    differ(
      alone(kit, expr(a, b, factor), rays),
      expected(stepsOf(alone(kit, a, rays)), stepsOf(alone(kit, b, rays)), open(rays), factor),
    )

/** That two expressions give the same outcomes, in a closed loop. */
const same =
  (
    sides: (given: {
      readonly a: RuleExpr
      readonly b: RuleExpr
      readonly c: RuleExpr
    }) => readonly [RuleExpr, RuleExpr],
  ): Law['violation'] =>
  (kit, _a, { a, b, c, rays }) => {
    const [left, right] = sides({ a, b, c })
    return unequal(answers(kit, kit.compile(left), rays), answers(kit, kit.compile(right), rays))
  }

const constant = (step: number): RuleExpr => ({ rule: 'constant', step })

/** Rules whose outcomes vary from ray to ray: steps, zeros and failures. */
const varying = (): Partial<Record<'a', fc.Arbitrary<RuleExpr>>> & {
  readonly rays: fc.Arbitrary<ReadonlyArray<RayCase>>
} => ({
  a: fc.oneof(
    { weight: 2, arbitrary: fc.constant<RuleExpr>({ rule: 'polyak', c: 1, target: 'lowerBound' }) },
    anyRule,
  ),
  rays: fc.oneof(uneven(), raysOf(rayArbitrary())),
})

/** What the words of the vocabulary mean: equations with what is simpler, or closed forms that round nothing. */
export const meaningLaws: ReadonlyArray<Law> = [
  law(
    'never',
    on(['rays']),
    {
      statement: '`never` fails on every ray',
      why: 'It is the bottom of the lattice. The step 0 is not: it stands above failure.',
      mutants: ['never.zero'],
    },
    are(
      () => ({ rule: 'never' }),
      (_a, _b, rays) => rays.map(() => null),
    ),
  ),
  law(
    'constant',
    on(['rays', 'factor']),
    {
      statement: '`constant` gives its step on every ray, uphill and NaN included',
      why: 'A floor or a cap must not depend on the ray, or an envelope would have a hole where it is needed.',
      mutants: ['constant.onlyDownhill'],
    },
    are(
      (_a, _b, factor) => constant(factor),
      (_a, _b, rays, factor) => rays.map(() => factor),
    ),
  ),
  law(
    'power',
    on(['rays', 'factor']),
    {
      hypotheses: '$k + 1$ a power of two, integer exponents: nothing is rounded',
      statement: '`power{s, e}` is $s (k+1)^{-e}$',
      why: 'Schedules are counted from zero here and from one in papers. Off by one, the first step has no cap, or the second is the first.',
      mutants: ['power.fromZero', 'power.ahead'],
    },
    (kit, _a, { rays, factor }) => {
      const doubling = open(rays).map((ray, i) => ({ ...ray, k: 2 ** i - 1 }))
      const at = (exponent: number) =>
        differ(
          answers(kit, kit.compile({ rule: 'power', initial: factor, exponent }), doubling),
          doubling.map((_, i) => factor * 2 ** (-i * exponent)),
        )
      return at(1) ?? at(2) ?? at(-1) ?? at(0)
    },
  ),
  law(
    'polyak',
    on(['rays', 'factor'], { rays: raysOf(searched()) }),
    {
      statement:
        "$c\\,\\gamma\\,|\\varphi'(0)| = \\max(\\varphi(0) - \\ell, 0)$; it fails where the ray does not descend or no $\\ell$ is declared",
      why: 'Of public Polyak steps one has its scaling inverted, one climbs where the bound lies above the value, one takes the loss for the gap.',
      hypotheses:
        "where the quotient overflows the step is infinite; where $c\\,|\\varphi'(0)|$ is subnormal, and has few bits, nothing is said",
      slack: 'four roundings',
      mutants: [
        'polyak.inverted',
        'polyak.absoluteGap',
        'polyak.lossForGap',
        'polyak.padded',
        'polyak.oneRayBehind',
        'polyak.failsAtBound',
      ],
    },
    (kit, _a, { rays, factor: c }) => {
      const given = alone(kit, { rule: 'polyak', c, target: 'lowerBound' }, rays)
      for (const [i, { step }] of given.entries()) {
        const ray = rays[i]
        const above = ray !== undefined && descends(ray) ? gap(ray) : null
        if (ray === undefined || above === null) {
          if (step !== null) return { left: encodeNumber(step), right: null }
          continue
        }
        const most = Math.max(above, 0)
        if (c * -ray.slope < 2 ** -1022) continue
        // A slope near the least double makes the step infinite, as arithmetic has it.
        if (step === Number.POSITIVE_INFINITY && most / (c * -ray.slope) === step) continue
        const moved = step === null ? Number.NaN : c * step * -ray.slope
        const error = gamma(4) * most + 2 ** -1022
        if (moved === most || Math.abs(moved - most) <= error) continue
        return { left: { moved: encodeNumber(moved) }, right: { gap: encodeNumber(most) } }
      }
      return null
    },
  ),
  law(
    'last',
    on(['rays', 'factor']),
    {
      statement:
        '`last{initial, factor}` is `initial` while nothing was executed, then `factor` times what was executed last',
      why: 'What was executed is not always what the rule answered: a cap may have cut it. A rule that remembers its own answer grows beyond the cap.',
      mutants: ['last.ownMemory', 'last.scalesInitial'],
    },
    are(
      (_a, _b, factor) => ({ rule: 'last', initial: factor, factor: 2 }),
      (_a, _b, rays, factor) =>
        rays.map(({ executed = null }) => (executed === null ? factor : 2 * executed)),
    ),
  ),
  law(
    'envelope',
    on(['a', 'b', 'c', 'rays']),
    {
      statement: '`envelope{l, p, u}` is `min[max[l, p], u]`, failures included',
      why: 'Where the bounds cross the upper one wins, and a failed proposal becomes the lower bound. Libraries differ in both.',
      mutants: ['envelope.lowWins', 'envelope.swapped', 'envelope.failurePasses', 'envelope.padded'],
    },
    same(({ a, b, c }) => [
      { rule: 'envelope', lower: a, proposal: b, upper: c },
      { rule: 'min', of: [{ rule: 'max', of: [a, b] }, c] },
    ]),
  ),
  law(
    'orElse',
    on(['a', 'b', 'rays'], { rays: raysOf(fc.oneof(parabola(), rayArbitrary())) }),
    {
      statement: '`orElse` gives the first outcome that is not a failure',
      why: 'The step 0 is not a failure: where a language takes 0 for false, a Polyak step that says “you are there” is passed over.',
      mutants: ['orElse.skipsZero'],
    },
    (kit, _a, { a, b, rays }) => {
      const lift = (x: RuleExpr): RuleExpr => ({
        rule: 'min',
        of: [x, { rule: 'polyak', c: 1, target: 'lowerBound' }],
      })
      return are(
        (x, y) => ({ rule: 'orElse', of: [lift(x), y] }),
        () => {
          const one = stepsOf(alone(kit, lift(a), rays))
          const two = stepsOf(alone(kit, b, rays))
          return one.map((step, i) => step ?? two[i] ?? null)
        },
      )(kit, _a, { a, b, c: a, rays, factor: 1 })
    },
  ),
  law(
    'periodic',
    on(['a', 'rays'], { rays: fc.array(rayArbitrary(), { minLength: 2, maxLength: 6 }) }),
    {
      statement: '`periodic{n, a, b}` is $a$ where $n$ divides $k$, else $b$; both are asked on every ray',
      why: 'The published search that restarts once an epoch tests for remainder 1 and restarts one step late; a rule asleep in its off time has forgotten what it missed.',
      mutants: ['periodic.late', 'periodic.sleeps'],
    },
    (kit, _a, { a, rays }) => {
      const one = stepsOf(alone(kit, a, rays))
      const two = stepsOf(alone(kit, remembering, rays))
      const of = (period: number) =>
        differ(
          alone(kit, { rule: 'periodic', period, first: a, rest: remembering }, rays),
          rays.map((_, k) => (k % period === 0 ? one[k] : two[k]) ?? null),
        ) ??
        differ(
          alone(kit, { rule: 'periodic', period, first: remembering, rest: a }, rays),
          rays.map((_, k) => (k % period === 0 ? two[k] : one[k]) ?? null),
        )
      return of(1) ?? of(2) ?? of(3)
    },
  ),
  law(
    'scale',
    on(['a', 'rays', 'factor']),
    {
      hypotheses: '$s$ a power of two',
      statement: '`scale{s, a}` is $s$ times the step of $a$, and fails where $a$ fails',
      why: 'A learning rate on a Polyak step that comes out as its inverse goes unnoticed at 1, the default.',
      mutants: ['scale.divides'],
    },
    are(
      (of, _b, by) => ({ rule: 'scale', by, of }),
      (a, _b, _rays, s) => a.map((step) => (step === null ? null : s * step)),
    ),
  ),
  law(
    'product',
    on(['a', 'b', 'rays']),
    {
      statement:
        '`product[a, b]` is the product of both steps; it fails if one fails, or if the product is $0 \\cdot \\infty$',
      why: 'A schedule times a rule must not step where the rule refused.',
      mutants: ['product.ignoresFailure', 'product.sums'],
    },
    are(
      (a, b) => ({ rule: 'product', of: [a, b] }),
      (a, b) =>
        a.map((x, i) => {
          const y = b[i] ?? null
          const xy = x === null || y === null ? Number.NaN : x * y
          return Number.isNaN(xy) ? null : xy
        }),
    ),
  ),
  law(
    'runningMin',
    on(['a', 'rays'], varying()),
    {
      statement:
        '`runningMin[a]` is the least positive step of $a$ so far; zeros and failures pass and are not remembered',
      why: 'A zero that is remembered ends the run at the first batch that is solved.',
      mutants: ['runningMin.absorbsZero', 'runningMin.forgets'],
    },
    are(
      (of) => ({ rule: 'runningMin', of }),
      (a) => {
        let least = Number.POSITIVE_INFINITY
        return a.map((step) => {
          if (step === null || step === 0) return step
          least = Math.min(least, step)
          return least
        })
      },
    ),
  ),
  law(
    'runningMax',
    on(['a', 'rays'], varying()),
    {
      statement:
        '`runningMax[a]` is the greatest step of $a$ so far, also where $a$ fails; it fails while there was none',
      why: 'Denominators of adaptive methods never shrink; one that fails with its operand loses what it had gathered.',
      mutants: ['runningMax.failsWithOperand', 'runningMax.forgets'],
    },
    are(
      (of) => ({ rule: 'runningMax', of }),
      (a) => {
        let greatest: number | null = null
        return a.map((step) => {
          if (step !== null) greatest = Math.max(greatest ?? 0, step)
          return greatest
        })
      },
    ),
  ),
]
