/** Map kernels run over a memory, and what the interpreter's definitions say of the same specification. */
import { primitives } from '../../src/autodiff/table.js'
import { sumStrided } from '../../src/numeric/sum.js'
import { Module } from '../../src/runtime/assembler/module.js'
import { webAssembly } from '../../src/runtime/assembler/webassembly.js'
import { emitMap } from '../../src/runtime/kernel/map.js'
import type { MapEquation, MapSpec } from '../../src/runtime/kernel/mapSpec.js'
import { importScalars, scalarFunctions } from '../../src/runtime/lane/scalars.js'

const BLOCK = 4096
/** Guards that stand before and after every array, and must stand there still. */
const GUARD = -123456.789
const ROOM = 4

const columnsOf = ({ space }: MapSpec): number => (space.kind === 'flat' ? 1 : space.columns)

/** How many doubles an input has over `count` elements or rows. */
export const inputLength = (spec: MapSpec, i: number, count: number): number => {
  switch (spec.inputs[i]) {
    case 'full':
      return count * columnsOf(spec)
    case 'row':
      return count
    case 'column':
      return columnsOf(spec)
    default:
      return 1
  }
}

const outputLength = (spec: MapSpec, i: number, count: number): number => {
  switch (spec.outputs[i]?.to) {
    case 'store':
      return count * columnsOf(spec)
    case 'blockSum':
      return Math.ceil(count / BLOCK)
    default:
      return count
  }
}

export type Runner = (count: number, inputs: ReadonlyArray<Float64Array>) => ReadonlyArray<Float64Array>

/**
 * A kernel made ready. `inPlace[o] = i` puts output `o` where input `i` lies. Throws when a guard was overwritten.
 */
export const runner = (spec: MapSpec, inPlace: ReadonlyArray<number | undefined> = []): Runner => {
  const api = webAssembly()
  if (api === null) throw new Error('no WebAssembly')
  const module = new Module()
  const scalars = importScalars(module)
  emitMap(module, 'kernel', spec, scalars)
  const compiled = new api.Module(module.binary({ shared: false }))
  const memory = new api.Memory({ initial: 1, maximum: 65536, shared: false })
  const { kernel } = new api.Instance(compiled, { env: { memory, ...scalarFunctions } }).exports
  if (kernel === undefined) throw new Error('no kernel')
  return (count, inputs) => {
    let end = 64
    const place = (length: number): number => {
      const at = end + 8 * ROOM
      end = at + 8 * (length + ROOM)
      return at
    }
    const ins = inputs.map((x) => place(x.length))
    const lengths = spec.outputs.map((_, i) => outputLength(spec, i, count))
    const outs = lengths.map((n, i) => ins[inPlace[i] ?? -1] ?? place(n))
    const missing = end - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / 65536))
    const all = new Float64Array(memory.buffer, 0, end / 8)
    all.fill(GUARD)
    inputs.forEach((x, i) => {
      all.set(x, (ins[i] ?? 0) / 8)
    })
    kernel(count, ...ins, ...outs)
    const results = outs.map((at, i) => all.slice(at / 8, at / 8 + (lengths[i] ?? 0)))
    ins.forEach((at, i) => {
      if (!outs.includes(at))
        inputs[i]?.forEach((x, k) => {
          if (!Object.is(all[at / 8 + k], x)) throw new Error(`input ${i} was changed at ${k}`)
        })
      all.fill(GUARD, at / 8, at / 8 + (inputs[i]?.length ?? 0))
    })
    outs.forEach((at, i) => {
      all.fill(GUARD, at / 8, at / 8 + (lengths[i] ?? 0))
    })
    const broken = all.findIndex((x) => x !== GUARD)
    if (broken !== -1) throw new Error(`written outside the arrays, at ${broken}`)
    return results
  }
}

const scalar = ({ primitive, params }: MapEquation): ((...x: ReadonlyArray<number>) => number) => {
  if (primitive === 'constant' && 'value' in params) return () => params.value
  if (primitive === 'pow' && 'exponent' in params)
    return primitives.pow.evaluate?.(params) ?? (() => Number.NaN)
  const { evaluate } = primitives[primitive]
  if (evaluate === undefined) throw new Error(`${primitive} is not elementwise`)
  return (evaluate as (params: object) => (...x: ReadonlyArray<number>) => number)({})
}

/** The same by the scalar definitions, one element after the other. */
export const reference =
  (spec: MapSpec): Runner =>
  (count, inputs) => {
    const columns = columnsOf(spec)
    const size = count * columns
    const at = (i: number, k: number): number => {
      switch (spec.inputs[i]) {
        case 'full':
          return k
        case 'row':
          return Math.floor(k / columns)
        case 'column':
          return k % columns
        default:
          return 0
      }
    }
    const values = spec.inputs.map((_, i) =>
      Float64Array.from({ length: size }, (_, k) => inputs[i]?.[at(i, k)] ?? 0),
    )
    for (const e of spec.equations) {
      const f = scalar(e)
      values.push(
        Float64Array.from({ length: size }, (_, k) => f(...e.inputs.map((i) => values[i]?.[k] ?? 0))),
      )
    }
    const max = (x: Float64Array): number => x.reduce((m, v) => Math.max(m, v), Number.NEGATIVE_INFINITY)
    const reduced = {
      rowSum: (x: Float64Array, r: number) => sumStrided(x, r * columns, 1, columns),
      rowMax: (x: Float64Array, r: number) => max(x.subarray(r * columns, (r + 1) * columns)),
      blockSum: (x: Float64Array, b: number) =>
        sumStrided(x, b * BLOCK, 1, Math.min(BLOCK, count - b * BLOCK)),
      store: (x: Float64Array, k: number) => x[k] ?? 0,
    }
    return spec.outputs.map(({ value, to }, o) => {
      const x = values[value] ?? new Float64Array()
      return Float64Array.from({ length: outputLength(spec, o, count) }, (_, k) => reduced[to](x, k))
    })
  }

/** The first place where two results differ in a bit (all NaN are one), or null. */
export const difference = (
  found: ReadonlyArray<Float64Array>,
  expected: ReadonlyArray<Float64Array>,
): string | null => {
  for (const [i, e] of expected.entries()) {
    const f = found[i] ?? new Float64Array()
    if (f.length !== e.length) return `output ${i} has ${f.length} elements, not ${e.length}`
    const k = e.findIndex((x, j) => !Object.is(f[j], x))
    if (k !== -1) return `output ${i} at ${k}: ${f[k]}, expected ${e[k]}`
  }
  return null
}
