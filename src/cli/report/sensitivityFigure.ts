import type * as Plot from '@observablehq/plot'
import { logDomain, logTicks } from './axis.js'
import { drawChart, type Frame } from './chart.js'
import { type RunReport, type Terms, training } from './data.js'
import { type Family, knob } from './family.js'
import { renderFigure } from './figure.js'
import { formatNumber } from './format.js'
import { type Html, html } from './html.js'
import { lossCeiling } from './lossFigure.js'
import { endLabels, exitMarks, lineMark, symbolMark } from './mark.js'
import { type Domain, type Framed, intoFrame, type Point } from './series.js'

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** The loss by which the ends of runs are compared. */
export const endOf = ({ summary }: RunReport, { compare }: Terms): number =>
  compare === 'test' ? (summary.testLoss ?? summary.train) : summary.train

/** Final losses of a family by starting step. */
const byStart = ({ runs }: Family, terms: Terms): ReadonlyArray<Point> =>
  runs.flatMap(({ run }) => {
    const start = knob(run)
    return start === null ? [] : [{ x: start, y: endOf(run, terms) }]
  })

/** Families without a starting step reach their loss wherever one starts: a level across the frame. */
const levels = ({ runs }: Family, { low, high }: Domain, terms: Terms): ReadonlyArray<ReadonlyArray<Point>> =>
  runs.flatMap(({ run }) =>
    knob(run) === null
      ? [
          [
            { x: low, y: endOf(run, terms) },
            { x: high, y: endOf(run, terms) },
          ],
        ]
      : [],
  )

/** Every run beyond an edge, not only the first of a stretch: each is a result. */
const outside = (points: ReadonlyArray<Point>, { low, high }: Domain): Framed => ({
  line: [],
  above: points.filter(({ y }) => !(y <= high)).map(({ x }) => ({ x, y: high })),
  below: points.filter(({ y }) => y < low).map(({ x }) => ({ x, y: low })),
})

const familyMarks = (frame: Frame, family: Family, terms: Terms) => {
  const { name, style } = family
  const { low, high } = frame.y.domain
  const points = byStart(family, terms)
  const swept = intoFrame(points, frame.y.domain)
  const across = levels(family, frame.x.domain, terms).map((level) => intoFrame(level, frame.y.domain))
  const marks: ReadonlyArray<Plot.Markish> = [
    ...lineMark(swept.line, style, name),
    ...across.flatMap((level) => lineMark(level.line, { ...style, dash: '1 3' }, name)),
    ...symbolMark(
      points.filter(({ y }) => y >= low && y <= high),
      style,
      name,
    ),
    ...exitMarks(outside(points, frame.y.domain), style, name),
    ...across.flatMap((framed) => exitMarks(framed, style, name)),
  ]
  const ends = [swept, ...across].flatMap(({ line, above }) =>
    [...line, ...above].filter(({ y }) => Number.isFinite(y)).slice(-1),
  )
  return { marks, ends: ends.slice(-1).map((end) => ({ ...end, name, style })) }
}

const draw = (frame: Frame, all: ReadonlyArray<Family>, nameLength: number, terms: Terms): Html => {
  const drawn = all.map((family) => familyMarks(frame, family, terms))
  return drawChart(
    frame,
    [
      ...drawn.flatMap(({ marks }) => marks),
      ...endLabels(
        frame,
        drawn.flatMap(({ ends }) => ends),
        nameLength,
      ),
    ],
    `Final ${terms.end} against starting step: ${all.map(({ name }) => name).join(', ')}.`,
  )
}

/** Final training loss against starting step, one line a family. */
export const sensitivityFigure = (
  number: number,
  all: ReadonlyArray<Family>,
  terms: Terms = training,
): Html => {
  const runs = all.flatMap((family) => family.runs.map(({ run }) => run))
  const finals = runs.map((run) => endOf(run, terms))
  const xDomain = logDomain(runs.flatMap((run) => knob(run) ?? []))
  const yDomain = logDomain(finals, lossCeiling(runs))
  const wide: Frame = {
    width: 720,
    height: 430,
    right: 150,
    x: { type: 'log', domain: xDomain, label: 'starting step', ticks: logTicks(xDomain, 9) },
    y: { type: 'log', domain: yDomain, label: `final ${terms.end}`, ticks: logTicks(yDomain) },
  }
  const narrow: Frame = {
    ...wide,
    width: 400,
    height: 380,
    right: 116,
    x: { ...wide.x, ticks: logTicks(xDomain, 5) },
  }
  const beyond = runs.filter((run) => !(endOf(run, terms) <= yDomain.high)).map(({ name }) => name)
  const caption = html`${terms.compare === 'test' ? 'Loss on the test rows' : capital(terms.whole)} at the end against the starting step, one line for each family of runs that differ in nothing else; both axes logarithmic.${
    runs.some((run) => knob(run) === null) ? ' Dotted levels: runs without a starting step.' : ''
  }${
    beyond.length > 0
      ? ` A triangle at the upper edge marks a final loss above ${formatNumber(yDomain.high)} or one that is not finite: ${beyond.join(', ')}.`
      : ''
  }`
  return renderFigure(
    number,
    'single',
    [
      {
        heading: '',
        picture: html`<div class="for-wide">${draw(wide, all, 18, terms)}</div><div class="for-narrow">${draw(narrow, all, 15, terms)}</div>`,
      },
    ],
    caption,
  )
}
