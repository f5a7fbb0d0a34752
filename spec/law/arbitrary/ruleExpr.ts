import fc from 'fast-check'
import { type Field, outOfOrder } from '../../vocabulary/field.js'
import type { Row } from '../../vocabulary/row.js'
import { ruleExpr } from '../../vocabulary/ruleExpr.js'
import { type RuleExpr, type RuleTag, ruleRows, ruleTags } from '../../vocabulary/ruleRows.js'
import { dyadic, numberOf } from './number.js'
import { simplify } from './simplify.js'

const isLeaf = (row: Row): boolean =>
  Object.values(row).every(({ field }) => field !== 'operand' && field !== 'operands')

const hasOrder = (row: Row): boolean =>
  Object.values(row).some((f) => f.field === 'number' && f.below !== undefined)

const isExpr = (u: unknown): u is RuleExpr => ruleExpr.is(u)

const operandsOf = (u: unknown): ReadonlyArray<RuleExpr> =>
  isExpr(u) ? Object.values(u).flat().filter(isExpr) : []

/** The first that an expression shrinks to. */
const simplest = { rule: 'constant', step: 0 } as const

/**
 * Rule expressions over the vocabulary (or the given tags), read off its rows. They shrink to `constant`, and an
 * expression shrinks to its operands, wherever it stands in another; so do expressions that are given as examples.
 *
 * @param options - `tags` the tags to use, all by default, at least one of them without operands; `depth` the greatest depth,
 * 3 by default.
 * @throws RangeError if all `tags` have operands or `depth` is no integer $\ge 1$.
 * @category Laws
 * @since 0.1.0
 * @example
 * ```ts
 * import { ruleExprArbitrary } from 'steplaw/laws'
 * import { ruleExpr } from 'steplaw/spec'
 * import fc from 'fast-check'
 *
 * fc.sample(ruleExprArbitrary(), 20).every(ruleExpr.is) // => true
 * ```
 */
export const ruleExprArbitrary = ({
  tags = ruleTags,
  depth = 3,
}: {
  readonly tags?: ReadonlyArray<RuleTag>
  readonly depth?: number
} = {}): fc.Arbitrary<RuleExpr> => {
  const fieldOf = (f: Field, operand: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => {
    switch (f.field) {
      case 'number':
        return numberOf(f.interval)
      case 'boolean':
        return fc.boolean()
      case 'choice':
        return fc.constantFrom(...f.options)
      case 'target':
        return fc.oneof(fc.constantFrom('lowerBound', 'solutionValue'), dyadic())
      case 'operand':
        return operand
      case 'operands':
        return fc.array(operand, { minLength: 1, maxLength: 3 })
    }
  }
  const node = (tag: RuleTag, operand: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => {
    const row: Row = ruleRows[tag]
    const fields = Object.entries(row).map(([key, f]) => [key, fieldOf(f, operand)])
    const drawn = fc.record<{ readonly [key: string]: unknown }>(
      { rule: fc.constant(tag), ...Object.fromEntries(fields) },
      { noNullPrototype: true },
    )
    return hasOrder(row) ? drawn.filter((values) => outOfOrder(row, values) === undefined) : drawn
  }
  const leaves = tags.filter((tag) => isLeaf(ruleRows[tag]))
  const inner = tags.filter((tag) => !isLeaf(ruleRows[tag]))
  // Simplest first: fast-check shrinks towards the first alternative.
  const [first, ...others] = [...leaves].sort((a, b) => Number(b === 'constant') - Number(a === 'constant'))
  if (first === undefined)
    throw new RangeError(`tags: got ${tags.join(', ') || 'none'}, expected one without operands among them`)
  if (!(Number.isSafeInteger(depth) && depth >= 1))
    throw new RangeError(`depth: got ${depth}, expected an integer >= 1`)
  const simpler = (u: unknown): ReadonlyArray<unknown> | 'simplest' => {
    if (first !== 'constant') return operandsOf(u)
    const isSimplest = isExpr(u) && u.rule === 'constant' && u.step === simplest.step
    return isSimplest ? 'simplest' : [simplest, ...operandsOf(u)]
  }
  const { expr } = fc.letrec<{ expr: unknown }>((tie) => ({
    expr: simplify(
      fc.oneof(
        { maxDepth: depth, depthIdentifier: fc.createDepthIdentifier(), withCrossShrink: true },
        node(first, tie('expr')),
        ...others.map((tag) => node(tag, tie('expr'))),
        ...inner.map((tag) => node(tag, tie('expr'))),
      ),
      simpler,
    ),
  }))
  return expr.filter(isExpr)
}
