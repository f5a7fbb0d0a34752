/** What is fast is right up to rounding, on whatever features this runtime has; and what is wrong is not used. */

import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { matmul, mean, square, sum, tanh, trace, transpose } from 'steplaw/autodiff'
import { describe, expect, it } from 'vitest'
import { type IR, typeOf } from '../../src/autodiff/ir.js'
import { size } from '../../src/autodiff/shape.js'
import { simplify } from '../../src/autodiff/simplify.js'
import { compileInto } from '../../src/runtime/compiled.js'
import { Engine, type EngineOptions } from '../../src/runtime/engine.js'
import type { Buffer, Executable } from '../../src/runtime/executable.js'
import { type Candidate, choose, PLAIN } from '../../src/runtime/fast/features.js'
import { type Blas, EXACT, type Machine } from '../../src/runtime/fast/machine.js'
import { agrees } from '../../src/runtime/fast/probe.js'
import { interpret } from '../../src/runtime/interpret.js'
import { gradientProgram } from '../../src/runtime/program.js'
import { findBlas } from '../../src/runtime/thread/blas.js'
import { openWorkshop } from '../../src/runtime/workshop.js'
import { inputsOf, programOf, recipes } from './randomProgram.js'
import { bounded } from './roundingBound.js'
import { rowProgram, rowRecipes } from './rowProgram.js'

const run = (executable: Executable, inputs: ReadonlyArray<Buffer>): ReadonlyArray<Float64Array> => {
  const outputs = executable.ir.outputs.map((id) => new Float64Array(size(typeOf(executable.ir, id).shape)))
  executable.run(inputs, outputs)
  return outputs
}

const ready = async (options: EngineOptions & { readonly threads: number }): Promise<Engine> => {
  const engine = new Engine({ maximum: 2 ** 28, ...options })
  while (engine.ready() < options.threads) await new Promise((resolve) => setTimeout(resolve, 5))
  return engine
}

/** Numbers that were compared with a bound, and those of them that a bound of no more than a part in 10^8 was found for. */
interface Seen {
  compared: number
  sharp: number
}

const within = (engine: Engine, ir: IR, inputs: ReadonlyArray<Buffer>, seen: Seen): boolean => {
  const expected = bounded(ir, inputs)
  const executable = engine.compile(ir)
  // The second call finds in memory what the first has left.
  const right = [0, 1].every(() => {
    const found = run(executable, inputs)
    return expected.every(({ value, error }, i) =>
      value.every((v, j) => {
        const bound = error[j] ?? 0
        if (!Number.isFinite(v) || !Number.isFinite(bound)) return true
        seen.compared += 1
        if (bound <= 1e-8 * (1 + Math.abs(v))) seen.sharp += 1
        return Math.abs((found[i]?.[j] ?? Number.NaN) - v) <= bound
      }),
    )
  })
  executable.release()
  return right
}

const eager: NonNullable<EngineOptions['tuning']> = {
  shared: 0,
  banded: 0,
  blockBytes: 256,
  blockRows: [8, 16],
}

const library = findBlas()
const NO_LIBRARY = E.isLeft(library) ? `: skipped, ${library.left}` : ''

