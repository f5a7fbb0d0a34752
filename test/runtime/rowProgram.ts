/** Programs that go row by row through products, as losses over data do, as recipes that shrink. */
import fc from 'fast-check'
import * as ad from 'steplaw/autodiff'
import type { IR, ValueType } from '../../src/autodiff/ir.js'
import { simplify } from '../../src/autodiff/simplify.js'
import type { Tensor } from '../../src/autodiff/tensor.js'
import { gradientProgram, hessianProgram, type Scalar } from '../../src/runtime/program.js'

/** What a layer is made of, besides what came before: data X [rows, inner] and labels, W [inner, width], U [width, width], v [width]. */
interface Given {
  readonly X: Tensor
  readonly W: Tensor
  readonly U: Tensor
  readonly v: Tensor
  readonly labels: Tensor
}

type Layer = (z: Tensor, given: Given) => Tensor

const column = (y: Tensor): Tensor => ad.reshape(y, [-1, 1])

/** From [rows, width] to [rows, width]. */
const layers = {
  tanh: (z) => ad.tanh(z),
  bias: (z, { v }) => ad.add(z, v),
  mixed: (z, { U }) => ad.matmul(z, U),
  turned: (z, { U }) => ad.matmul(z, ad.transpose(U)),
  softmax: (z) => ad.softmax(z),
  scaled: (z, { v }) => ad.mul(z, column(ad.sigmoid(ad.matmul(z, v)))),
  centred: (z) => ad.sub(z, ad.mean(z, { axes: 1, keep: true })),
  again: (z, { X, W }) => ad.add(z, ad.matmul(X, W)),
  /** All rows go into what every row is multiplied with. */
  whole: (z, { X }) => ad.matmul(X, ad.mul(ad.matmul(ad.transpose(X), z), 0.01)),
  gram: (z, { X }) => ad.mul(column(ad.matmul(X, ad.matmul(ad.transpose(X), ad.sum(z, { axes: 1 })))), z),
  picked: (z, { labels }) => ad.sub(z, column(ad.pick(z, labels))),
  taken: (z, { labels }) => ad.add(z, ad.gather(z, labels)),
  /** Windows of three rows, an image one pixel wide. */
  convolved: (z, { U }) => {
    const [rows = 0, width = 0] = z.shape
    const filters = ad.reshape(ad.concat([U, ad.mul(U, 0.5), U]), [3, 1, width, width])
    return ad.reshape(ad.conv2d(ad.reshape(z, [1, rows, 1, width]), filters, { padding: 'same' }), z.shape)
  },
  summed: (z) => ad.add(z, ad.sum(z, { axes: 0 })),
} satisfies { readonly [name: string]: Layer }

export interface RowRecipe {
  readonly rows: number
  readonly inner: number
  readonly width: number
  readonly order: 1 | 2
  readonly layers: ReadonlyArray<keyof typeof layers>
  readonly seed: number
}

const functionOf =
  ({ layers: names }: RowRecipe): Scalar =>
  (parameters, data) => {
    const [W, U, v, X, labels] = [...parameters, ...data]
    if (W === undefined || U === undefined || v === undefined || X === undefined || labels === undefined)
      throw new RangeError('an input is missing')
    const given: Given = { X, W, U, v, labels }
    const z = names.reduce<Tensor>((y, name) => (layers[name] satisfies Layer)(y, given), ad.matmul(X, W))
    return ad.mean(ad.square(z))
  }

/** The simplified program of value and gradient, or of a Hessian product. */
export const rowProgram = (recipe: RowRecipe): IR => {
  const { rows, inner, width, order } = recipe
  const f64 = (...shape: ReadonlyArray<number>): ValueType => ({ shape, type: 'f64' })
  const make = order === 1 ? gradientProgram : hessianProgram
  const parameters = [f64(inner, width), f64(width, width), f64(width)]
  return simplify(make(functionOf(recipe), parameters, [f64(rows, inner), { shape: [rows], type: 'i32' }]))
}

const names = Object.keys(layers) as ReadonlyArray<keyof typeof layers>

export const rowRecipes = (): fc.Arbitrary<RowRecipe> =>
  fc.record({
    rows: fc.integer({ min: 17, max: 75 }),
    inner: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(16, 33)),
    // Labels are below 4.
    width: fc.oneof(fc.integer({ min: 4, max: 9 }), fc.constantFrom(33)),
    order: fc.constantFrom<(1 | 2)[]>(1, 1, 2),
    layers: fc.array(fc.constantFrom(...names), { maxLength: 5 }),
    seed: fc.nat(),
  })
