import fc from 'fast-check'
import type { Shape } from '../../../src/autodiff/ir.js'
import {
  type Case,
  drawn,
  dyadic,
  extents,
  flat,
  indexOf,
  indicesBelow,
  type Of,
  type References,
  type Site,
  shapes,
  smallShapes,
  sumsOf,
} from './reference.js'

const product = (shape: Shape): number => shape.reduce((n, s) => n * s, 1)
const one = (at: number) => [{ input: 0, at }]

/** The places in the first input that make up element `i`, by the indices of both. */
const from =
  (place: (index: ReadonlyArray<number>) => ReadonlyArray<number> | null) =>
  ({
    inputs: [x],
    output,
  }: {
    readonly inputs: Site<Of<'pad'>>['inputs']
    readonly output: Site<Of<'pad'>>['output']
  }) =>
  (i: number) => {
    const index = place(indexOf(output.shape, i))
    return index === null ? [] : one(flat(x?.shape ?? [], index))
  }

const inside = (shape: Shape, index: ReadonlyArray<number>): boolean =>
  index.every((v, axis) => v >= 0 && v < (shape[axis] ?? 0))

const small = fc.integer({ min: 1, max: 3 })

const windows: fc.Arbitrary<{
  readonly image: Shape
  readonly window: readonly [number, number]
  readonly stride: readonly [number, number]
}> = fc.record({
  image: fc.tuple(fc.nat(2), fc.nat(5), fc.nat(5), fc.nat(3)),
  window: fc.tuple(small, small),
  stride: fc.tuple(small, small),
})

const count = (room: number, extent: number, stride: number): number => {
  let n = 0
  while (n * stride + extent <= room) n += 1
  return n
}

const windowsOf = (image: Shape, [tall = 1, wide = 1]: Shape, [down = 1, right = 1]: Shape): Shape => {
  const [n = 0, h = 0, w = 0, c = 0] = image
  return [n, count(h, tall, down), count(w, wide, right), tall * wide * c]
}

/** Where element `i` of the windows lies in the image. */
const inImage = (image: Shape, cut: Shape, wide: number, [down = 1, right = 1]: Shape, i: number): number => {
  const [n = 0, row = 0, column = 0, at = 0] = indexOf(cut, i)
  const c = image[3] ?? 1
  const [p, q, k] = [Math.floor(at / (wide * c)), Math.floor(at / c) % wide, at % c]
  return flat(image, [n, down * row + p, right * column + q, k])
}

const labelled = fc.tuple(extents, small)

export const movement: References<
  | 'broadcastTo'
  | 'concat'
  | 'constant'
  | 'gather'
  | 'literal'
  | 'overlay'
  | 'pad'
  | 'patches'
  | 'pick'
  | 'place'
  | 'reshape'
  | 'scatterAdd'
  | 'slice'
  | 'transpose'
