import type { AnyField, Field, OperandField, OperandsField, ScalarField, Target } from './field.js'

/** The fields of one tag, in the order in which operands are asked and fields are printed. */
export type Row = { readonly [name: string]: Field }

/** The rows of one vocabulary, by tag. */
export type Rows = { readonly [tag: string]: Row }

/** A row of any vocabulary. */
export type AnyRow = { readonly [name: string]: AnyField }

/** The rows of any vocabulary. */
export type AnyRows = { readonly [tag: string]: AnyRow }

/** The TypeScript type of a field's value, with operands of type `R`. */
export type Value<F, R> = F extends OperandField
  ? R
  : F extends OperandsField
    ? readonly [R, ...ReadonlyArray<R>]
    : F extends { readonly field: 'number' }
      ? number
      : F extends { readonly field: 'boolean' }
        ? boolean
        : F extends { readonly field: 'choice'; readonly options: ReadonlyArray<infer O> }
          ? O
          : F extends { readonly field: 'target' }
            ? Target
            : F extends { readonly field: 'numbers' }
              ? readonly [number, ...ReadonlyArray<number>]
              : F extends { readonly field: 'optional' }
                ? R | null
                : never

type Required<F> = F extends ScalarField | { readonly default: null }
  ? undefined extends F['default']
    ? true
    : false
  : true

/** A complete set of field values: what a decoder returns. */
export type Complete<W, R> = { readonly [K in keyof W]: Value<W[K], R> }

/** The fields as a caller writes them: those with a default may be left out. */
export type Params<W, R> = {
  readonly [K in keyof W as Required<W[K]> extends true ? K : never]: Value<W[K], R>
} & {
  readonly [K in keyof W as Required<W[K]> extends true ? never : K]?: Value<W[K], R>
}
