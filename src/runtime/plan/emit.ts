import { BLOCK } from '../../numeric/sum.js'
import type { Func } from '../assembler/code.js'
import { Module } from '../assembler/module.js'
import { emitCopy, emitFill } from '../emit/copy.js'
import { emitGather, emitPick, emitPlace, emitScatterAdd } from '../emit/indexed.js'
import { emitMax } from '../emit/maximum.js'
import { movementOf } from '../emit/movement.js'
import { emitPack, wantsPack } from '../emit/pack.js'
import { emitProduct, type ProductSpec, wantsRows } from '../emit/product.js'
import { emitPairwise, emitSum, sumScratch } from '../emit/sum.js'
import { emitMatrixVector, emitTransposedMatrixVector } from '../emit/vectorProduct.js'
import { emitMap } from '../kernel/map.js'
import { importScalars } from '../lane/scalars.js'
import { grainOf, passOf } from './cluster.js'
import type { Cell, OtherNode, ProductNode, Value } from './node.js'
import type { Cluster, Task } from './schedule.js'
import type { Argument, Step } from './step.js'

/** Where things lie: values, and scratch that only the current task uses. */
export interface Places {
  readonly at: (value: Value) => number
  readonly scratch: (bytes: number) => number
  /** One word that is set where an index is out of range. */
  readonly flag: number
}

const fixed = (value: number): Argument => ({ fixed: value })
const moving = (at: number, per: number): Argument => ({ at, per })
const COUNT: Argument = { count: true }

/** Below so many operations a step is not worth a second thread. */
const SMALL = 16_384
/** Operations of one call of a product. */
const WORK = 2 ** 19

/** Steps in turn: what stands later reads what stands earlier. */
type Steps = ReadonlyArray<ReadonlyArray<Step>>

/** Writes the kernels of tasks into a module, each kernel once. */
export class Emission {
  readonly module = new Module()
  readonly #scalars = importScalars(this.module)
  readonly #known = new Map<string, Func>()
  readonly #cells: ReadonlyArray<Cell>
  readonly #places: Places
  readonly #kept: (value: Value, by: Cluster) => boolean

  constructor(cells: ReadonlyArray<Cell>, places: Places, kept: (value: Value, by: Cluster) => boolean) {
    this.#cells = cells
    this.#places = places
    this.#kept = kept
  }

