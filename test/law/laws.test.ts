import { ruleKit } from 'steplaw'
import { allLaws, corpus, judge, laws } from 'steplaw/laws'
import { describe, expect, it } from 'vitest'
import { fits, suffices } from '../evidence.js'
import { clauses } from '../spec/read.js'
import { measureMatrix, readMatrix, refutations, runs } from './matrix.js'
import { faulty } from './mutants.js'

describe('the catalogue', () => {
  it('has these laws', () => {
    expect(allLaws.map(({ id }) => id)).toEqual([
      'lattice.max.commutative',
      'lattice.max.associative',
      'lattice.max.idempotent',
      'lattice.max.unit',
      'lattice.max.top',
      'lattice.min.commutative',
      'lattice.min.associative',
      'lattice.min.idempotent',
      'lattice.min.unit',
      'lattice.min.bottom',
      'lattice.absorption.max',
      'lattice.absorption.min',
      'lattice.distributive.min',
      'lattice.distributive.max',
      'orElse.associative',
      'orElse.unit',
      'scale.overMax',
      'scale.overMin',
      'scale.unit',
      'max.selects',
      'max.remembers',
      'min.remembers',
      'machine.step',
      'machine.deterministic',
      'machine.saved',
      'machine.innocent',
      'machine.probesOnce',
      'meaning.never',
      'meaning.constant',
      'meaning.power',
      'meaning.polyak',
      'meaning.last',
      'meaning.envelope',
      'meaning.orElse',
      'meaning.periodic',
      'meaning.scale',
      'meaning.product',
      'meaning.runningMin',
      'meaning.runningMax',
      'meaning.spsSafe',
      'meaning.goldstein',
      'meaning.strongWolfe',
      'meaning.ponos',
      'meaning.barzilaiBorwein',
      'meaning.adagradNorm',
      'meaning.adaSps',
      'meaning.adaSls',
      'meaning.dog',
      'meaning.dowg',
      'meaning.prodigy',
      'meaning.dAdaptationSgd',
      'armijo.certificate',
      'armijo.floor',
      'armijo.complete',
      'armijo.budget',
      'armijo.progress',
      'polyak.gap',
      'equivariant.direction',
      'equivariant.loss',
      'equivariant.objective',
      'bounded',
      'nonIncreasing',
      'predictable',
      'total',
      'recovers',
    ])
  })

  it('makes clauses of the standard precise', () => {
    const known = clauses().map(({ id }) => id)
    expect(allLaws.filter(({ clause }) => !known.includes(clause)).map(({ id }) => id)).toEqual([])
  })

  it('has a mutant for every law, and a law for every mutant', () => {
    const named = new Set(allLaws.flatMap(({ mutants }) => mutants))
    expect(allLaws.filter(({ mutants }) => mutants.length === 0)).toEqual([])
    expect(faulty.map(({ id }) => id).sort()).toEqual([...named].sort())
  })
})

describe('a law holds of this library', () => {
  it.each(allLaws.map((law) => [law.id, law] as const))('%s', (_id, law) => {
    expect(judge(ruleKit, law, { runs })).toMatchObject({ verdict: 'not refuted' })
  })
})

const matrix = readMatrix()
const pairs = allLaws.flatMap((law) =>
  faulty
    .filter(({ id }) => law.mutants.includes(id))
    .map((mutant) => [law.id, mutant.id, law, mutant] as const),
)

/** All that are listed were measured to be refuted by a greater share of cases: see the matrix. */
const LEAST = 0.1

describe('a law kills its mutants', () => {
  it.each(pairs)('%s kills %s', (_law, _id, law, mutant) => {
    expect(fits(refutations(law, mutant, 600), 600, LEAST, 1)).toBe(true)
  })
})

/** `POWER=3000` in the environment measures the matrix anew and writes it down. */
const power = Number(process.env.POWER ?? 0)

describe('the kill matrix', () => {
  it.runIf(power > 0)('is measured', { timeout: 3_600_000 }, () => measureMatrix(power))

  it('has every law, every mutant, and no other', () => {
    expect(Object.keys(matrix.shares)).toEqual(allLaws.map(({ id }) => id))
    for (const row of Object.values(matrix.shares))
      expect(Object.keys(row)).toEqual(faulty.map(({ id }) => id))
  })

  it.each(pairs)('%s misses %s with less than 1e-9', (law, mutant) => {
    const share = matrix.shares[law]?.[mutant] ?? 0
    // The share may have been lucky when it was measured, by four standard deviations.
    const sure = share - 4 * Math.sqrt((share * (1 - share)) / matrix.draws)
    expect(sure).toBeGreaterThan(LEAST)
    expect(suffices(runs, sure)).toBe(true)
  })
})

describe('the corpus', () => {
  it('speaks of laws that there are', () => {
    const known = allLaws.map(({ id }) => id)
    expect(corpus.filter(({ law }) => !known.includes(law))).toEqual([])
  })

  it.each(corpus.map((found) => [found.law, found.fault, found] as const))(
    '%s: %s',
    (id, _fault, { given }) => {
      const law = allLaws.find((known) => known.id === id)
      expect(law?.violation(ruleKit, ruleKit.compile(given.a), given)).toBeNull()
    },
  )

  it('comes first in every trial', () => {
    for (const law of allLaws) {
      const known = corpus.filter((found) => found.law === law.id)
      const seen: Array<unknown> = []
      judge(ruleKit, law, { runs: Math.max(1, known.length), onCase: (given) => seen.push(given) })
      known.forEach(({ given }, i) => {
        expect(seen[i]).toMatchObject({ rays: given.rays })
      })
    }
  })
})

describe('a judgement', () => {
  const wrong = { ...ruleKit, max: ruleKit.min }
  const law = laws.find(({ id }) => id === 'lattice.max.unit')
  if (law === undefined) throw new Error('the law is there')

  it('shows the case, shrunk, as data, with both sides, and replays from its seed and path', () => {
    const first = judge(wrong, law)
    if (first.verdict !== 'refuted') throw new Error('the law is broken')
    expect(first.given).toMatchObject({ a: { rule: 'constant' }, rays: [{}] })
    expect(first.violation).toMatchObject({ left: [null] })
    expect(judge(wrong, law, { seed: first.seed, path: first.path })).toMatchObject({
      verdict: 'refuted',
      given: first.given,
    })
  })

  it('names a rule that throws', () => {
    const throwing = {
      ...ruleKit,
      ask: () => {
        throw new RangeError('out of patience')
      },
    }
    expect(judge(throwing, law)).toMatchObject({
      verdict: 'refuted',
      violation: 'threw RangeError: out of patience',
    })
  })

  it('names a rule with hidden state', () => {
    let asked = 0
    const forgetful: typeof ruleKit = {
      ...ruleKit,
      ask: (rule, state, ray) => {
        asked += 1
        return asked === 1 ? { state, step: 1, probed: [] } : ruleKit.ask(rule, state, ray)
      },
    }
    expect(judge(forgetful, law, { rule: ruleKit.compile({ rule: 'never' }) })).toMatchObject({
      verdict: 'refuted',
      violation: 'it did not show again: the rule keeps hidden state',
    })
  })
})
