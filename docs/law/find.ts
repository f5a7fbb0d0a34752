/** What the pages show of a law: cases as they are drawn, and a case that a faulty library fails. */
import * as E from 'fp-ts/lib/Either.js'
import { type Rule, ruleKit } from 'steplaw'
import { type Judgement, judge, type Law, mutants, type RuleKit } from 'steplaw/laws'
import { type Json, printRule, ruleExpr } from 'steplaw/spec'
import { runs } from '../../test/law/matrix.js'
import { type Faulty, faulty } from '../../test/law/mutants.js'
import { inline } from './markdown.js'

/** A law refuted, and by which faulty library. */
export interface Refutation {
  readonly mutant: Faulty
  readonly found: Extract<Judgement, { readonly verdict: 'refuted' }>
}

/** A faulty library as new: some of them remember what they were asked. */
const fresh = ({ id, kit }: Faulty): RuleKit<Rule> =>
  mutants.find((mutant) => mutant.id === id)?.mutate(ruleKit) ?? kit

/** The faulty libraries that a law must find out. */
export const mutantsOf = (law: Law): ReadonlyArray<Faulty> =>
  faulty.filter(({ id }) => law.mutants.includes(id))

/** Seeds from 1 that are tried for a short case. */
const SEEDS = 8

/** What counts as short: it stays on a page without scrolling. */
const SHORT = 260

const length = ({ found }: Refutation): number =>
  inline(found.given).length + inline(found.violation as Json).length

/** Both sides are there, and one sees that they differ. */
const speaks = ({ found: { violation } }: Refutation): boolean =>
  typeof violation !== 'string' && inline(violation.left) !== inline(violation.right)

/**
 * A case that refutes a law for one of its mutants, shrunk: the shortest that the first seed finds, or if that is long, one of
 * the next seeds.
 */
export const refutation = (law: Law): Refutation => {
  let best: Refutation | undefined
  for (let seed = 1; seed <= SEEDS; seed++) {
    for (const mutant of mutantsOf(law)) {
      const found = judge(fresh(mutant), law, { seed, runs })
      if (found.verdict !== 'refuted') continue
      const here = { mutant, found }
      const better =
        best === undefined ||
        (speaks(here) && !speaks(best)) ||
        (speaks(here) === speaks(best) && length(here) < length(best))
      if (better) best = here
    }
    if (best !== undefined && length(best) <= SHORT) break
  }
  if (best === undefined) throw new Error(`no mutant of ${law.id} was found in ${SEEDS} times ${runs} cases`)
  return best
}

const DRAWN = 60
const SHOWN = 3
const ROOM = 88

const written = (part: Json): string => {
  const expr = ruleExpr.decode(part)
  return E.isRight(expr) ? printRule(expr.right) : inline(part)
}

/** The first few that are not too long to be shown, or else the shortest. */
const some = (all: ReadonlyArray<string>): ReadonlyArray<string> => {
  const short = all.filter((text) => text.length <= ROOM)
  return short.length > 1
    ? short.slice(0, SHOWN)
    : [...all].sort((a, b) => a.length - b.length).slice(0, SHOWN - 1)
}

/** Some of what is drawn for each part that a law looks at. */
export const drawn = (law: Law): ReadonlyMap<string, ReadonlyArray<string>> => {
  const cases: Array<{ readonly [part: string]: Json }> = []
  judge(ruleKit, law, {
    seed: 1,
    runs: DRAWN,
    onCase: (given) => cases.push(given as { readonly [part: string]: Json }),
  })
  return new Map(
    law.varies.map((part) => {
      const all = cases.map((given) => given[part] ?? null).flatMap((x) => (Array.isArray(x) ? x : [x]))
      return [part, some([...new Set(all.map((x) => written(x as Json)))])]
    }),
  )
}
