import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import {
  armijo,
  constant,
  done,
  envelope,
  last,
  max,
  ownSearch,
  polyak,
  power,
  probe,
  type Rule,
  runningMin,
  type Search,
  spsMax,
  step,
  strongWolfe,
} from 'steplaw'
import {
  allLaws,
  type CheckOptions,
  type Claim,
  candidateOf,
  checkLaw,
  checkRule,
  type Finding,
  laws,
  lawsFor,
  notClaimed,
  plain,
  type RuleDescription,
  ruleOf,
  type Subject,
  showFinding,
} from 'steplaw/laws'
import { showInvalid } from 'steplaw/spec'
import { describe, expect, it } from 'vitest'
import { checkedKit } from '../../src/theory/check/checked.js'
import {
  absorbingZero,
  acceptsNaN,
  frozenTarget,
  hiddenCap,
  invertedScaling,
  lossForGap,
  oneTrialMore,
  paddedNorm,
  plainDecrease,
  shrinksOnceMore,
  takesFirstTrial,
  takesLastTrial,
  withoutRunningMin,
} from './mutants.js'

const refuted = (found: ReadonlyArray<Finding>): ReadonlyArray<string> =>
  found.flatMap(({ law, verdict }) => (verdict === 'refuted' ? [law] : []))

const errorsOf = (u: unknown): ReadonlyArray<string> => {
  const read = candidateOf(u)
  return E.isLeft(read) ? read.left.map(showInvalid) : []
}

const one = (subject: Subject, only: string, options: CheckOptions = {}): Finding => {
  const [found] = checkRule(subject, { ...options, only })
  if (found === undefined) throw new Error('one law gives one finding')
  return found
}

const infinite = Number.POSITIVE_INFINITY

describe('rules of this library keep the laws and what is claimed of them', () => {
  it.each<[string, Rule, ReadonlyArray<Claim>]>([
    ['armijo', armijo({ start: constant(8), c: 0.25 }), [{ claim: 'armijo', c: 0.25, shrink: 0.5 }]],
    ['polyak', polyak({ c: 2 }), [{ claim: 'polyak', c: 2 }, { claim: 'equivariant' }]],
    [
      'spsMax',
      spsMax({ c: 1, cap: 3 }),
      [
        { claim: 'polyak', c: 1 },
        { claim: 'bounded', low: 0, high: 3 },
      ],
    ],
    [
      'envelope',
      envelope({ lower: constant(0.5), proposal: polyak(), upper: constant(2) }),
      [{ claim: 'bounded', low: 0.5, high: 2 }, { claim: 'total' }, { claim: 'recovers' }],
    ],
    ['power', power({ initial: 1, exponent: 0.5 }), [{ claim: 'predictable' }, { claim: 'nonIncreasing' }]],
    ['runningMin', runningMin(polyak()), [{ claim: 'nonIncreasing' }, { claim: 'recovers' }]],
  ])('%s', (_name, subject, claims) => {
    expect(refuted(checkRule(subject, { claims, runs: 40 }))).toEqual([])
  })
})

describe('a realistic bug refutes', () => {
  const search = { start: constant(8), c: 0.25, budget: 6 }
  const backtracks: Claim = { claim: 'armijo', c: 0.25, shrink: 0.5, budget: 6 }
  it.each<[string, Claim, Rule]>([
    ['armijo.certificate', backtracks, takesLastTrial(search)],
    ['armijo.certificate', backtracks, takesFirstTrial(search)],
    ['armijo.certificate', backtracks, plainDecrease(search)],
    ['armijo.certificate', backtracks, acceptsNaN(search)],
    ['armijo.floor', backtracks, shrinksOnceMore(search)],
    ['armijo.complete', backtracks, frozenTarget(search)],
    ['armijo.budget', backtracks, oneTrialMore(search)],
    ['armijo.progress', backtracks, max(constant(0))(armijo(search))],
    ['polyak.gap', { claim: 'polyak', c: 2 }, invertedScaling({ c: 2, cap: infinite })],
    ['polyak.gap', { claim: 'polyak', c: 1 }, lossForGap({ c: 1, cap: infinite })],
    ['equivariant.direction', { claim: 'equivariant' }, paddedNorm({ c: 1, cap: infinite })],
    ['equivariant.loss', { claim: 'equivariant' }, paddedNorm({ c: 1, cap: infinite })],
    ['equivariant.objective', { claim: 'equivariant' }, hiddenCap({ c: 1, cap: infinite })],
    ['bounded', { claim: 'bounded', low: 0, high: 2 }, polyak()],
    ['nonIncreasing', { claim: 'nonIncreasing' }, withoutRunningMin({ c0: 1, cap: infinite })],
    ['predictable', { claim: 'predictable' }, max(constant(1))(polyak())],
    ['total', { claim: 'total' }, armijo(search)],
    ['recovers', { claim: 'recovers' }, absorbingZero({ growth: 2, initial: 1, c: 1 })],
  ])('%s, and its path replays the same case', (law, claim, subject) => {
    const found = one(subject, law, { claims: [claim] })
    if (found.verdict !== 'refuted') throw new Error(`${law} is ${found.verdict}`)
    const { seed, path, given, violation } = found
    expect(one(subject, law, { claims: [claim], seed, path })).toMatchObject({ seed, path, given, violation })
  })
})

