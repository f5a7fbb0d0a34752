import { spend } from '../evidence.js'

/**
 * Tests of randomness with a stated risk. By the Dvoretzky-Kiefer-Wolfowitz inequality with Massart's constant, the
 * empirical distribution function of n independent draws leaves the true one by more than `eps` with a probability of at
 * most 2 exp(-2 n eps^2); by Hoeffding's inequality the same holds for the frequency of an event. These are bounds for
 * every n, not approximations.
 */
export const RISK = 1e-10

/** The deviation that n independent draws exceed with a probability of at most `RISK` over all `comparisons`; on the bill. */
export const deviation = (n: number, comparisons = 1): number => {
  spend(RISK / comparisons)
  return Math.sqrt(Math.log((2 * comparisons) / RISK) / (2 * n))
}

/** The greatest distance of the empirical distribution function of `xs` from `cdf`. */
export const kolmogorov = (xs: ArrayLike<number>, cdf: (x: number) => number): number =>
  Float64Array.from(xs)
    .sort()
    .reduce((worst, x, i) => {
      const p = cdf(x)
      return Math.max(worst, Math.abs(p - i / xs.length), Math.abs((i + 1) / xs.length - p))
    }, 0)

export const uniformCdf = (x: number): number => Math.min(Math.max(x, 0), 1)

/** The distribution function of N(0, 1) by its series of positive terms. */
export const normalCdf = (x: number): number => {
  const z = Math.min(Math.abs(x), 8)
  let term = z
  let total = z
  for (let k = 1; term > 1e-17 * total; k++) {
    term *= (z * z) / (2 * k + 1)
    total += term
  }
  const beyond = (total * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI)
  return x < 0 ? 0.5 - beyond : 0.5 + beyond
}

/** How far the frequencies of the keys of independent draws are from their probabilities, at worst. */
export const worstFrequency = (
  keys: ReadonlyArray<string>,
  probabilities: ReadonlyMap<string, number>,
): number => {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  const all = new Set([...counts.keys(), ...probabilities.keys()])
  return Math.max(
    ...[...all].map((key) => Math.abs((counts.get(key) ?? 0) / keys.length - (probabilities.get(key) ?? 0))),
  )
}
