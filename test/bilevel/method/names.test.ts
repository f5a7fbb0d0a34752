/** What has a name of its own gives what the standard expects of the expression that it stands for. */
import { constant, power } from 'steplaw'
import {
  type BilevelMethod,
  type BilevelState,
  bsa,
  darts,
  dartsFirst,
  f2ba,
  givenDraws,
  minimiseBilevel,
  ttsa,
} from 'steplaw/bilevel'
import { compareOutputs } from 'steplaw/spec'
import { expect, test } from 'vitest'
import { caseCodecs } from '../../../spec/conformance/case.js'
import { bilevelProblemOf } from '../../../src/bilevel/problem/compile.js'
import { caseFiles } from '../../spec/read.js'

const given = (id: string) => {
  const found = caseFiles()
    .flatMap(({ content }) => content.cases)
    .find((it) => it.id === id)
  const read = caseCodecs.bilevel.decode(found)
  if (read._tag === 'Left') throw new Error(`no case ${id}`)
  return read.right
}

/** Where the method differs from the case in the points of $x$, if anywhere. */
const differs = <S extends BilevelState, T>(id: string, method: BilevelMethod<S, T>) => {
  const { problem, start, iterations, draws = {}, expect: expected, tolerance } = given(id)
  const { x, records } = minimiseBilevel(bilevelProblemOf(problem), {
    method,
    start: { x: Float64Array.from(start.x), y: Float64Array.from(start.y ?? []) },
    iterations,
    draws: givenDraws(draws),
  })
  const points = [...records.map((record) => record.x), x].map((point) => [...point])
  return compareOutputs({ x: expected.x ?? null }, { x: points }, tolerance)
}

test.each([
  [
    'bsa',
    () => {
      const inner = { steps: 1, rule: power({ initial: 0.1, exponent: 0.5 }) }
      const outer = { rule: power({ initial: 0.2, exponent: 0.5 }) }
      return differs('bilevel/bsa', bsa({ terms: 4, step: 0.15, inner, outer }))
    },
  ],
  [
    'ttsa',
    () => {
      const inner = { steps: 1, rule: power({ initial: 0.2, exponent: 0.4 }) }
      const outer = { rule: power({ initial: 0.1, exponent: 0.6 }) }
      return differs('bilevel/ttsa', ttsa({ terms: 4, step: 0.1, inner, outer }))
    },
  ],
  [
    'dartsFirst',
    () => differs('bilevel/darts-first', dartsFirst({ inner: { steps: 1, rule: constant(0.125) } })),
  ],
  ['darts', () => differs('bilevel/darts', darts({ step: 0.1 }))],
  ['f2ba', () => differs('bilevel/f2ba', f2ba({ steps: 3, lambda: 4, lowerStep: 0.2, upperStep: 0.08 }))],
] as const)('%s', (_, difference) => expect(difference()).toBeNull())

test('another step is another method', () =>
  expect(
    differs('bilevel/darts', darts({ step: 0.11, inner: { steps: 1, rule: constant(0.1) } })),
  ).not.toBeNull())