describe('fast mode', () => {
  it('is the interpreter up to a counted bound, on any program', async () => {
    const engine = await ready({ mode: 'fast', threads: 2, tuning: eager })
    const seen: Seen = { compared: 0, sharp: 0 }
    fc.assert(
      fc.property(recipes(), (recipe) => {
        const ir = programOf(recipe)
        return within(engine, ir, inputsOf(ir, recipe), seen)
      }),
      { numRuns: 150 },
    )
    fc.assert(
      fc.property(rowRecipes(), (recipe) => {
        const ir = rowProgram(recipe)
        return within(engine, ir, inputsOf(ir, recipe), seen)
      }),
      { numRuns: 60 },
    )
    expect(seen.sharp).toBeGreaterThan(5000)
    expect(seen.sharp).toBeGreaterThan(0.5 * seen.compared)
  }, 120_000)

  const { features: here } = new Engine({ mode: 'fast', threads: 1 })
  const narrow = here.includes('wide') ? '' : ': skipped, this runtime makes none'

  it.skipIf(narrow !== '')(
    `with wide vectors alone gives the bits of the interpreter${narrow}`,
    () => {
      const workshop = openWorkshop(2 ** 28, { ...EXACT, wide: true })
      const agree = (ir: IR, inputs: ReadonlyArray<Buffer>): boolean => {
        const expected = run(interpret(ir), inputs)
        const compiled = compileInto({ ...workshop, tuning: eager }, ir, [])
        const found = expected.map((x) => new Float64Array(x.length))
        compiled.give(inputs, found)
        compiled.run(1)
        compiled.take(inputs, found)
        for (const [at, bytes] of compiled.taken) workshop.arena.give(at, bytes)
        return expected.every((x, i) => x.every((v, j) => Object.is(v, found[i]?.[j])))
      }
      fc.assert(
        fc.property(recipes(), (recipe) => {
          const ir = programOf(recipe)
          return agree(ir, inputsOf(ir, recipe))
        }),
        { numRuns: 100 },
      )
      fc.assert(
        fc.property(rowRecipes(), (recipe) => {
          const ir = rowProgram(recipe)
          return agree(ir, inputsOf(ir, recipe))
        }),
        { numRuns: 100 },
      )
    },
    120_000,
  )

  it('names what it uses, and why it does without the rest', () => {
    const notices: string[] = []
    const { features } = new Engine({
      mode: 'fast',
      blas: '/nowhere/libnothing.so',
      threads: 1,
      notice: (message) => notices.push(message),
    })
    expect(features).not.toContain('blas')
    expect(notices.filter((message) => message.startsWith('blas: '))).toHaveLength(1)
    for (const feature of ['wide', 'fma'] as const)
      expect(notices.some((message) => message.startsWith(feature))).toBe(!features.includes(feature))
    // Every runtime that this library is for has these instructions, if behind a flag.
    expect(features).toContain('fma')
    expect(new Engine().features).toEqual([])
  })

  it.each([
    [{ mode: 'quick' }, /mode/],
    [{ mode: 'exact', blas: true }, /blas/],
    [{ blas: '/usr/lib/libblas.so' }, /blas/],
    [{ mode: 'fast', blas: 3 }, /blas/],
  ])('refuses options that are none: %o', (options, message) => {
    // Who writes JavaScript may say anything.
    expect(() => new Engine(options as EngineOptions)).toThrow(message)
  })
})

