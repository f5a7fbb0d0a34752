import type * as O from 'fp-ts/lib/Option.js'
import type * as t from 'io-ts'
import type { Json } from '../../../spec/vocabulary/json.js'
import type { WrapperExpr } from '../../../spec/vocabulary/wrapper.js'
import type { Vector } from '../../problem/oracle.js'
import { stateCodec, type WrapperState } from './state.js'

/**
 * What a wrapper adds to the record of an iteration, by name: the outputs of the standard beyond those of every run.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface WrapperOutputs {
  readonly [name: string]: number | Vector
}

/**
 * What a wrapper sees of an iteration whose value and gradient are finite.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface WrapperView {
  readonly k: number
  /** $x_k$. */
  readonly x: Vector
  /** $x_0$. */
  readonly start: Vector
  readonly gradient: Vector
  /** The step of the rule; 0 where it failed, was infinite, or there is no rule. */
  readonly step: number
  /** $u = \gamma e$, the step times the direction; zeros where there is no step. */
  readonly displacement: Vector
  /** Where the run would go without a wrapper. */
  readonly proposed: Vector
}

/**
 * What decides where a run goes next: `'method'`, a wrapper takes what a rule and a direction propose; `'nothing'`, it
 * steps by itself from gradients.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export type WrapperBase = 'method' | 'nothing'

/**
 * A layer around a run: a pure machine that sees every iteration and says where the next one begins. Iterations whose value
 * or gradient is not finite it does not see, and they leave its state.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface WrapperAround<B extends WrapperBase> {
  readonly name: string
  readonly expr: O.Option<WrapperExpr>
  /** What it needs below it. */
  readonly needs: B
  readonly init: (start: Vector) => WrapperState
  /** The codec of its states for points of one length. */
  readonly state: (dimension: number) => t.Type<WrapperState, Json, unknown>
  readonly advance: (
    state: WrapperState,
    at: WrapperView,
  ) => { readonly state: WrapperState; readonly x: Vector }
  /** What it has to show in a state. */
  readonly outputs: (state: WrapperState) => WrapperOutputs
}

/**
 * A wrapper of either sort; `needs` tells them apart.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export type Wrapper = WrapperAround<'method'> | WrapperAround<'nothing'>

/**
 * A wrapper whose state has the type `S`, as its author writes it.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export interface WrapperDefinition<B extends WrapperBase, S extends WrapperState> {
  readonly name: string
  readonly expr: O.Option<WrapperExpr>
  readonly needs: B
  readonly init: (start: Vector) => S
  /** Reads what `checkpoint` has written: numbers and vectors as files have them. */
  readonly state: (dimension: number) => t.Decoder<unknown, S>
  readonly advance: (state: S, at: WrapperView) => { readonly state: S; readonly x: Vector }
  readonly outputs: (state: S) => WrapperOutputs
}

/**
 * Makes a wrapper from functions of its own type of state.
 *
 * The state a driver hands back is one that `init`, `advance` or the codec gave: that it has the type `S` is vouched for here,
 * once.
 *
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant, minimise, quadratic, wrapper } from 'steplaw'
 * import * as O from 'fp-ts/lib/Option.js'
 * import * as t from 'io-ts'
 *
 * // Keeps every point within a distance of the start, and counts how often it had to.
 * const leash = wrapper({
 *   name: 'leash',
 *   expr: O.none,
 *   needs: 'method',
 *   init: () => ({ pulled: 0 }),
 *   state: () => t.strict({ pulled: t.number }),
 *   advance: ({ pulled }, { start: [x0 = 0], proposed: [x = 0] }) =>
 *     Math.abs(x - x0) <= 1
 *       ? { state: { pulled }, x: Float64Array.of(x) }
 *       : { state: { pulled: pulled + 1 }, x: Float64Array.of(x0 + Math.sign(x - x0)) },
 *   outputs: ({ pulled }) => ({ pulled }),
 * })
 * const run = minimise(quadratic({ A: [[[2]]], b: [[0]] }), {
 *   rule: constant(0.25),
 *   wrapper: leash,
 *   start: Float64Array.of(4),
 *   iterations: 2,
 * })
 * run.x // => Float64Array.of(3)
 * run.records.map(({ outputs }) => outputs) // => [{ pulled: 1 }, { pulled: 2 }]
 * ```
 */
export const wrapper = <B extends WrapperBase, S extends WrapperState>(
  define: WrapperDefinition<B, S>,
): WrapperAround<B> => ({
  ...define,
  state: (dimension) => stateCodec(define.state(dimension)),
  advance: (state, at) => define.advance(state as S, at),
  outputs: (state) => define.outputs(state as S),
})
