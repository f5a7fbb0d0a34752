import { compile, type RunOptions, trace, type ValueType } from 'steplaw/autodiff'
import type { Inputs, WorkloadName } from '../inputs.js'
import type { Play } from '../protocol.js'
import { cleaning } from './cleaning.js'
import type { Definition } from './definition.js'
import { convolution, factorisation, oneHot, rosenbrock, totalVariation } from './own.js'
import { elementwise, hessianProducts, logistic, perceptron, softmax, unrolled } from './seven.js'

const definitions: { readonly [K in Exclude<WorkloadName, 'W8'>]: (from: Inputs) => Definition } = {
  W1: logistic(10000, 100),
  W2: softmax,
  W3: perceptron,
  W4: logistic(50, 20),
  W5: hessianProducts,
  W6: unrolled,
  W7: elementwise,
  MF: factorisation,
  Rosenbrock: rosenbrock,
  TV: totalVariation,
  Conv: convolution,
  OneHot: oneHot,
}

/** A workload as the library runs it: traced once, the data bound, results written into arrays that stay. */
export const play = (name: WorkloadName, inputs: Inputs, options: RunOptions): Play => {
  if (name === 'W8') return cleaning(inputs, options)
  const { parameters, data, outputs } = definitions[name](inputs)
  const [x, rows] = [Object.entries(parameters), Object.entries(data)]
  const types = [...x, ...rows].map(
    ([, { _tag, shape }]): ValueType => ({ shape, type: _tag === 'Dense' ? 'f64' : 'i32' }),
  )
  const ir = trace((...tensors) => {
    const named = (entries: ReadonlyArray<readonly [string, unknown]>, from: number) =>
      Object.fromEntries(tensors.slice(from, from + entries.length).map((t, i) => [entries[i]?.[0] ?? '', t]))
    return outputs(named(x, 0), named(rows, x.length))
  }, types)
  const executable = compile(ir, [...x.map(() => null), ...rows.map(([, { values }]) => values)], options)
  const sizes = ir.outputs.map((id) => {
    const value = ir.inputs[id] ?? ir.equations[id - ir.inputs.length]
    return value?.shape.reduce((n, m) => n * m, 1) ?? 0
  })
  const flat = new Float64Array(sizes.reduce((n, m) => n + m, 0))
  let at = 0
  const results = sizes.map((size) => {
    at += size
    return flat.subarray(at - size, at)
  })
  const given = x.map(([, { values }]) => values)
  return {
    run: () => {
      executable.run(given, results)
      return flat[0] ?? Number.NaN
    },
    gradient: () => flat.slice(1),
  }
}
