/** A hypergradient of hyper-cleaning on a few digits, beside the certificates that come with it. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { generator, normals, parseDigits, sample } from 'steplaw'
import {
  conjugateGradients,
  dataCleaning,
  type Estimator,
  hypergradient,
  neumann,
  unrolled,
} from 'steplaw/bilevel'
import { type Curve, type Curves, counts, curve, distance, norm } from './curve.js'

/** Images to weigh, and as many to judge by. */
const examples = 100

const require = createRequire(import.meta.url)

const digit = (d: number): unknown =>
  JSON.parse(readFileSync(require.resolve(`mnist/src/digits/${d}.json`), 'utf8'))

/** Threes and eights, every image of length 1; every fifth label of those that are weighed is wrong. */
const task = () => {
  const read = parseDigits([digit(3), digit(8)])
  if (read._tag === 'Left') throw new Error('the digits cannot be read')
  const { features, targets } = read.right
  const { rows, columns, values } = features
  const chosen = [...sample(rows, 2 * examples)(generator(1, 'images'))[0]]
  const image = (i: number): ReadonlyArray<number> => {
    const pixels = values.subarray(i * columns, (i + 1) * columns)
    const length = norm(pixels)
    return Array.from(pixels, (pixel) => pixel / length)
  }
  const [train, validation] = [chosen.slice(0, examples), chosen.slice(examples)]
  const label = (i: number): number => targets[i] ?? 0
  return dataCleaning({
    A: train.map(image),
    labels: train.map((i, at) => (at % 5 === 0 ? 1 - label(i) : label(i))),
    classes: 2,
    l2: 0.05,
    Av: validation.map(image),
    labelsV: validation.map(label),
  })
}

/** $\|z - \nabla F(x)\|$ relative to $\|\nabla F(x)\|$, by terms, iterations and inner steps, with the certificates. */
export const onDigits = (): Curves => {
  const problem = task()
  const { mu = Number.NaN, L = Number.NaN } = problem.facts
  const step = 1 / L
  const [x] = normals(problem.dimension.x)(generator(1, 'weights'))
  const start = new Float64Array(problem.dimension.y)
  const estimated = (estimator: Estimator, y: Float64Array, steps: number) => {
    const found = hypergradient(problem, estimator, {
      x,
      y,
      steps: Array.from({ length: steps }, () => step),
    })
    if (found._tag === 'Left') throw new Error(found.left.message)
    const { certificate, gradient } = found.right
    const bound = certificate.errorBound
    return { ...found.right, gradient, bound: bound._tag === 'Some' ? bound.value : Number.NaN }
  }
  const solved = conjugateGradients({ iterations: 50, tolerance: 1e-15 })
  // 400 steps leave (1 - mu / L)^400 < 1e-16 of the way to y*.
  const { y, gradient, bound: left } = estimated(solved, start, 400)
  const of = (at: ReadonlyArray<number>, estimate: (n: number) => ReturnType<typeof estimated>): Curve =>
    curve(at, norm(gradient), (n) => {
      const found = estimate(n)
      const error = distance(found.gradient, gradient)
      return Number.isNaN(found.bound) ? { error } : { error, bound: found.bound }
    })
  return {
    neumann: of(counts(1, 100), (terms) => estimated(neumann({ terms, step }), y, 0)),
    cg: of(counts(0, 20), (iterations) => estimated(conjugateGradients({ iterations }), y, 0)),
    implicit: of(counts(0, 100), (steps) => estimated(solved, start, steps)),
    unrolled: of(counts(1, 100), (steps) => estimated(unrolled(), start, steps)),
    // What is taken for exact is proven to be so far from it at most.
    exact: { at: [L / mu], error: [left / norm(gradient)] },
  }
}
