import type { Json } from '../../../spec/vocabulary/json.js'
import type { Counts } from '../../optimizer/iteration.js'
import type { Vector } from '../../problem/oracle.js'

/** What an iteration has to show. */
export interface Happening {
  /** The point before the step: its losses on all training rows and on held-out ones are computed from it. */
  readonly x: Vector
  /** The evaluations before the iteration. */
  readonly counts: Counts
  /** A field of the record, or an output of the method; null where it has none of the name. */
  readonly field: (name: string) => Json
  /** The operand of the rule that decided, printed. */
  readonly decided: string | null
  /** Why the rule failed. */
  readonly failed: string | null
}

/** A run between two iterations, whatever its method. */
export interface Course {
  readonly k: number
  readonly x: Vector
  readonly counts: Counts
  /** The averaged point, where the method makes one. */
  readonly average: Vector | null
  readonly advance: () => { readonly next: Course; readonly happening: Happening }
  /** The state as JSON, to go on from. */
  readonly save: () => Json
}
