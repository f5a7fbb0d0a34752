/** A point of a line; `y` may be NaN or infinite. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** The values an axis shows. */
export interface Domain {
  readonly low: number
  readonly high: number
}

/**
 * At most `limit` of the points, in order: the first, the last, and of each of equally many stretches the lowest, the
 * highest and the first that is not finite, so that no peak and no failure is thinned away.
 */
export const thin = (points: ReadonlyArray<Point>, limit: number): ReadonlyArray<Point> => {
  const n = points.length
  if (n <= limit) return points
  const stretches = Math.max(1, Math.floor((limit - 2) / 3))
  const kept = new Set([0])
  for (let s = 0; s < stretches; s++) {
    const from = Math.floor((s * n) / stretches)
    const to = Math.floor(((s + 1) * n) / stretches)
    let low = { at: -1, y: Number.POSITIVE_INFINITY }
    let high = { at: -1, y: Number.NEGATIVE_INFINITY }
    let odd = -1
    points.slice(from, to).forEach(({ y }, i) => {
      if (!Number.isFinite(y)) odd = odd < 0 ? from + i : odd
      else {
        if (y < low.y) low = { at: from + i, y }
        if (y > high.y) high = { at: from + i, y }
      }
    })
    for (const at of [low.at, high.at, odd].filter((i) => i >= 0).sort((a, b) => a - b)) kept.add(at)
  }
  kept.add(n - 1)
  return [...kept].flatMap((i) => points[i] ?? [])
}

/** At most `count` indices below `n`, evenly spread, `phase` (from 0 to 1) of a stride away from the start. */
export const evenly = (n: number, count: number, phase: number): ReadonlyArray<number> =>
  n <= count
    ? Array.from({ length: n }, (_, i) => i)
    : Array.from({ length: count }, (_, i) => Math.min(n - 1, Math.floor(((i + phase) * n) / count)))

/** What is left of a line within a frame, and where it left the frame. */
export interface Framed {
  /** Points within the frame; NaN in `y` interrupts the line. */
  readonly line: ReadonlyArray<Point>
  /** The first point of every stretch above the frame, on its upper edge; a value that is not finite is above. */
  readonly above: ReadonlyArray<Point>
  /** The same below. */
  readonly below: ReadonlyArray<Point>
}

/** Fits a line into a domain: it runs to the edge where it leaves, and is interrupted outside. */
export const intoFrame = (points: ReadonlyArray<Point>, { low, high }: Domain): Framed => {
  const line: Array<Point> = []
  const above: Array<Point> = []
  const below: Array<Point> = []
  let side = 0
  for (const { x, y } of points) {
    const now = y < low ? -1 : y <= high ? 0 : 1
    const edge = { x, y: now > 0 ? high : low }
    if (now === 0) line.push({ x, y })
    else if (side === now) line.push({ x, y: Number.NaN })
    else {
      line.push(edge, { x, y: Number.NaN })
      ;(now > 0 ? above : below).push(edge)
    }
    side = now
  }
  return { line, above, below }
}
