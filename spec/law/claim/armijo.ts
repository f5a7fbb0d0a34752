import fc from 'fast-check'
import type { RayCase } from '../../conformance/case.js'
import { encodeNumber } from '../../vocabulary/number.js'
import type { RuleExpr } from '../../vocabulary/ruleRows.js'
import { raysOf } from '../arbitrary/ray.js'
import type { ClaimFields } from '../claimRows.js'
import { on } from '../draws.js'
import { type Answer, answers, type RuleKit } from '../kit.js'
import type { Given, Law, Violation } from '../law.js'
import { descends, gamma, gap, parabola, searched } from '../ray.js'

type Armijo = ClaimFields<'armijo'>

/** The searches that the standard defines, as claimed, from starts of every size. */
const searches = ({ c, shrink, slack, budget }: Armijo): fc.Arbitrary<RuleExpr> => {
  const size = fc.integer({ min: -3, max: 6 }).map((e) => 2 ** e)
  const start = fc.oneof(
    size.map((step): RuleExpr => ({ rule: 'constant', step })),
    size.map((initial): RuleExpr => ({ rule: 'last', initial, factor: 2 })),
    fc.constant<RuleExpr>({ rule: 'polyak', c: 0.25, target: 'lowerBound' }),
  )
  return start.map((from) => ({ rule: 'armijo', start: from, c, shrink, budget, slack }))
}

/** What rounding may do to the inequality at a trial: three roundings of its right-hand side, where a rule may group them in another way. */
const ofSides = ({ value, slope }: RayCase, a: number, { c, slack }: Armijo): number =>
  gamma(3) * (Math.abs(value) + c * a * Math.abs(slope) + slack)

/** Whether the inequality fails at a step, whatever was rounded. */
const violates = <R>(kit: RuleKit<R>, ray: RayCase, a: number, claim: Armijo): boolean => {
  const v = kit.phi(ray, a)
  const target = ray.value + claim.c * a * ray.slope + claim.slack
  return !(Number.isFinite(v) && v <= target + ofSides(ray, a, claim))
}

/** Whether the inequality holds at a step, whatever was rounded. */
const satisfies = <R>(kit: RuleKit<R>, ray: RayCase, a: number, claim: Armijo): boolean => {
  const v = kit.phi(ray, a)
  const target = ray.value + claim.c * a * ray.slope + claim.slack
  return Number.isFinite(v) && v <= target - ofSides(ray, a, claim)
}

const curvatureOf = ({ phi }: RayCase): number =>
  phi?.family === 'quadratic' && phi.curvature !== undefined ? phi.curvature : 0

type Finding = <R>(kit: RuleKit<R>, ray: RayCase, answer: Answer, claim: Armijo) => Violation | null

/** On descent only; the value at the step is sufficiently below. */
const certificate: Finding = (kit, ray, { step }, claim) => {
  if (step === null) return null
  if (!descends(ray)) return { left: encodeNumber(step), right: 'a failure: the ray does not descend' }
  if (!violates(kit, ray, step, claim)) return null
  const target = ray.value + claim.c * step * ray.slope + claim.slack
  return {
    left: { step: encodeNumber(step), value: encodeNumber(kit.phi(ray, step)) },
    right: { 'value at most': encodeNumber(target) },
  }
}

/** On a parabola with curvature q every step up to $2(1-c)|\varphi'(0)|/q$ is accepted, so that none is shorter than shrink times that. */
const floor: Finding = (_kit, ray, { step, probed: [first] }, { c, shrink, slack }) => {
  const q = curvatureOf(ray)
  if (step === null || first === undefined || step >= first || !(q > 0)) return null
  const rejected = step / shrink
  const size = Math.abs(ray.value) + Math.abs(ray.slope) * rejected + q * rejected * rejected + slack
  const bound = shrink * (2 / q) * ((1 - c) * -ray.slope - (gamma(8) * size) / rejected)
  return step < bound * (1 - gamma(8))
    ? { left: encodeNumber(step), right: { 'at least': encodeNumber(bound) } }
    : null
}

/** No trial that satisfies the inequality is passed over, and a convex ray is given up only when the trials are spent. */
const complete: Finding = (kit, ray, { step, probed }, claim) => {
  if (!descends(ray)) return null
  const passed = probed.find(
    (a) => a !== step && (step === null || a > step) && satisfies(kit, ray, a, claim),
  )
  if (passed !== undefined)
    return { left: step === null ? null : encodeNumber(step), right: { accepted: encodeNumber(passed) } }
  // Not so flat that a start in proportion to the gap over the slope is infinite.
  const above = gap(ray) ?? 0
  const ordinary = above > 0 && above < 2 ** 30 && ray.slope < -(2 ** -10) && Math.abs(ray.value) < 2 ** 30
  const convex = curvatureOf(ray) > 0 && curvatureOf(ray) < 2 ** 30 && ray.phi?.beyond === undefined
  return step === null && ordinary && convex && probed.length < claim.budget
    ? { left: { trials: probed.length }, right: { 'a step, or': claim.budget } }
    : null
}

