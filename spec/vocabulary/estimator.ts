import type * as t from 'io-ts'
import { count, natural, nonNegative, positive } from './field.js'
import { number, oneOf, record, tag, truth } from './shape.js'

/** The estimators of the chapter Drafts, which an implementation of version 1 may refuse. */
const draftEstimators = {
  oneStepDifference: record('oneStepDifference', {
    estimator: tag('oneStepDifference'),
    step: number(positive()),
    radius: number(positive(0.01)),
  }),
  penaltyGradient: record('penaltyGradient', {
    estimator: tag('penaltyGradient'),
    lambda: number(positive()),
    step: number(positive()),
    tolerance: number(nonNegative()),
    budget: number(natural()),
  }),
}

/** The estimators that are the same wherever they stand. */
const common = {
  exact: record('exact', { estimator: tag('exact') }),
  direct: record('direct', { estimator: tag('direct') }),
  cg: record('cg', {
    estimator: tag('cg'),
    iterations: number(natural()),
    tolerance: number(nonNegative(0)),
    warmStart: truth(false),
  }),
  neumann: record('neumann', {
    estimator: tag('neumann'),
    terms: number(count()),
    step: number(positive()),
  }),
  firstOrder: record('firstOrder', { estimator: tag('firstOrder') }),
  ...draftEstimators,
}

/** The estimators of a method: what is unrolled are the inner steps that it has made. */
export const estimators = {
  ...common,
  unrolled: record('unrolled', { estimator: tag('unrolled') }),
}

/** The estimators that stand alone: what is unrolled are steps of one length. */
export const estimatorsAlone = {
  ...common,
  unrolled: record('unrolled', {
    estimator: tag('unrolled'),
    steps: number(natural()),
    step: number(nonNegative()),
  }),
}

/** An estimator within a method. */
export const estimatorShape = oneOf('estimator', 'an estimator', estimators)

/**
 * The codec of the hypergradient estimators of a method (the standard, chapter Bilevel problems). There `unrolled` has no fields:
 * the steps that it goes through are those of the inner loop.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { estimatorExpr } from 'steplaw/spec'
 *
 * estimatorExpr.decode({ estimator: 'cg', iterations: 5 }) // => { _tag: 'Right', right: { estimator: 'cg', iterations: 5, tolerance: 0, warmStart: false } }
 * estimatorExpr.decode({ estimator: 'unrolled', steps: 3, step: 0.1 })._tag // => 'Left'
 * ```
 */
export const estimatorExpr = estimatorShape.codec

/**
 * A hypergradient estimator of a method as data. {@link estimatorExpr} is its codec.
 *
 * @category Standard
 * @since 0.1.0
 */
export type EstimatorExpr = t.TypeOf<typeof estimatorExpr>

/**
 * The codec of hypergradient estimators that stand alone, as in a case: `unrolled` says how many steps of which length it makes.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { estimatorAloneExpr } from 'steplaw/spec'
 *
 * estimatorAloneExpr.is({ estimator: 'unrolled', steps: 3, step: 0.1 }) // => true
 * estimatorAloneExpr.is({ estimator: 'unrolled' }) // => false
 * ```
 */
export const estimatorAloneExpr = oneOf('estimator', 'an estimator', estimatorsAlone).codec

/**
 * A hypergradient estimator that stands alone, as data. {@link estimatorAloneExpr} is its codec.
 *
 * @category Standard
 * @since 0.1.0
 */
export type EstimatorAloneExpr = t.TypeOf<typeof estimatorAloneExpr>

/**
 * The tags of hypergradient estimators that are drafts, outside version 1.
 *
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { draftEstimatorTags } from 'steplaw/spec'
 *
 * draftEstimatorTags // => ['oneStepDifference', 'penaltyGradient']
 * ```
 */
export const draftEstimatorTags: ReadonlyArray<string> = Object.keys(draftEstimators)
