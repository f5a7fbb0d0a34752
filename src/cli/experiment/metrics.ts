import type { Matrix } from '../../problem/data/dataset.js'
import type { Vector } from '../../problem/oracle.js'

/** The share of rows for which `right(row)` holds. */
const share = (rows: number, right: (row: number) => boolean): number => {
  let hits = 0
  for (let row = 0; row < rows; row++) if (right(row)) hits++
  return hits / rows
}

/** The share of rows on whose side of the plane $\langle a_i, x\rangle = 0$ the label $y_i \in \{-1, 1\}$ stands. */
export const signAccuracy = ({ rows, columns, values }: Matrix, y: ArrayLike<number>, x: Vector): number =>
  share(rows, (row) => {
    let margin = 0
    for (let j = 0; j < columns; j++) margin += (values[row * columns + j] ?? 0) * (x[j] ?? 0)
    return margin * (y[row] ?? 0) > 0
  })

/** The share of rows whose label has the greatest score $W^\top a_i$, the first of equals. */
export const softmaxAccuracy = (
  { rows, columns, values }: Matrix,
  labels: ArrayLike<number>,
  classes: number,
  x: Vector,
): number => {
  const scores = new Float64Array(classes)
  return share(rows, (row) => {
    scores.fill(0)
    for (let j = 0; j < columns; j++) {
      const a = values[row * columns + j] ?? 0
      if (a === 0) continue
      for (let q = 0; q < classes; q++) scores[q] = (scores[q] ?? 0) + a * (x[j * classes + q] ?? 0)
    }
    let best = 0
    for (let q = 1; q < classes; q++) if ((scores[q] ?? 0) > (scores[best] ?? 0)) best = q
    return best === labels[row] && scores.every((s) => !Number.isNaN(s))
  })
}
