import type { PrimitiveName, PrimitiveParams } from './ir.js'
import type { Vocabulary } from './primitive.js'
import { sameShape } from './shape.js'
import type { Tensor } from './tensor.js'

const emit = <N extends PrimitiveName>(
  primitive: N,
  params: PrimitiveParams[N],
  x: Tensor,
  ...more: ReadonlyArray<Tensor>
): Tensor => x.trace.emit(primitive, params, [x, ...more])

/** The one implementation of {@link Vocabulary}: every function appends its equation to the trace of its input. */
export const vocabulary: Vocabulary = {
  abs: (x) => emit('abs', {}, x),
  add: (x, y) => emit('add', {}, x, y),
  apply: emit,
  broadcastTo: (x, shape) => (sameShape(x.shape, shape) ? x : emit('broadcastTo', { shape }, x)),
  concat: (x, y, axis) => emit('concat', { axis }, x, y),
  constant: (like, value, shape) => like.trace.emit('constant', { value, shape }, []),
  cos: (x) => emit('cos', {}, x),
  div: (x, y) => emit('div', {}, x, y),
  equal: (x, y) => emit('equal', {}, x, y),
  exp: (x) => emit('exp', {}, x),
  expm1: (x) => emit('expm1', {}, x),
  gather: (x, rows) => emit('gather', {}, x, rows),
  identity: (x) => emit('identity', {}, x),
  less: (x, y) => emit('less', {}, x, y),
  lessEqual: (x, y) => emit('lessEqual', {}, x, y),
  log: (x) => emit('log', {}, x),
  log1p: (x) => emit('log1p', {}, x),
  logSumExp: (x, axis) => emit('logSumExp', { axis }, x),
  matmul: (x, y, transposeX, transposeY) => emit('matmul', { transposeX, transposeY }, x, y),
  max: (x, axes) => (axes.length === 0 ? x : emit('max', { axes }, x)),
  maximum: (x, y) => emit('maximum', {}, x, y),
  minimum: (x, y) => emit('minimum', {}, x, y),
  mul: (x, y) => emit('mul', {}, x, y),
  neg: (x) => emit('neg', {}, x),
  pad: (x, before, after) => emit('pad', { before, after }, x),
  pick: (x, labels) => emit('pick', {}, x, labels),
  place: (x, labels, columns) => emit('place', { columns }, x, labels),
  pow: (x, exponent) => emit('pow', { exponent }, x),
  relu: (x) => emit('relu', {}, x),
  power: (x, y) => emit('power', {}, x, y),
  reshape: (x, shape) => (sameShape(x.shape, shape) ? x : emit('reshape', { shape }, x)),
  scatterAdd: (x, rows, count) => emit('scatterAdd', { rows: count }, x, rows),
  select: (mask, x, y) => emit('select', {}, mask, x, y),
  sigmoid: (x) => emit('sigmoid', {}, x),
  sign: (x) => emit('sign', {}, x),
  sin: (x) => emit('sin', {}, x),
  slice: (x, start, end) => emit('slice', { start, end }, x),
  softplus: (x) => emit('softplus', {}, x),
  sqrt: (x) => emit('sqrt', {}, x),
  stop: (x) => emit('stop', {}, x),
  sub: (x, y) => emit('sub', {}, x, y),
  sum: (x, axes) => (axes.length === 0 ? x : emit('sum', { axes }, x)),
  tanh: (x) => emit('tanh', {}, x),
  transpose: (x, permutation) => emit('transpose', { permutation }, x),
}
