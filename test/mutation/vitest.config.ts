import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { seedOf } from '../seed.js'
import { failedLoads } from './failedLoads.js'

const root = join(import.meta.dirname, '../..')

/**
 * The tests of rules, programs and the vocabulary that run in this process, quick ones first: a mutant's run ends with the first
 * test that fails.
 */
const include = [
  'test/program/**/*.test.ts',
  'test/rule/**/*.test.ts',
  'test/spec/doors.test.ts',
  'test/spec/vocabulary.test.ts',
  'test/spec/runner.test.ts',
  'test/spec/vectors.test.ts',
  'test/mutation/laws.ts',
  'test/spec/schema.test.ts',
]

const place = ({ moduleId }: TestSpecification): number =>
  include.findIndex((pattern) => moduleId.startsWith(join(root, pattern.replace(/\*.*$/, ''))))

class QuickFirst extends BaseSequencer {
  override async sort(files: Array<TestSpecification>): Promise<Array<TestSpecification>> {
    return files.toSorted((a, b) => place(a) - place(b))
  }
}

export default defineConfig({
  root,
  test: {
    include,
    // Every mutant is put to the same draws, those of the suite: a survivor of one run is a survivor of the next.
    provide: { seed: seedOf(process.env.STEPLAW_SEED) },
    setupFiles: ['test/setup.ts'],
    sequence: { sequencer: QuickFirst },
    reporters: [failedLoads()],
    // The entries are bundled once, mutants and all (buildCommand in .stryker.config.json): to load two hundred modules for each
    // mutant would take longer than its tests.
    server: { deps: { external: [/\/dist\/src\/entry\//] } },
    // Each mutant has a worker of its own, in which every module is loaded once.
    isolate: false,
    testTimeout: 60_000,
  },
})
