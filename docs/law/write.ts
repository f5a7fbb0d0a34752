/** The pages of the laws: made of the laws as they are, and written before the site is built. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { allLaws } from 'steplaw/laws'
import { readMatrix } from '../../test/law/matrix.js'
import { clauses } from '../../test/spec/read.js'
import { readBibliography } from '../typedoc/bibliography.js'
import { generatorsPage } from './generatorsPage.js'
import { FOLDER, lawPage } from './lawPage.js'
import type { Page } from './markdown.js'
import { matrixPage } from './matrixPage.js'
import { familyPages, overview } from './overview.js'

/** Every page that is not kept. */
export const generated = (root: string): ReadonlyArray<Page> => {
  const matrix = readMatrix()
  const works = readBibliography(join(root, 'docs/bibliography.json'))
  const known = { clauses: clauses(), works, matrix }
  return [...familyPages, ...allLaws.map((law) => lawPage(law, known)), matrixPage(matrix), generatorsPage]
}

/** Writes them, and the overview, which is kept. */
export const writeLaws = (root: string): void => {
  rmSync(join(root, FOLDER), { recursive: true, force: true })
  mkdirSync(join(root, FOLDER), { recursive: true })
  for (const { path, text } of [overview, ...generated(root)]) writeFileSync(join(root, path), text)
}
