import type { RunReport } from './data.js'
import { categoryStyle, type LineStyle, linesPerPanel, rampStyle } from './palette.js'

/** A run with its look, which is the same in every picture. */
export interface StyledRun {
  readonly run: RunReport
  readonly style: LineStyle
}

/** The runs that differ only in their starting step, in the order of that step. */
export interface Family {
  readonly name: string
  /** The look of the family as one line. */
  readonly style: LineStyle
  readonly runs: ReadonlyArray<StyledRun>
}

/** Runs that share one picture. */
export interface Panel {
  readonly heading: string
  /** At most {@link linesPerPanel}. */
  readonly runs: ReadonlyArray<StyledRun>
}

/** From this size on a family is a sweep: its members take the colours of a ramp. */
const sweepSize = 4

/** The starting step if it has a place on a logarithmic axis. */
export const knob = (run: RunReport): number | null =>
  run.startingStep !== null && Number.isFinite(run.startingStep) && run.startingStep > 0
    ? run.startingStep
    : null

/** Groups in the order of first appearance. */
export const groupBy = <A>(
  as: ReadonlyArray<A>,
  key: (a: A) => string,
): ReadonlyArray<readonly [string, ReadonlyArray<A>]> => {
  const groups = new Map<string, Array<A>>()
  for (const a of as) {
    const group = groups.get(key(a))
    if (group === undefined) groups.set(key(a), [a])
    else group.push(a)
  }
  return [...groups]
}

const chunks = <A>(as: ReadonlyArray<A>, size: number): ReadonlyArray<ReadonlyArray<A>> =>
  as.length === 0 ? [] : [as.slice(0, size), ...chunks(as.slice(size), size)]

/** The families of a batch; single runs and small families get the first colours, because their members carry them too. */
export const families = (runs: ReadonlyArray<RunReport>): ReadonlyArray<Family> => {
  const members = groupBy(runs, (run) => run.family).map(
    ([name, group]) => [name, [...group].sort((a, b) => (knob(a) ?? 0) - (knob(b) ?? 0))] as const,
  )
  const isSweep = (group: ReadonlyArray<RunReport>) => group.length >= sweepSize
  const ranked = [
    ...members.filter(([, group]) => !isSweep(group)),
    ...members.filter(([, group]) => isSweep(group)),
  ].map(([name]) => name)
  return members.map(([name, group]) => {
    const rank = ranked.indexOf(name)
    return {
      name,
      style: categoryStyle(rank),
      runs: group.map((run, i) => ({
        run,
        style: isSweep(group) ? rampStyle(i, group.length) : categoryStyle(rank, i),
      })),
    }
  })
}

/** One panel a group, or several where a group is too large: its sweeps apart, the rest in order. */
export const panels = (all: ReadonlyArray<Family>): ReadonlyArray<Panel> => {
  const styled = all.flatMap((family) => family.runs)
  return groupBy(styled, ({ run }) => run.group).flatMap(([heading, runs]) => {
    if (runs.length <= linesPerPanel) return [{ heading, runs }]
    const parts = groupBy(runs, ({ run }) => run.family)
    const apart = parts.filter(([, members]) => members.length >= sweepSize)
    const rest = parts.filter(([, members]) => members.length < sweepSize).flatMap(([, members]) => members)
    return [
      ...apart.flatMap(([family, members]) =>
        chunks(members, linesPerPanel).map((part) => ({
          heading: family.startsWith(heading) ? family : `${heading}: ${family}`,
          runs: part,
        })),
      ),
      ...chunks(rest, linesPerPanel).map((part) => ({ heading, runs: part })),
    ]
  })
}
