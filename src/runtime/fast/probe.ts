import {
  abs,
  add,
  cos,
  exp,
  expm1,
  log,
  log1p,
  pow,
  sigmoid,
  sin,
  softplus,
  tanh,
} from '../../autodiff/elementwise.js'
import { type IR, typeOf } from '../../autodiff/ir.js'
import { size } from '../../autodiff/shape.js'
import { simplify } from '../../autodiff/simplify.js'
import { matmul, sum, transpose } from '../../autodiff/structural.js'
import type { Tensor } from '../../autodiff/tensor.js'
import { trace } from '../../autodiff/trace.js'
import { Arena } from '../arena.js'
import { compileInto } from '../compiled.js'
import type { Executable } from '../executable.js'
import { interpret } from '../interpret.js'
import { TUNING } from '../plan/tuning.js'
import { CONTROL_BYTES } from '../thread/control.js'
import { optimised } from '../thread/flags.js'
import { leastTimes } from '../thread/stopwatch.js'
import type { Machine } from './machine.js'

type Arrays = ReadonlyArray<Float64Array>

/** A small program, what it is given, and how far from the interpreter's rounding may lead. */
interface Probe {
  readonly ir: IR
  readonly inputs: Arrays
  readonly bounds: (expected: Arrays) => Arrays
}

/** Half a unit in the last place. */
const ROUNDING = 2 ** -53

/** Numbers between -3 and 3 that have all their digits. */
const numbers = (length: number, seed: number): Float64Array => {
  let s = seed
  return Float64Array.from({ length }, () => {
    s = (Math.imul(1664525, s) + 1013904223) >>> 0
    return (6 * s) / 2 ** 32 - 3
  })
}

const outputsOf = (ir: IR): ReadonlyArray<Float64Array> =>
  ir.outputs.map((id) => new Float64Array(size(typeOf(ir, id).shape)))

const evaluate = (executable: Pick<Executable, 'ir' | 'run'>, inputs: Arrays): Arrays => {
  const outputs = outputsOf(executable.ir)
  executable.run(inputs, outputs)
  return outputs
}

/**
 * Products of all orientations. A sum of `k` products is within $\gamma_k$ of the true one relative to the sum of their magnitudes,
 * $\gamma_k = k u / (1 - k u)$, in whatever order and whether or not they are rounded apart: two such are within twice that.
 */
const products = (m: number, n: number, k: number): Probe => {
  const shapes = [[m, k], [k, m], [k, n], [n, k], [k]]
  const ir = simplify(
    trace(
      (x, xt, y, yt, v) => [
        matmul(x, y),
        matmul(transpose(xt), y),
        matmul(x, transpose(yt)),
        matmul(transpose(xt), transpose(yt)),
        matmul(x, v),
        matmul(transpose(xt), v),
      ],
      shapes.map((shape) => ({ shape, type: 'f64' })),
    ),
  )
  const inputs = shapes.map((shape, i) => numbers(size(shape), i + k))
  const magnitudes = (): Arrays =>
    evaluate(
      interpret(ir),
      inputs.map((x) => x.map(Math.abs)),
    )
  // What was rounded in the bound itself is below the one more.
  return { ir, inputs, bounds: () => magnitudes().map((x) => x.map((v) => 2 * (k + 1) * ROUNDING * v)) }
}

/** So many units in the last place may an elementary function be from the true value: two are within twice that. */
const UNITS = 2

type Unary = (x: Tensor) => Tensor

const positive = (x: Tensor): Tensor => add(abs(x), 0.01)

/** Elementary functions, and the sums of what they give. */
const functions = (n: number, some: ReadonlyArray<Unary>): Probe => {
  const ir = simplify(
    trace(
      (x) => {
        const values = some.map((f) => f(x))
        return [...values, ...values.map((y) => sum(y))]
      },
      [{ shape: [n], type: 'f64' }],
    ),
  )
  return {
    ir,
    inputs: [numbers(n, n)],
    bounds: (expected) =>
      expected.map((values, i) => {
        const terms = expected[i - expected.length / 2]
        if (terms === undefined) return values.map((y) => 4 * UNITS * ROUNDING * Math.abs(y))
        const total = terms.reduce((s, y) => s + Math.abs(y), 0)
        return values.map(() => (4 * UNITS + 2 * n) * ROUNDING * total)
      }),
  }
}

/** Around the sizes of tiles and of panels of both widths, and beyond the chunks that a long product is cut into. */
const probes = (): ReadonlyArray<Probe> => [
  products(13, 19, 259),
  products(21, 67, 34),
  functions(141, [tanh]),
  functions(141, [exp, (x) => log(positive(x)), (x) => pow(positive(x), 0.5)]),
  functions(141, [sin, cos]),
  functions(141, [expm1, sigmoid, softplus, (x) => log1p(positive(x))]),
]

const PROBE_BYTES = 2 ** 24

/** Compiles for a machine, into a memory of its own. */
const prepare = (machine: Machine): ((ir: IR) => Pick<Executable, 'ir' | 'run'>) => {
  const arena = new Arena({ maximum: PROBE_BYTES })
  const at = arena.take(CONTROL_BYTES)
  const control = { at, words: arena.integers(at, CONTROL_BYTES / 4) }
  return (ir) => {
    const compiled = compileInto({ arena, control, machine, tuning: TUNING }, ir, [])
    return {
      ir,
      run: (inputs, outputs) => {
        compiled.give(inputs, outputs)
        compiled.run(1)
        compiled.take(inputs, outputs)
      },
    }
  }
}

/** Leaves every product to the library. */
const eager = (machine: Machine): Machine =>
  machine.blas === null ? machine : { ...machine, blas: { ...machine.blas, least: 1, shortest: 1 } }

/** Whether a machine computes what the interpreter computes: bit for bit, or within what rounding accounts for. */
export const agrees = (machine: Machine, exact: boolean): boolean =>
  optimised(() => {
    const compile = prepare(eager(machine))
    return probes().every(({ ir, inputs, bounds }) => {
      const expected = evaluate(interpret(ir), inputs)
      const found = evaluate(compile(ir), inputs)
      const allowed = exact ? null : bounds(expected)
      return expected.every((x, i) =>
        x.every((v, j) => {
          const w = found[i]?.[j] ?? Number.NaN
          return allowed === null ? Object.is(v, w) : Math.abs(v - w) <= (allowed[i]?.[j] ?? 0)
        }),
      )
    })
  })

/** Columns and rows of a product by which machines are timed. */
const SIDE = 96
const ROUNDS = 12

/** Whether one machine multiplies so much faster than another. */
export const isFaster = (machine: Machine, other: Machine, ratio: number): boolean =>
  optimised(() => {
    const f64 = { shape: [SIDE, SIDE], type: 'f64' } as const
    const ir = simplify(trace((x, y) => matmul(x, y), [f64, f64]))
    const inputs = [numbers(SIDE * SIDE, 1), numbers(SIDE * SIDE, 2)]
    const outputs = outputsOf(ir)
    const [time = 0, others = 0] = leastTimes(
      [machine, other].map((one) => {
        const executable = prepare(one)(ir)
        return () => executable.run(inputs, outputs)
      }),
      ROUNDS,
    )
    return time * ratio <= others
  })
