import type { Equation, IR, PrimitiveName, PrimitiveParams, Shape } from '../../autodiff/ir.js'
import { size } from '../../autodiff/shape.js'
import { primitives } from '../../autodiff/table.js'
import type { Access, Cell, Lowered, Node, Operand, ProductNode, Space, Value } from './node.js'

/** What a value of the program is: the piece of memory that holds it, its shape, and what it repeats, if it is a broadcast. */
interface Known {
  readonly value: Value
  readonly shape: Shape
  readonly repeats?: { readonly value: Value; readonly shape: Shape }
}

const spaceOf = (shape: Shape): Space => {
  const columns = shape.length < 2 ? 1 : (shape[shape.length - 1] ?? 1)
  return { rows: columns === 0 ? 0 : size(shape) / columns, columns }
}

/** How an array of shape `from`, repeated to shape `to`, is addressed over rows and columns; null if it can not be. */
const accessOf = (from: Shape, to: Shape): Access | null => {
  if (size(from) === 1) return 'scalar'
  if (to.length < 2) return null
  const padded = [...to.slice(from.length).map(() => 1), ...from]
  const [last, lead] = [padded[to.length - 1], padded.slice(0, -1)]
  if (lead.every((n) => n === 1) && last === to[to.length - 1]) return 'column'
  if (last === 1 && lead.every((n, i) => n === to[i])) return 'row'
  return null
}

const full = (value: Value): Operand => ({ value, access: 'full' })

const productNode = (
  sizes: Pick<ProductNode, 'm' | 'n' | 'k' | 'transposeX' | 'transposeY'>,
  inputs: ProductNode['inputs'],
  output: Value,
): ProductNode => ({ kind: 'product', ...sizes, inputs, output })

/** Lowers a program, equation after equation. */
class Lowering {
  readonly cells: Cell[] = []
  readonly nodes: Node[] = []

  cell(cell: Cell): Value {
    this.cells.push(cell)
    return this.cells.length - 1
  }

  map<N extends PrimitiveName>(
    primitive: N,
    params: PrimitiveParams[N],
    space: Space,
    inputs: ReadonlyArray<Operand>,
  ): Value {
    const output = this.cell({ size: space.rows * space.columns, type: 'f64' })
    this.nodes.push({ kind: 'map', primitive, params, ...space, inputs, output })
    return output
  }

  constant(value: number): Operand {
    return { value: this.filled(1, value), access: 'scalar' }
  }

  fold(to: 'rowSum' | 'rowMax' | 'sum', space: Space, input: Value): Value {
    const output = this.cell({ size: to === 'sum' ? 1 : space.rows, type: 'f64' })
    this.nodes.push({ kind: 'fold', to, ...space, inputs: [full(input)], output })
    return output
  }

  filled(elements: number, value: number): Value {
    return this.cell({ size: elements, type: 'f64', content: { value } })
  }

  /** The same elements with some axes, in order, at the end. */
  axesLast({ value, shape }: Known, axes: ReadonlyArray<number>): Known {
    const permutation = [...shape.keys()].filter((i) => !axes.includes(i)).concat(axes)
    if (permutation.every((axis, i) => axis === i)) return { value, shape }
    const moved = permutation.map((i) => shape[i] ?? 0)
    const inputs = [0]
    const e: Equation = { primitive: 'transpose', params: { permutation }, inputs, shape: moved, type: 'f64' }
    return { value: this.other(e, [{ value, shape }]), shape: moved }
  }

  /** A sum or a maximum over some axes. */
  reduce(primitive: 'sum' | 'max', x: Known, axes: ReadonlyArray<number>): Value {
    const { shape } = x
    const kept = shape.filter((_, i) => !axes.includes(i))
    const [elements, columns] = [size(kept), size(axes.map((a) => shape[a] ?? 1))]
    const none = primitive === 'sum' ? 0 : Number.NEGATIVE_INFINITY
    if (columns === 0 || elements === 0) return this.filled(elements, none)
    if (columns === 1) {
      // One element, added to zero: a zero loses its sign, as in a sum of several.
      const start: Operand = { value: this.filled(1, none), access: 'scalar' }
      const space: Space = { rows: elements, columns: 1 }
      return this.map(primitive === 'sum' ? 'add' : 'maximum', {}, space, [start, full(x.value)])
    }
    if (elements === 1 && primitive === 'sum') return this.fold('sum', { rows: columns, columns: 1 }, x.value)
    const first = axes[0] ?? 0
    const neighbours = axes.every((a, i) => a === first + i)
    const inner = size(shape.slice(first + axes.length))
    if (neighbours && inner > 1) {
      // Sound: both take the same parameters.
      const e = { primitive, params: { axes }, inputs: [0], shape: kept, type: 'f64' } as Equation
      return this.other(e, [x])
    }
    const { value } = this.axesLast(x, axes)
    return this.fold(primitive === 'sum' ? 'rowSum' : 'rowMax', { rows: elements, columns }, value)
  }

  other(equation: Equation, inputs: ReadonlyArray<Known>): Value {
    const output = this.cell({ size: size(equation.shape), type: equation.type })
    this.nodes.push({
      kind: 'other',
      equation,
      shapes: inputs.map(({ shape }) => shape),
      inputs: inputs.map(({ value }) => full(value)),
      output,
    })
    return output
  }

