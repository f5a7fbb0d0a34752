import { builtin } from './builtin.js'

/** Sets a flag of V8, where there is one; says whether that was possible. One that it does not know is complained of on the console. */
export const setFlag = (flag: string): boolean => {
  const v8 = builtin('node:v8')
  if (v8 === null) return false
  try {
    v8.setFlagsFromString(flag)
    return true
  } catch {
    return false
  }
}

/** Has what is compiled meanwhile optimised at once, where there is V8: what is checked is what will run. */
export const optimised = <A>(make: () => A): A => {
  const set = setFlag('--no-liftoff')
  try {
    return make()
  } finally {
    if (set) setFlag('--liftoff')
  }
}
