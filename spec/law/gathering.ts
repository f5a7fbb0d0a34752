import fc from 'fast-check'
import type { RayCase } from '../conformance/case.js'
import type { RuleExpr } from '../vocabulary/ruleRows.js'
import { powerOfTwo } from './arbitrary/number.js'
import { on } from './draws.js'
import { differ, type Law } from './law.js'
import { alone, law } from './meaning.js'

const fourTo = (exponent: number): number => 2 ** (2 * exponent)

/**
 * Rays whose amounts, the `gg`, add up to powers of four, so that no root rounds; the ways travelled and the alignments are
 * powers of two.
 */
const roots = (): fc.Arbitrary<ReadonlyArray<RayCase>> =>
  fc
    .tuple(
      fc.integer({ min: -2, max: 3 }),
      fc.array(
        fc.record({
          up: fc.integer({ min: 1, max: 2 }),
          travelled: powerOfTwo(-3, 4),
          alignment: powerOfTwo(-3, 4),
        }),
        {
          minLength: 2,
          maxLength: 5,
        },
      ),
    )
    .map(([first, steps]) => {
      let sum = 0
      let exponent = first
      return steps.map(({ up, travelled, alignment }) => {
        exponent += up
        const gg = fourTo(exponent) - sum
        sum += gg
        return { value: 1, slope: -1, gg, travelled, alignment }
      })
    })

const on4 = (varies: ReadonlyArray<'rays' | 'factor'>) => on(varies, { rays: roots() })

const amount = ({ gg = 0 }: RayCase): number => gg

/** The sums of amounts up to each ray, itself included. */
const sums = (rays: ReadonlyArray<RayCase>): ReadonlyArray<number> => {
  let sum = 0
  return rays.map((ray) => {
    sum += amount(ray)
    return sum
  })
}

/** The greatest way up to each ray, from `least`. */
const ways = (rays: ReadonlyArray<RayCase>, least: number): ReadonlyArray<number> => {
  let r = least
  return rays.map(({ travelled = 0 }) => {
    r = Math.max(r, travelled)
    return r
  })
}

const at = (xs: ReadonlyArray<number>, i: number): number => xs[i] ?? Number.NaN

/** The least so far. */
const least = (xs: ReadonlyArray<number>): ReadonlyArray<number> => {
  let m = Number.POSITIVE_INFINITY
  return xs.map((x) => {
    m = Math.min(m, x)
    return m
  })
}