  /** $m + \log \sum e^{x - m}$ over the columns, or $m$ where it is not finite, as the reference computes it. */
  logSumExp(space: Space, x: Value): Value {
    const lane: Space = { rows: space.rows, columns: 1 }
    const m = space.columns === 1 ? this.map('identity', {}, space, [full(x)]) : this.fold('rowMax', space, x)
    const shifted = this.map('sub', {}, space, [
      full(x),
      { value: m, access: space.columns === 1 ? 'full' : 'row' },
    ])
    const e = this.map('exp', {}, space, [full(shifted)])
    const s = space.columns === 1 ? e : this.fold('rowSum', space, e)
    const total = this.map('add', {}, lane, [full(m), full(this.map('log', {}, lane, [full(s)]))])
    const finite = this.map('lessEqual', {}, lane, [
      full(this.map('abs', {}, lane, [full(m)])),
      this.constant(Number.MAX_VALUE),
    ])
    return this.map('select', {}, lane, [full(finite), full(total), full(m)])
  }
}

const lowerEquation = (to: Lowering, e: Equation, inputs: ReadonlyArray<Known>): Known => {
  const { shape } = e
  const [x, y] = inputs
  const made = (value: Value): Known => ({ value, shape })
  switch (e.primitive) {
    case 'identity':
    case 'reshape':
    case 'stop':
      return { value: x?.value ?? 0, shape }
    case 'constant': {
      const one = to.filled(1, e.params.value)
      const value = size(shape) === 1 ? one : to.filled(size(shape), e.params.value)
      return { value, shape, repeats: { value: one, shape: [] } }
    }
    case 'literal':
      return made(to.cell({ size: size(shape), type: e.type, content: { values: e.params.values } }))
    case 'broadcastTo':
      // Whoever can address it does; the copy is dropped if nobody needs it.
      return {
        ...made(to.other(e, inputs)),
        ...(x === undefined || e.type !== 'f64'
          ? {}
          : { repeats: x.repeats ?? { value: x.value, shape: x.shape } }),
      }
    case 'matmul': {
      const { transposeX, transposeY } = e.params
      const [m = 0, n = 0] = shape
      const k = x?.shape[transposeX ? 0 : 1] ?? 0
      const output = to.cell({ size: m * n, type: 'f64' })
      const [a, b] = [full(x?.value ?? 0), full(y?.value ?? 0)]
      // A row times a matrix is the transposed matrix times a column: the same products in the same order.
      to.nodes.push(
        m === 1 && n > 1
          ? productNode({ m: n, n: 1, k, transposeX: !transposeY, transposeY: false }, [b, a], output)
          : productNode({ m, n, k, transposeX: transposeX && m > 1, transposeY }, [a, b], output),
      )
      return made(output)
    }
    case 'sum':
    case 'max':
      return made(to.reduce(e.primitive, x ?? { value: 0, shape: [] }, e.params.axes))
    case 'logSumExp': {
      const { axis } = e.params
      const from = x ?? { value: 0, shape: [] }
      if (from.shape[axis] === 0 || size(shape) === 0)
        return made(to.filled(size(shape), Number.NEGATIVE_INFINITY))
      const { value } = to.axesLast(from, [axis])
      return made(to.logSumExp({ rows: size(shape), columns: from.shape[axis] ?? 1 }, value))
    }
    default: {
      if (primitives[e.primitive].evaluate === undefined && e.primitive !== 'select')
        return made(to.other(e, inputs))
      const operands = inputs.map(({ value, repeats }): Operand => {
        const access = repeats === undefined ? null : accessOf(repeats.shape, shape)
        return repeats === undefined || access === null ? full(value) : { value: repeats.value, access }
      })
      return made(to.map(e.primitive, e.params, spaceOf(shape), operands))
    }
  }
}

/**
 * A matrix none of whose elements is addressed by row or column is a long vector: it needs no loop over rows, and its sum can be
 * taken in the same pass.
 */
export const flattened = (nodes: ReadonlyArray<Node>): ReadonlyArray<Node> => {
  const inRows = new Set(
    nodes.flatMap((node) =>
      node.kind === 'map' && node.inputs.some(({ access }) => access === 'row' || access === 'column')
        ? [`${node.rows}x${node.columns}`]
        : node.kind === 'fold' && node.to !== 'sum'
          ? [`${node.rows}x${node.columns}`]
          : [],
    ),
  )
  return nodes.map((node) =>
    node.kind === 'map' && !inRows.has(`${node.rows}x${node.columns}`)
      ? { ...node, rows: node.rows * node.columns, columns: 1 }
      : node,
  )
}

/** Drops the nodes whose output nobody reads. */
const live = (nodes: ReadonlyArray<Node>, outputs: ReadonlyArray<Value>): ReadonlyArray<Node> => {
  const needed = new Set(outputs)
  const kept = nodes.toReversed().filter(({ output, inputs }) => {
    if (!needed.has(output)) return false
    for (const { value } of inputs) needed.add(value)
    return true
  })
  return kept.reverse()
}

/** The program in terms of what kernels there are. */
export const lower = (ir: IR): Lowered => {
  const to = new Lowering()
  const known: Known[] = ir.inputs.map(({ shape, type }) => ({
    value: to.cell({ size: size(shape), type }),
    shape,
  }))
  const at = (id: number): Known => {
    const found = known[id]
    if (found === undefined) throw new RangeError(`plan: there is no value number ${id}`)
    return found
  }
  for (const e of ir.equations) known.push(lowerEquation(to, e, e.inputs.map(at)))
  const outputs = ir.outputs.map((id) => at(id).value)
  return {
    cells: to.cells,
    nodes: live(to.nodes, outputs),
    inputs: ir.inputs.map((_, i) => at(i).value),
    outputs,
  }
}
