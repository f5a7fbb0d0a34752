import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { execute } from '../../src/cli/experiment/execute.js'
import { loadSetting, readSource } from '../../src/cli/experiment/source.js'
import { openStore } from '../../src/cli/experiment/store.js'
import { experiment, folder, jsonFile, steplaw } from './steplaw.js'

describe('exit codes', () => {
  it('are 2 for bad usage', () => {
    expect(steplaw('frobnicate').code).toBe(2)
    expect(steplaw('run').code).toBe(2)
    expect(steplaw('run', 'x.json', '--resume').code).toBe(2)
    expect(steplaw('run', 'x.json', '--threads', '0').code).toBe(2)
    expect(steplaw('list', 'nonsense').code).toBe(2)
    expect(steplaw('conform').code).toBe(2)
  })

  it('are 0 for help and lists', () => {
    expect(steplaw('--help')).toMatchObject({ code: 0, stderr: '' })
    const { code, stdout } = steplaw('list', 'rules')
    expect(code).toBe(0)
    expect(stdout).toContain('polyak{c: a finite number > 0 = 1; target: a number')
  })

  it('are 1 where a file can not be used, with the reason on standard error', () => {
    const at = folder()
    const { code, stderr, stdout } = steplaw(
      'run',
      jsonFile(at, 'x.json', { ...experiment, iterations: 'many' }),
    )
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toBe('error: iterations: got "many", expected an integer >= 0\n')
    expect(steplaw('run', join(at, 'missing.json')).code).toBe(1)
  })
})

describe('run', () => {
  it('prints the same lines on one thread and on two, and writes them where it is told', () => {
    const at = folder()
    const file = jsonFile(at, 'x.json', experiment)
    const out = join(at, 'out')
    const one = steplaw('run', file, '--json', '--threads', '1')
    const two = steplaw('run', file, '--json', '--threads', '2', '--out', out, '--report')
    expect([one.code, two.code]).toEqual([0, 0])
    expect(two.stdout).toBe(one.stdout)
    expect(readFileSync(join(out, 'results.jsonl'), 'utf8')).toBe(one.stdout)
    expect(readdirSync(out).sort()).toEqual(['index.html', 'results.jsonl', 'runs', 'timing.json'])
    expect(one.stdout).not.toMatch(/seconds|threads|\/tmp/)
  })

  it('goes on from saved runs, finished and not, to the same bytes', async () => {
    const at = folder()
    const file = jsonFile(at, 'x.json', experiment)
    const out = join(at, 'out')
    const whole = steplaw('run', file, '--json')
    const source = await readSource(file)
    const setting = E.isRight(source) ? await loadSetting(source.right) : source
    if (E.isLeft(source) || E.isLeft(setting)) throw new Error('the experiment can be read')
    const store = openStore(out, source.right.experiment)
    source.right.plans.forEach((plan, index) => {
      const stop = index === 0 ? 1000 : 7 * index
      const progress = execute(plan, setting.right, null, (k) => (k === stop ? 'interrupt' : 'go on'))
      if (index < 4) store.save(plan, index, { ...progress, seconds: 1 })
    })
    const resumed = steplaw('run', file, '--json', '--out', out, '--resume')
    expect([resumed.code, resumed.stdout]).toEqual([0, whole.stdout])
  })

  it('refuses to go on from runs of another experiment, and leaves them', () => {
    const at = folder()
    const out = join(at, 'out')
    expect(steplaw('run', jsonFile(at, 'a.json', experiment), '--out', out).code).toBe(0)
    const before = readFileSync(join(out, 'runs', '0000.json'), 'utf8')
    const other = jsonFile(at, 'b.json', { ...experiment, iterations: 41 })
    const { code, stderr } = steplaw('run', other, '--out', out, '--resume')
    expect(code).toBe(1)
    expect(stderr).toContain('expected a run of this experiment')
    expect(readFileSync(join(out, 'runs', '0000.json'), 'utf8')).toBe(before)
  })

  it('refuses a truncated saved run', () => {
    const at = folder()
    const out = join(at, 'out')
    mkdirSync(join(out, 'runs'), { recursive: true })
    writeFileSync(join(out, 'runs', '0000.json'), '{"format": "steplaw-run/1", "fing')
    const { code, stderr } = steplaw('run', jsonFile(at, 'x.json', experiment), '--out', out, '--resume')
    expect(code).toBe(1)
    expect(stderr).toContain('expected a saved run in JSON')
  })

  it('writes draws from which the same runs follow', () => {
    const at = folder()
    const draws = join(at, 'draws.json')
    const seeded = steplaw('run', jsonFile(at, 'a.json', experiment), '--json', '--write-draws', draws)
    const written: unknown = JSON.parse(readFileSync(draws, 'utf8'))
    const explicit = steplaw('run', jsonFile(at, 'b.json', { ...experiment, draws: written }), '--json')
    expect(explicit.stdout).toBe(seeded.stdout)
    expect(seeded.code).toBe(0)
  })

  it('trains on an objective from a module', () => {
    const at = folder()
    writeFileSync(
      join(at, 'objective.mjs'),
      `export const bowl = {
        name: 'bowl', dimension: 1, components: 1, facts: {},
        value: ([x]) => x * x,
        valueAndGradient: ([x]) => ({ value: x * x, gradient: Float64Array.of(2 * x) }),
        lowerBound: () => 0,
        solutionValue: () => ({ _tag: 'None' }),
      }\n`,
    )
    const { draws: _draws, ...rest } = experiment
    const file = jsonFile(at, 'x.json', { ...rest, objective: { module: './objective.mjs#bowl' } })
    const { code, stdout } = steplaw('run', file, '--json')
    expect(code).toBe(0)
    expect(stdout.split('\n').filter((line) => line.includes('summary'))).toHaveLength(5)
    const absent = jsonFile(at, 'y.json', { ...rest, objective: { module: './objective.mjs#well' } })
    expect(steplaw('run', absent).stderr).toContain('objective.module: got "./objective.mjs#well"')
  })
})

