/** The page of a law. */
import { claim, type Law } from 'steplaw/laws'
import type { Json } from 'steplaw/spec'
import { exampleClaims } from '../../spec/law/claims.js'
import { type KillMatrix, runs } from '../../test/law/matrix.js'
import type { Clause } from '../../test/spec/read.js'
import { type Bibliography, label } from '../typedoc/bibliography.js'
import { drawn, mutantsOf, type Refutation, refutation } from './find.js'
import { code, fence, fitted, inline, list, type Page, page, percent, table } from './markdown.js'

/** Where the generated pages lie. */
export const FOLDER = 'docs/law/page'

/** From there to the clauses. */
const PROSE = '../../../spec/prose'

const whose = ({ of }: Law): string => {
  if (of === 'rule') return 'every rule'
  if (of === 'vocabulary') return 'a word of the vocabulary'
  const claimed = exampleClaims.find(({ claim }) => claim === of)
  if (claimed === undefined) throw new Error(`there is no example of the claim ${of}`)
  return `the rules of which ${code(of)} is claimed; on this page ${code(inline(claim.encode(claimed)))}`
}

const roles = ({ of, id }: Law): { readonly [part: string]: string } => ({
  a:
    of === 'vocabulary'
      ? 'a rule'
      : of === 'rule'
        ? 'the rule under test; without one, any rule'
        : 'the rule under test; without one, a rule that keeps the law',
  b: 'a rule in its company',
  c: 'another',
  rays: 'rays, one after the other; some are',
  factor: id.startsWith('meaning.') ? 'the number in it, a power of two' : '$s$, a power of two',
})

const trial = (law: Law): string =>
  table(
    ['part', 'is', 'for example'],
    [...drawn(law)].map(([part, examples]) => [
      code(part),
      roles(law)[part] ?? '',
      examples.map(code).join('<br>'),
    ]),
  )

const faults = (law: Law, matrix: KillMatrix): string =>
  table(
    ['faulty library', 'its fault', 'cases that show it'],
    mutantsOf(law).map(({ id, fault }) => [
      `[${code(id)}](kill-matrix.md#${id})`,
      fault,
      percent(matrix.shares[law.id]?.[id] ?? 0),
    ]),
  )

/** Words, and numbers that JSON has no sign for, stand for themselves. */
const side = (json: Json): string => (typeof json === 'string' ? json : inline(json))

const sides = (violation: Refutation['found']['violation']): string =>
  typeof violation === 'string'
    ? `found     ${violation}`
    : [`found     ${side(violation.left)}`, `law says  ${side(violation.right)}`].join('\n')

/** What a page refers to. */
export interface Known {
  readonly clauses: ReadonlyArray<Clause>
  readonly works: Bibliography
  readonly matrix: KillMatrix
}

/** "Armijo 1966" in a source becomes a citation. */
const cited = (source: string, works: Bibliography): string =>
  [...works.values()].reduce(
    (text, work) => text.replaceAll(label(work).replace(/[()]/g, ''), `{@cite ${work.id}}`),
    source,
  )

/** The page of a law, with a counterexample that is found as the page is written. */
export const lawPage = (law: Law, { clauses, works, matrix }: Known): Page => {
  const clause = clauses.find(({ id }) => id === law.clause)
  if (clause === undefined) throw new Error(`${law.id} names the clause ${law.clause}, which is not there`)
  const { mutant, found } = refutation(law)
  return page(`${FOLDER}/${law.id}.md`, law.id, [
    `> ${law.statement}`,
    list([
      `A law of ${whose(law)}.`,
      `Clause [${clause.number}](${PROSE}/${clause.file}#${clause.id}) of the standard, ${code(clause.id)}.`,
      `Holds ${law.hypotheses === '' ? 'on all rays' : `where: ${law.hypotheses}`}.`,
      `Rounding: ${law.slack === '' ? 'nothing is allowed for it' : law.slack}.`,
      `Source: ${cited(law.source, works)}.`,
    ]),
    '## Why it matters',
    law.why,
    '## What it is tried on',
    trial(law),
    '## A rule that breaks it',
    faults(law, matrix),
    `Seed ${found.seed} finds ${code(mutant.id)} with case ${found.runs} of ${runs}; shrunk it is`,
    fence('json', fitted(found.given)),
    fence('text', sides(found.violation)),
    ...(inline(found.violation as Json).includes('null') ? ['`null` is a failure: no step.'] : []),
  ])
}
