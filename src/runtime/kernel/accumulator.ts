import { BLOCK } from '../../numeric/sum.js'
import type { Code, Local } from '../assembler/code.js'

/** What a kernel keeps of a value while it walks along it. */
export interface Accumulator {
  /** Before the first element of a block. */
  readonly begin: () => void
  /** A pair of elements; or one, held in both lanes. */
  readonly step: (value: Local, single: boolean) => void
  /** Puts the result of a block on the stack, a double. */
  readonly result: () => void
}

/**
 * The eight accumulators of a sum as four vectors. A step adds to the first and moves it to the end. At the end the vectors
 * are added as (0 + 2) + (1 + 3), which no rotation changes, and whose two lanes are the two halves of the tree of `sum`.
 */
export const summing = (code: Code): Accumulator => {
  const [a, b, c, d] = [
    code.local('v128'),
    code.local('v128'),
    code.local('v128'),
    code.local('v128'),
  ] as const
  const total = code.local('v128')
  const first = code.local('v128')
  // All bits of the lower lane, none of the upper.
  code.i64x2(-1n).f64(0).lane('f64x2.replace_lane', 1).set(first)
  return {
    begin: () => {
      for (const local of [a, b, c, d]) code.f64x2(0).set(local)
    },
    step: (value, single) => {
      code.get(a, value)
      // An accumulator is never -0, so adding +0 leaves the other one as it is.
      if (single) code.get(first).simd('v128.and')
      code.simd('f64x2.add').get(b).set(a).get(c).set(b).get(d).set(c).set(d)
    },
    result: () => {
      code.get(a, c).simd('f64x2.add').get(b, d).simd('f64x2.add').simd('f64x2.add').tee(total)
      code.lane('f64x2.extract_lane', 0).get(total).lane('f64x2.extract_lane', 1).op('f64.add')
    },
  }
}

/** The maximum, as `Math.max`, in two lanes. */
export const maximum = (code: Code): Accumulator => {
  const m = code.local('v128')
  return {
    begin: () => {
      code.f64x2(Number.NEGATIVE_INFINITY).set(m)
    },
    step: (value) => {
      code.get(m, value).simd('f64x2.max').set(m)
    },
    result: () => {
      code.get(m).lane('f64x2.extract_lane', 0).get(m).lane('f64x2.extract_lane', 1).op('f64.max')
    },
  }
}

/** The sums of blocks, added in pairs, level by level, while they come: level `l` waits for its second half. */
export const pairing = (code: Code, columns: number) => {
  const blocks = Math.ceil(columns / BLOCK)
  const levels = Array.from({ length: 32 - Math.clz32(blocks) }, () => code.local('f64'))
  const carry = code.local('f64')
  const seen = code.local('i32')
  return {
    begin: (): void => {
      code.i32(0).set(seen)
    },
    /** Takes the sum of a block from the stack. */
    step: (): void => {
      code.set(carry)
      code.block((leave) => {
        levels.forEach((level, l) => {
          const waits = (): void => {
            code
              .get(seen)
              .i32(1 << l)
              .op('i32.and')
              .op('i32.eqz')
          }
          waits()
          code.when(() => {
            code.get(carry).set(level)
          })
          waits()
          leave()
          code.get(level, carry).op('f64.add').set(carry)
        })
      })
      code.get(seen).i32(1).op('i32.add').set(seen)
    },
    /** Puts the sum of all on the stack. */
    result: (): void => {
      const full = levels.filter((_, l) => (blocks >> l) & 1)
      full.forEach((level, i) => {
        code.get(level)
        if (i > 0) code.get(carry).op('f64.add')
        code.set(carry)
      })
      code.get(carry)
    },
  }
}
