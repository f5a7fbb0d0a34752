/**
 * Moves positions apart until neighbours have the distance `gap`, in their order, within `[low, high]`, with the least
 * sum of squared moves; too many for the room share it evenly. The result is in the order of the input.
 */
export const spread = (
  positions: ReadonlyArray<number>,
  gap: number,
  low: number,
  high: number,
): ReadonlyArray<number> => {
  const n = positions.length
  const distance = Math.min(gap, (high - low) / Math.max(1, n - 1))
  const order = positions.map((_, i) => i).sort((a, b) => (positions[a] ?? 0) - (positions[b] ?? 0))
  // With `distance` taken off rank by rank this is isotonic regression: pool neighbours that would change places.
  const pools: Array<{ readonly sum: number; readonly size: number }> = []
  order.forEach((i, rank) => {
    let pool = { sum: (positions[i] ?? 0) - rank * distance, size: 1 }
    for (
      let last = pools.at(-1);
      last !== undefined && last.sum / last.size > pool.sum / pool.size;
      last = pools.at(-1)
    ) {
      pool = { sum: pool.sum + last.sum, size: pool.size + last.size }
      pools.pop()
    }
    pools.push(pool)
  })
  const base = pools.flatMap(({ sum, size }) => {
    const mean = Math.max(low, Math.min(sum / size, high - (n - 1) * distance))
    return Array.from({ length: size }, () => mean)
  })
  const result = positions.slice()
  order.forEach((i, rank) => {
    result[i] = (base[rank] ?? 0) + rank * distance
  })
  return result
}

/** The names without the words that all of them begin with: the heading of their panel stands for those. */
export const distinct = (names: ReadonlyArray<string>): ReadonlyArray<string> => {
  if (names.length < 2) return names
  const all = names.map((name) => name.split(' '))
  let shared = 0
  while (all.every((words) => words.length > shared + 1 && words[shared] === all[0]?.[shared])) shared++
  return all.map((words) => words.slice(shared).join(' '))
}
