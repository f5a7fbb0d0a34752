import type { Law } from '../../../spec/law/law.js'
import type { Json } from '../../../spec/vocabulary/json.js'
import type { Finding } from './check.js'
import { plain } from './plain.js'

const line = (word: string, text: string): string => `  ${`${word}:`.padEnd(10)}${text}`

/** A side as data, or in its own words. A null among steps needs a word. */
const side = (found: Json): string => {
  if (typeof found === 'string') return found
  const fails = found === null || (Array.isArray(found) && found.includes(null))
  return `${JSON.stringify(found)}${fails ? '  (null: no step)' : ''}`
}

/**
 * A finding in words: one line, or for a law that was refuted the law, the case, both sides, and how to see it again.
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
  law?: Pick<Law, 'statement' | 'hypotheses' | 'slack' | 'why'>,
  replay?: string,
): string => {
  switch (finding.verdict) {
    case 'not claimed':
      return `${finding.law}: not claimed (${finding.reason})`
    case 'not refuted':
      return `${finding.law}: not refuted in ${finding.runs} cases${finding.interrupted ? ', the time being up' : ''}`
    case 'refuted': {
      const { violation } = finding
      const about = (word: string, text: string): ReadonlyArray<string> =>
        text === '' ? [] : [line(word, plain(text))]
      return [
        `${finding.law}: REFUTED by case ${finding.runs}${finding.path === '' ? '' : ', shrunk'}`,
        ...(law === undefined
          ? []
          : [
              ...about('law', law.statement),
              ...about('where', law.hypotheses),
              ...about('allowed', law.slack),
              ...about('why', law.why),
            ]),
        line('case', JSON.stringify(finding.given)),
        ...(typeof violation === 'string'
          ? [line('found', violation)]
          : [line('found', side(violation.left)), line('law says', side(violation.right))]),
        ...(replay === undefined ? [] : [line('replay', replay)]),
      ].join('\n')
    }
  }
}
