import * as O from 'fp-ts/lib/Option.js'
import { type Observation, type Rule, rule } from 'steplaw'

/** Realistic bugs of step sizes that are put to the rates. */

export const gapOf = ({ value, lowerBound }: Observation): number =>
  Math.max(0, value - O.getOrElse(() => 0)(lowerBound))

export const down = ({ value, slope }: Observation): boolean =>
  Number.isFinite(value) && Number.isFinite(slope) && slope < 0

/** A rule without state that answers on every ray that descends. */
export const stateless = (name: string, size: (o: Observation) => number): Rule =>
  rule({ name, init: null, step: (state, o) => [state, down(o) ? size(o) : null] })

interface Capped {
  readonly c: number
  readonly cap: number
}

/** The norm where its square was meant. */
export const normNotSquared = ({ c, cap }: Capped): Rule =>
  stateless('normNotSquared', (o) => Math.min(gapOf(o) / (c * Math.sqrt(o.gg)), cap))

/** A search that gives up after its first trial and then steps by nothing. */
export const neverAccepts = (): Rule => stateless('neverAccepts', () => 0)

/** A search that forgets its greatest step: it begins at a length of its own. */
export const hundred = (): Rule => stateless('hundred', () => 100)

/** The half of the paper's ratio put under the bar twice: a step four times as long. */
export const longer = ({ c }: Pick<Capped, 'c'>): Rule =>
  stateless('longer', (o) => (4 * gapOf(o)) / (c * o.gg))

/** Newton's ratio for a root, the value over the squared norm, where the bound was to be subtracted. */
export const withoutBound = ({ c }: Pick<Capped, 'c'>): Rule =>
  stateless('withoutBound', (o) => Math.max(0, o.value) / (c * o.gg))

/** The gap itself for a step: nothing below the bar. */
export const plainRatio = ({ c }: Pick<Capped, 'c'>): Rule => stateless('plainRatio', (o) => gapOf(o) / c)

// Distance over gradients

/** The longest way so far and what was gathered, put together wrongly. */
const travelling =
  (name: string, size: (r: number, gathered: number, gg: number) => number) =>
  (repsilon: number): Rule =>
    rule<readonly number[]>({
      name,
      init: [repsilon, 0],
      step: ([r = 0, gathered = 0], o) => {
        const [way, sum] = [Math.max(r, o.travelled), gathered + o.gg]
        return [[way, sum], sum > 0 ? size(way, sum, o.gg) : null]
      },
    })

/** The sum of squares without its root. */
export const rootForgotten = travelling('rootForgotten', (r, gathered) => r / gathered)

/** A tenth of the step, "to be safe". */
export const tenth = travelling('tenth', (r, gathered) => r / (10 * Math.sqrt(gathered)))

// Prodigy

interface Faulty {
  /** What the code multiplies the estimate by. */
  readonly factor?: number
  /** Whether the greatest estimate so far is kept. */
  readonly keeps?: boolean
  /** What is taken for the estimate. */
  readonly estimate?: (gain: number, travelled: number) => number
}

const prodigyLike =
  ({ factor = 1, keeps = true, estimate = (gain, travelled) => gain / travelled }: Faulty) =>
  (d0: number): Rule =>
    rule<readonly number[]>({
      name: 'prodigyLike',
      init: [d0, 0, 0, 0],
      step: ([before = d0, first = 0, gathered = 0, gain = 0], o) => {
        const start = first === 0 ? o.gg : first
        if (start === 0) return [[before, first, gathered, gain], null]
        const guess = o.travelled > 0 ? factor * estimate(gain, o.travelled) : d0
        const d = Math.max(d0, keeps ? before : 0, guess)
        const sum = gathered + d * d * o.gg
        const eta = (d * d) / Math.sqrt(d * d * start + sum)
        return [[d, start, sum, gain + eta * o.alignment], eta]
      },
    })

/** dadaptation: the estimate doubled, as the published gradient-descent form of D-Adaptation does. */
export const doubled = prodigyLike({ factor: 2 })

/** The latest estimate for the greatest so far. */
export const latestEstimate = prodigyLike({ keeps: false })

/** The way travelled, which may go past the solution, for the estimate. */
export const travelledForEstimate = prodigyLike({ factor: 2, estimate: (_gain, travelled) => travelled })
