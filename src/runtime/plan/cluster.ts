import { BLOCK } from '../../numeric/sum.js'
import type { MapEquation, MapInput, MapResult, MapSpec } from '../kernel/mapSpec.js'
import type { Cell, Operand, Value } from './node.js'
import type { Cluster } from './schedule.js'

/** A pass as a kernel, with the values it reads and writes in the order of its parameters. */
export interface Pass {
  readonly spec: MapSpec
  readonly reads: ReadonlyArray<Value>
  readonly writes: ReadonlyArray<Value>
}

/** Whether every element is the same known number, which a pass holds itself. */
export const isNumber = (
  cell: Cell | undefined,
): cell is Cell & { readonly content: { readonly value: number } } =>
  cell?.content !== undefined && 'value' in cell.content

/** The kernel of a cluster. `kept` says which of its values somebody else reads. */
export const passOf = (
  { nodes, columns }: Cluster,
  cells: ReadonlyArray<Cell>,
  kept: (value: Value) => boolean,
): Pass => {
  const made = new Set(nodes.flatMap((node) => (node.kind === 'map' ? [node.output] : [])))
  const inputs: MapInput[] = []
  const reads: Value[] = []
  const places = new Map<string, number>()
  const placeKey = ({ value, access }: Operand): string => `${value}${access}`
  // Inputs first: equations are numbered after them.
  for (const { inputs: operands } of nodes)
    for (const operand of operands) {
      const { value, access } = operand
      if (made.has(value) || isNumber(cells[value]) || places.has(placeKey(operand))) continue
      places.set(placeKey(operand), inputs.length)
      inputs.push(access)
      reads.push(value)
    }
  const equations: MapEquation[] = []
  const numbers = new Map<Value, number>()
  const define = (equation: MapEquation): number => {
    equations.push(equation)
    return inputs.length + equations.length - 1
  }
  const at = (operand: Operand): number => {
    const cell = cells[operand.value]
    const known =
      made.has(operand.value) || isNumber(cell) ? numbers.get(operand.value) : places.get(placeKey(operand))
    if (known !== undefined) return known
    if (!isNumber(cell)) throw new RangeError(`plan: value ${operand.value} is read before it is made`)
    const number = define({
      primitive: 'constant',
      params: { value: cell.content.value, shape: [] },
      inputs: [],
    })
    numbers.set(operand.value, number)
    return number
  }
  const outputs: Array<{ readonly value: number; readonly to: MapResult }> = []
  const writes: Value[] = []
  for (const node of nodes) {
    const operands = node.inputs.map(at)
    if (node.kind === 'fold') {
      const [value = 0] = operands
      outputs.push({ value, to: node.to === 'sum' ? 'blockSum' : node.to })
      writes.push(node.output)
      continue
    }
    const { primitive, params } = node
    const value = define({ primitive, params, inputs: operands })
    numbers.set(node.output, value)
    if (!kept(node.output)) continue
    outputs.push({ value, to: 'store' })
    writes.push(node.output)
  }
  const space: MapSpec['space'] = columns === 1 ? { kind: 'flat' } : { kind: 'rows', columns }
  return { spec: { space, inputs, equations, outputs }, reads, writes }
}

/** Rows of a pass that one call does. */
export const grainOf = (columns: number): number =>
  columns === 1 ? BLOCK : Math.max(1, Math.floor(BLOCK / columns))
