import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Soaked } from './soak.js'

/** Where the last long run is kept. */
export const TABLE = join(import.meta.dirname, 'table.json')

export interface Table {
  readonly node: string
  readonly results: ReadonlyArray<Soaked>
}

export const readTable = (): Table => JSON.parse(readFileSync(TABLE, 'utf8'))
