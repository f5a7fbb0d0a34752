/** Fixed bilevel problems of two components at each level, for tests that draw batches. */

import { type BilevelDraw, noDraw, quadraticBilevel } from 'steplaw/bilevel'

/** $x$ and $y$ in the plane. The means are convex, the curvature of the lower one is between 0.9 and 2.1. */
export const sums = quadraticBilevel({
  lower: [
    {
      H: [
        [2, 0.5],
        [0.5, 1],
      ],
      B: [
        [1, 0],
        [0, 1],
      ],
      c: [-1, 0],
    },
    {
      H: [
        [1, 0],
        [0, 3],
      ],
      B: [
        [0, 1],
        [1, 0],
      ],
      c: [0, 1],
    },
  ],
  upper: [
    {
      P: [
        [1, 0],
        [0, 1],
      ],
      S: [
        [0.5, 0],
        [0, 0.25],
      ],
      R: [
        [2, 0],
        [0, 2],
      ],
      p: [-2, 1],
      r: [0.25, 0],
    },
    {
      P: [
        [2, 0.5],
        [0.5, 1],
      ],
      S: [
        [0, 0.5],
        [0, 0],
      ],
      R: [
        [3, 1],
        [1, 2],
      ],
      p: [1, 0],
      r: [0, -1],
    },
  ],
  lowerBounds: { upper: -20, lower: -20 },
})

export const start = { x: Float64Array.of(0.5, -1), y: Float64Array.of(1, 0.25) }

/** One component of each level in turn, not in step with one another. */
export const alternating = (k: number): BilevelDraw => ({
  ...noDraw,
  upper: Int32Array.of(k % 2),
  lower: (t) => Int32Array.of((k + t + 1) % 2),
  hessian: (q) => Int32Array.of((k + q) % 2),
  cross: Int32Array.of(Math.floor(k / 2) % 2),
})
