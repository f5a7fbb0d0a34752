import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** The tests of the packed tarball, apart from the others: they need `npm run build` first. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: { include: ['test/package/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 300_000 },
})
