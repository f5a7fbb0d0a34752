import * as kit from 'steplaw/laws'
import { describe, expect, it } from 'vitest'
import { atLeast, atMost, fewest, fits, LEVEL, most, suffices } from '../evidence.js'
import { seedOf } from '../seed.js'
import { measured, power, WITHIN } from './power.js'
import type { Count } from './powerRow.js'

/** The draws of a run of the suite. */
const DRAWS = 2000

/** The draws on which shares are measured anew: `POWER=120000`. */
const again = Number(process.env.POWER ?? 0)

const shareOf = (count: Count): number => {
  let found = 0
  for (let run = 0; run < again / DRAWS; run++) found += count(DRAWS, seedOf('fresh'))
  return found / again
}

const all = measured.flatMap(({ row, count, countDouble }) => [
  { of: row.generator, statement: row.statement, share: row.share, count, isDouble: false },
  ...(row.double === null || countDouble === null
    ? []
    : [
        {
          of: 'fc.double()',
          statement: row.statement,
          share: row.double,
          count: countDouble,
          isDouble: true,
        },
      ]),
])

const named = (rows: typeof all): ReadonlyArray<readonly [string, (typeof all)[number]]> =>
  rows.map((row) => [`${row.of}: ${row.statement}`, row])

if (again > 0)
  describe('measured anew', () => {
    it.each(named(all))('%s', { timeout: 3_600_000 }, (_, { of, statement, share, count }) => {
      console.log(`${shareOf(count).toFixed(3)} (${share.toFixed(3)}) ${of}: ${statement}`)
    })
  })
else {
  describe('the shares are those of the table', () => {
    it.each(named(all))('%s', (_, { share, count, isDouble }) => {
      const found = count(DRAWS)
      if (share === 0 && !isDouble) expect(found).toBe(0)
      else expect(fits(found, DRAWS, share - WITHIN, share + WITHIN)).toBe(true)
    })
  })

  describe('a run of the suite finds every fault of the table', () => {
    it.each(named(all.filter(({ share, isDouble }) => share > 0 && !isDouble)))('%s', (_, { share }) => {
      expect(suffices(DRAWS, share - WITHIN)).toBe(true)
    })
  })
}

describe('the table', () => {
  it('has a row for every published generator', () => {
    const published = Object.keys(kit).filter((name) =>
      /^(dyadic|oneBinade|illScaled)$|Arbitrary$/.test(name),
    )
    const rows = power.map(({ generator }) => generator.replace(/^\[?(\w+).*/, '$1'))
    expect([...new Set(rows), 'givenArbitrary'].sort()).toEqual(published.sort())
  })

  it('is plain data', () => {
    expect(JSON.parse(JSON.stringify(power))).toEqual(power)
  })

  it('would not pass with a share that is 0.16 off, were it a half', () => {
    const [low, high] = [fewest(DRAWS, 0.5 - WITHIN, LEVEL / 2), most(DRAWS, 0.5 + WITHIN, LEVEL / 2)]
    expect(atLeast(low, DRAWS, 0.34)).toBeLessThan(LEVEL)
    expect(atMost(high, DRAWS, 0.66)).toBeLessThan(LEVEL)
  })
})
