/** Every constructor says which laws and theorems it is held to, by ids that exist. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as steplaw from 'steplaw'
import { allLaws } from 'steplaw/laws'
import * as replica from 'steplaw/replica'
import { cards } from 'steplaw/theory'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')

const folders = [
  'src/rule/atom',
  'src/rule/combine',
  'src/rule/derived',
  'src/optimizer/direction',
  'src/optimizer/wrapper',
  'src/optimizer/named',
]

const files = [
  ...folders.flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`)),
  'src/replica/controller.ts',
]

/** Public values that make no method of their own: they print, decode, or take what the user wrote. */
const others = new Set([
  'compileDirection',
  'printedDirection',
  'directionInit',
  'compileWrapper',
  'printedWrapper',
  'mechanicDefaults',
  'wrapper',
])

/** What is exported as a value, with the comment before it, stars taken off. */
const documented = (source: string): ReadonlyArray<readonly [name: string, comment: string]> =>
  [...source.matchAll(/^\/\*\*\n((?: \*.*\n)*?) \*\/\nexport (?:const|function) (\w+)/gm)].map(
    ([, comment = '', name = '']) => [name, comment.replaceAll(/^ \* ?/gm, '')],
  )

/** Public constructors: a category makes it public, an overload shares the comment of the first. */
const constructors = (source: string): ReadonlyArray<readonly [name: string, comment: string]> =>
  documented(source).filter(([name, comment]) => /^@category /m.test(comment) && !others.has(name))

/** The last paragraph before the first tag. */
const lastParagraph = (comment: string): string =>
  comment
    .split(/^@/m, 1)[0]
    ?.trim()
    .split(/\n\s*\n/)
    .at(-1)
    ?.replaceAll('\n', ' ') ?? ''

const SENTENCE = /^Laws: (none|`[^`]+`(?:, `[^`]+`)*)\. Theorems: (none|[A-Z]\w+(?:, [A-Z]\w+)*)\.$/

const listed = (list: string): ReadonlyArray<string> =>
  list === 'none' ? [] : list.split(', ').map((id) => id.replaceAll('`', ''))

const lawIds = allLaws.map(({ id }) => id)
const cardIds = new Set(cards.map(({ id }) => id))

/** A law, or the laws of a family: `armijo.*`. */
const isLaw = (id: string): boolean =>
  id.endsWith('.*') ? lawIds.some((law) => law.startsWith(id.slice(0, -1))) : lawIds.includes(id)

/** What is wrong with the sentence of a comment. */
const faults = (comment: string): ReadonlyArray<string> => {
  const found = SENTENCE.exec(lastParagraph(comment))
  if (found === null) return ['its description does not end with its laws and theorems']
  const [, laws = '', theorems = ''] = found
  const all = [...listed(laws), ...listed(theorems)]
  return [
    ...listed(laws).flatMap((id) => (isLaw(id) ? [] : [`there is no law ${id}`])),
    ...listed(theorems).flatMap((id) => (cardIds.has(id) ? [] : [`there is no card ${id}`])),
    ...(new Set(all).size === all.length ? [] : ['it names something twice']),
  ]
}

const all = files.flatMap((file) =>
  constructors(readFileSync(join(root, file), 'utf8')).map(([name, comment]) => ({ file, name, comment })),
)

test.each(all)('$name names laws and theorems that exist', ({ comment }) => {
  expect(faults(comment)).toEqual([])
})

test('every public value of these files has been read, and what is no constructor is one of them', () => {
  const published = new Set([...Object.keys(steplaw), ...Object.keys(replica)])
  const exported = files.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/^export (?:const|function) (\w+)/gm)].map(
      ([, name = '']) => name,
    ),
  )
  const expected = new Set(exported.filter((name) => published.has(name)))
  expect(new Set([...all.map(({ name }) => name), ...others])).toEqual(expected)
})

describe('the check finds', () => {
  const comment = (sentence: string): string =>
    `Summary.\n\nCost: nothing.\n\n${sentence}\n\n@category Rules\n`

  test('nothing where all is well, on one line or two', () => {
    expect(faults(comment('Laws: `meaning.polyak`, `armijo.*`. Theorems: P3, P4.'))).toEqual([])
    expect(faults(comment('Laws: `machine.*`.\nTheorems: none.'))).toEqual([])
  })

  test.each([
    ['Laws: `meaning.pollack`. Theorems: P3.', 'there is no law meaning.pollack'],
    ['Laws: `armijo.goldstein`. Theorems: P3.', 'there is no law armijo.goldstein'],
    ['Laws: `wolfe.*`. Theorems: P3.', 'there is no law wolfe.*'],
    ['Laws: `armijo*`. Theorems: P3.', 'there is no law armijo*'],
    ['Laws: none. Theorems: P3, P99.', 'there is no card P99'],
    ['Laws: none. Theorems: P3, P3.', 'it names something twice'],
    ['Theorems: P3.', 'its description does not end with its laws and theorems'],
    ['Laws: `armijo.*`. Theorems: P3. More.', 'its description does not end with its laws and theorems'],
  ])('%s', (sentence, fault) => {
    expect(faults(comment(sentence))).toEqual([fault])
  })
})
