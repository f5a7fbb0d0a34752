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

/** The gap over the gradient's greatest entry squared: the wrong norm. */
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

/** The latest gradient alone: nothing is gathered. */
export const neverGathers = travelling('neverGathers', (r, _gathered, gg) => r / Math.sqrt(gg))

/** A tenth of the step, "to be safe". */
export const tenth = travelling('tenth', (r, gathered) => r / (10 * Math.sqrt(gathered)))
