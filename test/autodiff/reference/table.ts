import type { Equation, PrimitiveName } from '../../../src/autodiff/ir.js'
import { contraction } from './contraction.js'
import { elementwise } from './elementwise.js'
import { movement } from './movement.js'
import type { Case, Of, Reference, Site, Slope, Value } from './reference.js'

/** Every primitive: the compiler misses one that is not here. */
export const references: { readonly [N in PrimitiveName]: Reference<Of<N>> } = {
  ...elementwise,
  ...contraction,
  ...movement,
}

/** How element `i` of the result of an equation moves with its inputs. */
export const slopesOf = <N extends PrimitiveName>(
  { primitive, params }: Equation<N>,
  inputs: ReadonlyArray<Value>,
  output: Value,
): ((i: number) => ReadonlyArray<Slope>) => {
  const site: Site<Of<N>> = { params, inputs, output }
  return references[primitive].slopes(site)
}

export type { Case, Of, Value }
