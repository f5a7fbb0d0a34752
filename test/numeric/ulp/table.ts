import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Measured } from './measure.js'
import type { Elementary } from './reference.js'

/** Where the last full measurement is kept. */
export const TABLE = join(import.meta.dirname, 'table.json')

/** The last full measurement of each function. */
export interface Table {
  readonly rows: ReadonlyArray<Measured & { readonly name: Elementary; readonly seed: number }>
}

export const readTable = (): Table => JSON.parse(readFileSync(TABLE, 'utf8'))
