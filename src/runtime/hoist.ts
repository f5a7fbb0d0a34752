import { type Equation, type IR, type PrimitiveName, typeOf, type ValueType } from '../autodiff/ir.js'

/** A part of a program, cut in two. */
export interface Stage {
  /**
   * What depends on known inputs only: its inputs are those, in order, then what the stages before keep. Null if there is nothing of that
   * kind that they do not keep already.
   */
  readonly once: IR | null
  /** The rest: its inputs are those of the whole, then what all stages up to this one keep. */
  readonly each: IR
}

/** What costs nothing where it is read: to keep its result would only take room. Indices are few beside what they point at. */
const FREE: ReadonlySet<PrimitiveName> = new Set([
  'broadcastTo',
  'constant',
  'identity',
  'literal',
  'reshape',
  'stop',
  'transpose',
])

const isFree = (e: Equation): boolean => FREE.has(e.primitive) || e.type !== 'f64'

/** Some equations of a program under new numbers, given those of what they read from outside. */
const renumbered = (
  ir: IR,
  chosen: (id: number) => boolean,
  { inputs, numbers }: { readonly inputs: ReadonlyArray<ValueType>; readonly numbers: Map<number, number> },
  outputs: ReadonlyArray<number>,
): IR => {
  const equations: Equation[] = []
  for (const [k, e] of ir.equations.entries()) {
    const id = ir.inputs.length + k
    if (!chosen(id)) continue
    numbers.set(id, inputs.length + equations.length)
    equations.push({ ...e, inputs: e.inputs.map((i) => numbers.get(i) ?? i) })
  }
  return { inputs, equations, outputs: outputs.map((id) => numbers.get(id) ?? id) }
}

/** All that some values are made of, themselves included, down to inputs and to where it is to stop. */
const makersOf = (
  ir: IR,
  values: ReadonlyArray<number>,
  stop: (id: number) => boolean,
): ReadonlySet<number> => {
  const n = ir.inputs.length
  const read = new Set(values)
  const found = new Set<number>()
  // What reads a value stands behind it.
  for (let id = n + ir.equations.length - 1; id >= n; id -= 1) {
    if (!read.has(id) || stop(id)) continue
    found.add(id)
    for (const i of ir.equations[id - n]?.inputs ?? []) read.add(i)
  }
  return found
}

/**
 * Takes out of the parts of a program what depends on known inputs only, so that it can be computed once while they stay the same. A part
 * uses what the parts before it keep.
 *
 * @param known - which inputs are known
 * @param parts - the outputs of each part, by number
 */
export const stages = (
  ir: IR,
  known: ReadonlyArray<boolean>,
  parts: ReadonlyArray<ReadonlyArray<number>>,
): ReadonlyArray<Stage> => {
  const n = ir.inputs.length
  const fixed = ir.inputs.map((_, i) => known[i] === true)
  for (const e of ir.equations) fixed.push(e.inputs.every((i) => fixed[i]))
  const typed = (id: number): ValueType => {
    const { shape, type } = typeOf(ir, id)
    return { shape, type }
  }
  const given = [...ir.inputs.keys()].filter((i) => known[i] === true)
  const numbered = (ids: ReadonlyArray<number>) => ({
    inputs: ids.map(typed),
    numbers: new Map(ids.map((id, k) => [id, k])),
  })
  // Worth keeping is where the rest of a part meets what is fixed, but for what is free on the way.
  const isKept = (id: number): boolean => {
    const e = ir.equations[id - n]
    return fixed[id] === true && e !== undefined && !isFree(e)
  }
  const kept = new Set<number>()
  return parts.map((outputs) => {
    const before = new Set(kept)
    const rest = makersOf(ir, outputs, isKept)
    const read = [...rest].flatMap((id) => ir.equations[id - n]?.inputs ?? []).concat(outputs)
    const more = [...new Set(read)].filter((id) => isKept(id) && !before.has(id)).sort((a, b) => a - b)
    for (const id of more) kept.add(id)
    const made = makersOf(ir, more, (id) => before.has(id))
    return {
      once:
        more.length === 0
          ? null
          : renumbered(ir, (id) => made.has(id), numbered([...given, ...before]), more),
      each: renumbered(ir, (id) => rest.has(id), numbered([...ir.inputs.keys(), ...kept]), outputs),
    }
  })
}

/**
 * Takes out of a program what depends on bound inputs only, so that it can be computed once instead of in every call.
 *
 * @param bound - which inputs are bound
 */
export const hoist = (ir: IR, bound: ReadonlyArray<boolean>): Stage => {
  const [stage] = stages(ir, bound, [ir.outputs])
  return stage === undefined || stage.once === null ? { once: null, each: ir } : stage
}
