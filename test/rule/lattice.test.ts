import fc from 'fast-check'
import * as O from 'fp-ts/lib/Option.js'
import { compile, constant, never, type Ray, type Rule, ruleLattice, show } from 'steplaw'
import type { RuleExpr } from 'steplaw/spec'
import { describe, expect, it } from 'vitest'
import { agree, expr, falsified, type Lattice, ours, rays } from './laws.js'

/** Each law takes the lattice under test, three rules and rays, and says whether it holds there: exactly, in doubles. */
type Law = (l: Lattice, a: Rule, b: Rule, c: Rule, on: ReadonlyArray<Ray>) => boolean

const laws: { readonly [name: string]: Law } = {
  'join is commutative': ({ join }, a, b, _c, on) => agree(join(a, b), join(b, a), on),
  'meet is commutative': ({ meet }, a, b, _c, on) => agree(meet(a, b), meet(b, a), on),
  'join is associative': ({ join }, a, b, c, on) => agree(join(join(a, b), c), join(a, join(b, c)), on),
  'meet is associative': ({ meet }, a, b, c, on) => agree(meet(meet(a, b), c), meet(a, meet(b, c)), on),
  'join is idempotent': ({ join }, a, _b, _c, on) => agree(join(a, a), a, on),
  'meet is idempotent': ({ meet }, a, _b, _c, on) => agree(meet(a, a), a, on),
  'join absorbs meet': ({ join, meet }, a, b, _c, on) => agree(join(a, meet(a, b)), a, on),
  'meet absorbs join': ({ join, meet }, a, b, _c, on) => agree(meet(a, join(a, b)), a, on),
  'meet distributes over join': ({ join, meet }, a, b, c, on) =>
    agree(meet(a, join(b, c)), join(meet(a, b), meet(a, c)), on),
  'join distributes over meet': ({ join, meet }, a, b, c, on) =>
    agree(join(a, meet(b, c)), meet(join(a, b), join(a, c)), on),
  'never is the unit of join and the zero of meet': ({ join, meet }, a, _b, _c, on) =>
    agree(join(a, never), a, on) && agree(meet(a, never), never, on),
  'constant(Infinity) is the unit of meet and the one of join': ({ join, meet }, a, _b, _c, on) =>
    agree(meet(a, ruleLattice.one), a, on) && agree(join(a, ruleLattice.one), ruleLattice.one, on),
}

const property = (law: Law, lattice: Lattice) =>
  fc.property(expr(), expr(), expr(), rays(), (a: RuleExpr, b: RuleExpr, c: RuleExpr, on) =>
    law(lattice, compile(a), compile(b), compile(c), on),
  )

describe('L5: rules form a bounded distributive lattice', () => {
  for (const [name, law] of Object.entries(laws))
    it(name, () => {
      fc.assert(property(law, ours), { numRuns: 300 })
    })
})

/** A join in which failure absorbs, as where a failed search ends the iteration. */
const absorbing: Lattice = {
  ...ours,
  join: (a, b) => ({
    ...ours.join(a, b),
    step: (state, o) => {
      const joined = ours.join(a, b).step(state, o)
      const met = ours.meet(a, b).step(state, o)
      return met._tag === 'Done' && met.value[1]._tag === 'Fail' ? met : joined
    },
  }),
}

/** A join that asks its second operand only where the first fails: the state of the second then depends on the first. */
const lazyJoin: Lattice = {
  ...ours,
  join: (a, b) => {
    const eager = ours.join(a, b)
    return {
      ...eager,
      step: (state, o) => {
        const [own = null, first = null, second = null] = Array.isArray(state) ? state : []
        const asked = a.step(first, o)
        return asked._tag === 'Done' && asked.value[1]._tag === 'Step'
          ? { _tag: 'Done', value: [[own, asked.value[0], second], asked.value[1]] }
          : eager.step(state, o)
      },
    }
  },
}

/** Join and meet in each other's place. */
const swapped: Lattice = { join: ours.meet, meet: ours.join }

describe('the lattice laws have power', () => {
  it('absorption kills a join in which failure absorbs', () => {
    const law = laws['join absorbs meet']
    expect(law !== undefined && falsified(property(law, absorbing))).toBe(true)
  })
  it('commutativity kills a join that stops at the first step', () => {
    const law = laws['join is commutative']
    expect(law !== undefined && falsified(property(law, lazyJoin))).toBe(true)
  })
  it('the units kill join and meet exchanged', () => {
    const law = laws['never is the unit of join and the zero of meet']
    expect(law !== undefined && falsified(property(law, swapped))).toBe(true)
  })
})

describe('the fp-ts instance', () => {
  it('is the lattice of max and min', () => {
    const { join, meet, zero, one } = ruleLattice
    expect([join(constant(1), zero), meet(constant(1), one)].map(show)).toEqual([
      'max[constant{step: 1}, never]',
      'min[constant{step: 1}, constant{step: Infinity}]',
    ])
    expect(O.isSome(join(zero, one).expr)).toBe(true)
  })
})
