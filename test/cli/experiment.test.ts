import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { describe, expect, it } from 'vitest'
import { showInvalid } from '../../spec/vocabulary/invalid.js'
import { execute, type RunProgress, type Setting } from '../../src/cli/experiment/execute.js'
import { decodeExperiment } from '../../src/cli/experiment/experiment.js'
import { type Plan, plan } from '../../src/cli/experiment/plan.js'
import { reportData } from '../../src/cli/experiment/results.js'
import { loadSetting, readSource, type Source } from '../../src/cli/experiment/source.js'
import { openStore, type SavedRun } from '../../src/cli/experiment/store.js'
import { constant, mechanic } from '../../src/entry/steplaw.js'
import { experiment, folder, jsonFile } from './steplaw.js'

const errorsOf = (raw: unknown): ReadonlyArray<string> => {
  const decoded = decodeExperiment(raw)
  const planned = E.isLeft(decoded) ? decoded : plan(decoded.right)
  return E.isLeft(planned) ? planned.left.map(showInvalid) : []
}

const load = async (raw: unknown): Promise<{ readonly source: Source; readonly setting: Setting }> => {
  const source = await readSource(jsonFile(folder(), 'experiment.json', raw))
  if (E.isLeft(source)) throw new Error(source.left.map(showInvalid).join('; '))
  const setting = await loadSetting(source.right)
  if (E.isLeft(setting)) throw new Error(setting.left.map(showInvalid).join('; '))
  return { source: source.right, setting: setting.right }
}

const coins = { wrapper: 'coinBetting', wealth: 1 }
const tuner = { wrapper: 'mechanic', sInit: 0.01, betas: [0.9, 0.99] }
const averaged = { wrapper: 'average', weights: 'uniform', of: tuner }
/** Runs under wrappers, and one by a wrapper alone. */
const wrapped = {
  ...experiment,
  record: { every: 10, fields: ['value', 'step', 'scale', 'wealth', 'average'] },
  runs: [
    {
      name: 'm',
      rule: { rule: 'constant', step: 0.1 },
      wrapper: averaged,
      sweep: { 'wrapper.of.sInit': [0.01, 0.1], 'wrapper.of.betas[0]': [0.5, 0.9], 'rule.step': [0.01] },
    },
    { name: 'c', wrapper: coins, sweep: { 'wrapper.wealth': [1, 2] } },
  ],
}

const control = { replicas: 3, step: 0.1, spread: 0.5, temperature: 0.1, momentum: 0.5, gain: 1, period: 4 }
/** Runs of several replicas. */
const replicated = {
  ...experiment,
  record: { every: 5, fields: ['value', 'step', 'evaluations', 'probes'] },
  runs: [
    {
      name: 'r',
      replicas: { controller: control, seed: 1 },
      sweep: { 'replicas.controller.step': [0.01, 0.1] },
    },
  ],
}

/** A clock by which every iteration takes a second. */
const ticking = (): (() => number) => {
  let reads = 0
  return () => reads++
}

/** Executes a run with an interruption after each of the given numbers of iterations, saving through JSON every time. */
const withInterruptions = (one: Plan, setting: Setting, after: ReadonlyArray<number>): RunProgress => {
  let saved: RunProgress | null = null
  for (const pause of [...after, Number.POSITIVE_INFINITY]) {
    let left = pause
    const between = () => (--left <= 0 ? 'interrupt' : 'go on')
    const progress: RunProgress = execute(one, setting, saved, between, ticking())
    if (progress.state === null) return progress
    saved = JSON.parse(JSON.stringify(progress))
  }
  throw new Error('the run did not end')
}

