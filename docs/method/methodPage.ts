/** The page of a method of two levels: one template for all. */
import { cards } from 'steplaw/theory'
import type { Clause } from '../../test/spec/read.js'
import { code, fence, list, type Page, page, table } from '../law/markdown.js'
import { type Measurement, SIZE, shown } from './measure.js'
import type { MethodRow } from './row.js'

/** Where the generated pages lie. */
export const FOLDER = 'docs/method/page'

const PROSE = '../../../spec/prose'

/** What a page takes from elsewhere. */
export interface Known {
  readonly clauses: ReadonlyArray<Clause>
  /** The example in the comment of the constructor. */
  readonly example: (name: string) => string
}

/** The title of a card, which the site links to its page. */
export const cardTitle = (id: string): string => {
  const card = cards.find((one) => one.id === id)
  if (card === undefined) throw new Error(`there is no card ${id}`)
  return `*${card.id}. ${card.title}*`
}

const clauseLink = (id: string, clauses: ReadonlyArray<Clause>): string => {
  const clause = clauses.find((one) => one.id === id)
  if (clause === undefined) throw new Error(`there is no clause ${id}`)
  return `[${clause.number}](${PROSE}/${clause.file}#${clause.id}) ${code(clause.id)}`
}

const costs = (measurements: ReadonlyArray<Measurement>): string =>
  table(
    ['', '$f$', '$\\nabla f$', '$g$', '$\\nabla g$', '$H\\cdot$', '$J\\cdot$', 'gradient units'],
    measurements
      .flatMap(shown)
      .map(({ where, kinds, units }) => [
        where,
        kinds.upperValues,
        kinds.upperGradients,
        kinds.lowerValues,
        kinds.lowerGradients,
        kinds.hessianProducts,
        kinds.crossProducts,
        units,
      ]),
  )

const symbols = (measurements: ReadonlyArray<Measurement>): ReadonlyArray<string> => [
  ...new Set(
    measurements.flatMap((one) =>
      one.of === 'formula' ? one.parameters.map(({ symbol, says }) => `$${symbol}$ is ${says}`) : [],
    ),
  ),
]

export const methodPage = (row: MethodRow, { clauses, example }: Known): Page => {
  const letters = symbols(row.cost)
  return page(`${FOLDER}/${row.name}.md`, row.title, [
    `${code(row.name)} of ${code('steplaw/bilevel')}. ${row.solves}`,
    '## What it assumes',
    list(row.assumes),
    '## An iteration',
    row.iteration,
    '## What it costs',
    [
      `Counted on a quadratic over a quadratic with $m = ${SIZE.m}$, $n = ${SIZE.n}$; a value is a third of a unit, all else one.`,
      ...(letters.length === 0 ? [] : [`Here ${letters.join('; ')}.`]),
      'What a rule probes comes on top of a formula; rules of constant steps probe nothing.',
    ].join(' '),
    costs(row.cost),
    '## What is given, and what is default',
    `${row.required}${row.defaults.length === 0 ? ' There are no other parameters with a default of their own.' : ''}`,
    ...(row.defaults.length === 0
      ? []
      : [
          table(
            ['field', 'default', 'where it comes from'],
            row.defaults.map(({ field, value, from }) => [code(field), code(value), from]),
          ),
        ]),
    '## What it knows of its error',
    row.certificate.says,
    '## How it fails',
    list(row.failures),
    '## Where it is defined, and what is proven',
    list([
      `Source: ${row.sources.map((key) => `{@cite ${key}}`).join(', ')}.`,
      row.clauses.length === 0
        ? 'The standard has no clause for it yet.'
        : `Clauses of the standard: ${row.clauses.map((id) => clauseLink(id, clauses)).join(', ')}.`,
      row.theorems.length === 0
        ? 'No theorem here is about it.'
        : `Theorems: ${row.theorems.map(cardTitle).join('; ')}.`,
    ]),
    '## It runs',
    fence('ts', example(row.name)),
  ])
}
