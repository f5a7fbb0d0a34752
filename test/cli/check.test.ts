import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { allLaws, laws } from 'steplaw/laws'
import { describe, expect, it } from 'vitest'
import { folder, library, shell, steplaw, steplawIn } from './steplaw.js'

const ruleLaws = laws.length
const claimLaws = allLaws.filter(({ of }) => of !== 'rule' && of !== 'vocabulary').length

/** Writes a module into a folder of its own, and gives the folder. */
const moduleAs = (name: string, text: string): string => {
  const at = folder()
  writeFileSync(join(at, name), text)
  return at
}

const written = (text: string): string => moduleAs('mine.mjs', text)

const lines = (stdout: string): ReadonlyArray<Record<string, unknown>> =>
  stdout
    .trim()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line))

const replayIn = (text: string): string => /^ {2}replay: +(.*)$/m.exec(text)?.[1] ?? ''

describe('a rule that keeps every law', () => {
  const at = () =>
    written(`
      import { armijo, constant, max, polyak, rule } from '${library}'
      export default max(constant(0.01))(armijo({ start: constant(10) }))
      export const asData = { rule: 'min', of: [{ rule: 'polyak', c: 0.5 }, { rule: 'constant', step: 1 }] }
      export const asFunction = ({ k }) => 1 / (k + 1)
      export const described = {
        init: { least: 1 },
        step: ({ least }, { k }) => { const next = Math.min(least, 8 / (k + 1)); return [{ least: next }, next] },
      }
      export const claimed = {
        rule: polyak({ c: 2 }),
        claims: [{ claim: 'polyak', c: 2 }, { claim: 'equivariant' }],
      }
    `)

  it.each([
    ['a rule', 'mine.mjs', 0],
    ['a rule expression', 'mine.mjs#asData', 0],
    ['a function', 'mine.mjs#asFunction', 0],
    ['{ init, step }', 'mine.mjs#described', 0],
    ['a rule with claims', 'mine.mjs#claimed', 4],
  ])('is not refuted as %s', (_form, reference, claimed) => {
    const { code, stdout, stderr } = steplawIn(at(), 'check', reference, '--runs', '10')
    expect(stderr).toBe('executing the module mine.mjs\n')
    expect(stdout).toMatch(/^seed \d+, 10 cases a law\n/)
    expect(stdout).toMatch(
      new RegExp(
        `\\n${ruleLaws + claimed} not refuted, 0 refuted, ${claimLaws - claimed} not claimed \\(seed \\d+, 10 cases each\\)\\n$`,
      ),
    )
    expect(stdout).toContain('only a search promises sufficient decrease')
    expect(code).toBe(0)
  })
})

