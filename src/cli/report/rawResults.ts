import { encodeNumber } from '../../../spec/vocabulary/number.js'
import type { ReportData } from './data.js'
import { printable } from './format.js'
import { type Html, html } from './html.js'

/** More characters than this stay in the file beside the page. */
const embeddable = 200_000

const json = (u: unknown): string =>
  JSON.stringify(u, (_key, value: unknown) => (typeof value === 'number' ? encodeNumber(value) : value))

/** One line a run, without its trace. */
const summaries = ({ runs }: ReportData): string =>
  runs.map(({ trace: _, ...rest }) => `${json(rest)}\n`).join('')

/** The raw results, or their summaries where they are long, and the way to the file. */
export const rawResults = (data: ReportData): Html => {
  const { file, folder, text } = data.raw
  const whole = text.length <= embeddable
  const place = folder === undefined ? '' : `${encodeURIComponent(printable(folder))}/`
  const link = html`<a href="./${place}${encodeURIComponent(printable(file))}">${file}</a>`
  return html`<details>
<summary>Raw results as JSON</summary>
<p>${
    whole
      ? html`The text of ${link}, the file beside this page.`
      : html`One line a run. The file ${link} beside this page also has every iteration.`
  }</p>
<pre tabindex="0">${whole ? text : summaries(data)}</pre>
</details>`
}
