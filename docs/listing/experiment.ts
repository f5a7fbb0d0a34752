/** Tables of the experiments as they were run last. */
import { type End, type Family, readSummaries, type Summary } from '../../examples/experiments/summary.js'
import { table } from '../law/markdown.js'

/** A loss with its digits; what is not finite has diverged. */
const loss = ({ train }: End, best: number): string => {
  if (train === null || train > 1e3) return 'diverged'
  const text = train.toFixed(4)
  return train <= 1.05 * best ? `**${text}**` : text
}

const bestOf = (families: ReadonlyArray<Family>): number =>
  Math.min(...families.flatMap(({ ends }) => ends.flatMap(({ train }) => (train === null ? [] : [train]))))

const power = (x: number): string => (x >= 1e-3 && x <= 1e3 ? String(x) : x.toExponential())

const shown = ({ families }: Summary): string => {
  const best = bestOf(families)
  const grid = families[0]?.ends.map(({ at }) => at ?? 0) ?? []
  return table(
    ['', ...grid.map(power)],
    families.map(({ name, ends }) => [name, ...ends.map((end) => loss(end, best))]),
  )
}

/** How many of the starting steps end within 5 % of the best run of all. */
const flat = (summaries: ReadonlyArray<Summary>): string => {
  const names = [...new Set(summaries.flatMap(({ families }) => families.map(({ name }) => name)))]
  const within = (summary: Summary, name: string): string => {
    const best = bestOf(summary.families)
    const family = summary.families.find((f) => f.name === name)
    if (family === undefined) return '–'
    const near = family.ends.filter(({ train }) => train !== null && train <= 1.05 * best).length
    return `${near} of ${family.ends.length}`
  }
  return table(
    ['', ...summaries.map(({ title }) => title.replace(/^.* on /, ''))],
    names.map((name) => [name, ...summaries.map((summary) => within(summary, name))]),
  )
}

/** The experiments on two levels: what they are compared by is the loss on test rows. */
const onTwoLevels = ({ families }: Summary): boolean =>
  families.some(({ ends }) => ends.some(({ test }) => test !== undefined))

/** The parts of the page on rules. */
export const experiments = async (): Promise<ReadonlyMap<string, string>> => {
  const all = readSummaries()
  const steps = ['steps-a1a', 'steps-w8a'].flatMap((name) => all[name] ?? [])
  return new Map([
    ...Object.entries(all).flatMap(([name, summary]) =>
      onTwoLevels(summary) ? [] : [[name, shown(summary)] as const],
    ),
    ['flat', flat(steps)],
  ])
}

const percent = (share: number | null): string => (share === null ? '–' : `${(100 * share).toFixed(1)} %`)

const tested = ({ test }: End): string => {
  if (test === undefined || test === null || test > 1e3) return 'diverged'
  return test >= 100 ? test.toFixed(0) : test.toPrecision(3)
}

/** One row a run: the best of a family first, then how many of its runs end between the baselines. */
const compared = ({ families }: Summary): string => {
  const end = (name: string): End | undefined => families.find((family) => family.name === name)?.ends[0]
  const noisy = end('noisy labels')?.test ?? Number.POSITIVE_INFINITY
  const rows = families.map(({ name, ends }) => {
    const best = ends.reduce((a, b) => ((b.test ?? 1e9) < (a.test ?? 1e9) ? b : a))
    const below = ends.filter(({ test }) => typeof test === 'number' && test < noisy).length
    return [
      name,
      best.at === null ? '' : power(best.at),
      best.train === null ? 'diverged' : best.train.toPrecision(3),
      tested(best),
      percent(best.accuracy),
      best.evaluations.toFixed(0),
      ends.length === 1 ? '' : `${below} of ${ends.length}`,
    ]
  })
  return table(
    [
      '',
      'best of the sweep at',
      'validation loss',
      'test loss',
      'test accuracy',
      'gradients',
      'below noisy labels',
    ],
    rows,
  )
}

/** Test losses over two numbers: the upper one along a row, the lower one down a column. */
const crossed = ({ ends }: Family): string => {
  const sorted = (of: (end: End) => number | null | undefined): ReadonlyArray<number> =>
    [...new Set(ends.map((end) => of(end) ?? 0))].sort((a, b) => a - b)
  const [columns, rows] = [sorted(({ at }) => at), sorted(({ lower }) => lower)]
  return table(
    ['lower, upper', ...columns.map(power)],
    rows.map((lower) => [
      power(lower),
      ...columns.map((at) => {
        const end = ends.find((one) => one.at === at && one.lower === lower)
        return end === undefined ? '' : tested(end)
      }),
    ]),
  )
}

/** How many of the ends of each family are within a tenth of the best of all, and how many are no better than noisy labels. */
const spread = ({ families }: Summary): string => {
  const noisy = families.find(({ name }) => name === 'noisy labels')?.ends[0]?.test ?? 0
  const swept = families.filter(({ ends }) => ends.some(({ lower }) => lower !== undefined))
  const losses = ({ ends }: Family): ReadonlyArray<number> =>
    ends.map(({ test }) => test ?? Number.POSITIVE_INFINITY)
  const best = Math.min(...swept.flatMap(losses))
  return table(
    ['', 'best', 'median', 'worst', 'within 10 % of the best of all', 'below noisy labels'],
    swept.map((family) => {
      const all = [...losses(family)].sort((a, b) => a - b)
      const at = (i: number): string => {
        const test = all[i] ?? Number.POSITIVE_INFINITY
        return tested({
          at: null,
          train: null,
          accuracy: null,
          evaluations: 0,
          test: Number.isFinite(test) ? test : null,
        })
      }
      const count = (limit: number): string =>
        `${all.filter((loss) => loss <= limit).length} of ${all.length}`
      return [
        family.name,
        at(0),
        at(Math.floor(all.length / 2)),
        at(all.length - 1),
        count(1.1 * best),
        count(noisy),
      ]
    }),
  )
}

/** Families that sweep one number, by that number. */
const byStart = ({ families }: Summary): string => {
  const swept = families.filter(
    ({ ends }) => ends.length > 1 && ends.every(({ lower }) => lower === undefined),
  )
  const grid = swept[0]?.ends.map(({ at }) => at ?? 0) ?? []
  return table(
    ['', ...grid.map(power)],
    swept.map(({ name, ends }) => [name, ...ends.map(tested)]),
  )
}

/** The parts of the page on two levels. */
export const twoLevels = async (): Promise<ReadonlyMap<string, string>> => {
  const { 'hyper-cleaning': cleaning, robustness } = readSummaries()
  const cross = (name: string): string => {
    const family = robustness?.families.find((one) => one.name === name)
    return family === undefined ? '' : crossed(family)
  }
  return new Map([
    ['hyper-cleaning', cleaning === undefined ? '' : compared(cleaning)],
    ['spread', robustness === undefined ? '' : spread(robustness)],
    ['resets', robustness === undefined ? '' : byStart(robustness)],
    ['bisls-adam', cross('BiSLS-Adam')],
    ['adam', cross('Adam')],
  ])
}