describe('a rule that misbehaves is found, and how', () => {
  const bad = () =>
    written(`
      export const throws = ({ slope }) => { if (slope > 0) throw new Error('uphill'); return 1 }
      export const nan = ({ value, slope }) => value / slope / 0 * 0
      export const late = async () => { throw new Error('later') }
      export const mutates = { init: { asked: 0 }, step: (state) => { state.asked++; return [state, 1] } }
      let asked = 0
      export const hidden = () => { asked++; return asked }
      export const endless = ({ slope }) => { while (!(slope < 0)); return 1 }
      export const exits = ({ slope }) => slope > 0 ? process.exit(3) : 1
      export const grows = () => { for (const all = []; ; ) all.push(new Array(1e6).fill(0)) }
      export const nothing = () => {}
    `)

  it.each([
    ['throws', 'machine.step', 'threw Error: uphill'],
    ['nan', 'machine.step', 'NaN or a negative number, returned as a step'],
    ['late', 'machine.step', 'the rule returned a promise, expected a number'],
    ['mutates', 'machine.innocent', 'Asking a rule does not change the state that it is asked with'],
    ['hidden', 'machine.deterministic', 'The same rays from the same state give the same steps'],
    ['exits', 'machine.step', 'it ended the process that it runs in (exit code 3)'],
    ['grows', 'machine.step', 'it ran out of memory (256 MB)'],
  ])('%s', (name, law, words) => {
    const limit = ['--time-limit', '60']
    const { code, stdout } = steplawIn(bad(), 'check', `mine.mjs#${name}`, '--only', law, ...limit)
    expect(stdout).toContain(`${law}: REFUTED by case `)
    expect(stdout).toContain(words)
    expect(stdout).toMatch(/\n0 not refuted, 1 refuted, 0 not claimed \(seed \d+, 300 cases each\)\n$/)
    expect(code).toBe(1)
  })

  it('in words once, where it breaks all laws in the same way', () => {
    const { code, stdout } = steplawIn(bad(), 'check', 'mine.mjs#nothing', '--runs', '5')
    expect(stdout.match(/REFUTED/g)).toHaveLength(1)
    expect(stdout).toContain('refuted too, perhaps for the same reason')
    expect(stdout).toContain(`0 not refuted, ${ruleLaws} refuted`)
    expect(code).toBe(1)
    const verbose = steplawIn(bad(), 'check', 'mine.mjs#nothing', '--runs', '5', '--verbose')
    expect(verbose.stdout.match(/REFUTED/g)).toHaveLength(ruleLaws)
  })

  it('endless: after three laws it is enough, and the case it hung on is given', () => {
    const { code, stdout } = steplawIn(
      bad(),
      'check',
      'mine.mjs#endless',
      ...['--time-limit', '1', '--json', '--seed', '7'],
    )
    expect(code).toBe(1)
    const found = lines(stdout)
    const [first, , , fourth] = found
    expect(first).toMatchObject({
      law: 'machine.step',
      verdict: 'refuted',
      violation: 'no answer within the time limit: it hangs',
      replay: 'steplaw check mine.mjs#endless --only machine.step --seed 7 --time-limit 1',
    })
    expect(fourth).toMatchObject({
      verdict: 'not tried',
      reason: 'it hung, or ended its process, at 3 laws before',
    })
    expect(found.at(-1)).toMatchObject({
      summary: { refuted: 3, notRefuted: 0, notTried: ruleLaws - 3, notClaimed: claimLaws },
    })
    const again = shell(`${String(first?.replay)} --json`, bad())
    expect(lines(again.stdout)[0]).toEqual(first)
  })

  it('hangs once: a new worker goes on with the next law', () => {
    const at = written(`
      import { existsSync, writeFileSync } from 'node:fs'
      export default () => {
        if (!existsSync('hung')) { writeFileSync('hung', ''); for (;;); }
        return 1
      }
    `)
    const { code, stdout } = steplawIn(at, 'check', 'mine.mjs', '--runs', '5', '--time-limit', '4')
    expect(existsSync(join(at, 'hung'))).toBe(true)
    expect(stdout).toContain('machine.step: REFUTED by case 1\n')
    expect(stdout).toContain(`${ruleLaws - 1} not refuted, 1 refuted, ${claimLaws} not claimed`)
    expect(code).toBe(1)
  })

  it('is slow: fewer cases, and no verdict that it does not deserve', () => {
    const at = written(`
      export default () => { for (const begun = performance.now(); performance.now() - begun < 30; ); return 1 }
    `)
    const { code, stdout } = steplawIn(
      at,
      'check',
      'mine.mjs',
      ...['--only', 'machine.step', '--time-limit', '3'],
    )
    expect(stdout).toMatch(/machine\.step \(\d+ cases\)/)
    expect(stdout).toMatch(/1 not refuted, 0 refuted, 0 not claimed \(seed \d+, up to 300 cases each\)\n$/)
    expect(code).toBe(0)
  })
})

