import type { Func } from '../assembler/code.js'
import { emitBlasProduct } from '../emit/blasProduct.js'
import { CHUNK, emitPack, wantsPack } from '../emit/pack.js'
import { emitProduct, type ProductSpec, wantsRows } from '../emit/product.js'
import { emitMatrixVector, emitTransposedMatrixVector } from '../emit/vectorProduct.js'
import type { ProductNode } from './node.js'
import type { Argument, Step } from './step.js'
import { COUNT, type Extent, fixed, type Steps, steps, type Writer } from './writer.js'

/** Operations of one call of a product. */
const WORK = 2 ** 22
/** A library packs its operands for each call anew, and is optimised already. */
const AT_ONCE = 2 ** 30
/** Rows of a product that a thread takes at least. */
const UNIT = 8

/** A product: its operand is packed first where that pays. */
export const productSteps = (
  w: Writer,
  { m, n, k, transposeX, transposeY, inputs: [x, y], output }: ProductNode,
  extent: Extent,
): Steps => {
  const { at } = w.places
  if (m * n === 0) return steps({})
  const step = (kernel: Func, given: ReadonlyArray<Argument>): Step => ({
    kernel,
    arguments: [COUNT, fixed(k), ...given],
    items: m,
    unit: UNIT,
    grain: 48 * Math.max(1, Math.floor(WORK / (48 * Math.max(1, k) * n))),
    work: m * n * k,
  })
  const c = w.row(output, 8 * n, extent)
  if (n === 1) {
    const kernel = transposeX
      ? w.kernel('transposedMatrixVector', emitTransposedMatrixVector, { stride: m })
      : w.kernel('matrixVector', emitMatrixVector, { stride: k })
    const a = w.row(x.value, transposeX ? 8 : 8 * k, extent)
    return steps({ main: [step(kernel, [a, fixed(at(y.value)), c, fixed(0)])] })
  }
  const library = w.dgemm(extent?.block ?? m, n, k)
  if (library !== null) {
    const kernel = w.kernel('blas', emitBlasProduct, {
      dgemm: library,
      n,
      transposeA: transposeX,
      transposeB: transposeY,
      lda: transposeX ? m : k,
      ldb: transposeY ? k : n,
    })
    const a = w.row(x.value, transposeX ? 8 : 8 * k, extent)
    return steps({ main: [{ ...step(kernel, [a, fixed(at(y.value)), c, fixed(0)]), grain: AT_ONCE }] })
  }
  const strides = transposeX ? { inner: m, across: 1 } : { inner: 1, across: k }
  const b = transposeY ? { inner: 1, across: k } : { inner: n, across: 1 }
  const packs = wantsPack(m, n, b)
  const packed = packs ? w.scratch(8 * k * n) : { at: at(y.value) }
  const rows = wantsRows(n, strides)
  const spec: ProductSpec = {
    tile: w.tile,
    n,
    a: strides,
    b: packs ? 'packed' : { inner: b.inner },
    c: n,
    ...(rows ? { rows } : {}),
  }
  const kernel = w.kernel('product', emitProduct, spec)
  const a = w.row(x.value, transposeX ? 8 : 8 * k, extent)
  const room = rows ? [{ ...w.scratch(8 * (extent?.block ?? m) * k), item: 8 * k }] : []
  const main = [step(kernel, [a, packed, c, fixed(0), ...room])]
  if (!packs) return steps({ main })
  const pack: Step = {
    kernel: w.kernel('pack', (module, name, st) => emitPack(module, name, st, { n, tile: w.tile }), b, [n]),
    arguments: [COUNT, { at: at(y.value), item: 8 * b.inner }, { ...packed, item: 8 * n }],
    items: k,
    unit: CHUNK,
    grain: CHUNK,
    work: k * n,
  }
  return steps({ before: [pack], main })
}

/** A product whose inner index is the rows of a band: every block goes on with what the last one left. */
export const acrossStep = (
  w: Writer,
  { m, n, inputs: [x, y], output }: ProductNode,
  { block }: { readonly block: number },
): Step => {
  const { at } = w.places
  const strides = { inner: m, across: 1 }
  const library = n === 1 ? null : w.dgemm(m, n, block)
  const rows = library === null && n > 1 && wantsRows(n, strides)
  const kernel =
    n === 1
      ? w.kernel('transposedMatrixVector', emitTransposedMatrixVector, { stride: m })
      : library !== null
        ? w.kernel('blas', emitBlasProduct, {
            dgemm: library,
            n,
            transposeA: true,
            transposeB: false,
            lda: m,
            ldb: n,
          })
        : w.kernel('product', emitProduct, {
            tile: w.tile,
            n,
            a: strides,
            b: { inner: n },
            c: n,
            ...(rows ? { rows } : {}),
          })
  return {
    kernel,
    arguments: [
      COUNT,
      { rows: true },
      w.block(x.value, 8 * m, 8),
      w.block(y.value, 8 * n, 0),
      { at: at(output), item: 8 * n },
      { onward: true },
      ...(rows ? [{ ...w.scratch(8 * m * block), item: 8 * block }] : []),
    ],
    items: m,
    unit: UNIT,
    grain: library === null ? 48 * Math.max(1, Math.floor(WORK / (48 * block * n))) : AT_ONCE,
    work: m * n * block,
  }
}