describe('a rule that is none is found out', () => {
  const endless = (next: (a: number) => number): Rule => {
    const from = (a: number): Search<readonly [null, number]> => {
      const at = step(a)
      return at._tag === 'Fail' ? done([null, 1]) : probe(at.step, () => from(next(a)))
    }
    return ownSearch({ name: 'endless', init: null, step: () => from(1) })
  }
  const give = (u: unknown): Subject => (() => u) as () => number
  let asked = 0

  it.each<[string, string, Subject, string]>([
    ['a negative step', 'machine.step', () => -1, 'NaN or a negative number, returned as a step'],
    ['undefined', 'machine.step', give(undefined), 'the rule returned nothing, expected a number, or null'],
    ['a string', 'machine.step', give('1'), 'expected a number, or null'],
    ['a bigint', 'machine.step', give(1n), 'the rule returned 1, expected a number, or null'],
    ['a promise', 'machine.step', give(Promise.resolve(1)), 'the rule returned a promise'],
    [
      'no pair',
      'machine.step',
      { init: 0, step: () => JSON.parse('3') },
      'the rule returned 3, expected [state, step]',
    ],
    [
      'a state that is not JSON',
      'machine.step',
      { init: 0, step: () => [1 / 0, 1] },
      'the rule returned Infinity, expected a state in JSON',
    ],
    [
      'a state that its own codec refuses',
      'machine.saved',
      { init: 0, state: t.refinement(t.number, (n) => n < 2, 'small'), step: (n: number) => [n + 1, 1] },
      'a state that can be read back',
    ],
    [
      'what is thrown and is no Error',
      'machine.step',
      () => {
        throw Object.create(null)
      },
      'threw an object that is no Error',
    ],
    [
      'a state that is changed in place',
      'machine.innocent',
      {
        init: [0],
        step: (state) => {
          if (Array.isArray(state)) state.push(1)
          return [state, 1]
        },
      },
      '[[0]]',
    ],
    ['a state outside the state', 'machine.deterministic', () => ++asked, '"right"'],
    [
      'an observation that it changes',
      'machine.step',
      (observation) => Object.assign(observation, { value: 0 }).value,
      "Cannot assign to read only property 'value'",
    ],
    [
      'what it reads and does not say',
      'machine.step',
      { init: null, reads: ['dd'], step: (s: null, { gg }) => [s, 1 / gg] },
      'it used gg, which its \\"reads\\" does not name',
    ],
    ['a search without end', 'machine.step', endless((a) => a + 1), 'more than 10000 samples of one ray'],
    ['a search that stands still', 'machine.step', endless((a) => a), 'more than 10000 samples of one ray'],
  ])('%s', (_what, law, subject, words) => {
    const found = one(subject, law, { runs: 100 })
    expect(found.verdict).toBe('refuted')
    expect(JSON.stringify(found)).toContain(words)
  })
})

