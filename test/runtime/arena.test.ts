import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Arena } from '../../src/runtime/arena.js'
import { ALIGNMENT, place, type Wanted } from '../../src/runtime/plan/memory.js'

const wanted: fc.Arbitrary<ReadonlyArray<Wanted>> = fc.array(
  fc
    .record({ bytes: fc.nat(500), from: fc.nat(12), length: fc.nat(6) })
    .map(({ bytes, from, length }) => ({ bytes, from, to: from + length })),
)

describe('the memory of a plan', () => {
  it('gives no two pieces that are wanted at one time the same place', () => {
    fc.assert(
      fc.property(wanted, (all) => {
        const { offsets, bytes } = place(all)
        return all.every((a, i) => {
          const at = offsets[i] ?? 0
          const apart = all.every((b, j) => {
            const other = offsets[j] ?? 0
            const together = a.from <= b.to && b.from <= a.to && a.bytes > 0 && b.bytes > 0
            return i === j || !together || at + a.bytes <= other || other + b.bytes <= at
          })
          return apart && at % ALIGNMENT === 0 && at + a.bytes <= bytes
        })
      }),
    )
  })

  it('is no larger than what is wanted at the busiest time, where all pieces are of one size', () => {
    fc.assert(
      fc.property(wanted, (all) => {
        const same = all.map((w) => ({ ...w, bytes: ALIGNMENT }))
        const busiest = Math.max(
          0,
          ...Array.from({ length: 20 }, (_, t) => same.filter((w) => w.from <= t && t <= w.to).length),
        )
        return place(same).bytes === busiest * ALIGNMENT
      }),
    )
  })
})

describe('the arena', () => {
  it('gives out pieces that do not overlap, whatever was given back before, and does not grow for it', () => {
    const step = fc.record({ give: fc.boolean(), bytes: fc.integer({ min: 1, max: 1000 }) })
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const arena = new Arena({ shared: false })
        const held: Array<{ readonly at: number; readonly bytes: number }> = []
        for (const { give, bytes } of steps) {
          const gone = give ? held.shift() : undefined
          if (gone !== undefined) arena.give(gone.at, gone.bytes)
          else held.push({ at: arena.take(bytes), bytes })
        }
        return held.every((a, i) =>
          held.every((b, j) => i === j || a.at + a.bytes <= b.at || b.at + b.bytes <= a.at),
        )
      }),
    )
    const arena = new Arena({ shared: false })
    for (let i = 0; i < 10_000; i += 1) arena.give(arena.take(60_000), 60_000)
    expect(arena.memory.buffer.byteLength).toBe(65_536)
  })

  it('copies data once, and keeps old views when it grows', () => {
    const arena = new Arena()
    const data = Float64Array.of(1, 2, 3)
    const at = arena.data(data)
    const view = arena.doubles(at, 3)
    arena.take(1e6)
    expect(arena.data(data)).toBe(at)
    view[0] = 7
    expect([...arena.doubles(at, 3)]).toEqual([7, 2, 3])
  })

  it('says what would help where its maximum does not suffice', () => {
    expect(() => new Arena({ maximum: 65_536 }).take(65_536)).toThrow(
      /arena: 65536 bytes more than the 64 in use would exceed its maximum of 65536; smaller batches or a larger maximum/,
    )
  })
})
