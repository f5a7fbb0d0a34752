import type { ElementType, Equation, PrimitiveName, Shape } from '../../autodiff/ir.js'

/** A value of a plan, by number. Renamings have been resolved: two values are two pieces of memory. */
export type Value = number

/** What is known of a value before it has memory. */
export interface Cell {
  readonly size: number
  readonly type: ElementType
  /** Known when the plan is made: a constant (every element the same) or elements written out. */
  readonly content?: { readonly value: number } | { readonly values: ReadonlyArray<number> }
}

/** How a kernel over rows and columns addresses an operand. */
export type Access = 'full' | 'row' | 'column' | 'scalar'

/** Rows times columns; columns vary fastest. A vector is one column. */
export interface Space {
  readonly rows: number
  readonly columns: number
}

export interface Operand {
  readonly value: Value
  readonly access: Access
}

/** One element in, one element out, over a space. */
export interface MapNode extends Space {
  readonly kind: 'map'
  readonly primitive: PrimitiveName
  readonly params: Equation['params']
  readonly inputs: ReadonlyArray<Operand>
  readonly output: Value
}

/** One number for each row, or one for all. */
export interface FoldNode extends Space {
  readonly kind: 'fold'
  readonly to: 'rowSum' | 'rowMax' | 'sum'
  readonly inputs: readonly [Operand]
  readonly output: Value
}

/** A product of matrices, `m` by `n` with inner size `k`. */
export interface ProductNode {
  readonly kind: 'product'
  readonly m: number
  readonly n: number
  readonly k: number
  readonly transposeX: boolean
  readonly transposeY: boolean
  readonly inputs: readonly [Operand, Operand]
  readonly output: Value
}

/** Anything else, an equation at a time. */
export interface OtherNode {
  readonly kind: 'other'
  readonly equation: Equation
  readonly shapes: ReadonlyArray<Shape>
  readonly inputs: ReadonlyArray<Operand>
  readonly output: Value
}

export type Node = MapNode | FoldNode | ProductNode | OtherNode

/** A program without renamings, its broadcasts turned into addressing where a kernel can address them. */
export interface Lowered {
  readonly cells: ReadonlyArray<Cell>
  readonly nodes: ReadonlyArray<Node>
  /** The values of the program's inputs and outputs, in order. */
  readonly inputs: ReadonlyArray<Value>
  readonly outputs: ReadonlyArray<Value>
}
