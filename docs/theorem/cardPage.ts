/** The page of a theorem card. */
import type { Card, Sealed } from 'steplaw/theory'
import type { Shares } from '../../test/theory/shares.js'
import { code, fence, list, type Page, page, percent, table } from '../law/markdown.js'
import { DRAWN, drawBound } from './figure.js'

/** Where the generated pages lie. */
export const FOLDER = 'docs/theorem/page'

const kinds = {
  path: 'holds on every path',
  expectation: 'holds in expectation, which is computed exactly over every sequence of samples',
  algebra: 'an identity or inequality of an algebra',
} as const

const tags = {
  D: 'derived from first principles',
  'D*': 'derived for a form that differs slightly from the one in the source',
  V: 'checked on random problems by an independent program',
  S: 'read in the source',
  B: 'from secondary summaries',
  M: 'from memory',
} as const

/** A file of a page, by its path from the root of the repository. */
export interface Picture {
  readonly path: string
  readonly text: string
}

const mutants = ({ id, mutants: names }: Sealed, shares: Shares): string =>
  table(
    ['faulty', 'problems that show it'],
    names.map((name) => [code(name), percent(shares[id]?.[name] ?? 0)]),
  )

/** What of a reader's own can be put to it. */
const own = ({ ofRules, ofEstimators }: Sealed): string =>
  ofRules
    ? '; any rule of yours can be put to it'
    : ofEstimators
      ? '; any estimator of yours can be put to it with `verifyEstimator`'
      : ''

const statementSections = (
  statement: Sealed,
  shares: Shares,
): { readonly text: ReadonlyArray<string>; readonly picture: Picture | null } => {
  const svg = drawBound(statement)
  const file = `${statement.id}.svg`
  return {
    picture: svg === null ? null : { path: `${FOLDER}/${file}`, text: svg },
    text: [
      `## ${statement.id}`,
      `> ${statement.says}`,
      list([
        `This ${kinds[statement.kind]}. It was ${statement.evidence.map((tag) => tags[tag]).join(', and ')}.`,
        ...statement.hypotheses.map((h) => `Supposed: ${h}.`),
        `Rounding: ${statement.slack}.`,
        `Stated of ${statement.subjects.map(code).join(', ')}${own(statement)}.`,
      ]),
      ...(svg === null
        ? []
        : [
            `![Observed against the bound of ${statement.id}: all dots lie on or below the diagonal.](${file})`,
            `Each dot is one inequality on one of ${DRAWN.cases} generated problems, of ${code(statement.subjects[0] ?? '')}. On the diagonal the bound is attained.`,
          ]),
      'Faults that it finds:',
      mutants(statement, shares),
      fence(
        'console',
        statement.ofRules
          ? `steplaw verify --theorem ${statement.id} --rule '{"rule":"polyak","c":0.5}'`
          : `steplaw verify --theorem ${statement.id}`,
      ),
    ],
  }
}

/** The page of a card with its pictures. */
export const cardPage = (
  card: Card,
  shares: Shares,
): { readonly page: Page; readonly pictures: ReadonlyArray<Picture> } => {
  const sections = card.statements.map((statement) => statementSections(statement, shares))
  const cited = card.sources.map((key) => `{@cite ${key}}`).join(', ')
  return {
    pictures: sections.flatMap(({ picture }) => (picture === null ? [] : [picture])),
    page: page(`${FOLDER}/${card.id}.md`, `${card.id}. ${card.title}`, [
      ...(card.negative === true ? ['*A negative result: what one might hope for does not hold.*'] : []),
      card.about,
      card.negative === true ? `**The counter-example.** ${card.proof}` : `**Why.** ${card.proof}`,
      ...(card.sources.length === 0 ? [] : [`Sources: ${cited}.`]),
      ...sections.flatMap(({ text }) => text),
      ...(card.unverified === undefined ? [] : ['## What is not asserted', card.unverified]),
      '## In a test',
      fence(
        'ts',
        [
          "import { verifyTheorems } from 'steplaw/theory'",
          '',
          `const found = verifyTheorems({ theorem: '${card.id}', problems: 5 })`,
          "found.every(({ verdict }) => verdict === 'not refuted') // => true",
        ].join('\n'),
      ),
    ]),
  }
}
