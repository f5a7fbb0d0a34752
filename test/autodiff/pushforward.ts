/** Forward mode by plain Jacobians, with the bound on what rounding may do to it. */
import type { IR, PrimitiveName, ValueType } from '../../src/autodiff/ir.js'
import { typeOf } from '../../src/autodiff/ir.js'
import { interpret } from '../../src/runtime/interpret.js'
import { references, slopesOf, type Value } from './reference/table.js'

export const length = ({ shape }: ValueType): number => shape.reduce((n, s) => n * s, 1)

export const run = (ir: IR, inputs: ReadonlyArray<ReadonlyArray<number>>): ReadonlyArray<Float64Array> => {
  const out = ir.outputs.map((id) => new Float64Array(length(typeOf(ir, id))))
  interpret(ir).run(
    inputs.map((x, i) => (ir.inputs[i]?.type === 'i32' ? Int32Array.from(x) : Float64Array.from(x))),
    out,
  )
  return out
}

export interface Pushed {
  /** $J u$, for each output. */
  readonly tangents: ReadonlyArray<ReadonlyArray<number>>
  /**
   * $|J_m| \cdots |J_1| |u|$: the sum of the absolute values of the terms, one for each path from an input to the output, whose sum
   * $J u$ is.
   */
  readonly magnitudes: ReadonlyArray<ReadonlyArray<number>>
  /**
   * How many roundings a term can go through in either mode: a path passes an equation at most once, and there it meets a slope, a
   * product with it, and a sum of at most as many terms as there are slopes in a row (forward) or in a column (backward); a value
   * that is read often has as many cotangents.
   */
  readonly roundings: number
}

/** The derivative of a program along `u`, which has an entry for every input (`[]` for one of indices). */
export const pushforward = (
  ir: IR,
  inputs: ReadonlyArray<ReadonlyArray<number>>,
  u: ReadonlyArray<ReadonlyArray<number>>,
  skew = 1,
): Pushed => {
  const n = ir.inputs.length
  const all = run({ ...ir, outputs: [...Array(n + ir.equations.length).keys()] }, inputs)
  const values = all.map((x, id): Value => ({ ...typeOf(ir, id), values: [...x] }))
  const zeros = (id: number): number[] => (values[id]?.values ?? []).map(() => 0)
  const tangents = ir.inputs.map(({ type }, i) => (type === 'f64' ? [...(u[i] ?? [])] : zeros(i)))
  const magnitudes = tangents.map((t) => t.map(Math.abs))
  const readers = new Map<number, number>()
  let roundings = 0
  ir.equations.forEach((e, k) => {
    const output = values[n + k]
    const given = e.inputs.map((i) => values[i])
    if (output === undefined || !given.every((x) => x !== undefined)) throw new Error('no value')
    for (const i of e.inputs) readers.set(i, (readers.get(i) ?? 0) + 1)
    const rows = slopesOf(e, given, output)
    const [tangent, magnitude] = [zeros(n + k), zeros(n + k)]
    const columns = new Map<string, number>()
    let widest = 0
    if (output.type === 'f64')
      output.values.forEach((_, i) => {
        const row = rows(i)
        widest = Math.max(widest, row.length)
        for (const { input, at, slope } of row) {
          const from = e.inputs[input] ?? -1
          const key = `${from} ${at}`
          columns.set(key, (columns.get(key) ?? 0) + 1)
          tangent[i] = (tangent[i] ?? 0) + skew * slope * (tangents[from]?.[at] ?? Number.NaN)
          magnitude[i] = (magnitude[i] ?? 0) + Math.abs(slope) * (magnitudes[from]?.[at] ?? Number.NaN)
        }
      })
    tangents.push(tangent)
    magnitudes.push(magnitude)
    const tallest = Math.max(0, ...columns.values())
    roundings += 2 * references[e.primitive as PrimitiveName].roundings + 2 + widest + tallest
  })
  return {
    tangents: ir.outputs.map((id) => tangents[id] ?? []),
    magnitudes: ir.outputs.map((id) => magnitudes[id] ?? []),
    roundings: roundings + [...readers.values()].reduce((s, r) => s + r, 0),
  }
}

/** $\langle a, b \rangle$ over all arrays. */
export const inner = (
  a: ReadonlyArray<ReadonlyArray<number>>,
  b: ReadonlyArray<ReadonlyArray<number>>,
): number => a.reduce((s, x, k) => s + x.reduce((t, v, i) => t + v * (b[k]?.[i] ?? Number.NaN), 0), 0)
