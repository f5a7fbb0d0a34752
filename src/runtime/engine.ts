import { type IR, typeOf } from '../autodiff/ir.js'
import { fail } from '../autodiff/primitive.js'
import { showType, size } from '../autodiff/shape.js'
import { Arena } from './arena.js'
import { Module } from './assembler/module.js'
import { webAssembly } from './assembler/webassembly.js'
import type { Bound, Buffer, Executable } from './executable.js'
import { interpret } from './interpret.js'
import { scalarFunctions } from './lane/scalars.js'
import { plan } from './plan/plan.js'

const expectBuffer = (what: string, ir: IR, id: number, buffer: Buffer | undefined): Buffer => {
  const type = typeOf(ir, id)
  const kind = buffer instanceof Float64Array ? 'f64' : buffer instanceof Int32Array ? 'i32' : 'nothing'
  if (buffer === undefined || kind !== type.type || buffer.length !== size(type.shape))
    throw new RangeError(`${what}: expected ${showType(type)}, got ${kind}[${buffer?.length ?? 0}]`)
  return buffer
}

/** Compiles programs into one arena. */
export class Engine {
  readonly arena: Arena
  /** Takes back the memory of programs that nobody holds any more. */
  readonly #collected = new FinalizationRegistry<readonly [at: number, bytes: number]>(([at, bytes]) => {
    this.arena.give(at, bytes)
  })

  constructor(arena = new Arena()) {
    this.arena = arena
  }

  /** The program as machine code; the bits are those of {@link interpret} on the same program. */
  compile(ir: IR, bound: Bound = []): Executable {
    const { arena } = this
    const api = webAssembly() ?? fail('engine', 'there is no WebAssembly here')
    const given = ir.inputs.map((_, i) => {
      const data = bound[i] ?? null
      return data === null ? null : expectBuffer(`bound input ${i}`, ir, i, data)
    })
    let taken: readonly [number, number] = [0, 0]
    const { binary, inputs, outputs, contents, flag } = plan(ir, {
      take: (bytes) => {
        taken = [arena.take(bytes), bytes]
        return taken[0]
      },
      bound: (i) => {
        const data = given[i] ?? null
        return data === null ? null : arena.data(data)
      },
      pages: arena.pages,
      shared: true,
    })
    for (const { at, cell } of contents) {
      const view = cell.type === 'f64' ? arena.doubles(at, cell.size) : arena.integers(at, cell.size)
      const { content } = cell
      if (content === undefined) continue
      if ('value' in content) view.fill(content.value)
      else view.set(content.values)
    }
    const instance = new api.Instance(new api.Module(binary), {
      env: { memory: arena.memory, ...scalarFunctions },
    })
    const run = instance.exports.run ?? fail('engine', 'the module has no function to run')
    const flags = arena.integers(flag, 1)
    flags[0] = 0
    const free = given.flatMap((data, i) => (data === null ? [i] : []))
    const views = free.map((i) => {
      const { at, cell } = inputs[i] ?? fail('engine', `there is no input ${i}`)
      return cell.type === 'f64' ? arena.doubles(at, cell.size) : arena.integers(at, cell.size)
    })
    const results = outputs.map(({ at, cell }) =>
      cell.type === 'f64' ? arena.doubles(at, cell.size) : arena.integers(at, cell.size),
    )
    /** Says which index was out of range, as the interpreter says it. */
    const complain = (given: ReadonlyArray<Buffer>, into: ReadonlyArray<Float64Array>): void => {
      flags[0] = 0
      interpret(ir, bound).run(given, into)
    }
    const executable: Executable = {
      ir,
      run: (given, into) => {
        free.forEach((i, k) => {
          views[k]?.set(expectBuffer(`input ${i}`, ir, i, given[k]))
        })
        results.forEach((view, k) => {
          const target = into[k]
          if (!(target instanceof Float64Array) || target.length !== view.length)
            throw new RangeError(
              `output ${k}: expected f64[${view.length}], got ${target?.length ?? 'nothing'}`,
            )
        })
        run(0, 1)
        if (flags[0] !== 0) return complain(given, into)
        results.forEach((view, k) => {
          into[k]?.set(view)
        })
      },
    }
    this.#collected.register(executable, taken)
    return executable
  }
}

let shared: Engine | null | undefined

/** The engine of this thread, made when it is first asked for; null where the runtime lacks what it needs. */
export const engine = (): Engine | null => {
  if (shared === undefined) shared = canCompile() ? new Engine() : null
  return shared
}

/** Whether there are vectors and shared memory. */
const canCompile = (): boolean => {
  const api = webAssembly()
  if (api === null || typeof SharedArrayBuffer === 'undefined') return false
  const module = new Module()
  module.function('probe', [], [], (code) => {
    code.f64x2(0).op('drop')
  })
  return api.validate(module.binary({ shared: true }))
}
