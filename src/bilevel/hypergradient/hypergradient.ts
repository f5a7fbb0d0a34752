import type * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Vector } from '../../problem/oracle.js'
import type { BilevelDraw } from '../draw.js'
import type { Asking, Pair } from '../oracle.js'
import type { InnerPath } from './path.js'

/**
 * How far a hypergradient may be from $\nabla F(x)$, as far as it is known.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface Certificate {
  /** $\|\nabla_y g(x, y)\|$ where $f$ was taken: $\|y - y^*(x)\|$ is at most this over $\mu$. */
  readonly innerResidual: O.Option<number>
  /** $\|H v - \nabla_y f\|$. */
  readonly linearResidual: O.Option<number>
  /** A proven bound on $\|z - \nabla F(x)\|$, where the constants are known. */
  readonly errorBound: O.Option<number>
}

/**
 * An estimate of $\nabla F(x) = \nabla_x f - J H^{-1} \nabla_y f$ at $(x, y^*(x))$, with its certificate.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface Hypergradient {
  /**
   * How it was made: `implicit` is $z = \nabla_x f - J v$ at $y$; `unrolled` is the same only where $g$ is quadratic in $y$.
   */
  readonly form: 'implicit' | 'unrolled' | 'other'
  /** $f_S(x, y)$. */
  readonly value: number
  /** $z \approx \nabla F(x)$. */
  readonly gradient: Vector
  /** Where $f$ was taken. */
  readonly y: Vector
  /** The solution of $H v = \nabla_y f$, where the estimator has one. */
  readonly v: O.Option<Vector>
  /** Iterations of conjugate gradients, Hessian products of a series, steps gone back over. */
  readonly count: number
  /** $\|\nabla_y f\|$, where it was seen. */
  readonly slopeInY: O.Option<number>
  readonly lowerBound: O.Option<number>
  readonly solutionValue: O.Option<number>
  readonly certificate: Certificate
}

/**
 * Why there is no hypergradient.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface Unsolved {
  readonly reason: 'indefinite' | 'singular' | 'exhausted' | 'nonFinite'
  readonly message: string
  /** $f_S(x, y)$, where it was evaluated. */
  readonly value?: number
  /** How far it came: conjugate gradients that were done. */
  readonly count?: number
}

/**
 * Where a hypergradient is wanted.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface Place extends Pair {
  /** The solution of the previous linear system, for estimators that start warm. */
  readonly v: O.Option<Vector>
  /** How the inner loop came to $y$, for those that go back over it. */
  readonly path: O.Option<InnerPath>
  readonly draw: BilevelDraw
}

/**
 * A way to estimate the hypergradient, as a program of requests.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface Estimator {
  readonly name: string
  /** Whether it goes back over the inner loop, whose steps must be along the gradient then. */
  readonly unrolls: boolean
  /** Whether it wants the states of that loop held. */
  readonly holds?: boolean
  readonly estimate: (place: Place) => Asking<E.Either<Unsolved, Hypergradient>>
}

/** Nothing is known. */
export const noCertificate: Certificate = {
  innerResidual: O.none,
  linearResidual: O.none,
  errorBound: O.none,
}
