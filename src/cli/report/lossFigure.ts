import { type Against, againstCost, lineOf } from './against.js'
import { linearTicks, logDomain, logTicks } from './axis.js'
import { type Axis, drawChart, type Frame } from './chart.js'
import { type RunReport, type Terms, training } from './data.js'
import type { Panel } from './family.js'
import { type FigurePart, renderFigure } from './figure.js'
import { formatNumber } from './format.js'
import { type Html, html } from './html.js'
import { type EndLabel, endLabels, exitMarks, lineMark, paleLine, symbolsAlong } from './mark.js'
import { type Framed, intoFrame, type Point, thin } from './series.js'

const pointsPerLine = 200

/** The lines of one run: what is drawn strongly, and what stays behind it. */
interface LossLines {
  readonly strong: ReadonlyArray<Point>
  readonly pale: ReadonlyArray<Point>
}

/**
 * The loss on the training set where it was measured at least three times, before the loss on batches; else the loss
 * on batches alone.
 */
const lossLines = (run: RunReport, against: Against): LossLines => {
  const batch = lineOf(run, against, ({ value }) => value, null)
  const measured = run.trace.filter(({ train }) => train !== null).length >= 3
  if (!measured) return { strong: batch, pale: [] }
  return { strong: lineOf(run, against, ({ train }) => train, run.summary.train), pale: batch }
}

/** Ten times the highest loss at a start: a run that goes beyond leaves the picture, lest the others lie flat in it. */
export const lossCeiling = (runs: ReadonlyArray<RunReport>): number => {
  const first = runs.map(({ trace, summary }) => trace[0]?.train ?? trace[0]?.value ?? summary.train)
  const highest = first.filter((x) => Number.isFinite(x)).reduce((a, b) => Math.max(a, b), 0)
  return highest > 0 ? 10 * highest : Number.POSITIVE_INFINITY
}

const draw = (frame: Frame, panel: Panel, against: Against): FigurePart => {
  const { low } = frame.x.domain
  const within = (points: ReadonlyArray<Point>): Framed =>
    intoFrame(
      thin(points, pointsPerLine).map(({ x, y }) => ({ x: Math.max(x, low), y })),
      frame.y.domain,
    )
  const drawn = panel.runs.map(({ run, style }) => {
    const { strong, pale } = lossLines(run, against)
    return { run, style, strong: within(strong), pale: within(pale) }
  })
  const ends: ReadonlyArray<EndLabel> = drawn.flatMap(({ run, style, strong }) => {
    const shown = [...strong.line, ...strong.above].filter(({ y }) => Number.isFinite(y))
    const end = shown.reduce<Point | null>((a, b) => (a === null || b.x >= a.x ? b : a), null)
    return end === null ? [] : [{ ...end, name: run.name, style }]
  })
  const marks = [
    ...drawn.flatMap(({ pale, style }) => paleLine(pale.line, style)),
    ...drawn.flatMap(({ strong, style, run }) => lineMark(strong.line, style, run.name)),
    ...drawn.flatMap(({ strong, style, run }, i) =>
      symbolsAlong(strong.line, style, run.name, (i + 0.5) / drawn.length),
    ),
    ...drawn.flatMap(({ strong, style, run }) => exitMarks(strong, style, run.name)),
    ...endLabels(frame, ends, 13),
  ]
  const names = panel.runs.map(({ run }) => run.name).join(', ')
  return {
    heading: panel.heading,
    picture: drawChart(frame, marks, `Loss against ${against.label}: ${names}.`),
  }
}

/** Beyond this ratio of the largest to the smallest cost, the cheap runs would lie at the edge of a linear axis. */
const widestLinear = 4

/** The axis of evaluations or of time. The start, at none, is on the left edge of a logarithmic one. */
export const costAxis = (lines: ReadonlyArray<ReadonlyArray<Point>>, label: string): Axis => {
  const costs = lines.flatMap((line) => line.map(({ x }) => x)).filter((x) => x > 0)
  const ends = lines.flatMap((line) => line.slice(-1).map(({ x }) => x)).filter((x) => x > 0)
  const most = costs.reduce((a, b) => Math.max(a, b), 0)
  const high = most > 0 ? most : 1
  const cheapest = ends.reduce((a, b) => Math.min(a, b), high)
  if (high <= widestLinear * cheapest) {
    const domain = { low: 0, high }
    return { type: 'linear', domain, label, ticks: linearTicks(domain, 4) }
  }
  const domain = { low: costs.reduce((a, b) => Math.min(a, b), high) / 2, high }
  return { type: 'log', domain, label, ticks: logTicks(domain, 4) }
}

/** Loss against evaluations, or time, one panel a group. */
export const lossFigure = (
  number: number,
  all: ReadonlyArray<Panel>,
  terms: Terms = training,
  against: Against = againstCost(terms),
): Html => {
  const runs = all.flatMap((panel) => panel.runs)
  const ceiling = lossCeiling(runs.map(({ run }) => run))
  const lines = runs.map(({ run }) => lossLines(run, against).strong)
  const losses = lines.flatMap((line) => line.map(({ y }) => y))
  const x = costAxis(lines, against.label)
  const yDomain = logDomain(losses, ceiling)
  const frame: Frame = {
    width: 400,
    height: 320,
    right: 104,
    x,
    y: { type: 'log', domain: yDomain, label: 'loss', ticks: logTicks(yDomain) },
  }
  const beyond = losses.some((y) => !(y <= yDomain.high))
  const pale = runs.some(({ run }) => lossLines(run, against).pale.length > 0)
  const empty = runs.filter(({ run }) => run.trace.length === 0).map(({ run }) => run.name)
  const caption = html`Loss against ${against.words}. ${
    pale
      ? `Strong lines: ${terms.whole}, where it was measured. Pale lines: loss on the batch of each iteration. `
      : 'Loss on the batch of each iteration. '
  }${
    x.type === 'log'
      ? `All panels have the same axes, both logarithmic; the start, ${against.start}, is on the left edge.`
      : 'All panels have the same axes; that of the loss is logarithmic.'
  }${
    beyond
      ? ` A triangle at the upper edge marks where a run goes above ${formatNumber(yDomain.high)} or is no longer finite.`
      : ''
  }${empty.length > 0 ? ` Without iterations: ${empty.join(', ')}.` : ''}`
  return renderFigure(
    number,
    'panels',
    all.map((panel) => draw(frame, panel, against)),
    caption,
  )
}
