import type { Func } from '../assembler/code.js'

/**
 * What a kernel is called with: an address, a count or a fixed number.
 *
 * An address moves with the first item of the call by `item` bytes, by eight bytes a `block` of items, with the first row of the band's
 * block by `row` bytes, and by `turn` bytes in every second block: what a band keeps to itself lies in two places by turns, so that a
 * thread may begin the next block while another still reads the last.
 */
export type Argument =
  | {
      readonly at: number
      /** Counted from the beginning of the scratch of the plan. */
      readonly scratch?: true
      readonly item?: number
      readonly block?: number
      readonly row?: number
      readonly turn?: number
    }
  | { readonly fixed: number }
  /** The number of items of the call, times a factor. */
  | { readonly count: number }
  /** The number of the first item of the call, among all rows in a band. */
  | { readonly first: true }
  /** The rows of the band's block. */
  | { readonly rows: true }
  /** Not zero from the second block of a band on: what was begun is to be continued. */
  | { readonly onward: true }

/** A kernel and what it is called with. Its items can be done in any order, by any thread. */
export interface Step {
  readonly kernel: Func
  readonly arguments: ReadonlyArray<Argument>
  readonly items: number
  /** Threads share the items in whole multiples of it. */
  readonly unit: number
  /** No call has more items than it, a multiple of the unit: a call is short, so that its code is soon optimised. */
  readonly grain: number
  /** Operations, about: with few of them it is not worth a second thread. */
  readonly work: number
}

/** Steps that do not read what another of them writes. */
export interface Stage {
  readonly kind: 'stage'
  readonly steps: ReadonlyArray<Step>
}

/**
 * Rows that are taken through several steps a block at a time, so that a block stays in a near cache from the first step to the last.
 *
 * Every thread takes its own rows of a block through `along`, one step after the other. What all rows of a block go into, `across`, comes
 * when they are there; its items are not rows.
 */
export interface Band {
  readonly kind: 'band'
  readonly rows: number
  readonly block: number
  readonly along: ReadonlyArray<Step>
  readonly across: ReadonlyArray<Step>
}

export type Part = Stage | Band
