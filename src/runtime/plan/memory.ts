/** A piece of memory that is wanted from one step to another, both included. */
export interface Wanted {
  readonly bytes: number
  readonly from: number
  readonly to: number
}

/** A cache line: no two pieces share one, so that threads which write to neighbours do not disturb each other. */
export const ALIGNMENT = 64

const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT

/**
 * Where each piece lies: at the lowest offset where nothing lies that is wanted at the same time. First those that are wanted
 * first.
 */
export const place = (
  wanted: ReadonlyArray<Wanted>,
): { readonly offsets: ReadonlyArray<number>; readonly bytes: number } => {
  const offsets = new Array<number>(wanted.length).fill(0)
  const order = [...wanted.entries()].sort(([, a], [, b]) => a.from - b.from || b.bytes - a.bytes)
  let busy: Array<{ readonly begin: number; readonly end: number; readonly to: number }> = []
  let now = Number.NEGATIVE_INFINITY
  let bytes = 0
  for (const [i, { bytes: size, from, to }] of order) {
    // What was wanted earlier only is past: pieces come in the order of their beginnings.
    if (from > now) busy = busy.filter((piece) => piece.to >= from)
    now = from
    const room = aligned(size)
    let at = 0
    let place = 0
    for (const { begin, end } of busy) {
      if (begin - at >= room) break
      at = Math.max(at, end)
      place += 1
    }
    offsets[i] = at
    busy.splice(place, 0, { begin: at, end: at + room, to })
    bytes = Math.max(bytes, at + room)
  }
  return { offsets, bytes }
}
