import type { Dense } from '../autodiff/array.js'
import type { Shape, ValueType } from '../autodiff/ir.js'
import { fail } from '../autodiff/primitive.js'
import { isShape, sameShape, showShape, showType, size } from '../autodiff/shape.js'
import { Tensor } from '../autodiff/tensor.js'

/**
 * What a function is differentiated with respect to: a number, a vector, an array with a shape, or a record of these.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export type Parameters = number | Float64Array | Dense | { readonly [name: string]: Parameters }

/**
 * The shapes of parameters: `[784, 10]`, or a record such as `{ W: [784, 10], b: [10] }`.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export type Shapes = ReadonlyArray<number> | { readonly [name: string]: Shapes }

/**
 * Parameters inside a trace: every leaf is a {@link Tensor}.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export type Traced<P> = P extends number | Float64Array | Dense | ReadonlyArray<number> | Tensor
  ? Tensor
  : { readonly [K in keyof P]: Traced<P[K]> }

/**
 * Parameters as arrays, by their shapes.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export type Arrays<S> = S extends ReadonlyArray<number> ? Dense : { readonly [K in keyof S]: Arrays<S[K]> }

/**
 * Parameters as numbers, vectors or arrays of these shapes: what a function of given shapes accepts.
 *
 * @category Autodiff
 * @since 0.1.0
 */
export type Given<S> =
  S extends ReadonlyArray<number> ? number | Float64Array | Dense : { readonly [K in keyof S]: Given<S[K]> }

/** How parameters lie in one flat vector: leaves in the order in which they are written. */
export type Layout =
  | {
      readonly _tag: 'Leaf'
      readonly name: string
      readonly form: 'number' | 'vector' | 'array'
      readonly shape: Shape
      readonly offset: number
    }
  | { readonly _tag: 'Record'; readonly entries: ReadonlyArray<readonly [string, Layout]> }

export type Leaf = Extract<Layout, { _tag: 'Leaf' }>

export const leaves = (layout: Layout): ReadonlyArray<Leaf> =>
  layout._tag === 'Leaf' ? [layout] : layout.entries.flatMap(([, entry]) => leaves(entry))

export const dimension = (layout: Layout): number =>
  leaves(layout).reduce((n, leaf) => n + size(leaf.shape), 0)

const isDense = (u: object): u is Dense => '_tag' in u && u._tag === 'Dense'

const isArray = (u: unknown): u is ReadonlyArray<unknown> => Array.isArray(u)

const record = (
  fields: object,
  name: string,
  offset: number,
  of: (u: unknown, name: string, offset: number) => Layout,
): Layout => {
  const entries: Array<readonly [string, Layout]> = []
  let at = offset
  for (const [key, value] of Object.entries(fields)) {
    const entry = of(value, name === '' ? key : `${name}.${key}`, at)
    entries.push([key, entry])
    at += dimension(entry)
  }
  return { _tag: 'Record', entries }
}

/** The layout of a value, or of tensors standing for one. */
export const layoutOf = (u: unknown, name = '', offset = 0): Layout => {
  if (typeof u === 'number') return { _tag: 'Leaf', name, form: 'number', shape: [], offset }
  if (u instanceof Float64Array) return { _tag: 'Leaf', name, form: 'vector', shape: [u.length], offset }
  if (u instanceof Tensor) return { _tag: 'Leaf', name, form: 'array', shape: u.shape, offset }
  if (typeof u !== 'object' || u === null || isArray(u) || ArrayBuffer.isView(u))
    return fail(name || 'parameters', 'expected a number, a Float64Array, an array or a record of these')
  if (isDense(u)) return { _tag: 'Leaf', name, form: 'array', shape: u.shape, offset }
  return record(u, name, offset, layoutOf)
}

/** The layout that shapes describe. */
export const layoutOfShapes = (u: unknown, name = '', offset = 0): Layout => {
  if (isArray(u))
    return isShape(u)
      ? { _tag: 'Leaf', name, form: 'array', shape: u, offset }
      : fail(name || 'parameters', `expected a shape of integers >= 0, got [${u.join(',')}]`)
  if (typeof u !== 'object' || u === null)
    return fail(name || 'parameters', 'expected a shape such as [3, 2] or a record of shapes')
  return record(u, name, offset, layoutOfShapes)
}

/** A tree of this layout with something at every leaf. */
type Tree<A> = A | { readonly [name: string]: Tree<A> }

const grow = <A>(layout: Layout, at: (leaf: Leaf) => A): Tree<A> =>
  layout._tag === 'Leaf'
    ? at(layout)
    : Object.fromEntries(layout.entries.map(([key, entry]) => [key, grow(entry, at)]))

/** The type of one program input for every leaf. */
export const leafTypes = (layout: Layout): ReadonlyArray<ValueType> =>
  leaves(layout).map(({ shape }) => ({ shape, type: 'f64' }))

