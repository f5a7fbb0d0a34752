import * as E from 'fp-ts/lib/Either.js'
import { type Parsed, refuse } from './parsed.js'

const MAX_CLASS = 2147483647

/** The spellings of two classes, the negative one first. */
const SPELLINGS: ReadonlyArray<readonly [number, number]> = [
  [-1, 1],
  [0, 1],
  [1, 2],
]

/**
 * Labels of two classes as the signs $-1$ and $1$ of logistic regression. The labels may be spelt $\{-1, 1\}$,
 * $\{0, 1\}$ or $\{1, 2\}$; the smaller becomes $-1$. The first of these pairs that holds every label is taken, so labels
 * that are all 1 stay 1. Call it on all rows, before splitting.
 *
 * Any other label is an error that names `at` and the row (from 0).
 *
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { signLabels } from 'steplaw'
 *
 * signLabels(Float64Array.of(0, 1, 0)) // => { _tag: 'Right', right: Float64Array.of(-1, 1, -1) }
 * signLabels(Float64Array.of(1, 2, 2)) // => { _tag: 'Right', right: Float64Array.of(-1, 1, 1) }
 * signLabels(Float64Array.of(0, 1, 2))._tag // => 'Left'
 * ```
 */
export const signLabels = (targets: Float64Array, at = 'targets'): Parsed<Float64Array> => {
  const spelling = SPELLINGS.find((pair) => targets.every((y) => pair.includes(y)))
  if (spelling !== undefined) return E.right(targets.map((y) => (y === spelling[0] ? -1 : 1)))
  const odd = targets.findIndex((y) => ![-1, 0, 1, 2].includes(y))
  return odd >= 0
    ? refuse(`${at}[${odd}]`, targets[odd], 'a label of two classes: -1 and 1, 0 and 1, or 1 and 2')
    : refuse(
        at,
        [...new Set(targets)].sort((a, b) => a - b),
        'two classes: -1 and 1, 0 and 1, or 1 and 2',
      )
}

/**
 * The class of each example, in $0, \dots, \mathrm{classes} - 1$.
 *
 * @category Data
 * @since 0.1.0
 */
export interface Classes {
  readonly labels: Int32Array
  readonly classes: number
}

/**
 * Labels of several classes as $0, \dots, c - 1$, for softmax regression. They may be spelt $0, \dots, c - 1$ or
 * $1, \dots, c$.
 *
 * With `classes` given, labels that all lie in $0, \dots, c - 1$ stand as they are; else labels that all lie in
 * $1, \dots, c$ are lowered by one. Without it the labels count from their least value, which must be 0 or 1, and every
 * class up to the greatest must occur. Call it on all rows, before splitting.
 *
 * Anything else is an error that names `at` and, where one is to blame, the row (from 0).
 *
 * @category Data
 * @since 0.1.0
 * @example
 * ```ts
 * import { classLabels } from 'steplaw'
 *
 * classLabels(Float64Array.of(1, 3, 2)) // => { _tag: 'Right', right: { labels: Int32Array.of(0, 2, 1), classes: 3 } }
 * classLabels(Float64Array.of(1, 3, 2), 4) // => { _tag: 'Right', right: { labels: Int32Array.of(1, 3, 2), classes: 4 } }
 * classLabels(Float64Array.of(0, 0.5))._tag // => 'Left'
 * ```
 */
export const classLabels = (targets: Float64Array, classes?: number, at = 'targets'): Parsed<Classes> => {
  if (classes !== undefined && !(Number.isInteger(classes) && classes >= 2 && classes <= MAX_CLASS)) {
    return refuse('classes', classes, `an integer from 2 to ${MAX_CLASS}`)
  }
  const odd = targets.findIndex((y) => !Number.isInteger(y) || y < 0 || y > MAX_CLASS)
  if (odd >= 0) return refuse(`${at}[${odd}]`, targets[odd], `a class: an integer from 0 to ${MAX_CLASS}`)
  const { least, greatest } = targets.reduce(
    (range, y) => ({ least: Math.min(range.least, y), greatest: Math.max(range.greatest, y) }),
    { least: Number.POSITIVE_INFINITY, greatest: Number.NEGATIVE_INFINITY },
  )
  const base = classes === undefined ? least : greatest < classes ? 0 : 1
  const total = classes ?? greatest - least + 1
  if (least < base || greatest - base >= total) {
    const at0 = targets.findIndex((y) => y < base || y - base >= total)
    return refuse(
      `${at}[${at0}]`,
      targets[at0],
      `a class from 0 to ${total - 1}, or from 1 to ${total} in all rows`,
    )
  }
  if (base > 1) return refuse(at, `classes from ${base} on`, 'classes that count from 0 or 1')
  if (classes === undefined) {
    const present = new Set(targets)
    if (present.size !== total) {
      return refuse(
        at,
        `${present.size} classes up to ${greatest}`,
        `every class from ${base} to ${greatest}, unless the number of classes is given`,
      )
    }
    if (total < 2) return refuse(at, 'one class', 'at least two classes')
  }
  return E.right({ labels: Int32Array.from(targets, (y) => y - base), classes: total })
}
