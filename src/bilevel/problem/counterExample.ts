import { fail } from '../../autodiff/primitive.js'
import { type Ablo, ablo, scalarTask } from './ablo.js'
import { finiteOf, integerOf } from './input.js'
import type { TracedBilevelProblem } from './traced.js'

/**
 * The parameters of {@link firstOrderCounterExample}; by default those of the published figure.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface CounterExample {
  /** The curvatures $0 < a_1 < a_2$ of the tasks; $(1/2, 3/2)$. */
  readonly curvatures?: readonly [number, number]
  /** The inner step $\alpha$, with $\alpha a_2 < 1$; 1/10. */
  readonly step?: number
  /** The number $r \ge 1$ of inner steps; 10. */
  readonly steps?: number
  /** $D > 0$: the squared gradient where the method without second derivatives comes to rest is $2 D$; 0.06. */
  readonly bias?: number
}

/**
 * A problem on which descent without second derivatives goes to the wrong place, with all that is known of it.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface FirstOrderCounterExample {
  readonly problem: TracedBilevelProblem<readonly [1], readonly [1]>
  readonly tasks: Ablo['tasks']
  readonly linearBeyond: number
  readonly inner: { readonly steps: number; readonly step: number }
  /** $p_i = (1 - \alpha a_i)^r$: what the inner loop leaves of the way to the minimum of its task. */
  readonly retained: readonly [number, number]
  /** Where all inner loops stay on parabolas. */
  readonly range: readonly [low: number, high: number]
  /** Where the mean of the first-order gradients is 0. */
  readonly biased: number
  /** Where $F$ is least. */
  readonly minimiser: number
  /** $F(x) = \frac12 \sum_i \varphi_i(y_r^i(x))$ for any $x$. */
  readonly value: (x: number) => number
  /** $F'(x) = \frac12 \sum_i \varphi_i'(y_r^i) \prod_j (1 - \alpha \varphi_i''(y_j^i))$. */
  readonly gradient: (x: number) => number
  /** The same without second derivatives, $\frac12 \sum_i \varphi_i'(y_r^i)$. */
  readonly firstOrderGradient: (x: number) => number
}

const powerOf = (base: number, exponent: number): number =>
  Array.from({ length: exponent }).reduce<number>((p) => p * base, 1)

/**
 * Two tasks ({@link ablo}) of different curvature, $r$ inner steps $y_{j+1} = y_j - \alpha \varphi_i'(y_j)$ from $y_0 = x$. On
 * parabolas an inner loop leaves $p_i = (1 - \alpha a_i)^r$ of the way to $b_i / a_i$, so the gradient of a task is
 * $p_i^2 (a_i x - b_i)$ and the first-order one $p_i (a_i x - b_i)$; with $b_1 = 0$
 * $$x_{FO} = \frac{p_2 b_2}{a_1 p_1 + a_2 p_2}, \qquad x^* = \frac{p_2^2 b_2}{a_1 p_1^2 + a_2 p_2^2}, \qquad
 *   b_2 = \frac{2 \sqrt{2D}\, (a_1 p_1 + a_2 p_2)}{a_1 p_1 p_2 (p_1 - p_2)},$$
 * and $|F'(x_{FO})|^2 = 2D$: stochastic descent along the first-order gradient ends there whatever its steps. The parabolas reach
 * $A = b_2/a_2 + 1$, beyond all of these points. Value and gradients are exact everywhere, on the lines too.
 *
 * @throws `RangeError` naming the field outside its domain.
 * @cite likhosherstov2021
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { firstOrderCounterExample } from 'steplaw/bilevel'
 *
 * const { biased, minimiser, gradient, firstOrderGradient } = firstOrderCounterExample()
 * const rounded = [biased, minimiser, gradient(biased) ** 2].map((x) => Math.round(1e6 * x) / 1e6)
 * rounded // => [5.758867, 2.840282, 0.12]
 * Math.abs(firstOrderGradient(biased)) < 1e-12 // => true
 * ```
 */
export const firstOrderCounterExample = ({
  curvatures: [a1, a2] = [0.5, 1.5],
  step = 0.1,
  steps = 10,
  bias = 0.06,
}: CounterExample = {}): FirstOrderCounterExample => {
  if (!(a1 > 0 && a1 < a2)) fail('curvatures', `must be 0 < a1 < a2, got [${a1}, ${a2}]`)
  if (!(step > 0 && step * a2 < 1)) fail('step', `must be > 0 and below 1 / ${a2}, got ${step}`)
  const r = integerOf('steps', steps, 1)
  if (!(finiteOf('bias', bias) > 0)) fail('bias', `must be > 0, got ${bias}`)
  const [p1, p2] = [powerOf(1 - step * a1, r), powerOf(1 - step * a2, r)]
  const b2 = finiteOf('steps', (2 * Math.sqrt(2 * bias) * (a1 * p1 + a2 * p2)) / (a1 * p1 * p2 * (p1 - p2)))
  const tasks = [
    { a: a1, b: 0 },
    { a: a2, b: b2 },
  ]
  const linearBeyond = b2 / a2 + 1
  const known = tasks.map((task) => scalarTask(task, linearBeyond))
  /** The end of the inner loop of every task, and how it moves with $x$. */
  const ends = (x: number) =>
    known.map((task) => {
      let [y, moved] = [x, 1]
      for (let j = 0; j < r; j += 1) {
        const { slope, curvature } = task(y)
        y -= step * slope
        moved *= 1 - step * curvature
      }
      return { ...task(y), moved }
    })
  const mean = (of: (end: ReturnType<typeof ends>[number]) => number) => (x: number) =>
    ends(x).reduce((s, end) => s + of(end), 0) / known.length
  return {
    problem: ablo({ tasks, linearBeyond }),
    tasks,
    linearBeyond,
    inner: { steps: r, step },
    retained: [p1, p2],
    range: [-1, linearBeyond],
    biased: (p2 * b2) / (a1 * p1 + a2 * p2),
    minimiser: (p2 * p2 * b2) / (a1 * p1 * p1 + a2 * p2 * p2),
    value: mean(({ value }) => value),
    gradient: mean(({ slope, moved }) => slope * moved),
    firstOrderGradient: mean(({ slope }) => slope),
  }
}
