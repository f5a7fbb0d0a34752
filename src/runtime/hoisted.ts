import { type IR, typeOf } from '../autodiff/ir.js'
import { size } from '../autodiff/shape.js'
import { type Compiled, compileInto } from './compiled.js'
import type { Bound, Buffer } from './executable.js'
import { hoist } from './hoist.js'

type Into = Parameters<typeof compileInto>[0]

/** What a program of data makes of them, computed now; its memory is given back. */
export const computed = (into: Into, ir: IR, data: ReadonlyArray<Buffer>): ReadonlyArray<Float64Array> => {
  const values = ir.outputs.map((id) => new Float64Array(size(typeOf(ir, id).shape)))
  const compiled = compileInto(into, ir, data)
  try {
    compiled.give([], values)
    compiled.run(1)
    compiled.take([], values)
  } finally {
    for (const [at, bytes] of compiled.taken) into.arena.give(at, bytes)
  }
  return values
}

/**
 * Compiles a program; what depends on its bound inputs only (windows of images, a product of data with themselves) is computed now and is
 * bound as well.
 */
export const compileHoisted = (into: Into, ir: IR, bound: Bound): Compiled => {
  const all = ir.inputs.map((_, i) => bound[i] ?? null)
  const { once, each } = hoist(
    ir,
    all.map((data) => data !== null),
  )
  if (once === null) return compileInto(into, ir, bound)
  const values = computed(
    into,
    once,
    all.filter((data) => data !== null),
  )
  return compileInto(into, each, [...all, ...values])
}
