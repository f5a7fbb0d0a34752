/** The generated pages of the laws: all are there, and what they show is so. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { ruleKit } from 'steplaw'
import { allLaws, type Given, type Law } from 'steplaw/laws'
import { isJson, type Json, ruleExpr } from 'steplaw/spec'
import { describe, expect, test } from 'vitest'
import { families } from '../../docs/law/family.js'
import { lawPage } from '../../docs/law/lawPage.js'
import { fitted, inline, named, percent, table } from '../../docs/law/markdown.js'
import { matrixPage } from '../../docs/law/matrixPage.js'
import { OVERVIEW, overview } from '../../docs/law/overview.js'
import { generated } from '../../docs/law/write.js'
import { rayCase } from '../../spec/conformance/case.js'
import { readMatrix } from '../law/matrix.js'
import { faulty } from '../law/mutants.js'
import { power } from '../law/power.js'

const root = join(import.meta.dirname, '../..')
const pages = new Map(generated(root).map(({ path, text }) => [path, text]))
const pageOf = (name: string): string => pages.get(`docs/law/page/${name}.md`) ?? ''

const read = <A>(codec: t.Decoder<unknown, A>, u: unknown): A => {
  const decoded = codec.decode(u)
  if (E.isLeft(decoded)) throw new Error(`${JSON.stringify(u)} is not ${codec.name}`)
  return decoded.right
}

/** The case that a page shows, with anything for the parts that the law does not look at. */
const caseOf = (page: string): Given => {
  const shown: { readonly [part: string]: unknown } = JSON.parse(
    /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '',
  )
  const rule = (part: string) => read(ruleExpr, shown[part] ?? { rule: 'never' })
  return {
    a: rule('a'),
    b: rule('b'),
    c: rule('c'),
    rays: read(t.readonlyArray(rayCase), shown.rays),
    factor: read(t.number, shown.factor ?? 1),
  }
}

const blamed = (page: string): string => /^Seed \d+ finds `([\w.]+)`/m.exec(page)?.[1] ?? ''

test('the overview is that of the laws as they are (npm run docs writes it)', () => {
  expect(readFileSync(join(root, OVERVIEW), 'utf8')).toBe(overview.text)
  expect(families.flatMap(({ laws }) => laws)).toEqual(allLaws)
  for (const { id, statement } of allLaws) expect(overview.text).toContain(`\`${id}\`: ${named(statement)}\n`)
})

test('every page is the child of one other', () => {
  const children = [overview.text, ...pages.values()].flatMap((text) => {
    const head = text.split('\n---\n')[0] ?? ''
    return [...head.matchAll(/^ {2}- (?:\.\.\/law\/page\/)?(.*)$/gm)].map(
      ([, file]) => `docs/law/page/${file}`,
    )
  })
  expect(children.sort()).toEqual([...pages.keys()].sort())
})

