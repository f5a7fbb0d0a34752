import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { type BilevelMethodExpr, bilevelMethodExpr } from '../../../spec/vocabulary/bilevelMethod.js'
import { printDirection } from '../../../spec/vocabulary/direction.js'
import { decodeWith, type Invalid, invalid } from '../../../spec/vocabulary/invalid.js'
import type { Json } from '../../../spec/vocabulary/json.js'
import { printRule } from '../../../spec/vocabulary/print.js'
import { isObject, strict } from '../../../spec/vocabulary/strict.js'
import type { BilevelMethod, BilevelState } from '../../bilevel/method/method.js'
import { least, sizesOf, withMethod } from '../../bilevel/standard/method.js'
import { compile } from '../../rule/compile.js'
import { printed } from '../notation.js'
import { bilevelCourse, type TwoLevelSetting } from './bilevelCourse.js'
import type { Chances } from './bilevelDraws.js'
import type { Course } from './course.js'

/** What a method with a rule at each level is made of. */
export type PartOfMethod = 'upper' | 'lower' | 'hypergradient'

/** What a method reads of the draws of an iteration besides batches of which there is one. */
export interface Reads {
  /** Batches of the lower level, and of Hessian products. */
  readonly lower: number
  readonly hessian: number
  /** Whether it sums a series, whose depth may be drawn. */
  readonly series: boolean
  readonly uniform: boolean
}

/** A run of a bilevel method. */
export interface BilevelRun {
  readonly levels: 'both'
  /** The method as one line. */
  readonly text: string
  /** Its parts, where each level has a rule of its own. */
  readonly parts: { readonly [part in PartOfMethod]: string } | null
  readonly chances: Chances
  /** What it reads of the draws of an iteration, where that is known. */
  readonly draws: Reads | null
  /** The run from its start, or from where it was saved; null if the saved state does not fit it. */
  readonly course: (setting: TwoLevelSetting, saved: Json) => Course | null
}

type Level = Pick<Extract<BilevelMethodExpr, { method: 'bilevelDescent' }>['outer'], 'rule' | 'direction'>

const printedLevel = ({ rule, direction }: Level): string =>
  direction.direction === 'steepest'
    ? printRule(rule)
    : `${printRule(rule)} along ${printDirection(direction)}`

const partsOf = (expr: BilevelMethodExpr): BilevelRun['parts'] => {
  if (expr.method !== 'bilevelDescent') return null
  const { inner, outer, hypergradient, probe, xBox, yBox } = expr
  const within = (box: readonly [number, number] | undefined): string =>
    box === undefined ? '' : `, in [${box.join(', ')}]`
  const trials = probe.lowerSteps === 1 ? '' : ', trials at the old lower point'
  const cold = inner.warmStart ? '' : ', each time from the start'
  return {
    upper: `${printedLevel(outer)}${within(xBox)}${trials}`,
    lower: `${inner.steps} × ${printedLevel(inner)}${within(yBox)}${cold}`,
    hypergradient: printed(hypergradient),
  }
}

const stepsOf = (expr: BilevelMethodExpr): number => {
  switch (expr.method) {
    case 'bilevelDescent':
    case 'ufom':
    case 'adaptiveUfom':
      return expr.inner.steps
    case 'f2sa':
    case 'penalty':
    case 'amigo':
      return expr.innerSteps
    case 'soba':
    case 'saba':
    case 'bome':
    case 'f3sa':
      return 1
    case 'maid':
    case 'hoag':
      return 0
  }
}

/** The terms of its series, if it sums one. */
const termsOf = (expr: BilevelMethodExpr): number | null =>
  expr.method === 'bilevelDescent' && expr.hypergradient.estimator === 'neumann'
    ? expr.hypergradient.terms
    : null

const readsOf = (expr: BilevelMethodExpr): Reads => {
  const terms = termsOf(expr)
  return {
    lower: stepsOf(expr),
    hessian: expr.method === 'amigo' ? expr.linearSteps : (terms ?? 1) - 1,
    series: terms !== null,
    uniform: expr.method === 'adaptiveUfom',
  }
}

const atDepth = (text: string, depth: number | null): string =>
  depth === null ? text : `${text} at a drawn depth`

const fromExpr = (expr: BilevelMethodExpr, depth: number | null): BilevelRun => {
  const chances = { coin: expr.method === 'ufom' ? expr.q : null, depth }
  const parts = partsOf(expr)
  return {
    levels: 'both',
    text: atDepth(printed(expr), depth),
    parts: parts === null ? null : { ...parts, hypergradient: atDepth(parts.hypergradient, depth) },
    chances,
    draws: readsOf(expr),
    course: (setting, saved) =>
      withMethod(expr, sizesOf(setting.judged.problem), (method) => {
        const outer = expr.method === 'bilevelDescent' ? compile(expr.outer.rule) : null
        return bilevelCourse(method, { outer, ...chances }, setting, saved)
      }),
  }
}

/** Whether this is a bilevel method that was built in code. */
export const isBilevelMethod = (u: unknown): u is BilevelMethod<BilevelState, unknown> =>
  isObject(u) &&
  typeof u.iterate === 'function' &&
  typeof u.point === 'function' &&
  typeof u.state === 'function'

const fromCode = (method: BilevelMethod<BilevelState, unknown>, depth: number | null): BilevelRun => ({
  levels: 'both',
  text: atDepth(method.name, depth),
  parts: null,
  chances: { coin: null, depth },
  draws: null,
  course: (setting, saved) => bilevelCourse(method, { outer: null, coin: null, depth }, setting, saved),
})

const drawn = 'drawn'

type Depth = typeof drawn | number

const isDepth = (u: unknown): u is Depth =>
  u === drawn || (typeof u === 'number' && Number.isSafeInteger(u) && u >= 1)

const depthSpec = new t.Type<Depth, Depth, unknown>(
  '"drawn", or the number of terms of a method that is built in code',
  isDepth,
  (u, context) => (isDepth(u) ? t.success(u) : t.failure(u, context)),
  t.identity,
)

const runCodec = strict(
  'a run of a bilevel method',
  { name: t.string, method: t.unknown },
  { depth: depthSpec },
)

interface Named {
  readonly name: string
  readonly method: BilevelRun
}

/** Reads a run `{name, method}`: an expression, or in a module a method that was built in code. */
export const bilevelRunFrom = (u: unknown, at: string): E.Either<ReadonlyArray<Invalid>, Named> => {
  const read = decodeWith(runCodec, at)(u)
  if (E.isLeft(read)) return read
  const { name, method, depth } = read.right
  if (isBilevelMethod(method))
    return depth === drawn
      ? E.left([invalid(`${at}.depth`, depth, 'the number of terms: the method is built in code')])
      : E.right({ name, method: fromCode(method, depth ?? null) })
  const expr = decodeWith(bilevelMethodExpr, `${at}.method`)(method)
  if (E.isLeft(expr)) return expr
  const terms = termsOf(expr.right)
  if (depth !== undefined && (depth !== drawn || terms === null))
    return E.left([
      invalid(`${at}.depth`, depth, 'nothing, or "drawn" with the hypergradient of a series (neumann)'),
    ])
  // What no field is to blame for alone is found by building the method once.
  return E.bimap(
    (error: unknown) => [
      invalid(
        `${at}.method`,
        method,
        `one with a meaning (${error instanceof Error ? error.message : error})`,
      ),
    ],
    () => ({ name, method: fromExpr(expr.right, depth === undefined ? null : terms) }),
  )(
    E.tryCatch(
      () => withMethod(expr.right, least, () => null),
      (error) => error,
    ),
  )
}
