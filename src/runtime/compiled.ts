import { type IR, typeOf } from '../autodiff/ir.js'
import { fail } from '../autodiff/primitive.js'
import { showType, size } from '../autodiff/shape.js'
import type { Module } from './assembler/module.js'
import { type CompiledModule, type Exported, webAssembly } from './assembler/webassembly.js'
import type { Bound, Buffer } from './executable.js'
import { machineFunctions } from './fast/machine.js'
import { interpret } from './interpret.js'
import { scalarFunctions } from './lane/scalars.js'
import { plan, type Slot } from './plan/plan.js'
import type { Tuning } from './plan/tuning.js'
import { emitBarrier } from './thread/barrier.js'
import { widened } from './thread/flags.js'
import { sleeper } from './thread/sleep.js'
import type { Workshop } from './workshop.js'

/** The array given for an input of a program, if it fits. */
const expectBuffer = (what: string, ir: IR, id: number, buffer: Buffer | undefined): Buffer => {
  const type = typeOf(ir, id)
  const kind = buffer instanceof Float64Array ? 'f64' : buffer instanceof Int32Array ? 'i32' : 'nothing'
  if (buffer === undefined || kind !== type.type || buffer.length !== size(type.shape))
    throw new RangeError(`${what} ${id}: expected ${showType(type)}, got ${kind}[${buffer?.length ?? 0}]`)
  return buffer
}

/** An input that lies in the arena already, where it may change from run to run. */
export interface Place {
  readonly address: number
}

/** How the inputs of a program come: bound to data, in their place, or, where it is null, with each call. */
export type Given = ReadonlyArray<Buffer | Place | null>

export const isPlace = (given: Buffer | Place | null): given is Place => given !== null && 'address' in given

/** A program as machine code in an arena, and the memory that it took there. */
export interface Compiled {
  readonly module: CompiledModule
  /** Whether a second thread finds something to do. */
  readonly shareable: boolean
  /** Operations of a run, about. */
  readonly work: number
  readonly taken: ReadonlyArray<readonly [at: number, bytes: number]>
  /** Copies the inputs into the arena, after a look at the arrays of both. */
  readonly give: (inputs: ReadonlyArray<Buffer>, outputs: ReadonlyArray<Float64Array> | null) => void
  /** Runs as thread 0 of so many. */
  readonly run: (threads: number) => void
  /** Copies the outputs out of the arena, unless they are null, or says what was wrong with the inputs. */
  readonly take: (inputs: ReadonlyArray<Buffer>, outputs: ReadonlyArray<Float64Array> | null) => void
  /** Where its outputs stay until the next run. */
  readonly results: ReadonlyArray<Place>
}

/** Compiles a program into an arena; the bits are those of {@link interpret} on the same program, if the machine is exact. */
export const compileInto = (
  { arena, control, machine, tuning }: Omit<Workshop, 'pool'> & { readonly tuning: Tuning },
  ir: IR,
  bound: Given,
): Compiled => {
  const api = webAssembly() ?? fail('engine', 'there is no WebAssembly here')
  const taken: Array<readonly [number, number]> = []
  const given = ir.inputs.map((_, i) => {
    const data = bound[i] ?? null
    return data === null || isPlace(data) ? data : expectBuffer('bound input', ir, i, data)
  })
  const room = {
    take: (bytes: number) => {
      const at = arena.take(bytes)
      taken.push([at, bytes])
      return at
    },
    bound: (i: number) => {
      const data = given[i] ?? null
      return data === null ? null : isPlace(data) ? data.address : arena.data(data)
    },
    pages: arena.pages,
    shared: true,
    barrier: (module: Module) => emitBarrier(module, control.at),
  }
  const { binary, inputs, outputs, contents, flag, shareable, work } = plan(ir, room, { tuning, machine })
  const view = ({ at, cell }: Slot): Float64Array | Int32Array =>
    cell.type === 'f64' ? arena.doubles(at, cell.size) : arena.integers(at, cell.size)
  for (const slot of contents) {
    const { content } = slot.cell
    if (content === undefined) continue
    if ('value' in content) view(slot).fill(content.value)
    else view(slot).set(content.values)
  }
  const make = (): CompiledModule => new api.Module(binary)
  const module = machine.wide ? widened(make) : make()
  const env = {
    memory: arena.memory,
    sleep: sleeper(control.words),
    ...scalarFunctions,
    ...machineFunctions(machine.blas?.library ?? null, arena.memory),
  }
  const run: Exported =
    new api.Instance(module, { env }).exports.run ?? fail('engine', 'the module has no function to run')
  const flags = arena.integers(flag, 1)
  flags[0] = 0
  const free = given.flatMap((data, i) => (data === null ? [i] : []))
  const views = free.map((i) => view(inputs[i] ?? fail('engine', `there is no input ${i}`)))
  const results = outputs.map(view)
  // What lies in its place is read there.
  const arrays = (): Bound =>
    given.map((data, i) =>
      data === null || !isPlace(data) ? data : view(inputs[i] ?? fail('engine', `there is no input ${i}`)),
    )
  return {
    module,
    shareable,
    work,
    taken,
    // Loops without closures: a call allocates nothing.
    give: (from, into) => {
      for (let k = 0; k < views.length; k += 1) {
        views[k]?.set(expectBuffer('input', ir, free[k] ?? 0, from[k]))
      }
      for (let k = 0; into !== null && k < results.length; k += 1) {
        const [length, target] = [results[k]?.length ?? 0, into[k]]
        if (!(target instanceof Float64Array) || target.length !== length)
          throw new RangeError(`output ${k}: expected f64[${length}], got ${target?.length ?? 'nothing'}`)
      }
    },
    run: (threads) => {
      run(0, threads)
    },
    take: (from, into) => {
      if (flags[0] !== 0) {
        // An index was out of range; the interpreter says which.
        flags[0] = 0
        interpret(ir, arrays()).run(from, into ?? results.map(({ length }) => new Float64Array(length)))
        return
      }
      for (let k = 0; into !== null && k < results.length; k += 1) {
        const result = results[k]
        if (result !== undefined) into[k]?.set(result)
      }
    },
    results: outputs.map(({ at }) => ({ address: at })),
  }
}
