import type { Sliding } from '../../autodiff/window.js'
import type { Code, Func, Local } from '../assembler/code.js'
import type { Module } from '../assembler/module.js'
import { copyRow } from './indexed.js'
import { advance, copyOf, place, repeat } from './loop.js'

// Both kernels take `count, first, from, to`: how many items of the result, the number of the first of them, and where the input and
// that first item lie. An item is a window here and an image's pixel there, so that any range of rows of the result is a call.

/** So many doubles of a window are copied without a loop. */
const UNROLLED = 64

type Four = [Local, Local, Local, Local]

const i32s = (code: Code, count: number): ReadonlyArray<Local> =>
  Array.from({ length: count }, () => code.local('i32'))

/** Sets `quotient` and `rest` to those of `x` by a number. */
const divide = (code: Code, x: Local, by: number, quotient: Local, rest: Local): void => {
  code.get(x).i32(by).op('i32.div_u').set(quotient)
  code.get(x, quotient).i32(by).op('i32.mul').op('i32.sub').set(rest)
}

/** Does `body` for every line that items from `first` on lie in, with `part` items, the first of them at `column` of `row`. */
const eachLine = (
  code: Code,
  { count, columns, rows }: { count: Local; columns: number; rows: number },
  { row, column, part }: { row: Local; column: Local; part: Local },
  body: () => void,
  nextImage: () => void,
): void => {
  code.get(count).when(() => {
    code.loop((again) => {
      code.i32(columns).get(column).op('i32.sub').tee(part).get(count).op('i32.gt_u')
      code.when(() => {
        code.get(count).set(part)
      })
      code.get(count, part).op('i32.sub').set(count)
      body()
      code.i32(0).set(column)
      code.get(row).i32(1).op('i32.add').tee(row).i32(rows).op('i32.eq')
      code.when(() => {
        code.i32(0).set(row)
        nextImage()
      })
      code.get(count)
      again()
    })
  })
}

/** Copies a window out of an image. */
const copyWindow = (code: Code, { width, channels, tall, wide }: Sliding, from: Local, to: Local): void => {
  const [line, run] = [8 * width * channels, 8 * wide * channels]
  if (tall * wide * channels > UNROLLED) {
    const [f, t] = [copyOf(code, from), copyOf(code, to)]
    const left = code.local('i32')
    code.i32(tall).set(left)
    repeat(code, left, () => {
      copyRow(code, run, f, t)
      advance(code, f, line)
      advance(code, t, run)
    })
    return
  }
  for (let r = 0; r < tall; r += 1)
    for (let at = 0; at < run; at += 16) {
      const pair = at + 16 <= run
      const [load, store] = pair
        ? (['v128.load', 'v128.store'] as const)
        : (['f64.load', 'f64.store'] as const)
      code
        .get(to, from)
        .memory(load, r * line + at)
        .memory(store, r * run + at)
    }
}

/** The windows of images, each as one row; items are windows. */
export const emitPatches = (module: Module, name: string, s: Sliding): Func =>
  module.function(name, ['i32', 'i32', 'i32', 'i32'], [], (code) => {
    const [count, first, from, to] = [0, 1, 2, 3].map((i) => code.param(i)) as Four
    const { height, width, channels, rows, columns, down, right } = s
    const size = s.tall * s.wide * channels
    if (rows * columns * size === 0) return
    const [image, row, column, rest, part] = i32s(code, 5) as [Local, Local, Local, Local, Local]
    divide(code, first, rows * columns, image, rest)
    divide(code, rest, columns, row, column)
    const pixel = 8 * channels
    place(code, from, from, image, height * width * pixel)
    place(code, from, from, row, down * width * pixel)
    place(code, from, from, column, right * pixel)
    eachLine(
      code,
      { count, columns, rows },
      { row, column, part },
      () => {
        repeat(code, part, () => {
          copyWindow(code, s, from, to)
          advance(code, from, right * pixel)
          advance(code, to, 8 * size)
        })
        advance(code, from, (down * width - columns * right) * pixel)
      },
      () => advance(code, from, (height - rows * down) * width * pixel),
    )
  })

/** The windows that cover a row or column: how many, and the first. */
interface Covering {
  readonly first: Local
  readonly count: Local
}

/** Finds the windows of `extent`, `stride` apart and `most` in number, that cover the position `at`. */
const cover = (
  code: Code,
  at: Local,
  { extent, stride, most }: { extent: number; stride: number; most: number },
  { first, count }: Covering,
): void => {
  code.i32(0).set(first)
  code.get(at).i32(extent).op('i32.ge_u')
  code.when(() => {
    code.get(at).i32(extent).op('i32.sub').i32(stride).op('i32.div_u').i32(1).op('i32.add').set(first)
  })
  code.get(at).i32(stride).op('i32.div_u').i32(1).op('i32.add').tee(count).i32(most).op('i32.gt_u')
  code.when(() => {
    code.i32(most).set(count)
  })
  code.get(count, first).op('i32.sub').tee(count).i32(0).op('i32.lt_s')
  code.when(() => {
    code.i32(0).set(count)
  })
}

