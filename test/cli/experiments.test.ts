/** The experiments of the examples: they are read, and what is kept of them is of them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import type { Study } from '../../examples/experiments/study/study.js'
import { readStudied, readSummaries } from '../../examples/experiments/summary.js'
import { showInvalid } from '../../spec/vocabulary/invalid.js'
import { readSource } from '../../src/cli/experiment/source.js'

const folder = join(import.meta.dirname, '../../examples/experiments')
const shared = ['main', 'data', 'steps', 'summary', 'cleaning']
const all = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace(/\.ts$/, ''))
  .filter((name) => !shared.includes(name))
const isStudy = (name: string): boolean =>
  readFileSync(join(folder, `${name}.ts`), 'utf8').includes("from './study/study.js'")
const studies = all.filter(isStudy)
const names = all.filter((name) => !isStudy(name))

test('there are some', () => {
  expect(names.length).toBeGreaterThan(2)
  expect(studies.length).toBeGreaterThan(1)
  expect(Object.keys(readStudied()).sort()).toEqual(studies)
  expect(Object.keys(readSummaries()).sort()).toEqual([...names].sort())
})

describe.each(names)('%s', (name) => {
  test('is an experiment, and the runs of which the ends are kept are its runs', async () => {
    const source = await readSource(join(folder, `${name}.ts`))
    if (E.isLeft(source)) throw new Error(source.left.map(showInvalid).join('; '))
    const { experiment, plans, words } = source.right
    expect(experiment.id).toBe(name)
    expect(words.description.length).toBeGreaterThan(0)
    const planned = new Map<string, Array<ReadonlyArray<number | null>>>()
    for (const { family, startingStep, pair } of plans)
      planned.set(family, [
        ...(planned.get(family) ?? []),
        pair === null ? [startingStep] : Object.values(pair),
      ])
    const kept = readSummaries()[name]?.families ?? []
    expect(
      kept.map((family) => [
        family.name,
        family.ends.map(({ at, lower }) => (lower === undefined ? [at] : [at, lower])),
      ]),
    ).toEqual([...planned])
    for (const { ends } of kept)
      for (const { train, accuracy, evaluations } of ends) {
        expect(train === null || train > 0).toBe(true)
        expect(accuracy === null || (accuracy >= 0 && accuracy <= 1)).toBe(true)
        expect(evaluations).toBeGreaterThanOrEqual(experiment.iterations)
      }
  })
})

describe.each(studies)('%s', (name) => {
  test('is a study, and the tables that are kept are of it', async () => {
    const { default: study }: { default: Study<unknown> } = await import(join(folder, `${name}.ts`))
    const cells = study.cells.map((cell) => cell.name)
    expect(cells.length).toBeGreaterThan(0)
    expect([...new Set(cells)]).toEqual(cells)
    expect(study.description.length).toBeGreaterThan(0)
    const kept = readStudied()[name]
    expect(kept?.title).toBe(study.title)
    for (const { head, rows } of kept?.tables ?? []) {
      expect(rows.length).toBeGreaterThan(0)
      for (const row of rows) {
        expect(row.length).toBe(head.length)
        expect(row.every((cell) => cell !== null && cell !== 'NaN')).toBe(true)
      }
    }
  })
})
