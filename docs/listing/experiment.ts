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
  const grid = families[0]?.ends.map(({ at }) => at) ?? []
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

/** The parts of the page on rules. */
export const experiments = async (): Promise<ReadonlyMap<string, string>> => {
  const all = readSummaries()
  const steps = ['steps-a1a', 'steps-w8a'].flatMap((name) => all[name] ?? [])
  return new Map([
    ...Object.entries(all).map(([name, summary]) => [name, shown(summary)] as const),
    ['flat', flat(steps)],
  ])
}