const budget: Finding = (_kit, _ray, { probed }, claim) =>
  probed.length <= claim.budget
    ? null
    : { left: { trials: probed.length }, right: { 'at most': claim.budget } }

const progress: Finding = (_kit, _ray, { step }) =>
  step === null || (step > 0 && step < Number.POSITIVE_INFINITY)
    ? null
    : { left: encodeNumber(step), right: 'a finite step > 0, or a failure' }

const everywhere =
  (claim: Armijo, find: Finding): Law['violation'] =>
  (kit, a, { rays }) => {
    for (const [i, answer] of answers(kit, a, rays).entries()) {
      const ray = rays[i]
      const found = ray === undefined ? null : find(kit, ray, answer, claim)
      if (found !== null) return found
    }
    return null
  }

/** Backtracking to Armijo's sufficient decrease. */
export const armijoLaws = (claim: Armijo): ReadonlyArray<Law> => {
  const law = (
    id: string,
    rays: fc.Arbitrary<ReadonlyArray<RayCase>>,
    words: Pick<Law, 'statement' | 'why' | 'hypotheses' | 'slack'>,
    find: Finding,
    mutants: ReadonlyArray<string>,
  ): Law => ({
    id: `armijo.${id}`,
    of: 'armijo',
    clause: 'rule.armijo',
    source: 'Armijo 1966; the floor as in Vaswani et al. 2019',
    ...words,
    ...on(['a', 'rays'] satisfies ReadonlyArray<keyof Given>, { a: searches(claim), rays }),
    violation: everywhere(claim, find),
    mutants,
  })
  const all = raysOf(searched())
  const convex = raysOf(parabola())
  const rounded = 'three roundings of the right-hand side'
  return [
    law(
      'certificate',
      all,
      {
        statement:
          "$\\varphi(\\gamma) \\le \\varphi(0) + c\\,\\gamma\\,\\varphi'(0) + \\delta$ at every step $\\gamma$ that is given, and none is given where the ray does not descend",
        why: 'Two widely used libraries take the last trial when their budget ends, and a loss of 50 becomes one of 1.7e11 in a step that was called accepted.',
        hypotheses: '',
        slack: rounded,
      },
      certificate,
      ['armijo.takesLastTrial', 'armijo.takesFirstTrial', 'armijo.plainDecrease', 'armijo.acceptsNaN'],
    ),
    law(
      'floor',
      convex,
      {
        statement:
          "$\\gamma \\ge \\min\\{a_0,\\ 2\\beta(1-c)\\,|\\varphi'(0)|/q\\}$, where $a_0$ is the first trial and $\\beta$ is `shrink`",
        why: 'Rates are proven from this floor. A search that shrinks once more than it tests halves every step, and nothing else shows it.',
        hypotheses: 'parabolas of curvature $q > 0$',
        slack: 'the roundings of the values: eight, of the terms added',
      },
      floor,
      ['armijo.shrinksOnceMore'],
    ),
    law(
      'complete',
      fc.oneof(all, convex),
      {
        statement:
          'No trial that satisfies the inequality is passed over for a shorter one, and on a convex ray the search does not give up before its trials are spent',
        why: 'A right-hand side computed at the first trial and not again asks for too much of the later ones; the steps are sound and far too short.',
        hypotheses:
          'to give up is judged where gap, value and curvature are below $2^{30}$, the gap is positive and the slope below $-2^{-10}$: there every usual start is a positive number',
        slack: rounded,
      },
      complete,
      ['armijo.frozenTarget'],
    ),
    law(
      'budget',
      all,
      {
        statement: 'No ray is probed at more than `budget` steps',
        why: 'What a search may cost is what one agrees to. On a ray that is NaN beyond 0 a search without a budget does not end.',
        hypotheses: '',
        slack: '',
      },
      budget,
      ['armijo.oneTrialMore'],
    ),
    law(
      'progress',
      all,
      {
        statement: 'A step is positive and finite: where there is no progress there is a failure',
        why: 'A step of 0 that counts as success looks like convergence.',
        hypotheses: '',
        slack: '',
      },
      progress,
      ['armijo.takesZero'],
    ),
  ]
}
