import type { Equation, IR, PrimitiveName, PrimitiveParams, ValueType } from './ir.js'
import { sameShape } from './shape.js'
import { equationKey } from './show.js'
import { primitives } from './table.js'
import { equation } from './trace.js'

/** The program being rewritten: values are numbered as they will be in the result. */
interface Draft {
  readonly type: (id: number) => ValueType
  readonly equation: (id: number) => Equation | null
  /** The number of the value of an equation, rewritten and shared where possible. */
  readonly add: <N extends PrimitiveName>(
    primitive: N,
    params: PrimitiveParams[N],
    inputs: ReadonlyArray<number>,
  ) => number
}

/** The number that every element of a value equals, if that is known. */
const constantOf = (draft: Draft, id: number): number | null => {
  const e = draft.equation(id)
  return e?.primitive === 'constant' ? e.params.value : null
}

const evaluate = <N extends PrimitiveName>(e: Equation<N>, inputs: ReadonlyArray<number>): number | null =>
  primitives[e.primitive].evaluate?.(e.params)(...inputs) ?? null

/** An elementwise equation whose inputs are all constant is a constant. */
const fold = (draft: Draft, e: Equation): number | null => {
  const inputs = e.inputs.map((i) => constantOf(draft, i))
  const known = inputs.filter((c) => c !== null)
  if (known.length === 0 || known.length < inputs.length) return null
  const value = evaluate(e, known)
  return value === null ? null : draft.add('constant', { value, shape: e.shape }, [])
}

/** The operand of `neg` where a value is one. */
const negated = (draft: Draft, id: number): number | null => {
  const e = draft.equation(id)
  return e?.primitive === 'neg' ? (e.inputs[0] ?? null) : null
}

/** A matrix that is a transposed one: the one it transposes. */
const transposed = (draft: Draft, id: number): number | null => {
  const e = draft.equation(id)
  return e?.primitive === 'transpose' && e.params.permutation.join() === '1,0' ? (e.inputs[0] ?? null) : null
}

/**
 * A value that equals the equation bit for bit, or `null`. What only holds over the reals is left out: `x + 0` is not
 * `x` for `-0`, `0 x` is not `0` for `NaN`, and sums are not reassociated.
 */
const rewrite = (draft: Draft, e: Equation): number | null => {
  const [x, y, z] = e.inputs
  if (x === undefined) return null
  const input = draft.equation(x)
  switch (e.primitive) {
    case 'identity':
      return x
    case 'neg':
      return negated(draft, x)
    case 'pow':
      if (e.params.exponent === 2) return draft.add('mul', {}, [x, x])
      if (e.params.exponent === 1) return x
      return e.params.exponent === 0 ? draft.add('constant', { value: 1, shape: e.shape }, []) : null
    case 'transpose': {
      const { permutation } = e.params
      if (permutation.every((axis, i) => axis === i)) return x
      if (input?.primitive === 'constant')
        return draft.add('constant', { value: input.params.value, shape: e.shape }, [])
      const inner = input?.inputs[0]
      if (input?.primitive !== 'transpose' || inner === undefined) return null
      const composed = permutation.map((i) => input.params.permutation[i] ?? 0)
      return draft.add('transpose', { permutation: composed }, [inner])
    }
    case 'reshape':
    case 'broadcastTo': {
      if (sameShape(draft.type(x).shape, e.shape)) return x
      if (input?.primitive === 'constant')
        return draft.add('constant', { value: input.params.value, shape: e.shape }, [])
      const inner = input?.inputs[0]
      return input?.primitive === e.primitive && inner !== undefined
        ? draft.add(e.primitive, e.params, [inner])
        : null
    }
    default:
  }
  if (y === undefined) return null
  const a = constantOf(draft, x)
  const b = constantOf(draft, y)
  switch (e.primitive) {
    case 'add': {
      if (Object.is(b, -0)) return x
      if (Object.is(a, -0)) return y
      const right = negated(draft, y)
      if (right !== null) return draft.add('sub', {}, [x, right])
      const left = negated(draft, x)
      return left === null ? null : draft.add('sub', {}, [y, left])
    }
    case 'sub': {
      if (Object.is(b, 0)) return x
      const right = negated(draft, y)
      return right === null ? null : draft.add('add', {}, [x, right])
    }
    case 'mul': {
      if (b === 1) return x
      if (a === 1) return y
      if (b === -1) return draft.add('neg', {}, [x])
      if (a === -1) return draft.add('neg', {}, [y])
      const left = negated(draft, x)
      const right = negated(draft, y)
      return left === null || right === null ? null : draft.add('mul', {}, [left, right])
    }
    case 'div':
      if (b === 1) return x
      return b === -1 ? draft.add('neg', {}, [x]) : null
    case 'power':
      return b === null ? null : draft.add('pow', { exponent: b }, [x])
    case 'select':
      return a === null ? null : a === 0 ? (z ?? null) : y
    case 'matmul': {
      const left = transposed(draft, x)
      const right = transposed(draft, y)
      const { transposeX, transposeY } = e.params
      if (left === null && right === null) return null
      return draft.add(
        'matmul',
        {
          transposeX: left === null ? transposeX : !transposeX,
          transposeY: right === null ? transposeY : !transposeY,
        },
        [left ?? x, right ?? y],
      )
    }
    default:
      return null
  }
}

