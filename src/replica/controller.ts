import { isLeft } from 'fp-ts/lib/Either.js'
import { type ControllerExpr, controllerFields } from '../../spec/vocabulary/controller.js'
import { decodeWith, showInvalid } from '../../spec/vocabulary/invalid.js'
import { exp, expm1, log } from '../numeric/index.js'

/**
 * What a {@link Controller} is made of: the fields of the standard's `controller` but for the period, which is the method's.
 *
 * - `replicas`: $N \ge 1$; `step`: the first base, $> 0$;
 * - `spread`: $\alpha \in [0, 1]$; `temperature`: $\sigma > 0$, in units of the loss;
 * - `momentum`: $b \in [0, 1)$; `gain`: $\lambda \ge 0$;
 * - `decay`: $\delta \in [0, 1)$, 0 by default, see {@link decayTo}; `floor`: the least base, $10^{-12}$ by default.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export type ControllerFields = Omit<ControllerExpr, 'period'>

/**
 * What a controller carries from one synchronisation to the next.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface ControllerState {
  /** $\bar\eta$, the value around which the replicas are spread. */
  readonly base: number
  /** $v$, a running mean of the signals. */
  readonly velocity: number
}

/**
 * What a controller makes of the losses of a period.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface Synchronisation {
  /** How much each replica counts: numbers that sum to 1. */
  readonly weights: ReadonlyArray<number>
  /** $\Delta$: the weighted mean of the values minus their mean. */
  readonly signal: number
  readonly state: ControllerState
}

/**
 * Chooses one scalar hyperparameter, the step size or any other, by what its replicas do with different values of it.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface Controller {
  readonly fields: Required<ControllerFields>
  readonly init: ControllerState
  /** The value of each replica around a base: `base * rho[assignment[r]]`. */
  readonly values: (base: number, assignment: ReadonlyArray<number>) => ReadonlyArray<number>
  /** From the mean loss of each replica over a period, and the values it had, to the next state. */
  readonly synchronise: (
    state: ControllerState,
    assignment: ReadonlyArray<number>,
    losses: ReadonlyArray<number>,
  ) => Synchronisation
}

/** Sums from left to right: the same bits wherever a controller runs. */
const total = (xs: ReadonlyArray<number>): number => xs.reduce((sum, x) => sum + x, 0)

/**
 * The factors of a symmetric spread, $\rho_r = 1 + \alpha\, \frac{r - (N-1)/2}{\max((N-1)/2,\, 1/2)}$: evenly spaced from
 * $1 - \alpha$ to $1 + \alpha$, with mean 1.
 *
 * Laws: none. Theorems: P21.
 *
 * @param replicas - $N \ge 1$; with one replica the factor is 1.
 * @throws RangeError naming `replicas`.
 * @category Optimizer
 * @since 0.1.0
 * @cite cheng2026
 * @example
 * ```ts
 * import { spreadFactors } from 'steplaw/replica'
 *
 * spreadFactors(3, 0.5) // => [0.5, 1, 1.5]
 * spreadFactors(1, 0.5) // => [1]
 * ```
 */
export const spreadFactors = (replicas: number, spread: number): ReadonlyArray<number> => {
  if (!Number.isSafeInteger(replicas) || replicas < 1)
    throw new RangeError(`replicas: got ${replicas}, expected an integer >= 1`)
  const middle = (replicas - 1) / 2
  return Array.from({ length: replicas }, (_, r) => 1 + (spread * (r - middle)) / Math.max(middle, 0.5))
}

/**
 * How much each replica counts: the softmax of $(\bar L - L_r) / \sigma$, so that a lower loss weighs more.
 *
 * The mean cancels, and the least loss takes its place: nothing overflows. A loss that is not a finite number weighs nothing;
 * if none is finite, nobody knows better, and all weigh the same.
 *
 * Laws: none. Theorems: P21.
 *
 * @param temperature - $\sigma$, in units of the loss.
 * @category Optimizer
 * @since 0.1.0
 * @cite cheng2026
 * @example
 * ```ts
 * import { lossWeights } from 'steplaw/replica'
 *
 * lossWeights([2, 2], 0.1) // => [0.5, 0.5]
 * lossWeights([1, Infinity, NaN], 0.1) // => [1, 0, 0]
 * ```
 */
export const lossWeights = (losses: ReadonlyArray<number>, temperature: number): ReadonlyArray<number> => {
  const finite = losses.filter(Number.isFinite)
  if (finite.length === 0) return losses.map(() => 1 / losses.length)
  const least = Math.min(...finite)
  const powers = losses.map((loss) => (Number.isFinite(loss) ? exp((least - loss) / temperature) : 0))
  const sum = total(powers)
  return powers.map((power) => power / sum)
}

/**
 * The signal $\Delta = \sum_r w_r \eta_r - \frac1N \sum_r \eta_r$: by how much the values of the replicas that did better exceed
 * those of all. It estimates, without a derivative, the direction in which the loss falls.
 *
 * Laws: none. Theorems: P21.
 *
 * @throws RangeError if there is not one weight for each value.
 * @category Optimizer
 * @since 0.1.0
 * @cite cheng2026
 * @example
 * ```ts
 * import { spreadSignal } from 'steplaw/replica'
 *
 * spreadSignal([0.25, 0.75], [1, 3]) // => 0.5
 * ```
 */
