/** Features and a classifier on top of them: learnt at two levels or at one, and judged. */
import {
  answerWith,
  constant,
  type Dataset,
  type Direction,
  finiteSum,
  generator,
  iterate,
  sample,
} from 'steplaw'
import {
  add,
  array,
  type Dense,
  dot,
  evaluate,
  indices,
  logSumExp,
  matmul,
  mul,
  pick,
  sub,
} from 'steplaw/autodiff'
import {
  type BilevelDraw,
  type BilevelMethod,
  type BilevelState,
  gradientUnits,
  hyperRepresentation,
  iterateBilevel,
  layers,
  noDraw,
} from 'steplaw/bilevel'
import * as digits from '../study/digits.js'

const { classes } = digits

export const l2 = 0.01
/** In gradients, or what costs as much; the features are judged so many times on the way. */
export const [budget, looks] = [3000, 15]
export const batch = 200

/** Pixels are averaged two by two: 196 inputs, 32 features, ten classes. */
export const train = (): Dataset => digits.halved(digits.digitsAt(0, 2000))
const validation = (): Dataset => digits.halved(digits.digitsAt(2000, 4000))
const test = (): Dataset => digits.halved(digits.digitsAt(4000, 10_000))
const features = layers([(digits.side / 2) ** 2, 32])

const problemOf = () => {
  const [{ features: A, targets: labels }, { features: Av, targets: labelsV }] = [train(), validation()]
  return hyperRepresentation({ features, A, labels, Av, labelsV, classes, l2 })
}
type Problem = ReturnType<typeof problemOf>
type Parts = {
  readonly x: ReturnType<Problem['unravel']['x']>
  readonly y: ReturnType<Problem['unravel']['y']>
}

export interface Look {
  readonly gradients: number
  /** The loss on all validation digits. */
  readonly validation: number
  /** The share of test digits told right. */
  readonly accuracy: number
}

/** Judges features and a last layer. */
const judgeOf = (problem: Problem) => {
  const { features: A, targets } = test()
  const scores = evaluate<Parts & { readonly A: Dense }>(({ x, y, A: rows }) =>
    add(matmul(features.apply(x, rows), y.W), y.b),
  )
  const rows = array([A.rows, A.columns], A.values)
  return (gradients: number, x: Float64Array, y: Float64Array): Look => {
    const { values } = scores({ x: problem.unravel.x(x), y: problem.unravel.y(y), A: rows })
    const right = targets.filter((label, i) => {
      const given = Array.from(values.subarray(i * classes, (i + 1) * classes))
      return given.indexOf(Math.max(...given)) === label
    })
    return { gradients, validation: problem.upper.value(x, y, null), accuracy: right.length / targets.length }
  }
}

const begin = (problem: Problem) => ({ x: features.initial(1), y: new Float64Array(problem.dimension.y) })

const picked = (purpose: string, rows: number) => sample(rows, batch)(generator(2, purpose))[0]

/** Batches of their own for everything that is drawn. */
const draws =
  ({ upper, lower }: Problem) =>
  (k: number): BilevelDraw => ({
    ...noDraw,
    upper: picked(`upper ${k}`, upper.components),
    lower: (t) => picked(`lower ${k} ${t}`, lower.components),
    cross: picked(`cross ${k}`, lower.components),
    hessian: (q) => picked(`hessian ${k} ${q}`, lower.components),
    probe: picked(`probe ${k}`, lower.components),
  })

export const run = <S extends BilevelState, T>(method: BilevelMethod<S, T>): ReadonlyArray<Look> => {
  const problem = problemOf()
  const judge = judgeOf(problem)
  const start = begin(problem)
  const seen = [judge(0, start.x, start.y)]
  for (const { state, counts } of iterateBilevel(problem, { method, start, draws: draws(problem) })) {
    const gradients = gradientUnits(counts)
    if (gradients < (seen.length * budget) / looks) continue
    const { x, y } = method.point(state)
    seen.push(judge(gradients, Float64Array.from(x), Float64Array.from(y)))
    if (gradients >= budget) break
  }
  return seen
}
export const both = (): Dataset => digits.halved(digits.digitsAt(0, 4000))

/** One level: features and last layer together. */
export const together = (data: Dataset, step: number, direction: Direction): ReadonlyArray<Look> => {
  const problem = problemOf()
  const judge = judgeOf(problem)
  const { features: A, targets } = data
  const objective = finiteSum({
    data: { A: array([A.rows, A.columns], A.values), labels: indices(Int32Array.from(targets)) },
    parameters: { x: features.parameters, y: { W: [features.width, classes], b: [classes] } },
    component: ({ x, y }, rows) => {
      const z = add(matmul(features.apply(x, rows.A), y.W), y.b)
      return sub(logSumExp(z), pick(z, rows.labels))
    },
    // The penalty of the lower level, on the last layer alone.
    shared: ({ y: { W, b } }) => mul(l2 / 2, add(dot(W, W), dot(b, b))),
  })
  const { x, y } = begin(problem)
  const seen = [judge(0, x, y)]
  const options = {
    rule: constant(step),
    direction,
    start: Float64Array.from([...x, ...y]),
    batches: (k: number) => picked(`together ${k}`, A.rows),
  }
  for (const { state } of iterate(answerWith(objective), options)) {
    if (state.k < (seen.length * budget) / looks) continue
    const at = Float64Array.from(state.x)
    seen.push(judge(state.k, at.subarray(0, x.length), at.subarray(x.length)))
    if (state.k >= budget) break
  }
  return seen
}

/** The test accuracy of a last layer alone, on random features, or of a linear classifier of the pixels. */
export const linear = (map: (data: Dataset) => Dataset): ReadonlyArray<Look> => {
  const classifier = digits.trainedOn(map(both()), 1e-3)
  return [{ gradients: 0, validation: 0, accuracy: digits.accuracyOf(map(test()), classifier) }]
}

export const random = (data: Dataset): Dataset => {
  const { features: A } = data
  const problem = problemOf()
  const apply = evaluate<{ readonly x: Parts['x']; readonly A: Dense }>((given) =>
    features.apply(given.x, given.A),
  )
  const made = apply({ x: problem.unravel.x(features.initial(1)), A: array([A.rows, A.columns], A.values) })
  return { ...data, features: { rows: A.rows, columns: features.width, values: made.values } }
}
