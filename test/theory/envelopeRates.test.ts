import { constant, last, maxOf, minOf, polyak } from 'steplaw'
import { drift } from '../../src/theory/theorem/envelopeDrift.js'
import { interpolatedEnvelope, predictable } from '../../src/theory/theorem/envelopeRates.js'
import { hundred } from './faultySteps.js'
import { prove } from './prove.js'

prove(predictable, {
  withoutUpper: { rule: ({ lower }) => maxOf(constant(lower), constant(1)) },
  grows: { rule: ({ lower }) => last({ initial: lower, factor: 4 }) },
})

prove(interpolatedEnvelope, {
  withoutUpper: { rule: ({ lower }) => maxOf(constant(lower), polyak({ c: 1 / 4 })) },
  hundred: { rule: hundred },
  upperOfAnotherUnit: { rule: ({ upper }) => constant(8 * upper) },
})

const ratio = (given: Parameters<NonNullable<(typeof drift.subjects)[string]>>[0]) =>
  polyak({ c: 1 / (2 * given.a * given.r * given.gamma) })

prove(drift, {
  predictable: ({ gamma }) => constant(gamma),
  withoutLower: (given) => minOf(polyak({ c: 1 }), constant(given.gamma)),
  withoutUpper: (given) => maxOf(constant(given.r * given.gamma), ratio(given)),
})
