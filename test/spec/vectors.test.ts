/** The golden vectors: the library agrees with them, and they cover the standard. */
import { implementation } from 'steplaw'
import { bilevelImplementation } from 'steplaw/bilevel'
import { replicaImplementation } from 'steplaw/replica'
import {
  directionTags,
  draftBilevelMethodTags,
  draftDirectionTags,
  draftEstimatorTags,
  draftRuleTags,
  draftWrapperTags,
  foldNode,
  ruleExpr,
  ruleTags,
  wrapperTags,
} from 'steplaw/spec'
import { describe, expect, test } from 'vitest'
import { caseFiles, clauses, failures } from './read.js'

const files = caseFiles()
const cases = files.flatMap(({ content }) => content.cases)

test('the library agrees with every case', () => {
  expect(cases.length).toBeGreaterThan(300)
  expect(failures({ ...implementation, ...replicaImplementation, ...bilevelImplementation })).toEqual([])
})

describe('the cases', () => {
  test('have an id each, of which the kind is the first half', () => {
    const ids = cases.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(cases.filter(({ id, kind }) => !id.startsWith(`${kind}/`))).toEqual([])
  })

  test('cite clauses that are there', () => {
    const known = new Set(clauses().map(({ id }) => id))
    expect(cases.filter(({ clause }) => !known.has(clause))).toEqual([])
  })

  const tagsOf = foldNode<ReadonlyArray<string>>((tag, operands) => [tag, ...operands.flat()])
  const tagsIn = (kind: string): ReadonlySet<string> =>
    new Set(
      cases
        .filter((it) => it.kind === kind)
        .flatMap(({ rule }) => {
          const decoded = ruleExpr.decode(rule)
          return decoded._tag === 'Right' ? tagsOf(decoded.right) : []
        }),
    )

  test.each(['decode', 'rule', 'descent'])('of kind %s use every tag', (kind) =>
    expect(ruleTags.filter((tag) => !tagsIn(kind).has(tag))).toEqual([]),
  )

  test('use every direction with a constant step, a search and a Polyak step', () => {
    const used = new Set(
      cases.flatMap(({ direction, rule }) => {
        const decoded = ruleExpr.decode(rule)
        const tags = decoded._tag === 'Right' ? tagsOf(decoded.right) : []
        return tags.map((tag) => `${direction?.direction ?? 'steepest'} ${tag}`)
      }),
    )
    const wanted = directionTags.flatMap((d) => ['constant', 'armijo', 'polyak'].map((r) => `${d} ${r}`))
    expect(wanted.filter((pair) => !used.has(pair))).toEqual([])
  })

  test('use every wrapper; drafts cite drafts, from a file of their own', () => {
    const used = new Set(cases.flatMap(({ wrapper }) => (wrapper === undefined ? [] : [wrapper.wrapper])))
    expect(wrapperTags.filter((tag) => !used.has(tag))).toEqual([])
    const drafts = [
      ...draftWrapperTags,
      ...draftRuleTags,
      ...draftDirectionTags,
      ...draftBilevelMethodTags,
      ...draftEstimatorTags,
    ].join('|')
    const written = new RegExp(`"(?:wrapper|rule|direction|method|estimator)":"(?:${drafts})"`)
    // What a tag of version 1 has as a draft.
    const grown = /"(?:bilevelDescent|soba|f2sa|ufom|adaptiveUfom)".*"[xy]Box"|"adaptive":\{/
    for (const { name, content } of files)
      for (const it of content.cases) {
        const { id, clause, kind, rule, direction, wrapper, method, estimator } = it
        const text = JSON.stringify({ rule, direction, wrapper, method, estimator })
        const draft = written.test(text) || grown.test(text)
        expect([id, clause.startsWith('draft.')]).toEqual([id, draft])
        expect([id, kind === 'decode' || name.includes('draft') === draft]).toEqual([id, true])
      }
  })

  test('use every objective', () => {
    const used = new Set(
      cases.flatMap(({ objective }) => (objective === undefined ? [] : [objective.objective])),
    )
    expect([...used].sort()).toEqual(['leastSquares', 'logistic', 'quadratic', 'softmax'])
  })
})
