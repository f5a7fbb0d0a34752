/** The clauses of the standard hold together: numbers, ids, and what they say tests them. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { caseFiles, clauses, matches, pages, root } from './read.js'

const all = clauses()
const cases = caseFiles().flatMap(({ content }) => content.cases)

test('there are clauses, each with an id of its own', () => {
  expect(all.length).toBeGreaterThan(50)
  const ids = all.map(({ id }) => id)
  expect(ids.filter((id, i) => !/^[\w.]+$/.test(id) || ids.indexOf(id) !== i)).toEqual([])
})

test('a chapter counts its clauses without a gap', () => {
  const chapters = new Map<string, Array<string>>()
  for (const { file, number } of all) chapters.set(file, [...(chapters.get(file) ?? []), number])
  for (const [file, numbers] of chapters) {
    const chapter = numbers[0]?.split('.')[0]
    expect([file, numbers]).toEqual([file, numbers.map((_, i) => `${chapter}.${i + 1}`)])
  }
  const first = [...chapters.values()].map(([number]) => number)
  expect(new Set(first).size).toBe(first.length)
})

test('whatever MUST be, stands in a clause that names what tests it', () => {
  expect(all.filter(({ text, testedBy }) => /\bMUST\b/.test(text) && testedBy.length === 0)).toEqual([])
  const count = (text: string): number => text.match(/\bMUST\b/g)?.length ?? 0
  const written = pages()
    .filter((page) => page !== 'scope.md')
    .reduce((sum, page) => sum + count(readFileSync(join(root, 'spec/prose', page), 'utf8')), 0)
  expect(all.reduce((sum, { text }) => sum + count(text), 0)).toBe(written)
})

test.each(all.map((clause) => [`${clause.number} ${clause.id}`, clause] as const))(
  '%s is tested by what is there',
  (_, { id, testedBy }) => {
    const lost = testedBy.filter((name) =>
      name.startsWith('test/') ? !existsSync(join(root, name)) : !cases.some((it) => matches(name, it.id)),
    )
    expect(lost).toEqual([])
    // Where vectors cite the clause, it names one of them.
    const own = cases.filter(({ clause }) => clause === id)
    expect(own.length === 0 || own.some((it) => testedBy.some((name) => matches(name, it.id)))).toBe(true)
  },
)
