import { ruleKit } from 'steplaw'
import { mutants } from 'steplaw/laws'
import {
  absorptive,
  associative,
  boundedLattice,
  commutative,
  distributive,
  idempotentLattice,
  type Lattice,
  ordered,
} from '../../src/theory/theorem/lattice.js'
import { prove } from './prove.js'

/** The faulty libraries that the laws of the standard are measured with, by name. */
const faulty = (names: ReadonlyArray<string>): { readonly [name: string]: Lattice } =>
  Object.fromEntries(
    names.map((name) => {
      const found = mutants.find(({ id }) => id === name)
      if (found === undefined) throw new Error(`no mutant ${name}`)
      return [name, found.mutate(ruleKit)]
    }),
  )

for (const statement of [
  commutative,
  associative,
  idempotentLattice,
  absorptive,
  distributive,
  boundedLattice,
  ordered,
])
  prove(statement, faulty(statement.mutants))
