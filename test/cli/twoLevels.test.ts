/** Experiments on two levels: what is read, what is refused, and that a run gives the same bytes however it is interrupted. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { showInvalid } from '../../spec/vocabulary/invalid.js'
import { relabelled } from '../../src/cli/experiment/bilevelProblem.js'
import { execute, type RunProgress, type Setting } from '../../src/cli/experiment/execute.js'
import { decodeExperiment } from '../../src/cli/experiment/experiment.js'
import { type Plan, plan } from '../../src/cli/experiment/plan.js'
import { reportData } from '../../src/cli/experiment/results.js'
import { loadSetting, readSource, type Source } from '../../src/cli/experiment/source.js'
import { writtenDraws } from '../../src/cli/experiment/writtenDraws.js'
import { renderReport } from '../../src/cli/report/index.js'
import { bilevelDescent, bsa, firstOrder } from '../../src/entry/bilevel.js'
import { adam, armijo, constant, last } from '../../src/entry/steplaw.js'
import { folder, jsonFile, shell } from './steplaw.js'

const iterations = 12

/** Thirty-six points of three classes in the plane, as a file. */
const table = Array.from(
  { length: 36 },
  (_, i) => `${Math.cos(i)},${Math.sin(2 * i)},${(i * 7) % 5},${i % 3}`,
).join('\n')

const rule = { rule: 'constant', step: 0.1 }
const search = { rule: 'armijo', start: { rule: 'last', initial: 1, factor: 1.5 }, slack: 0.01 }

/** Every method of the standard that ends by itself never or late, and a baseline. */
const methods = [
  {
    name: 'searches',
    method: {
      method: 'bilevelDescent',
      inner: { steps: 2, rule: search },
      hypergradient: { estimator: 'cg', iterations: 2, warmStart: true },
      outer: { rule: search, direction: { direction: 'adam', beta1: 0.9, beta2: 0.99, eps: 1e-8 } },
    },
  },
  {
    name: 'stocBiO',
    method: {
      method: 'bilevelDescent',
      inner: { steps: 2, rule },
      hypergradient: { estimator: 'neumann', terms: 3, step: 0.1 },
      outer: { rule },
    },
  },
  { name: 'SOBA', method: { method: 'soba', lowerStep: 0.1, upperStep: 0.5 } },
  { name: 'UFOM', method: { method: 'ufom', q: 0.5, inner: { steps: 2, step: 0.1 }, step: 0.5 } },
  {
    name: 'BOME',
    method: { method: 'bome', innerSteps: 2, innerStep: 0.1, upperStep: 0.5, lowerStep: 0.1 },
  },
  {
    name: 'F2SA',
    method: { method: 'f2sa', innerSteps: 2, alpha: 0.1, gamma: 0.1, lambda0: 1, lambdaIncrement: 0.1 },
  },
]

/** A term of a series at random, after as many products as it says. */
const bsaExpr = {
  method: 'bilevelDescent',
  inner: { steps: 2, rule },
  hypergradient: { estimator: 'neumann', terms: 4, step: 0.1 },
  outer: { rule },
}

const cleaning = {
  format: 'steplaw-experiment/1',
  id: 'levels',
  problem: {
    problem: 'dataCleaning',
    l2: 0.1,
    relabel: { share: 0.5, seed: 1 },
    data: { as: 'csv', file: 'points.csv', bias: true },
  },
  split: { test: 8, validation: 8, seed: 2 },
  start: { x: 'zeros', y: { normal: 0.1, seed: 3 } },
  draws: { batch: 5, replace: false, seed: 4 },
  iterations,
  record: {
    every: 3,
    fields: [
      'value',
      'step',
      'because',
      'probes',
      'evaluations',
      'gradientNorm',
      'train',
      'validation',
      'test',
      'lowerStep',
      'lambda',
    ],
  },
  runs: [...methods, { name: 'plain', baseline: { on: 'given', steps: 2 }, rule }],
}

const small = {
  format: 'steplaw-experiment/1',
  id: 'small',
  problem: {
    problem: 'quadraticBilevel',
    lower: [{ H: [[2]], B: [[1]], c: [-1] }],
    upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
  },
  start: { x: [0], y: [0] },
  iterations,
  runs: methods.slice(0, 1),
}

const errorsOf = (raw: unknown): ReadonlyArray<string> => {
  const decoded = decodeExperiment(raw)
  const planned = E.isLeft(decoded) ? decoded : plan(decoded.right)
  return E.isLeft(planned) ? planned.left.map(showInvalid) : []
}

/** The experiment in a folder of its own, beside its table. */
const place = (raw: unknown): string => {
  const here = folder()
  writeFileSync(join(here, 'points.csv'), table)
  return jsonFile(here, 'experiment.json', raw)
}

