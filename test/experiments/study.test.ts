/** Studies: what has been computed is kept, and only that; and what is drawn of it says what it is. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { lineFigure } from '../../examples/experiments/study/lines.js'
import {
  type Cell,
  findingsIn,
  runStudy,
  type Study,
  studyPart,
} from '../../examples/experiments/study/study.js'
import { renderPage } from '../../src/cli/report/index.js'

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'steplaw-study-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

const names = ['one', 'two', 'three']

/** Cells that come to the length of their name, and write down that they were computed. */
const counting = (edition = 1, of: ReadonlyArray<string> = names) => {
  const computed: Array<string> = []
  const cells: ReadonlyArray<Cell<number>> = of.map((name) => ({
    name,
    compute: () => {
      computed.push(name)
      return name.length
    },
  }))
  const study: Study<number> = {
    title: 'A study of names',
    description: ['How long they are.'],
    edition,
    cells,
    findings: (result) => ({
      figures: [],
      tables: [
        { caption: 'Lengths', head: ['name', 'length'], rows: of.map((name) => [name, result(name)]) },
      ],
    }),
  }
  return { computed, study }
}

const silent = (): void => undefined

const resultsOf = (out: string): string => join(out, 'results.jsonl')
const linesOf = (out: string): ReadonlyArray<string> =>
  readFileSync(resultsOf(out), 'utf8').split('\n').slice(0, -1)
const rowsIn = (study: Study<number>, out: string) => findingsIn(study, out)?.tables[0]?.rows

const rows = names.map((name) => [name, name.length])

describe('a study', () => {
  test('computes every cell once, says which, and keeps what it has', async () => {
    const out = folder()
    const said: Array<string> = []
    const first = counting()
    await runStudy(first.study, out, (text) => said.push(text))
    expect(first.computed).toEqual(names)
    expect(said).toEqual(['1 of 3: one', '2 of 3: two', '3 of 3: three'])
    const kept = readFileSync(resultsOf(out), 'utf8')
    const again = counting()
    await runStudy(again.study, out, silent)
    expect(again.computed).toEqual([])
    expect(readFileSync(resultsOf(out), 'utf8')).toBe(kept)
    expect(rowsIn(again.study, out)).toEqual(rows)
  })

  test('goes on from wherever the file of its results was cut off', async () => {
    const out = folder()
    await runStudy(counting().study, out, silent)
    const whole = readFileSync(resultsOf(out), 'utf8')
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: whole.length }), async (length) => {
        writeFileSync(resultsOf(out), whole.slice(0, length))
        // A line is whole without its end of line too.
        const left = `${whole.slice(0, length)}\n`.split('}\n').length - 1
        const { study, computed } = counting()
        expect(findingsIn(study, out) === null).toBe(left < names.length)
        await runStudy(study, out, silent)
        expect(computed).toEqual(names.slice(left))
        expect(linesOf(out).length).toBe(names.length)
        expect(rowsIn(study, out)).toEqual(rows)
      }),
    )
  })

  test('keeps what was computed before one that fails', async () => {
    const out = folder()
    const { study } = counting()
    const failing = study.cells.map((cell) =>
      cell.name === 'two' ? { ...cell, compute: () => Promise.reject(new Error('no')) } : cell,
    )
    await expect(runStudy({ ...study, cells: failing }, out, silent)).rejects.toThrow('no')
    const { study: mended, computed } = counting()
    await runStudy(mended, out, silent)
    expect(computed).toEqual(['two', 'three'])
  })

  test('throws away what belongs to another edition, and cells that there are no more', async () => {
    const out = folder()
    await runStudy(counting(1).study, out, silent)
    const next = counting(2)
    expect(findingsIn(next.study, out)).toBeNull()
    expect(studyPart(next.study, out)).toBeNull()
    await runStudy(next.study, out, silent)
    expect(next.computed).toEqual(names)
    expect(linesOf(out).length).toBe(names.length)
    const other = counting(2, ['three', 'four'])
    await runStudy(other.study, out, silent)
    expect(other.computed).toEqual(['four'])
    expect(linesOf(out).length).toBe(2)
  })

  test('passes over lines that are no results', async () => {
    const out = folder()
    const { study } = counting()
    await runStudy(study, out, silent)
    appendFileSync(resultsOf(out), '\nnot a line\n{"cell":"one"}\n')
    expect(rowsIn(study, out)).toEqual(rows)
  })

  test('knows the results of its own cells alone', async () => {
    const out = folder()
    const { study } = counting()
    await runStudy(study, out, silent)
    const asking: Study<number> = {
      ...study,
      findings: (result) => {
        result('four')
        return { figures: [], tables: [] }
      },
    }
    expect(() => findingsIn(asking, out)).toThrow(new RangeError('cell: there is no four'))
  })
})

