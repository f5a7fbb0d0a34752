import type { BilevelFacts, BilevelProblem } from '../../../bilevel/problem/problem.js'
import type { Batch, Vector } from '../../../problem/oracle.js'
import { plus } from './matrix.js'

/** One component of the upper function. */
export interface UpperParts {
  readonly value: (x: Vector, y: Vector) => number
  readonly inX: (x: Vector, y: Vector) => Vector
  readonly inY: (x: Vector, y: Vector) => Vector
}

/** One component of the lower function. */
export interface LowerParts extends UpperParts {
  readonly hessian: (x: Vector, y: Vector, v: Vector) => Vector
  readonly cross: (x: Vector, y: Vector, v: Vector) => Vector
}

/** A function that is the mean of components, with the mean itself, which all components together are. */
export interface Parts<A> {
  readonly all: A
  readonly each: ReadonlyArray<A>
}

const chosen = <A>({ all, each }: Parts<A>, batch: Batch): ReadonlyArray<A> =>
  batch === null
    ? [all]
    : Array.from(batch, (i) => {
        const found = each[i]
        if (found === undefined)
          throw new RangeError(`batch: got component ${i}, expected one of ${each.length}`)
        return found
      })

const meanNumber = (numbers: ReadonlyArray<number>): number =>
  numbers.length === 1 ? (numbers[0] ?? 0) : numbers.reduce((s, a) => s + a, 0) / numbers.length

const meanVector = (vectors: ReadonlyArray<Vector>): Vector => {
  const [first = new Float64Array(), ...others] = vectors
  return others.length === 0
    ? first
    : others.reduce((s, v) => plus(s, v), first).map((s) => s / vectors.length)
}

const level = <A extends UpperParts>(parts: Parts<A>): BilevelProblem['upper'] => {
  const value = (x: Vector, y: Vector, batch: Batch) =>
    meanNumber(chosen(parts, batch).map((c) => c.value(x, y)))
  return {
    components: parts.each.length,
    value,
    gradient: (x, y, batch, of) => {
      const components = chosen(parts, batch)
      return {
        value: value(x, y, batch),
        ...(of === 'y' ? {} : { x: meanVector(components.map((c) => c.inX(x, y))) }),
        ...(of === 'x' ? {} : { y: meanVector(components.map((c) => c.inY(x, y))) }),
      }
    },
    lowerBound: () => 0,
  }
}

/** The problem of functions that are written out. */
export const writtenOut = (
  name: string,
  dimension: { readonly x: number; readonly y: number },
  upper: Parts<UpperParts>,
  lower: Parts<LowerParts>,
  facts: BilevelFacts,
): BilevelProblem => ({
  name,
  dimension,
  upper: level(upper),
  lower: {
    ...level(lower),
    hessianVector: (x, y, v, batch) => meanVector(chosen(lower, batch).map((c) => c.hessian(x, y, v))),
    crossVector: (x, y, v, batch) => meanVector(chosen(lower, batch).map((c) => c.cross(x, y, v))),
  },
  tasks: false,
  facts,
})
