/** Scalar tasks with a finite inner loop from the point itself: their gradients with and without second derivatives. */

/** Equiprobable tasks, each a parabola of curvature $a$ with its minimum at $b/a$ that turns into a line beyond `linearBeyond`. */
export interface Tasks {
  readonly tasks: ReadonlyArray<{ readonly a: number; readonly b: number }>
  readonly linearBeyond: number
  readonly inner: { readonly steps: number; readonly step: number }
}

export interface Gradients {
  /** $\varphi'(y_r)$. */
  readonly firstOrder: number
  /** $\varphi'(y_r) \prod_j (1 - \alpha \varphi''(y_j))$. */
  readonly exact: number
}

/** Both gradients of every task, as functions of the point $x = y_0$. */
export const gradientsOf = ({ tasks, linearBeyond: A, inner: { steps, step } }: Tasks) =>
  tasks.map(({ a, b }) => (x: number): Gradients => {
    const centre = b / a
    let [y, kept] = [x, 1]
    for (let j = 0; ; j += 1) {
      const [offset, z] = [y - centre, Math.abs(y - centre)]
      let [slope, curvature] = [a * offset, a]
      if (z > A) {
        const w = Math.min(z - A, 1)
        slope = a * Math.sign(offset) * (A + w - (w * w) / 2)
        curvature = a * (1 - w)
      }
      if (j === steps) return { firstOrder: slope, exact: slope * kept }
      kept *= 1 - step * curvature
      y -= step * slope
    }
  })

/** The mean over the tasks. */
export const overTasks = (
  gradients: ReturnType<typeof gradientsOf>,
  x: number,
  of: (task: Gradients) => number,
): number => gradients.reduce((sum, gradient) => sum + of(gradient(x)), 0) / gradients.length
