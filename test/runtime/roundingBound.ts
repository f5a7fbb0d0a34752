/**
 * How far two runs of a program may be from one another when both round every operation, in whatever order and whether or not they fuse:
 * a bound that is counted along the program, equation by equation, from what was bounded before.
 */
import { type Equation, type IR, typeOf } from '../../src/autodiff/ir.js'
import { size } from '../../src/autodiff/shape.js'
import type { Buffer } from '../../src/runtime/executable.js'
import { interpret } from '../../src/runtime/interpret.js'

/** Half a unit in the last place. */
const ROUNDING = 2 ** -53
/** An elementary function is within two units of its true value, so that two of them are within four. */
const ELEMENTARY = 8 * ROUNDING
/** Two roundings of one operation, and a little for what the bound itself rounds. */
const TWICE = 2.1 * ROUNDING

interface Bounded {
  readonly value: Float64Array
  readonly error: Float64Array
}

const exactly = (value: Float64Array): Bounded => ({ value, error: new Float64Array(value.length) })

/** Increasing or decreasing all along: the ends of an interval go to the ends of its image. */
const MONOTONE = new Set(['exp', 'expm1', 'log', 'log1p', 'relu', 'sigmoid', 'softplus', 'sqrt', 'tanh'])
/** Rounded correctly: of equal arguments they are equal. */
const CORRECT = new Set(['sqrt', 'relu'])
/** What only moves numbers. */
const MOVEMENT = new Set([
  'broadcastTo',
  'concat',
  'gather',
  'identity',
  'max',
  'pad',
  'patches',
  'pick',
  'place',
  'reshape',
  'slice',
  'stop',
  'transpose',
])

type Binary = (x: number, y: number, ex: number, ey: number) => number

const binary: { readonly [name: string]: Binary } = {
  add: (_x, _y, ex, ey) => ex + ey,
  sub: (_x, _y, ex, ey) => ex + ey,
  mul: (x, y, ex, ey) => Math.abs(x) * ey + Math.abs(y) * ex + ex * ey,
  div: (x, y, ex, ey) => {
    const least = Math.abs(y) - ey
    return ey === 0 && ex === 0
      ? 0
      : least > 0
        ? (ex + Math.abs(x / y) * ey) / least
        : Number.POSITIVE_INFINITY
  },
  maximum: (_x, _y, ex, ey) => Math.max(ex, ey),
  minimum: (_x, _y, ex, ey) => Math.max(ex, ey),
}

const magnitude = (x: Float64Array): Float64Array => x.map(Math.abs)

