import type { IR } from '../autodiff/ir.js'
import { typeOf } from '../autodiff/ir.js'
import { fail } from '../autodiff/primitive.js'
import { size } from '../autodiff/shape.js'
import type { Buffer, Executable } from './executable.js'
import { stages } from './hoist.js'
import { interpret } from './interpret.js'

/**
 * A program of which several things are asked at one point, such as products of a matrix that the point tells with many vectors.
 */
export interface StagedProgram {
  readonly ir: IR
  /** How each input comes: bound to data, with the point, or with each call. */
  readonly inputs: ReadonlyArray<Buffer | 'point' | 'call'>
  /** What may be asked for: some of the outputs, by their place among them. */
  readonly parts: ReadonlyArray<ReadonlyArray<number>>
}

/** A staged program ready to run. What depends on the point only is computed when the point is another than in the last call. */
export interface Staged {
  /**
   * Computes a part. Points are compared by their contents, bit by bit, so that it makes no difference what becomes of the arrays after
   * the call.
   */
  readonly run: (
    part: number,
    point: ReadonlyArray<Buffer>,
    call: ReadonlyArray<Buffer>,
    outputs: ReadonlyArray<Float64Array>,
  ) => void
  /** Gives its memory back; a later call takes it anew. */
  readonly release: () => void
}

/** What computes the parts. */
export interface Parts {
  /** Arrays for the point, which are its own. */
  readonly point: ReadonlyArray<Buffer>
  /** Computes from the point what a part needs of it beside what the parts before it need; it is kept. */
  readonly once: (part: number) => void
  /** Computes a part from what is kept. */
  readonly each: (part: number, call: ReadonlyArray<Buffer>, outputs: ReadonlyArray<Float64Array>) => void
}

const words = ({ buffer, byteOffset, byteLength }: Buffer): Int32Array =>
  new Int32Array(buffer, byteOffset, byteLength / 4)

/** Numbers that compare equal may differ in a bit, and a NaN is none. */
const sameBits = (a: Buffer, b: Buffer): boolean => {
  const x = words(a)
  const y = words(b)
  const whole = x.length & -4
  // Four words at a time: beside a small product the comparison would be seen.
  for (let i = 0; i < whole; i += 4) {
    const first = ((x[i] as number) ^ (y[i] as number)) | ((x[i + 1] as number) ^ (y[i + 1] as number))
    const second =
      ((x[i + 2] as number) ^ (y[i + 2] as number)) | ((x[i + 3] as number) ^ (y[i + 3] as number))
    if ((first | second) !== 0) return false
  }
  for (let i = whole; i < x.length; i += 1) if (x[i] !== y[i]) return false
  return true
}

/** Whether all arrays are the same; from the last one on, which is that of the rows, since another batch is told by its first rows. */
const samePoint = (given: ReadonlyArray<Buffer>, known: ReadonlyArray<Buffer>): boolean => {
  for (let i = known.length - 1; i >= 0; i -= 1) {
    const [a, b] = [given[i], known[i]]
    if (a === undefined || b === undefined || !sameBits(a, b)) return false
  }
  return true
}

/** The arrays of a point, if they fit those that it is written into. */
const expectPoint = (given: ReadonlyArray<Buffer>, into: ReadonlyArray<Buffer>): void => {
  if (given.length !== into.length) fail('point', `expected ${into.length} arrays, got ${given.length}`)
  for (const [i, to] of into.entries()) {
    const from = given[i]
    const kind = to instanceof Float64Array ? 'f64' : 'i32'
    if (from?.length !== to.length || from instanceof Float64Array !== to instanceof Float64Array)
      fail('point', `expected ${kind}[${to.length}] as array ${i}, got another`)
  }
}

/** Runs parts, of which it remembers what is computed already; they may be others from call to call, which then know nothing. */
export const remembering = (parts: () => Parts): Staged['run'] => {
  let last: Parts | null = null
  let done = 0
  return (part, point, call, outputs) => {
    const current = parts()
    expectPoint(point, current.point)
    if (current !== last || !samePoint(point, current.point)) {
      done = 0
      current.point.forEach((to, i) => {
        to.set(point[i] ?? [])
      })
    }
    // Should it fail here, nothing is known.
    last = null
    for (; done <= part; done += 1) current.once(done)
    last = current
    current.each(part, call, outputs)
  }
}

const bufferOf = (ir: IR, id: number): Buffer => {
  const { shape, type } = typeOf(ir, id)
  return type === 'f64' ? new Float64Array(size(shape)) : new Int32Array(size(shape))
}

/** Which inputs are known before a call. */
export const knownOf = (inputs: StagedProgram['inputs']): ReadonlyArray<boolean> =>
  inputs.map((input) => input !== 'call')

/** The outputs of each part, as values of the program. */
export const outputsOf = (ir: IR, parts: StagedProgram['parts']): ReadonlyArray<ReadonlyArray<number>> =>
  parts.map((part) => part.flatMap((i) => ir.outputs[i] ?? []))

const interpretParts = ({ ir, inputs, parts }: StagedProgram): Parts => {
  const point: Buffer[] = []
  const arrays = inputs.map((input, i): Buffer | null => {
    if (input === 'call') return null
    if (input !== 'point') return input
    const own = bufferOf(ir, i)
    point.push(own)
    return own
  })
  const known = arrays.filter((array) => array !== null)
  const kept: Float64Array[] = []
  const made = stages(ir, knownOf(inputs), outputsOf(ir, parts)).map(({ once, each }) => {
    const before = [...known, ...kept]
    const own = (once?.outputs ?? []).map((id) => new Float64Array(size(typeOf(once ?? ir, id).shape)))
    kept.push(...own)
    const first = once === null ? null : interpret(once, before)
    const given = [...arrays, ...kept]
    let rest: Executable | null = null
    const run: Executable['run'] = (call, outputs) => {
      rest ??= interpret(each, given)
      rest.run(call, outputs)
    }
    return { once: () => first?.run([], own), each: run }
  })
  const at = (part: number) => made[part] ?? fail('part', `there is no part ${part}`)
  return {
    point,
    once: (part) => at(part).once(),
    each: (part, call, outputs) => at(part).each(call, outputs),
  }
}

/** The reference: it defines the bits. */
export const interpretStaged = (program: StagedProgram): Staged => {
  const parts = interpretParts(program)
  // Its arrays are the garbage collector's business.
  return { run: remembering(() => parts), release: () => {} }
}
