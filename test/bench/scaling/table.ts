import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Case } from './sweep.js'

/** Where the last sweep is kept. */
export const TABLE = join(import.meta.dirname, 'table.json')

/** Nanoseconds for each multiplication with its addition, value and gradient together. */
export interface Row extends Case {
  readonly threads: number
  readonly ns: number
}

export interface Table {
  readonly machine: string
  readonly node: string
  /** Of the machine when it began: an idle one has none. */
  readonly load: number
  readonly rounds: number
  readonly budget: number
  readonly rows: ReadonlyArray<Row>
}

export const readTable = (): Table => JSON.parse(readFileSync(TABLE, 'utf8'))
