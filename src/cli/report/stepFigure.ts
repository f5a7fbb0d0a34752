import * as Plot from '@observablehq/plot'
import { linearTicks, logDomain, logTicks } from './axis.js'
import { drawChart, type Frame, projections } from './chart.js'
import type { RunReport } from './data.js'
import { groupBy, type Panel, type StyledRun } from './family.js'
import { type FigurePart, renderFigure } from './figure.js'
import { plural } from './format.js'
import { type Html, html } from './html.js'
import { endLabels, exitMarks, lineMark } from './mark.js'
import { intoFrame, type Point, thin } from './series.js'

const pointsPerLine = 240

/** The steps of a run; NaN where it failed, so that the line has a gap. */
const steps = ({ trace }: RunReport): ReadonlyArray<Point> =>
  trace.map(({ k, step }) => ({ x: k, y: step ?? Number.NaN }))

/** Whether the rule moved its step at all. */
const varies = ({ trace }: RunReport): boolean => {
  const first = trace[0]?.step
  return trace.some(({ step }) => step !== first)
}

/** Failed iterations, no closer to each other than three SVG units. */
const failures = (run: RunReport, frame: Frame): ReadonlyArray<Point> => {
  const { x } = projections(frame)
  const marked: Array<Point> = []
  for (const { k, step } of run.trace) {
    const previous = marked[marked.length - 1]
    const failed = step === null || Number.isNaN(step)
    if (failed && (previous === undefined || x.apply(k) - x.apply(previous.x) >= 3))
      marked.push({ x: k, y: frame.y.domain.low })
  }
  return marked
}

/** A step in the frame, a gap at a failure, an edge at zero and infinity. */
const within = (run: RunReport, frame: Frame) => {
  const real = steps(run)
  const { line, above, below } = intoFrame(
    thin(
      real.filter(({ y }) => !Number.isNaN(y)),
      pointsPerLine,
    ),
    frame.y.domain,
  )
  const gaps = real.filter(({ y }) => Number.isNaN(y))
  return { line: [...line, ...gaps].sort((a, b) => a.x - b.x), above, below }
}

const draw = (frame: Frame, heading: string, runs: ReadonlyArray<StyledRun>): FigurePart => {
  const drawn = runs.map((member) => ({ ...member, framed: within(member.run, frame) }))
  const ends = drawn.flatMap(({ run, style, framed }) => {
    const end = [...framed.line, ...framed.above, ...framed.below]
      .filter(({ y }) => !Number.isNaN(y))
      .reduce<Point>((a, b) => (b.x >= a.x ? b : a), { x: 0, y: frame.y.domain.low })
    return [{ ...end, name: run.name, style }]
  })
  const marks = [
    ...drawn.flatMap(({ run, style, framed }) => lineMark(framed.line, style, run.name)),
    ...drawn.flatMap(({ run, style, framed }) => exitMarks(framed, style, run.name)),
    ...drawn.map(({ run, style }) =>
      Plot.dot([...failures(run, frame)], {
        x: 'x',
        y: 'y',
        symbol: 'times',
        stroke: style.colour,
        strokeWidth: 1,
        r: 2.5,
        dy: 5,
      }),
    ),
    ...(runs.length > 1 ? endLabels(frame, ends, 13) : []),
  ]
  return {
    heading,
    picture: drawChart(
      frame,
      marks,
      `Step size against iteration: ${runs
        .map(({ run }) => `${run.name} (${plural(run.summary.failures, 'failure')})`)
        .join(', ')}.`,
    ),
  }
}

/** A picture of the runs of one family: a run alone needs neither label nor dashes. */
const drawFamily = (frame: Frame, family: string, runs: ReadonlyArray<StyledRun>): FigurePart => {
  const failed = runs.reduce((sum, { run }) => sum + run.summary.failures, 0)
  const note = failed > 0 ? ` (${plural(failed, 'failure')})` : ''
  return runs.length > 1
    ? draw(frame, family + note, runs)
    : draw(
        { ...frame, right: 8 },
        runs.map(({ run }) => run.name).join('') + note,
        runs.map(({ run, style }) => ({ run, style: { ...style, dash: 'none' } })),
      )
}

/** Step size against iteration: families that move their step apart, the others together. */
export const stepFigure = (number: number, all: ReadonlyArray<Panel>): Html => {
  const runs = all.flatMap((panel) => panel.runs)
  const taken = runs.flatMap(({ run }) => run.trace.map(({ step }) => step))
  const yDomain = logDomain(taken.flatMap((step) => (step === null || Number.isNaN(step) ? [] : [step])))
  const last = runs.flatMap(({ run }) => run.trace.map(({ k }) => k)).reduce((a, b) => Math.max(a, b), 1)
  const xDomain = { low: 0, high: last }
  const frame: Frame = {
    width: 400,
    height: 210,
    right: 104,
    x: { type: 'linear', domain: xDomain, label: 'iteration', ticks: linearTicks(xDomain, 4) },
    y: { type: 'log', domain: yDomain, label: 'step size', ticks: logTicks(yDomain) },
  }
  const parts = all.flatMap(({ heading, runs: members }) => {
    const families = groupBy(members, ({ run }) => run.family)
    const fixed = families.filter(([, family]) => !family.some(({ run }) => varies(run)))
    const moving = families.filter(([, family]) => family.some(({ run }) => varies(run)))
    return [
      ...(fixed.length > 0
        ? [
            draw(
              frame,
              heading,
              fixed.flatMap(([, family]) => family),
            ),
          ]
        : []),
      ...moving.map(([name, family]) => drawFamily(frame, name, family)),
    ]
  })
  const caption = html`Step size against iteration, as the rule gave it. All panels have the same axes; that of the step is logarithmic. Runs whose steps never change share a panel, the others have one for each family.${
    runs.some(({ run }) => run.trace.length < run.summary.iterations)
      ? ' Iterations that were not recorded are not drawn.'
      : ''
  }${
    taken.some((step) => step === null || Number.isNaN(step))
      ? ' A cross at the lower edge marks an iteration in which the rule failed, which leaves the iterate where it is.'
      : ''
  }${
    taken.some((step) => step === Number.POSITIVE_INFINITY || step === 0)
      ? ' A triangle marks an infinite step (upper edge) or a step of zero (lower edge).'
      : ''
  }`
  return renderFigure(number, 'strips', parts, caption)
}
