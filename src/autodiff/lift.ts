import type { Dense, Indices } from './array.js'
import type { Shape } from './ir.js'
import { fail } from './primitive.js'
import { broadcastShapes, showShape, showType } from './shape.js'
import { Tensor } from './tensor.js'
import { vocabulary as v } from './vocabulary.js'

/**
 * What an operation accepts: a tensor of the trace, or a constant - a number (of any shape it needs) or an array.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export type Input = Tensor | number | Dense | Indices

/** Some operand must be a tensor: it says which trace the constants join. */
const leader = (name: string, xs: ReadonlyArray<Input>): Tensor =>
  xs.find((x) => x instanceof Tensor) ?? fail(name, 'at least one operand must be a Tensor')

const lift = (name: string, like: Tensor, x: Input): Tensor => {
  if (x instanceof Tensor) return x
  if (typeof x === 'number') return v.constant(like, x, [])
  if (x?._tag !== 'Dense' && x?._tag !== 'Indices')
    return fail(name, `expected a Tensor, a number or an array, got ${String(x)}`)
  const type = x._tag === 'Dense' ? 'f64' : 'i32'
  return like.trace.emit('literal', { values: Array.from(x.values), shape: x.shape, type }, [])
}

/** All operands as tensors of one trace. */
export const lifted = (name: string, xs: ReadonlyArray<Input>): ReadonlyArray<Tensor> => {
  const like = leader(name, xs)
  return xs.map((x) => lift(name, like, x))
}

/** A tensor from a single operand. */
export const tensor = (name: string, x: Input): Tensor =>
  x instanceof Tensor ? x : fail(name, `expected a Tensor, got ${typeof x === 'number' ? x : 'a constant'}`)

/** All operands at their joint shape. */
export const broadcasted = (name: string, xs: ReadonlyArray<Input>): ReadonlyArray<Tensor> => {
  const like = leader(name, xs)
  const shapeOf = (x: Input): Shape => (typeof x === 'number' ? [] : (x?.shape ?? []))
  const joint = xs.map(shapeOf).reduce((a, b) => {
    const c = broadcastShapes(a, b)
    if (c !== null) return c
    return fail(name, `shapes ${xs.map((x) => showShape(shapeOf(x))).join(' and ')} do not broadcast`)
  })
  return xs.map((x) => {
    if (typeof x === 'number') return v.constant(like, x, joint)
    const t = lift(name, like, x)
    return t.type === 'f64' ? v.broadcastTo(t, joint) : fail(name, `expected f64, got ${showType(t)}`)
  })
}

/** Axes as a reduction wants them: counted from the end when negative, increasing, all of them when not given. */
export const axesOf = (
  name: string,
  x: Tensor,
  axes: number | ReadonlyArray<number> | undefined,
): ReadonlyArray<number> => {
  const rank = x.shape.length
  if (axes === undefined) return x.shape.map((_, i) => i)
  const list = (typeof axes === 'number' ? [axes] : axes).map((a) => {
    if (!Number.isInteger(a) || a < -rank || a >= rank) fail(name, `${showType(x)} has no axis ${a}`)
    return a < 0 ? a + rank : a
  })
  if (new Set(list).size !== list.length) fail(name, `axes [${list.join(',')}] repeat`)
  return list.toSorted((a, b) => a - b)
}
