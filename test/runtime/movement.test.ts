import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { ElementType, Equation, Shape } from '../../src/autodiff/ir.js'
import { size } from '../../src/autodiff/shape.js'
import { emitCopy, emitFill } from '../../src/runtime/emit/copy.js'
import { emitGather, emitPick, emitPlace, emitScatterAdd } from '../../src/runtime/emit/indexed.js'
import { axesLast, movementOf } from '../../src/runtime/emit/movement.js'
import * as layout from '../../src/runtime/kernel/layout.js'
import * as rows from '../../src/runtime/kernel/rows.js'
import { doubles } from './arbitrary.js'
import { bench, expectSame } from './harness.js'

const extent = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 5 }) },
  { weight: 2, arbitrary: fc.integer({ min: 6, max: 40 }) },
  { weight: 1, arbitrary: fc.constant(0) },
)
const shapes = fc.array(extent, { maxLength: 4 }).filter((shape) => size(shape) <= 1e4)
const type = fc.constantFrom<ElementType>('f64', 'f64', 'i32')

interface Moved {
  readonly equation: Equation
  readonly input: Shape
}

const transposes = fc.tuple(shapes, type).chain(([input, t]) =>
  fc.shuffledSubarray([...input.keys()], { minLength: input.length }).map((permutation): Moved => {
    const shape = permutation.map((i) => input[i] ?? 0)
    return {
      input,
      equation: { primitive: 'transpose', params: { permutation }, inputs: [0], shape, type: t },
    }
  }),
)

const broadcasts = fc.tuple(shapes, type).chain(([shape, t]) =>
  fc
    .tuple(fc.nat(shape.length), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }))
    .map(([lead, ones]): Moved => {
      const input = shape.slice(lead).map((n, i) => (ones[i] ? 1 : n))
      return { input, equation: { primitive: 'broadcastTo', params: { shape }, inputs: [0], shape, type: t } }
    }),
)

