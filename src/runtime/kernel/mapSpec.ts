import type { Equation, PrimitiveName } from '../../autodiff/ir.js'
import { fail } from '../../autodiff/primitive.js'
import { isElementwise } from '../lane/elementwise.js'

/** How an input is addressed: an element of its own, one number for each row or each column, or one for all. */
export type MapInput = 'full' | 'row' | 'column' | 'scalar'

/**
 * What becomes of a value: an array of it, or a sum or maximum for each row, or (over a flat space) a sum for each block of
 * 4096 elements, in the order that every sum of this library has.
 */
export type MapResult = 'store' | 'rowSum' | 'rowMax' | 'blockSum'

export interface MapEquation {
  readonly primitive: PrimitiveName
  readonly params: Equation['params']
  /** Inputs of the kernel first, then one value for each equation. */
  readonly inputs: ReadonlyArray<number>
}

/** A fused elementwise kernel: what is computed of every element of a space, and where it goes. */
export interface MapSpec {
  /** `flat` is one loop over elements; `rows` has a known number of columns. How many elements or rows is said in the call. */
  readonly space: { readonly kind: 'flat' } | { readonly kind: 'rows'; readonly columns: number }
  readonly inputs: ReadonlyArray<MapInput>
  readonly equations: ReadonlyArray<MapEquation>
  readonly outputs: ReadonlyArray<{ readonly value: number; readonly to: MapResult }>
}

/** Refuses a specification that no kernel could have, with a `RangeError` that names the field. */
export const checkMapSpec = ({ space, inputs, equations, outputs }: MapSpec): void => {
  const flat = space.kind === 'flat'
  if (!flat && !(Number.isInteger(space.columns) && space.columns >= 0 && space.columns < 2 ** 28))
    fail('map', `space.columns: got ${space.columns}, expected an integer from 0 below 2^28`)
  for (const access of inputs)
    if (flat && (access === 'row' || access === 'column'))
      fail('map', `inputs: a flat space has no ${access}`)
  equations.forEach(({ primitive, inputs: args }, i) => {
    if (!isElementwise(primitive)) fail('map', `equations: ${primitive} is not elementwise`)
    for (const a of args)
      if (!(Number.isInteger(a) && a >= 0 && a < inputs.length + i))
        fail('map', `equations: ${primitive} reads ${a}, which is not defined before it`)
  })
  for (const { value, to } of outputs) {
    if (!(Number.isInteger(value) && value >= 0 && value < inputs.length + equations.length))
      fail('map', `outputs: there is no value ${value}`)
    if (flat ? to === 'rowSum' || to === 'rowMax' : to === 'blockSum')
      fail('map', `outputs: ${to} over a ${space.kind} space`)
  }
}