describe('what is given', () => {
  it('may be a rule, an expression, a description or a function, alone or with claims', () => {
    const subjects: ReadonlyArray<Subject> = [
      polyak(),
      { rule: 'polyak' },
      { init: 0, step: (n) => [n, 1] },
      { name: 'mine', init: 0, reads: ['gg'], state: t.number, step: (n) => [n, 1] },
      () => 1,
    ]
    for (const subject of subjects) {
      expect(E.isRight(ruleOf(subject))).toBe(true)
      expect(errorsOf(subject)).toEqual([])
      expect(errorsOf({ rule: subject })).toEqual([])
      expect(errorsOf({ rule: subject, claims: [{ claim: 'total' }] })).toEqual([])
    }
  })

  it('keeps the name, the readings and the methods of a description', () => {
    const described: RuleDescription & { readonly size: number } = {
      name: 'mine',
      init: null,
      reads: ['gg'],
      size: 3,
      step(state: null) {
        return [state, this.size]
      },
    }
    const read = ruleOf(described)
    expect(E.isRight(read) && [read.right.name, read.right.reads]).toEqual(['mine', ['gg']])
    expect(one(described, 'machine.step', { runs: 5 }).verdict).toBe('not refuted')
  })

  const circular: { self?: unknown } = {}
  circular.self = circular
  it.each<[unknown, ReadonlyArray<string>]>([
    [
      undefined,
      [
        'rule: got nothing, expected a rule, a rule expression, { init, step }, or a function of an observation',
      ],
    ],
    [
      null,
      ['rule: got null, expected a rule, a rule expression, { init, step }, or a function of an observation'],
    ],
    [
      { rule: circular },
      [
        'rule: got an object that JSON can not hold, expected a rule, a rule expression, { init, step }, or a function of an observation',
      ],
    ],
    [{ rule: 'polyak', c: -1 }, ['rule.c: got -1, expected a finite number > 0']],
    [
      { step: () => [0, 1] },
      ['rule.init: got nothing, expected a JSON value: the state before the first ray'],
    ],
    [
      { init: 0, step: () => [0, 1], reads: ['norm'] },
      [
        'rule.reads: got ["norm"], expected a list of lowerBound, solutionValue, gg, dd, travelled, alignment, secant, executed',
      ],
    ],
    [{ init: 0, step: () => [0, 1], name: 5 }, ['rule.name: got 5, expected a string']],
    [
      { init: 0, step: () => [0, 1], state: 'number' },
      ['rule.state: got "number", expected an io-ts codec of the state'],
    ],
    [{ rule: () => 1, claims: 'total' }, ['claims: got "total", expected a list of claims']],
    [
      { rule: () => 1, claims: [{ claim: 'armijo', c: 2 }] },
      [
        'claims[0].c: got 2, expected a number in (0, 1)',
        'claims[0].shrink: got nothing, expected a number in (0, 1)',
      ],
    ],
    [
      { rule: () => 1, claims: [{ claim: 'total' }, { claim: 'total' }] },
      ['claims[1].claim: got "total", expected each claim once, and claims[0] makes it'],
    ],
    [
      { rule: () => 1, claim: [] },
      ['claim: got [], expected no such field (a rule with claims has rule, claims)'],
    ],
  ])('is refused, case %#', (u, errors) => expect(errorsOf(u)).toEqual(errors))

  it.each<[CheckOptions, string]>([
    [{ runs: 0.5 }, 'runs: got 0.5, expected an integer >= 1'],
    [{ seed: 2 ** 31 }, 'seed: got 2147483648, expected an integer from -2147483648 to 2147483647'],
    [{ path: '1:' }, 'path: got "1:", expected the path of a finding, such as 3:0:1'],
    [{ timeLimit: -1 }, 'timeLimit: got -1, expected seconds > 0, a day at most'],
    [{ only: 'nonsense' }, 'only: got "nonsense", expected the id of a law of rules'],
    [
      { only: 'total' },
      'only: got "total", expected a law of every rule, or of a claim that is made of this one',
    ],
    [{ claims: [{ claim: 'polyak', c: 0 }] }, 'claims[0].c: got 0, expected a finite number > 0'],
  ])('is refused with %j', (options, message) => {
    expect(() => checkRule(constant(1), options)).toThrow(new RangeError(message))
  })
})

