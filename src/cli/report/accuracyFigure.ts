import { type Against, lineOf } from './against.js'
import { linearTicks } from './axis.js'
import { drawChart, type Frame } from './chart.js'
import type { RunReport } from './data.js'
import type { Panel } from './family.js'
import { type FigurePart, renderFigure } from './figure.js'
import { type Html, html } from './html.js'
import { costAxis } from './lossFigure.js'
import { endLabels, lineMark, symbolsAlong } from './mark.js'
import { type Domain, intoFrame, type Point, thin } from './series.js'

const pointsPerLine = 200

const percent = (share: number | null | undefined): number | null =>
  share === null || share === undefined ? null : 100 * share

/** The share of right labels in percent, with the end. */
const accuracyLine = (run: RunReport, against: Against): ReadonlyArray<Point> =>
  lineOf(run, against, ({ accuracy }) => percent(accuracy), percent(run.summary.testAccuracy))

/** Whether there is enough to draw a line of. */
export const hasAccuracies = (runs: ReadonlyArray<RunReport>): boolean =>
  runs.some(({ trace }) => trace.filter(({ accuracy }) => accuracy !== undefined).length >= 3)

const draw = (frame: Frame, { heading, runs }: Panel, against: Against): FigurePart => {
  const { low } = frame.x.domain
  const drawn = runs.map(({ run, style }) => ({
    run,
    style,
    line: intoFrame(
      thin(accuracyLine(run, against), pointsPerLine).map(({ x, y }) => ({ x: Math.max(x, low), y })),
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
  return { heading, picture: drawChart(frame, marks, `Test accuracy against ${against.label}: ${names}.`) }
}

/** Test accuracy against evaluations, or time, one panel a group. */
export const accuracyFigure = (number: number, all: ReadonlyArray<Panel>, against: Against): Html => {
  const lines = all.flatMap(({ runs }) => runs.map(({ run }) => accuracyLine(run, against)))
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
    x: costAxis(lines, against.label),
    y: { type: 'linear', domain, label: 'test accuracy, %', ticks: linearTicks(domain) },
  }
  const caption = html`Share of right labels on rows that no run has seen, against ${against.words}. All panels have the same axes.`
  return renderFigure(
    number,
    'panels',
    all.map((panel) => draw(frame, panel, against)),
    caption,
  )
}