describe('an experiment file', () => {
  it('is read', () => {
    expect(errorsOf(experiment)).toEqual([])
  })

  it.each([
    [{ ...experiment, iterations: -1 }, 'iterations: got -1, expected an integer >= 0'],
    [{ ...experiment, runs: [] }, 'runs: got [], expected a non-empty array of runs'],
    [{ ...experiment, colour: 1 }, 'colour: got 1, expected no such field'],
    [{ ...experiment, format: 'steplaw-experiment/2' }, 'format: got "steplaw-experiment/2"'],
    [
      { ...experiment, runs: [{ name: 'a', rule: { rule: 'polyak', c: 0 } }] },
      'runs[0].rule.c: got 0, expected a finite number > 0',
    ],
    [
      {
        ...experiment,
        runs: [{ name: 'a', rule: { rule: 'constant', step: 1 }, direction: { direction: 'up' } }],
      },
      'runs[0].direction.direction: got "up", expected one of steepest',
    ],
    [{ ...experiment, runs: [{ name: 'a' }] }, 'runs[0].rule: got nothing, expected a rule, or a wrapper'],
    [
      { ...experiment, runs: [{ name: 'a', rule: { rule: 'never' }, wrapper: coins }] },
      'runs[0].rule: got {"rule":"never"}, expected none beside coinBetting, which steps by itself',
    ],
    [
      { ...experiment, runs: [{ name: 'a', direction: { direction: 'steepest' }, wrapper: coins }] },
      'runs[0].direction: got {"direction":"steepest"}, expected none beside coinBetting',
    ],
    [
      { ...experiment, runs: [{ name: 'a', wrapper: { ...averaged, weights: 'steps', of: coins } }] },
      'expected one with a meaning (average: weights is steps',
    ],
    [
      {
        ...experiment,
        runs: [
          {
            name: 'a',
            rule: { rule: 'never' },
            direction: { direction: 'neo', alpha: 3, memory: 2, normalised: true },
          },
        ],
      },
      'expected one with a meaning (neo: alpha is 3',
    ],
    [
      { ...experiment, runs: [{ name: 'a', rule: { rule: 'constant' }, sweep: { 'rule.of[0].step': [1] } }] },
      'runs[0].sweep.rule.of[0].step: got "rule.of[0].step", expected a path in the run',
    ],
    [
      {
        ...experiment,
        runs: [
          { name: 'a', rule: { rule: 'never' } },
          { name: 'a', rule: { rule: 'never' } },
        ],
      },
      'runs: got "a", expected names that differ',
    ],
    [
      { ...experiment, record: { fields: ['value', 'loss'] } },
      'record.fields[1]: got "loss", expected one of value, step',
    ],
    [
      { ...experiment, objective: { objective: 'softmax', data: { as: 'mnist' }, clases: 10 } },
      'objective.clases: got 10, expected no such field',
    ],
  ])('that is wrong names the field, the value and what was expected (%#)', (raw, message) => {
    expect(errorsOf(raw).join('\n')).toContain(message)
  })
})

describe('runs of replicas', () => {
  it('give the same bits however they are interrupted, and count the gradients of all', async () => {
    const { source, setting } = await load(replicated)
    for (const one of source.plans) {
      const whole = execute(one, setting, null, () => 'go on', ticking())
      expect(withInterruptions(one, setting, [3, 1, 9])).toEqual(whole)
      const last: unknown = JSON.parse(whole.lines.at(-1) ?? '')
      expect(last).toMatchObject({
        summary: {
          family: 'r',
          evaluations: { values: 0, gradients: 3 * setting.experiment.iterations },
          rule: expect.stringMatching(/^replicas\{replicas: 3, step: 0\.\d+, .*seed: 1\}$/),
        },
      })
    }
    expect(source.plans.map(({ startingStep }) => startingStep)).toEqual([0.01, 0.1])
  })

  it('move the base, and leave it without gain', async () => {
    const still = { ...replicated.runs[0], replicas: { controller: { ...control, gain: 0 } } }
    const { source, setting } = await load({
      ...replicated,
      runs: [...replicated.runs, { ...still, name: 's' }],
    })
    const steps = source.plans.map((one) =>
      execute(one, setting, null, () => 'go on')
        .lines.slice(0, -1)
        .map((line): number => JSON.parse(line).step),
    )
    const moved = steps.map((all) => new Set(all.map((x) => x.toPrecision(12))).size > 1)
    expect(moved).toEqual([true, true, false, false])
  })

  it.each([
    [{ controller: { ...control, decay: -0.1 } }, 'runs[0].replicas.controller.decay: got -0.1'],
    [{ controller: { ...control, replicas: 0 } }, 'runs[0].replicas.controller.replicas: got 0'],
    [{ controller: control, seed: 0.5 }, 'runs[0].replicas.seed: got 0.5, expected an integer of 32 bits'],
    [{ controller: control, sede: 1 }, 'runs[0].replicas.sede: got 1, expected no such field'],
  ])('that are wrong name the field: %j', (replicas, message) => {
    expect(errorsOf({ ...experiment, runs: [{ name: 'r', replicas }] }).join('\n')).toContain(message)
  })

  it('want draws of their own', () => {
    const runs = [{ name: 'r', replicas: { controller: control } }]
    expect(errorsOf({ ...experiment, draws: { batches: [[0]] }, runs }).join('\n')).toContain(
      'expected seeded draws: every replica draws batches of its own',
    )
  })
})

