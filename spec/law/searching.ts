import fc from 'fast-check'
import { encodeNumber } from '../vocabulary/number.js'
import type { RuleExpr } from '../vocabulary/ruleRows.js'
import { powerOfTwo } from './arbitrary/number.js'
import { rayArbitrary, raysOf } from './arbitrary/ray.js'
import { on } from './draws.js'
import { differ, type Law, open } from './law.js'
import { alone, law } from './meaning.js'
import { gamma, parabola } from './ray.js'

const goldstein = { c: 0.25, cap: 4 }

const searchedBothWays: Law['violation'] = (kit, _a, { a, rays }) => {
  for (const [i, { step }] of alone(kit, a, rays).entries()) {
    const ray = rays[i]
    if (ray === undefined) continue
    if (step === null) return { left: null, right: 'a step: the ray is a parabola' }
    const v = kit.phi(ray, step)
    const error = gamma(4) * (Math.abs(ray.value) + step * Math.abs(ray.slope))
    const long = !(v <= ray.value + goldstein.c * step * ray.slope + error)
    const short = step < goldstein.cap && !(v >= ray.value + (1 - goldstein.c) * step * ray.slope - error)
    if (long || short || step > goldstein.cap)
      return {
        left: { step: encodeNumber(step), value: encodeNumber(v) },
        right: 'a step neither too long nor too short',
      }
  }
  return null
}

const wolfe = { c1: 2 ** -10, c2: 0.25, cap: 16 }

const searchedForLevel: Law['violation'] = (kit, _a, { a, rays }) => {
  for (const [i, { step }] of alone(kit, a, rays).entries()) {
    const ray = rays[i]
    if (ray === undefined || ray.phi?.family !== 'quadratic') continue
    if (step === null) return { left: null, right: 'a step: the ray is a parabola' }
    const { value, slope } = ray
    const bend = step * (ray.phi.curvature ?? 0)
    const least = value + wolfe.c1 * step * slope + gamma(4) * (Math.abs(value) - step * slope)
    const level = -wolfe.c2 * slope + gamma(4) * (bend - slope)
    const long = !(kit.phi(ray, step) <= least) || slope + bend > level
    const short = step < wolfe.cap && slope + bend < -level
    if (long || short || step > wolfe.cap)
      return {
        left: { step: encodeNumber(step), slope: encodeNumber(slope + bend) },
        right: 'a step where the value is lower and the ray nearly level',
      }
  }
  return null
}

