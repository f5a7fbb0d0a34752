import fc from 'fast-check'
import type { RayCase } from '../../conformance/case.js'
import { encodeNumber } from '../../vocabulary/number.js'
import type { RuleExpr } from '../../vocabulary/ruleRows.js'
import { rayArbitrary, raysOf } from '../arbitrary/ray.js'
import { ruleExprArbitrary } from '../arbitrary/ruleExpr.js'
import type { ClaimFields } from '../claimRows.js'
import { anyRule, on } from '../draws.js'
import { answers } from '../kit.js'
import { differ, type Law, open } from '../law.js'
import { descends, gap, lowerBound, parabola, uneven } from '../ray.js'

const polyak: RuleExpr = { rule: 'polyak', c: 1, target: 'lowerBound' }

/** A step of the past alone: the current gradient is not in the sum. */
const adagradNorm: RuleExpr = {
  rule: 'adagradNorm',
  alpha: 1,
  beta: 1,
  exponent: 0.5,
  includeCurrent: false,
}

const exact = { clause: 'rule', hypotheses: '', slack: '' } as const

/** Every step lies between two numbers. */
export const boundedLaws = ({ low, high }: ClaimFields<'bounded'>): ReadonlyArray<Law> => [
  {
    id: 'bounded',
    of: 'bounded',
    ...exact,
    statement: 'Every step lies in $[\\mathrm{low}, \\mathrm{high}]$',
    why: 'The bounds of an envelope are what its theorems use. Bounds given in the wrong order, or a small number added after the clamp, break them silently.',
    source: 'the definition of an envelope',
    ...on(['a', 'rays'], {
      a: anyRule.map((proposal) => ({
        rule: 'envelope',
        lower: { rule: 'constant', step: low },
        proposal,
        upper: { rule: 'constant', step: high },
      })),
    }),
    violation: (kit, a, { rays }) => {
      const outside = answers(kit, a, rays).find(
        ({ step }) => step !== null && !(step >= low && step <= high),
      )
      return outside === undefined || outside.step === null
        ? null
        : { left: encodeNumber(outside.step), right: `[${low}, ${high}]` }
    },
    mutants: ['envelope.forgetsLow', 'envelope.padded'],
  },
]

/** No step exceeds an earlier one. */
export const nonIncreasingLaws: ReadonlyArray<Law> = [
  {
    id: 'nonIncreasing',
    of: 'nonIncreasing',
    ...exact,
    statement: 'No step exceeds an earlier positive one',
    why: 'DecSPS and a search that keeps its step converge without interpolation because of it. A memory that a failure or a checkpoint wipes out lets the step grow again.',
    source: 'Orvieto et al. 2022',
    ...on(['a', 'rays'], {
      a: fc.oneof(
        { weight: 8, arbitrary: fc.constant<RuleExpr>({ rule: 'runningMin', of: polyak }) },
        { weight: 5, arbitrary: fc.constant<RuleExpr>({ rule: 'adaSps', scale: 1, target: 'lowerBound' }) },
        fc.constant<RuleExpr>({ rule: 'adaSls', search: polyak, scale: 1 }),
        fc.constant(adagradNorm),
        anyRule.map((of): RuleExpr => ({ rule: 'runningMin', of })),
      ),
      // What a memory of two rays forgets shows from the third on. An ascent has a gradient too.
      rays: fc
        .oneof({ weight: 12, arbitrary: uneven().filter(({ length }) => length > 2) }, raysOf(rayArbitrary()))
        .map((rays) => rays.map((ray) => ({ ...ray, gg: Math.abs(ray.slope) }))),
    }),
    violation: (kit, a, { rays }) => {
      let least = Number.POSITIVE_INFINITY
      for (const { step } of answers(kit, a, rays)) {
        if (step === null) continue
        if (step > least) return { left: encodeNumber(step), right: { 'at most': encodeNumber(least) } }
        if (step > 0) least = step
      }
      return null
    },
    mutants: ['runningMin.forgets', 'adaSps.grows'],
  },
]

