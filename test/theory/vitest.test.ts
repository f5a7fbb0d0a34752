/** The laws as tests of vitest, in a vitest of their own, as a user runs it. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { laws } from 'steplaw/laws'
import { afterAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
const at = mkdtempSync(join(tmpdir(), 'steplaw-vitest-'))
afterAll(() => rmSync(at, { recursive: true, force: true }))

interface Test {
  readonly suite: string
  readonly title: string
  readonly status: string
  readonly message: string
}

interface Report {
  readonly testResults: ReadonlyArray<{
    readonly assertionResults: ReadonlyArray<{
      readonly ancestorTitles: ReadonlyArray<string>
      readonly title: string
      readonly status: string
      readonly failureMessages: ReadonlyArray<string>
    }>
  }>
}

const run = (again: string): ReadonlyArray<Test> => {
  const file = join(at, 'report.json')
  // Nothing of the vitest that runs this test.
  const env = Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_|TEST$)/.test(name))
  spawnSync(process.execPath, [vitest, 'run', '--root', at, '--reporter=json', `--outputFile=${file}`], {
    cwd: at,
    env: { ...Object.fromEntries(env), AGAIN: again },
  })
  const { testResults }: Report = JSON.parse(readFileSync(file, 'utf8'))
  return testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ ancestorTitles, title, status, failureMessages }) => ({
      suite: ancestorTitles.join(' '),
      title,
      status,
      message: failureMessages.join('\n'),
    })),
  )
}

const entry = (name: string): string => JSON.stringify(join(root, `src/entry/${name}.ts`))

writeFileSync(
  join(at, 'vitest.config.mjs'),
  `export default {
    resolve: { alias: [
      { find: /^steplaw$/, replacement: ${entry('steplaw')} },
      { find: /^steplaw\\/vitest$/, replacement: ${entry('vitest')} },
    ] },
  }`,
)
writeFileSync(
  join(at, 'rule.test.ts'),
  `import { polyak, type Observation } from 'steplaw'
  import { checkLaws, verifyTheoremsOf } from 'steplaw/vitest'

  const again = JSON.parse(process.env.AGAIN ?? '{}')
  const claims = [{ claim: 'polyak', c: 2 }] as const
  // The scaling meets the gradient before its norm is taken, so that it comes out inverted.
  const inverted = ({ value, slope, lowerBound }: Observation) => {
    const gap = lowerBound._tag === 'Some' ? Math.max(value - lowerBound.value, 0) : Number.NaN
    const size = (2 * gap) / -slope
    return slope < 0 && Number.isFinite(value + slope) && Number.isFinite(size) ? size : null
  }

  checkLaws('good', polyak({ c: 2 }), { claims, runs: 10 })
  checkLaws('inverted', inverted, { claims, ...again })
  verifyTheoremsOf('certified', polyak({ c: 2 }), { theorem: 'P3', problems: 5 })
  verifyTheoremsOf('too long', polyak({ c: 0.25 }), { theorem: 'P3', problems: 5 })
  verifyTheoremsOf('a liar', () => 4, { theorem: 'P3', claims: [{ claim: 'polyak', c: 1 }] })
  `,
)

describe('checkLaws', () => {
  const tests = run('{}')
  const of = (suite: string): ReadonlyArray<Test> => tests.filter((test) => test.suite === suite)
  const failing = (suite: string): ReadonlyArray<Test> =>
    of(suite).filter(({ status }) => status !== 'passed')

  it('registers one test a law, those of every rule and those of what is claimed', () => {
    const ids = [...laws.map(({ id }) => id), 'polyak.gap']
    expect(of('good').map(({ title }) => title)).toEqual(ids)
    expect(of('inverted').map(({ title }) => title)).toEqual(ids)
  })

  it('fails where a law is refuted and nowhere else', () => {
    expect(failing('good')).toEqual([])
    expect(failing('inverted').map(({ title }) => title)).toEqual(['polyak.gap'])
  })

  it('says which case, what was found, what the law says, and the options that show it again', () => {
    const message = failing('inverted').at(-1)?.message ?? ''
    expect(message).toContain('polyak.gap: REFUTED by case ')
    expect(message).toContain("law:      c γ |φ'(0)| ≤ max(φ(0) - ℓ, 0)")
    const shown = (text: string): string =>
      /case: {5}.*\n.*found: {4}.*\n.*law says: .*/.exec(text)?.[0] ?? text
    expect(shown(message)).toContain('"moved"')
    expect(shown(message)).toContain('"at most"')
    const options = /replay: {3}checkLaws with (\{.*\}) among its options/.exec(message)?.[1] ?? ''
    expect(JSON.parse(options)).toEqual({
      only: 'polyak.gap',
      seed: expect.any(Number),
      path: expect.any(String),
    })
    const again = run(options).filter(({ suite }) => suite === 'inverted')
    expect(again.map(({ title, status }) => [title, status])).toEqual([['polyak.gap', 'failed']])
    expect(shown(again[0]?.message ?? '')).toBe(shown(message))
  })
})

describe('verifyTheoremsOf', () => {
  const tests = run('{}')
  const one = (suite: string): Test | undefined => tests.find((test) => test.suite === suite)

  it('passes, fails with a replay, or is skipped where a hypothesis does not hold', () => {
    expect(one('certified')).toMatchObject({ title: 'P3.contraction', status: 'passed' })
    expect(one('too long')).toMatchObject({ title: 'P3.contraction', status: 'skipped' })
    expect(one('a liar')).toMatchObject({ title: 'P3.contraction', status: 'failed' })
    const message = one('a liar')?.message ?? ''
    expect(message).toContain('P3.contraction of function: REFUTED by problem ')
    expect(message).toMatch(
      /replay: {3}verifyTheoremsOf with \{"theorem":"P3\.contraction","seed":-?\d+,"path":"[\d:]+"\}/,
    )
  })
})
