import type { Statement } from '../../src/theory/card/statement.js'
import {
  decays,
  invariant,
  type Replicas,
  sign,
  signal,
  slope,
  spread,
  velocity,
} from '../../src/theory/theorem/controller.js'
import { apart, meanPath } from '../../src/theory/theorem/replica.js'
import { faultless, faulty } from './mutantsReplica.js'
import { prove } from './prove.js'

/** The statement of the library and of what the faulty ones are made of, with the faults that it names. */
const hold = <C>(statement: Statement<Replicas, C>): void =>
  prove(
    { ...statement, subjects: { ...statement.subjects, faultless } },
    Object.fromEntries(Object.entries(faulty).filter(([name]) => statement.mutants.includes(name))),
  )

hold(spread)
hold(signal)
hold(sign)
hold(slope)
hold(invariant)
hold(velocity)
hold(decays)
hold(meanPath)
hold(apart)
