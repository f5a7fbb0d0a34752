import { accuracyFigure, hasAccuracies } from './accuracyFigure.js'
import { againstCost, againstTime, hasTimes } from './against.js'
import { type FigureName, figureNames, type ReportData, training, usualFigures } from './data.js'
import { families, panels } from './family.js'
import { plural } from './format.js'
import { hasPairs, heatFigure } from './heatFigure.js'
import { type Html, html } from './html.js'
import { resultsTable } from './htmlTable.js'
import { lossFigure } from './lossFigure.js'
import { type Part, renderPage } from './page.js'
import { rawResults } from './rawResults.js'
import { sensitivityFigure } from './sensitivityFigure.js'
import { stepFigure } from './stepFigure.js'
import { renderTable } from './terminal.js'

type Drawer = (number: number) => Html

/** The figures that there is something to draw in, as far as they are wanted. */
const figuresOf = ({ runs, terms = training, figures = usualFigures }: ReportData): ReadonlyArray<Drawer> => {
  const all = families(runs)
  const grouped = panels(all)
  const plain = all.filter((family) => !hasPairs(family.runs.map(({ run }) => run)))
  const drawers: { readonly [name in FigureName]: ReadonlyArray<Drawer> } = {
    loss: [(n) => lossFigure(n, grouped, terms)],
    accuracy: hasAccuracies(runs) ? [(n) => accuracyFigure(n, grouped, againstCost(terms))] : [],
    time: hasTimes(runs)
      ? [
          (n) => lossFigure(n, grouped, terms, againstTime),
          ...(hasAccuracies(runs) ? [(n: number) => accuracyFigure(n, grouped, againstTime)] : []),
        ]
      : [],
    step: [(n) => stepFigure(n, grouped)],
    sensitivity: plain.length > 0 ? [(n) => sensitivityFigure(n, plain, terms)] : [],
    heat: hasPairs(runs) ? [(n) => heatFigure(n, all, terms)] : [],
  }
  return figureNames.flatMap((name) => (figures.includes(name) ? drawers[name] : []))
}

/** The figures and tables of one experiment. */
export const reportPart = (data: ReportData): Part => ({
  title: data.title,
  description: data.description,
  settings: data.settings,
  shown: plural(data.runs.length, 'optimisation run'),
  figures: data.runs.length === 0 ? [] : figuresOf(data),
  tables:
    data.runs.length === 0
      ? []
      : [
          (number) => html`${resultsTable(number, data)}
<details>
<summary>The table as text</summary>
<pre tabindex="0">${renderTable(data, 140)}</pre>
</details>
${rawResults(data)}`,
        ],
})

/** The report of one or several experiments. Equal data give equal bytes. */
export const renderReport = (data: ReportData, ...others: ReadonlyArray<ReportData>): string =>
  renderPage(reportPart(data), ...others.map(reportPart))