  /** The kernel for these facts, emitted when they are met for the first time. */
  #kernel<S>(
    kind: string,
    emit: (module: Module, name: string, spec: S) => Func,
    spec: S,
    more: ReadonlyArray<number> = [],
  ): Func {
    const key = `${kind}${JSON.stringify([spec, more], (_, x: unknown) => (typeof x === 'number' ? encode(x) : x))}`
    const known = this.#known.get(key) ?? emit(this.module, `${kind}.${this.#known.size}`, spec)
    this.#known.set(key, known)
    return known
  }

  steps(task: Task): Steps {
    switch (task.kind) {
      case 'cluster':
        return this.#pass(task)
      case 'product':
        return this.#product(task)
      case 'other':
        return this.#other(task)
    }
  }

  #once(kernel: Func, given: ReadonlyArray<number>): Step {
    return { kernel, arguments: given.map(fixed), items: 1, grain: 1, alone: true }
  }

  #pass(cluster: Cluster): Steps {
    const { at, scratch } = this.#places
    const { spec, reads, writes } = passOf(cluster, this.#cells, (value) => this.#kept(value, cluster))
    const { rows, columns } = cluster
    const kernel = this.#kernel('map', (m, name, s) => emitMap(m, name, s, this.#scalars), spec)
    const blocks = Math.ceil(rows / BLOCK)
    const sums: Step[] = []
    const inputs = spec.inputs.map((access, i): Argument => {
      const place = at(reads[i] ?? 0)
      return moving(place, access === 'full' ? 8 * columns : access === 'row' ? 8 : 0)
    })
    const outputs = spec.outputs.map(({ to }, i): Argument => {
      const place = at(writes[i] ?? 0)
      if (to === 'store') return moving(place, 8 * columns)
      if (to !== 'blockSum') return moving(place, 8)
      if (blocks <= 1) return moving(place, 0)
      const partial = scratch(8 * blocks)
      const pairwise = this.#kernel('pairwise', emitPairwise, { inner: 1 })
      sums.push(this.#once(pairwise, [blocks, partial, place]))
      return { at: partial, perBlock: BLOCK }
    })
    const step: Step = {
      kernel,
      arguments: [COUNT, ...inputs, ...outputs],
      items: rows,
      grain: grainOf(columns),
      alone: rows * columns * spec.equations.length < SMALL,
    }
    return [[step], sums]
  }

  #product({ m, n, k, transposeX, transposeY, inputs: [x, y], output }: ProductNode): Steps {
    const { at, scratch } = this.#places
    const [a, b, c] = [at(x.value), at(y.value), at(output)]
    if (m === 0 || n === 0) return []
    const alone = m * n * k < SMALL
    const steps = (kernel: Func, items: number, given: ReadonlyArray<Argument>, grain: number): Step => ({
      kernel,
      arguments: [COUNT, fixed(k), ...given, fixed(0)],
      items,
      grain,
      alone,
    })
    const grain = (width: number): number => Math.max(8, 8 * Math.floor(WORK / (8 * Math.max(1, k) * width)))
    const vector = n === 1 || m === 1
    if (vector) {
      // The matrix, its rows as they are stored, whether the inner index runs along them, and the other operand.
      const [matrix, other, length] = n === 1 ? [a, b, m] : [b, a, n]
      const along = n === 1 ? !transposeX : transposeY
      if (along) {
        const kernel = this.#kernel('matrixVector', emitMatrixVector, { stride: k })
        return [[steps(kernel, length, [moving(matrix, 8 * k), moving(other, 0), moving(c, 8)], grain(1))]]
      }
      const kernel = this.#kernel('transposedMatrixVector', emitTransposedMatrixVector, { stride: length })
      return [
        [steps(kernel, length, [moving(matrix, 8), moving(other, 0), moving(c, 8)], Math.max(64, grain(1)))],
      ]
    }
    const a0 = transposeX ? { inner: m, across: 1 } : { inner: 1, across: k }
    const b0 = transposeY ? { inner: 1, across: k } : { inner: n, across: 1 }
    const packs = wantsPack(m, n, b0)
    const packed = packs ? scratch(8 * k * n) : b
    const rows = wantsRows(n, a0)
    const spec: ProductSpec = {
      n,
      a: a0,
      b: packs ? 'packed' : { inner: b0.inner },
      c: n,
      ...(rows ? { rows } : {}),
    }
    const kernel = this.#kernel('product', emitProduct, spec)
    const given = [moving(a, transposeX ? 8 : 8 * k), moving(packed, 0), moving(c, 8 * n)]
    const product = steps(kernel, m, given, grain(n))
    const whole: Step = rows
      ? { ...product, arguments: [...product.arguments, moving(scratch(8 * m * k), 8 * k)] }
      : product
    if (!packs) return [[whole]]
    const pack = this.#kernel('pack', (module, name, st) => emitPack(module, name, st, n), b0, [n])
    return [[this.#once(pack, [k, b, packed])], [whole]]
  }

  #other({ equation: e, shapes, inputs, output }: OtherNode): Steps {
    const { at, scratch, flag } = this.#places
    const place = (i: number): number => at(inputs[i]?.value ?? 0)
    const out = at(output)
    const shape = shapes[0] ?? []
    const [rows = 0] = shape
    const elements = this.#cells[output]?.size ?? 0
    const movement = movementOf(e, shapes)
    if (movement !== null) {
      const fill = this.#kernel('fill', (module, name) => emitFill(module, name, 0), 0)
      const copies = movement.copies.map(({ input, from, to, count, spec }): Step => {
        const { element, rows: strides } = spec
        return {
          kernel: this.#kernel('copy', emitCopy, spec),
          arguments: [
            COUNT,
            moving(place(input) + element * from, element * strides.from),
            moving(out + element * to, element * strides.to),
          ],
          items: count,
          grain: Math.max(1, Math.ceil((4 * BLOCK * count) / Math.max(1, elements))),
          alone: elements < SMALL,
        }
      })
      return [movement.zero ? [this.#once(fill, [elements, out])] : [], copies]
    }
    const width = shape.slice(1).reduce((p, q) => p * q, 1)
    switch (e.primitive) {
      case 'sum':
      case 'max': {
        const [first = 0] = e.params.axes
        const outer = shape.slice(0, first).reduce((p, q) => p * q, 1)
        const count = shape.slice(first, first + e.params.axes.length).reduce((p, q) => p * q, 1)
        const inner = outer * count === 0 ? 0 : shape.reduce((p, q) => p * q, 1) / (outer * count)
        if (e.primitive === 'max')
          return [[this.#once(this.#kernel('max', emitMax, { inner }), [outer, count, place(0), out, 0])]]
        const room = scratch(8 * sumScratch(count, { inner }))
        return [[this.#once(this.#kernel('sum', emitSum, { inner }), [outer, count, place(0), out, room])]]
      }
      case 'gather': {
        const element = e.type === 'f64' ? 8 : 4
        const kernel = this.#kernel('gather', emitGather, { limit: rows, width, element } as const)
        const count = e.shape[0] ?? 0
        return [
          [
            {
              kernel,
              arguments: [
                COUNT,
                fixed(place(0)),
                moving(place(1), 4),
                moving(out, element * width),
                fixed(flag),
              ],
              items: count,
              grain: grainOf(Math.max(2, width)),
              alone: elements < SMALL,
            },
          ],
        ]
      }
      case 'scatterAdd': {
        const kernel = this.#kernel('scatterAdd', emitScatterAdd, { limit: e.params.rows, width })
        return [[this.#once(kernel, [rows, place(0), place(1), out, flag, 0])]]
      }
      case 'pick':
      case 'place': {
        const columns = e.primitive === 'pick' ? width : e.params.columns
        const kernel =
          e.primitive === 'pick'
            ? this.#kernel('pick', emitPick, { columns })
            : this.#kernel('place', emitPlace, { columns })
        const [from, to] = e.primitive === 'pick' ? [8 * columns, 8] : [8, 8 * columns]
        return [
          [
            {
              kernel,
              arguments: [COUNT, moving(place(0), from), moving(place(1), 4), moving(out, to), fixed(flag)],
              items: rows,
              grain: BLOCK,
              alone: rows < SMALL,
            },
          ],
        ]
      }
      default:
        throw new RangeError(`plan: no kernel for ${e.primitive}`)
    }
  }
}

const encode = (x: number): number | string => (Object.is(x, -0) ? '-0' : Number.isFinite(x) ? x : String(x))
