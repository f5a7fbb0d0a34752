/**
 * The standard of evidence. An assertion about chance (a share of draws, a fault that must be found) may fail although what it
 * asserts is true; it does so with a probability of at most {@link LEVEL}, over the seeds, and says so by {@link spend}. What a
 * run of the suite spends is added up and printed at its end, and may not reach {@link SUITE}: that is the greatest
 * probability with which a library that keeps every law fails a run.
 *
 * An assertion that a law holds of every draw spends nothing: where the law is a theorem about doubles, or its slack a bound of
 * the rounding, no draw whatever refutes it. Probabilities add up whether or not the draws are independent, and they need not
 * be: all tests draw from one seed.
 */
import { TestRunner } from 'vitest'

declare module 'vitest' {
  interface TaskMeta {
    /** What the assertions of a test spent, and how many they are. */
    risk?: { readonly total: number; readonly assertions: number }
  }
}

/** The greatest probability with which one assertion about chance is wrong. */
export const LEVEL = 1e-9

/** The probability that all of them in a run of the suite together stay below. */
export const SUITE = 1e-6

/** Puts an assertion about chance on the bill of the running test. */
export const spend = (probability: number = LEVEL): void => {
  const meta = TestRunner.getCurrentTest()?.meta
  if (meta === undefined) throw new Error('an assertion about chance stands outside a test')
  const { total = 0, assertions = 0 } = meta.risk ?? {}
  meta.risk = { total: total + probability, assertions: assertions + 1 }
}

const logFactorials: Array<number> = [0]

const logFactorial = (n: number): number => {
  for (let i = logFactorials.length; i <= n; i++)
    logFactorials.push((logFactorials[i - 1] ?? 0) + Math.log(i))
  return logFactorials[n] ?? 0
}

/** The probability of k successes in n independent trials that succeed with probability p. */
const exactly = (k: number, n: number, p: number): number => {
  if (p <= 0 || p >= 1) return k === (p <= 0 ? 0 : n) ? 1 : 0
  const ways = logFactorial(n) - logFactorial(k) - logFactorial(n - k)
  return Math.exp(ways + k * Math.log(p) + (n - k) * Math.log1p(-p))
}

const between = (from: number, to: number, n: number, p: number): number => {
  let sum = 0
  for (let k = Math.max(from, 0); k <= Math.min(to, n); k++) sum += exactly(k, n, p)
  return sum
}

/** The probability of at most k successes in n independent trials that succeed with probability p: all its terms, added. */
export const atMost = (k: number, n: number, p: number): number => between(0, k, n, p)

/** The probability of at least k successes. */
export const atLeast = (k: number, n: number, p: number): number => between(k, n, n, p)

/** The least count that is no surprise: fewer of n come with at most the probability `level` if each comes with p or more. */
export const fewest = (n: number, p: number, level: number = LEVEL): number => {
  let k = 0
  for (let below = exactly(0, n, p); below <= level && k < n; below += exactly(k, n, p)) k += 1
  return k
}

/** The greatest count that is no surprise: more of n come with at most the probability `level` if each comes with p or less. */
export const most = (n: number, p: number, level: number = LEVEL): number => n - fewest(n, 1 - p, level)

/** The probability that n draws all miss what each hits with probability p. */
export const missed = (p: number, n: number): number => (1 - p) ** n

/** The least number of draws that miss with at most the probability {@link LEVEL}. */
export const drawsFor = (p: number): number => Math.ceil(Math.log(LEVEL) / Math.log1p(-p))

/**
 * Whether `count` of `n` draws fit a share between `low` and `high`; on the bill of the running test.
 *
 * Draws are independent, but the first ones of a run are biased towards small values: the share is the mean over a run of n.
 * The bounds hold all the same, since sums of independent trials of different probabilities are less spread than binomial ones
 * of the same mean (Hoeffding 1956).
 */
export const fits = (count: number, n: number, low: number, high: number): boolean => {
  const level = LEVEL / ((low > 0 ? 1 : 0) + (high < 1 ? 1 : 0))
  spend()
  return (low <= 0 || count >= fewest(n, low, level)) && (high >= 1 || count <= most(n, high, level))
}

/** Whether `n` draws suffice to hit what each hits with a probability of at least p; that they do is on the bill. */
export const suffices = (n: number, p: number): boolean => {
  spend(Math.max(missed(p, n), 0))
  return missed(p, n) < LEVEL
}

/** The bill of many tests, in words, and whether it is within {@link SUITE}. */
export const bill = (
  risks: ReadonlyArray<{ readonly total: number; readonly assertions: number }>,
): { readonly words: string; readonly total: number; readonly within: boolean } => {
  const total = risks.reduce((sum, risk) => sum + risk.total, 0)
  const assertions = risks.reduce((sum, risk) => sum + risk.assertions, 0)
  return {
    words: `${assertions} assertions about chance: all is well and one fails with a probability of at most ${total.toExponential(1)} (allowed: ${SUITE})`,
    total,
    within: total < SUITE,
  }
}
