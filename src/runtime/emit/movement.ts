import type { Equation, Shape } from '../../autodiff/ir.js'
import { stridesOf } from '../../autodiff/shape.js'
import type { CopySpec } from './copy.js'

/** One copy of an input into the result. */
export interface Copy {
  /** Which input. */
  readonly input: number
  /** Where it begins in the input and in the result, in elements. */
  readonly from: number
  readonly to: number
  /** The extent of its first axis, which is the first axis of what is copied. */
  readonly count: number
  readonly spec: CopySpec
}

/** What an equation that only moves elements comes to. */
export interface Movement {
  /** Whether the result has zeros where no copy writes. */
  readonly zero: boolean
  readonly copies: ReadonlyArray<Copy>
}

const dot = (strides: ReadonlyArray<number>, index: ReadonlyArray<number>): number =>
  index.reduce((at, i, axis) => at + i * (strides[axis] ?? 0), 0)

interface Strided {
  readonly extents: Shape
  readonly from: ReadonlyArray<number>
  readonly to: ReadonlyArray<number>
}

const specOf = (element: 4 | 8, { extents, from, to }: Strided): Pick<Copy, 'count' | 'spec'> => {
  const [rows = { extent: 1, from: 0, to: 0 }, ...axes] = extents.map((extent, i) => ({
    extent,
    from: from[i] ?? 0,
    to: to[i] ?? 0,
  }))
  return { count: rows.extent, spec: { element, rows: { from: rows.from, to: rows.to }, axes } }
}

/** The copies that an equation stands for; null if it does more than move elements. `shapes` are those of its inputs. */
export const movementOf = (e: Equation, shapes: ReadonlyArray<Shape>): Movement | null => {
  const input = shapes[0] ?? []
  const [from, to] = [stridesOf(input), stridesOf(e.shape)]
  const element = e.type === 'f64' ? 8 : 4
  const one = (strided: Strided, at: { readonly from?: number; readonly to?: number } = {}): Movement => ({
    zero: at.to !== undefined,
    copies: [{ input: 0, from: at.from ?? 0, to: at.to ?? 0, ...specOf(element, strided) }],
  })
  switch (e.primitive) {
    case 'transpose':
      return one({ extents: e.shape, from: e.params.permutation.map((i) => from[i] ?? 0), to })
    case 'broadcastTo': {
      const lead = e.shape.length - input.length
      const repeated = e.shape.map((_, i) => (i < lead || input[i - lead] === 1 ? 0 : (from[i - lead] ?? 0)))
      return one({ extents: e.shape, from: repeated, to })
    }
    case 'slice':
      return one({ extents: e.shape, from, to }, { from: dot(from, e.params.start) })
    case 'pad':
      return one({ extents: input, from, to }, { to: dot(to, e.params.before) })
    case 'concat': {
      const { axis } = e.params
      const second = (input[axis] ?? 0) * (to[axis] ?? 0)
      return {
        zero: false,
        copies: shapes.map((extents, i) => ({
          input: i,
          from: 0,
          to: i === 0 ? 0 : second,
          ...specOf(element, { extents, from: stridesOf(extents), to }),
        })),
      }
    }
    default:
      return null
  }
}

/** The copy that brings some axes of an array, in order, to the end. */
export const axesLast = (shape: Shape, axes: ReadonlyArray<number>): Pick<Copy, 'count' | 'spec'> => {
  const order = [...shape.keys()].filter((i) => !axes.includes(i)).concat(axes)
  const strides = stridesOf(shape)
  const extents = order.map((i) => shape[i] ?? 0)
  return specOf(8, { extents, from: order.map((i) => strides[i] ?? 0), to: stridesOf(extents) })
}
