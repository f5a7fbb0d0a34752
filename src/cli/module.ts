import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as E from 'fp-ts/lib/Either.js'
import { type Invalid, invalid } from '../../spec/vocabulary/invalid.js'
import { isObject, own } from '../../spec/vocabulary/strict.js'

/** An export of a module, as it is named on the command line: `mine.mjs#name`, or `mine.mjs` for its default. */
export interface Reference {
  /** As it was written. */
  readonly text: string
  /** The module, as it was written. */
  readonly module: string
  /** The module as a `file:` URL. */
  readonly href: string
  readonly name: string
}

/** Reads a path, relative or not, or a `file:` URL, with the name of an export after the last `#`. */
export const referenceOf = (text: string): Reference => {
  const at = text.lastIndexOf('#')
  // A path may hold a `#` of its own.
  const isNamed = at >= 0 && (text.startsWith('file:') || !existsSync(text))
  const module = isNamed ? text.slice(0, at) : text
  const name = isNamed ? text.slice(at + 1) : ''
  const href = module.startsWith('file:') ? module : pathToFileURL(resolve(module)).href
  return { text, module, href, name: name === '' ? 'default' : name }
}

const isThere = (href: string): boolean => {
  try {
    return existsSync(fileURLToPath(href))
  } catch {
    return false
  }
}

/** An error of a module in one line. */
const because = (error: unknown, module: string): string => {
  if (!(error instanceof Error)) return String(error)
  const [message] = error.message.split('\n')
  return `${error.name}: ${message}${error instanceof SyntaxError ? `; "node ${module}" shows where` : ''}`
}

/** Imports a module, which executes it, and gives the export. */
export const importReference = async ({
  text,
  module,
  href,
  name,
}: Reference): Promise<E.Either<Invalid, unknown>> => {
  if (!isThere(href)) return E.left(invalid(module, undefined, 'a module: there is no such file'))
  try {
    const exported: unknown = await import(href)
    if (!isObject(exported)) return E.left(invalid(module, exported, 'a module'))
    const value = own(exported, name)
    const others = Object.keys(exported).join(', ') || 'nothing'
    return value === undefined
      ? E.left(invalid(text, undefined, `an export called ${name} (the module exports ${others})`))
      : E.right(value)
  } catch (error) {
    return E.left(invalid(module, undefined, `a module that can be imported (${because(error, module)})`))
  }
}