describe('conform', () => {
  const tolerance = { relative: 0, absolute: 0 }
  const valid = (id: string, rule: unknown, expected: boolean) => ({
    id,
    clause: 'rule.validity',
    kind: 'decode',
    rule,
    expect: { valid: expected },
    tolerance,
    provenance: 'definition',
  })
  const file = {
    format: 'steplaw-vectors/1',
    cases: [
      valid('good', { rule: 'never' }, true),
      valid('bad', { rule: 'never' }, false),
      { id: 'strange', kind: 'tarot' },
    ],
  }

  it('prints one line per failing case and counts', () => {
    const path = jsonFile(folder(), 'cases.json', file)
    const { code, stdout } = steplaw('conform', path)
    expect(code).toBe(1)
    expect(stdout).toBe(
      'bad: valid: expected false, got true\nstrange: the kind tarot is not supported\n1 passed, 2 failed\n',
    )
  })

  it('takes one kind with --only, and folders', () => {
    const at = folder()
    jsonFile(at, 'a.json', { ...file, cases: file.cases.filter(({ id }) => id !== 'bad') })
    expect(steplaw('conform', at, '--only', 'decode')).toMatchObject({
      code: 0,
      stdout: '1 passed, 0 failed\n',
    })
    expect(steplaw('conform', at, '--only', 'decode', '--json').stdout).toContain('{"passed":1,"failed":0}')
  })

  it('says what is wrong with a file', () => {
    const { code, stderr, stdout } = steplaw('conform', jsonFile(folder(), 'cases.json', { cases: [] }))
    expect(code).toBe(1)
    expect(stderr).toContain('format: got nothing')
    expect(stdout).toBe('0 passed, 1 failed\n')
  })
})
