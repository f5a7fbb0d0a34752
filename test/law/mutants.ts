/** Rules and combinators of this library with one realistic fault each: the laws of their words must kill them. */
import * as O from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import {
  chain,
  constant,
  constructors,
  done,
  machine,
  type Observation,
  type Outcome,
  polyak,
  probeSlope,
  type Rule,
  rule,
  ruleKit,
  type Search,
  step,
} from 'steplaw'
import { type Mutant, mutants as ofAnyLibrary, type RuleKit } from 'steplaw/laws'
import { encodeNumber, foldRule, type Json, json, type RuleAlgebra } from 'steplaw/spec'
import * as bug from '../theory/mutants.js'

/** A faulty library, under the id by which laws name it. */
export interface Faulty {
  readonly id: string
  /** The fault, in words. */
  readonly fault: string
  readonly kit: RuleKit<Rule>
}

const word = (id: string, fault: string, wrong: Partial<RuleAlgebra<Rule>>): Faulty => ({
  id,
  fault,
  kit: { ...ruleKit, compile: foldRule({ ...constructors, ...wrong }) },
})

const infinite = Number.POSITIVE_INFINITY

const polyakAs = (of: (p: bug.Capped) => Rule): Partial<RuleAlgebra<Rule>> => ({
  polyak: (fields) => (fields.target === 'lowerBound' ? of({ c: fields.c, cap: infinite }) : polyak(fields)),
})

const onlyDownhill = (of: Rule): Rule =>
  machine<null>({
    name: 'onlyDownhill',
    operands: [of],
    expr: O.none,
    reads: [],
    init: null,
    state: t.null,
    step: (own, { slope }: Observation, [outcome = step(Number.NaN)]) =>
      done([own, slope < 0 ? outcome : step(Number.NaN)]),
  })

/** An operand that is asked only where a condition on k and the other's answer lets it: elsewhere its state stands still. */
const sleeping = (name: string, [a, b]: readonly [Rule, Rule], asksA: (o: Observation) => boolean): Rule => ({
  name,
  operands: [a, b],
  expr: O.none,
  reads: [],
  init: [a.init, b.init],
  state: json,
  step: (state, o) => {
    const [sa = null, sb = null] = Array.isArray(state) ? (state as ReadonlyArray<Json>) : []
    return asksA(o)
      ? chain(a.step(sa, o), ([next, outcome]) => done([[next, sb], outcome] as const))
      : chain(b.step(sb, o), ([next, outcome]) => done([[sa, next], outcome] as const))
  },
})

/** Both are asked, but only the winner's state advances. */
const loserSleeps =
  (better: (x: number, y: number) => boolean) =>
  (a: Rule, b: Rule): Rule => ({
    ...sleeping('loserSleeps', [a, b], () => true),
    step: (state, o) => {
      const [sa = null, sb = null] = Array.isArray(state) ? (state as ReadonlyArray<Json>) : []
      const rank = (x: Outcome): number => (x._tag === 'Step' ? x.step : -1)
      return chain(a.step(sa, o), ([na, x]) =>
        chain(b.step(sb, o), ([nb, y]) =>
          done(better(rank(y), rank(x)) ? ([[sa, nb], y] as const) : ([[na, sb], x] as const)),
        ),
      )
    },
  })

/** A state that may be an infinite step, which JSON does not have. */
const decoded = (own: Json): Json => (own === 'Infinity' ? Number.POSITIVE_INFINITY : own)

/** An operand's outcome passed through a function of the machine's own state and ray; null is a failure. */
const through = <S extends Json>(
  name: string,
  of: Rule,
  init: S,
  f: (own: S, x: number | null, o: Observation) => readonly [S, number | null],
): Rule =>
  machine<Json>({
    name,
    operands: [of],
    expr: O.none,
    reads: ['executed'],
    init,
    state: json,
    step: (own, o, [outcome = step(Number.NaN)]) => {
      const [next, x] = f(decoded(own) as S, outcome._tag === 'Step' ? outcome.step : null, o)
      return done([typeof next === 'number' ? encodeNumber(next) : next, step(x ?? Number.NaN)])
    },
  })

const plain = (name: string, of: Rule, f: (x: number | null, o: Observation) => number | null): Rule =>
  through(name, of, null, (own, x, o) => [own, f(x, o)])

