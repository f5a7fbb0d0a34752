import { constant } from 'steplaw'
import { merelyConvex, stronglyConvex } from '../../src/theory/theorem/sps.js'
import * as mutant from './mutants.js'
import { prove } from './prove.js'

const claimed = <S extends { readonly rule: unknown }>(like: S | undefined, rule: S['rule']): S => {
  if (like === undefined) throw new Error('no subject to imitate')
  return { ...like, rule }
}

const sps = stronglyConvex.subjects.spsMax

const faulty = {
  invertedScaling: claimed(sps, mutant.invertedScaling),
  withoutCap: claimed(sps, mutant.withoutCap),
  constant: claimed(sps, ({ cap }) => constant(4 * cap)),
}

prove(stronglyConvex, faulty)
prove(merelyConvex, faulty)
