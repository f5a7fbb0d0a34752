/** Programs of any shape and depth, as recipes that shrink: steps that do not fit are passed over. */
import fc from 'fast-check'
import * as ad from 'steplaw/autodiff'
import type { IR, ValueType } from '../../src/autodiff/ir.js'
import { size } from '../../src/autodiff/shape.js'
import { simplify } from '../../src/autodiff/simplify.js'
import type { Tensor } from '../../src/autodiff/tensor.js'
import type { Buffer } from '../../src/runtime/executable.js'
import { gradientProgram, hessianProgram, type Scalar } from '../../src/runtime/program.js'

interface Step {
  readonly op: keyof typeof steps
  readonly a: number
  readonly b: number
  readonly n: number
}

export interface Recipe {
  readonly rows: number
  readonly columns: number
  readonly inner: number
  readonly order: 1 | 2
  readonly steps: ReadonlyArray<Step>
  readonly seed: number
}

type Make = (x: Tensor, y: Tensor, step: Step, labels: Tensor) => Tensor | null

const axis = (x: Tensor, n: number): number => n % Math.max(1, x.shape.length)

const unary =
  (f: (x: Tensor) => Tensor): Make =>
  (x) =>
    f(x)

const binary =
  (f: (x: Tensor, y: Tensor) => Tensor): Make =>
  (x, y) => {
    try {
      return f(x, y)
    } catch {
      return null
    }
  }

const positive = (x: Tensor): Tensor => ad.add(ad.square(x), 0.5)

const eye = (n: number, value: number) =>
  ad.matrix(
    n,
    n,
    Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? value : 0)),
  )

const steps = {
  add: binary(ad.add),
  sub: binary(ad.sub),
  mul: binary(ad.mul),
  div: binary((x, y) => ad.div(x, positive(y))),
  maximum: binary(ad.maximum),
  minimum: binary(ad.minimum),
  where: binary((x, y) => ad.where(ad.less(x, y), x, ad.mul(y, 2))),
  exp: unary((x) => ad.exp(ad.mul(x, 0.125))),
  log: unary((x) => ad.log(positive(x))),
  log1p: unary((x) => ad.log1p(ad.square(x))),
  expm1: unary((x) => ad.expm1(ad.mul(x, 0.125))),
  sqrt: unary((x) => ad.sqrt(positive(x))),
  pow: unary((x) => ad.pow(positive(x), 1.5)),
  sin: unary(ad.sin),
  cos: unary(ad.cos),
  tanh: unary(ad.tanh),
  sigmoid: unary(ad.sigmoid),
  softplus: unary(ad.softplus),
  relu: unary(ad.relu),
  abs: unary(ad.abs),
  neg: unary(ad.neg),
  scale: unary((x) => ad.mul(x, -0.75)),
  power: binary((x, y) => ad.power(positive(x), ad.tanh(y))),
  matmul: binary(ad.matmul),
  outer: binary((x, y) => (x.shape.length === 1 && y.shape.length === 1 ? ad.outer(x, y) : ad.matmul(y, x))),
  transpose: unary((x) => ad.transpose(x)),
  sum: (x, _y, { n }) => ad.sum(x, { axes: axis(x, n) }),
  mean: (x, _y, { n }) => ad.mean(x, { axes: axis(x, n) }),
  max: (x, _y, { n }) => (size(x.shape) === 0 ? null : ad.max(x, { axes: axis(x, n) })),
  min: (x, _y, { n }) => (size(x.shape) === 0 ? null : ad.min(x, { axes: axis(x, n) })),
  logSumExp: (x, _y, { n }) =>
    x.shape.length === 0 || size(x.shape) === 0 ? null : ad.logSumExp(x, axis(x, n)),
  softmax: (x, _y, { n }) => (x.shape.length === 0 || size(x.shape) === 0 ? null : ad.softmax(x, axis(x, n))),
  flatten: (x) => ad.reshape(x, [size(x.shape)]),
  concat: binary((x, y) => ad.concat([x, y], 0)),
  slice: (x, _y, { n }) =>
    x.shape.length === 0
      ? null
      : ad.slice(
          x,
          x.shape.map((d) => (d > 1 ? n % 2 : 0)),
          x.shape,
        ),
  every: (x, _y, { n }) => (x.shape.length === 0 ? null : ad.slice(x, [], [], [1 + (n % 3)])),
  pad: (x, _y, { n }) =>
    x.shape.length === 0 ? null : ad.pad(x, [n % 3, ...x.shape.slice(1).map(() => n % 2)]),
  joined: binary((x, y) => ad.concat([x, y, x], -1)),
  // The matrix as an image, and as one of one pixel for each row, of as many channels as there are columns.
  convolution: (x, y, { n }) =>
    x.shape.length === 2 && y.shape.length === 1 && (y.shape[0] ?? 0) > 0 && (x.shape[0] ?? 0) > 1
      ? ad.reshape(
          ad.conv2d(ad.reshape(x, [1, ...x.shape, 1]), ad.reshape(y, [y.shape[0] ?? 0, 1, 1, 1]), {
            padding: 'same',
            stride: 1 + (n % 2),
          }),
          [-1],
        )
      : null,
  patches: (x, _y, { n }) =>
    x.shape.length === 2 && size(x.shape) > 0
      ? ad.sum(
          ad.patches(ad.reshape(x, [1, x.shape[0] ?? 0, 1, x.shape[1] ?? 0]), [1 + (n % 3), 1], 1 + (n % 2)),
          {
            axes: [0, 2],
          },
        )
      : null,
  system: binary((x, y) => {
    const [n = 0] = x.shape
    const A = ad.add(ad.matmul(x, ad.transpose(x)), eye(n, 0.5))
    return y.shape[0] === n ? ad.solvePositiveDefinite(A, y) : ad.cholesky(A)
  }),
  triangular: binary((x, y) => {
    const [n = 0] = x.shape
    const options = { lower: (y.shape[0] ?? 0) % 2 === 0, transpose: n % 2 === 0 }
    return ad.solveTriangular(ad.add(ad.tanh(ad.matmul(x, ad.transpose(x))), eye(n, 4)), y, options)
  }),
  pick: (x, _y, _s, labels) =>
    x.shape.length === 2 && x.shape[0] === labels.shape[0] && (x.shape[1] ?? 0) > 3
      ? ad.pick(x, labels)
      : null,
  gather: (x, _y, _s, labels) => ((x.shape[0] ?? 0) > 3 ? ad.gather(x, labels) : null),
} satisfies { readonly [op: string]: Make }

