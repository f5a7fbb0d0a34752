import { defineConfig } from 'vitest/config'
import { quickFirst, root } from './quickFirst.js'

/** The tests of rules, programs and the vocabulary that run in this process. */
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

export default defineConfig({
  root,
  test: {
    ...quickFirst(include),
    // The entries are bundled once, mutants and all (buildCommand in .stryker.config.json): to load two hundred modules for each
    // mutant would take longer than its tests.
    server: { deps: { external: [/\/dist\/src\/entry\//] } },
  },
})
