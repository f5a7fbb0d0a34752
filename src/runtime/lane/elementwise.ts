import type { Equation, PrimitiveName } from '../../autodiff/ir.js'
import { fail, one, three, two } from '../../autodiff/primitive.js'
import { exp, expm1 } from './exponential.js'
import type { Lanes } from './lanes.js'
import { log, log1p } from './logarithm.js'
import { pow } from './power.js'
import { sigmoid, softplus, tanh } from './sigmoid.js'
import { cos, sin } from './trigonometric.js'

type Unary = <V, M>(l: Lanes<V, M>, x: V) => V
type Binary = <V, M>(l: Lanes<V, M>, x: V, y: V) => V

const unary = {
  abs: (l, x) => l.abs(x),
  cos,
  exp,
  expm1,
  identity: (_, x) => x,
  log,
  log1p,
  neg: (l, x) => l.neg(x),
  // The sum makes +0 of -0, as the maximum with zero does.
  relu: (l, x) => l.add(l.atLeast(x, l.constant(0)), l.constant(0)),
  sigmoid,
  // Zeros and NaN are their own sign.
  sign: (l, x) => l.select(l.less(l.constant(0), l.abs(x)), l.signed(l.constant(1), x), x),
  sin,
  softplus,
  sqrt: (l, x) => l.sqrt(x),
  stop: (_, x) => x,
  tanh,
} satisfies { readonly [name: string]: Unary }

const binary = {
  add: (l, x, y) => l.add(x, y),
  div: (l, x, y) => l.div(x, y),
  equal: (l, x, y) => l.where(l.equal(x, y), l.constant(1)),
  less: (l, x, y) => l.where(l.less(x, y), l.constant(1)),
  lessEqual: (l, x, y) => l.where(l.lessEqual(x, y), l.constant(1)),
  maximum: (l, x, y) => l.max(x, y),
  minimum: (l, x, y) => l.min(x, y),
  mul: (l, x, y) => l.mul(x, y),
  power: (l, x, y) => l.each('pow', x, y),
  sub: (l, x, y) => l.sub(x, y),
} satisfies { readonly [name: string]: Binary }

const isUnary = (name: string): name is keyof typeof unary => Object.hasOwn(unary, name)
const isBinary = (name: string): name is keyof typeof binary => Object.hasOwn(binary, name)

/** Whether a primitive acts element by element, so that {@link elementwise} knows it. */
export const isElementwise = (name: PrimitiveName): boolean =>
  isUnary(name) || isBinary(name) || name === 'constant' || name === 'pow' || name === 'select'

const LONG: ReadonlySet<PrimitiveName> = new Set([
  'cos',
  'exp',
  'expm1',
  'log',
  'log1p',
  'sigmoid',
  'sin',
  'softplus',
  'tanh',
])

/** Whether a primitive is a long chain of instructions, each waiting for the one before. */
export const isLong = (name: PrimitiveName): boolean => LONG.has(name)

/**
 * An elementwise primitive over lanes: the bits of its `evaluate`.
 *
 * @throws `RangeError` when the primitive is not elementwise
 */
export const elementwise = <V, M>(
  l: Lanes<V, M>,
  name: PrimitiveName,
  params: Equation['params'],
  inputs: ReadonlyArray<V>,
): V => {
  if (isUnary(name)) return unary[name](l, one(inputs))
  if (isBinary(name)) return binary[name](l, ...two(inputs))
  if (name === 'constant' && 'value' in params) return l.constant(params.value)
  if (name === 'pow' && 'exponent' in params) return pow(l, one(inputs), params.exponent)
  if (name === 'select') {
    const [mask, x, y] = three(inputs)
    return l.select(l.truth(mask), x, y)
  }
  return fail('map', `${name} is not elementwise`)
}
