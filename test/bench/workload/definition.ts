import { array, type Dense, grad, type Indices, indices, type Tensor } from 'steplaw/autodiff'
import type { Inputs } from '../inputs.js'

export type Arrays = { readonly [name: string]: Dense }
export type Tensors = { readonly [name: string]: Tensor }

/** A workload as a user of the library writes it: a function to trace over parameters and data. */
export interface Definition {
  /** What comes with every call. */
  readonly parameters: Arrays
  /** What stays the same from call to call. */
  readonly data: { readonly [name: string]: Dense | Indices }
  /** The value, then all that is compared: mostly the gradient. */
  readonly outputs: (parameters: Tensors, data: Tensors) => ReadonlyArray<Tensor>
}

/** An array of the inputs, or of the tensors of a trace, by its name. */
export const of = <A>(from: { readonly [name: string]: A }, name: string): A => {
  const found = from[name]
  if (found === undefined) throw new RangeError(`there is no ${name}`)
  return found
}

/** The inputs of the given shapes, in the order of the shapes. */
export const shaped = (from: Inputs, shapes: { readonly [name: string]: ReadonlyArray<number> }): Arrays =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, array(shape, of(from, name))]))

/** An input as indices. */
export const indexed = (from: Inputs, name: string): Indices => indices(Int32Array.from(of(from, name)))

/** The value of a loss and its gradient. */
export const withGradient =
  (loss: (parameters: Tensors, data: Tensors) => Tensor): Definition['outputs'] =>
  (parameters, data) => [
    loss(parameters, data),
    ...Object.values(grad<Arrays>((p) => loss(p, data))(parameters)),
  ]
