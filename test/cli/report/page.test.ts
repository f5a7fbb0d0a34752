import fc from 'fast-check'
import { parseHTML } from 'linkedom'
import { describe, expect, test } from 'vitest'
import { escapeHtml, html, trusted } from '../../../src/cli/report/html.js'
import { type ReportData, renderReport } from '../../../src/cli/report/index.js'
import { anyReport, batch, report, run } from './sample.js'

interface Element {
  readonly textContent: string
  readonly localName: string
  getAttribute(name: string): string | null
  getAttributeNames(): ReadonlyArray<string>
  querySelector(selector: string): Element | null
  querySelectorAll(selector: string): Iterable<Element>
}

const parse = (page: string): Element => parseHTML(page).document
const all = (root: Element, selector: string): ReadonlyArray<Element> => [...root.querySelectorAll(selector)]
const texts = (root: Element, selector: string): ReadonlyArray<string> =>
  all(root, selector).map(({ textContent }) => textContent)

/** What a picture says of itself: its label, the titles of its lines, its texts. */
const words = (root: Element, figure: number): string =>
  [
    ...all(root, `#figure-${figure} svg`).map((svg) => svg.getAttribute('aria-label') ?? ''),
    ...texts(root, `#figure-${figure} svg title`),
    ...texts(root, `#figure-${figure} h3`),
  ].join('\n')

const elements = new Set(
  'html head meta link title style body main header h1 h2 h3 p dl div dt dd section figure figcaption svg g path text title tspan line rect circle b table thead tbody tr th td code span wbr details summary pre a'.split(
    ' ',
  ),
)

/** Why an element or an attribute could load or run something, or does not draw. */
const faults = (element: Element): ReadonlyArray<string> => [
  ...(elements.has(element.localName) ? [] : [element.localName]),
  ...element.getAttributeNames().flatMap((name) => {
    const value = element.getAttribute(name) ?? ''
    const href = element.localName === 'link' ? /^data:,$/ : /^\.\/[^/:\\]*$/
    const bad =
      /^on|^src|^xlink|^style$|^action$|^formaction$/.test(name) ||
      (name === 'href' && !href.test(value)) ||
      (/^(d|transform|width|height|viewBox)$/.test(name) && /NaN|Infinity|undefined/.test(value))
    return bad ? [`${element.localName} ${name}="${value}"`] : []
  }),
]

/** Nothing is loaded, nothing runs: by the elements and attributes there are. */
const checkSelfContained = (root: Element): void => {
  expect(all(root, '*').flatMap(faults)).toEqual([])
  const [style, ...others] = texts(root, 'style')
  expect(others).toEqual([])
  expect(style).not.toMatch(/url\(|@import|https?:|</)
  expect(root.querySelector('head meta:nth-child(2)')?.getAttribute('content')).toMatch(
    /^default-src 'none';/,
  )
}

describe('html', () => {
  test('escapes what is not HTML', () => {
    const name = `<script>alert("1")</script>&'`
    expect(escapeHtml(name)).toBe('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;')
    expect(html`<b title="${name}">${trusted('<i>')}${[html`${1}`, html`${'<'}`]}</b>`.html).toBe(
      `<b title="${escapeHtml(name)}"><i>1&lt;</b>`,
    )
  })
})

describe('the page of a batch', () => {
  const page = renderReport(batch)
  const root = parse(page)

  test('needs nothing but itself', () => {
    checkSelfContained(root)
    expect(page).not.toMatch(/https?:/)
    expect(page).not.toMatch(/<script|javascript:/i)
  })

  test('uses colours that both themes define', () => {
    const blocks = [...page.matchAll(/:root \{([^}]*)\}/g)].map(([, block = '']) => block)
    const defined = blocks.map((block) => [...block.matchAll(/(--[\w-]+):/g)].map(([, name]) => name).sort())
    const used = new Set([...page.matchAll(/var\((--[\w-]+)\)/g)].map(([, name]) => name))
    expect(defined.length).toBe(2)
    expect(defined[0]).toEqual(defined[1])
    expect([...used].filter((name) => !defined[0]?.includes(name))).toEqual([])
    expect(page).toContain('@media screen and (prefers-color-scheme: dark)')
  })

  test('shows every run in the pictures and in the table', () => {
    const rows = texts(root, 'tbody tr:not(.group) th')
    expect(rows).toEqual(batch.runs.map(({ name }) => name))
    for (const { name, family } of batch.runs) {
      expect(texts(root, '#figure-1 svg title')).toContain(name)
      expect(texts(root, '#figure-2 svg title')).toContain(name)
      expect(texts(root, '#figure-3 svg title')).toContain(family)
    }
  })

  test('names every picture and its axes', () => {
    const pictures = all(root, 'figure svg')
    // Three groups; the six rules that move their step apart from the two sweeps and Adam with Armijo, which stay; two sizes.
    expect(['1', '2', '3'].map((n) => all(root, `#figure-${n} svg`).length)).toEqual([3, 8, 2])
    for (const picture of pictures) {
      expect(picture.getAttribute('role')).toBe('img')
      expect(picture.getAttribute('aria-label')).toMatch(/against .*\.$/)
    }
    // Nothing but labels of axes, ticks and lines: the library's own labels carry arrows.
    expect(texts(root, 'svg text').filter((text) => /[→↑]/.test(text))).toEqual([])
    expect(texts(root, '#figure-1 svg text')).toContain('evaluations on training batches')
    expect(texts(root, '#figure-2 svg text')).toContain('step size')
    expect(texts(root, '#figure-3 svg text')).toContain('starting step')
    expect(texts(root, 'figcaption').map((caption) => caption.slice(0, 9))).toEqual([
      'Figure 1.',
      'Figure 2.',
      'Figure 3.',
    ])
  })

  test('marks failures', () => {
    expect(words(root, 2)).toContain('SPSmax (')
    expect(texts(root, 'figcaption')[1]).toContain('failed')
    const calm = parse(renderReport(report([run('a')])))
    expect(texts(calm, 'figcaption')[1]).not.toContain('failed')
  })

  test('holds the table as text, the raw results and the way to their file', () => {
    const [table, raw] = texts(root, 'pre')
    expect(table).toContain('constant 0.0001')
    expect(raw).toBe(batch.raw.text)
    expect(root.querySelector('details a')?.getAttribute('href')).toBe('./results.jsonl')
  })

  test('equal data give equal bytes, whatever was drawn in between', () => {
    renderReport(report([run('other')]))
    expect(renderReport(structuredClone(batch))).toBe(page)
  })
})