const fields = <T extends { readonly of: readonly [Rule, ...ReadonlyArray<Rule>] }>(
  name: string,
  f: (steps: ReadonlyArray<number | null>) => number | null,
): ((given: T) => Rule) => {
  return ({ of }) => bug.combining(name, of, f)
}

const raised = (l: number | null, p: number | null): number | null =>
  l === null ? p : p === null ? l : Math.max(l, p)

const cut = (p: number | null, h: number | null): number | null =>
  h === null || p === null ? null : Math.min(p, h)

const enveloped = (
  name: string,
  f: (l: number | null, p: number | null, h: number | null) => number | null,
): Partial<RuleAlgebra<Rule>> => ({
  envelope: ({ lower, proposal, upper }) =>
    bug.combining(name, [lower, proposal, upper], ([l = null, p = null, h = null]) => f(l, p, h)),
})

const atoms: ReadonlyArray<Faulty> = [
  word('never.zero', 'a rule that has nothing to say answers the step 0', { never: () => constant(0) }),
  word('constant.onlyDownhill', 'a constant that refuses to go uphill, where it should be a floor', {
    constant: (p) => onlyDownhill(constructors.constant(p)),
  }),
  word('power.fromZero', 'the schedule is counted from zero: k where k + 1 was meant', {
    power: ({ initial, exponent }) =>
      rule({
        name: 'fromZero',
        init: null,
        step: (s, { k }) => [s, initial * Math.max(k, 1) ** -exponent],
      }),
  }),
  word('power.ahead', 'the counter is advanced before it is used', {
    power: ({ initial, exponent }) =>
      rule({ name: 'ahead', init: null, step: (s, { k }) => [s, initial * (k + 2) ** -exponent] }),
  }),
  word(
    'polyak.inverted',
    'the scaling meets the gradient before its norm is taken: c for 1/c (optax)',
    polyakAs(bug.invertedScaling),
  ),
  word(
    'polyak.absoluteGap',
    'steps uphill where the bound lies above the value, mended by an absolute value (optax)',
    polyakAs(bug.absoluteGap),
  ),
  word(
    'polyak.lossForGap',
    'takes the loss for the gap, whatever bound is declared (sps)',
    polyakAs(bug.lossForGap),
  ),
  word('polyak.padded', '1e-8 added to the squared norm for stability (sps)', polyakAs(bug.paddedNorm)),
  word('polyak.hiddenCap', 'a largest step of 1 unless another is given (optax)', polyakAs(bug.hiddenCap)),
  word(
    'polyak.gradientNorm',
    'divides by the norm of the gradient where the direction has another',
    polyakAs(bug.normOfGradient),
  ),
  word(
    'polyak.oneRayBehind',
    'is told the loss after the step: the gap of the ray before',
    polyakAs(bug.oneRayBehind),
  ),
  word('polyak.failsAtBound', 'fails where the value has reached its bound, instead of staying', {
    polyak: (p) => plain('failsAtBound', constructors.polyak(p), (x) => (x === 0 ? null : x)),
  }),
  word('last.ownMemory', 'remembers what it answered instead of what was executed', {
    last: ({ initial, factor }) =>
      rule<number>({ name: 'ownMemory', init: initial / factor, step: (s) => [factor * s, factor * s] }),
  }),
  word('last.scalesInitial', 'the first step is multiplied too', {
    last: ({ initial, factor }) => constructors.last({ initial: factor * initial, factor }),
  }),
]

