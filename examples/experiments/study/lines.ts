import * as Plot from '@observablehq/plot'
import { linearTicks, logDomain, logTicks } from '../../../src/cli/report/axis.js'
import { type Axis, drawChart, type Frame } from '../../../src/cli/report/chart.js'
import { renderFigure } from '../../../src/cli/report/figure.js'
import { html } from '../../../src/cli/report/html.js'
import { endLabels, exitMarks, lineMark, symbolsAlong } from '../../../src/cli/report/mark.js'
import { categoryStyle } from '../../../src/cli/report/palette.js'
import { intoFrame, type Point, thin } from '../../../src/cli/report/series.js'
import type { Figure } from './figure.js'

export interface Line {
  readonly name: string
  readonly points: ReadonlyArray<Point>
}

export interface AxisOf {
  readonly label: string
  readonly type: 'linear' | 'log'
  /** What the axis shows; by default all there is. Lines that leave it end in triangles. */
  readonly domain?: readonly [low: number, high: number]
}

/** One picture of lines. Lines of the same name look the same in all pictures of a figure. */
export interface Panel {
  readonly heading: string
  readonly lines: ReadonlyArray<Line>
  /** What this panel alone is against; else that of the figure, as far as it goes in all of its panels. */
  readonly x?: AxisOf
}

/** A value that is known, and belongs to no line. */
export interface Level {
  readonly name: string
  readonly y: number
}

const xOf = (points: ReadonlyArray<Point>): ReadonlyArray<number> => points.map((point) => point.x)
const pointsOf = (panels: ReadonlyArray<Panel>): ReadonlyArray<Point> =>
  panels.flatMap(({ lines }) => lines.flatMap((line) => line.points))

/** Thin lines across; their names, above their right ends, stand before all lines. */
const levelRules = (levels: ReadonlyArray<Level>): ReadonlyArray<Plot.Markish> => [
  Plot.ruleY([...levels], { y: 'y', stroke: 'var(--quiet)', strokeWidth: 0.75, strokeDasharray: '1 3' }),
]

const levelNames = (levels: ReadonlyArray<Level>): ReadonlyArray<Plot.Markish> => [
  Plot.text([...levels], {
    y: 'y',
    text: 'name',
    frameAnchor: 'right',
    textAnchor: 'end',
    dx: -4,
    dy: -10,
    fill: 'var(--quiet)',
    stroke: 'var(--paper)',
    strokeWidth: 3,
  }),
]

const axis = ({ label, type, domain }: AxisOf, values: ReadonlyArray<number>, count: number): Axis => {
  const finite = values.filter(Number.isFinite)
  const linear = { low: Math.min(...finite), high: Math.max(...finite) }
  const all = type === 'log' ? logDomain(values) : linear
  const shown = domain === undefined ? all : { low: domain[0], high: domain[1] }
  return {
    type,
    label,
    domain: shown,
    ticks: type === 'log' ? logTicks(shown, count) : linearTicks(shown, count),
  }
}

/** Lines against one quantity, side by side on the same axes; and levels across all of them. */
export const lineFigure =
  ({
    panels,
    x,
    y,
    levels = [],
    caption,
  }: {
    readonly panels: ReadonlyArray<Panel>
    readonly x: AxisOf
    readonly y: AxisOf
    readonly levels?: ReadonlyArray<Level>
    readonly caption: string
  }): Figure =>
  (number) => {
    const points = pointsOf(panels)
    const shared = pointsOf(panels.filter((panel) => panel.x === undefined))
    const names = [...new Set(panels.flatMap(({ lines }) => lines.map(({ name }) => name)))]
    const yAxis = axis(y, [...points.map((point) => point.y), ...levels.map((level) => level.y)], 7)
    const parts = panels.map(({ heading, lines, x: own }) => {
      const xAxis =
        own === undefined ? axis(x, xOf(shared), 4) : axis(own, xOf(pointsOf([{ heading, lines }])), 4)
      const frame: Frame = { width: 400, height: 320, right: 120, x: xAxis, y: yAxis }
      const drawn = lines.map(({ name, points: all }) => ({
        name,
        style: categoryStyle(names.indexOf(name)),
        framed: intoFrame(thin(all, 300), frame.y.domain),
      }))
      const ends = drawn.flatMap(({ name, style, framed }) => {
        const end = framed.line.filter((point) => Number.isFinite(point.y)).at(-1)
        return end === undefined ? [] : [{ ...end, name, style }]
      })
      const marks = [
        ...levelRules(levels),
        ...drawn.flatMap(({ name, style, framed }) => lineMark(framed.line, style, name)),
        ...drawn.flatMap(({ name, style, framed }, i) =>
          symbolsAlong(framed.line, style, name, (i + 0.5) / drawn.length),
        ),
        ...drawn.flatMap(({ name, style, framed }) => exitMarks(framed, style, name)),
        ...levelNames(levels),
        ...endLabels(frame, ends, 17),
      ]
      const words = `${y.label} against ${xAxis.label}: ${lines.map(({ name }) => name).join(', ')}.`
      return { heading, picture: drawChart(frame, marks, words) }
    })
    return renderFigure(number, 'panels', parts, html`${caption}`)
  }
