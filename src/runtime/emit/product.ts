import type { Code, Func, Local } from '../assembler/code.js'
import type { Module } from '../assembler/module.js'
import { advance, atMost, copyOf, place, sweep, whole as wholeOf } from './loop.js'
import { CHUNK, emitPackRows, type Strides } from './pack.js'
import { emitPanel, panelsOf, type Tile } from './panel.js'

/** Rows of A that are kept in a near cache while all the panels of B go past. */
const GROUP = 48

export interface ProductSpec {
  readonly tile: Tile
  /** Columns of B and C. */
  readonly n: number
  /** Strides of A in elements: from row to row (`across`), from inner step to inner step; one of the two is 1. */
  readonly a: Strides
  /** `packed` by {@link emitPack}, or as it stands: columns side by side, `inner` elements from one inner step to the next. */
  readonly b: 'packed' | { readonly inner: number }
  /** From one row of C to the next, in elements. */
  readonly c: number
  /** Whether the rows of A are packed as well; {@link wantsRows} tells where it pays. */
  readonly rows?: boolean
}

/**
 * Whether it pays to pack the rows of A: many columns read them or, if not so many, they would fall on few sets of a cache where they
 * lie.
 */
export const wantsRows = (n: number, { inner }: Strides): boolean => n >= 64 || (n >= 32 && inner % 64 === 0)

/**
 * $C = A B$, or $C \mathrel{+}= A B$: parameters `m, k, a, b, c, onward`. Every element of C is summed strictly in the order of the
 * inner index, from zero or, if `onward` is not zero, from what C holds: a long inner index may be cut into as many calls as one
 * likes, and the rows of C among threads, without moving a bit. C overlaps neither A nor B.
 *
 * With `rows` there is a seventh parameter, scratch for `m k` doubles, which are the call's own.
 */
export const emitProduct = (module: Module, name: string, spec: ProductSpec): Func => {
  const { tile: shape } = spec
  const { full, rest } = panelsOf(spec.n, shape)
  const a = { row: 8 * spec.a.across, inner: 8 * spec.a.inner }
  const [packed, unpacked] = spec.b === 'packed' ? [true, 0] : [false, 8 * spec.b.inner]
  const c = 8 * spec.c
  const panel = (width: number): Func =>
    emitPanel(module, `${name}.${width}`, { tile: shape, width, a, b: packed ? 8 * width : unpacked, c })
  const whole = full > 0 ? panel(shape.panel) : null
  const last = rest === 0 ? null : panel(rest)
  const fours =
    spec.rows !== true || whole === null
      ? null
      : {
          pack: emitPackRows(module, `${name}.rows`, spec.a, shape),
          panel: emitPanel(module, `${name}.fours`, {
            tile: shape,
            width: shape.panel,
            a: 'packed',
            b: packed ? 8 * shape.panel : unpacked,
            c,
          }),
        }
  const params = Array.from({ length: spec.rows === true ? 7 : 6 }, () => 'i32' as const)
  return module.function(name, params, [], (code) => {
    const [m, k, a0, b0, c0, onward] = [0, 1, 2, 3, 4, 5].map((i) => code.param(i)) as Six
    const [remaining, left, rows, steps, a1, c1] = [0, 1, 2, 3, 4, 5].map(() => code.local('i32')) as Six
    const [four, f0, f1, tile] = [0, 1, 2, 3].map(() => code.local('i32')) as [Local, Local, Local, Local]
    code.get(k).set(left)
    if (fours !== null) {
      wholeOf(code, four, m, shape.rows)
      code.get(code.param(6)).set(f0)
      code.get(four, k, a0, f0).call(fours.pack)
      code
        .get(k)
        .i32(8 * shape.rows)
        .op('i32.mul')
        .set(tile)
    }
    const group = (): void => {
      const b1 = copyOf(code, b0)
      const c2 = copyOf(code, c1)
      const pass = (f: Func): void => {
        code.get(rows, steps, a1, b1, c2, onward).call(f)
      }
      const passFours = (f: Func, others: Func): void => {
        wholeOf(code, four, rows, shape.rows)
        code.get(four, steps, f1, b1, c2, onward, tile).call(f)
        code.get(rows, four).op('i32.sub').get(steps)
        sum(code, a1, four, a.row)
        code.get(b1)
        sum(code, c2, four, c)
        code.get(onward).call(others)
      }
      if (whole !== null) {
        const stop = code.local('i32')
        code
          .get(c1)
          .i32(8 * shape.panel * full)
          .op('i32.add')
          .set(stop)
        sweep(code, c2, stop, 8 * shape.panel, () => {
          if (fours === null) pass(whole)
          else passFours(fours.panel, whole)
          if (packed) place(code, b1, b1, steps, 8 * shape.panel)
          else advance(code, b1, 8 * shape.panel)
        })
      }
      if (last !== null) pass(last)
    }
    // Even an empty inner index sets C to zero, so the first chunk is done in any case.
    code.loop((again) => {
      atMost(code, steps, left, CHUNK)
      code.get(a0).set(a1)
      code.get(c0).set(c1)
      code.get(f0).set(f1)
      groups(code, m, remaining, rows, () => {
        group()
        place(code, a1, a1, rows, a.row)
        place(code, c1, c1, rows, c)
        if (fours !== null) code.get(f1, rows, k).op('i32.mul').i32(8).op('i32.mul').op('i32.add').set(f1)
      })
      place(code, a0, a0, steps, a.inner)
      place(code, b0, b0, steps, packed ? 8 * spec.n : unpacked)
      place(code, f0, f0, steps, 8 * shape.rows)
      code.i32(1).set(onward)
      code.get(left, steps).op('i32.sub').tee(left)
      again()
    })
  })
}

type Six = [Local, Local, Local, Local, Local, Local]

/** Leaves `base + count * bytes` on the stack. */
const sum = (code: Code, base: Local, count: Local, bytes: number): void => {
  code.get(base, count).i32(bytes).op('i32.mul').op('i32.add')
}

/** Does `body` for all of `m` rows, `rows` of them at a time. */
const groups = (code: Code, m: Local, remaining: Local, rows: Local, body: () => void): void => {
  code
    .get(m)
    .tee(remaining)
    .when(() => {
      code.loop((again) => {
        atMost(code, rows, remaining, GROUP)
        body()
        code.get(remaining, rows).op('i32.sub').tee(remaining)
        again()
      })
    })
}
