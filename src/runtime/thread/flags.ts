import { builtin } from './builtin.js'

/** Sets a flag of V8, where there is one. One that it does not know is complained of on the console. */
export const setFlag = (flag: string): void => {
  try {
    builtin('node:v8')?.setFlagsFromString(`--${flag}`)
  } catch {
    // Not Node: there is nothing to set.
  }
}

/** How many calls of {@link under} have set each flag. */
const set = new Map<string, number>()

/** Does something while flags of V8 are set that are not otherwise, then takes them back. They hold for the process. */
const under = <A>(flags: ReadonlyArray<string>, make: () => A): A => {
  const opposite = (flag: string): string => (flag.startsWith('no-') ? flag.slice(3) : `no-${flag}`)
  const count = (flag: string, by: number): number => {
    const times = (set.get(flag) ?? 0) + by
    set.set(flag, times)
    return times
  }
  for (const flag of flags) if (count(flag, 1) === 1) setFlag(flag)
  try {
    return make()
  } finally {
    for (const flag of flags) if (count(flag, -1) === 0) setFlag(opposite(flag))
  }
}

/** Has what is compiled meanwhile optimised at once: what is checked is what will run. */
export const optimised = <A>(make: () => A): A => under(['no-liftoff'], make)

/** Has a module that is made meanwhile compiled as a whole and at once, with wide vectors made of pairs. */
export const widened = <A>(make: () => A): A =>
  under(['no-liftoff', 'no-wasm-lazy-compilation', 'experimental-wasm-revectorize'], make)
