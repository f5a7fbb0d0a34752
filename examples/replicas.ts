/**
 * Eight replicas on logistic regression, from a base step that is far too small and from one that is far too large, beside
 * gradient descent with that very step. The controller finds its way from both, to about the same base.
 *
 * Run by `node --conditions=steplaw-source --import tsx examples/replicas.ts`; takes a few seconds.
 */
import { constant, generator, logistic, minimise, normals, permutation } from 'steplaw'
import { controller, drawnAssignments, replicaMethod, replicasInit, trainReplicas } from 'steplaw/replica'

const rows = 400
const columns = 10
const replicas = 8
const iterations = 600
const period = 10

/** Rows from a normal distribution whose columns differ in scale; labels by a plane, one in ten of them wrong. */
const [entries, after] = normals(rows * columns)(generator(1, 'rows'))
const [wrong] = permutation(rows)(after)
const A = Array.from({ length: rows }, (_, i) =>
  Array.from(entries.subarray(i * columns, (i + 1) * columns), (x, j) => x * (j + 1)),
)
const y = A.map((row, i) => {
  const side = row.reduce((sum, x, j) => sum + (j % 2 === 0 ? x : -x) / (j + 1), 0) >= 0 ? 1 : -1
  return (wrong[i] ?? 0) < rows / 10 ? -side : side
})
const problem = logistic({ A, y, l2: 0.001 })
const start = new Float64Array(columns)

/** The losses after a run alone and one of eight replicas, and the base with which these ended. */
export const compare = (step: number) => {
  const method = replicaMethod({
    controllers: {
      // The temperature is about the difference that the spread makes to the losses of a period.
      step: controller({ replicas, step, spread: 0.3, temperature: 3e-4, momentum: 0.5, gain: 1 }),
    },
    period,
    assignment: drawnAssignments(replicas, 2),
  })
  const together = trainReplicas(problem, method, replicasInit(method, start), iterations)
  const alone = minimise(problem, { rule: constant(step), start, iterations })
  return {
    alone: problem.value(alone.x, null),
    together: problem.value(together.x, null),
    base: together.state.controllers.step.base,
  }
}

for (const step of [1e-4, 10]) {
  const { alone, together, base } = compare(step)
  console.log(
    `from ${step}: gradient descent ends at ${alone.toFixed(3)}, eight replicas at ${together.toFixed(3)}, with a base of ${base.toPrecision(1)}`,
  )
}