/** A scalar of three parameters (a matrix, a second that it can be multiplied with, a vector) and labels. */
const functionOf =
  ({ steps: list }: Recipe): Scalar =>
  (parameters, [labels]) => {
    const values: Tensor[] = [...parameters]
    for (const step of list) {
      const [x, y] = [values[step.a % values.length], values[step.b % values.length]]
      if (x === undefined || y === undefined || labels === undefined) continue
      const make: Make = steps[step.op]
      if (x.shape.length === 0 && ['sum', 'mean', 'max', 'min', 'transpose'].includes(step.op)) continue
      const made = make(x, y, step, labels)
      if (made !== null && size(made.shape) <= 4000) values.push(made)
    }
    const last = values.slice(-3).map((v) => ad.sum(ad.mul(v, v)))
    return last.reduce((s, v) => ad.add(s, v))
  }

/** The simplified program of value and gradient, or of a Hessian product. */
export const programOf = (recipe: Recipe): IR => {
  const { rows, columns, inner, order } = recipe
  const parameters: ReadonlyArray<ValueType> = [
    { shape: [rows, inner], type: 'f64' },
    { shape: [inner, columns], type: 'f64' },
    { shape: [columns], type: 'f64' },
  ]
  const data: ReadonlyArray<ValueType> = [{ shape: [rows], type: 'i32' }]
  const make = order === 1 ? gradientProgram : hessianProgram
  return simplify(make(functionOf(recipe), parameters, data))
}

/** Inputs for it: numbers of many sizes, and labels below 4. */
export const inputsOf = (ir: IR, { seed }: { readonly seed: number }): ReadonlyArray<Buffer> => {
  let s = seed >>> 0
  const next = (): number => {
    s = (Math.imul(1664525, s) + 1013904223) >>> 0
    return s / 2 ** 32
  }
  return ir.inputs.map(({ shape, type }) =>
    type === 'f64'
      ? Float64Array.from({ length: size(shape) }, () =>
          next() < 0.1 ? Math.round(4 * next()) - 2 : 4 * next() - 2,
        )
      : Int32Array.from({ length: size(shape) }, () => Math.floor(4 * next())),
  )
}

const ops = Object.keys(steps) as ReadonlyArray<keyof typeof steps>

export const recipes = (): fc.Arbitrary<Recipe> =>
  fc.record({
    rows: fc.oneof(fc.integer({ min: 1, max: 13 }), fc.constant(0), fc.constantFrom(31, 70)),
    columns: fc.oneof(fc.integer({ min: 1, max: 11 }), fc.constant(0)),
    inner: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant(0)),
    order: fc.constantFrom<(1 | 2)[]>(1, 1, 2),
    steps: fc.array(fc.record({ op: fc.constantFrom(...ops), a: fc.nat(20), b: fc.nat(20), n: fc.nat(5) }), {
      minLength: 1,
      maxLength: 14,
    }),
    seed: fc.nat(),
  })
