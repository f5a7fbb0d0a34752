import { fail } from '../../autodiff/primitive.js'
import { BLOCK } from '../../numeric/sum.js'
import type { Code, Func, Local } from '../assembler/code.js'
import type { Module } from '../assembler/module.js'
import { elementwise, isLong } from '../lane/elementwise.js'
import { Graph, type Level, type Value } from '../lane/graph.js'
import type { Scalars } from '../lane/scalars.js'
import { type Checks, Writer } from '../lane/writer.js'
import { maximum, pairing, summing } from './accumulator.js'
import { checkMapSpec, type MapInput, type MapSpec } from './mapSpec.js'
import { type Steps, walk, walkBlocks } from './mapWalk.js'

const LEVELS: { readonly [A in MapInput]: Level } = { scalar: 0, row: 1, column: 2, full: 2 }

/** Of every vector of a step, the outputs; and the checks on the way to them. */
interface Built {
  readonly parts: ReadonlyArray<ReadonlyArray<Value>>
  readonly checks: ReadonlyArray<number>
}

/** What a step computes of so many vectors, equation by equation; long functions are kept apart by checks. */
const build = (graph: Graph, { inputs, equations, outputs }: MapSpec, vectors: number): Built => {
  const parts = Array.from({ length: vectors }, (_, part) =>
    inputs.map((access, i) => graph.input(i, LEVELS[access], LEVELS[access] === 2 ? part : 0)),
  )
  const value = (values: ReadonlyArray<Value>, id: number): Value =>
    values[id] ?? fail('map', `there is no value ${id}`)
  const lastLong = equations.reduce((last, { primitive }, i) => (isLong(primitive) ? i : last), -1)
  const checks: (number | null)[] = []
  equations.forEach(({ primitive, params, inputs: args }, i) => {
    const results = parts.map((values) => {
      const result = elementwise(
        graph,
        primitive,
        params,
        args.map((a) => value(values, a)),
      )
      values.push(result)
      return result
    })
    if (vectors > 1 && isLong(primitive) && i < lastLong) checks.push(graph.check(results))
  })
  const results = parts.map((values) => outputs.map((output) => value(values, output.value)))
  // A sum takes the vectors one after the other. They wait for each other, or the compiler makes one long chain of them.
  const waits = (i: number): boolean => vectors > 1 && lastLong >= 0 && outputs[i]?.to !== 'store'
  const check = graph.check(results.flatMap((values) => values.filter((_, i) => waits(i))))
  return {
    parts: results.map((values) =>
      values.map((result, i) => (check !== null && waits(i) ? graph.after(check, result) : result)),
    ),
    checks: [...checks, check].filter((c) => c !== null),
  }
}

/** Vectors that a step takes together, so that their chains of dependent operations overlap. */
const UNROLL = 4
/** Instructions of a step beyond which that only makes the code longer. */
const LONG = 1200

/** How many vectors the wide step takes: a short row at once, else a few, fewer when each is long. */
const unrolled = (instructions: number, { space }: MapSpec): number => {
  const pairs = space.kind === 'rows' ? space.columns >> 1 : UNROLL
  const most = Math.max(1, Math.floor(LONG / Math.max(1, instructions)))
  return pairs <= Math.min(UNROLL + 2, most) ? Math.max(1, pairs) : Math.min(UNROLL, most)
}

interface Given {
  readonly scalars: Scalars
  /** Whether what is written may round a product and a sum once. */
  readonly fused: boolean
  /** Whether it is compiled where wide vectors are made of pairs. */
  readonly wide: boolean
}

/** Writes the body of a kernel. Pointers are the parameters themselves, which move on with the loops. */
const writeMap = (code: Code, spec: MapSpec, { scalars, fused, wide }: Given): void => {
  const { space, inputs, outputs } = spec
  const graph = new Graph(fused)
  const [sure = []] = build(graph, spec, 1).parts
  const vectors = unrolled(graph.size, spec)
  const { parts, checks } = graph.assuming(() => build(graph, spec, vectors))
  const roots = [...sure, ...parts.flat(), ...checks]
  const writer = new Writer(code, graph, scalars)

  const count = code.param(0)
  const parameter = (i: number): Local => code.param(1 + i)
  const result = (i: number): Local => code.param(1 + inputs.length + i)
  const columnPointers = inputs.map((access) => (access === 'column' ? code.local('i32') : null))
  const pointer = (i: number): Local => columnPointers[i] ?? parameter(i)
  const accumulators = outputs.map(({ to }) =>
    to === 'store' ? null : to === 'rowMax' ? maximum(code) : summing(code),
  )

  const advance = (local: Local, bytes: number): void => {
    code.get(local).i32(bytes).op('i32.add').set(local)
  }

  /** Computes vectors; then, when all that is read has been read, writes them: an output may lie where an input lies. */
  const step = (taken: Built['parts'], elements: number, checked?: Checks): void => {
    const single = elements === 1
    const load = (i: number, part: number): void => {
      code.get(pointer(i)).memory(single ? 'v128.load64_splat' : 'v128.load', 16 * part)
    }
    const locals = writer.write(taken.flat(), load, checked)
    const local = (value: number | undefined): Local =>
      locals.get(value ?? -1) ?? fail('map', 'an output was not computed')
    outputs.forEach(({ to }, i) => {
      taken.forEach((values, part) => {
        const value = local(values[i])
        if (to !== 'store') accumulators[i]?.step(value, single)
        else if (single) code.get(result(i), value).storeLane(0)
        else {
          // Wide vectors are made of stores at offsets from one address. An exact kernel may be optimised while they are, and has none.
          code.get(result(i))
          if (part > 0 && !wide) code.i32(16 * part).op('i32.add')
          code.get(value).memory('v128.store', wide ? 16 * part : 0)
        }
      })
    })
    writer.release()
    inputs.forEach((access, i) => {
      if (access === 'full' || access === 'column') advance(pointer(i), 8 * elements)
    })
    outputs.forEach(({ to }, i) => {
      if (to === 'store') advance(result(i), 8 * elements)
    })
  }

  const steps: Steps = {
    width: 2 * vectors,
    wide: (refuse) => step(parts, 2 * vectors, { nodes: checks, refuse }),
    refuses: checks.length > 0,
    pair: () => step([sure], 2),
    // Both lanes are filled with the one element, so that none holds what was never read.
    single: () => step([sure], 1),
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
    if (accumulators.every((a) => a === null)) walk(code, steps, () => code.get(count), null)
    else walkBlocks(code, steps, count, { begin, end })
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
        walkBlocks(code, steps, rest, {
          begin: () => {
            for (const a of perBlock) a?.begin()
          },
          end: () => {
            trees.forEach((tree, i) => {
              if (tree === null) return
              accumulators[i]?.result()
              tree.step()
            })
          },
        })
      } else walk(code, steps, () => code.i32(columns), columns)
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
 * Its bits are those of the primitives one after the other, unless the module is fused.
 *
 * @throws `RangeError` that names the field when the specification is none
 */
export const emitMap = (module: Module, name: string, spec: MapSpec, scalars: Scalars): Func => {
  checkMapSpec(spec)
  return module.function(
    name,
    ['i32', ...spec.inputs.map(() => 'i32' as const), ...spec.outputs.map(() => 'i32' as const)],
    [],
    (code) => writeMap(code, spec, { scalars, fused: module.fused, wide: module.wide }),
  )
}