/** The step is known before the sample is. */
export const predictableLaws: ReadonlyArray<Law> = [
  {
    id: 'predictable',
    of: 'predictable',
    ...exact,
    statement: 'On two rays that agree in $k$ and in what was executed before, the step is the same',
    why: 'Such a proposal passes its theory through an envelope. A step that depends on the sample it is used on can converge to another point than the minimiser.',
    source: 'a step that is measurable with respect to the past',
    ...on(['a', 'rays'], {
      a: fc.oneof(
        {
          weight: 5,
          arbitrary: ruleExprArbitrary({
            tags: ['constant', 'power', 'last', 'max', 'min', 'scale'],
            depth: 2,
          }),
        },
        fc.constant(adagradNorm),
      ),
      rays: uneven(),
    }),
    violation: (kit, a, { rays }) => {
      const before = open(rays.slice(0, -1))
      const past = answers(kit, a, before)
      const here = { k: before.length, executed: null }
      const seen = (ray: RayCase): number | null =>
        answers(kit, a, [...before, { ...ray, ...here }])[past.length]?.step ?? null
      const [one, other] = [rays[rays.length - 1], rays[0]]
      if (one === undefined || other === undefined || seen(one) === seen(other)) return null
      return { left: encode(seen(one)), right: encode(seen(other)) }
    },
    mutants: ['constant.onlyDownhill', 'adagradNorm.includesCurrent'],
  },
]

const encode = (step: number | null) => (step === null ? null : encodeNumber(step))

/** It always has an answer. */
export const totalLaws: ReadonlyArray<Law> = [
  {
    id: 'total',
    of: 'total',
    ...exact,
    hypotheses: 'descending rays with a lower bound',
    statement: 'It does not fail where the ray descends',
    why: 'A failure leaves the point where it is. A rule that fails for ever looks like convergence.',
    source: 'the definition',
    ...on(['a', 'rays'], {
      a: anyRule.map((b): RuleExpr => ({ rule: 'max', of: [polyak, b] })),
      rays: raysOf(
        fc.oneof(
          parabola(),
          rayArbitrary().filter((ray) => descends(ray) && lowerBound(ray) !== null),
        ),
      ),
    }),
    violation: (kit, a, { rays }) => {
      const failed = answers(kit, a, rays).findIndex(({ step }) => step === null)
      return failed < 0 ? null : { left: `a failure on ray ${failed}`, right: 'a step' }
    },
    mutants: ['max.failsWithOne'],
  },
]

/** A ray whose value has reached its bound. */
const spent: RayCase = { value: 0, slope: -1, lowerBound: 0, executed: null }

/** One stationary batch does not end the run. */
export const recoversLaws: ReadonlyArray<Law> = [
  {
    id: 'recovers',
    of: 'recovers',
    ...exact,
    hypotheses: 'descending rays with a positive gap',
    statement:
      'After a ray without a gap, where the step is 0 or a failure, every step is positive that would have been without it',
    why: 'In the published code of a smoothed Polyak step one batch without a gap stores the step 0, and every later step is a multiple of it.',
    source: 'the clause of running minima',
    ...on(['a', 'rays'], {
      a: fc.constantFrom<RuleExpr[]>(
        { rule: 'runningMin', of: polyak },
        {
          rule: 'min',
          of: [{ rule: 'last', initial: 1, factor: 2 }, polyak],
        },
      ),
      rays: raysOf(parabola().filter((ray) => (gap(ray) ?? 0) > 0)),
    }),
    violation: (kit, a, { rays }) => {
      const alone = answers(kit, a, open(rays))
      const after = answers(kit, a, [{ k: 0, ...spent }, ...open(rays)]).slice(1)
      const silenced = after.some(({ step }, i) => !((step ?? 0) > 0) && (alone[i]?.step ?? 0) > 0)
      return silenced
        ? differ(
            after,
            alone.map(({ step }) => step),
          )
        : null
    },
    mutants: ['runningMin.absorbsZero', 'min.remembersZero'],
  },
]
