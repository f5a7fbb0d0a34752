import type { AnyField } from './field.js'
import type { AnyRow, AnyRows } from './row.js'
import { type RuleExpr, ruleRows } from './ruleRows.js'

/** Prints a tagged node in the notation of the standard: `tag[operands]` or `tag{field: value}`, defaults left out. */
export const printNode = (
  tag: string,
  row: AnyRow,
  fields: { readonly [key: string]: unknown },
  operand: (u: unknown) => string,
): string => {
  const show = (f: AnyField, value: unknown): string => {
    if (f.field === 'operand' || f.field === 'optional') return operand(value)
    if (f.field === 'operands') return `[${(value as ReadonlyArray<unknown>).map(operand).join(', ')}]`
    if (f.field === 'numbers') return `[${(value as ReadonlyArray<number>).join(', ')}]`
    return String(value)
  }
  const { of, ...others } = row
  if (of !== undefined && Object.keys(others).length === 0) {
    const inner = show(of, fields.of)
    return inner.startsWith('[') ? `${tag}${inner}` : `${tag}[${inner}]`
  }
  const shown = Object.entries(row)
    .filter(([key, f]) => f.default !== fields[key])
    .map(([key, f]) => `${key}: ${show(f, fields[key])}`)
  return shown.length === 0 ? tag : `${tag}{${shown.join(', ')}}`
}

/** Prints an expression of a vocabulary without operands, such as a direction. */
export const printFlat = (
  tagKey: string,
  rows: AnyRows,
  expr: { readonly [key: string]: unknown },
): string => {
  const tag = String(expr[tagKey])
  return printNode(tag, rows[tag] ?? {}, expr, String)
}

/**
 * Prints a rule expression in the notation of the standard; fields at their default are left out.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { printRule } from 'steplaw/spec'
 *
 * printRule({
 *   rule: 'min',
 *   of: [{ rule: 'polyak', c: 0.5, target: 'lowerBound' }, { rule: 'constant', step: 0.6 }],
 * }) // => 'min[polyak{c: 0.5}, constant{step: 0.6}]'
 * ```
 */
export const printRule = (expr: RuleExpr): string =>
  printNode(expr.rule, ruleRows[expr.rule], expr, (operand) => printRule(operand as RuleExpr))
