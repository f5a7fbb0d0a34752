import type { Group } from './band.js'
import { flattened } from './lower.js'
import type { Lowered, Node, ProductNode, Value } from './node.js'
import { type Cluster, schedule, type Task } from './schedule.js'

/** Tasks between which there is no order, or a band: what is done in one go. */
export type Move =
  | { readonly kind: 'level'; readonly tasks: ReadonlyArray<Task> }
  | {
      readonly kind: 'band'
      readonly rows: number
      readonly block: number
      readonly along: ReadonlyArray<Task>
      readonly across: ReadonlyArray<ProductNode>
    }

const isProduct = (node: Node): node is ProductNode => node.kind === 'product'

/** A group as what is done one after the other. */
export const movesOf = (lowered: Lowered, group: Group): ReadonlyArray<Move> => {
  const levels = (nodes: ReadonlyArray<Node>) => schedule({ ...lowered, nodes: flattened(nodes) })
  if (group.kind === 'rest') return levels(group.nodes).map((tasks): Move => ({ kind: 'level', tasks }))
  const { kind, rows, block, along, across } = group
  return [{ kind, rows, block, along: levels(along).flat(), across: across.filter(isProduct) }]
}

export const tasksOf = (move: Move): ReadonlyArray<Task> =>
  move.kind === 'level' ? move.tasks : [...move.along, ...move.across]

export const readsOf = (task: Task): ReadonlyArray<Value> =>
  task.kind === 'cluster'
    ? task.nodes.flatMap(({ inputs }) => inputs.map(({ value }) => value))
    : task.inputs.map(({ value }) => value)

export const writesOf = (task: Task): ReadonlyArray<Value> =>
  task.kind === 'cluster' ? task.nodes.map(({ output }) => output) : [task.output]

/** For each value the tasks that read it. */
export const readersOf = (tasks: ReadonlyArray<Task>): ReadonlyMap<Value, ReadonlySet<Task>> => {
  const readers = new Map<Value, Set<Task>>()
  for (const task of tasks)
    for (const value of readsOf(task)) {
      const known = readers.get(value) ?? new Set()
      readers.set(value, known.add(task))
    }
  return readers
}

/** Whether somebody else than a cluster reads a value of it: then it is stored. */
export const keptOf = (
  moves: ReadonlyArray<Move>,
  outputs: ReadonlyArray<Value>,
): ((value: Value, by: Cluster) => boolean) => {
  const readers = readersOf(moves.flatMap(tasksOf))
  const results = new Set(outputs)
  return (value, by) => results.has(value) || [...(readers.get(value) ?? [])].some((task) => task !== by)
}
