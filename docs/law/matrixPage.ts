/** The page of the kill matrix. */
import { allLaws } from 'steplaw/laws'
import { cards } from 'steplaw/theory'
import { type KillMatrix, runs } from '../../test/law/matrix.js'
import { faulty } from '../../test/law/mutants.js'
import { families } from './family.js'
import { FOLDER } from './lawPage.js'
import { code, type Page, page, percent, table } from './markdown.js'

/** A share less four standard deviations of its measurement. */
const atLeast = (share: number, draws: number): number => share - 4 * Math.sqrt((share * (1 - share)) / draws)

const share = (matrix: KillMatrix, law: string, mutant: string): number => matrix.shares[law]?.[mutant] ?? 0

/** The greatest probability with which the cases of a run miss what a law must find. */
const worst = (matrix: KillMatrix): number =>
  Math.max(
    ...allLaws.flatMap(({ id, mutants }) =>
      mutants.map((mutant) => (1 - atLeast(share(matrix, id, mutant), matrix.draws)) ** runs),
    ),
  )

const td = (p: number, listed: boolean): string => {
  if (p === 0) return '<td></td>'
  const size = Math.round(100 * p)
  return `<td${listed ? ' class="listed"' : ''} style="--share:${size}%">${size === 0 ? '·' : size}</td>`
}

const row = (matrix: KillMatrix, { id, mutants }: (typeof allLaws)[number]): string => {
  const cells = faulty.map((mutant) => td(share(matrix, id, mutant.id), mutants.includes(mutant.id)))
  return `<tr><th scope="row"><a href="${id}.md">${id}</a></th>${cells.join('')}</tr>`
}

/** HTML without an empty line, which would end it for Markdown. */
const matrixTable = (matrix: KillMatrix): string =>
  [
    '<div class="matrix" tabindex="0" role="region" aria-label="The kill matrix">',
    '<table>',
    '<thead>',
    `<tr><td></td>${faulty.map(({ id }) => `<th scope="col"><a href="#${id}">${id}</a></th>`).join('')}</tr>`,
    '</thead>',
    ...families.flatMap(({ title, laws }) => [
      '<tbody>',
      `<tr class="family"><th colspan="${faulty.length + 1}"><span>${title}</span></th></tr>`,
      ...laws.map((law) => row(matrix, law)),
      '</tbody>',
    ]),
    '</table>',
    '</div>',
  ].join('\n')

const catalogue = (matrix: KillMatrix): string =>
  table(
    ['faulty library', 'its fault', 'must be found by', 'laws that see it'],
    faulty.map(({ id, fault }) => [
      `<a id="${id}"></a>${code(id)}`,
      fault,
      allLaws
        .filter(({ mutants }) => mutants.includes(id))
        .map((law) => code(law.id))
        .join(', '),
      String(allLaws.filter((law) => share(matrix, law.id, id) > 0).length),
    ]),
  )

/** A statement with the page of its card; some tests state what belongs to no card. */
const linked = (statement: string): string => {
  const card = cards.find(({ statements }) => statements.some(({ id }) => id === statement))
  return card === undefined ? code(statement) : `[${code(statement)}](../../theorem/page/${card.id}.md)`
}

/** Which law finds which fault, and how often. */
export const matrixPage = (matrix: KillMatrix): Page => {
  const cells = allLaws.flatMap(({ mutants }) => mutants).length
  const most = worst(matrix)
  if (!(most < 1e-9)) throw new Error(`a listed cell is missed with probability ${most}`)
  return page(`${FOLDER}/kill-matrix.md`, 'The kill matrix', [
    `A law that nothing breaks proves nothing. So each is put to ${faulty.length} libraries with one fault each: what it finds is its row, in per cent of the cases drawn. In an empty cell no case showed the fault; a dot is less than half a per cent.`,
    `A framed cell is *listed*: the law names the fault and must find it, in every run of the tests. There are ${cells}. Their shares are measured on ${matrix.draws} draws, the others on ${matrix.otherDraws}. A fault that shows on a share $p$ of the cases is missed by $${runs}$ of them, what a run of the suite draws, with probability $(1-p)^{${runs}}$. With four standard deviations of the measurement taken off $p$ that is less than $10^{-9}$ for every listed cell.`,
    matrixTable(matrix),
    '## The faults',
    'A name in brackets is a public library in which the fault was seen.',
    catalogue(matrix),
    '## Theorems',
    'A statement of a theorem is put to faulty rules of its own, on problems with known constants; its page says which they are. The runs of the suite are as many as it takes to miss none of them but with a probability below $10^{-9}$, with a fifth taken off the share.',
    table(
      ['statement', 'faulty, and problems that show it'],
      Object.entries(matrix.theorems).map(([statement, shares]) => [
        linked(statement),
        Object.entries(shares)
          .map(([mutant, p]) => `${code(mutant)} ${percent(p)}`)
          .join(', '),
      ]),
    ),
  ])
}
