/** The least time that each of some calls takes, in milliseconds, when they take turns. */
export const leastTimes = (calls: ReadonlyArray<() => void>, rounds: number): ReadonlyArray<number> => {
  const least = calls.map(() => Number.POSITIVE_INFINITY)
  for (let round = 0; round < rounds; round += 1)
    calls.forEach((call, i) => {
      const begun = performance.now()
      call()
      least[i] = Math.min(least[i] ?? 0, performance.now() - begun)
    })
  return least
}
