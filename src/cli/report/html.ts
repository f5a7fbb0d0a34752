import { printableLines } from './format.js'

/** Text that is HTML already. Everything else is escaped when it enters a template. */
export interface Html {
  readonly html: string
}

type Part = string | number | Html | ReadonlyArray<Html>

const entities: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text for an element or for a quoted attribute, without control characters. */
export const escapeHtml = (text: string): string =>
  printableLines(text).replace(/[&<>"']/g, (character) => entities[character] ?? character)

const show = (part: Part): string => {
  if (typeof part === 'string') return escapeHtml(part)
  if (typeof part === 'number') return String(part)
  return 'html' in part ? part.html : part.map(({ html }) => html).join('')
}

/** A template whose holes are escaped unless they are {@link Html}: unescaped text cannot get in by oversight. */
export const html = (literals: TemplateStringsArray, ...parts: ReadonlyArray<Part>): Html => ({
  html: literals.map((literal, i) => (i === 0 ? literal : show(parts[i - 1] ?? '') + literal)).join(''),
})

/** Takes a string as HTML: for markup that was made by a serialiser, and for constants of this folder. */
export const trusted = (text: string): Html => ({ html: text })

export const nothing: Html = { html: '' }
