import { fail } from '../../autodiff/primitive.js'
import { BLOCK } from '../../numeric/sum.js'
import type { Code, Func, Local } from '../assembler/code.js'
import type { Module } from '../assembler/module.js'
import { elementwise } from '../lane/elementwise.js'
import { Graph, type Level, type Value } from '../lane/graph.js'
import type { Scalars } from '../lane/scalars.js'
import { Writer } from '../lane/writer.js'
import { maximum, pairing, summing } from './accumulator.js'
import { checkMapSpec, type MapInput, type MapSpec } from './mapSpec.js'

const LEVELS: { readonly [A in MapInput]: Level } = { scalar: 0, row: 1, column: 2, full: 2 }

/** The values of a specification as a graph: inputs, then equations. */
const valuesOf = (graph: Graph, { inputs, equations }: MapSpec): ReadonlyArray<Value> => {
  const values = inputs.map((access, i) => graph.input(i, LEVELS[access]))
  const value = (id: number): Value => values[id] ?? fail('map', `there is no value ${id}`)
  for (const { primitive, params, inputs: args } of equations)
    values.push(elementwise(graph, primitive, params, args.map(value)))
  return values
}

/** Writes the body of a kernel. Pointers are the parameters themselves, which move on with the loops. */
const writeMap = (code: Code, spec: MapSpec, scalars: Scalars): void => {
  const { space, inputs, outputs } = spec
  const graph = new Graph()
  const values = valuesOf(graph, spec)
  const writer = new Writer(code, graph, scalars)
  const roots = [
    ...new Set(outputs.map(({ value }) => values[value] ?? fail('map', `there is no value ${value}`))),
  ]

  const count = code.param(0)
  const parameter = (i: number): Local => code.param(1 + i)
  const result = (i: number): Local => code.param(1 + inputs.length + i)
  const columnPointers = inputs.map((access) => (access === 'column' ? code.local('i32') : null))
  const pointer = (i: number): Local => columnPointers[i] ?? parameter(i)
  const accumulators = outputs.map(({ to }) =>
    to === 'store' ? null : to === 'rowMax' ? maximum(code) : summing(code),
  )
  const left = code.local('i32')

  const advance = (local: Local, bytes: number): void => {
    code.get(local).i32(bytes).op('i32.add').set(local)
  }

  /** Two elements; or one, which fills both lanes so that none holds what was never read. */
  const step = (single: boolean): void => {
    const locals = writer.write(roots, (i) => {
      code.get(pointer(i)).memory(single ? 'v128.load64_splat' : 'v128.load')
    })
    // All that is read was read before anything is written: an output may lie where an input lies.
    outputs.forEach(({ value, to }, i) => {
      const local = locals.get(values[value] ?? -1) ?? fail('map', `value ${value} was not computed`)
      if (to !== 'store') accumulators[i]?.step(local, single)
      else if (single) code.get(result(i), local).storeLane(0)
      else code.get(result(i), local).memory('v128.store')
    })
    writer.release()
    inputs.forEach((access, i) => {
      if (access === 'full' || access === 'column') advance(pointer(i), single ? 8 : 16)
    })
    outputs.forEach(({ to }, i) => {
      if (to === 'store') advance(result(i), single ? 8 : 16)
    })
  }

  const pairs = (): void => {
    code.loop((again) => {
      step(false)
      code.get(left).i32(1).op('i32.sub').tee(left)
      again()
    })
  }

  /** Walks along a known number of elements, pair by pair, the odd one last. */
  const walk = (n: number): void => {
    if (n === 2 || n === 3) step(false)
    else if (n > 3) {
      code.i32(n >> 1).set(left)
      pairs()
    }
    if (n % 2 === 1) step(true)
  }

  /** The same, the number in a local. */
  const walkLocal = (n: Local): void => {
    code.get(n).i32(1).op('i32.shr_u').tee(left)
    code.when(pairs)
    code.get(n).i32(1).op('i32.and')
    code.when(() => step(true))
  }

  /** Walks along the elements that a local counts down, block by block; at least one element. */
  const walkBlocks = (rest: Local, begin: () => void, end: () => void): void => {
    const size = code.local('i32')
    code.loop((again) => {
      begin()
      code.get(rest).set(size)
      code.get(rest).i32(BLOCK).op('i32.gt_u')
      code.when(() => {
        code.i32(BLOCK).set(size)
      })
      walkLocal(size)
      end()
      code.get(rest, size).op('i32.sub').tee(rest)
      again()
    })
  }

  /** Stores what `put` leaves on the stack at the next place of an output. */
  const emit = (i: number, put: () => void): void => {
    code.get(result(i))
    put()
    code.memory('f64.store')
    advance(result(i), 8)
  }

  const flat = (): void => {
    const begin = (): void => {
      for (const a of accumulators) a?.begin()
    }
    const end = (): void => {
      accumulators.forEach((a, i) => {
        if (a !== null) emit(i, a.result)
      })
    }
    if (accumulators.every((a) => a === null)) walkLocal(count)
    else walkBlocks(count, begin, end)
  }

  const rows = (columns: number): void => {
    const long = columns > BLOCK && outputs.some(({ to }) => to === 'rowSum')
    const rest = code.local('i32')
    const trees = outputs.map(({ to }) => (long && to === 'rowSum' ? pairing(code, columns) : null))
    const perBlock = accumulators.filter((_, i) => trees[i] !== null)
    const perRow = accumulators.filter((_, i) => trees[i] === null)
    code.loop((again) => {
      writer.hoist(1, roots, (i) => {
        code.get(parameter(i)).memory('v128.load64_splat')
      })
      columnPointers.forEach((local, i) => {
        if (local !== null) code.get(parameter(i)).set(local)
      })
      for (const a of [...perRow, ...trees]) a?.begin()
      if (long) {
        code.i32(columns).set(rest)
        walkBlocks(
          rest,
          () => {
            for (const a of perBlock) a?.begin()
          },
          () => {
            trees.forEach((tree, i) => {
              if (tree === null) return
              accumulators[i]?.result()
              tree.step()
            })
          },
        )
      } else walk(columns)
      accumulators.forEach((a, i) => {
        if (a !== null) emit(i, (trees[i] ?? a).result)
      })
      inputs.forEach((access, i) => {
        if (access === 'row') advance(parameter(i), 8)
      })
      code.get(count).i32(1).op('i32.sub').tee(count)
      again()
    })
  }

  code.get(count)
  code.when(() => {
    writer.hoist(0, roots, (i) => {
      code.get(parameter(i)).memory('v128.load64_splat')
    })
    if (space.kind === 'flat') flat()
    else rows(space.columns)
  })
}

/**
 * Adds a fused elementwise kernel to a module. Its parameters are the number of elements (or rows), the addresses of the inputs,
 * then those of the outputs; a `blockSum` writes one double for each started block of {@link BLOCK} elements. An output may be the
 * array of an input of the same kind, and otherwise overlaps none. No lane is read or written beyond an array.
 *
 * Its bits are those of the primitives one after the other.
 *
 * @throws `RangeError` that names the field when the specification is none
 */
export const emitMap = (module: Module, name: string, spec: MapSpec, scalars: Scalars): Func => {
  checkMapSpec(spec)
  return module.function(
    name,
    ['i32', ...spec.inputs.map(() => 'i32' as const), ...spec.outputs.map(() => 'i32' as const)],
    [],
    (code) => writeMap(code, spec, scalars),
  )
}
