import { spawnSync } from 'node:child_process'
import type { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { exp, gather, matmul, mul, sum, trace } from 'steplaw/autodiff'
import { afterEach, describe, expect, it } from 'vitest'
import { type IR, typeOf } from '../../src/autodiff/ir.js'
import { size } from '../../src/autodiff/shape.js'
import { Engine, type EngineOptions } from '../../src/runtime/engine.js'
import type { Buffer, Executable } from '../../src/runtime/executable.js'
import { interpret } from '../../src/runtime/interpret.js'
import { groupsOf } from '../../src/runtime/plan/band.js'
import { lower } from '../../src/runtime/plan/lower.js'
import { Tuner } from '../../src/runtime/thread/tuner.js'
import { inputsOf, programOf, recipes } from './randomProgram.js'
import { rowProgram, rowRecipes } from './rowProgram.js'

/** All that can be shared is, and all that can be done in blocks of rows, however small. */
const eager: NonNullable<EngineOptions['tuning']> = {
  shared: 0,
  banded: 0,
  blockBytes: 256,
  blockRows: [8, 16],
}

/** An engine all of whose threads have begun. */
const ready = async (options: EngineOptions & { readonly threads: number }): Promise<Engine> => {
  const engine = new Engine({ maximum: 2 ** 28, ...options })
  while (engine.ready() < options.threads) await new Promise((resolve) => setTimeout(resolve, 5))
  return engine
}

const run = (executable: Executable, inputs: ReadonlyArray<Buffer>): ReadonlyArray<Float64Array> => {
  const { ir } = executable
  const outputs = ir.outputs.map((id) => new Float64Array(size(typeOf(ir, id).shape)))
  executable.run(inputs, outputs)
  return outputs
}

const sameBits = (a: ReadonlyArray<Float64Array>, b: ReadonlyArray<Float64Array>): boolean =>
  a.every((x, i) => x.every((v, j) => Object.is(v, b[i]?.[j])))

describe('threads', () => {
  /** Whether all these engines give the bits of the interpreter. */
  const agree = (engines: ReadonlyArray<Engine>, ir: IR, inputs: ReadonlyArray<Buffer>): boolean => {
    const expected = run(interpret(ir), inputs)
    return engines.every((engine) => {
      const executable = engine.compile(ir)
      // The second call finds in memory what the first has left.
      return [0, 1].every(() => sameBits(run(executable, inputs), expected))
    })
  }

  it('give the bits of the interpreter, however many they are', async () => {
    const engines = await Promise.all([1, 2, 3, 4, 8].map((threads) => ready({ threads, tuning: eager })))
    fc.assert(
      fc.property(recipes(), (recipe) => {
        const ir = programOf(recipe)
        return agree(engines, ir, inputsOf(ir, recipe))
      }),
      { numRuns: 100 },
    )
    let bands = 0
    fc.assert(
      fc.property(rowRecipes(), (recipe) => {
        const ir = rowProgram(recipe)
        bands += groupsOf(lower(ir), eager).filter(({ kind }) => kind === 'band').length
        return agree(engines, ir, inputsOf(ir, recipe))
      }),
      { numRuns: 100 },
    )
    expect(bands).toBeGreaterThan(100)
  }, 120_000)

  const large = trace(
    (x, w) => sum(exp(mul(matmul(x, w), 0.01))),
    [
      { shape: [500, 60], type: 'f64' },
      { shape: [60, 40], type: 'f64' },
    ],
  )
  const given = [
    Float64Array.from({ length: 30_000 }, (_, i) => (i % 17) / 16 - 0.5),
    Float64Array.from({ length: 2400 }, (_, i) => (i % 13) / 16 - 0.4),
  ]

  it('refuse an index out of range that any of them meets, and go on', async () => {
    const engine = await ready({ threads: 2, tuning: eager })
    const ir = trace(
      (x, rows) => sum(gather(x, rows)),
      [
        { shape: [50, 2], type: 'f64' },
        { shape: [3000], type: 'i32' },
      ],
    )
    const executable = engine.compile(ir)
    const x = Float64Array.from({ length: 100 }, (_, i) => i)
    const rows = (last: number) => Int32Array.from({ length: 3000 }, (_, i) => (i === 2999 ? last : i % 50))
    expect(() => run(executable, [x, rows(50)])).toThrow('gather: index 50 at 2999 is out of range')
    expect(run(executable, [x, rows(49)])).toEqual(run(interpret(ir), [x, rows(49)]))
  })

  describe('of which one is lost', () => {
    const threads = process.getBuiltinModule('node:worker_threads')
    const { Worker: Original } = threads
    const started: Worker[] = []

    afterEach(() => {
      threads.Worker = Original
      started.length = 0
    })

    const observed = async (): Promise<Engine> => {
      threads.Worker = class extends Original {
        constructor(...given: ConstructorParameters<typeof Original>) {
          super(...given)
          started.push(this)
        }
      }
      return ready({ threads: 2, tuning: eager, patience: 3000 })
    }

    it('in the middle fail the call with a clear error, and the next call works', async () => {
      const engine = await observed()
      const executable = engine.compile(large)
      const expected = run(interpret(large), given)
      expect(run(executable, given)).toEqual(expected)
      for (const worker of started) void worker.terminate()
      expect(() => run(executable, given)).toThrow(/a worker did not finish its part within 3.0 s/)
      expect(run(executable, given)).toEqual(expected)
      while (engine.ready() < 2) await new Promise((resolve) => setTimeout(resolve, 5))
      expect(run(executable, given)).toEqual(expected)
      expect(started.length).toBe(2)
    })

    it('between calls replace it', async () => {
      const engine = await observed()
      const executable = engine.compile(large)
      const expected = run(interpret(large), given)
      expect(run(executable, given)).toEqual(expected)
      await Promise.all(started.map((worker) => worker.terminate()))
      expect(run(executable, given)).toEqual(expected)
      while (engine.ready() < 2) await new Promise((resolve) => setTimeout(resolve, 5))
      expect(run(executable, given)).toEqual(expected)
      expect(started.length).toBe(2)
    })
  })

  it('do not keep the process alive', () => {
    const script = `
      import { sum, trace } from 'steplaw/autodiff'
      import { Engine } from './src/runtime/engine.ts'
      const engine = new Engine({ threads: 2 })
      const executable = engine.compile(trace((x) => sum(x), [{ shape: [100000], type: 'f64' }]))
      const out = new Float64Array(1)
      const call = () => executable.run([new Float64Array(100000).fill(1)], [out])
      const soon = () => (engine.ready() < 2 ? setTimeout(soon, 5) : (call(), console.log(out[0])))
      soon()`
    const { status, stdout } = spawnSync(
      process.execPath,
      ['--conditions=steplaw-source', '--import', 'tsx', '--input-type=module', '--eval', script],
      { encoding: 'utf8', timeout: 60_000 },
    )
    expect([stdout.trim(), status]).toEqual(['100000', 0])
  }, 60_000)

  it.each([{ threads: 0 }, { threads: 1.5 }, { maximum: 1 }, { maximum: 2 ** 33 }, { patience: 0 }])(
    'are refused where they are none: %o',
    (options) => {
      expect(() => new Engine(options)).toThrow(RangeError)
    },
  )
})

describe('the number of threads', () => {
  /** Calls that take so long with so many threads; the number that is found. */
  const found = (most: number, time: (threads: number) => number): number => {
    const tuner = new Tuner(most)
    for (let call = 0; tuner.curious && call < 1000; call += 1) tuner.took(tuner.threads, time(tuner.threads))
    expect(tuner.curious).toBe(false)
    return tuner.threads
  }

  it('is the one that is fastest', () => {
    expect(found(8, (n) => 8 / n)).toBe(8)
    expect(found(8, (n) => 1 + Math.abs(n - 2))).toBe(2)
    expect(found(8, (n) => n)).toBe(1)
    expect(found(6, (n) => 8 / n)).toBe(6)
  })

  it('is one for calls that are too short to share', () => {
    expect(found(8, (n) => 0.02 / n)).toBe(1)
  })

  it('is not judged by calls before the code is warm, nor by those that had fewer threads', () => {
    const tuner = new Tuner(2)
    for (let call = 0; call < 4; call += 1) tuner.took(1, 1000)
    for (let call = 0; call < 4; call += 1) tuner.took(1, 1)
    expect(tuner.threads).toBe(2)
    for (let call = 0; call < 100; call += 1) tuner.took(1, 0.001)
    expect(tuner.curious).toBe(true)
    for (let call = 0; call < 8; call += 1) tuner.took(2, 3)
    expect([tuner.curious, tuner.threads]).toEqual([false, 1])
  })
})
