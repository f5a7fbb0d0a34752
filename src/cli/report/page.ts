import type { ReportData } from './data.js'
import { families, panels } from './family.js'
import { plural } from './format.js'
import { type Html, html, trusted } from './html.js'
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

const results = (data: ReportData): Html => {
  if (data.runs.length === 0) return html`<p>No runs.</p>`
  const all = families(data.runs)
  const grouped = panels(all)
  return html`<section aria-labelledby="figures">
<h2 id="figures">Figures</h2>
${lossFigure(1, grouped)}
${stepFigure(2, grouped)}
${sensitivityFigure(3, all)}
</section>
<section aria-labelledby="tables">
<h2 id="tables">Tables and raw results</h2>
${resultsTable(1, data)}
<details>
<summary>The table as text</summary>
<pre tabindex="0">${renderTable(data, 140)}</pre>
</details>
${rawResults(data)}
</section>`
}

/**
 * The report as one HTML page that needs nothing but itself: styles and pictures are within it, it has no script, and
 * it fits narrow and wide screens, light and dark ones, and paper. Equal data give equal bytes.
 */
export const renderReport = (data: ReportData): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="${plural(data.runs.length, 'optimisation run')}: figures, tables and raw results.">
<link rel="icon" href="data:,">
<title>${data.title}</title>
<style>${trusted(styleSheet)}</style>
</head>
<body>
<main>
<header>
<h1>${data.title}</h1>
${data.description.map((paragraph) => html`<p>${paragraph}</p>\n`)}${settingsList(data.settings)}
</header>
${results(data)}
</main>
</body>
</html>
`.html
