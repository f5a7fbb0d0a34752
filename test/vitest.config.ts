import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const pure = [
  'autodiff',
  'bilevel',
  'data',
  'law',
  'numeric',
  'optimizer',
  'problem',
  'program',
  'rule',
  'spec',
  'theory',
].map((area) => `test/${area}/**/*.test.ts`)

const root = fileURLToPath(new URL('..', import.meta.url))
const conditions = ['steplaw-source', 'import', 'node', 'default']
const common = { root, resolve: { conditions }, ssr: { resolve: { conditions } } }
const test = { testTimeout: 60_000, setupFiles: ['test/setup.ts'] }

export default defineConfig({
  ...common,
  test: {
    // Of the whole run, so that there is one seed and one bill.
    globalSetup: ['test/seed.ts'],
    // Else one core of two would stand idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        ...common,
        // Values and pure functions: files may share what they import, which takes longer than most of their tests.
        test: { ...test, name: 'pure', include: pure, isolate: false },
      },
      {
        ...common,
        test: {
          ...test,
          name: 'apart',
          include: ['test/**/*.test.ts'],
          exclude: ['test/package/**', ...pure],
        },
      },
    ],
  },
})
