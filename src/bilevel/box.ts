import type { DescentState } from '../optimizer/iteration.js'
import type { Vector } from '../problem/oracle.js'

/**
 * Bounds of every component of a point.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export type Box = readonly [low: number, high: number]

/** A box as given, or none. */
export const boxOf = (field: string, box: Box | undefined): Box | null => {
  if (box === undefined) return null
  const [low, high] = box
  if (low <= high) return box
  throw new RangeError(`${field}: got [${low}, ${high}], expected [low, high] with low <= high`)
}

/** The nearest point of the box. */
export const projected = (box: Box | null, v: Vector): Vector =>
  box === null ? v : v.map((vi) => Math.min(Math.max(vi, box[0]), box[1]))

/** A move that ends in the box. */
export const into = (box: Box | null, state: DescentState): DescentState =>
  box === null ? state : { ...state, x: projected(box, state.x) }

/** Where a step led, in the box; what stayed where it was stays there, wherever that is. */
export const movedInto = (box: Box | null, before: DescentState, after: DescentState): DescentState =>
  after.x === before.x ? after : into(box, after)