const load = async (
  raw: unknown,
): Promise<E.Either<ReadonlyArray<string>, { source: Source; setting: Setting }>> => {
  const path = place(raw)
  const source = await readSource(path)
  if (E.isLeft(source)) return E.left(source.left.map(showInvalid))
  const setting = await loadSetting(source.right)
  return E.isLeft(setting)
    ? E.left(setting.left.map(showInvalid))
    : E.right({ source: source.right, setting: setting.right })
}

const loaded = async (raw: unknown) => {
  const found = await load(raw)
  if (E.isLeft(found)) throw new Error(found.left.join('; '))
  return found.right
}

const whole = (one: Plan, setting: Setting): RunProgress => execute(one, setting, null, () => 'go on')

const linesOf = ({ lines }: RunProgress): ReadonlyArray<Record<string, unknown>> =>
  lines.map((line) => JSON.parse(line))

/** Executes a run with an interruption after each of the given numbers of iterations, saving through JSON every time. */
const interrupted = (one: Plan, setting: Setting, after: ReadonlyArray<number>): RunProgress => {
  let saved: RunProgress | null = null
  for (const pause of [...after, Number.POSITIVE_INFINITY]) {
    let left = pause
    const progress: RunProgress = execute(one, setting, saved, () => (--left <= 0 ? 'interrupt' : 'go on'))
    if (progress.state === null) return progress
    saved = JSON.parse(JSON.stringify(progress))
  }
  throw new Error('the run did not end')
}