// The three functions below rebuild a value of the type that the layout was made from. The compiler cannot follow a
// layout, which is data, back to that type; each says so in one place.

/** Tensors in the structure of the parameters. */
export const tracedAs = <P>(layout: Layout, tensors: ReadonlyArray<Tensor>): Traced<P> => {
  const rest = tensors[Symbol.iterator]()
  const tree: unknown = grow(layout, ({ name }) => rest.next().value ?? fail(name, 'no tensor for it'))
  return tree as Traced<P>
}

/** Parameters of the form they had, over one flat vector; arrays and vectors share its memory. */
export const unflatten = <P>(layout: Layout, flat: Float64Array): P => {
  const tree: unknown = grow(layout, ({ form, shape, offset }) => {
    const values = flat.subarray(offset, offset + size(shape))
    return form === 'number'
      ? (values[0] ?? 0)
      : form === 'vector'
        ? values
        : { _tag: 'Dense', shape, values }
  })
  return tree as P
}

const valueAt = (u: unknown, { name, shape }: Leaf): Float64Array => {
  const values =
    typeof u === 'number'
      ? Float64Array.of(u)
      : u instanceof Float64Array
        ? u
        : typeof u === 'object' && u !== null && isDense(u) && sameShape(u.shape, shape)
          ? u.values
          : fail(name || 'parameters', `expected an array of shape ${showShape(shape)}, got ${named(u)}`)
  return values.length === size(shape)
    ? values
    : fail(
        name || 'parameters',
        `expected ${size(shape)} values of shape ${showShape(shape)}, got ${values.length}`,
      )
}

const tensorAt = (u: unknown, { name, shape }: Leaf): Tensor =>
  u instanceof Tensor && u.type === 'f64' && sameShape(u.shape, shape)
    ? u
    : fail(name || 'parameters', `expected a Tensor of shape ${showShape(shape)}, got ${named(u)}`)

const named = (u: unknown): string =>
  u instanceof Tensor
    ? `the Tensor ${showType(u)}`
    : typeof u === 'object' && u !== null
      ? isDense(u)
        ? `one of shape ${showShape(u.shape)}`
        : 'an object'
      : String(u)

/** What lies at the leaves, in the order of the layout, whatever the order in which it was written. */
const gather = <A>(layout: Layout, u: unknown, at: (u: unknown, leaf: Leaf) => A): ReadonlyArray<A> => {
  if (layout._tag === 'Leaf') return [at(u, layout)]
  const fields: ReadonlyMap<string, unknown> = new Map(
    typeof u === 'object' && u !== null ? Object.entries(u) : [],
  )
  return layout.entries.flatMap(([key, entry]) =>
    fields.has(key) ? gather(entry, fields.get(key), at) : fail(leaves(entry)[0]?.name ?? key, 'is missing'),
  )
}

/** The values of the leaves, in order. */
export const leafValues = (layout: Layout, u: unknown): ReadonlyArray<Float64Array> =>
  gather(layout, u, valueAt)

/** The tensors of the leaves, in order. */
export const leafTensors = (layout: Layout, u: unknown): ReadonlyArray<Tensor> => gather(layout, u, tensorAt)

/** The part of a flat vector that belongs to each leaf. */
export const leafViews = (layout: Layout, flat: Float64Array): ReadonlyArray<Float64Array> =>
  layout._tag === 'Leaf'
    ? [flat]
    : leaves(layout).map(({ offset, shape }) => flat.subarray(offset, offset + size(shape)))

/**
 * The parameters as one flat vector, leaf after leaf in the order in which they are written, each row by row.
 *
 * @throws `RangeError` naming a field that is no parameter
 * @example
 * ```ts
 * import { matrix, ravel } from 'steplaw/autodiff'
 *
 * [...ravel({ W: matrix(1, 2, [1, 2]), b: 3 })] // => [1, 2, 3]
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const ravel = (parameters: Parameters): Float64Array => {
  const layout = layoutOf(parameters)
  const flat = new Float64Array(dimension(layout))
  let at = 0
  for (const values of leafValues(layout, parameters)) {
    flat.set(values, at)
    at += values.length
  }
  return flat
}

/**
 * The inverse of {@link ravel}: a flat vector in the structure of `like`. Arrays share the memory of the vector.
 *
 * @throws `RangeError` when the vector has another length than `ravel(like)`
 * @example
 * ```ts
 * import { unravel } from 'steplaw/autodiff'
 *
 * const like = { w: Float64Array.of(0, 0), b: 0 }
 * unravel(like)(Float64Array.of(1, 2, 3)).b // => 3
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const unravel = <P extends Parameters>(like: P): ((flat: Float64Array) => P) => {
  const layout = layoutOf(like)
  return (flat) =>
    flat.length === dimension(layout)
      ? unflatten<P>(layout, flat)
      : fail('unravel', `expected ${dimension(layout)} values, got ${flat.length}`)
}
