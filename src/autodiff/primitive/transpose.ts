import { fail, one, type Primitive } from '../primitive.js'
import { isShape, showType } from '../shape.js'

const isPermutation = (p: ReadonlyArray<number>): boolean =>
  new Set(p).size === p.length && p.every((i) => i < p.length)

/** The permutation that undoes `p`. */
export const inverse = (p: ReadonlyArray<number>): ReadonlyArray<number> => p.map((_, i) => p.indexOf(i))

export const transpose: Primitive<'transpose'> = {
  name: 'transpose',
  arity: 1,
  params: { permutation: isShape },
  result: ({ permutation }, inputs) => {
    const x = one(inputs)
    if (permutation.length !== x.shape.length || !isPermutation(permutation))
      fail('transpose', `[${permutation.join(',')}] does not permute the axes of ${showType(x)}`)
    return { shape: permutation.map((i) => x.shape[i] ?? 0), type: x.type }
  },
  vjp: (v, { params: { permutation }, cotangent }) => [v.transpose(cotangent, inverse(permutation))],
  flops: () => 0,
  domain: 'all x',
}
