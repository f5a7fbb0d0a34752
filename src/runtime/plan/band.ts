import { size } from '../../autodiff/shape.js'
import type { Cell, Lowered, Node, Operand, Value } from './node.js'
import type { Tuning } from './tuning.js'

/** Nodes that are computed for a block of rows after the other, and those that the rows of all blocks go into. */
export interface BandNodes {
  readonly kind: 'band'
  readonly rows: number
  readonly block: number
  readonly along: ReadonlyArray<Node>
  readonly across: ReadonlyArray<Node>
}

/** Nodes that are computed for all rows before the next. */
export interface RestNodes {
  readonly kind: 'rest'
  readonly nodes: ReadonlyArray<Node>
}

export type Group = BandNodes | RestNodes

/** Bytes that stay in a near cache from one block to the next. */
const NEAR = 128 * 1024

/** The operands of a node of which row `i` of the result reads row `i` only; null if the node is not one of rows. */
const rowwise = (node: Node, rows: number): ReadonlyArray<Operand> | null => {
  switch (node.kind) {
    case 'map':
      return node.rows === rows
        ? node.inputs.filter(({ access }) => access === 'full' || access === 'row')
        : null
    case 'fold':
      return node.rows === rows && node.to !== 'sum' ? node.inputs : null
    case 'product':
      return node.m === rows && !node.transposeX ? [node.inputs[0]] : null
    case 'other': {
      const { primitive } = node.equation
      if (primitive === 'pick' || primitive === 'place')
        return node.shapes[0]?.[0] === rows ? node.inputs : null
      // Windows are rows too; of the images they are cut from they read what they like.
      if (primitive === 'patches') return size(node.equation.shape.slice(0, 3)) === rows ? [] : null
      return primitive === 'gather' && node.equation.type === 'f64' && node.equation.shape[0] === rows
        ? node.inputs.slice(1)
        : null
    }
  }
}

/** Whether the rows go into a product as its inner index. */
const isAcross = (node: Node, rows: number): boolean =>
  node.kind === 'product' &&
  node.k === rows &&
  node.transposeX &&
  (!node.transposeY || node.n === 1) &&
  node.m * node.n > 0

const bytesPerRow = (cells: ReadonlyArray<Cell>, value: Value, rows: number): number => {
  const cell = cells[value]
  return cell === undefined || cell.content !== undefined
    ? 0
    : ((cell.type === 'f64' ? 8 : 4) * cell.size) / rows
}

/** How often each value is read or written row by row, with the bytes of a row of it. */
const traffic = (
  { nodes, cells }: Lowered,
  rows: number,
): ReadonlyMap<Value, { readonly times: number; readonly bytes: number }> => {
  const seen = new Map<Value, { times: number; bytes: number }>()
  const touch = (value: Value): void => {
    const known = seen.get(value) ?? { times: 0, bytes: bytesPerRow(cells, value, rows) }
    known.times += 1
    seen.set(value, known)
  }
  for (const node of nodes) {
    const operands = rowwise(node, rows)
    for (const { value } of operands ?? []) touch(value)
    if (operands !== null) touch(node.output)
    else if (isAcross(node, rows)) {
      for (const { value } of node.inputs) touch(value)
      // By columns, a strip at a time: of all rows it comes from far for each strip, on a page for each row; of a block it is near by then.
      for (const { value } of node.inputs.slice(0, 1)) touch(value)
    }
  }
  return seen
}

/** Bytes that a block brings again from a far cache: what all blocks are multiplied with, and what all of them go into. */
const spent = (node: Node, rows: number): number => {
  if (node.kind !== 'product') return 0
  const bytes = isAcross(node, rows)
    ? 16 * node.m * node.n
    : rowwise(node, rows) === null
      ? 0
      : 8 * node.k * node.n
  return bytes > NEAR ? bytes : 0
}

/** Rows of a block: so many that the widest thing that is read of them fits, from sizes only. */
const blockOf = (widest: number, { blockBytes, blockRows: [fewest, most] }: Tuning): number => {
  const fitting = Math.max(1, Math.floor(blockBytes / Math.max(8, widest)))
  return Math.min(most, Math.max(fewest, 2 ** (31 - Math.clz32(fitting))))
}

/** The numbers of rows that are worth blocks, with the rows of a block. */
const worthy = (lowered: Lowered, tuning: Tuning): ReadonlyMap<number, number> => {
  const candidates = new Set(
    lowered.nodes.flatMap((node) => (node.kind === 'product' ? (node.transposeX ? [node.k] : [node.m]) : [])),
  )
  const found = new Map<number, number>()
  for (const rows of candidates) {
    const seen = [...traffic(lowered, rows).values()]
    const again = seen.reduce((sum, { times, bytes }) => sum + (times - 1) * bytes * rows, 0)
    const all = lowered.nodes.reduce((sum, node) => sum + spent(node, rows), 0)
    const block = blockOf(Math.max(0, ...seen.map(({ bytes }) => bytes)), tuning)
    if (block < rows && again - (Math.ceil(rows / block) - 1) * all >= tuning.banded) found.set(rows, block)
  }
  return found
}

/**
 * Cuts a program into groups, each of which reads what stands before it only.
 *
 * The depth of a node counts the bands on the way to it. A node of rows stands in the same band as the node of the same rows that it
 * reads row by row; whatever reads a band otherwise stands behind it.
 */
export const groupsOf = (lowered: Lowered, tuning: Tuning): ReadonlyArray<Group> => {
  const blocks = worthy(lowered, tuning)
  if (blocks.size === 0) return [{ kind: 'rest', nodes: lowered.nodes }]
  interface Placed {
    readonly depth: number
    /** The rows of its band; 0 outside. */
    readonly rows: number
    readonly across: boolean
  }
  const placed = new Map<Value, Placed>()
  const place = (node: Node): Placed => {
    const of = (rows: number, local: ReadonlyArray<Operand>, across: boolean): Placed => {
      const depths = node.inputs.map(({ value, access }) => {
        const maker = placed.get(value)
        if (maker === undefined) return 0
        const beside =
          maker.rows === 0 ||
          (maker.rows === rows &&
            !maker.across &&
            local.some((operand) => operand.value === value && operand.access === access) &&
            !node.inputs.some((other) => other.value === value && !local.includes(other)))
        return maker.depth + (beside ? 0 : 1)
      })
      return { depth: Math.max(0, ...depths), rows, across }
    }
    for (const rows of blocks.keys()) {
      const local = rowwise(node, rows)
      if (local !== null) return of(rows, local, false)
    }
    for (const rows of blocks.keys()) if (isAcross(node, rows)) return of(rows, node.inputs, true)
    return of(0, [], false)
  }
  const groups = new Map<string, { along: Node[]; across: Node[]; depth: number; rows: number }>()
  for (const node of lowered.nodes) {
    const at = place(node)
    placed.set(node.output, at)
    const key = `${at.depth}:${at.rows}`
    const group = groups.get(key) ?? { along: [], across: [], depth: at.depth, rows: at.rows }
    groups.set(key, group)
    if (at.across) group.across.push(node)
    else group.along.push(node)
  }
  return [...groups.values()]
    .sort((a, b) => a.depth - b.depth || a.rows - b.rows)
    .map(({ along, across, rows }): Group => {
      const block = blocks.get(rows)
      // Without a product there is little to read again.
      const products = [...along, ...across].some(({ kind }) => kind === 'product')
      return block === undefined || !products
        ? { kind: 'rest', nodes: along }
        : { kind: 'band', rows, block, along, across }
    })
}
