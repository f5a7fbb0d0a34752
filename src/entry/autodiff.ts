/**
 * Derivatives are programs: a function of tensors is traced once to an immutable program, differentiation maps programs to
 * programs, and a runtime runs them. Nothing in here mutates what a caller can see.
 *
 * @module steplaw/autodiff
 */
export { array, type Dense, type Indices, indices, matrix, vector } from '../autodiff/array.js'
export { type Convolution, conv2d, patches } from '../autodiff/convolution.js'
export {
  abs,
  add,
  cos,
  div,
  equal,
  exp,
  expm1,
  full,
  less,
  lessEqual,
  log,
  log1p,
  maximum,
  minimum,
  mul,
  neg,
  pow,
  power,
  relu,
  sigmoid,
  sign,
  sin,
  softplus,
  sqrt,
  square,
  stopGradient,
  sub,
  tanh,
  where,
} from '../autodiff/elementwise.js'
export type {
  ElementType,
  Equation,
  IR,
  PrimitiveName,
  PrimitiveParams,
  Shape,
  ValueType,
} from '../autodiff/ir.js'
export type { Input } from '../autodiff/lift.js'
export { cholesky, solvePositiveDefinite, solveTriangular, type Triangular } from '../autodiff/linear.js'
export { hash, show } from '../autodiff/show.js'
export { simplify } from '../autodiff/simplify.js'
export {
  broadcastTo,
  concat,
  dot,
  gather,
  logSoftmax,
  logSumExp,
  matmul,
  max,
  mean,
  min,
  outer,
  pad,
  pick,
  type Reduction,
  reshape,
  scatterAdd,
  slice,
  softmax,
  sum,
  transpose,
} from '../autodiff/structural.js'
export { Tensor } from '../autodiff/tensor.js'
export { type Operand, trace } from '../autodiff/trace.js'
export { verify } from '../autodiff/verify.js'
export { pullback } from '../autodiff/vjp.js'
export { compile, type RunOptions } from '../runtime/compile.js'
export {
  type Hvp,
  hessian,
  hvp,
  type MixedHvp,
  mixedHvp,
  type PartialHvp,
  partialHvp,
} from '../runtime/curvature.js'
export { Engine, type EngineOptions } from '../runtime/engine.js'
export type { Bound, Buffer, Executable } from '../runtime/executable.js'
export type { Feature } from '../runtime/fast/machine.js'
export type { Iteration } from '../runtime/iteration.js'
export type { Data, Rows, TracedData } from '../runtime/rows.js'
export {
  type Arrays,
  type Given,
  type Parameters,
  ravel,
  type Shapes,
  type Traced,
  unravel,
} from '../runtime/structure.js'
export {
  type Memory,
  type Trajectory,
  type TrajectoryGradient,
  type TrajectoryInput,
  trajectory,
} from '../runtime/trajectory.js'
export {
  evaluate,
  type Grad,
  type Gradient,
  grad,
  type Jvp,
  jacobian,
  jvp,
  type ValueAndGrad,
  type Vjp,
  value,
  valueAndGrad,
  vjp,
} from '../runtime/transform.js'