const combinators: ReadonlyArray<Faulty> = [
  {
    id: 'max.loserSleeps',
    fault: 'the state of the losing operand is dropped',
    kit: { ...ruleKit, max: loserSleeps((x, y) => x > y) },
  },
  {
    id: 'min.loserSleeps',
    fault: 'the state of the operand that the cap cut is dropped',
    kit: { ...ruleKit, min: loserSleeps((x, y) => x < y) },
  },
  word('max.failsWithOne', 'a failure of one operand is a failure of all', {
    max: fields('failsWithOne', (steps) =>
      steps.reduce((x, y) => (x === null || y === null ? null : Math.max(x, y))),
    ),
  }),
  word('min.remembersZero', 'the step 0 is stored, and every later step is a multiple of it (sps)', {
    min: ({ of }) =>
      through<boolean>('remembersZero', constructors.min({ of }), false, (zero, x) => [
        zero || x === 0,
        zero ? 0 : x,
      ]),
  }),
  word(
    'envelope.lowWins',
    'the lower bound is applied last, so that it wins where the bounds cross',
    enveloped('lowWins', (l, p, h) => raised(l, cut(p, h))),
  ),
  word(
    'envelope.forgetsLow',
    'only the upper bound is applied',
    enveloped('forgetsLow', (_l, p, h) => cut(p, h)),
  ),
  word(
    'envelope.swapped',
    'the bounds in the wrong order, as to clip(x, max, min)',
    enveloped('swapped', (l, p, h) => cut(raised(h, p), l)),
  ),
  word(
    'envelope.failurePasses',
    'a failed proposal fails the envelope',
    enveloped('failurePasses', (l, p, h) => (p === null ? null : cut(raised(l, p), h))),
  ),
  word(
    'envelope.padded',
    '1e-8 added behind the clamp for stability',
    enveloped('padded', (l, p, h) => {
      const kept = cut(raised(l, p), h)
      return kept === null ? null : kept + 1e-8
    }),
  ),
  word('orElse.skipsZero', 'the step 0 is taken for false', {
    orElse: fields('skipsZero', (steps) => steps.find((x) => x) ?? null),
  }),
  word('periodic.late', 'restarts where the remainder is 1 (ada_sls)', {
    periodic: (p) =>
      machine<null>({
        name: 'late',
        operands: [p.first, p.rest],
        expr: O.none,
        reads: [],
        init: null,
        state: t.null,
        step: (own, { k }, [first = step(Number.NaN), rest = step(Number.NaN)]) =>
          done([own, k % p.period === 1 ? first : rest]),
      }),
  }),
  word('periodic.sleeps', 'only the rule whose turn it is is asked', {
    periodic: ({ period, first, rest }) => sleeping('sleeps', [first, rest], ({ k }) => k % period === 0),
  }),
  word('scale.divides', 'the learning rate comes out as its inverse (optax)', {
    scale: ({ by, of }) => constructors.scale({ by: 1 / by, of }),
  }),
  word('product.ignoresFailure', 'a factor that fails counts as one', {
    product: fields('ignoresFailure', (steps) => steps.reduce<number>((x, y) => x * (y ?? 1), 1)),
  }),
  word('product.sums', 'schedules are added where they should be multiplied', {
    product: fields('sums', (steps) => steps.reduce((x, y) => (x === null || y === null ? null : x + y))),
  }),
  word('runningMin.absorbsZero', 'a zero is remembered: one stationary batch ends the run (sps)', {
    runningMin: ({ of }) =>
      through<number | null>('absorbsZero', of, null, (m, x) => {
        const least = x === null ? m : Math.min(m ?? infinite, x)
        return [least, x === null ? null : least]
      }),
  }),
  word('runningMin.forgets', 'the minimum of two rays where that of all was meant', {
    runningMin: ({ of }) =>
      through<number | null>('forgets', of, null, (m, x, { k }) => {
        const least = x === null || x === 0 ? x : Math.min(k % 2 === 0 ? infinite : (m ?? infinite), x)
        return [least, least]
      }),
  }),
  word('runningMax.failsWithOperand', 'fails where its operand fails, though it has a maximum', {
    runningMax: ({ of }) =>
      through<number | null>('failsWithOperand', of, null, (m, x) => {
        const greatest = x === null ? m : Math.max(m ?? 0, x)
        return [greatest, x === null ? null : greatest]
      }),
  }),
  word('runningMax.forgets', 'is the maximum of the last two only', {
    runningMax: ({ of }) =>
      through<number | null>('forgets', of, null, (m, x) => [x ?? m, x === null ? m : Math.max(m ?? 0, x)]),
  }),
]

const searches: ReadonlyArray<Faulty> = [
  word(
    'armijo.takesLastTrial',
    'when the trials are spent the last is taken, though it was rejected (optax, jaxopt)',
    { armijo: bug.takesLastTrial },
  ),
  word(
    'armijo.takesFirstTrial',
    'searches, then steps by the start: the rejected full step is taken (aprender)',
    { armijo: bug.takesFirstTrial },
  ),
  word('armijo.plainDecrease', 'any decrease will do: c was forgotten', { armijo: bug.plainDecrease }),
  word('armijo.acceptsNaN', 'rejects where the value is above the target, so that NaN is accepted', {
    armijo: bug.acceptsNaN,
  }),
  word('armijo.shrinksOnceMore', 'the step is one iteration ahead of its value (argmin)', {
    armijo: bug.shrinksOnceMore,
  }),
  word('armijo.frozenTarget', 'the target is computed at the first trial and not again (russell)', {
    armijo: bug.frozenTarget,
  }),
  word('armijo.oneTrialMore', 'the budget counts the trials after the first (optax)', {
    armijo: bug.oneTrialMore,
  }),
  word('armijo.takesZero', 'a search that found nothing answers the step 0', {
    armijo: (p) => plain('takesZero', constructors.armijo(p), (x) => x ?? 0),
  }),
]

