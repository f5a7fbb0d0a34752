import { fail, one, type Primitive } from '../primitive.js'
import { isShape, showType } from '../shape.js'

export const slice: Primitive<'slice'> = {
  name: 'slice',
  arity: 1,
  params: { start: isShape, end: isShape },
  result: ({ start, end }, inputs) => {
    const x = one(inputs)
    const inside =
      start.length === x.shape.length &&
      end.length === x.shape.length &&
      x.shape.every((n, i) => (start[i] ?? 0) <= (end[i] ?? 0) && (end[i] ?? 0) <= n)
    if (!inside) fail('slice', `[${start.join(',')}] to [${end.join(',')}] is not inside ${showType(x)}`)
    return { shape: end.map((e, i) => e - (start[i] ?? 0)), type: x.type }
  },
  vjp: (v, { params: { start, end }, inputs, cotangent }) => [
    v.pad(
      cotangent,
      start,
      one(inputs).shape.map((n, i) => n - (end[i] ?? 0)),
    ),
  ],
  flops: () => 0,
  domain: 'all x',
}
