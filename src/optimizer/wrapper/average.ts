import * as O from 'fp-ts/lib/Option.js'
import { double } from '../../../spec/vocabulary/number.js'
import { strict } from '../../../spec/vocabulary/strict.js'
import type { WrapperParams } from '../../../spec/vocabulary/wrapper.js'
import type { Vector } from '../../problem/oracle.js'
import { index, vector } from '../vector.js'
import { checkFields, exprOf } from './builtIn.js'
import type { WrapperState } from './state.js'
import { type Wrapper, type WrapperAround, type WrapperBase, wrapper } from './wrapper.js'

type State = {
  /** How many points were seen. */
  readonly count: number
  /** The sum of their weights; only steps need it. */
  readonly weight: number
  readonly average: Vector
  /** The state of what it goes around. */
  readonly of: WrapperState
}

/** What goes around nothing: the run as it is. */
const plain: WrapperAround<'method'> = wrapper<'method', Record<never, never>>({
  name: 'plain',
  expr: O.none,
  needs: 'method',
  init: () => ({}),
  state: () => strict('nothing', {}),
  advance: (state, { proposed }) => ({ state, x: proposed }),
  outputs: () => ({}),
})

/**
 * How {@link average} weighs the points of a run.
 *
 * @category Optimizer
 * @since 0.1.0
 */
export type AverageParams = Omit<WrapperParams<'average', never>, 'of'>

/** The share of the newest point in the average. */
const shareOf = (
  { weights, gamma = 8 }: AverageParams,
  count: number,
  weight: number,
  step: number,
): { readonly weight: number; readonly share: number } => {
  switch (weights) {
    case 'uniform':
      return { weight, share: 1 / count }
    case 'polynomial':
      return { weight, share: (1 + gamma) / (count + gamma) }
    case 'steps': {
      const sum = weight + step
      return { weight: sum, share: step > 0 ? step / sum : 0 }
    }
  }
}

const around = <B extends WrapperBase>(
  given: AverageParams,
  below: WrapperAround<B>,
  of: Wrapper | null,
): WrapperAround<B> => {
  const fields = checkFields('average', { gamma: 8, ...given, of })
  if (fields.weights === 'steps' && below.needs === 'nothing')
    throw new RangeError(
      `average: weights is steps, expected another choice, for ${below.name} takes no steps`,
    )
  return wrapper<B, State>({
    name: 'average',
    expr: exprOf('average', fields),
    needs: below.needs,
    init: (start) => ({ count: 0, weight: 0, average: start, of: below.init(start) }),
    state: (dimension) =>
      strict('the state of average', {
        count: index,
        weight: double,
        average: vector(dimension),
        of: below.state(dimension),
      }),
    advance: (state, at) => {
      const inside = below.advance(state.of, at)
      const count = state.count + 1
      const { weight, share } = shareOf(fields, count, state.weight, at.step)
      const average = state.average.map((a, i) => a + share * ((at.x[i] ?? 0) - a))
      return { state: { count, weight, average, of: inside.state }, x: inside.x }
    },
    outputs: (state) => ({ ...below.outputs(state.of), average: state.average }),
  })
}

/**
 * Averages the points of a run and leaves the run as it is: the bounds of theory for steps that do not decrease, and for
 * noise, are on averages. After iteration $k$, with $t = k + 1$ points seen, the output `average` is
 *
 * | `weights` | $\bar x_t$ | |
 * | --- | --- | --- |
 * | `uniform` | $\frac1t \sum_{i<t} x_i$ | what most theorems on constant steps speak of |
 * | `steps` | $\sum_{i<t} \gamma_i x_i / \sum_{i<t} \gamma_i$ | for varying steps |
 * | `polynomial` | $(1 - c_t)\,\bar x_{t-1} + c_t\, x_{t-1}$, $c_t = \frac{1+\text{gamma}}{t+\text{gamma}}$ | forgets the beginning |
 *
 * A draft, no part of version 1 of the standard: clause `draft.average`.
 *
 * It goes around a rule, or around another wrapper, whose outputs it keeps; around a wrapper that stands alone it does so too.
 * Public code for DoG averages with `gamma` = 8 the points *after* each step; here they are those at which gradients were taken,
 * which is what the bounds are about, one iteration earlier.
 *
 * Assumptions: convexity, for $f(\bar x)$ to be at most the average of the $f(x_i)$.
 *
 * Edge cases: points whose value or gradient is not finite are left out. A step that fails, is zero or infinite has weight 0
 * among `steps`; before the first that counts the average is $x_0$. `gamma` = 0 is the uniform average.
 *
 * Cost: one vector of state, one multiplication a coordinate.
 *
 * Laws: none. Theorems: P6, P9, P9b, P13.
 *
 * @param params - `weights`; `gamma` >= 0 for polynomial weights, by default 8 as for DoG.
 * @param of - the wrapper to go around; none by default.
 * @throws RangeError if a field is outside its domain, or if `weights` is `steps` where none are taken.
 * @cite polyak1992
 * @cite shamir2013
 * @cite ivgi2023
 * @category Optimizer
 * @since 0.1.0
 * @example
 * ```ts
 * import { average, coinBetting, constant, minimise, quadratic } from 'steplaw'
 *
 * // The step 2 / L goes back and forth between 4 and -4: the average stands at the minimiser.
 * const problem = quadratic({ A: [[[2]]], b: [[0]] })
 * const run = minimise(problem, {
 *   rule: constant(1),
 *   wrapper: average({ weights: 'uniform' }),
 *   start: Float64Array.of(4),
 *   iterations: 2,
 * })
 * run.records.map(({ outputs }) => outputs) // => [{ average: Float64Array.of(4) }, { average: Float64Array.of(0) }]
 *
 * average({ weights: 'polynomial' }, coinBetting({ wealth: 1 })).needs // => 'nothing'
 * ```
 */
export function average<B extends WrapperBase>(params: AverageParams, of: WrapperAround<B>): WrapperAround<B>
/** Around the rule alone. */
export function average(params: AverageParams): WrapperAround<'method'>
export function average(params: AverageParams, of?: Wrapper): Wrapper {
  if (of === undefined) return around(params, plain, null)
  return of.needs === 'method' ? around(params, of, of) : around(params, of, of)
}
