import * as O from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import {
  adagradNorm,
  constant,
  type Direction,
  done,
  fail,
  goldstein,
  machine,
  type Observation,
  type Outcome,
  polyak,
  probe,
  type Rule,
  rule,
  type Search,
  steepest,
  step,
} from 'steplaw'

/** Realistic bugs of rules that remember sums, of searches in both directions, and of directions. */

const gapOf = ({ value, lowerBound }: Observation): number =>
  Math.max(value - (O.isSome(lowerBound) ? lowerBound.value : Number.NaN), 0)

const descends = ({ value, slope }: Observation): boolean =>
  Number.isFinite(value) && Number.isFinite(slope) && slope < 0

/** Moves, but hardly: a unit of the step that was forgotten. */
export const hardlyMoves: Rule = constant(2 ** -30)

// AdaSPS

interface Sums {
  readonly first: number
  readonly sum: number
  readonly count: number
  readonly least: number
}

const adaSpsLike =
  (name: string, next: (ratio: number, sums: Sums, gap: number, c: number) => number, minimum = true) =>
  (scale: number): Rule =>
    rule<ReadonlyArray<number>>({
      name,
      init: [],
      step: ([first, before = 0, count = 0, least = 1e300], o) => {
        const gap = gapOf(o)
        if (!descends(o)) return [[], null]
        if (gap === 0) return [first === undefined ? [] : [first, before, count, least], 0]
        const sums = { first: first ?? gap, sum: before + gap, count: count + 1, least }
        const c = scale / Math.sqrt(sums.first)
        const eta = next(gap / (c * -o.slope), sums, gap, c)
        const answer = minimum ? Math.min(least, eta) : eta
        return [[sums.first, sums.sum, sums.count, answer], answer]
      },
    })

/** The minimum with the step before was left out. */
export const adaSpsGrows = adaSpsLike('adaSpsGrows', (ratio, { sum }) => ratio / Math.sqrt(sum), false)

/** The mean of the gaps for their sum: it decreases with the gaps, and the step no longer pays for the past. */
export const adaSpsDecreasingSum = adaSpsLike(
  'adaSpsDecreasingSum',
  (ratio, { sum, count }) => ratio / Math.sqrt(sum / count),
)

/** The sum ends before the current gap, as a loop that adds at its end. */
export const adaSpsExcludesCurrent = adaSpsLike('adaSpsExcludesCurrent', (ratio, { sum }, gap) =>
  sum === gap ? ratio / Math.sqrt(gap) : ratio / Math.sqrt(sum - gap),
)

/** The root was forgotten. */
export const adaSpsRootForgotten = adaSpsLike(
  'adaSpsRootForgotten',
  (ratio, { sum, first }) => (ratio * Math.sqrt(first)) / (sum * sum),
)

/** Losses squared where they should have been added, as the squares of AdaGrad are. */
export const adaSpsGapSquared = adaSpsLike(
  'adaSpsGapSquared',
  (ratio, { sum, count }) => ratio / (Math.sqrt(sum) * (1 + count * count * sum)),
)

// AdaGrad with one step for all coordinates

/** The parameters of the steps of Li and Orabona. */
interface Gathering {
  readonly alpha: number
  readonly beta: number
  readonly epsilon: number
}

const gathering =
  (name: string, next: (sum: number, o: Observation, p: Gathering) => readonly [number, number]) =>
  (p: Gathering): Rule =>
    rule<number>({ name, init: 0, step: (sum, o) => [...next(sum, o, p)] })

/** AdaGrad-Norm: the current gradient is in the sum. */
export const includesCurrent = ({ alpha, beta, epsilon }: Gathering): Rule =>
  adagradNorm({ alpha, beta, exponent: 0.5 + epsilon, includeCurrent: true })

/** Only the current gradient counts: normalised descent. */
export const forgets = gathering('forgets', (_, { gg }, { alpha, beta }) => [0, alpha / Math.sqrt(beta + gg)])

/** A running mean for the sum, as RMSProp: the step grows when gradients shrink. */
export const fades = gathering('fades', (sum, { gg }, { alpha, beta }) => [
  (sum + gg) / 2,
  alpha / Math.sqrt(beta + sum),
])

/** The root was forgotten. */
export const rootForgotten = gathering('rootForgotten', (sum, { gg }, { alpha, beta }) => [
  sum + gg,
  alpha / (beta + sum) / (1 + beta + sum),
])

/** A schedule on top of the sum: the step decays twice. */
export const decaysTwice = gathering('decaysTwice', (sum, { gg, k }, { alpha, beta, epsilon }) => [
  sum + gg,
  alpha / (Math.sqrt(beta + sum) * (epsilon + 1) * (k + 1) * (k + 1) * (k + 1)),
])

