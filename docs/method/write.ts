/** The pages of the methods of two levels: made of rows and of runs, and written before the site is built. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { clauses } from '../../test/spec/read.js'
import type { Page } from '../law/markdown.js'
import { constructors, exampleOf } from './example.js'
import { FOLDER, methodPage } from './methodPage.js'
import { overview } from './overview.js'
import { rows } from './rows.js'

/** Every page that is not kept. */
export const generated = (root: string): ReadonlyArray<Page> => {
  const known = { clauses: clauses(), example: exampleOf(constructors(root)) }
  return rows.map((row) => methodPage(row, known))
}

/** Writes them, and the overview, which is kept. */
export const writeMethods = (root: string): void => {
  rmSync(join(root, FOLDER), { recursive: true, force: true })
  mkdirSync(join(root, FOLDER), { recursive: true })
  for (const { path, text } of [overview, ...generated(root)]) writeFileSync(join(root, path), text)
}