describe('sweeps', () => {
  it('spread one run into a grid, the last path varying fastest', () => {
    const decoded = decodeExperiment({
      ...experiment,
      runs: [
        {
          name: 'a',
          rule: { rule: 'min', of: [{ rule: 'polyak' }, { rule: 'constant' }] },
          sweep: { 'rule.of[0].c': [1, 2], 'rule.of.1.step': [3, 4] },
        },
      ],
    })
    const planned = E.isRight(decoded) ? plan(decoded.right) : decoded
    expect(E.isRight(planned) && planned.right.map(({ name }) => name)).toEqual([
      'a c=1, step=3',
      'a c=1, step=4',
      'a c=2, step=3',
      'a c=2, step=4',
    ])
  })

  it('reach into wrappers and rules alike', async () => {
    const { source } = await load(wrapped)
    expect(source.plans.map(({ name }) => name)).toEqual([
      'm sInit=0.01, 0=0.5, step=0.01',
      'm sInit=0.01, 0=0.9, step=0.01',
      'm sInit=0.1, 0=0.5, step=0.01',
      'm sInit=0.1, 0=0.9, step=0.01',
      'c wealth=1',
      'c wealth=2',
    ])
  })

  it('leave a wrapper built in a module where it has no expression, and reach into it where it has one', () => {
    const swept = (wrapper: unknown): ReadonlyArray<string> =>
      errorsOf({
        ...experiment,
        runs: [{ name: 'a', rule: constant, wrapper, sweep: { 'wrapper.lambda': [0, 1], step: [1, 2] } }],
      })
    expect(swept(mechanic())).toEqual([])
    expect(swept({ ...mechanic(), expr: O.none })).toEqual([
      'runs[0].sweep.wrapper.lambda: got "wrapper.lambda", expected a path in the run, such as rule.step',
    ])
  })

  it('apply a function of the swept value in a module', () => {
    const decoded = decodeExperiment({
      ...experiment,
      runs: [{ name: 'a', rule: constant, sweep: { step: [1, 2] } }],
    })
    const planned = E.isRight(decoded) ? plan(decoded.right) : decoded
    expect(
      E.isRight(planned) &&
        planned.right.map((p) => [p.name, p.startingStep, 'rule' in p.method && p.method.rule?.name]),
    ).toEqual([
      ['a step=1', 1, 'constant'],
      ['a step=2', 2, 'constant'],
    ])
  })
})

