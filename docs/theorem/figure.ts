/** Draws what was observed against the bound, a dot for each inequality on many problems. */
import * as Plot from '@observablehq/plot'
import type { Comparison, Sealed } from 'steplaw/theory'
import { logDomain, logTicks } from '../../src/cli/report/axis.js'
import { drawChart, type Frame } from '../../src/cli/report/chart.js'
import { light, themeProperties } from '../../src/cli/report/palette.js'

/** Problems behind a picture, and the seed they come from: a picture shows the same as long as the statement stays the same. */
export const DRAWN = { cases: 150, seed: 7 }

/** No picture shows more dots than this; they are taken evenly. */
const DOTS = 500

/** What both logarithmic axes can show. */
const shown = ({ observed, bound }: Comparison): boolean =>
  bound > 1e-12 && observed > 1e-12 && bound < 1e12 && observed < 1e12

const thinned = <A>(all: ReadonlyArray<A>): ReadonlyArray<A> => {
  const every = Math.max(1, Math.ceil(all.length / DOTS))
  return all.filter((_, i) => i % every === 0)
}

const decades = ([low, high]: readonly [number, number]): ReturnType<typeof logDomain> =>
  logDomain([low, high])

/** The picture; none where the statement has no bound to be near to. */
export const drawBound = (statement: Sealed): string | null => {
  const [subject] = statement.subjects
  if (subject === undefined) return null
  const dots = thinned(statement.sample(subject, DRAWN.cases, DRAWN.seed).filter(shown))
  if (dots.length < 20) return null
  const all = dots.flatMap(({ observed, bound }) => [observed, bound])
  const domain = decades([Math.min(...all), Math.max(...all)])
  const ticks = logTicks(domain, 6)
  const frame: Frame = {
    width: 460,
    height: 360,
    right: 16,
    x: { type: 'log', domain, label: 'the bound', ticks },
    y: { type: 'log', domain, label: 'observed', ticks },
  }
  const ends = [domain.low, domain.high].map((value) => ({ bound: value, observed: value }))
  const chart = drawChart(
    frame,
    [
      Plot.line(ends, { x: 'bound', y: 'observed', stroke: 'var(--quiet)', strokeWidth: 1 }),
      Plot.dot(dots, { x: 'bound', y: 'observed', r: 1.6, fill: 'var(--ink)', fillOpacity: 0.45 }),
    ],
    `Observed against bound of ${statement.id}: ${dots.length} dots, all on or below the diagonal.`,
  ).html
  const font = "system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${frame.width} ${frame.height}" width="${frame.width}" height="${frame.height}" role="img">`,
    `<title>${statement.id}: observed against the bound</title>`,
    `<style>svg { ${themeProperties(light)}; font-family: ${font} } text { white-space: pre; paint-order: stroke }</style>`,
    `<rect width="${frame.width}" height="${frame.height}" fill="var(--paper)"/>`,
    `<g color="var(--ink)">${chart}</g>`,
    '</svg>',
    '',
  ].join('\n')
}