const word = fc.stringMatching(/^[a-z]{3,12}$/)
const points = fc
  .array(fc.double({ min: 0.1, max: 100, noNaN: true }), { minLength: 2, maxLength: 20 })
  .map((ys) => ys.map((y, i) => ({ x: i + 1, y })))
const lines = fc
  .uniqueArray(word, { minLength: 1, maxLength: 5 })
  .chain((all) => fc.tuple(...all.map((name) => points.map((of) => ({ name, points: of })))))

describe('a figure of lines', () => {
  test('has its lines with their names, its levels, axes and words', () =>
    fc.assert(
      fc.property(lines, lines, word, fc.constantFrom('linear', 'log'), (left, right, level, type) => {
        const { html } = lineFigure({
          panels: [
            { heading: 'on the left', lines: left },
            { heading: 'on the right', lines: right, x: { label: 'gradients', type: 'linear' } },
          ],
          x: { label: 'iterations', type },
          y: { label: 'an error', type },
          levels: [{ name: level, y: 10 }],
          caption: 'What there is to see.',
        })(7)
        const pictures = html.split('<div class="picture">').slice(1)
        expect(pictures.length).toBe(2)
        for (const [i, [heading, label, of]] of (
          [
            ['on the left', 'iterations', left],
            ['on the right', 'gradients', right],
          ] as const
        ).entries()) {
          const picture = pictures[i] ?? ''
          expect(picture).toContain(`<h3>${heading}</h3>`)
          const all = of.map(({ name }) => name).join(', ')
          expect(picture).toContain(`aria-label="an error against ${label}: ${all}."`)
          // Its title where the pointer rests on it, and at its end.
          for (const { name } of of) {
            expect(picture).toContain(`<title>${name}</title>`)
            expect(picture).toContain(`>${name}<title>`)
          }
          expect(picture).toContain(`>${level}</text>`)
        }
        expect(html).toContain('<b>Figure 7.</b> What there is to see.')
        expect(html).not.toContain('NaN')
      }),
      { numRuns: 20 },
    ))

  test('stands in the page of its study, with the tables', async () => {
    const out = folder()
    const { study } = counting()
    const drawn: Study<number> = {
      ...study,
      findings: (result) => ({
        ...study.findings(result),
        figures: [
          lineFigure({
            panels: [
              {
                heading: '',
                lines: [{ name: 'lengths', points: names.map((name, x) => ({ x, y: result(name) })) }],
              },
            ],
            x: { label: 'name', type: 'linear' },
            y: { label: 'length', type: 'linear' },
            caption: 'They grow.',
          }),
        ],
      }),
    }
    await runStudy(drawn, out, silent)
    const part = studyPart(drawn, out)
    if (part === null) throw new Error('no part')
    const page = renderPage(part)
    expect(page).toContain('A study of names')
    expect(page).toContain('How long they are.')
    expect(page).toContain('<title>lengths</title>')
    expect(page).toContain('<b>Figure 1.</b> They grow.')
    expect(page).toContain('<b>Table 1.</b> Lengths')
    expect(page).toContain('data-head="length">5</td>')
  })
})
