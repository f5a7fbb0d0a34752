import type { Json } from '../../../spec/vocabulary/json.js'

/** What an iteration has to show. */
export interface Happening {
  /** A field of the record, or an output of the method, computed where it is asked for; null where it has none of the name. */
  readonly field: (name: string) => Json
  /** The operand of the rule that decided, printed. */
  readonly decided: string | null
  /** Why the rule failed. */
  readonly failed: string | null
}

/** A run between two iterations, whatever its method. */
export interface Course {
  readonly k: number
  /** Whether the method has come to an end by itself. */
  readonly ended: boolean
  readonly advance: () => { readonly next: Course; readonly happening: Happening }
  /** The state as JSON, to go on from. */
  readonly save: () => Json
  /** Where it stands, as the last line of a run says it: losses, test figures, evaluations. */
  readonly standing: () => { readonly [name: string]: Json }
}
