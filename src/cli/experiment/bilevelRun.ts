import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { type BilevelMethodExpr, bilevelMethodExpr } from '../../../spec/vocabulary/bilevelMethod.js'
import { printDirection } from '../../../spec/vocabulary/direction.js'
import { decodeWith, type Invalid, invalid } from '../../../spec/vocabulary/invalid.js'
import type { Json } from '../../../spec/vocabulary/json.js'
import { printRule } from '../../../spec/vocabulary/print.js'
import { isObject, strict } from '../../../spec/vocabulary/strict.js'
import type { BilevelMethod, BilevelState } from '../../bilevel/method/method.js'
import { tasksOf, withMethod } from '../../bilevel/standard/method.js'
import { compile } from '../../rule/compile.js'
import { printed } from '../notation.js'
import { bilevelCourse, type TwoLevelSetting } from './bilevelCourse.js'
import type { Course } from './course.js'

/** What a method with a rule at each level is made of. */
export type PartOfMethod = 'upper' | 'lower' | 'hypergradient'

/** A run of a bilevel method. */
export interface BilevelRun {
  readonly levels: 'both'
  /** The method as one line. */
  readonly text: string
  /** Its parts, where each level has a rule of its own. */
  readonly parts: { readonly [part in PartOfMethod]: string } | null
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
  const { inner, outer, hypergradient, probe } = expr
  return {
    upper: `${printedLevel(outer)}${probe.lowerSteps === 1 ? '' : ', trials at the old lower point'}`,
    lower: `${inner.steps} × ${printedLevel(inner)}${inner.warmStart ? '' : ', each time from the start'}`,
    hypergradient: printed(hypergradient),
  }
}

const fromExpr = (expr: BilevelMethodExpr): BilevelRun => ({
  levels: 'both',
  text: printed(expr),
  parts: partsOf(expr),
  course: (setting, saved) =>
    withMethod(expr, tasksOf(setting.judged.problem), (method) =>
      bilevelCourse(
        method,
        {
          outer: expr.method === 'bilevelDescent' ? compile(expr.outer.rule) : null,
          coin: expr.method === 'ufom' ? expr.q : null,
        },
        setting,
        saved,
      ),
    ),
})

/** Whether this is a bilevel method that was built in code. */
export const isBilevelMethod = (u: unknown): u is BilevelMethod<BilevelState, unknown> =>
  isObject(u) &&
  typeof u.iterate === 'function' &&
  typeof u.point === 'function' &&
  typeof u.state === 'function'

const fromCode = (method: BilevelMethod<BilevelState, unknown>): BilevelRun => ({
  levels: 'both',
  text: method.name,
  parts: null,
  course: (setting, saved) => bilevelCourse(method, { outer: null, coin: null }, setting, saved),
})

const runCodec = strict('a run of a bilevel method', { name: t.string, method: t.unknown })

interface Named {
  readonly name: string
  readonly method: BilevelRun
}

/** Reads a run `{name, method}`: an expression, or in a module a method that was built in code. */
export const bilevelRunFrom = (u: unknown, at: string): E.Either<ReadonlyArray<Invalid>, Named> => {
  const read = decodeWith(runCodec, at)(u)
  if (E.isLeft(read)) return read
  const { name, method } = read.right
  if (isBilevelMethod(method)) return E.right({ name, method: fromCode(method) })
  const expr = decodeWith(bilevelMethodExpr, `${at}.method`)(method)
  if (E.isLeft(expr)) return expr
  // What no field is to blame for alone is found by building the method once.
  return E.bimap(
    (error: unknown) => [
      invalid(
        `${at}.method`,
        method,
        `one with a meaning (${error instanceof Error ? error.message : error})`,
      ),
    ],
    () => ({ name, method: fromExpr(expr.right) }),
  )(
    E.tryCatch(
      () => withMethod(expr.right, undefined, () => null),
      (error) => error,
    ),
  )
}
