/** The works the documentation cites: `docs/bibliography.json`, in CSL-JSON, which every reference manager reads. */
import { readFileSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { PathReporter } from 'io-ts/lib/PathReporter.js'

const name = t.union([t.strict({ family: t.string, given: t.string }), t.strict({ literal: t.string })])

const work = t.intersection([
  t.type({
    id: t.string,
    type: t.string,
    title: t.string,
    author: t.array(name),
    issued: t.type({ 'date-parts': t.tuple([t.tuple([t.number])]) }),
  }),
  t.partial({
    'container-title': t.string,
    publisher: t.string,
    volume: t.string,
    page: t.string,
    DOI: t.string,
    URL: t.string,
  }),
])

type Name = t.TypeOf<typeof name>
export type Work = t.TypeOf<typeof work>
export type Bibliography = ReadonlyMap<string, Work>

const escape = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

const surname = (n: Name): string => ('family' in n ? n.family : n.literal)
const fullName = (n: Name): string => ('family' in n ? `${n.given} ${n.family}` : n.literal)
const year = (w: Work): number => w.issued['date-parts'][0][0]

/** `Armijo (1966)`, `Polyak and Ba (2015)`, `Loizou et al. (2021)`. */
export const label = (w: Work): string => {
  const names = w.author.map(surname)
  const who = names.length > 2 ? `${names[0]} et al.` : names.join(' and ')
  return `${who} (${year(w)})`
}

/** Where to read a work. */
export const address = (w: Work): string | undefined =>
  w.DOI === undefined ? w.URL : `https://doi.org/${w.DOI}`

/** A whole reference as HTML: authors, title, where it appeared, year. */
export const reference = (w: Work): string => {
  const where = w['container-title'] ?? w.publisher
  const volume = [w.volume, w.page].filter((part) => part !== undefined).join(': ')
  const href = address(w)
  const title = `<cite>${escape(w.title)}</cite>`
  return [
    escape(w.author.map(fullName).join(', ')),
    href === undefined ? title : `<a href="${escape(href)}" target="_blank">${title}</a>`,
    escape([where, volume].filter((part) => part !== undefined && part !== '').join(' ')),
    String(year(w)),
  ].join('. ')
}

/** Reads the bibliography. Throws when a row is malformed or an id stands twice: the build has nothing to go on with. */
export const readBibliography = (path: string): Bibliography => {
  const rows = t.array(work).decode(JSON.parse(readFileSync(path, 'utf8')))
  if (E.isLeft(rows)) throw new Error(`${path}: ${PathReporter.report(rows).join('\n')}`)
  const works = new Map(rows.right.map((row) => [row.id, row]))
  const odd = rows.right.find((row) => works.get(row.id) !== row || !/^[a-z]+\d{4}[a-z]?$/.test(row.id))
  if (odd !== undefined) throw new Error(`${path}: ${odd.id} stands twice or is not of the form surname2021`)
  return works
}