describe('a claim is refuted by', () => {
  const claimed = () =>
    written(`
      import { done, min, constant, ownSearch, polyak, probe, rule, step } from '${library}'
      const down = ({ value, slope }) => Number.isFinite(value) && Number.isFinite(slope) && slope < 0
      const gap = ({ value, lowerBound }) => lowerBound._tag === 'Some' ? Math.max(value - lowerBound.value, 0) : NaN
      const number = (x) => Number.isNaN(x) ? null : x

      // When the trials are used up the last one is taken, though it was rejected.
      export const takesLastTrial = {
        rule: ownSearch({
          name: 'takesLastTrial',
          init: null,
          step: (state, o) => {
            const at = (a, left) =>
              probe(step(a).step, (value) =>
                left === 1 || value <= o.value + 0.25 * a * o.slope ? done([state, a]) : at(a / 2, left - 1))
            return down(o) ? at(8, 6) : done([state, null])
          },
        }),
        claims: [{ claim: 'armijo', c: 0.25, shrink: 0.5, budget: 6 }],
      }
      // The scaling meets the gradient before its norm is taken, so that it comes out inverted.
      export const inverted = {
        rule: (o) => down(o) ? number(2 * gap(o) / -o.slope) : null,
        claims: [{ claim: 'polyak', c: 2 }],
      }
      // A small number added "for stability" has a unit.
      export const padded = {
        rule: (o) => down(o) ? number(gap(o) / (-o.slope + 1e-8)) : null,
        claims: [{ claim: 'equivariant' }],
      }
      // The cap comes first, and what is added after it is above.
      export const cappedFirst = {
        rule: (o) => down(o) ? number(Math.min(gap(o) / -o.slope, 2) + 1e-3) : null,
        claims: [{ claim: 'bounded', low: 0, high: 2 }],
      }
      // DecSPS without its running minimum.
      export const withoutMinimum = {
        rule: (o) => down(o) ? number(gap(o) / -o.slope / Math.sqrt(o.k + 1)) : null,
        claims: [{ claim: 'nonIncreasing' }],
      }
      // A schedule that waits on a plateau looks at the value.
      export const looks = {
        rule: { init: { step: 1, best: null }, step: ({ step, best }, { value }) => {
          const size = best !== null && !(value < best) ? step / 2 : step
          return [{ step: size, best: Number.isFinite(value) && value !== 0 && (best === null || value < best) ? value : best }, size]
        } },
        claims: [{ claim: 'predictable' }],
      }
      // Where the cap fails the whole fails.
      export const failsAtBound = {
        rule: (o) => down(o) && gap(o) > 0 ? gap(o) / -o.slope : null,
        claims: [{ claim: 'total' }],
      }
      // A batch without a gap stores the step 0, and every later step is a multiple of it.
      export const absorbingZero = {
        rule: { init: 1, step: (before, o) => {
          const size = down(o) ? Math.min(2 * before, gap(o) / -o.slope) : NaN
          return Number.isFinite(size) ? [size, size] : [before, null]
        } },
        claims: [{ claim: 'recovers' }],
      }
    `)

  it.each([
    ['takesLastTrial', 'armijo.certificate'],
    ['inverted', 'polyak.gap'],
    ['padded', 'equivariant.objective'],
    ['cappedFirst', 'bounded'],
    ['withoutMinimum', 'nonIncreasing'],
    ['looks', 'predictable'],
    ['failsAtBound', 'total'],
    ['absorbingZero', 'recovers'],
  ])('%s: %s', (name, law) => {
    const { code, stdout } = steplawIn(claimed(), 'check', `mine.mjs#${name}`, '--only', law)
    expect(stdout).toContain(`${law}: REFUTED by case `)
    expect(code).toBe(1)
  })

  it('the line that is printed replays the same case', () => {
    const at = claimed()
    const { stdout } = steplawIn(at, 'check', 'mine.mjs#absorbingZero', '--only', 'recovers', '--runs', '200')
    const shown = /^ {2}case: [\s\S]*^ {2}replay: .*$/m
    const again = shell(replayIn(stdout), at)
    expect(again.stdout).toMatch(
      /\n0 not refuted, 1 refuted, 0 not claimed \(seed \d+, the case at [\d:]+ alone\)/,
    )
    expect(shown.exec(again.stdout)?.[0]).toBe(shown.exec(stdout)?.[0])
    expect(again.code).toBe(1)
  })
})

