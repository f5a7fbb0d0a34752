import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { tickFormat } from './format.js'
import { type Html, html, trusted } from './html.js'
import type { Domain } from './series.js'

export interface Axis {
  readonly type: 'linear' | 'log'
  readonly domain: Domain
  readonly label: string
  readonly ticks: ReadonlyArray<number>
}

/** The room of a picture, in SVG units, and its axes. */
export interface Frame {
  readonly width: number
  readonly height: number
  /** Room to the right of the frame, for labels. */
  readonly right: number
  readonly x: Axis
  readonly y: Axis
}

/** From data to SVG units and back. */
export interface Projection {
  readonly apply: (value: number) => number
  readonly invert: (position: number) => number
}

const margin = { top: 24, bottom: 38, left: 44 }

/** Between the frame and the ends of the axes: marks for values beyond an axis stand here. */
const inset = 9

export const fontSize = 11

const ranges = (frame: Frame) => ({
  x: [margin.left + inset, frame.width - frame.right - inset],
  y: [frame.height - margin.bottom - inset, margin.top + inset],
})

const scaleOptions = ({ type, domain }: Axis, range: ReadonlyArray<number>) => ({
  type,
  domain: [domain.low, domain.high],
  range: [...range],
})

const projection = (axis: Axis, range: ReadonlyArray<number>): Projection => {
  const { apply, invert } = Plot.scale({ x: scaleOptions(axis, range) })
  return { apply: (value) => Number(apply(value)), invert: (position) => Number(invert?.(position)) }
}

/** The projections of a frame, for marks that are placed in SVG units. */
export const projections = (frame: Frame): { readonly x: Projection; readonly y: Projection } => ({
  x: projection(frame.x, ranges(frame).x),
  y: projection(frame.y, ranges(frame).y),
})

/** The part of the SVG interface that is used here; the type checker knows no browser. */
export interface Drawing {
  readonly innerHTML: string
  querySelector(selector: string): { remove(): void } | null
  querySelectorAll(selector: string): Iterable<{
    getAttribute(name: string): string | null
    setAttribute(name: string, value: string): void
  }>
}

// Plot's own tick labels on logarithmic axes go through d3, which leaves out those it finds too many; ours are chosen.
const axisMarks = ({ x, y }: Frame): ReadonlyArray<Plot.Markish> => {
  const text = { fill: 'var(--quiet)' }
  const fine = { stroke: 'var(--quiet)', strokeWidth: 0.75 }
  return [
    Plot.gridY([...y.ticks], { stroke: 'var(--hairline)', strokeOpacity: 1, strokeWidth: 0.75 }),
    Plot.text([...y.ticks], {
      ...text,
      y: (tick: number) => tick,
      text: tickFormat(y.ticks),
      frameAnchor: 'left',
      textAnchor: 'end',
      dx: -6,
    }),
    Plot.axisX([...x.ticks], { ...fine, tickSize: 4, text: null, label: null }),
    Plot.text([...x.ticks], {
      ...text,
      x: (tick: number) => tick,
      text: tickFormat(x.ticks),
      frameAnchor: 'bottom',
      lineAnchor: 'top',
      dy: 7,
    }),
    Plot.ruleY([y.domain.low], { ...fine, dy: inset }),
    Plot.text([y.label], { ...text, frameAnchor: 'top-left', dx: -margin.left, dy: -margin.top + 4 }),
    Plot.text([x.label], { ...text, frameAnchor: 'bottom-right', dy: margin.bottom - 5 }),
  ]
}

/** A document to draw in. */
export const page = () => parseHTML('<!doctype html><html><body></body></html>').document

/** What was drawn, as it stands in the page. `words` says what there is to see, for those who do not see it. */
export const finished = (svg: Drawing, width: number, height: number, words: string): Html => {
  // The style sheet of the page speaks for all pictures, and hundredths of a unit are not seen.
  svg.querySelector('style')?.remove()
  for (const element of svg.querySelectorAll('[transform]')) {
    const transform = element.getAttribute('transform') ?? ''
    element.setAttribute(
      'transform',
      transform.replace(/-?\d+\.\d+(e-?\d+)?/g, (number) => String(Number(Number(number).toFixed(2)))),
    )
  }
  return html`<svg role="img" aria-label="${words}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" fill="currentColor" font-size="${fontSize}" text-anchor="middle">${trusted(svg.innerHTML)}</svg>`
}

/** Draws marks in a frame. `words` says what there is to see, for those who do not see it. */
export const drawChart = (frame: Frame, marks: ReadonlyArray<Plot.Markish>, words: string): Html => {
  const range = ranges(frame)
  const svg: Drawing = Plot.plot({
    document: page(),
    width: frame.width,
    height: frame.height,
    marginTop: margin.top,
    marginRight: frame.right,
    marginBottom: margin.bottom,
    marginLeft: margin.left,
    x: { ...scaleOptions(frame.x, range.x), axis: null },
    y: { ...scaleOptions(frame.y, range.y), axis: null },
    marks: [...axisMarks(frame), ...marks],
  })
  return finished(svg, frame.width, frame.height, words)
}
