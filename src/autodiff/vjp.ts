import type { Equation, IR, PrimitiveName } from './ir.js'
import { typeOf } from './ir.js'
import { fail } from './primitive.js'
import { showType } from './shape.js'
import { primitives } from './table.js'
import type { Tensor, Trace } from './tensor.js'
import { build, inline } from './trace.js'
import { vocabulary } from './vocabulary.js'

const inputCotangents = <N extends PrimitiveName>(
  trace: Trace,
  { primitive, params, inputs }: Equation<N>,
  output: Tensor,
  cotangent: Tensor,
): ReadonlyArray<Tensor | null> =>
  primitives[primitive].vjp(vocabulary, {
    params,
    inputs: inputs.map((i) => trace.tensor(i)),
    output,
    cotangent,
  })

/** Which values from `first` on depend on a source. */
const dependents = (trace: Trace, sources: ReadonlyArray<Tensor>, last: number): ReadonlySet<number> => {
  const found = new Set(sources.map((x) => x.id))
  for (let id = Math.min(last + 1, ...found) + 1; id <= last; id += 1)
    if (trace.equation(id)?.inputs.some((i) => found.has(i))) found.add(id)
  return found
}

/**
 * The reverse sweep: given outputs with their cotangents, appends the equations of the cotangents of `sources` to the
 * same trace. What it appends are ordinary equations, so a later sweep may pass over them: that is all there is to
 * higher derivatives.
 */
export const sweep = (
  trace: Trace,
  seeds: ReadonlyArray<readonly [output: Tensor, cotangent: Tensor]>,
  sources: ReadonlyArray<Tensor>,
): ReadonlyArray<Tensor> => {
  const v = vocabulary
  const last = Math.max(-1, ...seeds.map(([y]) => y.id))
  const active = dependents(trace, sources, last)
  const cotangents = new Map<number, Tensor>()
  const accumulate = (id: number, c: Tensor): void => {
    const before = cotangents.get(id)
    cotangents.set(id, before === undefined ? c : v.add(before, c))
  }
  for (const [y, c] of seeds) if (active.has(y.id)) accumulate(y.id, c)
  const fixed = new Set(sources.map((x) => x.id))
  const first = Math.min(last, ...fixed)
  for (let id = last; id > first; id -= 1) {
    const cotangent = cotangents.get(id)
    const e = trace.equation(id)
    if (cotangent === undefined || e === null || fixed.has(id)) continue
    inputCotangents(trace, e, trace.tensor(id), cotangent).forEach((c, k) => {
      const input = e.inputs[k]
      if (c !== null && input !== undefined && active.has(input)) accumulate(input, c)
    })
  }
  return sources.map((x) => cotangents.get(x.id) ?? trace.emit('constant', { value: 0, shape: x.shape }, []))
}

/**
 * The vector-Jacobian product of a program, as a program: its inputs are those of `ir` and one cotangent for each of its
 * outputs; its outputs are those of `ir` and the cotangents of the inputs numbered in `wrt`.
 *
 * The cost is at most a small multiple of that of `ir`, whatever the number of inputs.
 *
 * @throws `RangeError` when `wrt` names an input that does not exist or holds indices
 * @cite griewank2008
 * @category Program
 * @since 0.1.0
 * @example
 * ```ts
 * import { mul, pullback, trace } from 'steplaw/autodiff'
 *
 * const square = trace((x) => mul(x, x), [{ shape: [], type: 'f64' }])
 * const { inputs, outputs } = pullback(square, [0])
 * inputs.length // => 2
 * outputs.length // => 2
 * ```
 */
export const pullback = (ir: IR, wrt: ReadonlyArray<number>): IR =>
  build([...ir.inputs, ...ir.outputs.map((id) => typeOf(ir, id))], (tensors, trace) => {
    const inputs = tensors.slice(0, ir.inputs.length)
    // An input may be an output or a source twice; a value of its own keeps the cases apart.
    const outputs = inline(ir, inputs, trace)
    const seeds = outputs.flatMap((y, i) => {
      const c = tensors[ir.inputs.length + i]
      return c === undefined ? [] : [[y, c] as const]
    })
    const sources = wrt.map((i) => {
      const x = inputs[i]
      if (x === undefined) return fail('pullback', `there is no input number ${i}`)
      return x.type === 'f64' ? x : fail('pullback', `input ${i}, ${showType(x)}, has no derivative`)
    })
    return [...outputs, ...sweep(trace, seeds, sources)]
  })
