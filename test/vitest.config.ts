import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  resolve: { conditions: ['steplaw-source', 'import', 'node', 'default'] },
  ssr: { resolve: { conditions: ['steplaw-source', 'import', 'node', 'default'] } },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/package/**'],
    testTimeout: 60_000,
    globalSetup: ['test/seed.ts'],
    setupFiles: ['test/setup.ts'],
  },
})
