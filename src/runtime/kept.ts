import type { Executable } from './executable.js'

/** So many programs of a function are kept: shapes of arguments and sizes of batches seldom vary more. */
const MOST = 32

/**
 * Executables by what they were made for. When there are too many, the one that was not used for longest gives its memory back and
 * goes.
 */
export const kept = <K, E extends Pick<Executable, 'release'> = Executable>(
  most = MOST,
): ((key: K, make: () => E) => E) => {
  const known = new Map<K, E>()
  return (key, make) => {
    const found = known.get(key)
    // The order only matters once somebody has to go.
    if (found !== undefined && known.size < most) return found
    known.delete(key)
    const made = found ?? make()
    known.set(key, made)
    for (const [oldest, executable] of known) {
      if (known.size <= most) break
      executable.release()
      known.delete(oldest)
    }
    return made
  }
}
