import { type Invalid, showInvalid } from '../../../spec/vocabulary/invalid.js'

/** Exit codes: 0 well, 1 something failed, 2 bad usage. */
export type ExitCode = 0 | 1 | 2

export const out = (text: string): void => {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}

export const err = (text: string): void => {
  process.stderr.write(text.endsWith('\n') ? text : `${text}\n`)
}

/** Tells what was wrong with something from outside, one line each. */
export const refuse = (errors: ReadonlyArray<Invalid>): ExitCode => {
  for (const e of errors) err(`error: ${showInvalid(e)}`)
  return 1
}
