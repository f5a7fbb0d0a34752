import type { PrimitiveName } from './ir.js'
import { abs } from './primitive/abs.js'
import { add } from './primitive/add.js'
import { broadcastTo } from './primitive/broadcastTo.js'
import { cholesky } from './primitive/cholesky.js'
import { concat } from './primitive/concat.js'
import { constant } from './primitive/constant.js'
import { cos } from './primitive/cos.js'
import { div } from './primitive/div.js'
import { equal } from './primitive/equal.js'
import { exp } from './primitive/exp.js'
import { expm1 } from './primitive/expm1.js'
import { gather } from './primitive/gather.js'
import { identity } from './primitive/identity.js'
import { less } from './primitive/less.js'
import { lessEqual } from './primitive/lessEqual.js'
import { literal } from './primitive/literal.js'
import { log } from './primitive/log.js'
import { log1p } from './primitive/log1p.js'
import { logSumExp } from './primitive/logSumExp.js'
import { matmul } from './primitive/matmul.js'
import { max } from './primitive/max.js'
import { maximum } from './primitive/maximum.js'
import { minimum } from './primitive/minimum.js'
import { mul } from './primitive/mul.js'
import { neg } from './primitive/neg.js'
import { overlay } from './primitive/overlay.js'
import { pad } from './primitive/pad.js'
import { patches } from './primitive/patches.js'
import { pick } from './primitive/pick.js'
import { place } from './primitive/place.js'
import { pow } from './primitive/pow.js'
import { power } from './primitive/power.js'
import { relu } from './primitive/relu.js'
import { reshape } from './primitive/reshape.js'
import { scatterAdd } from './primitive/scatterAdd.js'
import { select } from './primitive/select.js'
import { sigmoid } from './primitive/sigmoid.js'
import { sign } from './primitive/sign.js'
import { sin } from './primitive/sin.js'
import { slice } from './primitive/slice.js'
import { softplus } from './primitive/softplus.js'
import { solveTriangular } from './primitive/solveTriangular.js'
import { sqrt } from './primitive/sqrt.js'
import { stop } from './primitive/stop.js'
import { sub } from './primitive/sub.js'
import { sum } from './primitive/sum.js'
import { tanh } from './primitive/tanh.js'
import { transpose } from './primitive/transpose.js'
import type { Primitive } from './primitive.js'

/** Every primitive by its name. */
export const primitives: { readonly [N in PrimitiveName]: Primitive<N> } = {
  abs,
  add,
  broadcastTo,
  cholesky,
  concat,
  constant,
  cos,
  div,
  equal,
  exp,
  expm1,
  gather,
  identity,
  less,
  lessEqual,
  literal,
  log,
  log1p,
  logSumExp,
  matmul,
  max,
  maximum,
  minimum,
  mul,
  neg,
  overlay,
  pad,
  patches,
  pick,
  place,
  pow,
  power,
  relu,
  reshape,
  scatterAdd,
  select,
  sigmoid,
  sign,
  sin,
  slice,
  softplus,
  solveTriangular,
  sqrt,
  stop,
  sub,
  sum,
  tanh,
  transpose,
}
