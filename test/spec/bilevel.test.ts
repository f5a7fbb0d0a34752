/** The codecs of two levels: what they refuse and why, what they fill in, and that they write what they read. */
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import {
  bilevelMethodExpr,
  bilevelProblemExpr,
  decodeWith,
  estimatorAloneExpr,
  estimatorExpr,
  scheduleExpr,
  showInvalid,
} from 'steplaw/spec'
import { describe, expect, it, test } from 'vitest'
import { caseCodecs } from '../../spec/conformance/case.js'
import { bilevelMethods } from '../../spec/vocabulary/bilevelMethod.js'
import { bilevelProblems } from '../../spec/vocabulary/bilevelProblem.js'
import { estimators } from '../../spec/vocabulary/estimator.js'
import { caseFiles } from './read.js'

const complaints = (codec: t.Decoder<unknown, unknown>, u: unknown, at: string): ReadonlyArray<string> =>
  E.match(
    (errors: ReadonlyArray<Parameters<typeof showInvalid>[0]>) => errors.map(showInvalid),
    () => [],
  )(decodeWith(codec, at)(u))

const cases = caseFiles()
  .flatMap(({ content }) => content.cases)
  .filter(({ kind }) => kind === 'bilevel' || kind === 'hypergradient')

type Fields = { readonly [field: string]: unknown }

const codecOf = (kind: string): t.Mixed =>
  kind === 'bilevel' ? caseCodecs.bilevel : caseCodecs.hypergradient

const constant = { rule: 'constant', step: 0.1 }
const descent: Fields = {
  method: 'bilevelDescent',
  inner: { steps: 2, rule: constant },
  hypergradient: { estimator: 'cg', iterations: 3 },
  outer: { rule: constant },
}
const ufom: Fields = { method: 'ufom', q: 0.5, inner: { steps: 3, step: 0.1 }, step: 1 }
const maid: Fields = {
  method: 'maid',
  constants: { mu: 1, L: 2, upperLipschitzY: 1, crossNorm: 1 },
  epsilon: 0.1,
  delta: 0.1,
  alpha: 1,
}
const hoag: Fields = {
  method: 'hoag',
  epsilon: 0.1,
  tolerances: 'cubic',
  inner: { step: 0.1, budget: 10 },
  step: 0.1,
}
const penalty: Fields = { method: 'penalty', innerSteps: 2, sigma: 0.1, gamma: 0.1, alpha: 0.1 }
const bome: Fields = { method: 'bome', innerSteps: 2, innerStep: 0.1, upperStep: 0.1, lowerStep: 0.1 }
const f2sa: Fields = { method: 'f2sa', innerSteps: 2, alpha: 0.1, gamma: 0.1, lambda0: 1 }
const amigo: Fields = { method: 'amigo', innerSteps: 2, lowerStep: 0.1, upperStep: 0.1 }
const f3sa: Fields = { method: 'f3sa', alpha: 0.1, gamma: 0.1, eta: 0.5, lambda0: 1 }
const saba: Fields = { method: 'saba', lowerStep: 0.1, upperStep: 0.1 }
const steepest = { direction: 'steepest' }

const filledDescent: Fields = {
  inner: { steps: 2, rule: constant, direction: steepest, warmStart: true },
  hypergradient: { estimator: 'cg', iterations: 3, tolerance: 0, warmStart: false },
  outer: { rule: constant, direction: steepest },
  probe: { lowerSteps: 1 },
}
const filledUfom: Fields = { qMin: 0.05, beta: 0.99, exponent: 2, initialise: 'constant' }