/** A sum over the rays so far, the current one included, and what to make of it. */
const summing = (
  name: string,
  amount: (o: Observation) => number,
  answer: (sum: number, current: number, o: Observation) => number | null,
): Rule =>
  rule<number>({
    name,
    init: 0,
    step: (sum, o) => [sum + amount(o), answer(sum + amount(o), amount(o), o)],
  })

const gapOf = ({ value, lowerBound }: Observation): number =>
  value - (O.isSome(lowerBound) ? lowerBound.value : Number.NaN)

/** AdaSPS with another gap, or without the minimum. */
const adaSpsAs = (gap: (o: Observation) => number, least: boolean): Partial<RuleAlgebra<Rule>> => ({
  adaSps: ({ scale }) =>
    rule<ReadonlyArray<number>>({
      name: 'adaSps',
      init: [],
      step: ([first, sum = 0, before = 1e300], o) => {
        const c = first ?? scale / Math.sqrt(gap(o))
        const all = sum + gap(o)
        const eta = gap(o) / (c * -o.slope * Math.sqrt(all))
        const answer = least ? Math.min(before, eta) : eta
        return [[c, all, answer], answer]
      },
    }),
})

/** D-Adaptation with another way to go on from its estimate. */
const estimating =
  (next: (d: number, estimate: number, d0: number) => number): RuleAlgebra<Rule>['dAdaptationSgd'] =>
  ({ d0, step: factor }) =>
    rule<ReadonlyArray<number>>({
      name: 'estimating',
      init: [],
      step: ([before = d0, root, num = 0], { gg, travelled, alignment }) => {
        const d = next(before, num / travelled, d0)
        const first = root ?? Math.sqrt(gg)
        const eta = (d * factor) / first
        return [[d, first, num + eta * alignment], eta]
      },
    })

const weakWolfe: RuleAlgebra<Rule>['strongWolfe'] = ({ start, c1, c2, grow, budget, cap }) =>
  machine<null>({
    name: 'weak',
    operands: [start],
    expr: O.none,
    reads: [],
    init: null,
    state: t.null,
    step: (own, { value, slope }, [first = step(Number.NaN)]) => {
      const go = (a: number, low: number, high: number, left: number): Search<readonly [null, Outcome]> => {
        const trial = step(Math.min(a, cap))
        if (trial._tag === 'Fail' || left === 0) return done([own, step(Number.NaN)])
        return probeSlope(trial.step, (v, s) => {
          const long = !(v <= value + c1 * trial.step * slope)
          if (!long && (s >= c2 * slope || trial.step >= cap)) return done([own, trial])
          const [l, h] = long ? [low, trial.step] : [trial.step, high]
          return go(h === infinite ? grow * trial.step : (l + h) / 2, l, h, left - 1)
        })
      }
      return go(first._tag === 'Step' ? first.step : Number.NaN, 0, infinite, budget)
    },
  })

