/** Energies of images, total variation and fields of experts: derivatives with respect to the image and to the filters, of both orders. */
import fc from 'fast-check'
import * as ad from 'steplaw/autodiff'
import { describe, expect, test } from 'vitest'
import { type IR, typeOf, type ValueType } from '../../src/autodiff/ir.js'
import { size } from '../../src/autodiff/shape.js'
import { gamma } from '../../src/numeric/index.js'
import { Engine } from '../../src/runtime/engine.js'
import type { Executable } from '../../src/runtime/executable.js'
import { interpret } from '../../src/runtime/interpret.js'
import { gradientProgram, hessianProgram, type Scalar, valueProgram } from '../../src/runtime/program.js'
import { holds, sides } from '../autodiff/adjoint.js'
import { expectSame } from './harness.js'

const engine = new Engine()

const asImage = (x: ad.Tensor): ad.Tensor => ad.reshape(x, [1, ...x.shape, 1])

/** $\frac12 \lVert x - y \rVert^2 + \sum_f \sum_i \log(1 + (k_f * x)_i^2)$. */
const experts: Scalar = ([x, k], [y]) => {
  if (x === undefined || k === undefined || y === undefined) throw new Error('image, filters, data')
  const responses = ad.conv2d(asImage(x), k)
  return ad.add(ad.mul(0.5, ad.sum(ad.square(ad.sub(x, y)))), ad.sum(ad.log1p(ad.square(responses))))
}

/** $\frac12 \lVert x - y \rVert^2 + \frac1{10} \sum_i \sqrt{\lVert \nabla x \rVert_i^2 + \varepsilon^2}$. */
const variation: Scalar = ([x], [y]) => {
  if (x === undefined || y === undefined) throw new Error('image, data')
  const [h = 0, w = 0] = x.shape
  const at = (i: number, j: number) => ad.slice(x, [i, j], [h - 1 + i, w - 1 + j])
  const edges = ad.add(ad.square(ad.sub(at(0, 1), at(0, 0))), ad.square(ad.sub(at(1, 0), at(0, 0))))
  return ad.add(
    ad.mul(0.5, ad.sum(ad.square(ad.sub(x, y)))),
    ad.mul(0.1, ad.sum(ad.sqrt(ad.add(edges, 1e-4)))),
  )
}

const f64 = (...shape: number[]): ValueType => ({ shape, type: 'f64' })

const models = [
  { name: 'a field of eight experts', f: experts, filters: [f64(5, 5, 1, 8)] },
  { name: 'total variation', f: variation, filters: [] },
] as const

const drawn = (n: number, seed: number, scale: number): Float64Array => {
  let state = seed
  return Float64Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return (scale * state) / 2 ** 31
  })
}

const outputs = (ir: IR): ReadonlyArray<Float64Array> =>
  ir.outputs.map((id) => new Float64Array(size(typeOf(ir, id).shape)))

const run = (executable: Executable, inputs: ReadonlyArray<Float64Array>): ReadonlyArray<Float64Array> => {
  const out = outputs(executable.ir)
  executable.run(inputs, out)
  return out
}

const inputsFor = ({ inputs }: IR, seed: number): ReadonlyArray<Float64Array> =>
  inputs.map(({ shape }, i) => drawn(size(shape), seed + i, shape.length === 4 ? 0.3 : 1))

const inner = (a: ReadonlyArray<Float64Array>, b: ReadonlyArray<Float64Array>): number =>
  a.reduce((s, x, k) => s + x.reduce((t, v, i) => t + v * (b[k]?.[i] ?? Number.NaN), 0), 0)

const absolute = (a: ReadonlyArray<Float64Array>): ReadonlyArray<Float64Array> =>
  a.map((x) => x.map(Math.abs))

describe.each(models)('$name', ({ f, filters }) => {
  const programs = (h: number, w: number) => {
    const [parameters, data] = [[f64(h, w), ...filters], [f64(h, w)]]
    return {
      value: ad.simplify(valueProgram(f, parameters, data)),
      gradient: ad.simplify(gradientProgram(f, parameters, data)),
      hessian: ad.simplify(hessianProgram(f, parameters, data)),
    }
  }

  test('compiled has the bits of interpreted: gradient and Hessian product', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 23 }),
        fc.integer({ min: 5, max: 23 }),
        fc.integer(),
        (h, w, seed) => {
          const { gradient, hessian } = programs(h, w)
          for (const ir of [gradient, hessian]) {
            const inputs = inputsFor(ir, seed)
            const expected = run(interpret(ir), inputs)
            run(engine.compile(ir), inputs).forEach((x, i) => {
              expectSame(x, expected[i] ?? new Float64Array())
            })
          }
        },
      ),
      { numRuns: 12 },
    )
  })

  test('gradient and Hessian are those of the plain Jacobians, to rounding', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 8 }),
        fc.integer({ min: 5, max: 8 }),
        fc.integer(),
        (h, w, seed) => {
          const { value, gradient } = programs(h, w)
          const inputs = inputsFor(value, seed).map((x) => [...x])
          return holds(sides({ ir: value, inputs }, seed)) && holds(sides({ ir: gradient, inputs }, seed))
        },
      ),
      { numRuns: 6 },
    )
  })

  test('runs on 256 x 256 pixels: the Hessian is symmetric and the slope of the gradient, which is that of the value', () => {
    const { value, gradient, hessian } = programs(256, 256)
    const [v, g, h] = [engine.compile(value), engine.compile(gradient), engine.compile(hessian)]
    const point = inputsFor(value, 3)
    const n = 1 + filters.length
    const [x, data] = [point.slice(0, n), point.slice(n)]
    const direction = (seed: number) => inputsFor(value, seed).slice(0, n)
    const [u, w] = [direction(11), direction(23)]
    const [[energy = Number.NaN] = [], ...slope] = run(g, [...x, ...data])
    expect(run(v, [...x, ...data])[0]?.[0]).toBe(energy)
    const [hu, hw] = [run(h, [...x, ...u, ...data]), run(h, [...x, ...w, ...data])]
    // Some 200 roundings of each of the terms, of which the absolute values sum up to about this.
    const scale = inner(absolute(hu), absolute(w)) + inner(absolute(hw), absolute(u))
    expect(Math.abs(inner(hu, w) - inner(hw, u))).toBeLessThanOrEqual(gamma(400) * scale)
    const moved = (step: number) => x.map((a, k) => a.map((b, i) => b + step * (u[k]?.[i] ?? 0)))
    // Central differences: a step of 2^-13 leaves 2^-26 times third derivatives, of the order of the second ones, and
    // 2^13 times the rounding of the sums; the tolerances are a few hundred times as large.
    const step = 2 ** -13
    const [up, down] = [moved(step), moved(-step)]
    const energyAt = (at: ReadonlyArray<Float64Array>) => run(v, [...at, ...data])[0]?.[0] ?? Number.NaN
    const along = (energyAt(up) - energyAt(down)) / (2 * step)
    expect(Math.abs(along - inner(slope, u))).toBeLessThanOrEqual(
      2 ** -18 * inner(absolute(slope), absolute(u)),
    )
    const [gUp, gDown] = [run(g, [...up, ...data]).slice(1), run(g, [...down, ...data]).slice(1)]
    const second = (inner(gUp, w) - inner(gDown, w)) / (2 * step)
    expect(Math.abs(second - inner(hu, w))).toBeLessThanOrEqual(2 ** -14 * inner(absolute(hu), absolute(w)))
  })
})