describe('--json', () => {
  it('gives the findings, how to replay them, and counts; what the module prints is not among them', () => {
    const at = written(`
      console.log('loaded')
      export default { rule: { rule: 'polyak' }, claims: [{ claim: 'polyak', c: 1 }, { claim: 'bounded', low: 0, high: 1 }] }
    `)
    const { code, stdout, stderr } = steplawIn(
      at,
      'check',
      'mine.mjs',
      '--json',
      '--seed',
      '11',
      '--runs',
      '40',
    )
    expect(code).toBe(1)
    expect(stderr).toBe('executing the module mine.mjs\nloaded\n')
    const found = lines(stdout)
    expect(found).toHaveLength(ruleLaws + claimLaws + 1)
    expect(found.at(-1)).toEqual({
      summary: {
        module: 'mine.mjs',
        rule: 'polyak',
        claims: ['polyak{c: 1}', 'bounded{low: 0, high: 1}'],
        seed: 11,
        runs: 40,
        notRefuted: ruleLaws + 1,
        refuted: 1,
        notClaimed: claimLaws - 2,
        notTried: 0,
      },
    })
    expect(found.find(({ verdict }) => verdict === 'refuted')).toEqual({
      law: 'bounded',
      verdict: 'refuted',
      runs: expect.any(Number),
      seed: 11,
      path: expect.stringMatching(/^\d+(:\d+)*$/),
      given: { rays: expect.any(Array) },
      violation: { left: expect.anything(), right: '[0, 1]' },
      replay: expect.stringMatching(
        /^steplaw check mine\.mjs --only bounded --seed 11 --runs 40 --path '[\d:]+'$/,
      ),
    })
    expect(found).toContainEqual({ law: 'polyak.gap', verdict: 'not refuted', runs: 40, seed: 11 })
    expect(found).toContainEqual({
      law: 'recovers',
      verdict: 'not claimed',
      reason: 'a rule may end a run on purpose',
    })
  })

  it('is the same again with the seed that was drawn', () => {
    const at = written(`
      export default { rule: ({ slope }) => Math.abs(1 / slope), claims: [{ claim: 'equivariant' }] }
    `)
    const args = ['check', 'mine.mjs', '--json', '--runs', '5']
    const first = steplawIn(at, ...args)
    const seed = Number(/"summary":.*"seed":(\d+)/.exec(first.stdout)?.[1])
    expect(steplawIn(at, ...args, '--seed', String(seed)).stdout).toBe(first.stdout)
  })
})

describe('what can not be checked is refused with code 1 and a reason', () => {
  it.each([
    [
      'export default { rule: { rule: "polyak", c: -1 }, claims: [{ claim: "fast" }], claim: [] }',
      'mine.mjs',
      [
        'rule.c: got -1, expected a finite number > 0',
        'claims[0].claim: got "fast", expected one of armijo, polyak, equivariant, bounded, nonIncreasing, predictable, total, recovers',
        'claim: got [], expected no such field (a rule with claims has rule, claims)',
      ],
    ],
    [
      'export const mine = 5',
      'mine.mjs',
      ['mine.mjs: got nothing, expected an export called default (the module exports mine)'],
    ],
    ['', 'other.mjs#mine', ['other.mjs: got nothing, expected a module: there is no such file']],
  ])('%s', (text, reference, reasons) => {
    const { code, stdout, stderr } = steplawIn(written(text), 'check', reference)
    for (const reason of reasons) expect(stderr).toContain(`error: ${reason}\n`)
    expect([code, stdout]).toEqual([1, ''])
  })

  it.each([
    ['throws', "throw new Error('not today')", 'Error: not today'],
    [
      'does not parse',
      'export default (',
      'SyntaxError: Unexpected end of input; "node mine.mjs" shows where',
    ],
    ['hangs', 'for (;;);', 'no answer within the time limit: it hangs'],
    [
      'waits for ever',
      'await new Promise(() => undefined)',
      'expected a module that can be imported (it ended',
    ],
    ['exits', 'process.exit(0)', 'it ended the process that it runs in (exit code 0)'],
  ])('a module that %s', (_how, text, reason) => {
    const { code, stdout, stderr } = steplawIn(written(text), 'check', 'mine.mjs', '--time-limit', '2')
    expect(stderr).toContain('error: mine.mjs: got nothing, expected a module that can be imported')
    expect(stderr).toContain(reason)
    expect([code, stdout]).toEqual([1, ''])
  })

  it('a law of a claim that is not made', () => {
    const { code, stderr } = steplawIn(
      written('export default () => 1'),
      'check',
      'mine.mjs',
      '--only',
      'total',
    )
    expect(stderr).toContain(
      'error: only: got "total", expected a law of every rule, or of a claim that is made of this one',
    )
    expect(code).toBe(1)
  })

  it('a path that leads nowhere', () => {
    const { code, stderr } = steplawIn(
      written('export default () => 1'),
      'check',
      'mine.mjs',
      ...['--only', 'machine.step', '--seed', '1', '--path', '0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0'],
    )
    expect(stderr).toContain('expected the path of a finding of this law with this seed')
    expect(code).toBe(1)
  })
})

