/**
 * Memory does not grow with the number of calls: some thousands here, a hundred thousand by `npm run soak`, in a process of its
 * own, since a test shares its heap with the tool that runs it.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { growth, type Soaked } from '../soak/soak.js'
import { readTable } from '../soak/table.js'

const soak = (...more: ReadonlyArray<string>) => {
  const main = join(import.meta.dirname, '../soak/main.ts')
  const flags = ['--conditions=steplaw-source', '--import', 'tsx', '--expose-gc']
  const given = ['--json', `--seed=${inject('seed')}`, ...more]
  const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, main, ...given], {
    encoding: 'utf8',
    timeout: 120_000,
  })
  const results: ReadonlyArray<Soaked> = stdout === '' ? [] : JSON.parse(stdout)
  return { results, stderr, status }
}

describe('memory after many calls of programs that change', () => {
  it('has not grown', () => {
    const { results, stderr, status } = soak('--calls', '3000')
    expect([stderr, status]).toEqual(['', 0])
    expect(results.map(({ threads, calls }) => [threads, calls])).toEqual([
      [1, 3000],
      [2, 3000],
    ])
    // More programs than are kept, so that many were made again.
    for (const { programs } of results) expect(programs).toBeGreaterThan(150)
  }, 120_000)

  it('would be seen to grow', () => {
    const { stderr, status } = soak('--calls', '3000', '--threads', '1', '--leak')
    expect(stderr).toMatch(/1 threads: arena grew by \d+ bytes/)
    expect(status).toBe(1)
  }, 120_000)

  it('had not grown after the calls that the guide tells of', () => {
    const { results } = readTable()
    expect(results.map(({ threads }) => threads)).toEqual([1, 2])
    for (const soaked of results) {
      expect(soaked.calls).toBeGreaterThanOrEqual(100_000)
      for (const { bytes, allowed } of Object.values(growth(soaked)))
        expect(bytes).toBeLessThanOrEqual(allowed)
    }
  })
})