describe('a run', () => {
  it.each([
    ['', experiment],
    [' under wrappers', wrapped],
  ])('gives the same bytes however often it is interrupted and gone on with%s', async (_, given) => {
    const { source, setting } = await load(given)
    for (const one of source.plans) {
      const whole = execute(one, setting, null, () => 'go on', ticking())
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 1, max: 45 }), { maxLength: 4 }), (after) => {
          const resumed = withInterruptions(one, setting, after)
          return resumed.lines.join('\n') === whole.lines.join('\n') && resumed.state === null
        }),
        { numRuns: 25 },
      )
    }
  })

  it('that is gone on with from another run’s state says so', async () => {
    const { source, setting } = await load(experiment)
    const [first, , , search] = source.plans
    if (first === undefined || search === undefined) throw new Error('two runs are there')
    const half = execute(search, setting, null, (k) => (k === 5 ? 'interrupt' : 'go on'))
    expect(() => execute(first, setting, half, () => 'go on')).toThrow('does not fit the run')
  })

  it('records the outputs of its wrapper, null where there are none of the name', async () => {
    const { source, setting } = await load(wrapped)
    const [tuned, alone] = [source.plans[0], source.plans[4]].map((one) =>
      one === undefined
        ? []
        : execute(one, setting, null, () => 'go on').lines.map((l): unknown => JSON.parse(l)),
    )
    expect(tuned?.[1]).toMatchObject({ scale: expect.any(Number), wealth: null, average: expect.any(Array) })
    expect(alone?.[1]).toMatchObject({ step: null, scale: null, wealth: expect.any(Number), average: null })
    expect(tuned?.at(-1)).toMatchObject({
      summary: {
        rule: 'constant{step: 0.01}',
        wrapper: 'average{weights: uniform, of: mechanic{sInit: 0.01, betas: [0.5, 0.99]}}',
        average: { train: expect.any(Number) },
      },
    })
    expect(alone?.at(-1)).toMatchObject({
      summary: { rule: null, direction: null, wrapper: 'coinBetting{wealth: 1}', decided: {}, failures: {} },
    })
  })

  it('is reported with its times, where it was timed from its beginning', async () => {
    const { source, setting } = await load(experiment)
    const [first] = source.plans
    if (first === undefined) throw new Error('a run is there')
    const timed = { ...execute(first, setting, null, () => 'go on', ticking()), seconds: 60 }
    const shown = (run: SavedRun) => reportData(source.words, source.experiment, [run]).runs[0]
    expect(shown(timed)?.trace.map(({ seconds }) => seconds)).toEqual(timed.times)
    expect(shown(timed)).toMatchObject({ seconds: 60, iterating: 40 })
    const out = folder()
    const store = openStore(out, source.experiment)
    store.save(first, 0, timed)
    expect(store.load(first, 0)).toEqual(E.right(timed))
    // As it was saved before iterations were timed.
    const file = join(out, 'runs', '0000.json')
    const { times: _times, spent: _spent, ...older } = JSON.parse(readFileSync(file, 'utf8'))
    writeFileSync(file, JSON.stringify(older))
    const read = store.load(first, 0)
    if (E.isLeft(read) || read.right === null) throw new Error('it can be read')
    expect(read.right.lines).toEqual(timed.lines)
    expect(shown(read.right)?.trace.map(({ seconds }) => seconds)).toEqual(timed.times.map(() => undefined))
    expect(shown(read.right)?.iterating).toBeUndefined()
  })

  it('records what it was asked to, every third iteration, and a summary', async () => {
    const { source, setting } = await load(experiment)
    const [first] = source.plans
    if (first === undefined) throw new Error('a run is there')
    const progress = execute(first, setting, null, () => 'go on', ticking())
    const lines = progress.lines.map((line): unknown => JSON.parse(line))
    expect(lines).toHaveLength(15)
    // A second an iteration, and none for what is recorded.
    expect(progress.times).toEqual(Array.from({ length: 14 }, (_, i) => 3 * i))
    expect(progress.spent).toBe(40)
    expect(Object.keys(Object(lines[1]))).toEqual(['run', 'k', ...experiment.record.fields])
    expect(lines[14]).toMatchObject({
      run: 'constant step=0.01',
      summary: { iterations: 40, evaluations: { values: 0, gradients: 40 }, failures: {} },
    })
  })
})
