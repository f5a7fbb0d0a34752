/** Runs of BOME with the settings of its published code. */
import { constant } from 'steplaw'
import {
  type BilevelInstance,
  type BilevelProblem,
  bome,
  coreset,
  degenerateLower,
  iterateBilevel,
  minimaxGame,
} from 'steplaw/bilevel'

type Instance = BilevelInstance<BilevelProblem>

/** Settings of the published code: step of all three variables, iterations, lower steps in each. */
interface Toy {
  readonly instance: Instance
  readonly step: number
  readonly iterations: number
  readonly inner: ReadonlyArray<number>
  /** What is added to |q|^2 below; with 0 the barrier holds to rounding. */
  readonly epsilons: ReadonlyArray<number>
}

const published = 1e-8

const toys: { readonly [name: string]: Toy } = {
  degenerate: {
    instance: degenerateLower(),
    step: 0.5,
    iterations: 2000,
    inner: [1, 10],
    epsilons: [published, 0],
  },
  minimax: { instance: minimaxGame(), step: 0.05, iterations: 2000, inner: [10], epsilons: [published, 0] },
  coreset: { instance: coreset(), step: 0.05, iterations: 5000, inner: [10], epsilons: [published] },
}

export interface Moment {
  readonly k: number
  readonly x: ReadonlyArray<number>
  readonly y: ReadonlyArray<number>
  /** f(x, y), which may be below the infimum of F while y is not yet a solution. */
  readonly f: number
  /** g(x, y) - min g(x, .), of the closed form. */
  readonly q: number
  /** The same as the method sees it: after its lower steps instead of at their end. */
  readonly gap: number
  /** F(x) = f(x, y*(x)). */
  readonly F: number
}

export interface Run {
  readonly name: string
  readonly toy: string
  readonly option: 'G' | 'Q'
  readonly inner: number
  readonly epsilon: number
  readonly start: number
}

export const runs: ReadonlyArray<Run> = Object.entries(toys).flatMap(
  ([toy, { instance, inner: steps, epsilons }]) =>
    (['G', 'Q'] as const).flatMap((option) =>
      steps.flatMap((inner) =>
        epsilons.flatMap((epsilon) =>
          instance.starts.map((_, start) => ({
            name: `${toy}, ${option}, T = ${inner}, epsilon = ${epsilon}, start ${start + 1}`,
            ...{ toy, option, inner, epsilon, start },
          })),
        ),
      ),
    ),
)

/** Iterations that are kept: about 25 to a power of ten, so that a logarithmic axis shows them alike; and the notable ones. */
const kept = (k: number): boolean =>
  k <= 25 || k === 500 || Math.floor(25 * Math.log10(k)) > Math.floor(25 * Math.log10(k - 1))

export const trace = ({ toy, option, inner, epsilon, start: which }: Run): ReadonlyArray<Moment> => {
  const found = toys[toy]
  const start = found?.instance.starts[which]
  if (found === undefined || start === undefined) throw new RangeError(`toy: there is no ${toy}`)
  const { instance, step, iterations } = found
  const { problem, xBox, yBox } = instance
  const { lower, upper, facts } = problem
  const rule = constant(step)
  const method = bome({
    inner: { steps: inner, rule },
    upper: { rule, ...(xBox === undefined ? {} : { box: xBox }) },
    lower: { rule, ...(yBox === undefined ? {} : { box: yBox }) },
    option,
    eta: 0.5,
    epsilon,
  })
  const moments: Array<Moment> = []
  for (const { record, state } of iterateBilevel(problem, { method, start })) {
    const { k, own } = record
    const last = state.k >= iterations
    if (k === 0 || kept(k) || last) {
      const { x, y } = last ? method.point(state) : record
      const solution = facts.lowerSolution?.(x) ?? y
      moments.push({
        k: last ? state.k : k,
        x: [...x],
        y: [...y],
        f: upper.value(x, y, null),
        q: lower.value(x, y, null) - lower.value(x, solution, null),
        gap: own.gap,
        F: upper.value(x, solution, null),
      })
    }
    if (last) break
  }
  return moments
}