describe('figures of time', () => {
  const timed = (name: string, unit: number) => {
    const plain = run(name)
    const trace = plain.trace.map((point) => ({ ...point, seconds: unit * (point.k + 1), accuracy: 0.5 }))
    return { ...plain, trace, iterating: unit * trace.length }
  }
  const runs = [timed('quick', 0.001), timed('slow', 0.1)]
  const captions = (data: ReportData) => texts(parse(renderReport(data)), 'figcaption')

  test('are drawn where they are asked for, loss and accuracy, and there is time to show', () => {
    expect(captions(report(runs)).filter((text) => text.includes('seconds'))).toEqual([])
    const root = parse(renderReport(report(runs, { figures: ['loss', 'time'] })))
    const words = texts(root, 'figcaption')
    expect(words).toHaveLength(3)
    expect(words[0]).not.toContain('seconds')
    expect(words[1]).toMatch(/Loss against the seconds that the iterations took/)
    expect(words[2]).toMatch(/right labels .* against the seconds that the iterations took/)
    for (const figure of ['#figure-2', '#figure-3']) {
      expect(texts(root, `${figure} svg text`)).toContain('seconds')
      expect(texts(root, `${figure} svg title`)).toEqual(expect.arrayContaining(['quick', 'slow']))
    }
    expect(captions(report([run('a')], { figures: ['loss', 'time'] }))).toHaveLength(1)
  })

  test('have axes of their own times, below a second too', () => {
    const root = parse(renderReport(report([timed('quick', 0.001)], { figures: ['time'] })))
    const ticks = texts(root, '#figure-1 svg text')
      .map(Number)
      .filter((x) => x > 0 && x < 0.07)
    expect(ticks.length).toBeGreaterThan(1)
  })
})

describe('sizes', () => {
  test('long raw results stay in their file; the page has the summaries', () => {
    const data = report([run('a', { summary: { ...run('a').summary, train: Number.NaN } })], {
      raw: { file: 'results.jsonl', text: 'x'.repeat(300_000) },
    })
    const raw = texts(parse(renderReport(data)), 'pre')[1] ?? ''
    expect(JSON.parse(raw)).toMatchObject({ name: 'a', summary: { train: 'NaN', functionEvaluations: 60 } })
    expect(JSON.parse(raw)).not.toHaveProperty('trace')
  })

  test('long runs are thinned', () => {
    const size = (iterations: number) => renderReport(report([run('a', {}, iterations)])).length
    expect(size(100_000)).toBeLessThan(size(300) + 6_000)
  })

  test('large groups are cut into panels', () => {
    const runs = Array.from({ length: 30 }, (_, i) =>
      run(`run ${i}`, { startingStep: i + 1, family: i < 10 ? 'sweep' : `family ${i}` }),
    )
    const root = parse(renderReport(report(runs)))
    const headings = texts(root, '#figure-1 h3')
    expect(headings).toEqual([
      'Constant steps: sweep',
      'Constant steps: sweep',
      'Constant steps',
      'Constant steps',
      'Constant steps',
    ])
    for (const { name } of runs) expect(texts(root, '#figure-1 svg title')).toContain(name)
  })
})

