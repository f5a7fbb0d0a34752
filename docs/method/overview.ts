/** The page of all methods of two levels. */
import { code, type Page, page, table } from '../law/markdown.js'
import { asksForSecondDerivatives, shown } from './measure.js'
import { rows } from './rows.js'

/** Where the overview lies: among the guides, since it can be read without the site. */
export const OVERVIEW = 'docs/guide/methods-of-two-levels.md'

export const overview: Page = page(
  OVERVIEW,
  'Methods of two levels',
  [
    'Each has a page: what it assumes, its formulas, its cost, its defaults and where they come from, how it fails, and what is proven. In every one each variable moves by any rule along any direction, unless its page says otherwise.',
    '$y$ is the lower variable, $x$ the upper, $v$ the solution of $H v = \\nabla_y f$. The cost is that of one iteration with constant steps (for a search or a solve to a tolerance, the mean over a short run), in gradients, counted while this page was made; the letters are explained on the pages. Second derivatives are needed where a product with $H$ or $J$ was counted. Theorems are by card, of the method or of its parts: see [The theorems](the-theorems.md).',
    table(
      [
        'method',
        'write',
        'lower level',
        'upper level',
        'second derivatives',
        'certificate',
        'cost',
        'theorems',
      ],
      rows.map((row) => {
        const lines = row.cost.flatMap(shown)
        return [
          `*${row.title}*`,
          code(row.name),
          row.updates.lower,
          row.updates.upper,
          row.cost.some(asksForSecondDerivatives) ? 'yes' : 'no',
          row.certificate.has,
          lines.map(({ where, units }) => (where === '' ? units : `${units} (${where})`)).join('<br>'),
          row.theorems.length === 0 ? 'none' : row.theorems.join(', '),
        ]
      }),
    ),
    'What a certificate is, and why a method without one can still be the better choice, is in [Differentiate through an argmin](differentiate-through-an-argmin.md).',
  ],
  { group: 'Guides', children: rows.map(({ name }) => `../method/page/${name}.md`) },
)