describe('a feature is left out', () => {
  const adding = (add: Candidate['add'], gain = 0): Candidate => ({ feature: 'blas', gain, add })

  /** Products by loops over the memory, spoilt on the way out. */
  const loops = (spoil: (sum: number, i: number, j: number) => number): Blas => ({
    path: 'loops',
    over: (memory) => (ta, tb, m, n, k, a, lda, b, ldb, onward, c, ldc) => {
      const x = new Float64Array(memory.buffer)
      const [p, q, r] = [a / 8, b / 8, c / 8]
      for (let i = 0; i < m; i += 1)
        for (let j = 0; j < n; j += 1) {
          const to = r + i * ldc + j
          let s = onward === 0 ? 0 : (x[to] ?? 0)
          for (let t = 0; t < k; t += 1)
            s +=
              (x[p + (ta === 0 ? i * lda + t : t * lda + i)] ?? 0) *
              (x[q + (tb === 0 ? t * ldb + j : j * ldb + t)] ?? 0)
          x[to] = spoil(s, i, j)
        }
    },
  })

  const withLibrary =
    (blas: Blas) =>
    (machine: Machine): E.Either<string, Machine> =>
      E.right({ ...machine, blas: { library: blas, least: 1, shortest: 1 } })

  it('where it computes something else', () => {
    const right = adding(withLibrary(loops((s) => s)))
    expect(choose([right], PLAIN).features).toEqual(['blas'])
    for (const spoil of [
      (s: number) => s * (1 + 1e-9),
      (s: number, i: number) => (i === 12 ? s + 1e-6 : s),
      (s: number, _: number, j: number) => (j === 18 ? Number.NaN : s),
    ]) {
      const chosen = choose([adding(withLibrary(loops(spoil)))], PLAIN)
      expect(chosen).toEqual({
        ...PLAIN,
        notices: ['blas: it does not compute what the interpreter computes'],
      })
    }
  })

  it('where it is no faster', () => {
    const { machine, notices } = choose([adding(withLibrary(loops((s) => s)), 1.1)], PLAIN)
    expect(machine).toEqual(EXACT)
    expect(notices).toEqual(['blas: products are no faster with it'])
  })

  it('where the runtime lacks it, and the others stay', () => {
    const lacking = adding(() => E.left('there is none'))
    const right = adding(withLibrary(loops((s) => s)))
    const { features, notices } = choose([lacking, right], PLAIN)
    expect([features, notices]).toEqual([['blas'], ['blas: there is none']])
  })
})

describe('a BLAS', () => {
  const parameters = [
    { shape: [300, 64], type: 'f64' },
    { shape: [64, 120], type: 'f64' },
  ] as const
  const large = simplify(
    gradientProgram(
      (given, [data]) => {
        const [u, w] = given
        if (u === undefined || w === undefined || data === undefined)
          throw new RangeError('an input is missing')
        return mean(square(tanh(matmul(matmul(data, u), w))))
      },
      parameters,
      [{ shape: [500, 300], type: 'f64' }],
    ),
  )
  const turned = simplify(
    trace(
      (x, y) => [
        matmul(transpose(x), transpose(y)),
        sum(matmul(transpose(x), y.shape[0] === 90 ? transpose(y) : y)),
      ],
      [
        { shape: [80, 70], type: 'f64' },
        { shape: [90, 80], type: 'f64' },
      ],
    ),
  )

  it.skipIf(E.isLeft(library))(`is called from one thread and from two${NO_LIBRARY}`, async () => {
    const path = E.isRight(library) ? library.right.path : ''
    for (const threads of [1, 2]) {
      const engine = await ready({ mode: 'fast', blas: path, threads })
      expect(engine.features).toContain('blas')
      for (const ir of [large, turned]) {
        const seen: Seen = { compared: 0, sharp: 0 }
        expect(within(engine, ir, inputsOf(ir, { seed: 7 }), seen)).toBe(true)
        expect(seen.sharp).toBeGreaterThan(1000)
      }
      engine.close()
    }
  })

  it.skipIf(E.isLeft(library))(`does all that the emitted products do${NO_LIBRARY}`, () => {
    if (E.isLeft(library)) return
    const machine: Machine = { ...EXACT, blas: { library: library.right, least: 1, shortest: 1 } }
    expect(agrees(machine, false)).toBe(true)
  })
})

describe('the bound', () => {
  it('is zero where nothing is rounded in two ways, and small where something is', () => {
    const ir = simplify(trace((x) => [sum(x), tanh(x), matmul(x, x)], [{ shape: [4, 4], type: 'f64' }]))
    const inputs = inputsOf(ir, { seed: 3 })
    const [total, values, product] = bounded(ir, inputs)
    expect(total?.error).toEqual(Float64Array.of(0))
    expect(values?.error.every((e, i) => e <= 1e-15 && (e > 0 || values.value[i] === 0))).toBe(true)
    expect(product?.error.every((e) => e > 0 && e < 1e-13)).toBe(true)
    expect(run(interpret(ir), inputs)).toEqual([total?.value, values?.value, product?.value])
  })
})
