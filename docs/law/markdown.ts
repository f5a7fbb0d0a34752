/** What the generated pages are written with. */
import type { Json } from 'steplaw/spec'

/** A page of Markdown, by its path from the root of the repository. */
export interface Page {
  readonly path: string
  readonly text: string
}

/** TypeDoc takes a brace with a backslash for one that is escaped; the formula would lose it. */
export const named = (text: string): string =>
  text.replace(/\$[^$]*\$/g, (formula) =>
    formula.replaceAll('\\{', '\\lbrace ').replaceAll('\\}', '\\rbrace '),
  )

/** The head of a page, as TypeDoc reads it, then its text. */
export const page = (
  path: string,
  title: string,
  body: ReadonlyArray<string>,
  { group, children = [] }: { readonly group?: string; readonly children?: ReadonlyArray<string> } = {},
): Page => ({
  path,
  text: [
    '---',
    `title: ${title}`,
    ...(group === undefined ? [] : [`group: ${group}`]),
    ...(children.length === 0 ? [] : ['children:', ...children.map((child) => `  - ${child}`)]),
    '---',
    '',
    `# ${title}`,
    '',
    named(body.join('\n\n')),
    '',
  ].join('\n'),
})

/** Text in a cell of a table, where a bar would end it. */
const cell = (text: string): string =>
  text.replace(/\$[^$]*\$/g, (formula) => formula.replaceAll('|', '\\vert ')).replaceAll('|', '\\|')

/** A table of Markdown. */
export const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n')

export const list = (items: ReadonlyArray<string>): string => items.map((item) => `- ${item}`).join('\n')

export const fence = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``

export const code = (text: string): string => `\`${text}\``

/** What a reader looks for first stands first. */
const FIRST = ['rule', 'value', 'slope', 'family']

const rank = (key: string): number => (FIRST.includes(key) ? FIRST.indexOf(key) : FIRST.length)

const isRecord = (json: Json): json is { readonly [key: string]: Json } =>
  typeof json === 'object' && json !== null && !Array.isArray(json)

interface Part {
  readonly key: string
  readonly of: Json
}

const partsOf = (json: Json): ReadonlyArray<Part> =>
  isRecord(json)
    ? Object.entries(json)
        .map(([key, of]) => ({ key: `${JSON.stringify(key)}: `, of, rank: rank(key) }))
        .sort((a, b) => a.rank - b.rank)
    : Array.isArray(json)
      ? (json as ReadonlyArray<Json>).map((of) => ({ key: '', of }))
      : []

/** JSON on one line, with room to breathe. */
export const inline = (json: Json): string => {
  if (typeof json !== 'object' || json === null) return JSON.stringify(json)
  const inside = partsOf(json)
    .map(({ key, of }) => key + inline(of))
    .join(', ')
  return isRecord(json) ? (inside === '' ? '{}' : `{ ${inside} }`) : `[${inside}]`
}

/** JSON on as few lines as fit into a width. */
export const fitted = (json: Json, width = 100, indent = ''): string => {
  const line = inline(json)
  const parts = partsOf(json)
  if (parts.length === 0 || indent.length + line.length <= width) return line
  const deeper = `${indent}  `
  const [open, close] = isRecord(json) ? ['{', '}'] : ['[', ']']
  return [
    open,
    parts.map(({ key, of }) => `${deeper}${key}${fitted(of, width - key.length - 1, deeper)}`).join(',\n'),
    indent + close,
  ].join('\n')
}

/** A share of cases, in per cent, with a space that does not break. */
export const percent = (share: number): string =>
  `${share > 0 && share < 0.01 ? '<\u{a0}1' : Math.round(100 * share)}\u{a0}%`
