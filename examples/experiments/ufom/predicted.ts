/** Where stochastic descent with steps $10/(k+1)$ goes on the counter-example, and how far from there it still is. */
import { example } from './simulate.js'
import { gradientsOf, overTasks } from './tasks.js'

export interface Predicted {
  readonly x: number
  readonly deviation: number
  /** The mean of $|F'(x_k)|^2$. */
  readonly square: number
}

/**
 * All tasks are parabolas around the limit $\bar x$, where the mean step is $-\gamma_k h (x - \bar x)$ and its variance
 * $\gamma_k^2 \sigma^2$. For $\gamma_k = c/k$ with $2ch > 1$ the variance of $x_k$ is then about $c^2 \sigma^2 / ((2ch - 1) k)$.
 */
export const predicted = (q: number, k: number): Predicted => {
  const gradients = gradientsOf(example)
  const x = q === 0 ? example.biased : example.minimiser
  const slope = (of: (x: number) => number): number => of(x + 0.5) - of(x - 0.5)
  const h = slope(q === 0 ? example.firstOrderGradient : example.gradient)
  const noise = overTasks(gradients, x, ({ firstOrder, exact }) =>
    q === 0 ? firstOrder ** 2 : exact ** 2 + (1 / q - 1) * (exact - firstOrder) ** 2,
  )
  const c = 10
  const variance = (c * c * noise) / ((2 * c * h - 1) * k)
  return {
    x,
    deviation: Math.sqrt(variance),
    square: example.gradient(x) ** 2 + slope(example.gradient) ** 2 * variance,
  }
}
