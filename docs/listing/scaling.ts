/** Draws how the cost of a multiplication falls with the size of a problem. */

import { logDomain, logTicks } from '../../src/cli/report/axis.js'
import { drawChart, type Frame } from '../../src/cli/report/chart.js'
import { endLabels, lineMark, symbolMark } from '../../src/cli/report/mark.js'
import { categoryStyle, type LineStyle, light, themeProperties } from '../../src/cli/report/palette.js'
import { type Model, multiplyAdds } from '../../test/bench/scaling/sweep.js'
import type { Row, Table } from '../../test/bench/scaling/table.js'

const PANEL = { width: 440, height: 330 }
const TITLE = 24
const MARGIN = 10

/** The colour says how many columns, the dashes how many threads. */
const styleOf = (columns: number, threads: number): LineStyle => ({
  ...categoryStyle(columns),
  dash: threads === 1 ? 'none' : '6 3',
  filled: threads === 1,
})

const distinct = (values: ReadonlyArray<number>): ReadonlyArray<number> =>
  [...new Set(values)].sort((a, b) => a - b)

const panel = (rows: ReadonlyArray<Row>, all: ReadonlyArray<Row>, model: Model): string => {
  const points = (some: ReadonlyArray<Row>) => some.map((row) => ({ x: multiplyAdds(row), y: row.ns }))
  const [x, y] = [logDomain(all.map(multiplyAdds)), logDomain(all.map(({ ns }) => ns))]
  const frame: Frame = {
    ...PANEL,
    right: 112,
    x: { type: 'log', domain: x, label: 'multiply-adds in a call', ticks: logTicks(x, 6) },
    y: { type: 'log', domain: y, label: 'ns for each', ticks: logTicks(y) },
  }
  const lines = distinct(rows.map(({ d }) => d)).flatMap((d, i) =>
    distinct(rows.map(({ threads }) => threads)).map((threads) => ({
      name: `${d} columns, ${threads}`,
      style: styleOf(i, threads),
      points: points(rows.filter((row) => row.d === d && row.threads === threads)),
    })),
  )
  const ends = lines.flatMap(({ name, style, points: all }) =>
    all.slice(-1).map((end) => ({ ...end, name, style })),
  )
  const marks = [
    ...lines.flatMap((line) => lineMark(line.points, line.style, line.name)),
    ...lines.flatMap((line) => symbolMark(line.points, line.style, line.name)),
    ...endLabels(frame, ends, 18),
  ]
  return drawChart(
    frame,
    marks,
    `Nanoseconds for a multiply-add of ${model} regression against their number.`,
  ).html
}

/** The picture behind `docs/guide/scaling.svg`, on paper of its own so that it reads on any page. */
export const drawScaling = ({ rows }: Table): string => {
  const models = ['logistic', 'softmax'] as const
  const [width, height] = [MARGIN + models.length * PANEL.width, PANEL.height + TITLE]
  const font = "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    '<title>Cost of a multiply-add against the size of a call, for logistic and softmax regression, on one and on two threads</title>',
    `<style>svg { ${themeProperties(light)}; font-family: ${font} } text { white-space: pre; paint-order: stroke }</style>`,
    `<rect width="${width}" height="${height}" fill="var(--paper)"/>`,
    ...models.flatMap((model, i) => [
      `<text x="${MARGIN + i * PANEL.width}" y="16" font-size="13" font-weight="600" fill="var(--ink)">${model} regression</text>`,
      `<g transform="translate(${MARGIN + i * PANEL.width} ${TITLE})" color="var(--ink)">`,
      panel(
        rows.filter((row) => row.model === model),
        rows,
        model,
      ),
      '</g>',
    ]),
    '</svg>',
    '',
  ].join('\n')
}
