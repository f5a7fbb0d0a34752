import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { type BilevelMethodExpr, bilevelMethodExpr } from '../../../spec/vocabulary/bilevelMethod.js'
import { directionExpr, printDirection } from '../../../spec/vocabulary/direction.js'
import { decodeWith, type Invalid, invalid } from '../../../spec/vocabulary/invalid.js'
import type { Json } from '../../../spec/vocabulary/json.js'
import { printRule } from '../../../spec/vocabulary/print.js'
import { ruleExpr } from '../../../spec/vocabulary/ruleExpr.js'
import { isObject, strict } from '../../../spec/vocabulary/strict.js'
import type { BilevelMethod, BilevelState } from '../../bilevel/method/method.js'
import { least, sizesOf, withMethod } from '../../bilevel/standard/method.js'
import { compile } from '../../rule/compile.js'
import { bilevelCourse, type TwoLevelSetting } from './bilevelCourse.js'
import type { Course } from './course.js'

/** A run of a bilevel method. */
export interface BilevelRun {
  readonly levels: 'both'
  /** The method as one line. */
  readonly text: string
  /** The run from its start, or from where it was saved; null if the saved state does not fit it. */
  readonly course: (setting: TwoLevelSetting, saved: Json) => Course | null
}

const tags = ['method', 'estimator'] as const

/** Whether a field is what it is by default: it is not printed. */
const isDefault = (u: { readonly [key: string]: unknown }, key: string, value: unknown): boolean => {
  if (key === 'warmStart') return value === 'steps' in u
  if (key === 'tolerance') return value === 0
  if (key === 'direction') return isObject(value) && value.direction === 'steepest'
  return value === undefined || (key === 'probe' && isObject(value) && value.lowerSteps === 1)
}

const printedFields = (u: { readonly [key: string]: unknown }): string =>
  `{${Object.entries(u)
    .filter(([key, value]) => !isDefault(u, key, value))
    .map(([key, value]) => `${key}: ${printed(value)}`)
    .join(', ')}}`

/** An expression as one line, in the notation of rules: `soba{lowerStep: 0.1, upperStep: 0.01}`. */
const printed = (u: unknown): string => {
  if (isObject(u) && ruleExpr.is(u)) return printRule(u)
  if (isObject(u) && directionExpr.is(u)) return printDirection(u)
  if (Array.isArray(u)) return `[${u.map(printed).join(', ')}]`
  if (!isObject(u)) return String(u)
  const tag = tags.find((name) => typeof u[name] === 'string')
  if (tag === undefined) return printedFields(u)
  const { [tag]: name, ...rest } = u
  return Object.keys(rest).length === 0 ? String(name) : `${name}${printedFields(rest)}`
}

const fromExpr = (expr: BilevelMethodExpr): BilevelRun => ({
  levels: 'both',
  text: printed(expr),
  course: (setting, saved) =>
    withMethod(expr, sizesOf(setting.judged.problem), (method) =>
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
      () => withMethod(expr.right, least, () => null),
      (error) => error,
    ),
  )
}
