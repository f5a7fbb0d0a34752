/**
 * One inequality of a theorem at one place of a run: `observed` is at most `bound`, but for what rounding may add. An
 * equality is the inequality of its error, with the bound 0.
 *
 * @category Theorems
 * @since 0.1.0
 */
export interface Comparison {
  /** Which inequality, and where: `'contraction, k = 3'`. */
  readonly at: string
  readonly observed: number
  readonly bound: number
  /** What rounding may add to the difference, $\ge 0$. */
  readonly slack: number
}

/**
 * What a statement makes of a case: the inequalities it implies there, or the hypothesis that does not hold, with what was
 * seen instead.
 *
 * @category Theorems
 * @since 0.1.0
 */
export type Evidence =
  | { readonly _tag: 'Compared'; readonly comparisons: ReadonlyArray<Comparison> }
  | { readonly _tag: 'Unmet'; readonly hypothesis: string; readonly seen: string }

/** The evidence of a case that satisfies the hypotheses. */
export const compared = (comparisons: ReadonlyArray<Comparison>): Evidence => ({
  _tag: 'Compared',
  comparisons,
})

/** The evidence of a case that does not satisfy a hypothesis. */
export const unmet = (hypothesis: string, seen: string): Evidence => ({ _tag: 'Unmet', hypothesis, seen })

/**
 * By how much an inequality fails; at most 0 where it holds. NaN on either side is a violation.
 *
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { violation } from 'steplaw/theory'
 *
 * violation({ at: 'k = 0', observed: 3, bound: 4, slack: 0 }) // => -1
 * violation({ at: 'k = 0', observed: Number.NaN, bound: 4, slack: 0 }) // => Infinity
 * ```
 */
export const violation = ({ observed, bound, slack }: Comparison): number => {
  const by = observed - bound - slack
  // Infinity less Infinity is no number: the comparison decides.
  if (observed <= bound + slack) return by < 0 ? by : 0
  return by > 0 ? by : Number.POSITIVE_INFINITY
}

/** Whether an inequality holds. */
export const holds = (c: Comparison): boolean => violation(c) <= 0

/**
 * The ratio of observed to bound, which says how sharp a bound is; none where it says nothing: the bound is not positive and
 * finite, or rounding is as great as it.
 */
export const ratio = ({ observed, bound, slack }: Comparison): number | null =>
  bound > 0 && bound < Number.POSITIVE_INFINITY && slack < bound && Number.isFinite(observed)
    ? observed / bound
    : null

/** $a = b$ as an inequality. */
export const equal = (at: string, a: number, b: number, slack = 0): Comparison => ({
  at,
  observed: a === b ? 0 : Math.abs(a - b),
  bound: 0,
  slack,
})

/** A condition that is true or false: one that is false is a violation by 1. */
export const must = (at: string, condition: boolean): Comparison => ({
  at,
  observed: condition ? 0 : 1,
  bound: 0,
  slack: 0,
})
