import { isNonEmpty } from 'fp-ts/lib/Array.js'
import * as E from 'fp-ts/lib/Either.js'
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js'
import { type Invalid, invalid } from '../../spec/vocabulary/invalid.js'
import type { Equation, IR, PrimitiveName, ValueType } from './ir.js'
import { isShape, sameShape, showType } from './shape.js'
import { primitives } from './table.js'

const isType = (t: ValueType): boolean => isShape(t.shape) && (t.type === 'f64' || t.type === 'i32')

const isPrimitive = (name: string): name is PrimitiveName => Object.hasOwn(primitives, name)

const paramErrors = <N extends PrimitiveName>(e: Equation<N>, field: string): ReadonlyArray<Invalid> => {
  const expected: Readonly<Record<string, (u: unknown) => boolean>> = primitives[e.primitive].params
  const given: Readonly<Record<string, unknown>> = { ...e.params }
  return [
    ...Object.entries(expected).flatMap(([key, holds]) =>
      holds(given[key])
        ? []
        : [invalid(`${field}.params.${key}`, given[key], `a parameter of ${e.primitive}`)],
    ),
    ...Object.keys(given).flatMap((key) =>
      key in expected
        ? []
        : [invalid(`${field}.params.${key}`, given[key], `no such parameter of ${e.primitive}`)],
    ),
  ]
}

const typeErrors = <N extends PrimitiveName>(
  e: Equation<N>,
  inputs: ReadonlyArray<ValueType>,
  field: string,
): ReadonlyArray<Invalid> => {
  const { arity, result } = primitives[e.primitive]
  if (inputs.length !== arity)
    return [invalid(`${field}.inputs`, e.inputs, `${arity} inputs of ${e.primitive}`)]
  try {
    const right = result(e.params, inputs)
    return sameShape(right.shape, e.shape) && right.type === e.type
      ? []
      : [invalid(field, showType(e), `${e.primitive} gives ${showType(right)}`)]
  } catch (error) {
    return [invalid(field, inputs.map(showType), error instanceof Error ? error.message : String(error))]
  }
}

/**
 * Checks a program that came from elsewhere or was transformed: every value defined once and before it is read, every
 * primitive known, every parameter in its domain, every shape and element type the one that the primitive's rule gives.
 *
 * @example
 * ```ts
 * import { exp, trace, verify } from 'steplaw/autodiff'
 *
 * const program = trace((x) => exp(x), [{ shape: [2], type: 'f64' }])
 * verify(program)._tag // => 'Right'
 * verify({ ...program, outputs: [7] })._tag // => 'Left'
 * ```
 * @category Program
 * @since 0.1.0
 */
export const verify = (ir: IR): E.Either<NonEmptyArray<Invalid>, IR> => {
  const types: Array<ValueType> = []
  const errors: Array<Invalid> = []
  ir.inputs.forEach((t, i) => {
    if (!isType(t)) errors.push(invalid(`inputs[${i}]`, t, 'a shape of integers >= 0 and a type f64 or i32'))
    types.push(t)
  })
  ir.equations.forEach((e, k) => {
    const field = `equations[${k}]`
    const known = types.length
    types.push(e)
    if (!isType(e)) errors.push(invalid(field, e, 'a shape of integers >= 0 and a type f64 or i32'))
    else if (!isPrimitive(e.primitive))
      errors.push(invalid(`${field}.primitive`, e.primitive, 'a known primitive'))
    else {
      const early = e.inputs.filter((i) => !(Number.isInteger(i) && i >= 0 && i < known))
      const params = paramErrors(e, field)
      errors.push(...params)
      if (early.length > 0)
        errors.push(invalid(`${field}.inputs`, e.inputs, `values defined before it, below ${known}`))
      else if (params.length === 0)
        errors.push(
          ...typeErrors(
            e,
            e.inputs.flatMap((i) => types[i] ?? []),
            field,
          ),
        )
    }
  })
  ir.outputs.forEach((id, i) => {
    if (!(Number.isInteger(id) && id >= 0 && id < types.length))
      errors.push(invalid(`outputs[${i}]`, id, `a value of the program, below ${types.length}`))
  })
  return isNonEmpty(errors) ? E.left(errors) : E.right(ir)
}
