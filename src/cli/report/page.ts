import { accuracyFigure, hasAccuracies } from './accuracyFigure.js'
import { type FigureName, figureNames, type ReportData, training } from './data.js'
import { families, panels } from './family.js'
import { plural } from './format.js'
import { hasPairs, heatFigure } from './heatFigure.js'
import { type Html, html, nothing, trusted } from './html.js'
import { resultsTable, settingsList } from './htmlTable.js'
import { lossFigure } from './lossFigure.js'
import { rawResults } from './rawResults.js'
import { sensitivityFigure } from './sensitivityFigure.js'
import { stepFigure } from './stepFigure.js'
import { styleSheet } from './style.js'
import { renderTable } from './terminal.js'

/** Nothing is loaded, nothing runs, nothing is sent: the browser enforces it. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

type Drawer = (number: number) => Html

/** The figures that there is something to draw in, as far as they are wanted. */
const figuresOf = ({ runs, terms = training, figures = figureNames }: ReportData): ReadonlyArray<Drawer> => {
  const all = families(runs)
  const grouped = panels(all)
  const plain = all.filter((family) => !hasPairs(family.runs.map(({ run }) => run)))
  const drawers: { readonly [name in FigureName]: ReadonlyArray<Drawer> } = {
    loss: [(n) => lossFigure(n, grouped, terms)],
    accuracy: hasAccuracies(runs) ? [(n) => accuracyFigure(n, grouped, terms)] : [],
    step: [(n) => stepFigure(n, grouped)],
    sensitivity: plain.length > 0 ? [(n) => sensitivityFigure(n, plain, terms)] : [],
    heat: hasPairs(runs) ? [(n) => heatFigure(n, all, terms)] : [],
  }
  return figureNames.flatMap((name) => (figures.includes(name) ? drawers[name] : []))
}

/** The figures and tables of one part; `before` figures and `part` tables stand above it. */
const results = (data: ReportData, drawers: ReadonlyArray<Drawer>, part: number, before: number): Html => {
  if (data.runs.length === 0) return html`<p>No runs.</p>`
  const id = part === 0 ? '' : `-${part + 1}`
  return html`<section aria-labelledby="figures${id}">
<h2 id="figures${id}">${drawers.length === 1 ? 'Figure' : 'Figures'}</h2>
${drawers.map((draw, i) => html`${draw(before + i + 1)}\n`)}</section>
<section aria-labelledby="tables${id}">
<h2 id="tables${id}">Tables and raw results</h2>
${resultsTable(part + 1, data)}
<details>
<summary>The table as text</summary>
<pre tabindex="0">${renderTable(data, 140)}</pre>
</details>
${rawResults(data)}
</section>`
}

const introduction = (data: ReportData): Html =>
  html`${data.description.map((paragraph) => html`<p>${paragraph}</p>\n`)}${settingsList(data.settings)}`

/** A part of its own, under its own title. */
const furtherPart = (data: ReportData, content: Html): Html => html`<header class="part">
<h1>${data.title}</h1>
${introduction(data)}
</header>
${content}
`

/**
 * The report as one HTML page that needs nothing but itself: styles and pictures are within it, it has no script, and
 * it fits narrow and wide screens, light and dark ones, and paper. Several experiments stand one under the other, their figures and
 * tables numbered through. Equal data give equal bytes.
 */
export const renderReport = (data: ReportData, ...others: ReadonlyArray<ReportData>): string => {
  const drawers = [data, ...others].map(figuresOf)
  const before = drawers.map((_, part) => drawers.slice(0, part).reduce((sum, { length }) => sum + length, 0))
  const parts = [data, ...others].map((one, part) =>
    results(one, drawers[part] ?? [], part, before[part] ?? 0),
  )
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="${plural(
    [data, ...others].reduce((sum, { runs }) => sum + runs.length, 0),
    'optimisation run',
  )}: figures, tables and raw results.">
<link rel="icon" href="data:,">
<title>${data.title}</title>
<style>${trusted(styleSheet)}</style>
</head>
<body>
<main>
<header>
<h1>${data.title}</h1>
${introduction(data)}
</header>
${parts[0] ?? nothing}
${others.map((one, i) => furtherPart(one, parts[i + 1] ?? nothing))}</main>
</body>
</html>
`.html
}