describe('the page of a law', () => {
  const rows = allLaws.map((law): readonly [string, Law] => [law.id, law])

  test.each(rows)('%s says what the law says', (id, law) => {
    const page = pageOf(id)
    for (const said of [law.statement, law.why, law.hypotheses, law.slack])
      expect(page).toContain(named(said))
    for (const mutant of law.mutants)
      expect(page).toContain(faulty.find((known) => known.id === mutant)?.fault ?? 'no such fault')
    expect(page).not.toMatch(/NaN\s%|\[object|\|\s+\|$/m)
  })

  // A rule that counts how often it was asked need not answer the same when it is asked alone.
  test.each(rows.filter(([, { mutants }]) => !mutants.includes('ask.hiddenState')))(
    '%s shows a case that the faulty library fails and this one does not',
    (id, law) => {
      const given = caseOf(pageOf(id))
      const kit = faulty.find((known) => known.id === blamed(pageOf(id)))?.kit ?? ruleKit
      expect(law.violation(ruleKit, ruleKit.compile(given.a), given)).toBeNull()
      expect(law.violation(kit, kit.compile(given.a), given)).not.toBeNull()
    },
  )

  const known = { clauses: [], works: new Map(), matrix: readMatrix() }
  const [law] = allLaws

  test('is not written for a clause that is not there, nor without a counterexample', () => {
    if (law === undefined) throw new Error('there are laws')
    const clauses = [{ id: law.clause, number: 'R-1', file: 'rules.md', text: '', testedBy: [] }]
    expect(() => lawPage(law, known)).toThrow(/names the clause rule\.lattice, which is not there/)
    expect(() => lawPage({ ...law, violation: () => null }, { ...known, clauses })).toThrow(/no mutant/)
  })
})

describe('the kill matrix', () => {
  const matrix = readMatrix()
  const page = pageOf('kill-matrix')

  test('has a row a law and a cell a fault, with the shares that were measured', () => {
    for (const { id, mutants } of allLaws) {
      const row = page.split('\n').find((line) => line.includes(`<a href="${id}.md">`)) ?? ''
      const cells = [...row.matchAll(/<td( class="listed")?[^>]*>([^<]*)<\/td>/g)]
      expect(cells.map(([, , text]) => text)).toEqual(
        faulty.map((mutant) => {
          const share = matrix.shares[id]?.[mutant.id] ?? 0
          return share === 0 ? '' : share < 0.005 ? '·' : String(Math.round(100 * share))
        }),
      )
      expect(
        faulty
          .filter((_, i) => cells[i]?.[1] !== undefined)
          .map((mutant) => mutant.id)
          .sort(),
      ).toEqual([...mutants].sort())
    }
  })

  test('lists every fault in words', () => {
    for (const { id, fault } of faulty) {
      expect(page).toContain(`<a id="${id}"></a>\`${id}\` | ${fault.replaceAll('|', '\\|')} |`)
    }
  })

  test('is not written if a listed fault could be missed', () => {
    const shares = { ...matrix.shares, bounded: { ...matrix.shares.bounded, 'envelope.padded': 0.05 } }
    expect(() => matrixPage({ ...matrix, shares })).toThrow(/missed with probability/)
  })
})

test('the page of the generators has every row of the table of power', () => {
  const page = pageOf('generators')
  for (const { reason } of power) expect(page).toContain(reason.replaceAll('|', '\\|'))
  expect(page.split('\n').filter((line) => line.startsWith('| '))).toHaveLength(power.length + 2)
})

describe('what pages are written with', () => {
  const json = fc.jsonValue({ maxDepth: 3 }).map((u): Json => (isJson(u) ? u : null))

  test('JSON stays what it is, on one line or on several', () => {
    fc.assert(
      fc.property(json, fc.integer({ min: 10, max: 100 }), (value, width) => {
        expect(JSON.parse(inline(value))).toEqual(value)
        expect(JSON.parse(fitted(value, width))).toEqual(value)
      }),
    )
  })

  test('JSON that fits is on one line, and lines are no longer than they must be', () => {
    expect(fitted({ b: [1, 2], rule: 'x' })).toBe('{ "rule": "x", "b": [1, 2] }')
    expect(fitted({ b: [1, 2], rule: 'x' }, 20)).toBe('{\n  "rule": "x",\n  "b": [1, 2]\n}')
    expect(fitted({ b: [10, 20] }, 12)).toBe('{\n  "b": [\n    10,\n    20\n  ]\n}')
  })

  test('a bar does not end the cell of a table', () => {
    expect(table(['a'], [['$|x|$ or `a|b`']])).toBe('| a |\n| --- |\n| $\\vert x\\vert $ or `a\\|b` |')
  })

  test('a brace with a backslash goes by its name, in formulas alone', () => {
    expect(named('`\\{` $\\{1, 2\\}$')).toBe('`\\{` $\\lbrace 1, 2\\rbrace $')
  })

  test('a share is in per cent, and none is called 0 that is not', () => {
    expect([0, 0.001, 0.014, 1].map(percent)).toEqual(
      ['0_%', '<_1_%', '1_%', '100_%'].map((text) => text.replaceAll('_', '\u{a0}')),
    )
  })
})
