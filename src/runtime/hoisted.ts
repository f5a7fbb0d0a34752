import { type IR, typeOf } from '../autodiff/ir.js'
import { size } from '../autodiff/shape.js'
import { type Compiled, compileInto } from './compiled.js'
import type { Bound } from './executable.js'
import { hoist } from './hoist.js'

/**
 * Compiles a program; what depends on its bound inputs only (windows of images, a product of data with themselves) is computed now and is
 * bound as well.
 */
export const compileHoisted = (into: Parameters<typeof compileInto>[0], ir: IR, bound: Bound): Compiled => {
  const all = ir.inputs.map((_, i) => bound[i] ?? null)
  const { once, each } = hoist(
    ir,
    all.map((data) => data !== null),
  )
  if (once === null) return compileInto(into, ir, bound)
  const given = all.filter((data) => data !== null)
  const values = once.outputs.map((id) => new Float64Array(size(typeOf(once, id).shape)))
  const first = compileInto(into, once, given)
  try {
    first.give([], values)
    first.run(1)
    first.take([], values)
  } finally {
    for (const [at, bytes] of first.taken) into.arena.give(at, bytes)
  }
  return compileInto(into, each, [...all, ...values])
}
