/**
 * The chance of the suite. All that fast-check draws in it comes from one seed: the number below, or the one given as
 * `STEPLAW_SEED=123`, or one that nobody chose with `STEPLAW_SEED=fresh`. It is printed with the line that repeats the run. At
 * the end comes the bill of the assertions about chance (evidence.ts), which fails the run if it is too high.
 */
import { randomInt } from 'node:crypto'
import type { TestProject } from 'vitest/node'
import { bill } from './evidence.js'

declare module 'vitest' {
  interface ProvidedContext {
    seed: number
  }
}

const SEED = 1

/** The seed that a wish names. */
export const seedOf = (wish: string | undefined): number => {
  if (wish === undefined || wish === '') return SEED
  if (wish === 'fresh') return randomInt(-(2 ** 31), 2 ** 31)
  const seed = Number(wish)
  if (!Number.isInteger(seed) || seed !== (seed | 0))
    throw new RangeError(
      `STEPLAW_SEED: got ${wish}, expected fresh or an integer from -2147483648 to 2147483647`,
    )
  return seed
}

/** The errors' stream, so that what a reporter writes stays as it is. */
const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

export default ({ provide, vitest }: TestProject): (() => void) => {
  const seed = seedOf(process.env.STEPLAW_SEED)
  provide('seed', seed)
  say(`seed ${seed}: repeat with STEPLAW_SEED=${seed} npm test`)
  return () => {
    const tests = vitest.state.getTestModules().flatMap((module) => [...module.children.allTests()])
    const { words, within } = bill(tests.flatMap((test) => test.meta().risk ?? []))
    say(words)
    // An error thrown here would be printed and forgotten.
    if (!within) process.exitCode = 1
  }
}
