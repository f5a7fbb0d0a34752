import { linearTicks } from './axis.js'
import { drawChart, type Frame } from './chart.js'
import type { RunReport, Terms } from './data.js'
import type { Panel } from './family.js'
import { type FigurePart, renderFigure } from './figure.js'
import { type Html, html } from './html.js'
import { costAxis, costOf } from './lossFigure.js'
import { endLabels, lineMark, symbolsAlong } from './mark.js'
import { type Domain, intoFrame, type Point, thin } from './series.js'

const pointsPerLine = 200

/** The share of right labels in percent against what had been evaluated, with the end. */
const accuracyLine = ({ trace, summary }: RunReport): ReadonlyArray<Point> => {
  const measured = trace.flatMap(({ evaluations, accuracy }) =>
    accuracy === undefined ? [] : [{ x: evaluations, y: 100 * accuracy }],
  )
  const spent = costOf(summary)
  const last = measured[measured.length - 1]?.x ?? 0
  return summary.testAccuracy !== null && spent > last
    ? [...measured, { x: spent, y: 100 * summary.testAccuracy }]
    : measured
}

/** Whether there is enough to draw a line of. */
export const hasAccuracies = (runs: ReadonlyArray<RunReport>): boolean =>
  runs.some(({ trace }) => trace.filter(({ accuracy }) => accuracy !== undefined).length >= 3)

const draw = (frame: Frame, { heading, runs }: Panel, terms: Terms): FigurePart => {
  const { low } = frame.x.domain
  const drawn = runs.map(({ run, style }) => ({
    run,
    style,
    line: intoFrame(
      thin(accuracyLine(run), pointsPerLine).map(({ x, y }) => ({ x: Math.max(x, low), y })),
      frame.y.domain,
    ).line,
  }))
  const ends = drawn.flatMap(({ run, style, line }) =>
    line
      .filter(({ y }) => Number.isFinite(y))
      .slice(-1)
      .map((end) => ({ ...end, name: run.name, style })),
  )
  const marks = [
    ...drawn.flatMap(({ run, style, line }) => lineMark(line, style, run.name)),
    ...drawn.flatMap(({ run, style, line }, i) =>
      symbolsAlong(line, style, run.name, (i + 0.5) / drawn.length),
    ),
    ...endLabels(frame, ends, 13),
  ]
  const names = runs.map(({ run }) => run.name).join(', ')
  return { heading, picture: drawChart(frame, marks, `Test accuracy against ${terms.cost}: ${names}.`) }
}

/** Test accuracy against evaluations, one panel a group. */
export const accuracyFigure = (number: number, all: ReadonlyArray<Panel>, terms: Terms): Html => {
  const lines = all.flatMap(({ runs }) => runs.map(({ run }) => accuracyLine(run)))
  const shares = lines.flatMap((line) => line.map(({ y }) => y)).filter((y) => Number.isFinite(y))
  const highest = shares.reduce((a, b) => Math.max(a, b), 0)
  const lowest = shares.reduce((a, b) => Math.min(a, b), 100)
  const domain: Domain = {
    low: Math.floor(lowest),
    high: Math.max(Math.ceil(highest), Math.floor(lowest) + 1),
  }
  const frame: Frame = {
    width: 400,
    height: 320,
    right: 104,
    x: costAxis(lines, terms.cost),
    y: { type: 'linear', domain, label: 'test accuracy, %', ticks: linearTicks(domain) },
  }
  const caption = html`Share of right labels on rows that no run has seen, against the number of ${terms.counting}. All panels have the same axes.`
  return renderFigure(
    number,
    'panels',
    all.map((panel) => draw(frame, panel, terms)),
    caption,
  )
}