/** What may be wrong with the result of an equation, given what may be wrong with its inputs. */
const errorOf = (
  e: Equation,
  inputs: ReadonlyArray<Bounded | null>,
  value: Float64Array,
  apply: (replaced: ReadonlyArray<Float64Array | null>) => Float64Array,
): Float64Array => {
  const some = inputs.map((input) => input ?? exactly(new Float64Array(value.length)))
  const [x = exactly(value), y = x, z = x] = some
  const errors = inputs.map((input) => input?.error ?? null)
  const sizes = inputs.map((input) => (input === null ? null : magnitude(input.value)))
  const widest = inputs.map(
    (input) => input?.value.map((v, i) => Math.abs(v) + (input.error[i] ?? 0)) ?? null,
  )
  const name = e.primitive
  const each = (f: (i: number) => number): Float64Array => value.map((_, i) => f(i))
  const at = (a: Float64Array, i: number): number => a[i] ?? Number.NaN
  const shift = (sign: number): Float64Array =>
    apply([x.value.map((v, i) => v + sign * at(x.error, i)), ...inputs.slice(1).map(() => null)])
  const spread = (): Float64Array => {
    const [up, down] = [shift(1), shift(-1)]
    return each((i) => Math.max(Math.abs(at(up, i) - at(value, i)), Math.abs(at(down, i) - at(value, i))))
  }
  /** What comes in, and what the operation itself rounds; nothing where it rounds as the other does. */
  const rounded = (come: Float64Array, unit: number, always: boolean): Float64Array =>
    each((i) => (!always && at(come, i) === 0 ? 0 : at(come, i) * (1 + unit) + unit * Math.abs(at(value, i))))
  if (name === 'constant' || name === 'literal') return new Float64Array(value.length)
  if (MOVEMENT.has(name)) return apply(errors)
  if (name === 'neg' || name === 'abs') return x.error
  if (MONOTONE.has(name))
    return CORRECT.has(name) ? rounded(spread(), TWICE, false) : rounded(spread(), ELEMENTARY, true)
  if (name === 'sin' || name === 'cos')
    return rounded(
      each((i) => Math.min(2, at(x.error, i))),
      ELEMENTARY,
      true,
    )
  if (name === 'pow')
    return rounded(
      // Beyond one side of zero it need not be monotone.
      spread().map((d, i) =>
        at(x.error, i) === 0 ? 0 : Math.abs(at(x.value, i)) > at(x.error, i) ? d : Number.POSITIVE_INFINITY,
      ),
      ELEMENTARY,
      false,
    )
  if (name === 'power') {
    // The logarithm is the product of y and log x: it is furthest away at a corner.
    const corners = [-1, 1].flatMap((a) =>
      [-1, 1].map((b) =>
        apply([x.value.map((v, i) => v + a * at(x.error, i)), y.value.map((v, i) => v + b * at(y.error, i))]),
      ),
    )
    return rounded(
      each((i) => Math.max(...corners.map((corner) => Math.abs(at(corner, i) - at(value, i))))),
      ELEMENTARY,
      false,
    )
  }
  // How far the solution of a system moves, nobody counts here.
  if (name === 'cholesky' || name === 'solveTriangular') {
    const same = some.every(({ error }) => error.every((v) => v === 0))
    return each(() => (same ? 0 : Number.POSITIVE_INFINITY))
  }
  if (name === 'less' || name === 'lessEqual' || name === 'equal')
    return each((i) => {
      const error = at(x.error, i) + at(y.error, i)
      return error > 0 && Math.abs(at(x.value, i) - at(y.value, i)) <= error ? 1 : 0
    })
  if (name === 'sign')
    return each((i) => (at(x.error, i) >= Math.abs(at(x.value, i)) && at(x.error, i) > 0 ? 2 : 0))
  if (name === 'select')
    return each((i) => {
      const [yes, no] = [at(y.error, i), at(z.error, i)]
      if (at(x.error, i) > 0) return Math.abs(at(y.value, i) - at(z.value, i)) + yes + no
      return at(x.value, i) === 0 ? no : yes
    })
  const rule = binary[name]
  if (rule !== undefined)
    return rounded(
      each((i) => rule(at(x.value, i), at(y.value, i), at(x.error, i), at(y.error, i))),
      TWICE,
      false,
    )
  const terms = x.value.length / Math.max(1, value.length)
  if (name === 'logSumExp') {
    // The error of the sum, relative, is that of its logarithm.
    const most = x.error.reduce((m, v) => Math.max(m, v), 0)
    return each((i) => most + (6 * terms + 32) * ROUNDING + TWICE * (1 + Math.abs(at(value, i))))
  }
  if (name === 'matmul') {
    const inner = Math.sqrt((x.value.length * y.value.length) / Math.max(1, value.length))
    const [left, right] = [
      apply([sizes[0] ?? null, errors[1] ?? null]),
      apply([errors[0] ?? null, widest[1] ?? null]),
    ]
    const all = apply(widest)
    return each((i) => at(left, i) + at(right, i) + 2 * (inner + 1) * ROUNDING * at(all, i))
  }
  if (name !== 'sum' && name !== 'scatterAdd' && name !== 'overlay')
    throw new RangeError(`no bound for ${name}`)
  // A sum, or rows added to rows: all of them in the same order in both runs.
  const come = apply(errors)
  const all = apply(widest)
  return each((i) => (at(come, i) === 0 ? 0 : at(come, i) + 2 * (x.value.length + 1) * ROUNDING * at(all, i)))
}

/** The outputs of a program as the interpreter has them, with bounds; a bound that is not finite says nothing. */
export const bounded = (ir: IR, inputs: ReadonlyArray<Buffer>): ReadonlyArray<Bounded> => {
  const values: Array<Bounded | Int32Array> = inputs.map((x) => (x instanceof Float64Array ? exactly(x) : x))
  for (const e of ir.equations) {
    const types = e.inputs.map((id) => typeOf(ir, id))
    const alone: IR = {
      inputs: types,
      equations: [{ ...e, inputs: e.inputs.map((_, i) => i) } as Equation],
      outputs: [e.inputs.length],
    }
    const given = e.inputs.map((id) => values[id] ?? new Int32Array())
    const run = (buffers: ReadonlyArray<Buffer>): Float64Array => {
      const out = new Float64Array(size(e.shape))
      interpret(alone).run(buffers, [out])
      return out
    }
    if (e.type === 'i32') {
      values.push(Int32Array.from(run(given.map((v) => (v instanceof Int32Array ? v : v.value)))))
      continue
    }
    const apply = (replaced: ReadonlyArray<Float64Array | null>): Float64Array =>
      run(given.map((v, i) => (v instanceof Int32Array ? v : (replaced[i] ?? v.value))))
    const value = apply([])
    const known = given.map((v) => (v instanceof Int32Array ? null : v))
    values.push({ value, error: errorOf(e, known, value, apply) })
  }
  return ir.outputs.map((id) => {
    const found = values[id]
    return found === undefined || found instanceof Int32Array ? exactly(new Float64Array()) : found
  })
}
