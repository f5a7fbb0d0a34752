import * as O from 'fp-ts/lib/Option.js'
import type { Target } from '../../spec/vocabulary/field.js'
import type { Observation, Reading } from './observation.js'

/** The number a target stands for on this ray; none where it is not declared or NaN. */
export const targetOn = (target: Target, observation: Observation): O.Option<number> =>
  O.filter((x: number) => !Number.isNaN(x))(typeof target === 'number' ? O.some(target) : observation[target])

/** What a rule with this target reads. */
export const targetReading = (target: Target): ReadonlyArray<Reading> =>
  typeof target === 'number' ? [] : [target]
