import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bilevelLibrary, folder, library, shell, steplaw, steplawIn } from './steplaw.js'

const lines = (stdout: string): ReadonlyArray<Record<string, unknown>> =>
  stdout
    .trim()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line))

describe('steplaw verify', () => {
  it('tries the theorems of the library, and says what that is worth', () => {
    const { code, stdout } = steplaw('verify', '--theorem', 'P4', '--problems', '5')
    expect(stdout).toMatch(
      /^P4\.distance of spsMax: not refuted on 5 problems; at most [\d.]+ of the bound \(k = \d+\); 45 % would show$/m,
    )
    expect(stdout).toMatch(/^\d+ not refuted, 0 refuted \(seed \d+\)$/m)
    expect(stdout).toContain('Not refuted is not proven.')
    expect(code).toBe(0)
  })

  it('tries them on a rule given as JSON, and names the hypothesis that fails', () => {
    const rule = JSON.stringify({ rule: 'polyak', c: 0.25 })
    const { code, stdout } = steplaw('verify', '--rule', rule, '--theorem', 'P3', '--problems', '5')
    expect(stdout).toContain('polyak{c: 0.25}\n')
    expect(stdout).toContain('P3.contraction of polyak: does not apply; c = 0.25, supposed is: c γ_k')
    expect(code).toBe(0)
  })

  it('refutes a rule of a module that keeps less than it claims, and shows the case again', () => {
    const at = folder()
    const text = `export default { rule: function tooLong() { return 4 }, claims: [{ claim: 'polyak', c: 1 }] }`
    writeFileSync(join(at, 'mine.mjs'), text)
    const { code, stdout, stderr } = steplawIn(at, 'verify', 'mine.mjs', '--theorem', 'P3.contraction')
    expect(stderr).toBe('executing the module mine.mjs\n')
    expect(stdout).toMatch(/^P3\.contraction of tooLong: REFUTED by problem \d+, shrunk$/m)
    expect(code).toBe(1)
    const problem = /^ {2}problem: +(.*)$/m.exec(stdout)?.[1]
    const replay = /^ {2}replay: +(.*)$/m.exec(stdout)?.[1] ?? ''
    expect(problem).toBeDefined()
    expect(shell(replay, at).stdout).toContain(problem ?? '-')
  })

  it('tries them on an estimator given as JSON', () => {
    const estimator = JSON.stringify({ estimator: 'cg', iterations: 2, warmStart: false })
    const { code, stdout } = steplaw('verify', '--estimator', estimator, '--problems', '4')
    expect(stdout).toContain('cg{iterations: 2}\n')
    expect(stdout).toMatch(/^B9\.implicit of cg: not refuted on 4 problems; .*53 % would show$/m)
    expect(stdout).toMatch(/^B1\.closedForm of cg: (not refuted on|does not apply; a residual of) /m)
    expect(stdout).toMatch(/^\d+ not refuted, 0 refuted(, \d+ do not apply)? \(seed \d+\)$/m)
    expect(stdout).not.toMatch(/^P\d/m)
    expect(code).toBe(0)
  })

  it('refutes an estimator of a module whose gradient is not made of its solution, and shows the case again', () => {
    const at = folder()
    const text = `import { direct } from '${bilevelLibrary}'
import { map } from '${library}'
const { estimate } = direct()
const doubled = (found) =>
  found._tag === 'Left' ? found : { ...found, right: { ...found.right, gradient: found.right.gradient.map((z) => 2 * z) } }
export const twice = { name: 'twice', unrolls: false, estimate: (place) => map(estimate(place), doubled) }`
    writeFileSync(join(at, 'mine.mjs'), text)
    const { code, stdout } = steplawIn(at, 'verify', 'mine.mjs#twice', '--theorem', 'B1.closedForm')
    expect(stdout).toMatch(/^B1\.closedForm of twice: REFUTED by problem \d+, shrunk$/m)
    expect(code).toBe(1)
    const problem = /^ {2}problem: +(.*)$/m.exec(stdout)?.[1]
    const replay = /^ {2}replay: +(.*)$/m.exec(stdout)?.[1] ?? ''
    expect(problem).toBeDefined()
    expect(shell(replay, at).stdout).toContain(problem ?? '-')
  })

  it('writes JSON lines', () => {
    const { stdout } = steplaw('verify', '--theorem', 'P3', '--problems', '3', '--seed', '7', '--json')
    const found = lines(stdout)
    expect(found[0]).toMatchObject({
      card: 'P3',
      statement: 'P3.contraction',
      subject: 'spsMax',
      runs: 3,
      seed: 7,
    })
    expect(found.at(-1)).toMatchObject({ summary: { seed: 7, refuted: 0 } })
    expect(steplaw('verify', '--theorem', 'P3', '--problems', '3', '--seed', '7', '--json').stdout).toBe(
      stdout,
    )
  })

  it.each([
    [['--theorem', 'P99'], /--theorem: got "P99", expected the id of a theorem: /, 2],
    [['--problems', '0'], /--problems: got 0, expected an integer >= 1/, 2],
    [['--path', '1:0'], /--path: got "1:0", expected the id of one statement and a seed with it/, 2],
    [['--rule', '{'], /--rule: got "\{", expected a rule expression as JSON/, 1],
    [['--rule', '{"rule":"magic"}'], /rule/, 1],
    [['nowhere.mjs'], /nowhere\.mjs: missing, expected a module: there is no such file|nowhere\.mjs/, 1],
    [
      ['nowhere.mjs', '--rule', '{}'],
      /--rule: got "\{\}", expected a module or --rule or --estimator, not two/,
      2,
    ],
    [['--estimator', '{'], /--estimator: got "\{", expected an estimator as JSON/, 1],
    [
      ['--estimator', '{"estimator":"cg"}'],
      /--estimator\.iterations: got nothing, expected an integer >= 0/,
      1,
    ],
    [
      ['--estimator', '{"estimator":"exact"}', '--theorem', 'P3'],
      /the id of a theorem about estimators: B1, B2/,
      2,
    ],
    [['--rule', '{}', '--estimator', '{}'], /not two of them/, 2],
  ])('refuses %j', (args, message, expected) => {
    const { code, stderr } = steplaw('verify', ...args)
    expect(stderr).toMatch(message)
    expect(code).toBe(expected)
  })
})