/** What the words for searches, safeguards and secants mean. */
export const searchingLaws: ReadonlyArray<Law> = [
  law(
    'spsSafe',
    on(['rays', 'factor'], {
      rays: raysOf(
        fc.oneof(
          parabola(),
          parabola().map((ray) => ({ ...ray, slope: 0 })),
          rayArbitrary(),
        ),
      ),
    }),
    {
      statement:
        '`spsSafe{floor: M}` is `polyak` on the ray whose slope is made as steep as $-M$, where it does not ascend',
      why: 'A safeguard that is added to the squared gradient, instead of replacing it where it is small, shortens every step; one that fails at slope 0 fails where it is needed.',
      mutants: ['spsSafe.adds', 'spsSafe.failsFlat'],
    },
    (kit, _a, { rays, factor }) =>
      differ(
        alone(kit, { rule: 'spsSafe', floor: factor, c: 1, target: 'lowerBound' }, rays),
        alone(
          kit,
          { rule: 'polyak', c: 1, target: 'lowerBound' },
          rays.map((ray) => (ray.slope <= 0 ? { ...ray, slope: Math.min(ray.slope, -factor) } : ray)),
        ).map(({ step }) => step),
      ),
  ),
  law(
    'goldstein',
    on(['a', 'rays'], {
      a: powerOfTwo(-6, 6).map(
        (step): RuleExpr => ({
          rule: 'goldstein',
          start: { rule: 'constant', step },
          c: goldstein.c,
          shrink: 0.5,
          grow: 2,
          budget: 60,
          cap: goldstein.cap,
        }),
      ),
      rays: raysOf(parabola()),
    }),
    {
      hypotheses:
        'parabolas, factors 2 and $\\frac12$, $c = \\frac14$: some trial lies between the two bounds',
      statement:
        "$c\\,\\gamma\\,|\\varphi'(0)| \\le \\varphi(0) - \\varphi(\\gamma) \\le (1-c)\\,\\gamma\\,|\\varphi'(0)|$, where the right side is waived at the cap; it finds such a step",
      why: 'Of a search that can only shorten, a start that is too short is never mended.',
      slack: 'four roundings',
      mutants: ['goldstein.neverGrows', 'goldstein.ignoresCap'],
    },
    searchedBothWays,
  ),
  law(
    'strongWolfe',
    on(['a', 'rays'], {
      a: powerOfTwo(-6, 6).map(
        (step): RuleExpr => ({
          rule: 'strongWolfe',
          start: { rule: 'constant', step },
          ...wolfe,
          grow: 2,
          budget: 60,
        }),
      ),
      rays: raysOf(parabola()),
    }),
    {
      clause: 'draft.strongWolfe',
      hypotheses: 'parabolas, on which bisection ends within the budget',
      statement:
        "$\\varphi(\\gamma) \\le \\varphi(0) + c_1\\,\\gamma\\,\\varphi'(0)$ and $|\\varphi'(\\gamma)| \\le c_2\\,|\\varphi'(0)|$, where a fall is allowed at the cap; it finds such a step",
      why: 'Of a search that looks at the value alone, or at a fall alone, the step may be so short or so long that the next curvature means nothing.',
      slack: 'four roundings',
      mutants: ['strongWolfe.weak', 'strongWolfe.valueAlone'],
    },
    searchedForLevel,
  ),
  law(
    'ponos',
    on(['rays', 'factor'], {
      rays: fc.array(parabola(), { minLength: 2, maxLength: 2 }),
      factor: powerOfTwo(-2, 6),
    }),
    {
      hypotheses: 'the first two rays, a start cut to a power of two: nothing is rounded',
      statement:
        '`ponos` is `armijo` with the slack $\\max(\\bar\\varphi, \\varphi(0)) - \\varphi(0)$, where $\\bar\\varphi$ is the mean of the values so far',
      why: 'The reference of a nonmonotone search must not lie below the present value, or a descent is refused; and not at it, or the search is Armijo’s.',
      mutants: ['ponos.monotone'],
    },
    (kit, _a, { rays, factor }) => {
      const [one, two] = open(rays)
      if (one === undefined || two === undefined) return null
      const search = (slack: number): RuleExpr => ({
        rule: 'armijo',
        start: { rule: 'constant', step: factor },
        c: 0.25,
        shrink: 0.5,
        budget: 30,
        slack,
      })
      const first = alone(kit, search(0), [one])[0]?.step ?? null
      const mean = first === null ? two.value : (one.value + two.value) / 2
      const second = alone(kit, search(Math.max(mean, two.value) - two.value), [two])[0]?.step ?? null
      return differ(
        alone(
          kit,
          {
            rule: 'ponos',
            c: 0.25,
            cp: 1e-300,
            shrink: 0.5,
            memory: 1,
            stepMax: factor,
            stepMin: 2 ** -60,
            target: -1024,
            budget: 30,
            epsilon: 0,
          },
          [one, two],
        ),
        [first, second],
      )
    },
  ),
  law(
    'barzilaiBorwein',
    on(['rays', 'factor'], {
      rays: raysOf(
        fc
          .tuple(
            rayArbitrary(),
            fc.option(
              fc
                .tuple(powerOfTwo(-4, 4), fc.integer({ min: -8, max: 24 }), powerOfTwo(-4, 4))
                .map(([ss, sy, yy]): readonly [number, number, number] => [ss, sy / 8, yy]),
            ),
          )
          .map(([ray, secant]) => ({ ...ray, secant })),
      ),
    }),
    {
      statement:
        '`barzilaiBorwein` is $\\langle s,s\\rangle/\\langle s,y\\rangle$ (long) or $\\langle s,y\\rangle/\\langle y,y\\rangle$ (short), fails without positive curvature, and is `initial` without a secant',
      why: 'The long step is never below the short one. Where the curvature is not positive both point the wrong way or nowhere, and an absolute value does not mend that.',
      mutants: ['barzilaiBorwein.swapped', 'barzilaiBorwein.absolute'],
    },
    (kit, _a, { rays, factor }) => {
      const of = (variant: 'long' | 'short') =>
        differ(
          alone(kit, { rule: 'barzilaiBorwein', variant, initial: factor }, rays),
          rays.map(({ secant = null }) => {
            if (secant === null) return factor
            const [ss, sy, yy] = secant
            return sy > 0 ? (variant === 'long' ? ss / sy : sy / yy) : null
          }),
        )
      return of('long') ?? of('short')
    },
  ),
]
