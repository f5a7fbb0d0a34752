/** The vectors have power: each of these faults fails a case of the clause it offends. */
import { constructors, implementationOf } from 'steplaw'
import { foldRule } from 'steplaw/spec'
import { describe, expect, test } from 'vitest'
import { estimatorMutants, faultlessBackwards } from './estimatorMutants.js'
import { running, unchanged } from './levelFaults.js'
import { methodMutants } from './methodMutants.js'
import { mutants } from './mutants.js'
import { failures } from './read.js'

test('the fold of the constructors as they are has no fault', () =>
  expect(failures(implementationOf(foldRule(constructors)), 'rule')).toEqual([]))

test('what faults of two levels are put into has none', () => {
  expect(failures(running(unchanged), 'bilevel')).toEqual([])
  expect(failures(faultlessBackwards, 'hypergradient')).toEqual([])
})

describe('a case is failed where', () => {
  test.each([...mutants, ...estimatorMutants, ...methodMutants].map((m) => [m.fault, m.clause, m] as const))(
    '%s: %s',
    (_, clause, { implementation, kind }) => {
      expect(failures(implementation, kind, clause)).not.toEqual([])
    },
  )
})
