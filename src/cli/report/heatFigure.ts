import * as Plot from '@observablehq/plot'
import { log } from '../../numeric/index.js'
import { finished, page } from './chart.js'
import type { RunReport, Terms } from './data.js'
import type { Family } from './family.js'
import { type FigurePart, renderFigure } from './figure.js'
import { formatLoss, formatNumber, formatPower, tickFormat } from './format.js'
import { type Html, html } from './html.js'
import { light } from './palette.js'
import { endOf } from './sensitivityFigure.js'

/** Losses beyond this multiple of the best have the last colour: what is far away need not be told apart. */
const widest = 10

interface Cell {
  readonly x: number
  readonly y: number
  readonly loss: number
}

const cellsOf = ({ runs }: Family, terms: Terms): ReadonlyArray<Cell> =>
  runs.flatMap(({ run }) => {
    const [x, y] = run.pair ?? []
    return x === undefined || y === undefined ? [] : [{ x: x[1], y: y[1], loss: endOf(run, terms) }]
  })

/** A number that fits a cell. */
const shortLoss = (loss: number): string =>
  loss < 1000 ? formatNumber(loss) : formatPower(Number(loss.toPrecision(1)))

/** Whether some family is swept over two knobs. */
export const hasPairs = (runs: ReadonlyArray<RunReport>): boolean =>
  runs.some(({ pair }) => pair !== undefined)

const sorted = (xs: ReadonlyArray<number>): ReadonlyArray<number> => [...new Set(xs)].sort((a, b) => a - b)

/** The colour of a loss: logarithmic from the best of all families to ten times that. */
const colourOf = (best: number, high: number) => {
  const steps = light.ramp.length
  const width = log(high / best)
  return (loss: number): string => {
    const t = width > 0 ? log(loss / best) / width : 0
    return `var(--ramp-${Math.min(steps - 1, Math.max(0, Math.floor(t * steps)))})`
  }
}

const margin = { top: 24, right: 6, bottom: 40, left: 48 }
const cellSize = { width: 48, height: 30 }

const draw = (family: Family, terms: Terms, colour: (loss: number) => string): FigurePart => {
  const cells = cellsOf(family, terms)
  const xs = sorted(cells.map(({ x }) => x))
  const ys = sorted(cells.map(({ y }) => y))
  const [nameX = '', nameY = ''] = family.runs.flatMap(({ run }) => run.pair?.map(([name]) => name) ?? [])
  const width = margin.left + xs.length * cellSize.width + margin.right
  const height = margin.top + ys.length * cellSize.height + margin.bottom
  const finite = cells.filter(({ loss }) => Number.isFinite(loss))
  const lost = cells.filter(({ loss }) => !Number.isFinite(loss))
  const at = { x: 'x', y: 'y' } as const
  const quiet = { fill: 'var(--quiet)' }
  const svg = Plot.plot({
    document: page(),
    width,
    height,
    marginTop: margin.top,
    marginRight: margin.right,
    marginBottom: margin.bottom,
    marginLeft: margin.left,
    x: { type: 'band', domain: [...xs], padding: 0.04, axis: null },
    y: { type: 'band', domain: [...ys].reverse(), padding: 0.06, axis: null },
    marks: [
      Plot.cell(finite, { ...at, fill: ({ loss }: Cell) => colour(loss) }),
      Plot.cell(lost, { ...at, fill: 'none', stroke: 'var(--hairline)' }),
      Plot.text(finite, { ...at, text: ({ loss }: Cell) => shortLoss(loss), fill: 'var(--paper)' }),
      Plot.text(lost, { ...at, text: () => '×', fill: 'var(--quiet)' }),
      Plot.text([...xs], {
        x: (x: number) => x,
        text: tickFormat(xs),
        frameAnchor: 'bottom',
        dy: 12,
        ...quiet,
      }),
      Plot.text([...ys], {
        y: (y: number) => y,
        text: tickFormat(ys),
        frameAnchor: 'left',
        textAnchor: 'end',
        dx: -6,
        ...quiet,
      }),
      Plot.text([nameY], {
        text: (t: string) => t,
        frameAnchor: 'top-left',
        dx: -margin.left,
        dy: -margin.top + 4,
        ...quiet,
      }),
      Plot.text([nameX], {
        text: (t: string) => t,
        frameAnchor: 'bottom-right',
        dy: margin.bottom - 6,
        ...quiet,
      }),
    ],
  })
  const best = finite.reduce((a, { loss }) => Math.min(a, loss), Number.POSITIVE_INFINITY)
  const words = `Final ${terms.end} of ${family.name} by ${nameX} and ${nameY}: the best of ${cells.length} is ${formatLoss(best)}, ${lost.length} diverged.`
  return { heading: family.name, picture: finished(svg, width, height, words) }
}

/** The end of every run over two knobs, one panel a family. */
export const heatFigure = (number: number, all: ReadonlyArray<Family>, terms: Terms): Html => {
  const swept = all.filter(({ runs }) => hasPairs(runs.map(({ run }) => run)))
  const losses = swept
    .flatMap((family) => cellsOf(family, terms).map(({ loss }) => loss))
    .filter((loss) => Number.isFinite(loss) && loss > 0)
  const best = losses.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const high = Math.min(
    widest * best,
    losses.reduce((a, b) => Math.max(a, b), 0),
  )
  const colour = colourOf(best, high)
  const caption = html`Final ${terms.end} over two knobs, each of which is swept over orders of magnitude; the darker the lower, on a logarithmic scale from ${formatNumber(best)} to ${formatNumber(high)} and beyond, the same in all panels. A cross marks a run that diverged.`
  return renderFigure(
    number,
    'panels',
    swept.map((family) => draw(family, terms, colour)),
    caption,
  )
}
