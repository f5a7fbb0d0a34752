/** The pages of which some parts are made: by running the library, or from what was measured last. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { filled } from './block.js'
import { experiments, twoLevels } from './experiment.js'
import { measured } from './measured.js'
import { refusals } from './primitive.js'
import { studies } from './study.js'
import { walk } from './walk.js'

const GUIDES = 'docs/guide'

const pages: ReadonlyArray<{
  readonly file: string
  readonly parts: (root: string) => Promise<ReadonlyMap<string, string>>
}> = [
  { file: `${GUIDES}/from-an-expression-to-an-instruction.md`, parts: walk },
  { file: `${GUIDES}/adding-a-primitive.md`, parts: refusals },
  { file: `${GUIDES}/the-engine.md`, parts: measured },
  { file: `${GUIDES}/which-rule.md`, parts: experiments },
  { file: `${GUIDES}/two-levels-measured.md`, parts: twoLevels },
  { file: `${GUIDES}/studies-of-two-levels.md`, parts: studies },
]

/** The pages as they should be. */
export const made = (
  root: string,
): Promise<ReadonlyArray<{ readonly path: string; readonly text: string }>> =>
  Promise.all(
    pages.map(async ({ file, parts }) => {
      const path = join(root, file)
      return { path, text: filled(file, readFileSync(path, 'utf8'), await parts(root)) }
    }),
  )

/** Writes them. */
export const writeMade = async (root: string): Promise<void> => {
  for (const { path, text } of await made(root)) writeFileSync(path, text)
}
