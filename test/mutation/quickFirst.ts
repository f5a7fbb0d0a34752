import { join } from 'node:path'
import type { ViteUserConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { seedOf } from '../seed.js'
import { failedLoads } from './failedLoads.js'

export const root = join(import.meta.dirname, '../..')

/** How Stryker runs tests: those of the first pattern first, as a mutant's run ends with the first test that fails. */
export const quickFirst = (include: ReadonlyArray<string>): NonNullable<ViteUserConfig['test']> => {
  const place = ({ moduleId }: TestSpecification): number =>
    include.findIndex((pattern) => moduleId.startsWith(join(root, pattern.replace(/\*.*$/, ''))))
  class QuickFirst extends BaseSequencer {
    override async sort(files: Array<TestSpecification>): Promise<Array<TestSpecification>> {
      return files.toSorted((a, b) => place(a) - place(b))
    }
  }
  return {
    include: [...include],
    // Every mutant is put to the same draws, those of the suite: a survivor of one run is a survivor of the next.
    provide: { seed: seedOf(process.env.STEPLAW_SEED) },
    setupFiles: ['test/setup.ts'],
    sequence: { sequencer: QuickFirst },
    reporters: [failedLoads()],
    // Each mutant has a worker of its own, in which every module is loaded once.
    isolate: false,
    testTimeout: 60_000,
  }
}
