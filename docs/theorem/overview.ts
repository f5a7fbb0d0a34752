/** The page of all theorems. */
import { cards } from 'steplaw/theory'
import { code, list, type Page, page } from '../law/markdown.js'

/** Where the overview lies: among the guides, since it can be read without the site. */
export const OVERVIEW = 'docs/guide/the-theorems.md'

const INTRODUCTION = [
  'A theorem is a value here: hypotheses, a bound, and a function that compares the bound with what a run does, on generated problems whose constants are known. Bounds on a path are compared on every iteration; bounds on an expectation with the exact expectation, over every sequence of samples that a small problem has. Nothing is estimated, so that no tolerance hides a wrong constant.',
  '`steplaw verify` tries them on the rules they are stated of, `steplaw verify --rule JSON` on any expression, and `verifyRule` on a rule of your own: what is not known of it (its constants, its bounds) is measured on the run, and a theorem whose hypotheses fail says which. Theorems about two levels take estimators of hypergradients in the same way: `verifyEstimator`, or `steplaw verify --estimator JSON`; a module may export one of your own. What is said of estimators that solve their linear system does not apply to one that leaves a residual.',
  'Not refuted is not proven. That the problems would find something is measured: each statement names realistic faults, many of them seen in public code, and is refuted by rules that have them. What is only remembered of the literature is shown as such and never asserted.',
]

export const overview: Page = page(
  OVERVIEW,
  'The theorems',
  [
    ...INTRODUCTION,
    `There are ${cards.length} cards with ${cards.reduce((n, { statements }) => n + statements.length, 0)} statements.`,
    ...cards.flatMap(({ id, title, about, statements, negative }) => [
      `## ${id}. ${title}`,
      negative === true ? `*A negative result.* ${about}` : about,
      list(statements.map((one) => `${code(one.id)}: ${one.says}`)),
    ]),
  ],
  { group: 'Guides', children: cards.map(({ id }) => `../theorem/page/${id}.md`) },
)
