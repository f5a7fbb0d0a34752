import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { describe, expect, inject, it } from 'vitest'
import { spend } from './evidence.js'
import { seedOf } from './seed.js'

const root = join(import.meta.dirname, '..')

/** A run of one file of the suite: what it says, and the seeds in the names of its tests. */
const run = async (
  wish: string,
): Promise<{ readonly said: string; readonly seeds: ReadonlySet<string | undefined> }> => {
  const { STEPLAW_SEED: _, ...env } = process.env
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      ...['run', '--config', 'test/vitest.config.ts', '--reporter=json', 'test/numeric/sum.test.ts'],
    ],
    { cwd: root, env: { ...env, STEPLAW_SEED: wish } },
  )
  const names = [...stdout.matchAll(/with seed=(-?\d+)/g)].map(([, seed]) => seed)
  return { said: stderr, seeds: new Set(names) }
}

describe('the seed of the suite', () => {
  it('is the one that fast-check draws from', () => {
    const seed = inject('seed')
    expect(fc.readConfigureGlobal().seed).toBe(seed)
    expect(fc.check(fc.property(fc.nat(), () => true)).seed).toBe(seed)
    expect(fc.sample(fc.string(), 20)).toEqual(fc.sample(fc.string(), { numRuns: 20, seed }))
    expect(fc.sample(fc.nat(), 20)).not.toEqual(fc.sample(fc.nat(), { numRuns: 20, seed: seed ^ 1 }))
  })

  it('is the number kept there, one given, or one that nobody chose', () => {
    expect(seedOf(undefined)).toBe(seedOf(''))
    expect(seedOf('-7')).toBe(-7)
    expect(new Set(Array.from({ length: 20 }, () => seedOf('fresh'))).size).toBeGreaterThan(1)
    for (const wrong of ['new', '1.5', '4294967296', 'NaN'])
      expect(() => seedOf(wrong)).toThrow(`STEPLAW_SEED: got ${wrong}, expected fresh or an integer`)
  })

  it('rules a run as it is given, and is printed with the line that repeats it', async () => {
    const { said, seeds } = await run('-1966')
    expect(said).toContain('seed -1966: repeat with STEPLAW_SEED=-1966 npm test')
    expect(said).toMatch(/\d+ assertions about chance: /)
    expect([...seeds]).toEqual(['-1966'])
  })

  it('is another in every fresh run, the same in all its tests', async () => {
    const runs = await Promise.all([run('fresh'), run('fresh')])
    const seeds = runs.flatMap((r) => [...r.seeds])
    expect(seeds.length).toBe(2)
    spend(2 ** -32)
    expect(new Set(seeds).size).toBe(2)
    expect(runs.every(({ said, seeds: [seed] }) => said.includes(`STEPLAW_SEED=${seed} npm test`))).toBe(true)
  })
})
