import type { Shape } from './ir.js'
import { broadcasted, type Input, tensor } from './lift.js'
import { fail, three, two } from './primitive.js'
import type { Tensor } from './tensor.js'
import { vocabulary as v } from './vocabulary.js'

/**
 * $|x|$, element by element.
 *
 * Its derivative at 0 is taken as 0.
 * The cost is one operation per element.
 *
 * @example
 * ```ts
 * import { evaluate, abs } from 'steplaw/autodiff'
 *
 * evaluate(abs)(Float64Array.of(-2)).values[0] // => 2
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const abs = (x: Tensor): Tensor => v.abs(tensor('abs', x))

/**
 * $\cos x$, element by element.
 *
 * `NaN` at the infinities.
 * The cost is one operation per element.
 *
 * @example
 * ```ts
 * import { evaluate, cos } from 'steplaw/autodiff'
 *
 * evaluate(cos)(Float64Array.of(0)).values[0] // => 1
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const cos = (x: Tensor): Tensor => v.cos(tensor('cos', x))

/**
 * $e^x$, element by element.
 *
 * Overflows to `Infinity` above 709.78.
 * The cost is one operation per element.
 *
 * @example
 * ```ts
 * import { evaluate, exp } from 'steplaw/autodiff'
 *
 * evaluate(exp)(Float64Array.of(0)).values[0] // => 1
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const exp = (x: Tensor): Tensor => v.exp(tensor('exp', x))

/**
 * $e^x - 1$, element by element, without cancellation near zero.
 *
 * Overflows to `Infinity` above 709.78.
 * The cost is one operation per element.
 *
 * @example
 * ```ts
 * import { evaluate, expm1 } from 'steplaw/autodiff'
 *
 * evaluate(expm1)(Float64Array.of(0)).values[0] // => 0
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const expm1 = (x: Tensor): Tensor => v.expm1(tensor('expm1', x))

/**
 * $\log x$, element by element.
 *
 * Defined for $x > 0$; `log(0)` is `-Infinity`, below it `NaN`.
 * The cost is one operation per element.
 *
 * @example
 * ```ts
 * import { evaluate, log } from 'steplaw/autodiff'
 *
 * evaluate(log)(Float64Array.of(1)).values[0] // => 0
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const log = (x: Tensor): Tensor => v.log(tensor('log', x))

/**
 * $\log(1 + x)$, element by element, without cancellation near zero.
 *
 * Defined for $x > -1$; `log1p(-1)` is `-Infinity`, below it `NaN`.
 * The cost is one operation per element.
 *
 * @example
 * ```ts
 * import { evaluate, log1p } from 'steplaw/autodiff'
 *
 * evaluate(log1p)(Float64Array.of(0)).values[0] // => 0
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const log1p = (x: Tensor): Tensor => v.log1p(tensor('log1p', x))

/**
 * $-x$, element by element.
 *
 * Defined everywhere.
 * The cost is one operation per element.
 *
 * @example
 * ```ts
 * import { evaluate, neg } from 'steplaw/autodiff'
 *
 * evaluate(neg)(Float64Array.of(2)).values[0] // => -2
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const neg = (x: Tensor): Tensor => v.neg(tensor('neg', x))

/**
 * $\max(x, 0)$, element by element.
 *
 * `NaN` stays `NaN`; the derivative at 0 is taken as 0.
 * The cost is one operation per element.
 *
 * @example
 * ```ts
 * import { evaluate, relu } from 'steplaw/autodiff'
 *
 * evaluate(relu)(Float64Array.of(-2)).values[0] // => 0
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const relu = (x: Tensor): Tensor => v.relu(tensor('relu', x))

/**
 * $1 / (1 + e^{-x})$, element by element.
 *
 * No intermediate overflows.
 * The cost is one operation per element.
 *
 * @example
 * ```ts
 * import { evaluate, sigmoid } from 'steplaw/autodiff'
 *
 * evaluate(sigmoid)(Float64Array.of(0)).values[0] // => 0.5
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const sigmoid = (x: Tensor): Tensor => v.sigmoid(tensor('sigmoid', x))

/**
 * $-1$, $0$ or $1$, element by element.
 *
 * Zeros keep their sign, where NumPy's lose it, and `NaN` stays. Its derivative is 0 everywhere.
 * The cost is one operation per element.
 *
 * @example
 * ```ts
 * import { evaluate, sign } from 'steplaw/autodiff'
 *
 * evaluate(sign)(Float64Array.of(-3)).values[0] // => -1
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const sign = (x: Tensor): Tensor => v.sign(tensor('sign', x))

/**
 * $\sin x$, element by element.
 *
 * `NaN` at the infinities.
 * The cost is one operation per element.
 *
 * @example
 * ```ts
 * import { evaluate, sin } from 'steplaw/autodiff'
 *
 * evaluate(sin)(Float64Array.of(0)).values[0] // => 0
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const sin = (x: Tensor): Tensor => v.sin(tensor('sin', x))

/**
 * $\log(1 + e^x)$, element by element.
 *
 * No intermediate overflows.
 * The cost is one operation per element.
 *
 * @example
 * ```ts
 * import { evaluate, softplus } from 'steplaw/autodiff'
 *
 * evaluate(softplus)(Float64Array.of(1000)).values[0] // => 1000
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const softplus = (x: Tensor): Tensor => v.softplus(tensor('softplus', x))

/**
 * $\sqrt x$, element by element, correctly rounded.
 *
 * Defined for $x \ge 0$, below it `NaN`; the derivative at 0 is infinite.
 * The cost is one operation per element.
 *
 * @example
 * ```ts
 * import { evaluate, sqrt } from 'steplaw/autodiff'
 *
 * evaluate(sqrt)(Float64Array.of(9)).values[0] // => 3
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const sqrt = (x: Tensor): Tensor => v.sqrt(tensor('sqrt', x))

/**
 * $\tanh x$, element by element.
 *
 * Defined everywhere.
 * The cost is one operation per element.
 *
 * @example
 * ```ts
 * import { evaluate, tanh } from 'steplaw/autodiff'
 *
 * evaluate(tanh)(Float64Array.of(0)).values[0] // => 0
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const tanh = (x: Tensor): Tensor => v.tanh(tensor('tanh', x))

/**
 * $x + y$.
 *
 * Defined everywhere.
 * Operands broadcast by NumPy's rule; the cost is one operation per element of the result.
 *
 * @throws `RangeError` naming both shapes when they do not broadcast
 * @example
 * ```ts
 * import { evaluate, add } from 'steplaw/autodiff'
 *
 * evaluate((x) => add(x, 1))(Float64Array.of(6)).values[0] // => 7
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const add = (x: Input, y: Input): Tensor => v.add(...two(broadcasted('add', [x, y])))

/**
 * $x - y$.
 *
 * Defined everywhere.
 * Operands broadcast by NumPy's rule; the cost is one operation per element of the result.
 *
 * @throws `RangeError` naming both shapes when they do not broadcast
 * @example
 * ```ts
 * import { evaluate, sub } from 'steplaw/autodiff'
 *
 * evaluate((x) => sub(x, 1))(Float64Array.of(6)).values[0] // => 5
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const sub = (x: Input, y: Input): Tensor => v.sub(...two(broadcasted('sub', [x, y])))

/**
 * $x y$, element by element.
 *
 * Defined everywhere.
 * Operands broadcast by NumPy's rule; the cost is one operation per element of the result.
 *
 * @throws `RangeError` naming both shapes when they do not broadcast
 * @example
 * ```ts
 * import { evaluate, mul } from 'steplaw/autodiff'
 *
 * evaluate((x) => mul(x, 2))(Float64Array.of(6)).values[0] // => 12
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const mul = (x: Input, y: Input): Tensor => v.mul(...two(broadcasted('mul', [x, y])))

/**
 * $x / y$, element by element.
 *
 * Infinite or `NaN` where $y = 0$.
 * Operands broadcast by NumPy's rule; the cost is one operation per element of the result.
 *
 * @throws `RangeError` naming both shapes when they do not broadcast
 * @example
 * ```ts
 * import { evaluate, div } from 'steplaw/autodiff'
 *
 * evaluate((x) => div(x, 2))(Float64Array.of(6)).values[0] // => 3
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const div = (x: Input, y: Input): Tensor => v.div(...two(broadcasted('div', [x, y])))

/**
 * The larger of two values, element by element.
 *
 * `NaN` if either is, and of two zeros `+0`; at a tie each operand gets half of the derivative.
 * Operands broadcast by NumPy's rule; the cost is one operation per element of the result.
 *
 * @throws `RangeError` naming both shapes when they do not broadcast
 * @example
 * ```ts
 * import { evaluate, maximum } from 'steplaw/autodiff'
 *
 * evaluate((x) => maximum(x, 7))(Float64Array.of(6)).values[0] // => 7
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const maximum = (x: Input, y: Input): Tensor => v.maximum(...two(broadcasted('maximum', [x, y])))

/**
 * The smaller of two values, element by element.
 *
 * `NaN` if either is, and of two zeros `-0` if there is one; at a tie each operand gets half of the derivative.
 * Operands broadcast by NumPy's rule; the cost is one operation per element of the result.
 *
 * @throws `RangeError` naming both shapes when they do not broadcast
 * @example
 * ```ts
 * import { evaluate, minimum } from 'steplaw/autodiff'
 *
 * evaluate((x) => minimum(x, 7))(Float64Array.of(6)).values[0] // => 6
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const minimum = (x: Input, y: Input): Tensor => v.minimum(...two(broadcasted('minimum', [x, y])))

/**
 * `1` where $x < y$, else `0`.
 *
 * A number where NumPy has a boolean; `0` if either is `NaN`. The derivative is 0 everywhere.
 * Operands broadcast by NumPy's rule; the cost is one operation per element of the result.
 *
 * @throws `RangeError` naming both shapes when they do not broadcast
 * @example
 * ```ts
 * import { evaluate, less } from 'steplaw/autodiff'
 *
 * evaluate((x) => less(x, 7))(Float64Array.of(6)).values[0] // => 1
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const less = (x: Input, y: Input): Tensor => v.less(...two(broadcasted('less', [x, y])))

/**
 * `1` where $x \le y$, else `0`.
 *
 * A number where NumPy has a boolean; `0` if either is `NaN`. The derivative is 0 everywhere.
 * Operands broadcast by NumPy's rule; the cost is one operation per element of the result.
 *
 * @throws `RangeError` naming both shapes when they do not broadcast
 * @example
 * ```ts
 * import { evaluate, lessEqual } from 'steplaw/autodiff'
 *
 * evaluate((x) => lessEqual(x, 6))(Float64Array.of(6)).values[0] // => 1
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const lessEqual = (x: Input, y: Input): Tensor => v.lessEqual(...two(broadcasted('lessEqual', [x, y])))

/**
 * `1` where $x = y$, else `0`.
 *
 * A number where NumPy has a boolean; `0` if either is `NaN`. The derivative is 0 everywhere.
 * Operands broadcast by NumPy's rule; the cost is one operation per element of the result.
 *
 * @throws `RangeError` naming both shapes when they do not broadcast
 * @example
 * ```ts
 * import { evaluate, equal } from 'steplaw/autodiff'
 *
 * evaluate((x) => equal(x, 7))(Float64Array.of(6)).values[0] // => 0
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const equal = (x: Input, y: Input): Tensor => v.equal(...two(broadcasted('equal', [x, y])))

/**
 * $x^2$, element by element, as `mul(x, x)`.
 *
 * The cost is one operation per element.
 *
 * @example
 * ```ts
 * import { evaluate, square } from 'steplaw/autodiff'
 *
 * evaluate(square)(Float64Array.of(3)).values[0] // => 9
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const square = (x: Tensor): Tensor => mul(x, x)

/**
 * $x^c$ for a constant exponent, element by element.
 *
 * A negative base with a fractional exponent gives `NaN`; a power that is a double is exact.
 * The cost is one operation per element.
 *
 * @throws `RangeError` when the exponent is not a number
 * @example
 * ```ts
 * import { evaluate, pow } from 'steplaw/autodiff'
 *
 * evaluate((x) => pow(x, 1.5))(Float64Array.of(4)).values[0] // => 8
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const pow = (x: Tensor, exponent: number): Tensor =>
  typeof exponent === 'number'
    ? v.pow(tensor('pow', x), exponent)
    : fail('pow', 'the exponent must be a constant number')

/**
 * $x^y$, element by element; for a constant exponent {@link pow} is cheaper.
 *
 * A negative base with a fractional exponent gives `NaN`; `power(x, 0)` and `power(1, y)` are 1 even for `NaN`. The derivative with
 * respect to `y` is $x^y \log x$: taken as 0 at $x = 0$ for $y \ge 0$, and `NaN` for $x < 0$.
 * Operands broadcast by NumPy's rule; the cost is one operation per element of the result.
 *
 * @throws `RangeError` naming both shapes when they do not broadcast
 * @example
 * ```ts
 * import { evaluate, power } from 'steplaw/autodiff'
 *
 * evaluate((y) => power(2, y))(Float64Array.of(10)).values[0] // => 1024
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const power = (x: Input, y: Input): Tensor => v.power(...two(broadcasted('power', [x, y])))

/**
 * `x` where `mask` is not zero, else `y`; a mask that is `NaN` counts as not zero.
 *
 * The branch not taken passes on derivative 0; where its own slope is infinite or `NaN` that product is `NaN`, so keep its
 * argument inside its domain: `sqrt(where(mask, x, 1))`. Operands broadcast by NumPy's rule.
 *
 * @throws `RangeError` naming the shapes when they do not broadcast
 * @example
 * ```ts
 * import { evaluate, less, log, where } from 'steplaw/autodiff'
 *
 * evaluate((x) => where(less(0, x), log(x), 0))(Float64Array.of(-1)).values[0] // => 0
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const where = (mask: Input, x: Input, y: Input): Tensor =>
  v.select(...three(broadcasted('where', [mask, x, y])))

/**
 * A constant of a given shape in the trace of `like`: every element `value`.
 *
 * The cost is nothing: constants are folded.
 *
 * @example
 * ```ts
 * import { evaluate, full } from 'steplaw/autodiff'
 *
 * evaluate((x) => full(x, 7, [2]))(Float64Array.of(1)).values[1] // => 7
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const full = (like: Tensor, value: number, shape: Shape): Tensor => v.constant(like, value, shape)

/**
 * The same value, but a constant for every derivative.
 *
 * $f(\text{stop}(x))$ has derivative 0 with respect to `x`.
 *
 * @example
 * ```ts
 * import { grad, mul, stopGradient } from 'steplaw/autodiff'
 *
 * grad<number>((x) => mul(x, stopGradient(x)))(3) // => 3
 * ```
 * @category Autodiff
 * @since 0.1.0
 */
export const stopGradient = (x: Tensor): Tensor => v.stop(x)
