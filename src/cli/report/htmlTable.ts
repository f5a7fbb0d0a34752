import { type Column, columns, type Section, sections } from './column.js'
import { type ReportData, type RunReport, training } from './data.js'
import { abridged, expressionParts } from './expression.js'
import { type Html, html, nothing } from './html.js'

/** Longer parts of an expression may be broken anywhere. */
const unbroken = 28

/** A line of a method of two levels is abridged to about this many characters. */
const longestLine = 44

const expression = (line: string): Html =>
  html`<code>${expressionParts(line).map((part) =>
    part.length <= unbroken ? html`<span>${part}</span><wbr>` : html`${part}<wbr>`,
  )}</code>`

// The roles are those the elements have anyway; on narrow screens, where rows become blocks, some browsers forget them.
const cell = ({ head, kind, cell: lines }: Column, run: RunReport): Html => {
  const content = lines(run)
  switch (kind) {
    case 'name': {
      const name = content.join(' ')
      return html`<th scope="row" role="rowheader" class="${name.length <= 24 ? 'short' : 'long'}">${name}</th>`
    }
    case 'number':
      return html`<td role="cell" class="number" data-head="${head}">${content.join(' ')}</td>`
    case 'expression':
      return html`<td role="cell" class="expression" data-head="${head}">${content.map((line) =>
        expression(run.outline === undefined ? line : abridged(line, (text) => text.length <= longestLine)),
      )}</td>`
  }
}

const body = (all: ReadonlyArray<Column>, { group, direction, runs }: Section): Html =>
  html`<tbody role="rowgroup">
<tr role="row" class="group"><th scope="rowgroup" role="rowheader" colspan="${all.length}">${group}${direction === null ? nothing : html`, along ${expression(direction)}`}</th></tr>
${runs.map((run) => html`<tr role="row">${all.map((column) => cell(column, run))}</tr>\n`)}</tbody>
`

/** The table of results as HTML, in a box that scrolls sideways where there is no room. */
export const resultsTable = (number: number, data: ReportData): Html => {
  const all = columns(data, 'full')
  return html`<p class="caption" id="table-${number}"><b>Table ${number}.</b> Results in the order of the runs. ${data.terms === undefined || data.terms === training ? 'Evaluations are those on training batches; one function or one gradient evaluation on one batch counts 1.' : 'Evaluations are those on batches of either level.'} “Decided by” says how often which operand of the rule gave the step.${data.runs.some(({ outline }) => outline !== undefined) ? ' Methods are abridged; the raw results have them whole.' : nothing}</p>
<div class="scroll" role="region" aria-labelledby="table-${number}" tabindex="0">
<table role="table" class="results" aria-labelledby="table-${number}">
<thead role="rowgroup"><tr role="row">${all.map(({ head, kind }) => html`<th scope="col" role="columnheader" class="${kind}">${head}</th>`)}</tr></thead>
${sections(data).map((section) => body(all, section))}</table>
</div>`
}

/** What all runs have in common. */
export const settingsList = (settings: ReportData['settings']): Html =>
  settings.length === 0
    ? nothing
    : html`<dl class="settings">
${settings.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>`
