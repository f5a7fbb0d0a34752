import { quadratic } from 'steplaw'

/** Two quadratics in the plane that disagree, and a start. */
export const problem = quadratic({
  A: [
    [
      [4, 1],
      [1, 2],
    ],
    [
      [1, 0],
      [0, 0.5],
    ],
  ],
  b: [
    [1, -1],
    [0, 2],
  ],
})
export const start = Float64Array.of(3, -2)

/** One after the other. */
export const batches = (k: number): Int32Array => Int32Array.of(k % 2)
