import * as Plot from '@observablehq/plot'
import { type Frame, projections } from './chart.js'
import { printable, shorten } from './format.js'
import { distinct, spread } from './label.js'
import type { LineStyle } from './palette.js'
import type { Framed, Point } from './series.js'
import { evenly } from './series.js'

type Marks = ReadonlyArray<Plot.Markish>

const at = { x: 'x', y: 'y' } as const

const outline = ({ colour, symbol, filled }: LineStyle) => ({
  symbol,
  stroke: colour,
  fill: filled ? colour : 'var(--paper)',
  strokeWidth: 1.25,
})

/** A line in the look of its run; `name` appears when the pointer rests on it. */
export const lineMark = (points: ReadonlyArray<Point>, style: LineStyle, name: string): Marks => [
  Plot.line([...points], {
    ...at,
    stroke: style.colour,
    strokeDasharray: style.dash,
    strokeWidth: 1.6,
    strokeLinecap: 'butt',
    title: () => printable(name),
  }),
]

/** A line that stays behind the others. */
export const paleLine = (points: ReadonlyArray<Point>, style: LineStyle): Marks => [
  Plot.line([...points], { ...at, stroke: style.colour, strokeWidth: 0.6, strokeOpacity: 0.28 }),
]

export const symbolMark = (points: ReadonlyArray<Point>, style: LineStyle, name: string): Marks => [
  Plot.dot([...points], { ...at, ...outline(style), r: 3, title: () => printable(name) }),
]

/** Whether a line leaves or enters its frame here. */
const isEdge = (line: ReadonlyArray<Point>, i: number): boolean => Number.isNaN(line[i + 1]?.y)

/** A few symbols along a line; `phase` keeps those of different lines from covering each other. */
export const symbolsAlong = (
  line: ReadonlyArray<Point>,
  style: LineStyle,
  name: string,
  phase: number,
): Marks => {
  const finite = line.filter(({ y }, i) => Number.isFinite(y) && !isEdge(line, i))
  return symbolMark(
    evenly(finite.length, 5, phase).flatMap((i) => finite[i] ?? []),
    style,
    name,
  )
}

/** Triangles where a line leaves its frame. */
export const exitMarks = ({ above, below }: Framed, style: LineStyle, name: string): Marks => {
  const triangle = {
    ...at,
    symbol: 'triangle',
    fill: style.colour,
    r: 3.5,
    title: () => printable(name),
  } as const
  return [
    Plot.dot([...above], { ...triangle, dy: -4 }),
    Plot.dot([...below], { ...triangle, dy: 4, rotate: 180 }),
  ]
}

/** The end of a line, with its name. */
export interface EndLabel extends Point {
  readonly name: string
  readonly style: LineStyle
}

const labelGap = 13

/** The names of lines to the right of the rightmost end, each with its symbol and a dotted thread to its line. */
export const endLabels = (frame: Frame, labels: ReadonlyArray<EndLabel>, length: number): Marks => {
  if (labels.length === 0) return []
  const { x, y } = projections(frame)
  const left = labels.map((label) => x.apply(label.x)).reduce((a, b) => Math.max(a, b)) + 10
  const heights = spread(
    labels.map((label) => y.apply(label.y)),
    labelGap,
    y.apply(frame.y.domain.high) - 2,
    y.apply(frame.y.domain.low) + 4,
  )
  const shown = distinct(labels.map(({ name }) => printable(name)))
  const point = (px: number, py: number): Point => ({ x: x.invert(px), y: y.invert(py) })
  return labels.flatMap((label, i) => {
    const height = heights[i] ?? 0
    const end = { x: x.apply(label.x), y: y.apply(label.y) }
    const thread = [point(end.x, end.y), point(left - 4, end.y), point(left + 6, height)]
    return [
      Plot.line(thread, { ...at, stroke: label.style.colour, strokeWidth: 0.75, strokeDasharray: '1 2.5' }),
      Plot.dot([point(left + 10, height)], { ...at, ...outline(label.style), r: 2.75 }),
      Plot.text([point(left + 17, height)], {
        ...at,
        text: () => shorten(shown[i] ?? '', length),
        title: () => printable(label.name),
        textAnchor: 'start',
        fill: 'var(--ink)',
        stroke: 'var(--paper)',
        strokeWidth: 3,
      }),
    ]
  })
}
