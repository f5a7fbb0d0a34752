/** Value and gradient of two regressions, for many sizes and numbers of threads. */
import {
  add,
  type Engine,
  type Executable,
  type IR,
  logSumExp,
  matmul,
  mean,
  mul,
  pick,
  softplus,
  square,
  sub,
  sum,
  type Tensor,
  type ValueType,
} from 'steplaw/autodiff'
import { simplify } from '../../../src/autodiff/simplify.js'
import { gradientProgram } from '../../../src/runtime/program.js'
import { Draws } from '../draws.js'

export type Model = 'logistic' | 'softmax'
const CLASSES = 10

export interface Case {
  readonly model: Model
  readonly n: number
  readonly d: number
}

/** Multiplications with an addition in the two products with the data, which are nearly all there is to do. */
export const multiplyAdds = ({ model, n, d }: Case): number => 2 * n * d * (model === 'softmax' ? CLASSES : 1)

const COLUMNS = [10, 100, 1000]
const LARGEST = { logistic: 2e6, softmax: 1e6 }

/** From some hundred numbers of data to millions, in steps of about three. */
export const cases: ReadonlyArray<Case> = (['logistic', 'softmax'] as const).flatMap((model) =>
  COLUMNS.flatMap((d) =>
    [1e3, 3e3, 1e4, 3e4, 1e5, 3e5, 1e6, 2e6]
      .filter((size) => size <= LARGEST[model])
      .map((size) => ({ model, n: Math.round(size / d), d })),
  ),
)

const losses: { readonly [M in Model]: (w: Tensor, X: Tensor, y: Tensor) => Tensor } = {
  logistic: (w, X, y) => {
    const z = matmul(X, w)
    return add(mean(sub(softplus(z), mul(y, z))), mul(5e-4, sum(square(w))))
  },
  softmax: (W, X, y) => {
    const z = matmul(X, W)
    return add(mean(sub(logSumExp(z), pick(z, y))), mul(5e-4, sum(square(W))))
  },
}

const programOf = ({ model, n, d }: Case): IR => {
  const w: ValueType = { shape: model === 'logistic' ? [d] : [d, CLASSES], type: 'f64' }
  const data: ReadonlyArray<ValueType> = [
    { shape: [n, d], type: 'f64' },
    { shape: [n], type: model === 'logistic' ? 'f64' : 'i32' },
  ]
  const scalar = ([u]: ReadonlyArray<Tensor>, [X, y]: ReadonlyArray<Tensor>): Tensor => {
    if (u === undefined || X === undefined || y === undefined)
      throw new RangeError('sweep: inputs are missing')
    return losses[model](u, X, y)
  }
  return simplify(gradientProgram(scalar, [w], data))
}

/** A case on an engine, its data bound. */
export const play = (
  engine: Engine,
  of: Case,
): { readonly run: () => number; readonly executable: Executable } => {
  const { model, n, d } = of
  const draws = new Draws(12345)
  const X = draws.between(-1, 1, n * d)
  const labels = draws.below(model === 'logistic' ? 2 : CLASSES, n)
  const y = model === 'logistic' ? labels : Int32Array.from(labels)
  const executable = engine.compile(programOf(of), [null, X, y])
  const w = draws.between(-0.3, 0.3, d * (model === 'logistic' ? 1 : CLASSES))
  const [value, gradient] = [new Float64Array(1), new Float64Array(w.length)]
  return {
    executable,
    run: () => {
      executable.run([w], [value, gradient])
      return value[0] ?? Number.NaN
    },
  }
}
