import { defineConfig } from 'vitest/config'
import { quickFirst, root } from './quickFirst.js'

/** The tests of the primitives and of what is made of them. */
const include = [
  'test/autodiff/refusal.test.ts',
  'test/autodiff/operation.test.ts',
  'test/autodiff/adjoint.test.ts',
  'test/autodiff/primitive.test.ts',
  'test/autodiff/transform.test.ts',
]

export default defineConfig({ root, test: quickFirst(include) })
