/** The laws of test/law on fewer cases and without their mutants: a survivor is put to every test, and there are many. */
import { ruleKit } from 'steplaw'
import { judge, laws } from 'steplaw/laws'
import { describe, expect, test } from 'vitest'

describe('a law holds', () => {
  test.each(laws.map((law) => [law.id, law] as const))('%s', (_, law) =>
    expect(judge(ruleKit, law, { runs: 60 })).toMatchObject({ verdict: 'not refuted' }),
  )
})
