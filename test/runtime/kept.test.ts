import { sum, trace } from 'steplaw/autodiff'
import { describe, expect, it } from 'vitest'
import { Engine } from '../../src/runtime/engine.js'
import type { Executable } from '../../src/runtime/executable.js'
import { kept } from '../../src/runtime/kept.js'

/** Keeps two executables that say when they are released. */
const two = () => {
  const released: string[] = []
  const made: string[] = []
  const of = kept<string>(2)
  const get = (key: string) =>
    of(key, () => {
      made.push(key)
      return { ...nothing, release: () => released.push(key) }
    })
  return { released, made, get }
}

const nothing: Executable = {
  ir: { inputs: [], equations: [], outputs: [] },
  run: () => {},
  release: () => {},
}

describe('executables are kept', () => {
  it('and made once while they are', () => {
    const { made, get } = two()
    expect(get('a')).toBe(get('a'))
    expect(get('b')).not.toBe(get('a'))
    expect(made).toEqual(['a', 'b'])
  })

  it('until there are too many: the one that was not used for longest gives its memory back', () => {
    const { made, released, get } = two()
    for (const key of ['a', 'b', 'a', 'c']) get(key)
    expect(released).toEqual(['b'])
    get('a')
    get('b')
    expect(released).toEqual(['b', 'c'])
    expect(made).toEqual(['a', 'b', 'c', 'b'])
  })
})

describe('a released program', () => {
  it('gives its memory to the next, and runs again when it is called', () => {
    const engine = new Engine({ threads: 1 })
    const program = (n: number) => engine.compile(trace((x) => sum(x), [{ shape: [n], type: 'f64' }]))
    const y = new Float64Array(1)
    const first = program(1000)
    first.run([new Float64Array(1000).fill(1)], [y])
    const { memory } = engine
    for (let n = 1000; n < 1200; n += 1) {
      const next = program(n)
      next.run([new Float64Array(n).fill(2)], [y])
      expect(y[0]).toBe(2 * n)
      next.release()
      next.release()
    }
    expect(engine.memory).toBe(memory)
    first.release()
    first.run([new Float64Array(1000).fill(3)], [y])
    expect(y[0]).toBe(3000)
  })
})