describe('an experiment on two levels', () => {
  it('gives the same bytes however it is interrupted, with every method', async () => {
    const { source, setting } = await loaded(cleaning)
    for (const one of source.plans) {
      const once = whole(one, setting)
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 1, max: iterations }), { maxLength: 3 }), (after) => {
          expect(interrupted(one, setting, after)).toEqual(once)
        }),
        { numRuns: 4 },
      )
    }
  })

  it('counts evaluations by kind, and judges on rows of both levels and on neither', async () => {
    const { source, setting } = await loaded(cleaning)
    const [searches, stocBiO] = source.plans.map((one) => linesOf(whole(one, setting)))
    expect(Object.keys(searches?.[0] ?? {})).toEqual(['run', 'k', ...cleaning.record.fields])
    const score = { loss: expect.any(Number), accuracy: expect.any(Number) }
    expect(stocBiO?.at(-1)).toMatchObject({
      run: 'stocBiO',
      summary: {
        method:
          'bilevelDescent{inner: {steps: 2, rule: constant{step: 0.1}}, hypergradient: neumann{terms: 3, step: 0.1}, outer: {rule: constant{step: 0.1}}}',
        dimension: { x: 20, y: 12 },
        rows: { train: 20, validation: 8, test: 8 },
        iterations,
        status: 'completed',
        train: expect.any(Number),
        validation: score,
        test: score,
        evaluations: {
          upperValues: 0,
          upperGradients: iterations,
          lowerValues: 0,
          lowerGradients: 2 * iterations,
          hessianProducts: 2 * iterations,
          crossProducts: iterations,
          gradientUnits: 6 * iterations,
        },
        decided: { 'constant{step: 0.1}': iterations },
        failures: {},
      },
    })
  })

  it('counts the steps of a baseline, and trains it on the labels it is told to believe', async () => {
    const runs = (['given', 'clean', 'validation'] as const).map((on) => ({
      name: on,
      baseline: { on, steps: 20 },
      rule: { rule: 'constant', step: 0.5 },
    }))
    const { source, setting } = await loaded({ ...cleaning, draws: undefined, runs })
    const ends = source.plans.map((one) => Object(linesOf(whole(one, setting)).at(-1)).summary)
    for (const { iterations: made, evaluations } of ends) {
      expect(made).toBe(iterations)
      expect(evaluations.lowerGradients).toBe(20 * iterations)
    }
    expect(new Set(ends.map(({ train }) => train)).size).toBe(3)
    // Nothing fits the validation rows as what was trained on them alone.
    const least = Math.min(...ends.map(({ validation }) => validation.loss))
    expect(ends[2].validation.loss).toBe(least)
  })

  it('draws labels anew for a share of the rows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(4), { minLength: 1, maxLength: 50 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: -1000, max: 1000 }),
        (given, share, seed) => {
          const labels = Int32Array.from(given)
          const drawn = relabelled(labels, 5, { share, seed })
          expect(drawn).toEqual(relabelled(labels, 5, { share, seed }))
          expect(drawn.every((label) => label >= 0 && label < 5)).toBe(true)
          const moved = drawn.filter((label, i) => label !== labels[i]).length
          expect(moved).toBeLessThanOrEqual(Math.round(share * labels.length))
        },
      ),
    )
  })

  it('is reported with test figures, and with heat maps where two numbers are swept', async () => {
    const { source, setting } = await loaded({
      ...cleaning,
      runs: [
        {
          ...methods[1],
          sweep: { 'method.outer.rule.step': [0.1, 1], 'method.inner.rule.step': [0.01, 0.1, 1e200] },
        },
        cleaning.runs.at(-1),
      ],
    })
    const runs = source.plans.map((one) => ({ ...whole(one, setting), seconds: 1 }))
    const data = reportData(source.words, source.experiment, runs)
    expect(data.runs.map(({ pair }) => pair?.map(([, value]) => value))).toEqual([
      ...[0.1, 1].flatMap((upper) => [0.01, 0.1, 1e200].map((lower) => [upper, lower])),
      undefined,
    ])
    expect(data.runs[0]).toMatchObject({
      group: 'Fixed steps',
      outline: [
        'bilevelDescent, neumann{terms: 3, step: 0.1}',
        'upper: constant{step: 0.1}',
        'lower: 2 × constant{step: 0.01}',
      ],
      summary: { decided: [{ operand: 'the upper rule', count: iterations }] },
    })
    const page = renderReport(data, { ...data, title: 'Again' })
    for (const words of ['final validation loss', 'test accuracy', 'Final test loss over two knobs', 'Again'])
      expect(page).toContain(words)
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('draws the depth of a series, in an expression or in code', async () => {
    const long = { ...cleaning, iterations: 60, record: { every: 1, fields: ['count', 'hypergradient'] } }
    const { source, setting } = await loaded({
      ...long,
      runs: [
        { name: 'BSA', method: bsaExpr, depth: 'drawn' },
        { name: 'the series', method: bsaExpr },
      ],
    })
    const [drawn, summed] = source.plans.map((one) => linesOf(whole(one, setting)))
    const counts = (drawn ?? []).slice(0, -1).map(({ count }) => count)
    expect(new Set(counts)).toEqual(new Set([0, 1, 2, 3]))
    expect(new Set((summed ?? []).slice(0, -1).map(({ count }) => count))).toEqual(new Set([3]))
    expect(drawn?.at(-1)).toMatchObject({
      summary: { hypergradient: 'neumann{terms: 4, step: 0.1} at a drawn depth' },
    })
    const inner = { steps: 2, rule: constant(0.1) }
    const method = bsa({ terms: 4, step: 0.1, inner, outer: { rule: constant(0.1) } })
    const raw = decodeExperiment({ ...long, runs: [{ name: 'BSA', method, depth: 4 }] })
    const planned = E.isRight(raw) ? plan(raw.right) : raw
    const [coded] = E.isRight(planned) ? planned.right : []
    if (coded === undefined) throw new Error('a run is there')
    expect(linesOf(whole(coded, setting)).slice(0, -1)).toEqual(drawn?.slice(0, -1))
  })

  it('writes draws from which the same runs follow', async () => {
    const adaptive = {
      name: 'adaptive',
      method: { method: 'adaptiveUfom', inner: { steps: 3, step: 0.1 }, step: 0.5 },
    }
    const runs = [...methods.filter(({ name }) => name !== 'stocBiO'), adaptive]
    const drawn = { name: 'BSA', method: bsaExpr, depth: 'drawn' }
    for (const [batch, all] of [
      [5, [...runs, drawn]],
      [5, methods],
      [9, runs],
      [20, runs],
    ] as const) {
      const one = { ...cleaning, draws: { batch, replace: true, seed: 8 }, runs: all }
      const { source, setting } = await loaded(one)
      if (!('judged' in setting)) throw new Error('two levels')
      const written = writtenDraws(setting, source.plans)
      if (E.isLeft(written)) throw new Error(showInvalid(written.left))
      const draws: unknown = JSON.parse(JSON.stringify(written.right))
      const again = await loaded({ ...one, draws })
      expect(again.source.plans.map((each) => whole(each, again.setting))).toEqual(
        source.plans.map((each) => whole(each, setting)),
      )
    }
  })

  it('says where draws cannot be written', async () => {
    const refused = async (runs: ReadonlyArray<unknown>): Promise<string> => {
      const { source, setting } = await loaded({ ...cleaning, runs })
      if (!('judged' in setting)) throw new Error('two levels')
      const written = writtenDraws(setting, source.plans)
      return E.isLeft(written) ? written.left.expected : ''
    }
    const tossing = (q: number) => ({
      name: `UFOM ${q}`,
      method: { method: 'ufom', q, inner: { steps: 2, step: 0.1 }, step: 0.5 },
    })
    expect(await refused([tossing(0.5), tossing(0), tossing(0.25)])).toMatch(/^one probability of the coin/)
    expect(await refused([tossing(0.5), tossing(0)])).toBe('')
    expect(
      await refused([
        { name: 'a', method: bsaExpr, depth: 'drawn' },
        { name: 'b', method: bsaExpr },
      ]),
    ).toMatch(/^one number of terms among which a depth is drawn, or none/)
    expect(await refused(cleaning.runs)).toMatch(/^no baseline/)
  })

  it('takes a method that is built in code, and a problem written out', async () => {
    const { setting } = await loaded(small)
    const method = bilevelDescent({
      inner: { steps: 1, rule: armijo({ start: last({ initial: 1 }) }) },
      hypergradient: firstOrder(),
      outer: { rule: constant(0.1), direction: adam() },
    })
    const raw = decodeExperiment({ ...small, runs: [{ name: 'mine', method }] })
    const planned = E.isRight(raw) ? plan(raw.right) : raw
    const [one] = E.isRight(planned) ? planned.right : []
    if (one === undefined) throw new Error('a run is there')
    expect(linesOf(whole(one, setting)).at(-1)).toMatchObject({
      summary: { method: 'bilevelDescent', validation: { loss: expect.any(Number) } },
    })
  })
})