describe('what is left out of', () => {
  it.each<readonly [string, t.Decoder<unknown, unknown>, Fields, Fields]>([
    ['bilevelDescent', bilevelMethodExpr, descent, filledDescent],
    ['probe', bilevelMethodExpr, { ...descent, probe: {} }, filledDescent],
    [
      'soba',
      bilevelMethodExpr,
      { method: 'soba', lowerStep: { rule: 'power', initial: 1, exponent: 0.5 }, upperStep: 0.1 },
      { linearStep: { rule: 'power', initial: 1, exponent: 0.5 } },
    ],
    ['ufom', bilevelMethodExpr, ufom, { initialise: 'constant' }],
    [
      'adaptiveUfom',
      bilevelMethodExpr,
      { method: 'adaptiveUfom', inner: { steps: 3, step: 0.1 }, step: 1 },
      { ...filledUfom, costs: { deterministic: 4, random: 3 } },
    ],
    [
      'costs',
      bilevelMethodExpr,
      { method: 'adaptiveUfom', inner: { steps: 3, step: 0.1 }, step: 1, costs: { random: 7 } },
      { ...filledUfom, costs: { deterministic: 4, random: 7 } },
    ],
    ['bome', bilevelMethodExpr, bome, { eta: 0.5, option: 'G', epsilon: 0 }],
    ['f2sa', bilevelMethodExpr, f2sa, { xi: 1, lambdaIncrement: 0 }],
    ['penalty', bilevelMethodExpr, penalty, { rho: Number.POSITIVE_INFINITY, average: 1 }],
    [
      'maid',
      bilevelMethodExpr,
      maid,
      {
        constants: {
          mu: 1,
          L: 2,
          upperLipschitzY: 1,
          upperLipschitzX: 0,
          inverseHessianLipschitz: 0,
          crossLipschitz: 0,
          crossNorm: 1,
        },
        eta: 0.5,
        decrease: 0.25,
        shrink: 0.5,
        grow: 10 / 9,
        refine: 0.5,
        relax: 1.25,
        backtracks: 10,
        rounds: 20,
        refinements: 100,
        lowerBudget: 10000,
        upperConvex: false,
        tolerance: 0,
      },
    ],
    ['hoag', bilevelMethodExpr, hoag, { ratio: 0.9, cgBudget: 1000 }],
    ['amigo', bilevelMethodExpr, amigo, { linearSteps: 2, linearStep: 0.1 }],
    ['f3sa', bilevelMethodExpr, f3sa, { xi: 1, lambdaIncrement: 0 }],
    ['oneStepDifference', estimatorExpr, { estimator: 'oneStepDifference', step: 1 }, { radius: 0.01 }],
    ['saba', bilevelMethodExpr, saba, { linearStep: 0.1, blocks: { lower: 1, upper: 1 } }],
    [
      'shiftedPotential',
      bilevelProblemExpr,
      { problem: 'shiftedPotential', H0: [[1]], s: 1, W: [[1]], b: [0], target: [1] },
      { rho: 0, lowerBounds: { upper: 0, lower: 0 } },
    ],
    [
      'lowerBounds',
      bilevelProblemExpr,
      { problem: 'ablo', tasks: [{ a: 1, b: 2 }], linearBeyond: 1, lowerBounds: { lower: '-Infinity' } },
      { lowerBounds: { upper: 0, lower: Number.NEGATIVE_INFINITY } },
    ],
    ['cg', estimatorAloneExpr, { estimator: 'cg', iterations: 1 }, { tolerance: 0, warmStart: false }],
  ])('%s has its default', (_, codec, given, filled) => {
    const read = codec.decode(given)
    expect(read).toEqual(E.right({ ...given, ...filled }))
    // A field that is there as undefined is not there.
    const blank = Object.fromEntries(Object.keys(filled).map((field) => [field, undefined]))
    expect(codec.decode({ ...blank, ...given })).toEqual(read)
  })

  test('a method without boxes stays away', () => {
    const read = bilevelMethodExpr.decode(bome)
    expect(E.isRight(read) && Object.keys(read.right)).not.toContain('xBox')
  })
})

