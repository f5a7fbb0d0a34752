import { type Html, html, nothing, trusted } from './html.js'
import { settingsList } from './htmlTable.js'
import { styleSheet } from './style.js'

/** Nothing is loaded, nothing runs, nothing is sent: the browser enforces it. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

/** What stands under one title of a page: its figures and tables are numbered on from those before it. */
export interface Part {
  readonly title: string
  /** What was done, one paragraph an entry. */
  readonly description: ReadonlyArray<string>
  /** What all of it has in common, as pairs of a name and a value. */
  readonly settings: ReadonlyArray<readonly [name: string, value: string]>
  /** What is shown, in a few words. */
  readonly shown: string
  readonly figures: ReadonlyArray<(number: number) => Html>
  readonly tables: ReadonlyArray<(number: number) => Html>
}

/** How many figures and tables stand before a part, and which part it is. */
interface Place {
  readonly part: number
  readonly figures: number
  readonly tables: number
}

const results = ({ figures, tables }: Part, { part, ...before }: Place): Html => {
  if (figures.length + tables.length === 0) return html`<p>No runs.</p>`
  const id = part === 0 ? '' : `-${part + 1}`
  const drawn =
    figures.length === 0
      ? nothing
      : html`<section aria-labelledby="figures${id}">
<h2 id="figures${id}">${figures.length === 1 ? 'Figure' : 'Figures'}</h2>
${figures.map((draw, i) => html`${draw(before.figures + i + 1)}\n`)}</section>
`
  return html`${drawn}<section aria-labelledby="tables${id}">
<h2 id="tables${id}">Tables and raw results</h2>
${tables.map((table, i) => html`${table(before.tables + i + 1)}\n`)}</section>`
}

const introduction = ({ description, settings }: Part): Html =>
  html`${description.map((paragraph) => html`<p>${paragraph}</p>\n`)}${settingsList(settings)}`

/** A part of its own, under its own title. */
const furtherPart = (part: Part, content: Html): Html => html`<header class="part">
<h1>${part.title}</h1>
${introduction(part)}
</header>
${content}
`

/**
 * The report as one HTML page that needs nothing but itself: styles and pictures are within it, it has no script, and
 * it fits narrow and wide screens, light and dark ones, and paper. Several parts stand one under the other, their figures and
 * tables numbered through. Equal parts give equal bytes.
 */
export const renderPage = (first: Part, ...others: ReadonlyArray<Part>): string => {
  const all = [first, ...others]
  const sum = (parts: ReadonlyArray<Part>, of: (part: Part) => number): number =>
    parts.reduce((total, part) => total + of(part), 0)
  const contents = all.map((part, i) => {
    const before = all.slice(0, i)
    return results(part, {
      part: i,
      figures: sum(before, ({ figures }) => figures.length),
      tables: sum(before, ({ tables }) => tables.length),
    })
  })
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="${[...new Set(all.map(({ shown }) => shown))].join(', ')}: figures, tables and raw results.">
<link rel="icon" href="data:,">
<title>${first.title}</title>
<style>${trusted(styleSheet)}</style>
</head>
<body>
<main>
<header>
<h1>${first.title}</h1>
${introduction(first)}
</header>
${contents[0] ?? nothing}
${others.map((part, i) => furtherPart(part, contents[i + 1] ?? nothing))}</main>
</body>
</html>
`.html
}
