import type { Cell, FoldNode, Lowered, MapNode, Node, OtherNode, ProductNode, Value } from './node.js'

/** Elementwise nodes and folds of one space that one kernel computes in one pass. */
export interface Cluster {
  readonly kind: 'cluster'
  readonly rows: number
  readonly columns: number
  readonly nodes: ReadonlyArray<MapNode | FoldNode>
}

export type Task = Cluster | ProductNode | OtherNode

type Member = MapNode | FoldNode

const isMember = (node: Node | undefined): node is Member => node?.kind === 'map' || node?.kind === 'fold'

/** Nodes with the same key can share a pass. A fold of all elements wants them in one row. */
const keyOf = ({ rows, columns }: Member): string => `${rows}x${columns}`

const isConstant = (cells: ReadonlyArray<Cell>, value: Value): boolean => cells[value]?.content !== undefined

/**
 * The levels of the nodes. A node stands above what it reads; a member of a cluster may stand beside an elementwise node of the
 * same space, which the same pass computes. Whatever shares level and key is one cluster.
 */
const levelsOf = ({ nodes, cells }: Lowered): ReadonlyMap<Node, number> => {
  const makers = new Map(nodes.map((node) => [node.output, node]))
  const levels = new Map<Node, number>()
  const above = (node: Node, value: Value, full: boolean): number => {
    if (isConstant(cells, value)) return 0
    const maker = makers.get(value)
    if (maker === undefined) return 0
    const beside = full && isMember(node) && maker.kind === 'map' && keyOf(maker) === keyOf(node)
    return (levels.get(maker) ?? 0) + (beside ? 0 : 1)
  }
  for (const node of nodes)
    levels.set(
      node,
      Math.max(0, ...node.inputs.map(({ value, access }) => above(node, value, access === 'full'))),
    )

  // As late as its readers allow: what is computed where it is read need not be stored.
  const readers = new Map<Value, Array<readonly [Node, boolean]>>()
  for (const node of nodes)
    for (const { value, access } of node.inputs)
      readers.set(value, [...(readers.get(value) ?? []), [node, access === 'full']])
  for (const node of nodes.toReversed()) {
    const own = readers.get(node.output) ?? []
    if (node.kind !== 'map' || own.length === 0) continue
    const latest = own.map(([reader, full]) => {
      const beside = full && isMember(reader) && keyOf(reader) === keyOf(node)
      return (levels.get(reader) ?? 0) - (beside ? 0 : 1)
    })
    levels.set(node, Math.min(...latest))
  }
  return levels
}

/** What is to be done, level by level: no task reads what another of its level writes. */
export const schedule = (lowered: Lowered): ReadonlyArray<ReadonlyArray<Task>> => {
  const levels = levelsOf(lowered)
  const clusters = new Map<string, Member[]>()
  const tasks: Task[][] = []
  for (const node of lowered.nodes) {
    const level = levels.get(node) ?? 0
    const here = tasks[level] ?? []
    tasks[level] = here
    if (!isMember(node)) {
      here.push(node)
      continue
    }
    const key = `${level}:${keyOf(node)}`
    const cluster = clusters.get(key)
    if (cluster !== undefined) {
      cluster.push(node)
      continue
    }
    const nodes = [node]
    clusters.set(key, nodes)
    here.push({ kind: 'cluster', rows: node.rows, columns: node.columns, nodes })
  }
  return tasks.flatMap((level) => [level])
}
