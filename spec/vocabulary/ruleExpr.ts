import type * as t from 'io-ts'
import { vocabularyCodec } from './codec.js'
import type { Json } from './json.js'
import type { Row } from './row.js'
import { type RuleExpr, type RuleFields, type RuleNode, type RuleTag, ruleRows } from './ruleRows.js'

/**
 * The codec of rule expressions (the standard, chapter Rules): unknown tags, unknown fields, missing fields and values
 * outside their domain are refused with their path; defaults are filled in.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { decodeWith, ruleExpr, showInvalid } from 'steplaw/spec'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * ruleExpr.decode({ rule: 'constant', step: 'Infinity' }) // => { _tag: 'Right', right: { rule: 'constant', step: Infinity } }
 *
 * const wrong = decodeWith(ruleExpr, 'rule')({ rule: 'max', of: [{ rule: 'polyak', c: -1 }] })
 * E.isLeft(wrong) ? wrong.left.map(showInvalid) : [] // => ['rule.of[0].c: got -1, expected a finite number > 0']
 * ```
 */
export const ruleExpr: t.Type<RuleExpr, Json, unknown> = vocabularyCodec('rule', 'a rule', ruleRows)

const rowOf = (tag: RuleTag): Row => ruleRows[tag]

const mapOperands =
  <A, B>(f: (a: A) => B) =>
  (node: RuleNode<A>): RuleNode<B> => {
    const source: { readonly [key: string]: unknown } = node
    const fields = Object.entries(rowOf(node.rule)).map(([key, { field }]) => {
      const value = source[key]
      if (field === 'operand') return [key, f(value as A)]
      if (field === 'operands') return [key, (value as ReadonlyArray<A>).map((a) => f(a))]
      return [key, value]
    })
    // The rows say which fields hold operands; TypeScript cannot follow a fold over them.
    return { rule: node.rule, ...Object.fromEntries(fields) } as RuleNode<B>
  }

/**
 * One function for every tag, given that the operands are already `A`s.
 *
 * @category Standard
 * @since 0.1.0
 */
export type RuleAlgebra<A> = { readonly [T in RuleTag]: (fields: RuleFields<T, A>) => A }

/**
 * The fold of rule expressions: replaces every constructor by the function of its tag, from the leaves up. Compiling,
 * measuring and rewriting are such folds.
 *
 * @param algebra - one function per tag; a missing tag does not type-check.
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { foldNode, ruleExpr } from 'steplaw/spec'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const size = foldNode<number>((_tag, operands) => operands.reduce((a, b) => a + b, 1))
 * const decoded = ruleExpr.decode({ rule: 'min', of: [{ rule: 'polyak' }, { rule: 'never' }] })
 * E.isRight(decoded) ? size(decoded.right) : 0 // => 3
 * ```
 */
export const foldRule = <A>(algebra: RuleAlgebra<A>): ((expr: RuleExpr) => A) => {
  const go = (expr: RuleExpr): A => {
    const node = mapOperands<RuleExpr, A>(go)(expr)
    // `node.rule` picks the function that takes exactly this node; the pairing is lost in the union.
    const f = algebra[node.rule] as (fields: RuleNode<A>) => A
    return f(node)
  }
  return go
}

/**
 * The operands of an expression, in the order in which they are asked: the indices of a `because` path point into it.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { operandsOf } from 'steplaw/spec'
 *
 * operandsOf({ rule: 'runningMin', of: { rule: 'never' } }) // => [{ rule: 'never' }]
 * ```
 */
export const operandsOf = (expr: RuleExpr): ReadonlyArray<RuleExpr> => {
  const found: Array<RuleExpr> = []
  mapOperands<RuleExpr, void>((operand) => {
    found.push(operand)
  })(expr)
  return found
}

/**
 * The fold that does not care for fields: a function of the tag, the results of the operands and the node itself.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { foldNode } from 'steplaw/spec'
 *
 * const depth = foldNode<number>((_tag, operands) => 1 + Math.max(0, ...operands))
 * depth({ rule: 'runningMax', of: { rule: 'never' } }) // => 2
 * ```
 */
export const foldNode = <A>(
  f: (tag: RuleTag, operands: ReadonlyArray<A>, expr: RuleExpr) => A,
): ((expr: RuleExpr) => A) => {
  const go = (expr: RuleExpr): A => f(expr.rule, operandsOf(expr).map(go), expr)
  return go
}