/** Channels that are added up at a time: four vectors. */
const WIDEST = 8

/**
 * The transpose of {@link emitPatches}: adds windows up to images; items are pixels. Every element begins with 0 and takes what the
 * windows that cover it have there, one after the other.
 */
export const emitOverlay = (module: Module, name: string, s: Sliding): Func =>
  module.function(name, ['i32', 'i32', 'i32', 'i32'], [], (code) => {
    const [count, first, from, to] = [0, 1, 2, 3].map((i) => code.param(i)) as Four
    const { height, width, channels, rows, columns, tall, wide, down, right } = s
    if (height * width * channels === 0) return
    const [image, y, x, rest, part, line] = i32s(code, 6) as [...Four, Local, Local]
    const size = tall * wide * channels
    const above: Covering = { first: code.local('i32'), count: code.local('i32') }
    const beside: Covering = { first: code.local('i32'), count: code.local('i32') }
    divide(code, first, height * width, image, rest)
    divide(code, rest, width, y, x)
    place(code, from, from, image, 8 * rows * columns * size)
    const step = { row: 8 * (columns * size - down * wide * channels), window: 8 * (size - right * channels) }
    eachLine(
      code,
      { count, columns: width, rows: height },
      { row: y, column: x, part },
      () => {
        cover(code, y, { extent: tall, stride: down, most: rows }, above)
        place(code, line, from, above.first, step.row)
        place(code, line, line, y, 8 * wide * channels)
        repeat(code, part, () => {
          cover(code, x, { extent: wide, stride: right, most: columns }, beside)
          pixel(code, { channels, full: Math.ceil(wide / right), step, line, x, to, above, beside })
          advance(code, x, 1)
          advance(code, to, 8 * channels)
        })
      },
      () => advance(code, from, 8 * rows * columns * size),
    )
  })

interface Pixel {
  readonly channels: number
  /** The most windows beside each other that cover a pixel. */
  readonly full: number
  /** From a window to the next row's and to the next one, at the pixel that both cover. */
  readonly step: { readonly row: number; readonly window: number }
  /** Where the first covering window of the first row would have the first pixel of the line. */
  readonly line: Local
  readonly x: Local
  readonly to: Local
  readonly above: Covering
  readonly beside: Covering
}

const pixel = (code: Code, p: Pixel): void => {
  for (let channel = 0; channel < p.channels; channel += WIDEST)
    channelSums(code, p, channel, Math.min(WIDEST, p.channels - channel))
}

/** Sums up to {@link WIDEST} channels of a pixel, in registers. */
const channelSums = (code: Code, p: Pixel, channel: number, wide: number): void => {
  const { step, above, beside, full, line, x, to } = p
  const [at, row, left, next] = i32s(code, 4) as Four
  const sums = Array.from({ length: (wide + 1) >> 1 }, () => code.local('v128'))
  const add = (offset: number): void =>
    sums.forEach((sum, i) => {
      const load = 2 * i + 1 < wide ? 'v128.load' : 'v128.load64_zero'
      code
        .get(sum, at)
        .memory(load, offset + 8 * (channel + 2 * i))
        .simd('f64x2.add')
        .set(sum)
    })
  for (const sum of sums) code.f64x2(0).set(sum)
  place(code, row, line, beside.first, step.window)
  place(code, row, row, x, 8 * p.channels)
  code.get(above.count).set(left)
  const eachRow = (body: () => void): void =>
    repeat(code, left, () => {
      code.get(row).set(at)
      body()
      advance(code, row, step.row)
    })
  const general = (): void =>
    eachRow(() => {
      code.get(beside.count).set(next)
      repeat(code, next, () => {
        add(0)
        advance(code, at, step.window)
      })
    })
  // Away from the edges all pixels are covered alike.
  if (full > 8) general()
  else
    code
      .get(beside.count)
      .i32(full)
      .op('i32.eq')
      .when(
        () =>
          eachRow(() => {
            for (let k = 0; k < full; k += 1) add(k * step.window)
          }),
        general,
      )
  sums.forEach((sum, i) => {
    code.get(to, sum)
    if (2 * i + 1 < wide) code.memory('v128.store', 8 * (channel + 2 * i))
    else code.storeLane(0, 8 * (channel + 2 * i))
  })
}
