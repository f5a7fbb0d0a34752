import type { Executable } from './executable.js'

/** So many programs of a function are kept: shapes of arguments and sizes of batches seldom vary more. */
const MOST = 32

/**
 * Executables by what they were made for. When there are too many, the one that was not used for longest gives its memory back and
 * goes.
 */
export const kept = <K>(most = MOST): ((key: K, make: () => Executable) => Executable) => {
  const known = new Map<K, Executable>()
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