describe('it is refused, with the field named:', () => {
  const row = { A: [[1]], y: [1], Av: [[1]], yv: [1] }
  const cleaning = { problem: 'dataCleaning', A: [[1]], labels: [0], Av: [[1]], labelsV: [0] }
  it.each<readonly [t.Decoder<unknown, unknown>, unknown, ReadonlyArray<string>]>([
    [bilevelProblemExpr, 1, ['x: got 1, expected a bilevel problem']],
    [
      bilevelProblemExpr,
      { problem: 'other' },
      [
        'x.problem: got "other", expected one of quadraticBilevel, shiftedPotential, ridgeHyper, logisticHyper, dataCleaning, ablo',
      ],
    ],
    [
      bilevelProblemExpr,
      { problem: 'quadraticBilevel', lower: [], upper: [{ P: [[1]], S: [[1]], R: [[1]], p: [1], r: 1 }] },
      [
        'x.lower: got [], expected a non-empty array of components {H, B, c}',
        'x.upper[0].r: got 1, expected an array of numbers',
      ],
    ],
    [
      bilevelProblemExpr,
      { problem: 'logisticHyper', ...row, yv: [0], l2: 1 },
      [
        'x.l2: got 1, expected no such field (logisticHyper has problem, A, y, Av, yv, lowerBounds)',
        'x.yv[0]: got 0, expected 1 or -1',
      ],
    ],
    [
      bilevelProblemExpr,
      { ...cleaning, classes: 0, l2: -1, labels: [0.5] },
      [
        'x.labels[0]: got 0.5, expected an integer >= 0',
        'x.classes: got 0, expected an integer >= 1',
        'x.l2: got -1, expected a finite number >= 0',
      ],
    ],
    [
      bilevelProblemExpr,
      { problem: 'ablo', tasks: [{ a: 1 }], linearBeyond: 'Infinity', lowerBounds: { uper: 0 } },
      [
        'x.tasks[0].b: got nothing, expected a finite number',
        'x.linearBeyond: got "Infinity", expected a finite number >= 0',
        'x.lowerBounds.uper: got 0, expected no such field (lowerBounds has upper, lower)',
      ],
    ],
    [
      estimatorExpr,
      { estimator: 'unrolled', steps: 1, step: 1 },
      [
        'x.steps: got 1, expected no such field (unrolled has estimator)',
        'x.step: got 1, expected no such field (unrolled has estimator)',
      ],
    ],
    [
      estimatorAloneExpr,
      { estimator: 'unrolled' },
      [
        'x.steps: got nothing, expected an integer >= 0',
        'x.step: got nothing, expected a finite number >= 0',
      ],
    ],
    [
      estimatorExpr,
      { estimator: 'cg', iterations: -1, tolerance: -1, warmStart: 1 },
      [
        'x.iterations: got -1, expected an integer >= 0',
        'x.tolerance: got -1, expected a finite number >= 0',
        'x.warmStart: got 1, expected true or false',
      ],
    ],
    [
      estimatorExpr,
      { estimator: 'neumann', terms: 0, step: 0 },
      ['x.terms: got 0, expected an integer >= 1', 'x.step: got 0, expected a finite number > 0'],
    ],
    [estimatorExpr, 'exact', ['x: got "exact", expected an estimator']],
    [scheduleExpr, -1, ['x: got -1, expected a finite number >= 0, or a rule constant or power']],
    [scheduleExpr, null, ['x: got null, expected a finite number >= 0, or a rule constant or power']],
    [scheduleExpr, { rule: 'last', initial: 1 }, ['x.rule: got "last", expected one of constant, power']],
    [
      scheduleExpr,
      { rule: 'constant', step: 'Infinity' },
      ['x.step: got "Infinity", expected a finite number >= 0'],
    ],
    [
      bilevelMethodExpr,
      { ...descent, probe: { lowerSteps: 2 } },
      ['x.probe.lowerSteps: got 2, expected 0 or 1'],
    ],
    [
      bilevelMethodExpr,
      { ...descent, inner: { steps: 1.5, rule: { rule: 'polyak', c: 0 } } },
      [
        'x.inner.steps: got 1.5, expected an integer >= 0',
        'x.inner.rule.c: got 0, expected a finite number > 0',
      ],
    ],
    [
      bilevelMethodExpr,
      {
        ...descent,
        inner: { steps: 1, rule: constant, direction: { direction: 'momentum', mu: 0.9 } },
        hypergradient: { estimator: 'unrolled' },
      },
      [
        'x.inner.direction: got {"direction":"momentum","mu":0.9}, expected the direction steepest where the hypergradient is unrolled',
      ],
    ],
    [
      bilevelMethodExpr,
      { ...ufom, q: 1.5, initialise: 'inner' },
      [
        'x.q: got 1.5, expected a number in [0, 1]',
        'x.initialise: got "inner", expected "constant" or "outer"',
      ],
    ],
    [
      bilevelMethodExpr,
      { ...ufom, method: 'adaptiveUfom', beta: 1, costs: { deterministic: 0, steps: 1 } },
      [
        'x.q: got 0.5, expected no such field (adaptiveUfom has costs, xBox, method, inner, initialise, step, qMin, beta, exponent)',
        'x.costs.steps: got 1, expected no such field (costs has deterministic, random)',
        'x.costs.deterministic: got 0, expected a finite number > 0',
        'x.beta: got 1, expected a number in [0, 1)',
      ],
    ],
    [
      bilevelMethodExpr,
      { ...bome, xBox: [1, 0], yBox: [0, 'NaN'] },
      [
        'x.xBox: got [1,0], expected two numbers [low, high] with low <= high',
        'x.yBox: got [0,"NaN"], expected two numbers [low, high] with low <= high',
      ],
    ],
    [
      estimatorExpr,
      { estimator: 'oneStepDifference', step: 0, radius: -1 },
      ['x.step: got 0, expected a finite number > 0', 'x.radius: got -1, expected a finite number > 0'],
    ],
    [
      estimatorExpr,
      { estimator: 'penaltyGradient', lambda: 0, step: 0.1, tolerance: -1 },
      [
        'x.lambda: got 0, expected a finite number > 0',
        'x.tolerance: got -1, expected a finite number >= 0',
        'x.budget: got nothing, expected an integer >= 0',
      ],
    ],
    [
      bilevelMethodExpr,
      { ...descent, hypergradient: { estimator: 'unrolled' }, xBox: [0, 1], yBox: [0, 1] },
      ['x.yBox: got [0,1], expected no box where the hypergradient is unrolled'],
    ],
    [
      bilevelMethodExpr,
      { ...hoag, step: { adaptive: { start: 0 } } },
      ['x.step.adaptive.start: got 0, expected a finite number > 0'],
    ],
    [
      bilevelMethodExpr,
      { ...hoag, step: { adaptive: {}, rule: 'constant' } },
      ['x.step.rule: got "constant", expected no such field (the adaptive step has adaptive)'],
    ],
    [
      bilevelMethodExpr,
      { ...hoag, step: 'adaptive' },
      [
        'x.step: got "adaptive", expected a finite number >= 0, or a rule constant or power, or {"adaptive": {}}',
      ],
    ],
    [
      bilevelMethodExpr,
      { ...amigo, innerSteps: -1, linearSteps: 0.5, xBox: [1] },
      [
        'x.linearSteps: got 0.5, expected an integer >= 0',
        'x.xBox: got [1], expected two numbers [low, high] with low <= high',
        'x.innerSteps: got -1, expected an integer >= 0',
      ],
    ],
    [
      bilevelMethodExpr,
      { ...f3sa, eta: 1.5, innerSteps: 2 },
      [
        'x.innerSteps: got 2, expected no such field (f3sa has xBox, method, alpha, gamma, eta, xi, lambda0, lambdaIncrement)',
        'x.eta: got 1.5, expected a number in [0, 1], or a rule constant or power',
      ],
    ],
    [
      bilevelMethodExpr,
      { ...f3sa, eta: { rule: 'power', initial: 2, exponent: -1 } },
      [
        'x.eta.initial: got 2, expected a number in (0, 1]',
        'x.eta.exponent: got -1, expected a finite number >= 0',
      ],
    ],
    [
      bilevelMethodExpr,
      { ...saba, linearStep: -1, blocks: { lower: 0 } },
      [
        'x.linearStep: got -1, expected a finite number >= 0, or a rule constant or power',
        'x.blocks.lower: got 0, expected an integer >= 1',
      ],
    ],
    [
      bilevelMethodExpr,
      { ...penalty, rho: 0, average: 2 },
      ['x.rho: got 0, expected a number in (0, Infinity]', 'x.average: got 2, expected a number in [0, 1]'],
    ],
    [
      bilevelMethodExpr,
      { ...maid, grow: 0.5, constants: { mu: 0, L: 1, upperLipschitzY: 1, crossNorm: 1, nu: 1 } },
      [
        'x.constants.nu: got 1, expected no such field (constants has mu, L, upperLipschitzY, upperLipschitzX, inverseHessianLipschitz, crossLipschitz, crossNorm)',
        'x.constants.mu: got 0, expected a finite number > 0',
        'x.grow: got 0.5, expected a finite number >= 1',
      ],
    ],
    [
      bilevelMethodExpr,
      { ...hoag, tolerances: 'linear', ratio: 0 },
      [
        'x.tolerances: got "linear", expected "exponential" or "quadratic" or "cubic"',
        'x.ratio: got 0, expected a number in (0, 1]',
      ],
    ],
  ])('%#', (codec, u, said) => expect(complaints(codec, u, 'x')).toEqual(said))
})

