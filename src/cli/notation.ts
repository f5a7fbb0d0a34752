import { directionExpr, printDirection } from '../../spec/vocabulary/direction.js'
import { printRule } from '../../spec/vocabulary/print.js'
import { ruleExpr } from '../../spec/vocabulary/ruleExpr.js'
import { isObject } from '../../spec/vocabulary/strict.js'

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

/** A bilevel method or an estimator as one line, in the notation of rules: `soba{lowerStep: 0.1, upperStep: 0.01}`. */
export const printed = (u: unknown): string => {
  if (isObject(u) && ruleExpr.is(u)) return printRule(u)
  if (isObject(u) && directionExpr.is(u)) return printDirection(u)
  if (Array.isArray(u)) return `[${u.map(printed).join(', ')}]`
  if (!isObject(u)) return String(u)
  const tag = tags.find((name) => typeof u[name] === 'string')
  if (tag === undefined) return printedFields(u)
  const { [tag]: name, ...rest } = u
  const fields = printedFields(rest)
  return fields === '{}' ? String(name) : `${name}${fields}`
}
