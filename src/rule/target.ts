import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Target } from '../../spec/vocabulary/field.js'
import { descends, type Observation, type Reading } from './observation.js'
import type { ReasonTag } from './outcome.js'

/** The number a target stands for on this ray; none where it is not declared or NaN. */
export const targetOn = (target: Target, observation: Observation): O.Option<number> =>
  O.filter((x: number) => !Number.isNaN(x))(typeof target === 'number' ? O.some(target) : observation[target])

/** What a rule with this target reads. */
export const targetReading = (target: Target): ReadonlyArray<Reading> =>
  typeof target === 'number' ? [] : [target]

/** The gap $\varphi(0) - t$ on a ray that descends, where it is finite; else why there is none. */
export const gapOnDescent = (target: Target, observation: Observation): E.Either<ReasonTag, number> =>
  descends(observation)
    ? pipe(
        targetOn(target, observation),
        E.fromOption((): ReasonTag => 'targetAbsent'),
        E.map((aim) => observation.value - aim),
        E.filterOrElse(Number.isFinite, (): ReasonTag => 'gapNotFinite'),
      )
    : E.left('noDescent')
