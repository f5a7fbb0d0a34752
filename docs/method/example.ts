/** The constructors of methods in the sources, and the examples in their comments. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as bilevel from 'steplaw/bilevel'
import { examplesOfSource } from '../../test/docs/extract.js'

const METHODS = 'src/bilevel'

/** A public constructor of a method, in its file. */
export interface Constructor {
  readonly name: string
  readonly file: string
  readonly text: string
}

/** Every public value that makes a method, by what it says it returns. */
export const constructors = (root: string): ReadonlyArray<Constructor> =>
  readdirSync(join(root, METHODS), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .flatMap((file) => {
      const path = `${METHODS}/${file.replaceAll('\\', '/')}`
      const text = readFileSync(join(root, path), 'utf8')
      return text
        .split(/^(?=export |const |interface |type |\/\*\*)/m)
        .filter((block) => /\): (?:BilevelMethod<[^\n]*|BilevelRecipe) =>\s/.test(block))
        .map((block) => /^export const (\w+) = /.exec(block)?.[1] ?? '')
        .filter((name) => Object.keys(bilevel).includes(name))
        .map((name) => ({ name, file: path, text }))
    })

/** The example in the comment of a constructor, which is asserted with all the others. */
export const exampleOf =
  (made: ReadonlyArray<Constructor>) =>
  (name: string): string => {
    const found = made.find((one) => one.name === name)
    const example =
      found && examplesOfSource(found.file, found.text).examples.find((one) => one.name === name)
    if (example === undefined) throw new Error(`there is no example of ${name}`)
    return example.code.trim()
  }
