/**
 * Experiments that are not runs of methods side by side: named computations, cells, whose results are kept as they come, so that
 * what has been interrupted goes on from there, and a report made of them.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { html } from '../../../src/cli/report/html.js'
import type { Part } from '../../../src/cli/report/index.js'
import type { Figure } from './figure.js'
import { type Table, tablePart } from './table.js'

/** One computation. The result is plain data that JSON holds: no NaN, no infinity. */
export interface Cell<A> {
  readonly name: string
  readonly compute: () => A | Promise<A>
}

/** What a study came to. */
export interface Findings {
  readonly figures: ReadonlyArray<Figure>
  readonly tables: ReadonlyArray<Table>
}

export interface Study<A> {
  readonly title: string
  /** What is done and what is published about it, one paragraph an entry. */
  readonly description: ReadonlyArray<string>
  /** Whatever changes the meaning of results changes this: results of another edition are thrown away. */
  readonly edition: number
  readonly cells: ReadonlyArray<Cell<A>>
  /** The figures and tables, from the results by the names of their cells; only called when all are there. */
  readonly findings: (result: (cell: string) => A) => Findings
}

interface Line<A> {
  readonly cell: string
  readonly edition: number
  readonly seconds: number
  readonly result: A
}

const file = 'results.jsonl'

/** A line that was cut off in the middle is as if it had not been begun. */
const parsed = <A>(text: string): ReadonlyArray<Line<A>> => {
  try {
    return [JSON.parse(text) as Line<A>]
  } catch {
    return []
  }
}

const linesIn = <A>({ edition, cells }: Study<A>, out: string): ReadonlyArray<Line<A>> => {
  const path = join(out, file)
  if (!existsSync(path)) return []
  const names = new Set(cells.map(({ name }) => name))
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((text) => parsed<A>(text))
    .filter((line) => line.edition === edition && names.has(line.cell))
}

/** What a study has come to, if all its cells are in the folder. */
export const findingsIn = <A>(study: Study<A>, out: string): Findings | null => {
  const results = new Map(linesIn(study, out).map(({ cell, result }) => [cell, result]))
  if (study.cells.some(({ name }) => !results.has(name))) return null
  return study.findings((cell) => {
    const result = results.get(cell)
    if (result === undefined) throw new RangeError(`cell: there is no ${cell}`)
    return result
  })
}

/** A study as a part of a report, if it has come to its end. */
export const studyPart = <A>(study: Study<A>, out: string): Part | null => {
  const findings = findingsIn(study, out)
  if (findings === null) return null
  const seconds = linesIn(study, out).reduce((sum, line) => sum + line.seconds, 0)
  const { title, description } = study
  return {
    title,
    description,
    settings: [
      ['computations', String(study.cells.length)],
      ['time', `${seconds.toFixed(1)} s`],
    ],
    shown: 'a study',
    figures: findings.figures.map((figure) => (number: number) => html`${figure(number)}`),
    tables: findings.tables.map((table) => (number: number) => tablePart(number, table)),
  }
}

/** Computes the cells that are missing in the folder, and says which it is at. */
export const runStudy = async <A>(
  study: Study<A>,
  out: string,
  say: (text: string) => void,
): Promise<void> => {
  mkdirSync(out, { recursive: true })
  const path = join(out, file)
  const kept = linesIn(study, out)
  // Written anew: without what was cut off, and without what belongs to another edition.
  writeFileSync(path, kept.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const done = new Set(kept.map(({ cell }) => cell))
  for (const [i, { name, compute }] of study.cells.entries()) {
    if (done.has(name)) continue
    say(`${i + 1} of ${study.cells.length}: ${name}`)
    const began = performance.now()
    const result = await compute()
    const seconds = Math.round(performance.now() - began) / 1000
    const line: Line<A> = { cell: name, edition: study.edition, seconds, result }
    appendFileSync(path, `${JSON.stringify(line)}\n`)
  }
}
