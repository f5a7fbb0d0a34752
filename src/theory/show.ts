import type { Law } from '../../spec/law/law.js'
import type { Finding } from './check.js'

const line = (word: string, text: string): string => `  ${`${word}:`.padEnd(9)}${text}`

/**
 * A finding in words: one line, or for a law that was refuted the case, both sides, and how to see it again.
 *
 * @param replay - the command or call that replays it from its seed and path.
 * @category Laws
 * @since 0.1.0
 * @example
 * ```ts
 * import { showFinding } from 'steplaw/laws'
 *
 * showFinding({ law: 'total', verdict: 'not claimed', reason: 'a search may fail' }) // => 'total: not claimed (a search may fail)'
 * ```
 */
export const showFinding = (
  finding: Finding,
  law?: Pick<Law, 'statement' | 'hypotheses' | 'slack'>,
  replay?: string,
): string => {
  switch (finding.verdict) {
    case 'not claimed':
      return `${finding.law}: not claimed (${finding.reason})`
    case 'not refuted':
      return `${finding.law}: not refuted in ${finding.runs} cases`
    case 'refuted': {
      const { violation } = finding
      return [
        `${finding.law}: REFUTED by case ${finding.runs}, shrunk`,
        ...(law === undefined ? [] : [line('law', law.statement)]),
        ...(law === undefined || law.hypotheses === '' ? [] : [line('where', law.hypotheses)]),
        line('case', JSON.stringify(finding.given)),
        ...(typeof violation === 'string'
          ? [line('found', violation)]
          : [
              line('found', JSON.stringify(violation.left)),
              line('law says', JSON.stringify(violation.right)),
            ]),
        ...(replay === undefined ? [] : [line('replay', replay)]),
      ].join('\n')
    }
  }
}
