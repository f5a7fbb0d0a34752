import { type Equation, type IR, type PrimitiveName, typeOf, type ValueType } from '../autodiff/ir.js'
import { showType, size } from '../autodiff/shape.js'
import { primitives } from '../autodiff/table.js'
import { sliding } from '../autodiff/window.js'
import type { Bound, Buffer, Executable } from './executable.js'
import * as elementwise from './kernel/elementwise.js'
import * as layout from './kernel/layout.js'
import { matmul, packed } from './kernel/matmul.js'
import * as reduce from './kernel/reduce.js'
import * as rows from './kernel/rows.js'
import { cholesky, solveTriangular } from './kernel/triangular.js'
import { overlay, patches } from './kernel/window.js'

/** The arrays of a run, by the number of the value they hold. */
class Frame {
  readonly #reals: Float64Array[] = []
  readonly #indices: Int32Array[] = []

  set(id: number, buffer: Buffer): void {
    if (buffer instanceof Float64Array) this.#reals[id] = buffer
    else this.#indices[id] = buffer
  }

  real(id: number | undefined): Float64Array {
    const found = id === undefined ? undefined : this.#reals[id]
    if (found === undefined) throw new RangeError(`interpret: value ${id} holds no doubles`)
    return found
  }

  index(id: number | undefined): Int32Array {
    const found = id === undefined ? undefined : this.#indices[id]
    if (found === undefined) throw new RangeError(`interpret: value ${id} holds no indices`)
    return found
  }

  any(id: number, type: ValueType): Buffer {
    return type.type === 'f64' ? this.real(id) : this.index(id)
  }
}

type Step = () => void

/** Primitives whose result is their input under another name. */
const renames = (e: Equation): boolean =>
  e.primitive === 'identity' || e.primitive === 'reshape' || e.primitive === 'stop'

const scalar = <N extends PrimitiveName>(e: Equation<N>): ((...x: ReadonlyArray<number>) => number) => {
  const { evaluate } = primitives[e.primitive]
  if (evaluate === undefined) throw new RangeError(`interpret: no kernel for ${e.primitive}`)
  return evaluate(e.params)
}

/** The kernel of an equation over the arrays of a frame; shapes are resolved here, once. */
const step = (e: Equation, id: number, types: ReadonlyArray<ValueType>, frame: Frame): Step => {
  const [x, y, z] = e.inputs
  const [tx, ty] = types
  const shape = tx?.shape ?? []
  const out = (): Float64Array => frame.real(id)
  switch (e.primitive) {
    case 'constant':
    case 'literal':
      return () => {}
    case 'identity':
    case 'reshape':
    case 'stop':
      return () => frame.set(id, frame.any(x ?? 0, e))
    case 'add':
      return () => elementwise.add(out(), frame.real(x), frame.real(y))
    case 'sub':
      return () => elementwise.sub(out(), frame.real(x), frame.real(y))
    case 'mul':
      return () => elementwise.mul(out(), frame.real(x), frame.real(y))
    case 'div':
      return () => elementwise.div(out(), frame.real(x), frame.real(y))
    case 'neg':
      return () => elementwise.neg(out(), frame.real(x))
    case 'select':
      return () => elementwise.select(out(), frame.real(x), frame.real(y), frame.real(z))
    case 'matmul': {
      const { transposeX, transposeY } = e.params
      const [m = 0, n = 0] = e.shape
      const k = shape[transposeX ? 0 : 1] ?? 0
      const a = transposeX ? { outer: 1, inner: m } : { outer: k, inner: 1 }
      const b = transposeY ? { outer: k, inner: 1 } : { outer: 1, inner: n }
      const panel = new Float64Array(packed(n, k))
      return () => matmul(out(), frame.real(x), a, frame.real(y), b, m, n, k, panel)
    }
    case 'sum':
    case 'max': {
      const kernel = e.primitive === 'sum' ? reduce.sum : reduce.max
      const lanes = reduce.lanesOf(shape, e.params.axes)
      if (lanes !== null) return () => kernel(out(), frame.real(x), lanes)
      const places = layout.axesLast(shape, e.params.axes)
      const moved = new Float64Array(places.length)
      const outer = size(e.shape)
      const last = { outer, count: outer === 0 ? 0 : moved.length / outer, inner: 1 }
      return () => {
        layout.rearrange(moved, frame.real(x), places)
        kernel(out(), moved, last)
      }
    }
    case 'logSumExp': {
      const { axis } = e.params
      const lanes = reduce.lanesOf(shape, [axis]) ?? { outer: 0, count: 0, inner: 0 }
      const scratch = new Float64Array(lanes.count)
      return () => reduce.logSumExp(out(), frame.real(x), lanes, scratch)
    }
    case 'gather': {
      const count = shape[0] ?? 0
      const width = size(shape.slice(1))
      return e.type === 'f64'
        ? () => rows.gather(out(), frame.real(x), frame.index(y), count, width)
        : () => rows.gatherIndices(frame.index(id), frame.index(x), frame.index(y), count, width)
    }
    case 'scatterAdd': {
      const width = size(shape.slice(1))
      return () => rows.scatterAdd(out(), frame.real(x), frame.index(y), e.params.rows, width)
    }
    case 'pick': {
      const columns = shape[1] ?? 0
      return () => rows.pick(out(), frame.real(x), frame.index(y), columns)
    }
    case 'place':
      return () => rows.place(out(), frame.real(x), frame.index(y), e.params.columns)
    case 'concat': {
      const { axis } = e.params
      const m = size(shape.slice(axis))
      const n = size((ty?.shape ?? []).slice(axis))
      return () => layout.concat(out(), frame.real(x), frame.real(y), m, n)
    }
    case 'patches': {
      const s = sliding('patches', shape, e.params.window, e.params.stride)
      return () => patches(out(), frame.real(x), s)
    }
    case 'overlay': {
      const s = sliding('overlay', e.shape, e.params.window, e.params.stride)
      return () => overlay(out(), frame.real(x), s)
    }
    case 'cholesky':
      return () => cholesky(out(), frame.real(x), shape[0] ?? 0)
    case 'solveTriangular': {
      const [n = 0, columns = 0] = e.shape
      return () => solveTriangular(out(), frame.real(x), frame.real(y), n, columns, e.params)
    }
    case 'broadcastTo':
    case 'transpose':
    case 'slice':
    case 'pad': {
      if (e.primitive === 'broadcastTo' && e.type === 'f64' && size(shape) === 1)
        return () => {
          out().fill(frame.real(x)[0] ?? 0)
        }
      const places = layout.placesOf(e, shape) ?? new Int32Array()
      if (e.type === 'i32') return () => layout.rearrangeIndices(frame.index(id), frame.index(x), places)
      const copy = e.primitive === 'pad' ? layout.rearrangeOrZero : layout.rearrange
      return () => copy(out(), frame.real(x), places)
    }
    default: {
      const f = scalar(e)
      if (e.inputs.length === 1) {
        const loop = elementwise.map(f)
        return () => loop(out(), frame.real(x))
      }
      const loop = elementwise.zip(f)
      return () => loop(out(), frame.real(x), frame.real(y))
    }
  }
}

