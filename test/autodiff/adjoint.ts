/**
 * The adjoint identity $\langle J u, v \rangle = \langle u, J^\top v \rangle$ of a program, with a bound on what rounding may do.
 *
 * At fixed values of all intermediate results both sides are the same sum over paths. Each of its terms goes through a number of
 * roundings that {@link pushforward} counts, so that the sides differ by at most $\gamma_K$ times the sum of the absolute values of the
 * terms.
 */
import type { IR, PrimitiveName } from '../../src/autodiff/ir.js'
import { typeOf } from '../../src/autodiff/ir.js'
import { equation } from '../../src/autodiff/trace.js'
import { pullback } from '../../src/entry/autodiff.js'
import { gamma } from '../../src/numeric/index.js'
import { inner, length, pushforward, run } from './pushforward.js'
import type { Case, Of } from './reference/table.js'

type Arrays = ReadonlyArray<ReadonlyArray<number>>

/** A program with inputs. */
export interface Instance {
  readonly ir: IR
  readonly inputs: Arrays
}

/** One primitive as a program. */
export const instance = <N extends PrimitiveName>(name: N, { params, inputs }: Case<Of<N>>): Instance => {
  const ids = [...inputs.keys()]
  // Sound: the compiler does not see that one member of a union is the union.
  const e = equation(name, params, ids, inputs) as IR['equations'][number]
  return {
    ir: {
      inputs: inputs.map(({ shape, type }) => ({ shape, type })),
      equations: [e],
      outputs: [inputs.length],
    },
    inputs: inputs.map(({ values }) => values),
  }
}

/** Quarters from -2 to 2. */
const direction = (n: number, seed: number): ReadonlyArray<number> => {
  let state = seed
  return Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return ((state >>> 12) % 17) / 4 - 2
  })
}

export const reals = (ir: IR): ReadonlyArray<number> =>
  ir.inputs.flatMap(({ type }, i) => (type === 'f64' ? [i] : []))

export interface Sides {
  readonly forward: number
  readonly backward: number
  readonly bound: number
  /** The program of the derivative, where it was taken. */
  readonly derivative: Instance
}

/** Both sides of the identity along directions drawn from a seed; `skew` is a factor on every slope of the forward one. */
export const sides = ({ ir, inputs }: Instance, seed: number, skew = 1): Sides => {
  const wrt = reals(ir)
  const back = pullback(ir, wrt)
  const u = ir.inputs.map((type, i) => (type.type === 'f64' ? direction(length(type), seed + i) : []))
  const v = ir.outputs.map((id, i) => direction(length(typeOf(ir, id)), seed - i - 1))
  const { tangents, magnitudes, roundings } = pushforward(ir, inputs, u, skew)
  const gradients = run(back, [...inputs, ...v]).slice(ir.outputs.length)
  const ends = [...u, ...v].reduce((s, x) => s + x.length, 0)
  const terms = inner(
    v.map((x) => x.map(Math.abs)),
    magnitudes,
  )
  return {
    forward: inner(v, tangents),
    backward: inner(
      wrt.map((i) => u[i] ?? []),
      gradients.map((g) => [...g]),
    ),
    bound: 2 * gamma(2 * (roundings + ends)) * terms,
    derivative: { ir: back, inputs: [...inputs, ...v] },
  }
}

export const holds = ({ forward, backward, bound }: Sides): boolean => Math.abs(forward - backward) <= bound
