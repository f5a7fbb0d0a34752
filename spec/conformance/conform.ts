import * as E from 'fp-ts/lib/Either.js'
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js'
import { decodeWith, type Invalid, showInvalid } from '../vocabulary/invalid.js'
import { type Cases, caseCodecs, caseFile, type Kind } from './case.js'
import { compareOutputs, type Deviation, type Outputs } from './compare.js'

/**
 * Whoever is under test: one function per kind of case it supports. A function may throw; its case has failed then.
 *
 * @category Standard
 * @since 0.1.0
 */
export type Implementation = { readonly [K in Kind]?: (given: Cases[K]) => Outputs }

/**
 * What became of one case.
 *
 * @category Standard
 * @since 0.1.0
 */
export interface CaseResult {
  readonly id: string
  readonly kind: string
  readonly passed: boolean
  /** Why it failed, in one line; empty where it passed. */
  readonly message: string
  readonly deviation: Deviation | null
}

const deviates = (d: Deviation): string => {
  const [first, ...rest] = d.path
  const place = [d.output, ...(typeof first === 'string' ? [first] : []), ...rest.map(String)].join('.')
  const when = d.iteration === null ? '' : ` at iteration ${d.iteration}`
  return `${place}${when}: expected ${JSON.stringify(d.expected) ?? 'nothing'}, got ${JSON.stringify(d.actual) ?? 'nothing'}`
}

const isKind = (kind: string): kind is Kind => Object.hasOwn(caseCodecs, kind)

const answer = <K extends Kind>(
  kind: K,
  implementation: Implementation,
  raw: unknown,
): E.Either<string, { readonly given: Cases[K]; readonly outputs: Outputs }> => {
  const run: ((given: Cases[K]) => Outputs) | undefined = implementation[kind]
  if (run === undefined) return E.left(`the kind ${kind} is not supported`)
  const given = decodeWith(caseCodecs[kind])(raw)
  if (E.isLeft(given)) return E.left(given.left.map(showInvalid).join('; '))
  try {
    return E.right({ given: given.right, outputs: run(given.right) })
  } catch (error) {
    return E.left(error instanceof Error ? `${error.name}: ${error.message}` : String(error))
  }
}

const judge = (
  implementation: Implementation,
  head: { readonly id: string; readonly kind: string },
): CaseResult => {
  const failed = (message: string, deviation: Deviation | null = null): CaseResult => ({
    id: head.id,
    kind: head.kind,
    passed: false,
    message,
    deviation,
  })
  if (!isKind(head.kind)) return failed(`the kind ${head.kind} is not supported`)
  const answered = answer(head.kind, implementation, head)
  if (E.isLeft(answered)) return failed(answered.left)
  const { given, outputs } = answered.right
  const deviation = compareOutputs(given.expect, outputs, given.tolerance)
  return deviation === null
    ? { id: head.id, kind: head.kind, passed: true, message: '', deviation }
    : failed(deviates(deviation), deviation)
}

/**
 * Puts the cases of a file to an implementation (the standard, chapter Case files). A case of a kind or expression that it does
 * not support counts as failed.
 *
 * @param only - the one kind to take; all by default.
 * @returns one result per case, or what is wrong with the file.
 * @category Standard
 * @since 0.1.0
 * @example
 * ```ts
 * import { conform } from 'steplaw/spec'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const file = {
 *   format: 'steplaw-vectors/1',
 *   cases: [
 *     {
 *       id: 'decode/example',
 *       clause: 'rule.validity',
 *       kind: 'decode',
 *       rule: { rule: 'magic' },
 *       expect: { valid: false },
 *       tolerance: { relative: 0, absolute: 0 },
 *       provenance: 'definition',
 *     },
 *   ],
 * }
 * const credulous = { decode: () => ({ valid: true }) }
 * const results = conform(credulous)(file)
 * E.isRight(results) ? results.right.map((r) => r.message) : [] // => ['valid: expected false, got true']
 * ```
 */
export const conform =
  (implementation: Implementation, only?: string) =>
  (file: unknown): E.Either<NonEmptyArray<Invalid>, ReadonlyArray<CaseResult>> =>
    E.map(({ cases }: { readonly cases: ReadonlyArray<{ readonly id: string; readonly kind: string }> }) =>
      cases
        .filter(({ kind }) => only === undefined || kind === only)
        .map((head) => judge(implementation, head)),
    )(decodeWith(caseFile)(file))
