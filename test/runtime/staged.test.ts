import fc from 'fast-check'
import { add, exp, gather, matmul, mul, sum, type Tensor, trace, transpose } from 'steplaw/autodiff'
import { describe, expect, it } from 'vitest'
import { type IR, typeOf } from '../../src/autodiff/ir.js'
import { size } from '../../src/autodiff/shape.js'
import { Engine } from '../../src/runtime/engine.js'
import type { Buffer } from '../../src/runtime/executable.js'
import { stages } from '../../src/runtime/hoist.js'
import { interpret } from '../../src/runtime/interpret.js'
import { interpretStaged, remembering, type StagedProgram } from '../../src/runtime/staged.js'
import { inputsOf, programOf, recipes } from './randomProgram.js'

const arraysFor = (ir: IR, outputs: ReadonlyArray<number> = ir.outputs): ReadonlyArray<Float64Array> =>
  outputs.map((id) => new Float64Array(size(typeOf(ir, id).shape)))

const sameBits = (a: ReadonlyArray<Float64Array>, b: ReadonlyArray<Float64Array>): boolean =>
  a.length === b.length && a.every((x, i) => x.every((v, j) => Object.is(v, b[i]?.[j])))

const roles = fc.array(fc.constantFrom('data', 'point', 'call'), { minLength: 5, maxLength: 5 })

