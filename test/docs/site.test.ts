/** The documentation gates, on small packages: one in order, and one with every fault they are there for. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { buildDocs } from '../../docs/typedoc/build.js'
import { withPackage } from './fixture.js'

const GOOD = `/**
 * Halves.
 *
 * @module toy
 */

/**
 * Half of $x$, that is $\\frac{x}{2}$ for $x \\in \\{0, 1\\}$, see {@link twice} and {@cite armijo1966}.
 *
 * @cite armijo1966, Theorem 1
 * @cite wolfe1969
 * @category Numeric
 * @since 0.1.0
 * @example
 * \`\`\`ts
 * half(4) // => 2
 * \`\`\`
 */
export const half = (x: number): number => x / 2

/**
 * Twice two.
 *
 * @category Numeric
 * @since 0.1.0
 * @example
 * \`\`\`ts
 * twice // => 4
 * \`\`\`
 */
export const twice = 4
`

const toy = (source: string, guide: string): { readonly [path: string]: string } => ({
  'package.json': JSON.stringify({
    name: 'toy',
    version: '0.1.0',
    type: 'module',
    exports: { '.': { 'steplaw-source': './src/entry/toy.ts' } },
  }),
  'src/tsconfig.json': JSON.stringify({
    compilerOptions: { module: 'NodeNext', target: 'ES2022', strict: true, types: [] },
    include: ['.', '../spec'],
  }),
  'src/entry/toy.ts': source,
  'spec/nothing.json': '{}',
  'README.md': '# toy\n\n[Guides](docs/guide/index.md)\n',
  'docs/guide/index.md': '---\ntitle: Guides\ngroup: Guides\n---\n\n# Guides\n\n- [First](first.md)\n',
  'docs/guide/first.md': guide,
  'docs/bibliography.json': readFileSync(join(import.meta.dirname, '../../docs/bibliography.json'), 'utf8'),
})

const PAGES = ['functions/toy.half.html', 'documents/Bibliography.html', 'documents/First.html']

const build = (source: string, guide: string) =>
  withPackage(toy(source, guide), async (folder) => {
    const site = join(folder, 'docs/site')
    const faults = await buildDocs(folder, site)
    const page = (path: string): string => readFileSync(join(site, path), 'utf8')
    return {
      faults,
      pages: faults.length > 0 ? [] : PAGES.map(page),
    }
  })

describe('a package in order', async () => {
  const { faults, pages } = await build(
    GOOD,
    [
      '---\ntitle: First\n---\n\n# First\n\n$$ a^2 + b^2 = c \\max(a, b) $$\n\nAs {@cite nocedal2006} say.',
      'See `Guides`, *Guides*, [`Guides`](index.md#guides), `First`, `Second`, *no* `Guides page`.\n',
    ].join('\n\n'),
  )
  const [half = '', bibliography = '', first = ''] = pages

  test('builds without a fault', () => expect(faults).toEqual([]))

  test('shows its formulas as MathML', () => {
    expect(half).toContain('<mfrac><mi>x</mi><mn>2</mn></mfrac>')
    expect(half).toContain('<mo stretchy="false">{</mo>')
    expect(first).toContain('<mi>c</mi><mspace width="0.167em"/><mi>max</mi>')
  })

  test('links citations to the bibliography, which links back', () => {
    expect(half).toContain(
      '<a class="citation" href="../documents/Bibliography.html#armijo1966">Armijo (1966)</a>',
    )
    expect(half).toContain('</cite>. Theorem 1')
    expect(bibliography).toContain('id="nocedal2006"')
    expect(bibliography).toMatch(/id="wolfe1969">[\s\S]*Cited by <a href="..\/functions\/toy.half.html"/)
    expect(bibliography).not.toContain('polyak1964')
  })

  test('links the title of another page, in code or emphasised', () => {
    expect(/<p>See (.*)<\/p>/.exec(first)?.[1]).toBe(
      [
        '<a href="Guides.html"><code>Guides</code></a>',
        '<a href="Guides.html"><em>Guides</em></a>',
        '<a href="Guides.html#guides"><code>Guides</code></a>',
        '<code>First</code>',
        '<code>Second</code>',
        '<em>no</em> <code>Guides page</code>.',
      ].join(', '),
    )
  })
})

describe('a package out of order', async () => {
  const bad = `/**
 * Faults.
 *
 * @module toy
 */

export const undocumented = 1

/**
 * Links to {@link nowhere}, cites {@cite nobody1900}, and $x \\in \\{0, 1\\}$.
 *
 * @cite nobody1901
 * @category Miscellaneous
 * @since soon
 */
export const careless = (x: Hidden): number => x.y

interface Hidden { readonly y: number }

/**
 * Two of each: $\\frac{1$ and an open $ sign.
 *
 * @category Rules
 * @category Numeric
 * @example
 * \`\`\`ts
 * double // => 2
 * \`\`\`
 */
export const double = 2
`
  const guide =
    '# First\n\n[Nothing](second.md), [no such part](index.md#nothing), <a href="../lost.html">lost</a>, $\\{x\\}$\n'
  const { faults } = await build(bad, guide)
  const all = faults.join('\n')

  test.each([
    ['an undocumented export', /undocumented.* does not have any documentation/],
    ['an export without a description', /toy\.undocumented has no description/],
    ['an export without a category', /toy\.undocumented needs one @category, has 0/],
    ['two categories', /toy\.double needs one @category, has 2/],
    ['an unknown category', /toy\.careless has the @category "Miscellaneous"/],
    ['no version', /toy\.double needs one @since/],
    ['something that is no version', /toy\.careless needs one @since/],
    ['a constant without an example', /toy\.undocumented has no @example/],
    ['a function without an example', /toy\.careless has no @example/],
    ['a broken link in a comment', /Failed to resolve link to "nowhere"/],
    ['a broken link in a guide', /second\.md/],
    ['a broken anchor in a guide', /Guides\.html#nothing goes nowhere/],
    ['a brace that TypeDoc drops', /first\.md has a brace with a backslash/],
    ['a broken link in HTML', /lost\.html goes nowhere/],
    ['an unknown citation', /careless cites "nobody1900"/],
    ['an unknown source', /careless cites "nobody1901"/],
    ['a formula KaTeX cannot read', /\\frac\{1\$: KaTeX parse error/],
    ['a formula that is not closed', /a \$ stands in the prose: .*sign/],
    ['a type that is not exported', /Hidden, defined in .*referenced by/],
  ])('is faulted for %s', (_, message) => expect(all).toMatch(message))
})
