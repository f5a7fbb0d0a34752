/** What the standard has on disk: case files, clauses. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { conform, type Implementation, showInvalid } from 'steplaw/spec'

export const root = join(import.meta.dirname, '../..')
export const vectors = join(root, 'spec/vector')
const prose = join(root, 'spec/prose')

/** A case as far as every kind has it. */
export interface Case {
  readonly id: string
  readonly clause: string
  readonly kind: string
  readonly rule: unknown
  readonly direction?: { readonly direction: string }
  readonly wrapper?: { readonly wrapper: string }
  readonly objective?: { readonly objective: string }
  readonly problem?: { readonly problem: string }
  readonly estimator?: { readonly estimator: string }
  readonly method?: { readonly method: string }
  readonly expect: { readonly [output: string]: unknown }
}

/** A case file with its name, as it was parsed. */
export interface CaseFile {
  readonly name: string
  readonly content: { readonly format: string; readonly cases: ReadonlyArray<Case> }
}

const readFiles = (): ReadonlyArray<CaseFile> =>
  readdirSync(vectors)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ name, content: JSON.parse(readFileSync(join(vectors, name), 'utf8')) }))

let files: ReadonlyArray<CaseFile> | undefined

/** The case files of the standard. */
export const caseFiles = (): ReadonlyArray<CaseFile> => {
  files ??= readFiles()
  return files
}

/** A numbered clause of the prose. */
export interface Clause {
  readonly id: string
  readonly number: string
  readonly file: string
  readonly text: string
  /** What its "Tested by" names: ids of cases, with `*` for anything, and files of tests. */
  readonly testedBy: ReadonlyArray<string>
}

/** A clause is a paragraph that begins with its anchor; it ends where the next one, or a heading, begins. */
const clausesOf = (file: string): ReadonlyArray<Clause> =>
  readFileSync(join(prose, file), 'utf8')
    .split(/^(?=<a id=|#)/m)
    .filter((part) => part.startsWith('<a id='))
    .map((part) => {
      const [, anchor = '', number = '', id = ''] =
        /^<a id="([\w.]+)"><\/a>\*\*(R-\d+\.\d+)\*\* \[([\w.]+)\] /.exec(part) ?? []
      const [text = '', tests = ''] = part.split('*Tested by*')
      return {
        id: anchor === id ? id : `${anchor} or ${id}`,
        number,
        file,
        text,
        testedBy: [...(tests.split(/\.\s/)[0]?.matchAll(/`([^`]+)`/g) ?? [])].map(([, name = '']) => name),
      }
    })

/** The pages of the prose. */
export const pages = (): ReadonlyArray<string> => readdirSync(prose).filter((file) => file.endsWith('.md'))

/** Every clause of the prose. */
export const clauses = (): ReadonlyArray<Clause> => pages().flatMap(clausesOf)

/** Whether the name of a case is meant by a pattern of the prose. */
export const matches = (pattern: string, id: string): boolean =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.\\/]/g, '\\$&'))
      .join('.*')}$`,
  ).test(id)

/** The cases of all files that an implementation fails, with the reasons; of one kind, or of one clause too, if they are named. */
export const failures = (
  implementation: Implementation,
  only?: string,
  of?: string,
): ReadonlyArray<{ readonly id: string; readonly clause: string; readonly message: string }> => {
  const clauseOf = new Map(caseFiles().flatMap(({ content }) => content.cases.map((c) => [c.id, c.clause])))
  return caseFiles().flatMap(({ name, content }) => {
    const cases = of === undefined ? content.cases : content.cases.filter(({ clause }) => clause === of)
    const results = conform(implementation, only)({ ...content, cases })
    if (results._tag === 'Left') throw new Error(`${name}: ${results.left.map(showInvalid).join('; ')}`)
    return results.right
      .filter(({ passed }) => !passed)
      .map(({ id, message }) => ({ id, clause: clauseOf.get(id) ?? '', message }))
  })
}
