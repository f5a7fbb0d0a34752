import { allLaws } from '../../../spec/law/catalogue.js'
import { notEveryRule } from '../../../spec/law/claims.js'
import type { Judgement } from '../../../spec/law/judge.js'
import type { Law } from '../../../spec/law/law.js'
import { plain } from '../../theory/check/plain.js'
import { showFinding } from '../../theory/check/show.js'
import type { Found } from './examine.js'

type Refuted = Extract<Judgement, { readonly verdict: 'refuted' }>

/** How many laws met which end. */
export interface Counts {
  readonly notRefuted: number
  readonly refuted: number
  readonly notClaimed: number
  readonly notTried: number
}

export const countsOf = (found: ReadonlyArray<Found>): Counts => {
  const count = (verdict: Found['verdict']): number => found.filter((one) => one.verdict === verdict).length
  return {
    notRefuted: count('not refuted'),
    refuted: count('refuted'),
    notClaimed: count('not claimed'),
    notTried: count('not tried'),
  }
}

const lawOf = (id: string): Law | undefined => allLaws.find((law) => law.id === id)

/** Names in lines of a width, indented. */
const listed = (names: ReadonlyArray<string>, width: number): string => {
  const lines: Array<string> = []
  let line = ' '
  for (const [i, name] of names.entries()) {
    const word = i < names.length - 1 ? `${name},` : name
    if (line.length + 1 + word.length > width && line !== ' ') {
      lines.push(line)
      line = ' '
    }
    line += ` ${word}`
  }
  return [...lines, line].join('\n')
}

const section = (heading: string, lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.length === 0 ? [] : [[heading, ...lines].join('\n')]

const notRefuted = (found: ReadonlyArray<Found>, verbose: boolean, width: number): ReadonlyArray<string> => {
  const all = found.flatMap((one) => (one.verdict === 'not refuted' ? [one] : []))
  if (verbose) {
    const lines = all.map((one) => `  ${showFinding(one)}: ${plain(lawOf(one.law)?.statement ?? '')}`)
    return section('not refuted', lines)
  }
  const ids = all.map(({ law, runs, interrupted }) => (interrupted ? `${law} (${runs} cases)` : law))
  return section('not refuted', ids.length === 0 ? [] : [listed(ids, width)])
}

const notClaimed = (found: ReadonlyArray<Found>): ReadonlyArray<string> => {
  const ids = found.flatMap((one) => (one.verdict === 'not claimed' ? [one.law] : []))
  return section(
    'not claimed',
    Object.entries(notEveryRule).flatMap(([claim, reason]) => {
      const laws = ids.filter((id) => lawOf(id)?.of === claim).length
      const name = laws > 1 ? `${claim}, ${laws} laws` : claim
      return laws === 0 ? [] : [`  ${name.padEnd(22)}${reason}`]
    }),
  )
}

const notTried = (found: ReadonlyArray<Found>, width: number): ReadonlyArray<string> => {
  const all = found.flatMap((one) => (one.verdict === 'not tried' ? [one] : []))
  const [first] = all
  return first === undefined
    ? []
    : section(`not tried: ${first.reason}`, [
        listed(
          all.map(({ law }) => law),
          width,
        ),
      ])
}

const isOfMachines = ({ law }: Refuted): boolean => law.startsWith('machine.')

/**
 * The refuted laws, those first that say most: of machines, then of claims. A rule that is no machine breaks equations too,
 * and one that throws breaks every law with the same words: there it is enough to name them.
 */
const refuted = (
  found: ReadonlyArray<Found>,
  verbose: boolean,
  width: number,
  replay: (found: Refuted) => string,
): ReadonlyArray<string> => {
  const all = found.flatMap((one) => (one.verdict === 'refuted' ? [one] : []))
  const ofClaims = (one: Refuted): boolean => !isOfMachines(one) && lawOf(one.law)?.of !== 'rule'
  const others = (one: Refuted): boolean => !isOfMachines(one) && !ofClaims(one)
  const ordered = [isOfMachines, ofClaims, others].flatMap((group) => all.filter(group))
  const isFollowUp = (one: Refuted, i: number): boolean =>
    !verbose &&
    ((others(one) && all.some(isOfMachines)) ||
      ordered
        .slice(0, i)
        .some(({ violation }) => typeof violation === 'string' && violation === one.violation))
  const followUps = ordered.filter(isFollowUp).map(({ law }) => law)
  return [
    ...ordered
      .filter((one, i) => !isFollowUp(one, i))
      .map((one) => showFinding(one, lawOf(one.law), replay(one))),
    ...section(
      'refuted too, perhaps for the same reason (--verbose shows each)',
      followUps.length === 0 ? [] : [listed(followUps, width)],
    ),
  ]
}

/** What there was to find, for a terminal. */
export interface Account {
  readonly found: ReadonlyArray<Found>
  readonly seed: number
  readonly runs: number
  readonly path: string | undefined
  readonly verbose: boolean
  readonly width: number
  readonly replay: (found: Refuted) => string
}

const lastLine = ({ found, seed, runs, path }: Account): string => {
  const counts = countsOf(found)
  const early = found.some((one) => one.verdict === 'not refuted' && one.interrupted)
  const tried =
    path === undefined ? `${early ? 'up to ' : ''}${runs} cases each` : `the case at ${path} alone`
  const parts = [
    `${counts.notRefuted} not refuted`,
    `${counts.refuted} refuted`,
    ...(counts.notTried === 0 ? [] : [`${counts.notTried} not tried`]),
    `${counts.notClaimed} not claimed`,
  ]
  return `${parts.join(', ')} (seed ${seed}, ${tried})`
}

/** The account: what is not refuted, what was not tried and why, and last, above the counts, what was refuted. */
export const account = (given: Account): string => {
  const { found, verbose, width, replay } = given
  return [
    ...notRefuted(found, verbose, width),
    ...notClaimed(found),
    ...notTried(found, width),
    ...refuted(found, verbose, width, replay),
    lastLine(given),
  ].join('\n\n')
}
