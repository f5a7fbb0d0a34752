/** Emitted kernels over a memory of their own, to be put beside plain loops. */
import { expect } from 'vitest'
import { Module } from '../../src/runtime/assembler/module.js'
import { webAssembly } from '../../src/runtime/assembler/webassembly.js'

const PAGE = 65536
/** Bytes between arrays that nobody may touch. */
const GUARD = 64
/** What the guards hold: a NaN that no computation makes. */
const UNTOUCHED = new Uint8Array(GUARD).fill(0xa5)

export interface Bench {
  /** Puts a copy into the memory and gives its address; it stands between guards. */
  readonly put: (array: Float64Array | Int32Array) => number
  /** What an array holds now. */
  readonly doubles: (address: number, length: number) => Float64Array
  readonly ints: (address: number, length: number) => Int32Array
  readonly call: (name: string, ...parameters: ReadonlyArray<number>) => void
  /** Whether something was written between the arrays. */
  readonly trespass: () => boolean
}

/** Writes a module, compiles it, and gives it a memory of `bytes`. */
export const bench = (write: (module: Module) => void, bytes = 1 << 20): Bench => {
  const module = new Module()
  write(module)
  const api = webAssembly()
  if (api === null) throw new Error('there is no WebAssembly here')
  const memory = new api.Memory({ initial: Math.ceil(bytes / PAGE) + 1, maximum: 65536, shared: true })
  const binary = new api.Module(module.binary({ shared: true }))
  const { exports } = new api.Instance(binary, { env: { memory } })
  const guards: number[] = []
  let free = 0
  const guard = (): void => {
    new Uint8Array(memory.buffer).set(UNTOUCHED, free)
    guards.push(free)
    free += GUARD
  }
  guard()
  return {
    put: (array) => {
      const address = free
      const pages = Math.ceil((address + array.byteLength + 2 * GUARD - memory.buffer.byteLength) / PAGE)
      if (pages > 0) memory.grow(pages)
      new Uint8Array(memory.buffer).set(
        new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
        address,
      )
      free = Math.ceil((address + array.byteLength) / 8) * 8
      guard()
      return address
    },
    doubles: (address, length) => new Float64Array(memory.buffer, address, length).slice(),
    ints: (address, length) => new Int32Array(memory.buffer, address, length).slice(),
    call: (name, ...parameters) => {
      const kernel = exports[name]
      if (kernel === undefined) throw new RangeError(`no kernel ${name}`)
      kernel(...parameters)
    },
    trespass: () =>
      guards.some((at) => new Uint8Array(memory.buffer, at, GUARD).some((byte, i) => byte !== UNTOUCHED[i])),
  }
}

/** Holds two arrays to the same bits, all NaNs being one: their payloads are not promised. */
export const expectSame = (actual: Float64Array, expected: Float64Array): void => {
  expect(actual.length).toBe(expected.length)
  const at = actual.findIndex((x, i) => !Object.is(x, expected[i]))
  if (at !== -1) expect([at, actual[at]]).toEqual([at, expected[at]])
}