const rebuild = <N extends PrimitiveName>(
  draft: Draft,
  e: Equation<N>,
  inputs: ReadonlyArray<number>,
): number => draft.add(e.primitive, e.params, inputs)

/** One pass: rewrites every equation and shares equal ones (value numbering). */
const rewriteAll = (ir: IR): IR => {
  const n = ir.inputs.length
  const equations: Equation[] = []
  const numbers = new Map<string, number>()
  const lookup = (id: number): Equation | null => equations[id - n] ?? null
  const type = (id: number): ValueType => {
    const found = id < n ? ir.inputs[id] : equations[id - n]
    if (found === undefined) throw new RangeError(`simplify: the program has no value number ${id}`)
    return found
  }
  const draft: Draft = {
    type,
    equation: lookup,
    add: (primitive, params, inputs) => {
      // Sound: one member of the union, as in the builder.
      const e = equation(primitive, params, inputs, inputs.map(type)) as Equation
      const better = fold(draft, e) ?? rewrite(draft, e)
      if (better !== null) return better
      const key = equationKey(e, inputs)
      const known = numbers.get(key)
      if (known !== undefined) return known
      const id = n + equations.length
      equations.push(e)
      numbers.set(key, id)
      return id
    },
  }
  const moved = ir.inputs.map((_, i) => i)
  const at = (id: number): number => moved[id] ?? id
  for (const e of ir.equations) moved.push(rebuild(draft, e, e.inputs.map(at)))
  return { inputs: ir.inputs, equations, outputs: ir.outputs.map(at) }
}

/** Drops the equations that no output depends on. Inputs stay: they are the signature. */
const dropDead = (ir: IR): IR => {
  const n = ir.inputs.length
  const live = new Set(ir.outputs)
  for (let k = ir.equations.length - 1; k >= 0; k -= 1)
    if (live.has(n + k)) for (const i of ir.equations[k]?.inputs ?? []) live.add(i)
  const moved = new Map(ir.inputs.map((_, i) => [i, i] as const))
  const at = (id: number): number => moved.get(id) ?? id
  const equations = ir.equations.flatMap((e, k) => {
    if (!live.has(n + k)) return []
    const kept: Equation = { ...e, inputs: e.inputs.map(at) }
    moved.set(n + k, moved.size)
    return [kept]
  })
  return { inputs: ir.inputs, equations, outputs: ir.outputs.map(at) }
}

/**
 * A smaller program with the same outputs, bit for bit: equal subexpressions are computed once, constants are folded,
 * identities that hold in floating point are applied, transposes move into the flags of products, and what no output
 * needs is dropped.
 *
 * @example
 * ```ts
 * import { add, exp, simplify, trace } from 'steplaw/autodiff'
 *
 * const twice = trace((x) => add(exp(x), exp(x)), [{ shape: [], type: 'f64' }])
 * twice.equations.length // => 3
 * simplify(twice).equations.length // => 2
 * ```
 * @category Program
 * @since 0.1.0
 */
export const simplify = (ir: IR): IR => dropDead(rewriteAll(ir))
