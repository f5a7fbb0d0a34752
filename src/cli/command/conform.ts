import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import {
  type CaseResult,
  conform as conformTo,
  type Implementation,
} from '../../../spec/conformance/conform.js'
import { type Invalid, invalid, showInvalid } from '../../../spec/vocabulary/invalid.js'
import { bilevelImplementation } from '../../bilevel/standard/implementation.js'
import { implementation } from '../../optimizer/implementation.js'
import { replicaImplementation } from '../../replica/implementation.js'
import { type ExitCode, err, out } from './exit.js'

export interface ConformOptions {
  readonly paths: ReadonlyArray<string>
  readonly only: string | undefined
  readonly json: boolean
}

/** What this library implements of the standard, each part by its room. */
const library: Implementation = { ...implementation, ...replicaImplementation, ...bilevelImplementation }

const because = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** The case files a path stands for: itself, or the `.json` files of a folder. */
const filesAt = (path: string): E.Either<Invalid, ReadonlyArray<string>> => {
  try {
    if (!statSync(path).isDirectory()) return E.right([path])
    const files = readdirSync(path)
      .filter((file) => file.endsWith('.json'))
      .sort()
    return files.length === 0
      ? E.left(invalid(path, undefined, 'a folder with .json files in it'))
      : E.right(files.map((file) => join(path, file)))
  } catch (error) {
    return E.left(invalid(path, undefined, `a file or folder that can be read (${because(error)})`))
  }
}

const resultsOf = (
  file: string,
  only: string | undefined,
): E.Either<ReadonlyArray<Invalid>, ReadonlyArray<CaseResult>> => {
  let cases: unknown
  try {
    cases = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    return E.left([invalid(file, undefined, `a case file in JSON (${because(error)})`)])
  }
  const results = conformTo(library, only)(cases)
  return E.isLeft(results)
    ? E.left(results.left.map((e) => ({ ...e, field: `${file}: ${e.field}` })))
    : results
}

/** `steplaw conform`: puts golden vectors to this library, one line per failing case. */
export const conform = ({ paths, only, json }: ConformOptions): ExitCode => {
  let passed = 0
  let failed = 0
  const unreadable = (e: Invalid): void => {
    failed++
    err(`error: ${showInvalid(e)}`)
  }
  for (const path of paths) {
    const files = filesAt(path)
    if (E.isLeft(files)) {
      unreadable(files.left)
      continue
    }
    for (const file of files.right) {
      const results = resultsOf(file, only)
      if (E.isLeft(results)) {
        for (const e of results.left) unreadable(e)
        continue
      }
      for (const result of results.right) {
        if (result.passed) passed++
        else failed++
        if (json) out(JSON.stringify(result))
        else if (!result.passed) out(`${result.id}: ${result.message}`)
      }
    }
  }
  out(json ? JSON.stringify({ passed, failed }) : `${passed} passed, ${failed} failed`)
  return failed === 0 && passed > 0 ? 0 : 1
}
