/** The page of all laws, and one for each family. */
import { allLaws } from 'steplaw/laws'
import { type Family, families } from './family.js'
import { FOLDER } from './lawPage.js'
import { code, list, type Page, page, table } from './markdown.js'

const fileOf = ({ title }: Family): string => `${title.toLowerCase()}.md`

const claimsOf = (family: Family): boolean => family.title === 'Claims'

/** One page a family: what each law says and why. */
export const familyPages: ReadonlyArray<Page> = families.map((family) =>
  page(
    `${FOLDER}/${fileOf(family)}`,
    family.title,
    [
      family.about,
      table(
        ['law', 'why it matters'],
        family.laws.map(({ id, statement, why }) => [`${code(id)}<br>${statement}`, why]),
      ),
    ],
    { children: family.laws.map(({ id }) => `${id}.md`) },
  ),
)

const lines = ({ title, about, laws }: Family, heading: string): ReadonlyArray<string> => [
  `${heading} ${title}`,
  about,
  list(laws.map(({ id, statement }) => `${code(id)}: ${statement}`)),
]

const INTRODUCTION = [
  'A rule is more than a number a step: people combine rules, store them, compare them, prove things about them, and each of these assumes something. What is assumed is written down here as laws. A law is a value: what it says, why it matters, where it comes from, on what it is tried, what is allowed for rounding, and a function that finds it violated or not.',
  'A law is judged by cases drawn at random, made as small as possible when one refutes it. What is not refuted is not proven. That the draws would find something is measured instead: each law names faults that it must find, many of them seen in public code, and is put to libraries that have them. *The kill matrix* holds how many cases show each fault, *Generators* what the draws themselves can find.',
  '[Check your own rule](check-your-own-rule.md) shows how a rule of yours is put to them. In the site, which `npm run docs` builds, each law has a page with a case that a faulty library fails.',
]

/** Where the overview lies: among the guides, since it can be read without the site. */
export const OVERVIEW = 'docs/guide/the-laws.md'

/** All laws, a line each. It says nothing that is drawn or measured. */
export const overview: Page = page(
  OVERVIEW,
  'The laws',
  [
    ...INTRODUCTION,
    `There are ${allLaws.length} of them, in ${families.length} families.`,
    ...families.flatMap((family) => [
      ...lines(family, '##'),
      ...(claimsOf(family) ? ['The fields of a claim are in the reference, under `Claim`.'] : []),
    ]),
  ],
  {
    group: 'Guides',
    children: [...families.map(fileOf), 'kill-matrix.md', 'generators.md'].map(
      (file) => `../law/page/${file}`,
    ),
  },
)
