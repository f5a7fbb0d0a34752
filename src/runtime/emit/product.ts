import type { Code, Func, Local } from '../assembler/code.js'
import type { Module } from '../assembler/module.js'
import { advance, atMost, copyOf, place, sweep } from './loop.js'
import { CHUNK, type Strides } from './pack.js'
import { emitPanel, PANEL, panelsOf } from './panel.js'

/** Rows of A that are kept in a near cache while all the panels of B go past. */
const GROUP = 48

export interface ProductSpec {
  /** Columns of B and C. */
  readonly n: number
  /** Strides of A in elements: from row to row (`across`), from inner step to inner step; one of the two is 1. */
  readonly a: Strides
  /** `packed` by {@link emitPack}, or as it stands: columns side by side, `inner` elements from one inner step to the next. */
  readonly b: 'packed' | { readonly inner: number }
  /** From one row of C to the next, in elements. */
  readonly c: number
}

/**
 * $C = A B$, or $C \mathrel{+}= A B$: parameters `m, k, a, b, c, onward`. Every element of C is summed strictly in the order of the
 * inner index, from zero or, if `onward` is not zero, from what C holds: a long inner index may be cut into as many calls as one
 * likes, and the rows of C among threads, without moving a bit. C overlaps neither A nor B.
 */
export const emitProduct = (module: Module, name: string, spec: ProductSpec): Func => {
  const { full, rest } = panelsOf(spec.n)
  const a = { row: 8 * spec.a.across, inner: 8 * spec.a.inner }
  const [packed, unpacked] = spec.b === 'packed' ? [true, 0] : [false, 8 * spec.b.inner]
  const c = 8 * spec.c
  const panel = (width: number): Func =>
    emitPanel(module, `${name}.${width}`, { width, a, b: packed ? 8 * width : unpacked, c })
  const whole = full > 0 ? panel(PANEL) : null
  const last = rest === 0 ? null : panel(rest)
  return module.function(name, ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], [], (code) => {
    const [m, left, a0, b0, c0, onward] = [0, 1, 2, 3, 4, 5].map((i) => code.param(i)) as Six
    const [k, rows, steps, a1, c1] = [0, 1, 2, 3, 4].map(() => code.local('i32')) as Five
    const group = (): void => {
      const b1 = copyOf(code, b0)
      const c2 = copyOf(code, c1)
      const pass = (f: Func): void => {
        code.get(rows, steps, a1, b1, c2, onward).call(f)
      }
      if (whole !== null) {
        const stop = code.local('i32')
        code
          .get(c1)
          .i32(8 * PANEL * full)
          .op('i32.add')
          .set(stop)
        sweep(code, c2, stop, 8 * PANEL, () => {
          pass(whole)
          if (packed) place(code, b1, b1, steps, 8 * PANEL)
          else advance(code, b1, 8 * PANEL)
        })
      }
      if (last !== null) pass(last)
    }
    // Even an empty inner index sets C to zero, so the first chunk is done in any case.
    code.loop((again) => {
      atMost(code, steps, left, CHUNK)
      code.get(a0).set(a1)
      code.get(c0).set(c1)
      groups(code, m, k, rows, () => {
        group()
        place(code, a1, a1, rows, a.row)
        place(code, c1, c1, rows, c)
      })
      place(code, a0, a0, steps, a.inner)
      place(code, b0, b0, steps, packed ? 8 * spec.n : unpacked)
      code.i32(1).set(onward)
      code.get(left, steps).op('i32.sub').tee(left)
      again()
    })
  })
}

type Five = [Local, Local, Local, Local, Local]
type Six = [Local, Local, Local, Local, Local, Local]

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
