/**
 * What an iteration costs, by counting. A formula in the parameters of a method is fitted to as many runs as it has coefficients, and
 * held against one run more; what depends on the course of a run is shown for one run.
 */
import {
  type BilevelCounts,
  type BilevelDraw,
  type BilevelMethod,
  type BilevelState,
  gradientUnits,
  minimiseBilevel,
  noCounts,
  quadraticBilevel,
} from 'steplaw/bilevel'

/** $m$ and $n$ of the problem: more than any run here has conjugate gradients. */
export const SIZE = { m: 8, n: 3 }

const square = (n: number, entry: (i: number) => number): ReadonlyArray<ReadonlyArray<number>> =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? entry(i) : 0)))

const wide = (height: number, width: number): ReadonlyArray<ReadonlyArray<number>> =>
  Array.from({ length: height }, (_, i) => Array.from({ length: width }, (_, j) => ((i + 2 * j) % 3) - 1))

const along = (n: number, entry: (i: number) => number): ReadonlyArray<number> =>
  Array.from({ length: n }, (_, i) => entry(i))

/** A quadratic over a quadratic with two components at each level; the eigenvalues of $H$ are $1/4, 2/4, \dots, 8/4$. */
export const bench = quadraticBilevel({
  lower: [-1, 1].map((sign) => ({
    H: square(SIZE.m, (i) => (i + 1) / 4),
    B: wide(SIZE.m, SIZE.n),
    c: along(SIZE.m, (i) => sign - i / 8),
  })),
  upper: [-1, 1].map((sign) => ({
    P: square(SIZE.m, () => 1),
    S: wide(SIZE.n, SIZE.m),
    R: square(SIZE.n, () => 20),
    p: along(SIZE.m, (i) => sign + i / 8),
    r: along(SIZE.n, () => 1),
  })),
  lowerBounds: { upper: -100, lower: -100 },
})

/** Counts after so many iterations. */
export type Counting = (iterations: number) => BilevelCounts

/** Runs a method on the bench from $x = 0$, $y = 0$. */
export const counting =
  <S extends BilevelState, T>(method: BilevelMethod<S, T>, draws?: (k: number) => BilevelDraw): Counting =>
  (iterations) => {
    const start = { x: new Float64Array(SIZE.n), y: new Float64Array(SIZE.m) }
    const options = { method, start, iterations, ...(draws === undefined ? {} : { draws }) }
    const run = minimiseBilevel(bench, options)
    if (run.state.k !== iterations && run.status === 'running')
      throw new Error(`${method.name} stopped after ${run.state.k} iterations`)
    return run.counts
  }

/** A cost that is a formula in parameters, or that of one run. */
export type Measurement =
  | {
      readonly of: 'formula'
      /** In which case; empty where there is but one. */
      readonly where: string
      readonly parameters: ReadonlyArray<{ readonly symbol: string; readonly says: string }>
      readonly run: (at: (symbol: string) => number) => Counting
    }
  | { readonly of: 'run'; readonly where: string; readonly iterations: number; readonly run: Counting }

const KINDS = Object.keys(noCounts) as ReadonlyArray<keyof BilevelCounts>

const minus = (a: BilevelCounts, b: BilevelCounts): BilevelCounts => ({
  upperValues: a.upperValues - b.upperValues,
  upperGradients: a.upperGradients - b.upperGradients,
  lowerValues: a.lowerValues - b.lowerValues,
  lowerGradients: a.lowerGradients - b.lowerGradients,
  hessianProducts: a.hessianProducts - b.hessianProducts,
  crossProducts: a.crossProducts - b.crossProducts,
})

/** Counts of one iteration: the first, or one after it. */
const iteration = (run: Counting, which: 'first' | 'later'): BilevelCounts =>
  which === 'first' ? run(1) : minus(run(3), run(2))

/** A constant and one coefficient for each parameter. */
type Affine = ReadonlyArray<number>

const valueAt = ([constant = 0, ...slopes]: Affine, point: ReadonlyArray<number>): number =>
  slopes.reduce((sum, slope, i) => sum + slope * (point[i] ?? 0), constant)

/** A cost in words: a formula for every kind, and in units. */
export interface Shown {
  readonly where: string
  readonly kinds: { readonly [K in keyof BilevelCounts]: string }
  readonly units: string
}

const part = (thirds: number, symbol: string): string => {
  const whole = thirds % 3 === 0
  const factor = whole ? thirds / 3 : thirds
  if (symbol === '') return whole ? `${factor}` : `${factor}/3`
  const times = factor === 1 ? symbol : `${factor} ${symbol}`
  return whole ? times : `${times}/3`
}

