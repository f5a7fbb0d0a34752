import type { Equation, IR } from '../../src/autodiff/ir.js'

/** The same equations in another order in which each comes after those it reads: of those that could be next, one is picked. */
export const reordered = (ir: IR, picks: ReadonlyArray<number>): IR => {
  const n = ir.inputs.length
  const numbered = new Map(ir.inputs.map((_, i) => [i, i] as const))
  const left = ir.equations.map((e, k) => ({ e, id: n + k }))
  const equations: Equation[] = []
  while (left.length > 0) {
    const ready = left.filter(({ e }) => e.inputs.every((i) => numbered.has(i)))
    const next = ready[(picks[equations.length % picks.length] ?? 0) % ready.length]
    if (next === undefined) throw new Error('an equation reads what nobody defines')
    left.splice(left.indexOf(next), 1)
    numbered.set(next.id, n + equations.length)
    equations.push({ ...next.e, inputs: next.e.inputs.map((i) => numbered.get(i) ?? -1) })
  }
  return { inputs: ir.inputs, equations, outputs: ir.outputs.map((i) => numbered.get(i) ?? -1) }
}
