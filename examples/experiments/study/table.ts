import { type Html, html } from '../../../src/cli/report/html.js'

/** A table of findings: the first column names the row. */
export interface Table {
  readonly caption: string
  readonly head: ReadonlyArray<string>
  readonly rows: ReadonlyArray<ReadonlyArray<string | number>>
}

/** Four digits, as many as are read. */
export const shown = (cell: string | number): string =>
  typeof cell === 'string'
    ? cell
    : Number.isInteger(cell)
      ? String(cell)
      : String(Number(cell.toPrecision(4)))

const kind = (cell: string | number | undefined): string => (typeof cell === 'number' ? 'number' : 'name')

export const tablePart = (
  number: number,
  { caption, head, rows }: Table,
): Html => html`<p class="caption" id="table-${number}"><b>Table ${number}.</b> ${caption}</p>
<div class="scroll" role="region" aria-labelledby="table-${number}" tabindex="0">
<table role="table" class="results" aria-labelledby="table-${number}">
<thead role="rowgroup"><tr role="row">${head.map((text, i) => html`<th scope="col" role="columnheader" class="${kind(rows[0]?.[i])}">${text}</th>`)}</tr></thead>
<tbody role="rowgroup">
${rows.map(
  (row) =>
    html`<tr role="row">${row.map((cell, i) =>
      i === 0
        ? html`<th scope="row" role="rowheader" class="short">${shown(cell)}</th>`
        : html`<td role="cell" class="${kind(cell)}" data-head="${head[i] ?? ''}">${shown(cell)}</td>`,
    )}</tr>\n`,
)}</tbody>
</table>
</div>`