/** `2 T + N + 3`; coefficients are whole numbers or thirds. */
export const printed = ([constant = 0, ...slopes]: Affine, symbols: ReadonlyArray<string>): string => {
  const terms = [
    ...slopes.map((slope, i) => ({ slope, symbol: symbols[i] ?? '' })),
    { slope: constant, symbol: '' },
  ]
  const text = terms
    .map(({ slope, symbol }) => ({ thirds: Math.round(3 * slope), symbol }))
    .filter(({ thirds }) => thirds !== 0)
    .map(({ thirds, symbol }, i) => {
      const size = part(Math.abs(thirds), symbol)
      return i === 0 ? (thirds < 0 ? `-${size}` : size) : `${thirds < 0 ? '-' : '+'} ${size}`
    })
    .join(' ')
  return text === '' ? '0' : text
}

/** Where a formula is fitted: 2 everywhere, 3 in one parameter; and where it is held against a run. */
const fittedFormula = (
  parameters: ReadonlyArray<{ readonly symbol: string }>,
  count: (point: ReadonlyArray<number>) => BilevelCounts,
): { readonly [K in keyof BilevelCounts]: Affine } & { readonly units: Affine } => {
  const base = parameters.map(() => 2)
  const here = count(base)
  const beside = parameters.map((_, i) => count(base.map((b, j) => (i === j ? b + 1 : b))))
  const check = base.map((b, i) => b + 2 + (i % 2))
  const there = count(check)
  const affine = (of: (counts: BilevelCounts) => number): Affine => {
    const slopes = beside.map((counts) => of(counts) - of(here))
    const found = [slopes.reduce((rest, slope) => rest - 2 * slope, of(here)), ...slopes]
    if (Math.abs(valueAt(found, check) - of(there)) > 1e-9)
      throw new Error(`not affine in ${parameters.map(({ symbol }) => symbol).join(', ')}`)
    return found
  }
  return {
    upperValues: affine((c) => c.upperValues),
    upperGradients: affine((c) => c.upperGradients),
    lowerValues: affine((c) => c.lowerValues),
    lowerGradients: affine((c) => c.lowerGradients),
    hessianProducts: affine((c) => c.hessianProducts),
    crossProducts: affine((c) => c.crossProducts),
    units: affine(gradientUnits),
  }
}

const mapped = (of: (kind: keyof BilevelCounts) => string): Shown['kinds'] => ({
  upperValues: of('upperValues'),
  upperGradients: of('upperGradients'),
  lowerValues: of('lowerValues'),
  lowerGradients: of('lowerGradients'),
  hessianProducts: of('hessianProducts'),
  crossProducts: of('crossProducts'),
})

/** The lines of a table of costs. */
export const shown = (one: Measurement): ReadonlyArray<Shown> => {
  if (one.of === 'run') {
    const counts = one.run(one.iterations)
    const mean = (total: number): string => `${Math.round((10 * total) / one.iterations) / 10}`
    return [
      {
        where: one.iterations === 1 ? one.where : `${one.where}, mean of ${one.iterations}`,
        kinds: mapped((kind) => mean(counts[kind])),
        units: mean(gradientUnits(counts)),
      },
    ]
  }
  const symbols = one.parameters.map(({ symbol }) => symbol)
  const line = (which: 'first' | 'later', where: string): Shown => {
    const formula = fittedFormula(one.parameters, (point) =>
      iteration(
        one.run((symbol) => point[symbols.indexOf(symbol)] ?? Number.NaN),
        which,
      ),
    )
    const math = (affine: Affine): string => `$${printed(affine, symbols)}$`
    return { where, kinds: mapped((kind) => math(formula[kind])), units: math(formula.units) }
  }
  const joined = (word: string): string => (one.where === '' ? word : `${one.where}, ${word}`)
  const [first, later] = [line('first', joined('first iteration')), line('later', joined('later'))]
  return first.units === later.units && KINDS.every((kind) => first.kinds[kind] === later.kinds[kind])
    ? [{ ...later, where: one.where }]
    : [first, later]
}

/** Whether a run asked for products of second derivatives. */
export const asksForSecondDerivatives = (one: Measurement): boolean => {
  const counts = one.of === 'run' ? one.run(one.iterations) : one.run(() => 2)(2)
  return counts.hessianProducts + counts.crossProducts > 0
}
