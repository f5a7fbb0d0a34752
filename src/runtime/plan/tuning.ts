/** What only speed depends on: any values give the same bits. */
export interface Tuning {
  /** Operations from which on a step is worth a second thread. */
  readonly shared: number
  /** Bytes from which on it pays to read rows again while they are near: fewer are near in any case. */
  readonly banded: number
  /** Bytes of the widest thing of a block of rows: what stays in a near cache beside the rest. */
  readonly blockBytes: number
  /** The fewest and the most rows of a block, powers of two. */
  readonly blockRows: readonly [number, number]
}

export const TUNING: Tuning = {
  shared: 2 ** 14,
  banded: 2 ** 21,
  blockBytes: 256 * 1024,
  blockRows: [32, 1024],
}