describe('a check', () => {
  it('puts the laws of every rule and of each claim, and says of the others why not', () => {
    const claims: ReadonlyArray<Claim> = [{ claim: 'polyak', c: 1 }, { claim: 'total' }]
    const found = checkRule(polyak(), { claims, runs: 1 })
    expect(found.filter(({ verdict }) => verdict !== 'not claimed').map(({ law }) => law)).toEqual([
      ...laws.map(({ id }) => id),
      'polyak.gap',
      'total',
    ])
    expect(found.slice(laws.length + 2)).toEqual(notClaimed(claims))
    expect(found.map(({ law }) => law).sort()).toEqual(
      allLaws
        .filter(({ of }) => of !== 'vocabulary')
        .map(({ id }) => id)
        .sort(),
    )
  })

  it('is the same with the same seed', () => {
    const subject = ({ slope }: { readonly slope: number }) => 1 / slope
    expect(checkRule(subject, { seed: 9, runs: 20 })).toEqual(checkRule(subject, { seed: 9, runs: 20 }))
  })

  it('stops at its time limit and says after how many cases', () => {
    const slow = (): number => {
      for (const begun = performance.now(); performance.now() - begun < 20; );
      return 1
    }
    const found = one(slow, 'machine.step', { timeLimit: 0.1 })
    expect(found).toMatchObject({ verdict: 'not refuted', interrupted: true })
    expect(found.verdict === 'not refuted' && found.runs).toBeLessThan(300)
    expect(showFinding(found)).toMatch(/^machine\.step: not refuted in \d+ cases, the time being up$/)
  })

  it('tells each case before it is tried', () => {
    const [law] = lawsFor([]).filter(({ id }) => id === 'machine.step')
    if (law === undefined) throw new Error('the law is there')
    const told: Array<unknown> = []
    const read = ruleOf(() => {
      throw new Error(String(told.length))
    })
    if (E.isLeft(read)) throw new Error('a function is a rule')
    const found = checkLaw(read.right, law, {}, (given) => told.push(given))
    expect(found).toMatchObject({
      verdict: 'refuted',
      given: told.at(-1),
      violation: `threw Error: ${told.length}`,
    })
  })
})

describe('in words', () => {
  const law = { statement: '$\\max(a, \\bot) = a$', hypotheses: '', slack: 'one rounding', why: 'Because.' }

  it('a refuted law has all it takes to see it', () => {
    const found: Finding = {
      law: 'lattice.max.unit',
      verdict: 'refuted',
      runs: 4,
      seed: 5,
      path: '3:0',
      given: { rays: [{ value: 0, slope: 'NaN' }] },
      violation: { left: [0], right: [null] },
    }
    expect(showFinding(found, law, 'again')).toBe(
      [
        'lattice.max.unit: REFUTED by case 4, shrunk',
        '  law:      max(a, ⊥) = a',
        '  allowed:  one rounding',
        '  why:      Because.',
        '  case:     {"rays":[{"value":0,"slope":"NaN"}]}',
        '  found:    [0]',
        '  law says: [null]  (null: no step)',
        '  replay:   again',
      ].join('\n'),
    )
    expect(showFinding({ ...found, path: '', violation: 'it hangs' })).toBe(
      [
        'lattice.max.unit: REFUTED by case 4',
        '  case:     {"rays":[{"value":0,"slope":"NaN"}]}',
        '  found:    it hangs',
      ].join('\n'),
    )
  })

  it.each(allLaws.map((one) => [one.id, one] as const))(
    '%s needs no TeX',
    (_id, { statement, why, hypotheses, slack }) => {
      for (const text of [statement, why, hypotheses, slack]) {
        expect(plain(text)).not.toMatch(/[$\\]/)
        if (!/[$]/.test(text)) expect(plain(text)).toBe(text)
      }
    },
  )

  it('formulas read as formulas', () => {
    expect(plain('$s (k+1)^{-e} \\ge \\frac12$, where $/$ is `a{b}`')).toBe(
      's (k+1)^(-e) ≥ 1/2, where / is `a{b}`',
    )
    expect(plain('$\\gamma \\le \\min\\{a_0,\\ 2\\beta\\}$ or $\\unknown$')).toBe(
      'γ ≤ min{a_0, 2β} or \\unknown',
    )
  })
})

it('a rule with a memory may start from what it executed', () => {
  const growing = last({ initial: 1, factor: 2 })
  expect(refuted(checkRule(growing, { claims: [{ claim: 'predictable' }], runs: 40 }))).toEqual([])
})

it('a search of one that asks for slopes is given them', () => {
  const { step, probed } = checkedKit.ask(
    strongWolfe({ start: constant(1) }),
    strongWolfe({ start: constant(1) }).init,
    { value: 1, slope: -1, phi: { family: 'quadratic', curvature: 1 } },
  )
  expect([step, probed]).toEqual([1, [1]])
})
