/** The emitted windows have the bits of the loops, in whatever pieces they are done. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { size } from '../../src/autodiff/shape.js'
import { type Sliding, sliding, windowsShape } from '../../src/autodiff/window.js'
import type { Func } from '../../src/runtime/assembler/code.js'
import type { Module } from '../../src/runtime/assembler/module.js'
import { emitOverlay, emitPatches } from '../../src/runtime/emit/window.js'
import { overlay, patches } from '../../src/runtime/kernel/window.js'
import { doubles } from './arbitrary.js'
import { bench, expectSame } from './harness.js'

const few = fc.integer({ min: 1, max: 4 })

/** Windows of all kinds: apart, overlapping, larger than the image, of more channels than registers hold. */
const slidings: fc.Arbitrary<Sliding> = fc
  .tuple(
    fc.tuple(fc.nat(3), fc.nat(9), fc.nat(9), fc.oneof(few, fc.constantFrom(0, 7, 8, 9, 17))),
    fc.oneof(fc.tuple(few, few), fc.constantFrom([9, 2] as const, [1, 10] as const)),
    fc.tuple(few, few),
  )
  .map(([shape, window, stride]) => sliding('test', shape, window, stride))

type Emit = (module: Module, name: string, s: Sliding) => Func

/** Does the items in pieces that end at the given fractions. */
const inPieces = (
  emit: Emit,
  s: Sliding,
  x: Float64Array,
  { items, across }: { readonly items: number; readonly across: number },
  cuts: ReadonlyArray<number>,
): Float64Array => {
  const at = bench((module) => {
    emit(module, 'kernel', { ...s, images: 1 })
  })
  const from = at.put(x)
  const out = at.put(new Float64Array(items * across).fill(7))
  const ends = [0, ...cuts.map((c) => Math.floor(c * items)), items].toSorted((a, b) => a - b)
  ends.slice(1).forEach((end, i) => {
    const first = ends[i] ?? 0
    at.call('kernel', end - first, first, from, out + 8 * first * across)
  })
  expect(at.trespass()).toBe(false)
  return at.doubles(out, items * across)
}

const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 })

describe('windows', () => {
  test.prop(
    [
      slidings.chain((s) => fc.tuple(fc.constant(s), doubles(s.images * s.height * s.width * s.channels))),
      cuts,
    ],
    { numRuns: 300 },
  )('are cut out as by the loops', ([s, x], at) => {
    const [n = 0, rows = 0, columns = 0, across = 0] = windowsShape(s)
    const expected = new Float64Array(n * rows * columns * across)
    patches(expected, x, s)
    expectSame(inPieces(emitPatches, s, x, { items: n * rows * columns, across }, at), expected)
  })

  test.prop([slidings.chain((s) => fc.tuple(fc.constant(s), doubles(size(windowsShape(s))))), cuts], {
    numRuns: 300,
  })('are added up as by the loops', ([s, x], at) => {
    const items = s.images * s.height * s.width
    const expected = new Float64Array(items * s.channels)
    overlay(expected, x, s)
    expectSame(inPieces(emitOverlay, s, x, { items, across: s.channels }, at), expected)
  })
})
