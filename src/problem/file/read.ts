import { constants } from 'node:buffer'
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import * as E from 'fp-ts/lib/Either.js'
import { type Parsed, refuse } from '../data/parsed.js'

/**
 * How much a reader may take in.
 *
 * @category Data
 * @since 0.1.0
 */
export interface ReadLimits {
  /** The most bytes of a file, after decompression; default 1 GiB. */
  readonly maxBytes?: number
  /** The most bytes of a compressed file; default 256 MiB. */
  readonly maxCompressedBytes?: number
}

export const MAX_BYTES = 1073741824
export const MAX_COMPRESSED_BYTES = 268435456

const codeOf = (e: unknown): string =>
  e instanceof Error && 'code' in e && typeof e.code === 'string' ? e.code : ''

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is none'],
  ['ENOTDIR', 'there is none'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'permission denied'],
  ['ERR_INVALID_ARG_VALUE', 'no file can have that name'],
])

/** Runs an action of `node:fs`, whose failures are those of the world outside. */
const attempt = <T>(action: () => T, field: string, file: string): Parsed<T> => {
  try {
    return E.right(action())
  } catch (e) {
    const code = codeOf(e)
    return refuse(field, file, `a file that can be read (${REASONS.get(code) ?? (code || String(e))})`)
  }
}

const readRegular = (path: string, field: string, file: string, maxBytes: number): Parsed<Uint8Array> => {
  const opened = attempt(() => openSync(path, 'r'), field, file)
  if (E.isLeft(opened)) return opened
  try {
    const status = fstatSync(opened.right)
    if (!status.isFile()) return refuse(field, file, 'a regular file')
    if (status.size > maxBytes) {
      return refuse(field, `${file}, ${status.size} bytes`, `a file of at most ${maxBytes} bytes`)
    }
    return attempt(() => readFileSync(opened.right), field, file)
  } finally {
    closeSync(opened.right)
  }
}

const gunzip = (bytes: Uint8Array, field: string, file: string, maxBytes: number): Parsed<Uint8Array> => {
  try {
    return E.right(gunzipSync(bytes, { maxOutputLength: maxBytes }))
  } catch (e) {
    const code = codeOf(e)
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      return refuse(field, file, `at most ${maxBytes} bytes after decompression`)
    }
    return code === 'Z_BUF_ERROR'
      ? refuse(field, file, 'a whole gzip file: it is cut off')
      : refuse(field, file, `a gzip file (${e instanceof Error ? e.message : String(e)})`)
  }
}

/**
 * The bytes of a file, decompressed when its name ends in `.gz`.
 *
 * @param path where the file is
 * @param field the name of the field that holds the path, for errors
 * @param file the path as it was written, for errors
 */
export const readBytes = (
  path: string,
  field: string,
  file: string,
  { maxBytes = MAX_BYTES, maxCompressedBytes = MAX_COMPRESSED_BYTES }: ReadLimits = {},
): Parsed<Uint8Array> => {
  const compressed = path.endsWith('.gz')
  const bytes = readRegular(path, field, file, compressed ? maxCompressedBytes : maxBytes)
  return E.isRight(bytes) && compressed ? gunzip(bytes.right, field, file, maxBytes) : bytes
}

/** The text of a file in UTF-8, decompressed when its name ends in `.gz`. */
export const readText = (
  path: string,
  field: string,
  file: string,
  limits: ReadLimits = {},
): Parsed<string> => {
  const bytes = readBytes(path, field, file, limits)
  if (E.isLeft(bytes)) return bytes
  if (bytes.right.length > constants.MAX_STRING_LENGTH) {
    const most = `at most ${constants.MAX_STRING_LENGTH} bytes of text`
    return refuse(field, `${file}, ${bytes.right.length} bytes`, most)
  }
  try {
    return E.right(new TextDecoder('utf-8', { fatal: true }).decode(bytes.right))
  } catch {
    return refuse(field, file, 'a text in UTF-8')
  }
}
