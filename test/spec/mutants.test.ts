/** The vectors have power: each of these faults fails a case of the clause it offends. */
import { constructors, implementationOf } from 'steplaw'
import { foldRule } from 'steplaw/spec'
import { describe, expect, test } from 'vitest'
import { mutants } from './mutants.js'
import { failures } from './read.js'

test('the fold of the constructors as they are has no fault', () =>
  expect(failures(implementationOf(foldRule(constructors)), 'rule')).toEqual([]))

describe('a case is failed where', () => {
  test.each(mutants.map((m) => [m.fault, m.clause, m] as const))(
    '%s: %s',
    (_, clause, { implementation, kind }) => {
      const found = failures(implementation, kind)
      expect(found.map((f) => f.clause)).toContain(clause)
    },
  )
})
