import { BLOCK } from '../../numeric/sum.js'
import type { Code, Local } from '../assembler/code.js'

/** The steps of a kernel's loop; each moves the pointers on. */
export interface Steps {
  /** How many elements the wide step takes, an even number; 2 when there is none. */
  readonly width: number
  /** The wide step. Where it meets what it cannot do it does nothing, and calls what it is given with true on the stack. */
  readonly wide: (refuse: () => void) => void
  /** Whether it ever does. */
  readonly refuses: boolean
  /** Two elements, whatever they are. */
  readonly pair: () => void
  /** One. */
  readonly single: () => void
}

/**
 * Walks along elements: by wide steps while there are enough; by pairs where a wide step refuses, and at the end; the odd one
 * last.
 *
 * @param n - how many; and the same if it is known when the kernel is written.
 */
export const walk = (code: Code, steps: Steps, n: () => void, known: number | null): void => {
  const { width } = steps
  const rest = code.local('i32')
  const pairs = code.local('i32')
  const isWide = width > 2 && (known === null || known >= width)
  const isPaired = known === null || (isWide && steps.refuses) || (isWide ? known % width : known) >= 2
  n()
  code.set(rest)
  const wide = (refuse: () => void): void => {
    code.get(rest).i32(width).op('i32.lt_u')
    refuse()
    code.loop((again) => {
      steps.wide(refuse)
      code.get(rest).i32(width).op('i32.sub').tee(rest).i32(width).op('i32.ge_u')
      again()
    })
  }
  if (isWide && !isPaired) code.block(wide)
  if (isPaired)
    code.loop((onward) => {
      if (isWide) code.block(wide)
      code.get(rest).set(pairs)
      if (isWide) {
        code.get(rest).i32(width).op('i32.gt_u')
        code.when(() => {
          code.i32(width).set(pairs)
        })
      }
      code.get(pairs).i32(1).op('i32.shr_u').tee(pairs)
      code.when(() => {
        code.loop((again) => {
          steps.pair()
          code.get(rest).i32(2).op('i32.sub').set(rest)
          code.get(pairs).i32(1).op('i32.sub').tee(pairs)
          again()
        })
      })
      code.get(rest).i32(2).op('i32.ge_u')
      onward()
    })
  if (known === null) {
    code.get(rest)
    code.when(steps.single)
  } else if (known % 2 === 1) steps.single()
}

/** Walks along the elements that a local counts down, at least one, in blocks of {@link BLOCK}. */
export const walkBlocks = (
  code: Code,
  steps: Steps,
  rest: Local,
  { begin, end }: { readonly begin: () => void; readonly end: () => void },
): void => {
  const size = code.local('i32')
  code.loop((again) => {
    begin()
    code.get(rest).set(size)
    code.get(rest).i32(BLOCK).op('i32.gt_u')
    code.when(() => {
      code.i32(BLOCK).set(size)
    })
    walk(code, steps, () => code.get(size), null)
    end()
    code.get(rest, size).op('i32.sub').tee(rest)
    again()
  })
}