describe('a case is refused', () => {
  const common = {
    id: 'a',
    clause: 'b',
    expect: {},
    tolerance: { relative: 0, absolute: 0 },
    provenance: 'c',
  }
  const problem = { problem: 'ablo', tasks: [{ a: 1, b: 0 }], linearBeyond: 1 }
  const lone = {
    ...common,
    kind: 'hypergradient',
    problem,
    estimator: { estimator: 'direct' },
    x: [1],
    y: [1],
  }
  const cg = { estimator: 'cg', iterations: 1 }
  const run = { ...common, kind: 'bilevel', problem, method: bome, start: { x: [1], y: [1] }, iterations: 1 }
  const outer = { ...run, method: { ...ufom, initialise: 'outer' }, start: { x: [1] }, draws: { coins: [1] } }
  const adaptive = { ...outer, method: { method: 'adaptiveUfom', inner: { steps: 1, step: 1 }, step: 1 } }

  it.each<readonly [string, 'bilevel' | 'hypergradient', Fields, ReadonlyArray<string>]>([
    ['not as it is', 'hypergradient', lone, []],
    [
      'without y',
      'hypergradient',
      { ...lone, y: undefined },
      ['y: got nothing, expected an array of numbers, unless the estimator is exact'],
    ],
    [
      'not without y that exact needs not',
      'hypergradient',
      { ...lone, y: undefined, estimator: { estimator: 'exact' } },
      [],
    ],
    [
      'with a v that is of no use',
      'hypergradient',
      { ...lone, v: [1] },
      ['v: got [1], expected nothing, unless the estimator is cg'],
    ],
    ['not with a v for cg', 'hypergradient', { ...lone, v: [1], estimator: cg }, []],
    [
      'with draws of methods',
      'hypergradient',
      { ...lone, draws: { coins: [1] } },
      ['draws.coins: got [1], expected no such field (draws has upper, lower, cross, hessian, depth)'],
    ],
    [
      'with draws of another shape',
      'hypergradient',
      { ...lone, draws: { upper: [0], lower: [[0]], depth: [-1] } },
      [
        'draws.upper[0]: got 0, expected a batch',
        'draws.lower[0][0]: got 0, expected a batch',
        'draws.depth[0]: got -1, expected an integer >= 0',
      ],
    ],
    ['not as a run is', 'bilevel', run, []],
    [
      'without the start of y',
      'bilevel',
      { ...run, start: { x: [1] } },
      ['start.y: got nothing, expected an array of numbers, unless the inner loop begins at x'],
    ],
    [
      'with a z or a v of no use',
      'bilevel',
      { ...run, start: { x: [1], y: [1], z: [1] } },
      ['start.z: got [1], expected nothing, unless the method is f2sa, penalty or f3sa'],
    ],
    [
      'with a v of no use',
      'bilevel',
      { ...run, start: { x: [1], y: [1], v: [1] } },
      ['start.v: got [1], expected nothing, unless the method is soba, bilevelDescent, saba or amigo'],
    ],
    ['not with a z for f2sa', 'bilevel', { ...run, method: f2sa, start: { x: [1], y: [1], z: [1] } }, []],
    [
      'not with a z for penalty',
      'bilevel',
      { ...run, method: penalty, start: { x: [1], y: [1], z: [1] } },
      [],
    ],
    [
      'not with a v for descent',
      'bilevel',
      { ...run, method: descent, start: { x: [1], y: [1], v: [1] } },
      [],
    ],
    ['not without y that begins at x', 'bilevel', outer, []],
    [
      'without coins',
      'bilevel',
      { ...outer, draws: {} },
      ['draws.coins: got nothing, expected an array of 0 and 1: ufom has no draws of its own'],
    ],
    [
      'with coins that are none',
      'bilevel',
      { ...outer, draws: { coins: [2], uniforms: [1] } },
      ['draws.coins[0]: got 2, expected 0 or 1', 'draws.uniforms[0]: got 1, expected a number in [0, 1)'],
    ],
    [
      'with adaptiveUfom that begins at no y',
      'bilevel',
      { ...adaptive, draws: { uniforms: [0.5] } },
      ['start.y: got nothing, expected an array of numbers, unless the inner loop begins at x'],
    ],
    [
      'without uniforms',
      'bilevel',
      { ...adaptive, start: { x: [1], y: [1] } },
      [
        'draws.uniforms: got nothing, expected an array of numbers in [0, 1): adaptiveUfom has no draws of its own',
      ],
    ],
  ])('%s', (_, kind, given, said) => {
    const codec = codecOf(kind)
    expect(complaints(codec, given, '')).toEqual(said)
    const read = codec.decode(given)
    if (E.isRight(read)) expect(codec.is(read.right)).toBe(true)
    expect(E.isRight(read)).toBe(said.length === 0)
  })
})