export const spreadSignal = (weights: ReadonlyArray<number>, values: ReadonlyArray<number>): number => {
  if (weights.length !== values.length)
    throw new RangeError(`weights: got ${weights.length}, expected one for each of ${values.length} values`)
  const mean = total(values) / values.length
  return values.reduce((sum, value, r) => sum + (weights[r] ?? 0) * (value - mean), 0)
}

const checkLength = (field: string, found: ReadonlyArray<number>, replicas: number): void => {
  if (found.length !== replicas)
    throw new RangeError(
      `${field}: got ${found.length} entries, expected one for each of ${replicas} replicas`,
    )
}

/**
 * Refuses what is not a permutation of $0, \dots, N-1$.
 *
 * @throws RangeError naming `assignment`.
 */
export const checkAssignment = (assignment: ReadonlyArray<number>, replicas: number): void => {
  checkLength('assignment', assignment, replicas)
  const met = new Set(assignment)
  if (met.size !== replicas || assignment.some((i) => !Number.isInteger(i) || i < 0 || i >= replicas))
    throw new RangeError(
      `assignment: got [${assignment.join(', ')}], expected a permutation of 0 to ${replicas - 1}`,
    )
}

/**
 * A controller (the standard, chapter Replicas): at each synchronisation
 *
 * $$v \leftarrow b v + (1-b) \Delta, \qquad \bar\eta \leftarrow \max((1 - \delta) \bar\eta + \lambda v,\ \text{floor}).$$
 *
 * It is pure, knows no vectors and draws nothing; the same one serves the step size and any other positive scalar. What is
 * sure of it: $|\Delta| \le \alpha \bar\eta$; $\Delta = 0$ for equal losses, $\Delta \ge 0$ where the loss falls with the value, $\le 0$
 * where it rises; $|v|$ is at most $\alpha$ times the greatest base so far. That the base stays positive is the doing of the
 * floor alone. Cost: $O(N)$.
 *
 * Laws: none. Theorems: P21.
 *
 * @throws RangeError naming the field that is out of its domain.
 * @category Optimizer
 * @since 0.1.0
 * @cite cheng2026
 * @example
 * ```ts
 * import { controller } from 'steplaw/replica'
 *
 * const steps = controller({ replicas: 3, step: 0.25, spread: 0.5, temperature: 1, momentum: 0, gain: 1 })
 * steps.values(0.25, [2, 1, 0]) // => [0.375, 0.25, 0.125]
 * // The replica with the greatest step did best: the base grows.
 * steps.synchronise(steps.init, [0, 1, 2], [3, 2, 1]).state.base > 0.25 // => true
 * ```
 */
export const controller = (given: ControllerFields): Controller => {
  const read = decodeWith(controllerFields)(given)
  if (isLeft(read)) throw new RangeError(read.left.map(showInvalid).join('; '))
  const fields = { decay: 0, floor: 1e-12, ...read.right }
  const { replicas, step, spread, temperature, momentum, gain, decay, floor } = fields
  const factors = spreadFactors(replicas, spread)
  const values = (base: number, assignment: ReadonlyArray<number>): ReadonlyArray<number> => {
    checkAssignment(assignment, replicas)
    return assignment.map((i) => base * (factors[i] ?? 1))
  }
  return {
    fields,
    init: { base: step, velocity: 0 },
    values,
    synchronise: ({ base, velocity }, assignment, losses) => {
      checkLength('losses', losses, replicas)
      const weights = lossWeights(losses, temperature)
      const signal = spreadSignal(weights, values(base, assignment))
      const next = momentum * velocity + (1 - momentum) * signal
      return {
        weights,
        signal,
        state: { base: Math.max(base * (1 - decay) + gain * next, floor), velocity: next },
      }
    },
  }
}

/**
 * The decay $\delta = 1 - (f_\text{div} f_\text{final})^{-1/K}$ that takes a base from the greatest step of a one-cycle schedule to its
 * least, $1 / (f_\text{div} f_\text{final})$ of it, in $K$ synchronisations without a signal.
 *
 * Published as $1 - e^{-\log(f_\text{div} / f_\text{final}) / K}$, which is below 0 for the factors in use (25 and $10^4$): a base with
 * that decay grows, by 400 over $K$ synchronisations. {@link controller} refuses it.
 *
 * `divide` is $f_\text{div} \ge 1$, greatest step over first step; `finalDivide` is $f_\text{final} \ge 1$, first step over last;
 * `synchronisations` is $K \ge 1$, the iterations after the warm-up over the period.
 *
 * Laws: none. Theorems: P21.
 *
 * @throws RangeError naming the field.
 * @category Optimizer
 * @since 0.1.0
 * @cite cheng2026
 * @example
 * ```ts
 * import { decayTo } from 'steplaw/replica'
 *
 * decayTo({ divide: 2, finalDivide: 2, synchronisations: 2 }) // => 0.5
 * ```
 */
export const decayTo = ({
  divide = 25,
  finalDivide = 1e4,
  synchronisations,
}: {
  readonly divide?: number
  readonly finalDivide?: number
  readonly synchronisations: number
}): number => {
  for (const [field, x] of Object.entries({ divide, finalDivide, synchronisations }))
    if (!(Number.isFinite(x) && x >= 1))
      throw new RangeError(`${field}: got ${x}, expected a finite number >= 1`)
  return -expm1(-(log(divide) + log(finalDivide)) / synchronisations)
}