describe('a program in stages', () => {
  it('gives the bits of the whole, whatever is asked in whatever order at whatever points', () => {
    const engine = new Engine({ threads: 1 })
    let several = 0
    const orders = fc.array(fc.record({ part: fc.nat(1), point: fc.nat(1), call: fc.nat(1) }), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(recipes(), roles, orders, (recipe, role, order) => {
        const ir = programOf(recipe)
        const drawn = [0, 1].map((k) => inputsOf(ir, { seed: recipe.seed + k }))
        const inputs = ir.inputs.map((_, i): StagedProgram['inputs'][number] => {
          const how = role[i % role.length]
          return how === 'data' || how === undefined ? (drawn[0]?.[i] ?? new Float64Array()) : how
        })
        const outputs = [...ir.outputs.keys()]
        const parts = [outputs.filter((i) => i % 2 === 1), outputs.filter((i) => i % 2 === 0)]
        const program = { ir, inputs, parts }
        const [first] = stages(
          ir,
          inputs.map((input) => input !== 'call'),
          parts.map((part) => part.flatMap((i) => ir.outputs[i] ?? [])),
        ).filter(({ once }) => once !== null)
        if (first !== undefined && inputs.includes('call')) several += 1
        const machines = [engine.stage(program), interpretStaged(program)]
        const agrees = order.every(({ part, point, call }) => {
          const values = inputs.map((input, i): Buffer => {
            if (typeof input !== 'string') return input
            return drawn[input === 'point' ? point : call]?.[i] ?? new Float64Array()
          })
          const chosen = (how: string) => values.filter((_, i) => inputs[i] === how)
          const expected = arraysFor(ir)
          interpret(ir).run(values, expected)
          const wanted = (parts[part] ?? []).flatMap((i) => expected[i] ?? [])
          return machines.every((machine) => {
            const found = wanted.map((x) => new Float64Array(x.length))
            machine.run(part, chosen('point'), chosen('call'), found)
            return sameBits(found, wanted)
          })
        })
        for (const machine of machines) machine.release()
        return agrees
      }),
      { numRuns: 150 },
    )
    expect(several).toBeGreaterThan(20)
  }, 120_000)

  const [X, w] = [{ shape: [4, 3], type: 'f64' } as const, { shape: [3], type: 'f64' } as const]
  const names = (ir: IR | null | undefined): ReadonlyArray<string> =>
    ir?.equations.map((e) => e.primitive) ?? []

  it('keeps for a later part only what the ones before it do not', () => {
    const ir = trace(
      (x: Tensor, v: Tensor) => {
        const gram = matmul(transpose(x), exp(x))
        return [matmul(gram, v), mul(matmul(exp(gram), v), 2)]
      },
      [X, w],
    )
    const [one, two] = stages(
      ir,
      [true, false],
      ir.outputs.map((id) => [id]),
    )
    expect(names(one?.once)).toEqual(['transpose', 'exp', 'matmul'])
    expect(names(two?.once)).toEqual(['exp'])
    expect(two?.once?.inputs).toEqual([X, { shape: [3, 3], type: 'f64' }])
    expect(names(two?.each).filter((name) => name === 'exp')).toEqual([])
    expect(two?.each.inputs.length).toBe(4)
  })

  it('computes what belongs to a point when the bits of the point change, and not otherwise', () => {
    const point = [new Float64Array(2), new Int32Array(1)]
    const asked: string[] = []
    const parts = {
      point,
      once: (part: number) => {
        asked.push(`once ${part} at ${point[0]?.join()};${point[1]?.join()}`)
      },
      each: (part: number) => {
        asked.push(`each ${part}`)
      },
    }
    const run = remembering(() => parts)
    const [x, rows] = [Float64Array.of(1, 0), Int32Array.of(7)]
    const ask = (part: number): ReadonlyArray<string> => {
      asked.length = 0
      run(part, [x, rows], [], [])
      return [...asked]
    }
    expect(ask(0)).toEqual(['once 0 at 1,0;7', 'each 0'])
    expect(ask(0)).toEqual(['each 0'])
    expect(ask(1)).toEqual(['once 1 at 1,0;7', 'each 1'])
    expect(ask(0)).toEqual(['each 0'])
    x[1] = -0
    expect(ask(1)).toEqual(['once 0 at 1,0;7', 'once 1 at 1,0;7', 'each 1'])
    expect(Object.is(point[0]?.[1], -0)).toBe(true)
    x[0] = Number.NaN
    expect(ask(0)).toEqual(['once 0 at NaN,0;7', 'each 0'])
    expect(ask(0)).toEqual(['each 0'])
    rows[0] = 6
    expect(ask(0)).toEqual(['once 0 at NaN,0;6', 'each 0'])
  })

  const picked = (data: Float64Array): StagedProgram => ({
    ir: trace(
      (x: Tensor, rows: Tensor, v: Tensor) => add(sum(exp(mul(gather(x, rows), 0.5))), sum(mul(v, v))),
      [X, { shape: [2], type: 'i32' }, w],
    ),
    inputs: [data, 'point', 'call'],
    parts: [[0]],
  })

  it.each(['compiled', 'interpreted'])(
    'refuses what does not fit, and knows nothing after that: %s',
    (how) => {
      const program = picked(Float64Array.from({ length: 12 }, (_, i) => i))
      const { run } =
        how === 'compiled' ? new Engine({ threads: 1 }).stage(program) : interpretStaged(program)
      const v = Float64Array.of(1, 2, 3)
      const value = (rows: Int32Array): number => {
        const out = new Float64Array(1)
        run(0, [rows], [v], [out])
        return out[0] ?? Number.NaN
      }
      const right = value(Int32Array.of(0, 1))
      expect(value(Int32Array.of(0, 1))).toBe(right)
      for (let i = 0; i < 2; i += 1)
        expect(() => value(Int32Array.of(0, 4))).toThrow(
          'gather: index 4 at 1 is out of range, expected 0..3',
        )
      expect(value(Int32Array.of(0, 1))).toBe(right)
      expect(() => value(Int32Array.of(0))).toThrow(/^point: expected i32\[2\] as array 0/)
      expect(value(Int32Array.of(0, 1))).toBe(right)
      expect(() => run(0, [], [v], [new Float64Array(1)])).toThrow(/^point: expected 1 arrays, got 0/)
      expect(() => run(0, [Int32Array.of(0, 1)], [], [new Float64Array(1)])).toThrow(RangeError)
      expect(() => run(1, [Int32Array.of(0, 1)], [v], [new Float64Array(1)])).toThrow(
        /^part: there is no part 1/,
      )
      expect(value(Int32Array.of(0, 1))).toBe(right)
    },
  )

  it('gives its memory back, and begins anew where its engine did', () => {
    const engine = new Engine({ threads: 1 })
    const n = 2 ** 15
    const program: StagedProgram = {
      ir: trace(
        (x: Tensor, v: Tensor) => mul(exp(mul(x, x)), v),
        [
          { shape: [n], type: 'f64' },
          { shape: [n], type: 'f64' },
        ],
      ),
      inputs: ['point', 'call'],
      parts: [[0]],
    }
    const [x, v, out] = [0, 1, 2].map((k) => Float64Array.from({ length: n }, (_, i) => (i + k) / n))
    if (x === undefined || v === undefined || out === undefined) throw new Error('three arrays')
    const expected = new Float64Array(n)
    interpret(program.ir).run([x, v], [expected])
    const staged = engine.stage(program)
    const ask = (): void => {
      out.fill(0)
      staged.run(0, [x], [v], [out])
      expect(sameBits([out], [expected])).toBe(true)
    }
    ask()
    const { memory } = engine
    for (let i = 0; i < 20; i += 1) {
      ask()
      staged.release()
    }
    ask()
    expect(engine.memory).toBe(memory)
    engine.close()
    ask()
    expect(engine.memory).toBeLessThanOrEqual(memory)
  })
})