describe('a case', () => {
  test.each(cases.map((it) => [it.id, it] as const))('%s is written as it is read', (_, it) => {
    const codec = codecOf(it.kind)
    const read = codec.decode(it)
    if (E.isLeft(read)) throw new Error(complaints(codec, it, '').join('; '))
    const written = codec.encode(read.right)
    // Through JSON, and with every default written out.
    expect(codec.decode(JSON.parse(JSON.stringify(written)))).toEqual(read)
    expect(written).toMatchObject(JSON.parse(JSON.stringify(it)))
  })
})

describe('the cases', () => {
  const named = (u: unknown, field: string): ReadonlyArray<string> => {
    if (typeof u !== 'object' || u === null) return []
    const own = Object.entries(u).flatMap(([key, v]) => (key === field && typeof v === 'string' ? [v] : []))
    return [...own, ...Object.values(u).flatMap((v) => named(v, field))]
  }
  const ofKind = (kind: string) => cases.filter((it) => it.kind === kind)

  test('of either kind are on every problem', () => {
    for (const kind of ['bilevel', 'hypergradient'])
      expect(new Set(ofKind(kind).flatMap((it) => named(it, 'problem')))).toEqual(
        new Set(Object.keys(bilevelProblems)),
      )
  })

  test('of either kind use every estimator, those at a point on every problem', () => {
    const all = Object.keys(estimators)
    expect(new Set(ofKind('bilevel').flatMap((it) => named(it, 'estimator')))).toEqual(new Set(all))
    const pairs = new Set(
      ofKind('hypergradient').map((it) => `${named(it, 'problem')} ${named(it, 'estimator')}`),
    )
    const wanted = Object.keys(bilevelProblems).flatMap((p) => all.map((e) => `${p} ${e}`))
    expect(wanted.filter((pair) => !pairs.has(pair))).toEqual(['ablo exact'])
  })

  test('use every method', () =>
    expect(new Set(ofKind('bilevel').flatMap((it) => named(it, 'method')))).toEqual(
      new Set(Object.keys(bilevelMethods)),
    ))
})