describe('what is wrong', () => {
  const run = (method: unknown) => ({ ...small, runs: [{ name: 'a', method }] })
  it.each([
    [run({ method: 'soba', lowerStep: -1, upperStep: 1 }), 'runs[0].method.lowerStep: got -1'],
    [run({ method: 'sobba' }), 'runs[0].method.method: got "sobba", expected one of bilevelDescent, soba'],
    [{ ...small, runs: [{ name: 'a', rule }] }, 'runs[0].rule: got'],
    [{ ...small, start: 'zeros' }, 'start: got "zeros", expected a start {x, y}'],
    [{ ...small, start: { x: [0] } }, 'start.y: got nothing'],
    [{ ...small, problem: { problem: 'ablo' } }, 'problem.tasks: got nothing'],
    [{ ...small, record: { fields: ['loss'] } }, 'record.fields[0]: got "loss", expected one of value, step'],
    [{ ...small, draws: { upper: [[-1]] } }, 'draws.upper[0][0]: got -1, expected an integer >= 0'],
    [
      { ...cleaning, problem: { ...cleaning.problem, relabel: { share: 2, seed: 1 } } },
      'problem.relabel.share: got 2, expected a number in [0, 1]',
    ],
    [
      { ...cleaning, runs: [{ name: 'b', baseline: { on: 'noise' }, rule }] },
      'runs[0].baseline.on: got "noise", expected one of given, validation, clean',
    ],
    [
      { ...small, runs: [{ name: 'BSA', method: bsaExpr, depth: 'drawn' }] },
      'runs[0].depth: got "drawn", expected seeded draws to draw it from, or draws with depth',
    ],
    [
      { ...cleaning, runs: [{ name: 'BSA', method: bsaExpr, depth: 4 }] },
      'runs[0].depth: got 4, expected nothing, or "drawn" with the hypergradient of a series',
    ],
    [
      { ...cleaning, runs: [{ ...methods[0], depth: 'drawn' }] },
      'runs[0].depth: got "drawn", expected nothing, or "drawn" with the hypergradient of a series',
    ],
    [
      { ...cleaning, runs: [{ name: 'BSA', method: bsa(), depth: 'drawn' }] },
      'runs[0].depth: got "drawn", expected the number of terms',
    ],
    [{ ...cleaning, runs: [{ name: 'BSA', method: bsa(), depth: 0 }] }, 'runs[0].depth: got 0'],
  ])('is named when it is read (%#)', (raw, message) => {
    expect(errorsOf(raw).join('\n')).toContain(message)
  })

  it.each([
    [{ ...small, start: { x: [0, 0], y: [0] } }, 'start.x: got "2 numbers", expected 1 numbers'],
    [{ ...small, draws: { upper: [[0]] } }, 'draws.upper: got "1 entries", expected an entry for each of 12'],
    [
      { ...small, draws: { upper: Array.from({ length: iterations }, () => [1]) } },
      'draws.upper[0][0]: got 1, expected an index from 0 to 0',
    ],
    [{ ...small, split: cleaning.split }, 'expected no split'],
    [{ ...small, runs: cleaning.runs.slice(-1) }, 'runs: got "plain", expected no baseline'],
    [
      { ...cleaning, split: { test: 8, seed: 1 } },
      'split.validation: got nothing, expected rows for the upper',
    ],
    [{ ...cleaning, draws: { batch: 21, replace: true, seed: 1 } }, 'draws.batch: got 21'],
  ])('is named when it is loaded (%#)', async (raw, message) => {
    const found = await load(raw)
    expect(E.isLeft(found) ? found.left.join('\n') : 'nothing').toContain(message)
  })

  it('is said of two experiments of one name', () => {
    const path = place(small)
    const { code, stderr } = shell(`steplaw run ${path} ${path}`, folder())
    expect(code).toBe(1)
    expect(stderr).toContain('id: got "small", expected experiments with different names')
  })
})
