/** What the studies came to as they were run last: their words and tables, a part each. */
import { shown } from '../../examples/experiments/study/table.js'
import { readStudied, type Studied } from '../../examples/experiments/summary.js'
import { table } from '../law/markdown.js'

/** Words that were written for a page without formulas: no sign in them means anything to Markdown. */
const plain = (text: string): string => text.replace(/[\\*_`[\]]/g, '\\$&').replaceAll('<', '&lt;')

const section = ({ description, tables }: Studied): string =>
  [
    ...description.map(plain),
    ...tables.flatMap(({ caption, head, rows }) => [
      plain(caption),
      table(
        head.map(plain),
        rows.map((row) => row.map((cell) => plain(shown(cell)))),
      ),
    ]),
  ].join('\n\n')

/** The parts of the page on studies. */
export const studies = async (): Promise<ReadonlyMap<string, string>> =>
  new Map(Object.entries(readStudied()).map(([name, studied]) => [name, section(studied)]))