describe('bad usage is code 2, before the module is executed', () => {
  it.each([
    [
      ['--runs', '0', '--seed', '0.5', '--time-limit', '0', '--path', 'x', '--only', 'lattice'],
      [
        '--runs: got 0, expected an integer >= 1',
        '--seed: got 0.5, expected an integer from -2147483648 to 2147483647',
        '--path: got "x", expected the path of a finding, such as 3:0:1',
        '--time-limit: got 0, expected seconds > 0, a day at most',
        '--only: got "lattice", expected the id of a law of every rule or of a claim (steplaw list laws)',
      ],
    ],
    [
      ['--path', '0:1', '--only', 'meaning.polyak'],
      [
        '--only: got "meaning.polyak", expected the id of a law of every rule or of a claim (steplaw list laws)',
        '--path: got "0:1", expected --only and --seed with it',
      ],
    ],
  ])('%j', (args, reasons) => {
    const { code, stdout, stderr } = steplaw('check', 'mine.mjs', ...args)
    expect(stderr).toBe(reasons.map((reason) => `error: ${reason}\n`).join(''))
    expect([code, stdout]).toEqual([2, ''])
  })

  it('no module', () => expect(steplaw('check').code).toBe(2))
})

describe('a module is found', () => {
  const text = 'export const mine = () => -1'

  it('where a path has blanks, a # and quotes, and so by the line that replays it', () => {
    const at = folder()
    const strange = join(at, "it's #1")
    mkdirSync(strange)
    writeFileSync(join(strange, 'my rule.mjs'), text)
    const { stdout } = steplawIn(at, 'check', "it's #1/my rule.mjs#mine", '--only', 'machine.step')
    expect(stdout).toContain('machine.step: REFUTED')
    expect(shell(replayIn(stdout), at).stdout).toContain('machine.step: REFUTED')
    writeFileSync(join(strange, 'default.mjs'), 'export default () => -1')
    const named = steplawIn(at, 'check', "it's #1/default.mjs", '--only', 'machine.step')
    expect(named.stdout).toContain('machine.step: REFUTED')
  })

  it('by its URL', () => {
    const { href } = pathToFileURL(join(moduleAs('my rule.mjs', text), 'my rule.mjs'))
    const { stdout } = steplaw('check', `${href}#mine`, '--only', 'machine.step')
    expect(stdout).toContain('machine.step: REFUTED')
  })
})

describe('list', () => {
  it('names every law, whose it is, and what it says in plain text', () => {
    const { stdout } = steplaw('list', 'laws')
    const listed = stdout.trim().split('\n')
    expect(listed.map((line) => line.split(' ')[0])).toEqual(allLaws.map(({ id }) => id))
    expect(listed).toContain('lattice.max.unit (every rule): max(a, ⊥) = a, where ⊥ = `never`')
    expect(stdout).toContain('\nmeaning.never (vocabulary): ')
    expect(stdout).toContain('\npolyak.gap (claim polyak): ')
    expect(stdout).not.toMatch(/[$\\]/)
  })

  it('names the claims with their fields', () => {
    expect(steplaw('list', 'claims').stdout.split('\n')).toEqual(
      expect.arrayContaining(['polyak{c: a finite number > 0}', 'equivariant']),
    )
  })
})
