// `npm run mutation:autodiff`: as .stryker.config.json, for the primitives and with the tests that are theirs, which read the sources.
import { readFileSync } from 'node:fs'

const { buildCommand: _, ...base } = JSON.parse(
  readFileSync(new URL('.stryker.config.json', import.meta.url), 'utf8'),
)

export default {
  ...base,
  mutate: ['src/autodiff/primitive/**/*.ts'],
  vitest: { configFile: 'test/mutation/autodiff.config.ts', related: false },
  htmlReporter: { fileName: '.mutation/autodiff.html' },
  jsonReporter: { fileName: '.mutation/autodiff.json' },
}
