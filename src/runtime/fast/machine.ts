import type { Memory } from '../assembler/webassembly.js'

/**
 * What an engine in fast mode can have: `wide`, that the compiler makes vectors of four doubles of pairs of vectors of two; `fma`, that
 * a product and a sum are rounded once; `blas`, that large products are left to a BLAS.
 *
 * @category Program
 * @since 0.1.0
 */
export type Feature = 'wide' | 'fma' | 'blas'

/**
 * $C = A B$ or, if `onward` is not zero, $C \mathrel{+}= A B$ for matrices by rows, of which A and B may be stored transposed.
 * Addresses are those of a memory; `lda`, `ldb` and `ldc` are the elements from one row that is stored to the next.
 */
export type Dgemm = (
  transposeA: number,
  transposeB: number,
  m: number,
  n: number,
  k: number,
  a: number,
  lda: number,
  b: number,
  ldb: number,
  onward: number,
  c: number,
  ldc: number,
) => void

/** A library of linear algebra. */
export interface Blas {
  /** By which other threads find it. */
  readonly path: string
  readonly over: (memory: Memory) => Dgemm
}

/** What code is written for. */
export interface Machine {
  /** Whether a product and a sum may be rounded once, and the terms of a product with a vector added in any order. */
  readonly fused: boolean
  /** Whether products are written, and compiled, for vectors of four doubles. */
  readonly wide: boolean
  /** A library for products of at least so many multiplications, none of whose sides is shorter. */
  readonly blas: { readonly library: Blas; readonly least: number; readonly shortest: number } | null
}

/** Results have the bits of the interpreter. */
export const EXACT: Machine = { fused: false, wide: false, blas: null }

/** What a module of this machine wants among its imports, over a memory. */
export const machineFunctions = (library: Blas | null, memory: Memory): { readonly dgemm?: Dgemm } =>
  library === null ? {} : { dgemm: library.over(memory) }
