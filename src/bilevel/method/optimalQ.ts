/**
 * What {@link optimalQ} weighs.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface OptimalQParams {
  /** How the time to an accuracy grows with the second moment: as its power $p > 0$; 2 for steps $\sim k^{-1/2}$. */
  readonly exponent: number
  /** $C_d > 0$, the cost of every iteration. */
  readonly deterministic: number
  /** $C_r \ge 0$, what an exact pass costs besides. */
  readonly random: number
  /** $D^2 = \mathbb E \|G_{fo} - G_{ex}\|^2$. */
  readonly D2: number
  /** $V^2 = \mathbb E \|G_{ex}\|^2$. */
  readonly V2: number
}

const check = (field: string, x: number, zero: boolean): void => {
  if (!(zero ? x >= 0 : x > 0) || x === Number.POSITIVE_INFINITY)
    throw new RangeError(`${field}: got ${x}, expected a finite number ${zero ? '>=' : '>'} 0`)
}

/**
 * The probability of an exact pass that minimises the expected time of {@link ufom} to an accuracy,
 * $$(C_d + q C_r) \bigl(V^2 + (1/q - 1) D^2\bigr)^p ,$$
 * over $0 < q \le 1$: 0 where $D^2 = 0$, 1 where $D^2 \ge C_r V^2 / (p (C_d + C_r))$, else the root in $(0, 1)$ of
 * $C_r (V^2 - D^2) q^2 + (1 - p) C_r D^2 q - p C_d D^2 = 0$.
 *
 * It is the minimum for $D^2 \le V^2$. Beyond that the first-order pass misleads more than it helps; for $p < 1$ the answer 1 may
 * then be far from the minimum.
 *
 * @throws RangeError if an entry is outside its domain.
 * @cite likhosherstov2021
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { optimalQ } from 'steplaw/bilevel'
 *
 * const costs = { exponent: 1, deterministic: 1, random: 3 }
 * optimalQ({ ...costs, D2: 3, V2: 7 }) // => 0.5
 * optimalQ({ ...costs, D2: 0, V2: 7 }) // => 0
 * optimalQ({ ...costs, D2: 7, V2: 7 }) // => 1
 * ```
 */
export const optimalQ = ({ exponent: p, deterministic, random, D2, V2 }: OptimalQParams): number => {
  check('exponent', p, false)
  check('deterministic', deterministic, false)
  check('random', random, true)
  check('D2', D2, true)
  check('V2', V2, true)
  if (D2 === 0) return 0
  if (D2 >= (random / (p * (deterministic + random))) * V2) return 1
  // In units of V2, which is positive here.
  const d = D2 / V2
  if (d === 0) return 0
  const a = random * (1 - d)
  const b = (1 - p) * random * d
  const c = p * deterministic * d
  const root = Math.sqrt(b * b + 4 * a * c)
  // The same root twice; this form holds where a is 0 or negative, and nothing cancels.
  const q = b >= 0 ? (2 * c) / (b + root) : (root - b) / (2 * a)
  return Math.min(q, 1)
}