const gathering: ReadonlyArray<Faulty> = [
  word('spsSafe.adds', 'the safeguard is added to the squared gradient', {
    spsSafe: ({ floor, c }) =>
      rule({
        name: 'adds',
        init: null,
        step: (s, o) => [s, o.slope <= 0 ? Math.max(gapOf(o), 0) / (c * (floor - o.slope)) : null],
      }),
  }),
  word('spsSafe.failsFlat', 'fails where the slope is 0, as every other Polyak step', {
    spsSafe: (p) => onlyDownhill(constructors.spsSafe(p)),
  }),
  word('goldstein.neverGrows', 'the second inequality was forgotten: Armijo’s search', {
    goldstein: ({ start, c, shrink, budget, cap }) =>
      constructors.armijo({
        start: constructors.min({ of: [start, constant(cap)] }),
        c,
        shrink,
        budget,
        slack: 0,
      }),
  }),
  word('goldstein.ignoresCap', 'grows without end', {
    goldstein: (p) => constructors.goldstein({ ...p, cap: 2 ** 60 }),
  }),
  word('adagradNorm.includesCurrent', 'the current gradient is in the sum', {
    adagradNorm: (p) => constructors.adagradNorm({ ...p, includeCurrent: true }),
  }),
  word('adagradNorm.forgets', 'only the current gradient counts', {
    adagradNorm: ({ alpha, beta }) =>
      rule({ name: 'forgets', init: null, step: (s, { gg }) => [s, alpha / Math.sqrt(beta + gg)] }),
  }),
  word('adaSps.grows', 'the minimum with the step before was left out', adaSpsAs(gapOf, false)),
  word(
    'adaSps.lossForGap',
    'takes the loss for the gap',
    adaSpsAs(({ value }) => value, true),
  ),
  word('adaSls.forgets', 'the searched step as it is', { adaSls: ({ search }) => search }),
  word('ponos.monotone', 'the reference is the present value: Armijo’s search', {
    ponos: (p) => constructors.ponos({ ...p, memory: 0 }),
  }),
  word('dog.forgetsWay', 'the present distance where the greatest so far was meant', {
    dog: ({ repsilon }) =>
      summing(
        'forgetsWay',
        ({ gg }) => gg,
        (sum, _, o) => Math.max(repsilon, o.travelled) / Math.sqrt(sum),
      ),
  }),
  word('dog.excludesCurrent', 'the sum ends before the current gradient', {
    dog: ({ repsilon }) =>
      summing(
        'excludesCurrent',
        ({ gg }) => gg,
        (sum, gg, o) => (sum === gg ? null : Math.max(repsilon, o.travelled) / Math.sqrt(sum - gg)),
      ),
  }),
  word('dowg.isDog', 'the weights were left out', {
    dowg: ({ repsilon }) => constructors.dog({ repsilon, epsilon: 0 }),
  }),
  word('prodigy.staysAtStart', 'the estimate never moves', {
    prodigy: ({ d0 }) =>
      rule<ReadonlyArray<number>>({
        name: 'staysAtStart',
        init: [],
        step: ([first, sum = 0], { gg }) => {
          const g0 = first ?? gg
          return [[g0, sum + gg], d0 / Math.sqrt(g0 + sum + gg)]
        },
      }),
  }),
  word('dAdaptationSgd.doubles', 'twice the estimate (dadaptation)', {
    dAdaptationSgd: estimating((d, estimate) => Math.max(d, 2 * estimate)),
  }),
  word('dAdaptationSgd.follows', 'the present estimate, where the greatest so far was meant', {
    dAdaptationSgd: estimating((_d, estimate, d0) => Math.max(d0, estimate)),
  }),
  word('strongWolfe.weak', 'a climb of any slope will do: the weak conditions', { strongWolfe: weakWolfe }),
  word('strongWolfe.valueAlone', 'the condition on the slope was forgotten: Armijo’s search', {
    strongWolfe: ({ start, c1, budget, cap }) =>
      constructors.armijo({
        start: constructors.min({ of: [start, constant(cap)] }),
        c: c1,
        shrink: 0.5,
        budget,
        slack: 0,
      }),
  }),
  word('barzilaiBorwein.swapped', 'the long step for the short one', {
    barzilaiBorwein: (p) =>
      constructors.barzilaiBorwein({ ...p, variant: p.variant === 'long' ? 'short' : 'long' }),
  }),
  word('barzilaiBorwein.absolute', 'a negative curvature is made positive', {
    barzilaiBorwein: ({ variant, initial }) =>
      rule({
        name: 'absolute',
        init: null,
        step: (s, { secant }) => {
          if (O.isNone(secant)) return [s, initial]
          const [ss, sy, yy] = secant.value
          return [s, Math.abs(variant === 'long' ? ss / sy : sy / yy)]
        },
      }),
  }),
]

/** Every faulty library: those that any library can be made into, and those of this one. */
export const faulty: ReadonlyArray<Faulty> = [
  ...ofAnyLibrary.map(({ id, fault, mutate }: Mutant) => ({ id, fault, kit: mutate(ruleKit) })),
  ...atoms,
  ...combinators,
  ...searches,
  ...gathering,
]
