import type { Equation, Shape } from '../../autodiff/ir.js'
import { size, stridesOf } from '../../autodiff/shape.js'

/**
 * The place in the input of every element of a result of shape `shape`, walking along `strides` from `offset`. A place is
 * computed once per program, so that the kernels of transposes, broadcasts and blocks are one loop.
 */
const walk = (shape: Shape, strides: ReadonlyArray<number>, offset: number): Int32Array => {
  const places = new Int32Array(size(shape))
  const index = shape.map(() => 0)
  let at = offset
  for (let flat = 0; flat < places.length; flat += 1) {
    places[flat] = at
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      const stride = strides[axis] ?? 0
      const n = shape[axis] ?? 1
      const next = (index[axis] ?? 0) + 1
      at += stride
      if (next < n) {
        index[axis] = next
        break
      }
      at -= n * stride
      index[axis] = 0
    }
  }
  return places
}

/** Where a rearranging equation reads each element of its result; `-1` stands for a zero. */
export const placesOf = (e: Equation, input: Shape): Int32Array | null => {
  const strides = stridesOf(input)
  switch (e.primitive) {
    case 'transpose':
      return walk(
        e.shape,
        e.params.permutation.map((i) => strides[i] ?? 0),
        0,
      )
    case 'broadcastTo': {
      const lead = e.shape.length - input.length
      return walk(
        e.shape,
        e.shape.map((_, i) => (i < lead || input[i - lead] === 1 ? 0 : (strides[i - lead] ?? 0))),
        0,
      )
    }
    case 'slice':
      return walk(
        e.shape,
        strides,
        e.params.start.reduce((at, s, i) => at + s * (strides[i] ?? 0), 0),
      )
    case 'pad': {
      const outer = stridesOf(e.shape)
      const targets = walk(
        input,
        outer,
        e.params.before.reduce((at, s, i) => at + s * (outer[i] ?? 0), 0),
      )
      const places = new Int32Array(size(e.shape)).fill(-1)
      targets.forEach((target, source) => {
        places[target] = source
      })
      return places
    }
    default:
      return null
  }
}

/** The places that bring some axes, in order, to the end. */
export const axesLast = (shape: Shape, axes: ReadonlyArray<number>): Int32Array => {
  const order = [...shape.keys()].filter((i) => !axes.includes(i)).concat(axes)
  const strides = stridesOf(shape)
  return walk(
    order.map((i) => shape[i] ?? 0),
    order.map((i) => strides[i] ?? 0),
    0,
  )
}

export const rearrange = (out: Float64Array, x: Float64Array, places: Int32Array): void => {
  for (let i = 0; i < out.length; i += 1) out[i] = x[places[i] as number] as number
}

export const rearrangeOrZero = (out: Float64Array, x: Float64Array, places: Int32Array): void => {
  for (let i = 0; i < out.length; i += 1) out[i] = places[i] === -1 ? 0 : (x[places[i] as number] as number)
}

export const rearrangeIndices = (out: Int32Array, x: Int32Array, places: Int32Array): void => {
  for (let i = 0; i < out.length; i += 1) out[i] = x[places[i] as number] as number
}

/** Two arrays in turn, `m` and `n` elements of each at a time. */
export const concat = (out: Float64Array, x: Float64Array, y: Float64Array, m: number, n: number): void => {
  const blocks = m + n === 0 ? 0 : out.length / (m + n)
  for (let b = 0; b < blocks; b += 1) {
    out.set(x.subarray(b * m, (b + 1) * m), b * (m + n))
    out.set(y.subarray(b * n, (b + 1) * n), b * (m + n) + m)
  }
}
