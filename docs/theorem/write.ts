/** The pages of the theorems: made of the cards as they are, and written before the site is built. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cards } from 'steplaw/theory'
import { readShares } from '../../test/theory/shares.js'
import { cardPage, FOLDER } from './cardPage.js'
import { overview } from './overview.js'

/** Writes them with their pictures, and the overview, which is kept. */
export const writeTheorems = (root: string): void => {
  rmSync(join(root, FOLDER), { recursive: true, force: true })
  mkdirSync(join(root, FOLDER), { recursive: true })
  const shares = readShares()
  const made = cards.map((card) => cardPage(card, shares))
  for (const { path, text } of [overview, ...made.flatMap(({ page, pictures }) => [page, ...pictures])])
    writeFileSync(join(root, path), text)
}
