import type { Sealed } from './card/seal.js'
import { plain } from './check/plain.js'
import type { TheoremFinding } from './verify.js'

const digits = (x: number): string => String(Number(x.toPrecision(3)))

const line = (word: string, text: string): string => `  ${`${word}:`.padEnd(10)}${text}`

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`

const found = (finding: Extract<TheoremFinding, { readonly verdict: 'refuted' }>['found']): string =>
  typeof finding === 'string'
    ? finding
    : finding.bound === 0
      ? `${finding.at}: off by ${digits(finding.observed)}, allowed ${digits(finding.slack)}`
      : `${finding.at}: ${digits(finding.observed)}, the bound is ${digits(finding.bound)}`

/**
 * A finding in words: one line, or for a statement that was refuted the statement, the problem, both sides, and how to see it again.
 *
 * @param statement - what was tried, to be quoted.
 * @param replay - the command or call that replays it.
 * @category Theorems
 * @since 0.1.0
 * @example
 * ```ts
 * import { showTheorem, verifyRule } from 'steplaw/theory'
 *
 * const [found] = verifyRule({ rule: 'polyak', c: 0.25 }, { theorem: 'P3', problems: 5 })
 * found === undefined ? '' : showTheorem(found).slice(0, 43) // => 'P3.contraction of polyak: does not apply; c'
 * ```
 */
export const showTheorem = (
  finding: TheoremFinding,
  statement?: Pick<Sealed, 'says' | 'hypotheses' | 'slack'>,
  replay?: string,
): string => {
  const head = `${finding.statement} of ${finding.subject}`
  switch (finding.verdict) {
    case 'not about a rule':
      return `${head}: not about a step rule alone`
    case 'does not apply':
      return `${head}: does not apply; ${finding.seen}, supposed is: ${plain(finding.hypothesis)}`
    case 'not refuted': {
      const { applied, runs, sharpest } = finding
      const where =
        applied === runs
          ? `${runs} problems`
          : `${applied} of ${runs} problems (on the others a hypothesis fails)`
      const sharp =
        sharpest === null ? '' : `; at most ${digits(sharpest.ratio)} of the bound (${sharpest.at})`
      return `${head}: not refuted on ${where}${sharp}; ${percent(finding.visible)} would show`
    }
    case 'refuted':
      return [
        `${head}: REFUTED by problem ${finding.runs}${finding.path === '' ? '' : ', shrunk'}`,
        ...(statement === undefined
          ? []
          : [
              line('theorem', plain(statement.says)),
              ...(statement.hypotheses.length === 0
                ? []
                : [line('where', plain(statement.hypotheses.join('; ')))]),
              line('allowed', plain(statement.slack)),
            ]),
        line('problem', JSON.stringify(finding.given)),
        line('found', found(finding.found)),
        ...(replay === undefined ? [] : [line('replay', replay)]),
      ].join('\n')
  }
}