/** What the words for accumulating rules mean. Sums are made such that no root rounds. */
export const gatheringLaws: ReadonlyArray<Law> = [
  law(
    'adagradNorm',
    on4(['rays', 'factor']),
    {
      hypotheses: 'sums that are powers of four',
      statement:
        '`adagradNorm{alpha, beta}` is $\\alpha / \\sqrt{\\beta + G}$ with $G$ the sum over the earlier rays; with `includeCurrent`, over all of them',
      why: 'With the current gradient in the sum the step depends on the sample it is used on, and the expected step may point uphill.',
      mutants: ['adagradNorm.includesCurrent', 'adagradNorm.forgets'],
    },
    (kit, _a, { rays: [first, ...rest], factor }) => {
      if (first === undefined) return null
      const beta = amount(first)
      const all = sums([first, ...rest])
      const of = (includeCurrent: boolean) =>
        differ(
          alone(kit, { rule: 'adagradNorm', alpha: factor, beta, exponent: 0.5, includeCurrent }, rest),
          rest.map((_, i) => factor / Math.sqrt(at(all, includeCurrent ? i + 1 : i))),
        )
      return of(false) ?? of(true)
    },
  ),
  law(
    'adaSps',
    on4(['rays', 'factor']),
    {
      hypotheses: 'gaps whose sums are powers of four',
      statement:
        "`adaSps` is the least so far of $h_k / (c\\,|\\varphi_k'(0)| \\sqrt{h_0 + \\dots + h_k})$ with $c = 1/\\sqrt{h_0}$ and $h$ the gap",
      why: 'Without the minimum the step grows where a batch is flat; with the loss for the gap it shrinks with a constant that means nothing.',
      mutants: ['adaSps.grows', 'adaSps.lossForGap'],
    },
    (kit, _a, { rays, factor }) => {
      const all = sums(rays)
      const shown = rays.map(({ travelled = 1, alignment = 1, gg = 1 }) => ({
        value: alignment + gg,
        slope: -travelled * factor,
        lowerBound: alignment,
      }))
      const ratios = rays.map(
        (ray, i) =>
          amount(ray) / ((1 / Math.sqrt(at(all, 0))) * -(shown[i]?.slope ?? 0) * Math.sqrt(at(all, i))),
      )
      return differ(alone(kit, { rule: 'adaSps', scale: 1, target: 'lowerBound' }, shown), least(ratios))
    },
  ),
  law(
    'adaSls',
    on4(['rays', 'factor']),
    {
      hypotheses: "decreases $w_k = s_k |\\varphi_k'(0)|$ whose sums are powers of four",
      statement:
        '`adaSls` is the least so far of $s_k / (c \\sqrt{w_0 + \\dots + w_k})$ with $c = 1/\\sqrt{w_0}$ and $s$ the outcome of its search',
      why: 'A sum that forgets leaves the searched step as it was, which need not converge without interpolation.',
      mutants: ['adaSls.forgets'],
    },
    (kit, _a, { rays, factor }) => {
      const all = sums(rays)
      const search: RuleExpr = { rule: 'constant', step: factor }
      return differ(
        alone(
          kit,
          { rule: 'adaSls', search, scale: 1 },
          rays.map((ray) => ({ value: 1, slope: -amount(ray) / factor })),
        ),
        least(rays.map((_, i) => factor / ((1 / Math.sqrt(at(all, 0))) * Math.sqrt(at(all, i))))),
      )
    },
  ),
  law(
    'dog',
    on4(['rays', 'factor']),
    {
      hypotheses: 'sums that are powers of four',
      statement:
        '`dog{repsilon}` is the greatest of $r_\\epsilon$ and the ways travelled so far, over the root of the sum of squared gradients',
      why: 'A distance that may shrink is no bound of how far the solution lies, and a sum without the current gradient has no first step.',
      mutants: ['dog.forgetsWay', 'dog.excludesCurrent'],
    },
    (kit, _a, { rays, factor }) => {
      const r = ways(rays, factor)
      const all = sums(rays)
      return differ(
        alone(kit, { rule: 'dog', repsilon: factor, epsilon: 0 }, rays),
        rays.map((_, i) => at(r, i) / Math.sqrt(at(all, i))),
      )
    },
  ),
  law(
    'dowg',
    on4(['rays', 'factor']),
    {
      hypotheses: 'weighted sums that are powers of four',
      statement:
        '`dowg{repsilon}` is $r_k^2 / \\sqrt{\\sum_{j \\le k} r_j^2 \\|g_j\\|^2}$ with $r$ as in `dog`',
      why: 'Every gradient keeps the weight of its own time. Weighted by the present distance it is `dog` again.',
      mutants: ['dowg.isDog'],
    },
    (kit, _a, { rays, factor }) => {
      const r = ways(rays, factor)
      const all = sums(rays)
      const weighted = rays.map((ray, i) => ({ ...ray, gg: amount(ray) / (at(r, i) * at(r, i)) }))
      return differ(
        alone(kit, { rule: 'dowg', repsilon: factor }, weighted),
        rays.map((_, i) => (at(r, i) * at(r, i)) / Math.sqrt(at(all, i))),
      )
    },
  ),
  law(
    'prodigy',
    on4(['rays', 'factor']),
    {
      hypotheses: 'gradients for which every root is of a power of four',
      statement:
        '`prodigy{d0}` is $d_k^2 / \\sqrt{d_k^2 \\|g_0\\|^2 + \\sum_{j \\le k} d_j^2 \\|g_j\\|^2}$, where $d_k$ is the greatest of $d_0$ and of $\\sum_{j<i} \\gamma_j \\langle g_j, x_0 - x_j \\rangle / \\|x_i - x_0\\|$, $i \\le k$',
      why: 'The estimate is a lower bound of the distance to a solution, so that the greatest is the best. One that follows the last is worse, one that never moves is a guess.',
      mutants: ['prodigy.staysAtStart'],
    },
    (kit, _a, { rays, factor }) => {
      let [d, first, den, num] = [factor, 0, 0, 0]
      const shown: Array<RayCase> = []
      const steps = rays.map(({ travelled = 1, alignment = 1 }, k) => {
        if (k > 0) d = Math.max(d, num / travelled)
        const square = d * d
        // The least power of four that leaves room for a gradient.
        const before = k === 0 ? 0 : square * first + den
        let power = fourTo(-20)
        while (power <= before || power < square) power *= 4
        const gg = k === 0 ? power / 2 / square : (power - before) / square
        if (k === 0) first = gg
        den += square * gg
        const eta = square / Math.sqrt(power)
        shown.push({ value: 1, slope: -1, gg, travelled, alignment: (alignment - num) / eta })
        num = alignment
        return eta
      })
      return differ(alone(kit, { rule: 'prodigy', d0: factor }, shown), steps)
    },
  ),
  law(
    'dAdaptationSgd',
    on4(['rays', 'factor']),
    {
      clause: 'draft.dAdaptationSgd',
      hypotheses: 'a first gradient whose norm is a power of two',
      statement:
        '`dAdaptationSgd{d0}` is $d_k / \\|g_0\\|$, where $d_k$ is the greatest of $d_0$ and of $\\sum_{j<i} \\gamma_j \\langle g_j, x_0 - x_j \\rangle / \\|x_i - x_0\\|$, $i \\le k$',
      why: 'Convexity bounds that quotient by the distance to a solution, and no multiple of it: with twice the estimate, as in widely used code, the step may be twice too long.',
      mutants: ['dAdaptationSgd.doubles', 'dAdaptationSgd.follows'],
    },
    (kit, _a, { rays, factor }) => {
      let [d, num] = [factor, 0]
      const root = Math.sqrt(amount(rays[0] ?? { value: 1, slope: -1 }))
      const shown: Array<RayCase> = []
      const steps = rays.map(({ travelled = 1, alignment = 1, gg = 1 }) => {
        d = Math.max(d, num / travelled)
        const eta = d / root
        shown.push({ value: 1, slope: -1, gg, travelled, alignment: (alignment - num) / eta })
        num = alignment
        return eta
      })
      return differ(alone(kit, { rule: 'dAdaptationSgd', d0: factor, step: 1 }, shown), steps)
    },
  ),
]