/** The last equation that reads each array, counted through renamings; outputs are read at the very end. */
const lastReaders = (
  ir: IR,
): { readonly owner: ReadonlyArray<number>; readonly last: ReadonlyArray<number> } => {
  const n = ir.inputs.length
  const owner = ir.inputs.map((_, i) => i)
  for (const e of ir.equations) {
    const [x] = e.inputs
    owner.push(renames(e) && x !== undefined ? (owner[x] ?? x) : owner.length)
  }
  const last = owner.map((_, id) => id)
  ir.equations.forEach((e, k) => {
    for (const i of e.inputs) last[owner[i] ?? i] = n + k
  })
  for (const id of ir.outputs) last[owner[id] ?? id] = Number.POSITIVE_INFINITY
  return { owner, last }
}

/** Gives every equation an array; one is used again once nothing will read what it holds. */
const allocate = (ir: IR, frame: Frame): void => {
  const n = ir.inputs.length
  const { owner, last } = lastReaders(ir)
  const free = new Map<number, Float64Array[]>()
  const held = new Map<number, Float64Array>()
  ir.equations.forEach((e, k) => {
    const id = n + k
    if (e.primitive === 'constant') frame.set(id, new Float64Array(size(e.shape)).fill(e.params.value))
    else if (e.primitive === 'literal')
      frame.set(id, e.type === 'f64' ? Float64Array.from(e.params.values) : Int32Array.from(e.params.values))
    else if (renames(e)) return
    else if (e.type === 'i32') frame.set(id, new Int32Array(size(e.shape)))
    else {
      const length = size(e.shape)
      const buffer = free.get(length)?.pop() ?? new Float64Array(length)
      frame.set(id, buffer)
      held.set(id, buffer)
    }
    for (const i of new Set(e.inputs.map((j) => owner[j] ?? j))) {
      const buffer = held.get(i)
      if (buffer === undefined || last[i] !== id) continue
      held.delete(i)
      free.set(buffer.length, [...(free.get(buffer.length) ?? []), buffer])
    }
  })
}

const expectBuffer = (what: string, type: ValueType, buffer: Buffer | undefined): Buffer => {
  const kind = buffer instanceof Float64Array ? 'f64' : buffer instanceof Int32Array ? 'i32' : 'nothing'
  if (buffer === undefined || kind !== type.type || buffer.length !== size(type.shape))
    throw new RangeError(`${what}: expected ${showType(type)}, got ${kind}[${buffer?.length ?? 0}]`)
  return buffer
}

/**
 * The reference runtime: one kernel per equation, one after the other, in the order the program states. It defines the
 * bits that every other runtime must reproduce.
 */
export const interpret = (ir: IR, bound: Bound = []): Executable => {
  const n = ir.inputs.length
  const frame = new Frame()
  const free: number[] = []
  ir.inputs.forEach((type, i) => {
    const buffer = bound[i] ?? null
    if (buffer === null) free.push(i)
    else frame.set(i, expectBuffer(`bound input ${i}`, type, buffer))
  })
  allocate(ir, frame)
  const steps = ir.equations.map((e, k) =>
    step(
      e,
      n + k,
      e.inputs.map((i) => typeOf(ir, i)),
      frame,
    ),
  )
  const types = ir.outputs.map((id) => typeOf(ir, id))
  return {
    ir,
    run: (inputs, outputs) => {
      free.forEach((i, k) => {
        frame.set(i, expectBuffer(`input ${i}`, typeOf(ir, i), inputs[k]))
      })
      for (const s of steps) s()
      ir.outputs.forEach((id, k) => {
        const type = types[k] ?? { shape: [], type: 'f64' }
        const target = expectBuffer(`output ${k}`, { ...type, type: 'f64' }, outputs[k])
        target.set(frame.any(id, type))
      })
    },
    // Its arrays are the garbage collector's business.
    release: () => {},
  }
}
