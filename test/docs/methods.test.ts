/** The pages of the methods of two levels: all are there, all of each is there, and what they say of the sources is so. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { cards } from 'steplaw/theory'
import { describe, expect, test } from 'vitest'
import { constructors, exampleOf } from '../../docs/method/example.js'
import { asksForSecondDerivatives, printed, shown } from '../../docs/method/measure.js'
import { OVERVIEW, overview } from '../../docs/method/overview.js'
import type { MethodRow } from '../../docs/method/row.js'
import { rows } from '../../docs/method/rows.js'
import { generated } from '../../docs/method/write.js'
import { readBibliography } from '../../docs/typedoc/bibliography.js'
import { clauses } from '../spec/read.js'

const root = join(import.meta.dirname, '../..')
const made = constructors(root)
const pages = new Map(generated(root).map(({ path, text }) => [path, text]))
const works = readBibliography(join(root, 'docs/bibliography.json'))
const clauseIds = new Set(clauses().map(({ id }) => id))
const cardIds = new Set(cards.map(({ id }) => id))

test('every public value that makes a method has a page, and no other', () => {
  expect(rows.map(({ name }) => name).sort()).toEqual(made.map(({ name }) => name).sort())
  expect(new Set(rows.map(({ title }) => title)).size).toBe(rows.length)
  expect(rows.length).toBeGreaterThan(20)
})

test('the overview is that of the methods as they are (npm run docs writes it)', () => {
  expect(readFileSync(join(root, OVERVIEW), 'utf8')).toBe(overview.text)
})

test('every page is a child of the overview', () => {
  const head = overview.text.split('\n---\n')[0] ?? ''
  const children = [...head.matchAll(/^ {2}- \.\.\/(.*)$/gm)].map(([, file]) => `docs/${file}`)
  expect(children.sort()).toEqual([...pages.keys()].sort())
})

/** The sources that a default may stand in: of the method, and of the parameters that it resolves elsewhere. */
const sourceOf = ({ name }: MethodRow): string =>
  [
    made.find((one) => one.name === name)?.text ?? '',
    ...(name === 'maid' ? [readFileSync(join(root, 'src/bilevel/method/maidParams.ts'), 'utf8')] : []),
  ].join('\n')

describe.each(rows.map((row): readonly [string, MethodRow] => [row.name, row]))('%s', (name, row) => {
  const text = pages.get(`docs/method/page/${name}.md`) ?? ''

  test('has every part of the template filled', () => {
    const sections = text.split(/^## .*$/m)
    expect(sections).toHaveLength(9)
    for (const section of sections) expect(section.trim().length).toBeGreaterThan(20)
    expect(text).not.toMatch(/NaN|undefined|\[object/)
    for (const filled of [
      row.solves,
      row.iteration,
      row.required,
      row.certificate.says,
      ...Object.values(row.updates),
    ])
      expect(filled.trim()).not.toBe('')
    for (const several of [row.assumes, row.failures, row.sources]) expect(several.length).toBeGreaterThan(0)
    expect(row.title).not.toContain(': ')
  })

  test('names works, clauses and cards that exist', () => {
    for (const key of row.sources) expect(works.has(key)).toBe(true)
    for (const id of row.clauses) expect(clauseIds).toContain(id)
    for (const id of row.theorems) expect(cardIds).toContain(id)
  })

  test('has the defaults of its source', () => {
    const source = sourceOf(row)
    for (const { field, value } of row.defaults)
      expect(source.includes(`${field} = ${value}`) || source.includes(`${field}: ${value}`), field).toBe(
        true,
      )
  })

  test('runs the example of its comment', () => {
    expect(text).toContain(exampleOf(made)(name))
    expect(text).toContain('// =>')
  })

  test('shows costs that were counted', () => {
    for (const { kinds, units } of row.cost.flatMap(shown)) {
      expect(units).not.toMatch(/^\$?0\$?$/)
      for (const cell of Object.values(kinds)) expect(cell).toMatch(/^\$?[\dA-Za-z]/)
    }
  })
})

test('what is said to need no second derivatives asks for none', () => {
  const without = rows.filter(({ cost }) => !cost.some(asksForSecondDerivatives)).map(({ name }) => name)
  expect(without.sort()).toEqual(['bome', 'darts', 'dartsFirst', 'f2ba', 'f2sa', 'f3sa', 'fom', 'penalty'])
})

describe('a formula of a cost', () => {
  test('is what one would write', () => {
    expect(printed([3, 2, 1], ['T', 'N'])).toBe('2 T + N + 3')
    expect(printed([-1, 0, 1], ['T', 'N'])).toBe('N - 1')
    expect(printed([2 / 3, 1 / 3], ['T'])).toBe('T/3 + 2/3')
    expect(printed([0], [])).toBe('0')
  })

  test('is refused where the counts are not affine', () => {
    const zero = { upperValues: 0, upperGradients: 0, lowerValues: 0, hessianProducts: 0, crossProducts: 0 }
    const squares = (power: number) => () =>
      shown({
        of: 'formula',
        where: '',
        parameters: [{ symbol: 'T', says: 'any' }],
        run: (at) => (iterations) => ({ ...zero, lowerGradients: iterations * at('T') ** power }),
      })
    expect(squares(2)).toThrow('not affine in T')
    expect(squares(1)()[0]?.units).toBe('$T$')
  })

  test('is found whatever its coefficients are', () => {
    fc.assert(
      fc.property(fc.nat(9), fc.nat(9), fc.nat(9), (a, b, c) => {
        const [line] = shown({
          of: 'formula',
          where: '',
          parameters: ['T', 'N'].map((symbol) => ({ symbol, says: 'any' })),
          run: (at) => (iterations) => ({
            upperValues: 0,
            upperGradients: 0,
            lowerValues: 0,
            lowerGradients: iterations * (a + b * at('T') + c * at('N')),
            hessianProducts: 0,
            crossProducts: 0,
          }),
        })
        expect(line?.units).toBe(`$${printed([a, b, c], ['T', 'N'])}$`)
      }),
    )
  })
})
