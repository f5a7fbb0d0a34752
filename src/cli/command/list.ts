import { caseCodecs } from '../../../spec/conformance/case.js'
import { allLaws } from '../../../spec/law/catalogue.js'
import { claimRows } from '../../../spec/law/claimRows.js'
import type { Law } from '../../../spec/law/law.js'
import { directionRows } from '../../../spec/vocabulary/direction.js'
import { type AnyField, describe } from '../../../spec/vocabulary/field.js'
import { encodeNumber } from '../../../spec/vocabulary/number.js'
import type { AnyRows } from '../../../spec/vocabulary/row.js'
import { ruleRows } from '../../../spec/vocabulary/ruleRows.js'
import { wrapperRows } from '../../../spec/vocabulary/wrapper.js'
import { cards } from '../../theory/catalogue.js'
import { plain } from '../../theory/check/plain.js'
import { recordFields } from '../experiment/experiment.js'
import { type ExitCode, out } from './exit.js'

const field = (name: string, f: AnyField): string => {
  if (!('default' in f) || f.default === undefined) return `${name}: ${describe(f)}`
  const value = typeof f.default === 'number' ? encodeNumber(f.default) : f.default
  return `${name}: ${describe(f)} = ${String(value)}`
}

const rows = (vocabulary: AnyRows): ReadonlyArray<string> =>
  Object.entries(vocabulary).map(([tag, row]) => {
    const fields = Object.entries(row).map(([name, f]) => field(name, f))
    return fields.length === 0 ? tag : `${tag}{${fields.join('; ')}}`
  })

const whose = ({ of }: Law): string =>
  of === 'rule' ? 'every rule' : of === 'vocabulary' ? 'vocabulary' : `claim ${of}`

/** What can be listed, each as lines that begin with the name. */
const sections: { readonly [section: string]: ReadonlyArray<string> } = {
  rules: rows(ruleRows),
  directions: rows(directionRows),
  wrappers: rows(wrapperRows),
  problems: [
    'quadratic{A: n symmetric d x d matrices; b: n points; k: n numbers = zeros}',
    'leastSquares{A: n x d; y: n numbers}',
    'logistic{A: n x d; y: n labels -1 or 1; l2: a finite number >= 0 = 0}',
    'softmax{A: n x p; labels: n integers; classes: an integer; l2: a finite number >= 0 = 0}',
  ],
  data: [
    'libsvm{file; features; standardise; bias}',
    'csv{file; labels; features; standardise; bias}',
    'idx{file; labels: a second file; features; standardise; bias}',
    'mnist{features; standardise; bias}',
  ],
  laws: allLaws.map((law) => `${law.id} (${whose(law)}): ${plain(law.statement)}`),
  theorems: cards.flatMap(({ id, title, statements }) => [
    `${id} ${title}`,
    ...statements.map((one) => `${one.id} (${one.kind}): ${plain(one.says)}`),
  ]),
  claims: rows(claimRows),
  record: recordFields,
  kinds: Object.keys(caseCodecs),
}

/** The names of the sections, for the usage text. */
export const sectionNames = Object.keys(sections)

/** `steplaw list`: the vocabulary, one entry a line; without a section, all of them under headings. */
export const list = (section: string | undefined, json: boolean): ExitCode => {
  const chosen = section === undefined ? sections : { [section]: sections[section] ?? [] }
  if (json) out(JSON.stringify(chosen))
  else if (section === undefined)
    out(
      Object.entries(chosen)
        .map(([name, lines]) => [name, ...lines.map((l) => `  ${l}`)].join('\n'))
        .join('\n\n'),
    )
  else out((sections[section] ?? []).join('\n'))
  return 0
}
