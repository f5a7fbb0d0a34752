import type { Func, Local } from '../assembler/code.js'
import type { Module } from '../assembler/module.js'

/** The function `dgemm` of the environment; before the first function of a module. */
export const importDgemm = (module: Module): Func => module.import('dgemm', words(12), [])

export interface BlasProductSpec {
  readonly dgemm: Func
  readonly n: number
  readonly transposeA: boolean
  readonly transposeB: boolean
  /** From one row of A to the next, as it is stored, in elements; likewise of B. */
  readonly lda: number
  readonly ldb: number
}

/** A product that a library computes, called as one that is emitted: parameters `m, k, a, b, c, onward`. */
export const emitBlasProduct = (
  module: Module,
  name: string,
  { dgemm, n, transposeA, transposeB, lda, ldb }: BlasProductSpec,
): Func =>
  module.function(name, words(6), [], (code) => {
    const [m, k, a, b, c, onward] = [0, 1, 2, 3, 4, 5].map((i) => code.param(i)) as Six
    code.i32(Number(transposeA)).i32(Number(transposeB)).get(m).i32(n).get(k)
    code.get(a).i32(lda).get(b).i32(ldb).get(onward, c).i32(n).call(dgemm)
  })

const words = (count: number) => Array.from({ length: count }, () => 'i32' as const)

type Six = [Local, Local, Local, Local, Local, Local]
