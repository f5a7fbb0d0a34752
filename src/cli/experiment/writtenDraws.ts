import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { type Invalid, invalid } from '../../../spec/vocabulary/invalid.js'
import type { BilevelDraw } from '../../bilevel/draw.js'
import type { Batch } from '../../problem/oracle.js'
import type { TwoLevelSetting } from './bilevelCourse.js'
import { type Chances, noChances } from './bilevelDraws.js'
import type { BilevelRun } from './bilevelRun.js'
import type { BilevelDrawsSpec } from './bilevelSpec.js'
import type { Plan } from './plan.js'

type Result<A> = E.Either<Invalid, A>

const isMethod = (method: Plan['method']): method is BilevelRun =>
  'levels' in method && method.levels === 'both'

/** The runs whose draws can be written down at all. */
const written = (plans: ReadonlyArray<Plan>): Result<ReadonlyArray<BilevelRun>> => {
  const runs: Array<BilevelRun> = []
  for (const { name, method } of plans) {
    if (!isMethod(method))
      return E.left(invalid('--write-draws', name, 'no baseline: it draws batches of its own'))
    if (method.draws === null)
      return E.left(
        invalid(
          '--write-draws',
          name,
          'a method that is written out: how much one built in code draws is not known',
        ),
      )
    runs.push(method)
  }
  return E.right(runs)
}

/** What all runs that toss a coin, or all that have a series, have in common. */
const common = <A>(what: string, values: ReadonlyArray<A>): Result<A | null> =>
  new Set(values).size > 1
    ? E.left(invalid('--write-draws', values, `one ${what}: the runs share their draws`))
    : E.right(values[0] ?? null)

/** The numbers that all runs of an experiment have in common. */
const chancesOf = (runs: ReadonlyArray<BilevelRun>): Result<Chances> => {
  const coin = common(
    'probability of the coin',
    runs.flatMap(({ chances }) => (chances.coin === null || chances.coin === 0 ? [] : [chances.coin])),
  )
  if (E.isLeft(coin)) return coin
  const depth = common(
    'number of terms among which a depth is drawn, or none',
    runs.flatMap(({ chances, draws }) => (draws?.series === true ? [chances.depth] : [])),
  )
  return E.isLeft(depth) ? depth : E.right({ coin: coin.right, depth: depth.right })
}

const most = (numbers: ReadonlyArray<number>): number => numbers.reduce((a, b) => Math.max(a, b), 0)

/** The draws of an experiment on two levels, written out by kind: what any run of it reads, for every iteration. */
export const writtenDraws = (
  { experiment, judged, draws }: TwoLevelSetting,
  plans: ReadonlyArray<Plan>,
): Result<BilevelDrawsSpec> => {
  const spec = experiment.draws ?? {}
  if (!('batch' in spec)) return E.right(spec)
  const runs = written(plans)
  if (E.isLeft(runs)) return runs
  const shared = chancesOf(runs.right)
  if (E.isLeft(shared)) return shared
  const { upper, lower } = judged.problem
  const list = (batch: Batch): ReadonlyArray<number> => Array.from(batch ?? [])
  const needed = {
    lower: most(runs.right.map((run) => run.draws?.lower ?? 0)),
    hessian: most(runs.right.map((run) => run.draws?.hessian ?? 0)),
    uniforms: runs.right.some((run) => run.draws?.uniform === true),
  }
  const within = (count: number, batch: (i: number) => Batch) =>
    Array.from({ length: count }, (_, i) => list(batch(i)))
  const all = Array.from({ length: experiment.iterations }, (_, k) =>
    draws(k, { ...noChances, ...shared.right }),
  )
  const each = <A>(of: (draw: BilevelDraw) => O.Option<A>): ReadonlyArray<A> =>
    all.flatMap((draw) => {
      const drawn = of(draw)
      return O.isSome(drawn) ? [drawn.value] : []
    })
  // A level that is taken whole has no batches.
  return E.right({
    ...(spec.batch >= upper.components ? {} : { upper: all.map((draw) => list(draw.upper)) }),
    ...(spec.batch >= lower.components
      ? {}
      : {
          lower: all.map((draw) => within(needed.lower, draw.lower)),
          cross: all.map((draw) => list(draw.cross)),
          ...(needed.hessian === 0
            ? {}
            : { hessian: all.map((draw) => within(needed.hessian, draw.hessian)) }),
          probe: all.map((draw) => list(draw.probe)),
        }),
    ...(shared.right.depth === null ? {} : { depth: each(({ depth }) => depth) }),
    ...(shared.right.coin === null ? {} : { coins: each(({ coin }) => coin) }),
    ...(needed.uniforms ? { uniforms: each(({ uniform }) => uniform) } : {}),
  })
}