const ends = (input: Shape) =>
  fc.tuple(
    ...input.map((n) =>
      fc.tuple(fc.nat(n), fc.nat(n)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
    ),
  )

const slices = fc.tuple(shapes, type).chain(([input, t]) =>
  ends(input).map((cut): Moved => {
    const [start, end] = [cut.map(([a]) => a), cut.map(([, b]) => b)]
    const shape = cut.map(([a, b]) => b - a)
    return { input, equation: { primitive: 'slice', params: { start, end }, inputs: [0], shape, type: t } }
  }),
)

const pads = shapes.chain((input) =>
  fc.tuple(...input.map(() => fc.tuple(fc.nat(3), fc.nat(3)))).map((more): Moved => {
    const [before, after] = [more.map(([a]) => a), more.map(([, b]) => b)]
    const shape = input.map((n, i) => n + (before[i] ?? 0) + (after[i] ?? 0))
    return {
      input,
      equation: { primitive: 'pad', params: { before, after }, inputs: [0], shape, type: 'f64' },
    }
  }),
)

/** Runs the copies of a movement over `x`, an array per input; the result has sevens where nothing was written. */
const moved = (
  equation: Equation,
  shapesIn: ReadonlyArray<Shape>,
  x: ReadonlyArray<Float64Array | Int32Array>,
) => {
  const movement = movementOf(equation, shapesIn)
  if (movement === null) throw new Error('it moves')
  const at = bench((module) => {
    movement.copies.forEach(({ spec }, i) => {
      emitCopy(module, `copy${i}`, spec)
    })
    emitFill(module, 'zero', 0)
  })
  const length = size(equation.shape)
  const inputs = x.map(at.put)
  const real = equation.type === 'f64'
  const out = at.put(real ? new Float64Array(length).fill(7) : new Int32Array(length).fill(7))
  if (movement.zero) at.call('zero', length, out)
  movement.copies.forEach(({ count, from, to, spec, input }, i) => {
    at.call(`copy${i}`, count, (inputs[input] ?? 0) + from * spec.element, out + to * spec.element)
  })
  expect(at.trespass()).toBe(false)
  return real ? at.doubles(out, length) : Float64Array.from(at.ints(out, length))
}

describe('a movement', () => {
  test.prop([fc.oneof(transposes, broadcasts, slices, pads)], { numRuns: 600 })(
    'puts every element where the equation says',
    ({ equation, input }) => {
      const x = Float64Array.from({ length: size(input) }, (_, i) => i + 1)
      const places = layout.placesOf(equation, input) ?? new Int32Array()
      const expected = new Float64Array(size(equation.shape))
      layout.rearrangeOrZero(expected, x, places)
      const given = equation.type === 'f64' ? x : Int32Array.from(x)
      expectSame(moved(equation, [input], [given]), expected)
    },
  )

  test.prop([shapes.filter((s) => s.length > 0), fc.nat(), fc.nat(6)])(
    'joins two arrays along an axis',
    (first, pick, n) => {
      const axis = pick % first.length
      const second = first.map((m, i) => (i === axis ? n : m))
      const shape = first.map((m, i) => (i === axis ? m + n : m))
      const x = Float64Array.from({ length: size(first) }, (_, i) => i + 1)
      const y = Float64Array.from({ length: size(second) }, (_, i) => -i - 1)
      const expected = new Float64Array(size(shape))
      layout.concat(expected, x, y, size(first.slice(axis)), size(second.slice(axis)))
      const equation: Equation = { primitive: 'concat', params: { axis }, inputs: [0, 1], shape, type: 'f64' }
      expectSame(moved(equation, [first, second], [x, y]), expected)
    },
  )

  test.prop([
    shapes.chain((shape) =>
      fc.tuple(fc.constant(shape), fc.subarray([...shape.keys()], { minLength: Math.min(1, shape.length) })),
    ),
  ])('brings axes to the end', ([shape, axes]) => {
    const x = Float64Array.from({ length: size(shape) }, (_, i) => i + 1)
    const expected = new Float64Array(x.length)
    layout.rearrange(expected, x, layout.axesLast(shape, axes))
    const { count, spec } = axesLast(shape, axes)
    const at = bench((module) => {
      emitCopy(module, 'copy', spec)
    })
    const [from, out] = [at.put(x), at.put(new Float64Array(x.length))]
    at.call('copy', count, from, out)
    expectSame(at.doubles(out, x.length), expected)
    expect(at.trespass()).toBe(false)
  })

  test.prop([fc.nat(9), fc.double()])('fills an array', (count, value) => {
    const at = bench((module) => {
      emitFill(module, 'fill', value)
    })
    const out = at.put(new Float64Array(count))
    at.call('fill', count, out)
    expectSame(at.doubles(out, count), new Float64Array(count).fill(value))
    expect(at.trespass()).toBe(false)
  })
})

/** Numbers of rows, some of them out of range. */
const numbers = (limit: number) =>
  fc.array(
    limit === 0
      ? fc.integer({ min: -2, max: 2 })
      : fc.oneof(
          { weight: 30, arbitrary: fc.nat(limit - 1) },
          { weight: 1, arbitrary: fc.constantFrom(-1, limit, 2 ** 31 - 1, -(2 ** 31)) },
        ),
    { maxLength: 30 },
  )

const indexed = fc
  .tuple(fc.nat(12), fc.oneof(fc.nat(9), fc.integer({ min: 30, max: 70 })))
  .chain(([limit, width]) =>
    fc.record({
      limit: fc.constant(limit),
      width: fc.constant(width),
      indices: numbers(limit).map((list) => Int32Array.from(list)),
      x: doubles(limit * width),
    }),
  )

/** What the reference does, or that it refuses. */
const refuses = (run: () => void): boolean => {
  try {
    run()
    return false
  } catch {
    return true
  }
}

/** Runs a kernel with a flag; whether it was raised, and the result. */
const flagged = (
  write: Parameters<typeof bench>[0],
  inputs: ReadonlyArray<Float64Array | Int32Array>,
  result: Float64Array | Int32Array,
  ...more: ReadonlyArray<number>
) => {
  const at = bench(write)
  const given = inputs.map(at.put)
  const out = at.put(result)
  const flag = at.put(Int32Array.of(0))
  at.call('kernel', inputs[inputs.length - 1]?.length ?? 0, ...given, out, flag, ...more)
  expect(at.trespass()).toBe(false)
  const real = result instanceof Float64Array
  return {
    raised: at.ints(flag, 1)[0] === 1,
    out: real ? at.doubles(out, result.length) : Float64Array.from(at.ints(out, result.length)),
  }
}

describe('a movement by index', () => {
  test.prop([indexed, fc.boolean()])('gathers rows', ({ limit, width, indices, x }, real) => {
    const length = indices.length * width
    const given = real ? x : Int32Array.from(x)
    const { raised, out } = flagged(
      (module) => {
        emitGather(module, 'kernel', { limit, width, element: real ? 8 : 4 })
      },
      [given, indices],
      real ? new Float64Array(length) : new Int32Array(length),
    )
    const expected = new Float64Array(length)
    const refused = refuses(() => rows.gather(expected, Float64Array.from(given), indices, limit, width))
    expect(raised).toBe(refused)
    if (!refused) expectSame(out, expected)
  })

  test.prop([indexed, fc.boolean(), fc.infiniteStream(fc.double())])(
    'adds rows to rows, in order',
    ({ limit, width, indices }, onward, stream) => {
      const x = Float64Array.from({ length: indices.length * width }, () => stream.next().value)
      const begin = new Float64Array(limit * width).fill(0.1)
      const { raised, out } = flagged(
        (module) => {
          emitScatterAdd(module, 'kernel', { limit, width })
        },
        [x, indices],
        begin,
        onward ? 1 : 0,
      )
      // The reference has no start: the first rows of its input stand for it.
      const lead = onward ? limit : 0
      const expected = new Float64Array(limit * width)
      const all = Int32Array.from([...Array(lead).keys(), ...indices])
      const both = Float64Array.from([...begin.subarray(0, lead * width), ...x])
      const refused = refuses(() => rows.scatterAdd(expected, both, all, limit, width))
      expect(raised).toBe(refused)
      if (!refused) expectSame(out, expected)
    },
  )

  test.prop([
    fc.integer({ min: 1, max: 9 }).chain((columns) => fc.tuple(fc.constant(columns), numbers(columns))),
  ])('picks and places a column in each row', ([columns, list]) => {
    const labels = Int32Array.from(list)
    const n = labels.length
    const x = Float64Array.from({ length: n * columns }, (_, i) => i + 1)
    const picked = flagged(
      (module) => {
        emitPick(module, 'kernel', { columns })
      },
      [x, labels],
      new Float64Array(n),
    )
    const expected = new Float64Array(n)
    const refused = refuses(() => rows.pick(expected, x, labels, columns))
    expect(picked.raised).toBe(refused)
    if (!refused) expectSame(picked.out, expected)

    const y = x.subarray(0, n)
    const placed = flagged(
      (module) => {
        emitPlace(module, 'kernel', { columns })
      },
      [y, labels],
      new Float64Array(n * columns).fill(7),
    )
    const spread = new Float64Array(n * columns)
    expect(placed.raised).toBe(refuses(() => rows.place(spread, y, labels, columns)))
    if (!refused) expectSame(placed.out, spread)
  })
})
