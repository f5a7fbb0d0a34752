import { array, pullback, type Tensor, trace } from '../../src/entry/autodiff.js'
import { compile } from '../../src/runtime/compile.js'
import type { Plain } from './plain.js'

export type Traceable = (...inputs: ReadonlyArray<Tensor>) => Tensor

const product = (shape: ReadonlyArray<number>): number => shape.reduce((n, s) => n * s, 1)

const typesOf = (inputs: ReadonlyArray<Plain>) => inputs.map(({ shape }) => ({ shape, type: 'f64' as const }))

/** The value of a traced function, as a plain array. */
export const forward = (f: Traceable, inputs: ReadonlyArray<Plain>): Plain => {
  const ir = trace(f, typesOf(inputs))
  const shape = [...ir.inputs, ...ir.equations].find((_, id) => id === ir.outputs[0])?.shape ?? []
  const out = new Float64Array(product(shape))
  compile(ir).run(
    inputs.map((x) => Float64Array.from(x.values)),
    [out],
  )
  return { shape, values: [...out] }
}

/** $J^T v$, one array for each input. */
export const backward = (
  f: Traceable,
  inputs: ReadonlyArray<Plain>,
  v: ReadonlyArray<number>,
): ReadonlyArray<ReadonlyArray<number>> => {
  const ir = trace(f, typesOf(inputs))
  const back = pullback(ir, [...ir.inputs.keys()])
  const gradients = inputs.map((x) => new Float64Array(x.values.length))
  compile(back).run(
    [...inputs.map((x) => Float64Array.from(x.values)), Float64Array.from(v)],
    [new Float64Array(v.length), ...gradients],
  )
  return gradients.map((g) => [...g])
}

export const inner = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): number =>
  a.reduce((s, x, i) => s + x * (b[i] ?? 0), 0)

const moved = (
  inputs: ReadonlyArray<Plain>,
  u: ReadonlyArray<ReadonlyArray<number>>,
  h: number,
): ReadonlyArray<Plain> =>
  inputs.map(({ shape, values }, i) => ({ shape, values: values.map((x, j) => x + h * (u[i]?.[j] ?? 0)) }))

/** $\langle v, f(x + h u) \rangle$. */
export const along =
  (
    f: Traceable,
    inputs: ReadonlyArray<Plain>,
    u: ReadonlyArray<ReadonlyArray<number>>,
    v: ReadonlyArray<number>,
  ) =>
  (h: number): number =>
    inner(v, forward(f, moved(inputs, u, h)).values)

/**
 * The derivative at 0 of a smooth function by central differences at $h$ and $h/2$, extrapolated once: the truncation
 * error is $O(h^4)$, the rounding error $O(u |\phi| / h)$. With $h = 2^{-10}$ both are about 1e-12 of the scale.
 */
export const difference = (phi: (h: number) => number, h = 2 ** -10): number => {
  const central = (s: number): number => (phi(s) - phi(-s)) / (2 * s)
  return (4 * central(h / 2) - central(h)) / 3
}

export const constant = (x: Plain) => array(x.shape, x.values)