describe('axes', () => {
  const costly = (name: string, factor: number) =>
    run(name, { trace: run(name).trace.map((point) => ({ ...point, evaluations: factor * point.k })) })
  const caption = (factor: number) =>
    texts(parse(renderReport(report([costly('cheap', 1), costly('dear', factor)]))), 'figcaption')[0] ?? ''

  test('costs that differ much have a logarithmic axis', () => {
    expect(caption(2)).not.toContain('both logarithmic')
    expect(caption(20)).toContain('both logarithmic; the start, at no evaluations, is on the left edge')
  })

  test('iterations that were not recorded are mentioned', () => {
    const sparse = run('a', { trace: run('a').trace.filter(({ k }) => k % 10 === 0) })
    const of = (data: ReportData) => texts(parse(renderReport(data)), 'figcaption')[1]
    expect(of(report([sparse]))).toContain('not recorded')
    expect(of(report([run('a')]))).not.toContain('not recorded')
  })
})

describe('bad news', () => {
  const diverging = (value: number) =>
    run('lost', {
      trace: run('lost').trace.map((point) => (point.k < 20 ? point : { ...point, value, train: value })),
      summary: { ...run('lost').summary, train: value, testLoss: value },
    })

  test.each([
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a loss far above the start', 1e9],
  ])('%s is marked at the upper edge', (_, value) => {
    const root = parse(renderReport(report([run('fine', { startingStep: 0.1 }), diverging(value)])))
    expect(texts(root, 'figcaption')[0]).toContain('A triangle at the upper edge')
    expect(texts(root, 'figcaption')[2]).toMatch(/A triangle at the upper edge .*: lost\.$/)
    if (!Number.isFinite(value)) expect(texts(root, 'tbody td')).toContain('diverged')
  })

  test('every diverged run of a sweep has its triangle', () => {
    const sweep = [0.1, 1, 10, 100].map((step) =>
      run(`constant ${step}`, {
        startingStep: step,
        summary: { ...run('x').summary, train: step > 0.5 ? Number.NaN : 1 },
      }),
    )
    const [wide] = all(parse(renderReport(report(sweep))), '#figure-3 svg')
    const dots = wide === undefined ? [] : all(wide, '[aria-label="dot"]')
    // One symbol for the run that ended well, three triangles, none below, one symbol at the label.
    expect(dots.map((group) => all(group, 'path, circle').length)).toEqual([1, 3, 1])
  })

  test('infinite steps and steps of zero have marks of their own', () => {
    const steps = run('wild', {
      trace: run('wild').trace.map((point) => ({
        ...point,
        step: point.k % 3 === 0 ? Number.POSITIVE_INFINITY : point.k % 3 === 1 ? 0 : 1,
      })),
    })
    expect(texts(parse(renderReport(report([steps]))), 'figcaption')[1]).toContain(
      'A triangle marks an infinite step',
    )
  })

  test.each<readonly [string, ReportData]>([
    ['no runs', report([])],
    ['no iterations', report([run('empty', {}, 0)])],
    ['one iteration', report([run('one', {}, 1)])],
    ['failures alone', report([run('none', { trace: run('x').trace.map((p) => ({ ...p, step: null })) })])],
    ['NaN alone', report([{ ...diverging(Number.NaN), startingStep: null }])],
  ])('%s', (_, data) => {
    const root = parse(renderReport(data))
    checkSelfContained(root)
    for (const { name } of data.runs) for (const figure of [1, 2]) expect(words(root, figure)).toContain(name)
  })
})

describe('any data', () => {
  const visible = (text: string): string =>
    text.replace(/[\p{Cc}\p{Cs}\p{Bidi_Control}]/gu, (c) => (c === '\n' || c === '\t' ? c : '\u{fffd}'))

  test('the page is self-contained, complete and repeatable', () =>
    fc.assert(
      fc.property(anyReport, (data) => {
        const page = renderReport(data)
        const root = parse(page)
        checkSelfContained(root)
        expect(texts(root, 'tbody tr:not(.group) th')).toEqual(data.runs.map(({ name }) => visible(name)))
        expect(texts(root, 'h1')).toEqual([visible(data.title)])
        for (const { name } of data.runs)
          for (const figure of [1, 2]) expect(words(root, figure)).toContain(visible(name))
        expect(renderReport(data)).toBe(page)
      }),
      { numRuns: 30 },
    ))
})
