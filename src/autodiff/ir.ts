/**
 * Sizes by axis; `[]` is a scalar.
 *
 * @category Program
 * @since 0.1.0
 */
export type Shape = ReadonlyArray<number>

/**
 * Doubles, or 32-bit indices (labels and row numbers, which carry no derivative).
 *
 * @category Program
 * @since 0.1.0
 */
export type ElementType = 'f64' | 'i32'

/**
 * What a value is before it has a value.
 *
 * @category Program
 * @since 0.1.0
 */
export interface ValueType {
  readonly shape: Shape
  readonly type: ElementType
}

type None = Readonly<Record<never, never>>
interface Axes {
  /** Which axes are reduced: increasing, at least one. */
  readonly axes: ReadonlyArray<number>
}
interface Target {
  /** The shape of the result. */
  readonly shape: Shape
}

/**
 * The vocabulary: every primitive with its parameters. A row here and a file in `primitive/` make a new one.
 *
 * @category Program
 * @since 0.1.0
 */
export interface PrimitiveParams {
  readonly abs: None
  readonly add: None
  readonly broadcastTo: Target
  /** The lower factor of a symmetric positive definite matrix, of which only the lower triangle is read. */
  readonly cholesky: None
  readonly concat: { readonly axis: number }
  /** Every element the same number. */
  readonly constant: { readonly value: number; readonly shape: Shape }
  readonly cos: None
  readonly div: None
  readonly equal: None
  readonly exp: None
  readonly expm1: None
  /** Rows of the first input along axis 0, by the second. */
  readonly gather: None
  readonly identity: None
  readonly less: None
  readonly lessEqual: None
  /** Elements written out, row by row. */
  readonly literal: {
    readonly values: ReadonlyArray<number>
    readonly shape: Shape
    readonly type: ElementType
  }
  readonly log: None
  readonly log1p: None
  readonly logSumExp: { readonly axis: number }
  readonly matmul: { readonly transposeX: boolean; readonly transposeY: boolean }
  readonly max: Axes
  readonly maximum: None
  readonly minimum: None
  readonly mul: None
  readonly neg: None
  /** The transpose of `patches`: every window is added to an image of shape `shape`, where it was cut out. */
  readonly overlay: {
    readonly window: ReadonlyArray<number>
    readonly stride: ReadonlyArray<number>
    readonly shape: Shape
  }
  /** `before` and `after` zeros on each axis. */
  readonly pad: { readonly before: ReadonlyArray<number>; readonly after: ReadonlyArray<number> }
  /**
   * The windows of images, side by side: `[n, h, w, c]` to `[n, rows, columns, window[0] * window[1] * c]`. A window has so many rows
   * and columns, and the next one is so far down and to the right; all at least one.
   */
  readonly patches: { readonly window: ReadonlyArray<number>; readonly stride: ReadonlyArray<number> }
  /** Column `labels[i]` of row `i`. */
  readonly pick: None
  /** The transpose of `pick`: element `i` goes to column `labels[i]` of row `i`, zeros elsewhere. */
  readonly place: { readonly columns: number }
  readonly pow: { readonly exponent: number }
  readonly power: None
  readonly relu: None
  readonly reshape: Target
  /** The transpose of `gather`: row `i` is added to row `rows[i]`, in the order of `i`. */
  readonly scatterAdd: { readonly rows: number }
  /** The second input where the first is not zero, else the third. */
  readonly select: None
  readonly sigmoid: None
  readonly sign: None
  readonly sin: None
  readonly slice: { readonly start: ReadonlyArray<number>; readonly end: ReadonlyArray<number> }
  readonly softplus: None
  /** `X` with `T X = B`, or `transpose(T) X = B`, for a triangular `T`, of which only that triangle is read. */
  readonly solveTriangular: { readonly lower: boolean; readonly transpose: boolean }
  readonly sqrt: None
  /** The identity with derivative zero. */
  readonly stop: None
  readonly sub: None
  readonly sum: Axes
  readonly tanh: None
  /** Axis `i` of the result is axis `permutation[i]` of the input. */
  readonly transpose: { readonly permutation: ReadonlyArray<number> }
}

/**
 * The name of a primitive.
 *
 * @category Program
 * @since 0.1.0
 */
export type PrimitiveName = keyof PrimitiveParams

/**
 * One operation. It defines the next value: equation `i` defines value `inputs.length + i` of its program.
 *
 * @category Program
 * @since 0.1.0
 */
export type Equation<N extends PrimitiveName = PrimitiveName> = {
  readonly [P in N]: {
    readonly primitive: P
    readonly params: PrimitiveParams[P]
    /** The values it reads, by number; all are defined before it. */
    readonly inputs: ReadonlyArray<number>
    readonly shape: Shape
    readonly type: ElementType
  }
}[N]

/**
 * A program: a flat list in static single assignment form. Plain immutable data, so that it can be compared, hashed,
 * printed and posted to a worker.
 *
 * Values are numbered: inputs first, then one per equation, in order.
 *
 * @category Program
 * @since 0.1.0
 */
export interface IR {
  readonly inputs: ReadonlyArray<ValueType>
  readonly equations: ReadonlyArray<Equation>
  readonly outputs: ReadonlyArray<number>
}

/** The type of value `id` of a program. */
export const typeOf = (ir: IR, id: number): ValueType => {
  const found = id < ir.inputs.length ? ir.inputs[id] : ir.equations[id - ir.inputs.length]
  if (found === undefined) throw new RangeError(`the program has no value number ${id}`)
  return found
}
