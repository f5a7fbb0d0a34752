import * as O from 'fp-ts/lib/Option.js'
import {
  armijo,
  constant,
  envelope,
  maxOf,
  minOf,
  polyak,
  type Rule,
  runningMin,
  scale,
  spsB,
  spsMax,
} from 'steplaw'
import { plain } from 'steplaw/laws'
import { cards, ruleFacts, verifyRule, verifyTheorems } from 'steplaw/theory'
import { describe, expect, test } from 'vitest'

const verdicts = (found: ReturnType<typeof verifyRule>): ReadonlyArray<string> =>
  found.map(({ verdict }) => verdict)

describe('the cards', () => {
  test('have ids of their own, and their statements begin with them', () => {
    expect(new Set(cards.map(({ id }) => id)).size).toBe(cards.length)
    for (const card of cards)
      for (const { id } of card.statements) expect(id).toMatch(new RegExp(`^${card.id}\\.[a-zA-Z]+$`))
    const ids = cards.flatMap((card) => card.statements.map(({ id }) => id))
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('can be read without TeX', () => {
    for (const { statements } of cards)
      for (const { says, slack, hypotheses } of statements)
        for (const text of [says, slack, ...hypotheses]) expect(plain(text)).not.toMatch(/[$\\]/)
  })

  test('assert nothing that was only remembered', () => {
    for (const { statements } of cards) for (const one of statements) expect(one.asserted).toBe(true)
  })
})

describe('the certificate of an expression', () => {
  const certificate = (rule: Rule): number | null => O.toNullable(ruleFacts(rule, []).certificate)
  test.each<[string, Rule, number | null]>([
    ['a Polyak step has its constant', polyak({ c: 0.75 }), 0.75],
    ['one that aims elsewhere has none', polyak({ target: 'solutionValue' }), null],
    ['a search has its constant', armijo({ start: constant(1), c: 0.5 }), 0.5],
    ['slack takes it away', armijo({ start: constant(1), slack: 1 }), null],
    ['a constant has none', constant(1), null],
    ['a minimum has the best', minOf(constant(1), polyak({ c: 0.5 }), polyak({ c: 2 })), 2],
    ['a maximum has the worst', maxOf(polyak({ c: 0.5 }), polyak({ c: 2 })), 0.5],
    ['a maximum with something unknown has none', maxOf(constant(1), polyak()), null],
    ['an envelope has that of its upper bound', spsB({ c: 0.5, initial: 1 }), 0.5],
    [
      'or the lesser of the two below',
      envelope({ lower: polyak({ c: 3 }), proposal: polyak({ c: 2 }), upper: constant(1) }),
      2,
    ],
    ['a factor divides it', scale(2)(polyak({ c: 1 })), 0.5],
    ['a running minimum keeps it', runningMin(polyak({ c: 1 })), 1],
  ])('%s', (_says, rule, c) => {
    expect(certificate(rule)).toBe(c)
  })

  test('a claim adds to it', () => {
    expect(ruleFacts(constant(1), [{ claim: 'polyak', c: 0.5 }]).certificate).toEqual(O.some(0.5))
  })
})

describe('a rule put to a theorem', () => {
  test('that keeps it is not refuted, and the finding says on how many problems', () => {
    const [found] = verifyRule(spsMax({ c: 1, cap: 1 }), { theorem: 'P3', problems: 30 })
    expect(found).toMatchObject({ card: 'P3', verdict: 'not refuted', runs: 30, applied: 30 })
    if (found?.verdict !== 'not refuted') return
    expect(found.visible).toBeCloseTo(1 - 0.05 ** (1 / 30), 12)
  })

  test('that does not satisfy a hypothesis hears which', () => {
    const [found] = verifyRule(polyak({ c: 0.25 }), { theorem: 'P3', problems: 20 })
    expect(found).toMatchObject({ verdict: 'does not apply', seen: 'c = 0.25' })
  })

  test('that claims more than it keeps is refuted, and the case is found again by seed and path', () => {
    const options = { theorem: 'P3.contraction', claims: [{ claim: 'polyak', c: 1 }] } as const
    const [found] = verifyRule(constant(4), { ...options, problems: 200 })
    expect(found?.verdict).toBe('refuted')
    if (found?.verdict !== 'refuted') return
    const { seed, path, given } = found
    const [again] = verifyRule(constant(4), { ...options, seed, path })
    expect(again).toMatchObject({ verdict: 'refuted', given })
  })

  test('of which nothing is known is measured', () => {
    const [found] = verifyRule(({ value, slope }) => (slope < 0 ? value / -slope / 1e6 : null), {
      theorem: 'P3',
      problems: 60,
    })
    // Where the declared bound lies below zero the step may be too long; elsewhere the theorem applies.
    expect(['not refuted', 'does not apply']).toContain(found?.verdict)
  })

  test.each([
    [{ theorem: 'P99' }, /^theorem: got "P99"/],
    [{ problems: 0 }, /^problems: got 0/],
    [{ seed: 0.5 }, /^seed: got 0.5/],
    [{ path: '3:0' }, /^path: got "3:0"/],
    [{ claims: [{ claim: 'polyak', c: -1 } as const] }, /c: got -1/],
  ])('with nonsense is refused: %j', (options, message) => {
    expect(() => verifyRule(constant(1), options)).toThrow(message)
  })
})

test('the theorems are tried on their own subjects', () => {
  const found = verifyTheorems({ theorem: 'P4', problems: 5 })
  expect(found.length).toBeGreaterThan(5)
  expect(new Set(verdicts(found))).toEqual(new Set(['not refuted']))
})
