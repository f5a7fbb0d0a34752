import { spawnSync } from 'node:child_process'
import { compile, Engine, matmul, sum, trace } from 'steplaw/autodiff'
import { describe, expect, it } from 'vitest'

/** What a process without some things prints: the notices of an engine, and the sum of 100,000 ones. */
const without = (what: string, options: string): ReadonlyArray<string> => {
  const script = `
    import { Engine, sum, trace } from 'steplaw/autodiff'
    ${what}
    const engine = new Engine({ ...${options}, notice: (message) => console.log(message) })
    const out = new Float64Array(1)
    for (let i = 0; i < 3; i += 1) {
      const executable = engine.compile(trace((x) => sum(x), [{ shape: [100000], type: 'f64' }]))
      executable.run([new Float64Array(100000).fill(1)], [out])
    }
    console.log(out[0])`
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=steplaw-source', '--import', 'tsx', '--input-type=module', '--eval', script],
    { encoding: 'utf8', timeout: 60_000 },
  )
  return [...stdout.trim().split('\n'), ...(stderr === '' ? [] : [stderr])]
}

describe('an engine', () => {
  it('without WebAssembly interprets, and says so once', () => {
    expect(without('delete globalThis.WebAssembly', '{}')).toEqual([
      'there is no WebAssembly with vectors and shared memory here: programs are interpreted',
      '100000',
    ])
  })

  it('without shared memory interprets, and says so once', () => {
    expect(without('delete globalThis.SharedArrayBuffer', '{}')).toEqual([
      'there is no WebAssembly with vectors and shared memory here: programs are interpreted',
      '100000',
    ])
  })

  it('without worker threads runs on one, and says so once, unless one was asked for', () => {
    const none = 'process.getBuiltinModule = undefined'
    expect(without(none, '{ threads: 2 }')).toEqual([
      'there are no worker threads here: programs run on one thread',
      '100000',
    ])
    expect(without(none, '{ threads: 1 }')).toEqual(['100000'])
  })

  it('that has too little memory says how much is missing and what helps, and goes on with what fits', () => {
    const engine = new Engine({ threads: 1, maximum: 2 ** 20 })
    const sumOf = (n: number) => engine.compile(trace((x) => sum(x), [{ shape: [n], type: 'f64' }]))
    expect(() => sumOf(200_000)).toThrow(
      /arena: \d+ bytes more than the \d+ in use would exceed its maximum of 1048576; smaller batches or a larger maximum help/,
    )
    const y = new Float64Array(1)
    sumOf(50_000).run([new Float64Array(50_000).fill(1)], [y])
    expect(y[0]).toBe(50_000)
  })
})

describe('a program', () => {
  it('of values that can not be addressed is refused, with advice', () => {
    const ir = trace((x) => sum(matmul(x, x)), [{ shape: [50_000, 50_000], type: 'f64' }])
    expect(() => compile(ir)).toThrow(
      'compile: value 0, f64[50000,50000], would have 20000000000 bytes; 4294967296 can be addressed: take fewer rows at a time',
    )
  })
})
