import { type Equation, type IR, type PrimitiveName, typeOf, type ValueType } from '../autodiff/ir.js'

/** A program cut in two. */
export interface Hoisted {
  /** What depends on bound inputs only; its inputs are those, in order. Null if there is nothing of that kind. */
  readonly once: IR | null
  /** The rest: its inputs are those of the whole, then the outputs of `once`. */
  readonly each: IR
}

/** What costs nothing where it is read: to keep its result would only take room. */
const FREE: ReadonlySet<PrimitiveName> = new Set([
  'broadcastTo',
  'constant',
  'identity',
  'literal',
  'reshape',
  'stop',
  'transpose',
])

/** Some equations of a program under new numbers. */
const renumbered = (
  equations: ReadonlyArray<readonly [id: number, e: Equation]>,
  numbers: Map<number, number>,
  inputs: number,
): ReadonlyArray<Equation> =>
  equations.map(([id, e], k) => {
    numbers.set(id, inputs + k)
    return { ...e, inputs: e.inputs.map((i) => numbers.get(i) ?? i) }
  })

/**
 * Takes out of a program what depends on bound inputs only, so that it can be computed once instead of in every call.
 *
 * @param bound - which inputs are bound
 */
export const hoist = (ir: IR, bound: ReadonlyArray<boolean>): Hoisted => {
  const n = ir.inputs.length
  const fixed = ir.inputs.map((_, i) => bound[i] === true)
  for (const e of ir.equations) fixed.push(e.inputs.every((i) => fixed[i]))

  // What the rest reads of it: values worth keeping, and what is free on the way to them.
  const kept = new Set<number>()
  const free = new Set<number>()
  const read = (id: number): void => {
    const e = ir.equations[id - n]
    if (e === undefined || fixed[id] !== true) return
    if (!FREE.has(e.primitive) || e.type !== 'f64') {
      kept.add(id)
      return
    }
    free.add(id)
    for (const i of e.inputs) read(i)
  }
  for (const [k, e] of ir.equations.entries()) if (fixed[n + k] !== true) for (const i of e.inputs) read(i)
  for (const id of ir.outputs) read(id)
  const outputs = [...kept].filter((id) => typeOf(ir, id).type === 'f64')
  if (outputs.length === 0 || outputs.length < kept.size) return { once: null, each: ir }

  const typed = (id: number): ValueType => {
    const { shape, type } = typeOf(ir, id)
    return { shape, type }
  }
  const equations = ir.equations.map((e, k) => [n + k, e] as const)
  const given = [...ir.inputs.keys()].filter((i) => bound[i] === true)
  const before = new Map(given.map((i, k) => [i, k]))
  const once = renumbered(
    equations.filter(([id]) => fixed[id] === true),
    before,
    given.length,
  )
  const after = new Map([...ir.inputs.keys(), ...outputs].map((id, k) => [id, k]))
  const each = renumbered(
    equations.filter(([id]) => fixed[id] !== true || free.has(id)),
    after,
    n + outputs.length,
  )
  return {
    once: {
      inputs: given.map(typed),
      equations: once,
      outputs: outputs.map((id) => before.get(id) ?? id),
    },
    each: {
      inputs: [...ir.inputs, ...outputs.map(typed)],
      equations: each,
      outputs: ir.outputs.map((id) => after.get(id) ?? id),
    },
  }
}