> = {
  broadcastTo: sumsOf<Of<'broadcastTo'>>(
    smallShapes.chain((shape) =>
      fc
        .tuple(fc.nat(shape.length), fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }))
        .chain(([lead, ones]) =>
          drawn(
            shape.slice(lead).map((n, i) => (ones[i] ? 1 : n)),
            dyadic,
          ).map((x) => ({ params: { shape }, inputs: [x] })),
        ),
    ),
    (site) => {
      const [x] = site.inputs
      const lead = site.output.shape.length - (x?.shape.length ?? 0)
      return from((index) => (x?.shape ?? []).map((n, axis) => (n === 1 ? 0 : (index[axis + lead] ?? 0))))(
        site,
      )
    },
  ),
  concat: sumsOf<Of<'concat'>>(
    fc
      .tuple(
        smallShapes.filter((s) => s.length > 0),
        fc.nat(),
        extents,
      )
      .chain(([shape, pick, other]) => {
        const axis = pick % shape.length
        const second = shape.map((n, i) => (i === axis ? other : n))
        return fc
          .tuple(drawn(shape, dyadic), drawn(second, dyadic))
          .map(([x, y]) => ({ params: { axis }, inputs: [x, y] }))
      }),
    ({ params: { axis }, inputs: [x, y], output }) =>
      (i) => {
        const index = indexOf(output.shape, i)
        const cut = x?.shape[axis] ?? 0
        if ((index[axis] ?? 0) < cut) return one(flat(x?.shape ?? [], index))
        const moved = index.map((v, a) => (a === axis ? v - cut : v))
        return [{ input: 1, at: flat(y?.shape ?? [], moved) }]
      },
  ),
  constant: {
    cases: fc
      .tuple(shapes, fc.double({ noNaN: true }))
      .map(([shape, value]) => ({ params: { shape, value }, inputs: [] })),
    value: ({ params, output }) => output.values.map(() => params.value),
    slopes: () => () => [],
    roundings: 0,
  },
  gather: sumsOf<Of<'gather'>>(
    fc
      .tuple(small, fc.array(extents, { maxLength: 2 }), fc.nat(6))
      .chain(([n, rest, length]) =>
        fc
          .tuple(drawn([n, ...rest], dyadic), indicesBelow(n, length))
          .map(([x, rows]) => ({ params: {}, inputs: [x, rows] })),
      ),
    (site) => from(([i = 0, ...rest]) => [site.inputs[1]?.values[i] ?? Number.NaN, ...rest])(site),
  ),
  literal: {
    cases: smallShapes.chain((shape) =>
      fc
        .array(fc.double({ noNaN: true }), { minLength: product(shape), maxLength: product(shape) })
        .map((values) => ({ params: { shape, values, type: 'f64' as const }, inputs: [] })),
    ),
    value: ({ params }) => params.values,
    slopes: () => () => [],
    roundings: 0,
  },
  overlay: sumsOf<Of<'overlay'>>(
    windows.chain(({ image, window, stride }) =>
      drawn(windowsOf(image, window, stride), dyadic).map((x) => ({
        params: { window, stride, shape: image },
        inputs: [x],
      })),
    ),
    ({ params: { window, stride, shape }, inputs: [x] }) => {
      const goes = (x?.values ?? []).map((_, at) =>
        inImage(shape, x?.shape ?? [], window[1] ?? 1, stride, at),
      )
      return (i) => goes.flatMap((to, at) => (to === i ? [{ input: 0, at }] : []))
    },
  ),
  pad: sumsOf<Of<'pad'>>(
    smallShapes.chain((shape) =>
      fc
        .tuple(drawn(shape, dyadic), ...shape.map(() => fc.tuple(fc.nat(2), fc.nat(2))))
        .map(([x, ...widths]) => ({
          params: { before: widths.map(([b]) => b), after: widths.map(([, a]) => a) },
          inputs: [x],
        })),
    ),
    (site) =>
      from((index) => {
        const moved = index.map((v, axis) => v - (site.params.before[axis] ?? 0))
        return inside(site.inputs[0]?.shape ?? [], moved) ? moved : null
      })(site),
  ),
  patches: sumsOf<Of<'patches'>>(
    windows.chain(({ image, window, stride }) =>
      drawn(image, dyadic).map((x) => ({ params: { window, stride }, inputs: [x] })),
    ),
    ({ params: { window, stride }, inputs: [x], output }) =>
      (i) =>
        one(inImage(x?.shape ?? [], output.shape, window[1] ?? 1, stride, i)),
  ),
  pick: sumsOf<Of<'pick'>>(
    labelled.chain(([n, columns]) =>
      fc
        .tuple(drawn([n, columns], dyadic), indicesBelow(columns, n))
        .map(([x, labels]) => ({ params: {}, inputs: [x, labels] })),
    ),
    (site) => from(([i = 0]) => [i, site.inputs[1]?.values[i] ?? Number.NaN])(site),
  ),
  place: sumsOf<Of<'place'>>(
    labelled.chain(([n, columns]) =>
      fc
        .tuple(drawn([n], dyadic), indicesBelow(columns, n))
        .map(([x, labels]) => ({ params: { columns }, inputs: [x, labels] })),
    ),
    (site) => from(([i = 0, j]) => (site.inputs[1]?.values[i] === j ? [i] : null))(site),
  ),
  reshape: sumsOf<Of<'reshape'>>(
    fc
      .tuple(extents, small, small)
      .chain(([a, b, c]) =>
        drawn([a, b, c], dyadic).map(
          (x): Case<Of<'reshape'>> => ({ params: { shape: [a * c, b] }, inputs: [x] }),
        ),
      ),
    () => one,
  ),
  scatterAdd: sumsOf<Of<'scatterAdd'>>(
    fc
      .tuple(small, fc.array(extents, { maxLength: 2 }), fc.nat(6))
      .chain(([rows, rest, length]) =>
        fc
          .tuple(drawn([length, ...rest], dyadic), indicesBelow(rows, length))
          .map(([x, to]) => ({ params: { rows }, inputs: [x, to] })),
      ),
    ({ inputs: [x, to], output }) =>
      (i) => {
        const [row, ...rest] = indexOf(output.shape, i)
        return (to?.values ?? []).flatMap((r, k) =>
          r === row ? one(flat(x?.shape ?? [], [k, ...rest])) : [],
        )
      },
  ),
  slice: sumsOf<Of<'slice'>>(
    smallShapes.chain((shape) =>
      fc
        .tuple(drawn(shape, dyadic), ...shape.map((n) => fc.tuple(fc.nat(n), fc.nat(n))))
        .map(([x, ...ends]) => ({
          params: { start: ends.map((e) => Math.min(...e)), end: ends.map((e) => Math.max(...e)) },
          inputs: [x],
        })),
    ),
    (site) => from((index) => index.map((v, axis) => v + (site.params.start[axis] ?? 0)))(site),
  ),
  transpose: sumsOf<Of<'transpose'>>(
    smallShapes.chain((shape) =>
      fc
        .tuple(drawn(shape, dyadic), fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }))
        .map(([x, permutation]) => ({ params: { permutation }, inputs: [x] })),
    ),
    (site) =>
      from((index) => index.map((_, axis) => index[site.params.permutation.indexOf(axis)] ?? 0))(site),
  ),
}