/** The past alone: what the theorem on bias says nothing of. */
export const pastAlone = ({ alpha, beta }: Pick<Gathering, 'alpha' | 'beta'>): Rule =>
  rule<number>({
    name: 'pastAlone',
    init: 0,
    step: (sum, { gg }) => [sum + gg, alpha / Math.sqrt(beta + sum + Number.MIN_VALUE)],
  })

/** The norm enters by its root: large gradients are damped less, and the mean wins. */
export const normOutsideTheSum = ({ alpha, beta }: Pick<Gathering, 'alpha' | 'beta'>): Rule =>
  rule<null>({
    name: 'normOutsideTheSum',
    init: null,
    step: (s, { gg }) => [s, alpha / Math.sqrt(beta + Math.sqrt(gg))],
  })

// The value at a solution

/** Polyak's step towards the infimum of the batch where the value at the solution was meant. */
export const aimsAtInfimum: Rule = polyak({ c: 1 })

/** An absolute value where the positive part was meant: below the value at the solution it goes on. */
export const absoluteExcess: Rule = rule({
  name: 'absoluteExcess',
  init: null,
  step: (s, o) => [
    s,
    descends(o) && O.isSome(o.solutionValue) ? Math.abs(o.value - o.solutionValue.value) / -o.slope : null,
  ],
})

/** c = 1/2 taken over from SPS: twice the step. */
export const twiceTheStep: Rule = polyak({ c: 0.5, target: 'solutionValue' })

// Goldstein's search

type TwoSided = (p: Parameters<typeof goldstein>[0]) => Rule

/** Grows without end. */
export const ignoresCap: TwoSided = (p) => goldstein({ ...p, cap: 2 ** 60 })

const twoSided = (
  name: string,
  accepts: (value: number, a: number, c: number, o: Observation) => boolean,
  exhausted: (last: number) => number | null,
): TwoSided => {
  return ({ start: from, c = 0.1, shrink = 0.5, budget = 100, cap = 10 }) =>
    machine<null>({
      name,
      operands: [from],
      expr: O.none,
      reads: [],
      init: null,
      state: t.null,
      step: (own, o, [start = fail('startUnusable')]) => {
        const answer = (x: number | null): Search<readonly [null, Outcome]> =>
          done([own, x === null ? fail('refused') : step(x)])
        if (!descends(o) || start._tag === 'Fail') return answer(null)
        const go = (size: number, left: number, last: number): Search<readonly [null, Outcome]> => {
          const trial = step(size)
          if (left === 0 || trial._tag === 'Fail' || size === 0) return answer(exhausted(last))
          return probe(trial.step, (value) =>
            accepts(value, size, c, o) ? answer(size) : go(shrink * size, left - 1, size),
          )
        }
        return go(Math.min(start.step, cap), budget, 0)
      },
    })
}

/** `||` for `&&`: a trial that satisfies one of the two inequalities is taken. */
export const acceptsEither = twoSided(
  'acceptsEither',
  (value, a, c, o) => value <= o.value + c * a * o.slope || value >= o.value + (1 - c) * a * o.slope,
  () => null,
)

// Directions

const along = (name: string, turn: (g: number, x: number) => number): Direction => ({
  ...steepest,
  name,
  expr: O.none,
  advance: (state, { x, gradient }) => {
    const p = gradient.map((g, i) => turn(g, x[i] ?? 0))
    return { state: { ...state, count: state.count + 1 }, probe: p, execute: p }
  },
})

/** DecSPS on real data: 1e-4 added to every coordinate of the gradient. */
export const paddedGradient = along('paddedGradient', (g) => -(g + 1e-4))

/** A projection that was left in from another problem: no coordinate is decreased. */
export const onlyPositiveParts = along('onlyPositiveParts', (g) => Math.max(-g, 0) - Math.min(g, 0) / 2)

/** Weight decay in the direction: a pull to the origin. */
export const decaysWeights = along('decaysWeights', (g, x) => -(g + 0.01 * x))

/** DoG's published start, $10^{-6}(1 + \|x_0\|)$: a length that knows where the origin is. */
export const scaledByNorm: Direction = {
  ...steepest,
  name: 'scaledByNorm',
  expr: O.none,
  advance: (state, { x, gradient }) => {
    const length = 1 + Math.sqrt(x.reduce((s, xi) => s + xi * xi, 0))
    const p = gradient.map((g) => -g * length)
    return { state: { ...state, count: state.count + 1 }, probe: p, execute: p }
  },
}
