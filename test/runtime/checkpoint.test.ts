/** The schedule of the way back: it is a way back, it holds no more than it may, and none runs fewer steps. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { schedule, slotsForTwice } from '../../src/runtime/checkpoint.js'

/** Follows a schedule with times instead of states. */
const follow = (steps: number, slots: number) => {
  const held = [0]
  const runs = new Array<number>(steps).fill(0)
  const reversed: number[] = []
  let peak = 1
  const run = (from: number, to: number): void => {
    for (let t = from; t < to; t += 1) runs[t] = (runs[t] ?? 0) + 1
  }
  for (const action of schedule(steps, slots)) {
    if (action._tag === 'Hold') {
      expect(held[action.slot - 1]).toBe(action.from)
      run(action.from, action.to)
      // What lay in later slots is no longer needed: a later action that read it would find another time.
      held.splice(action.slot, held.length, action.to)
      peak = Math.max(peak, held.length)
    } else {
      expect(held[action.slot]).toBe(action.from)
      run(action.from, action.step)
      reversed.push(action.step)
    }
  }
  return { runs, reversed, peak, total: runs.reduce((s, n) => s + n, 0) }
}

/** The least number of steps run, for every length and every number of slots, by trying all places for the next state. */
const LONGEST = 60
const least: ReadonlyArray<ReadonlyArray<number>> = (() => {
  const table: number[][] = [[]]
  for (let slots = 1; slots <= LONGEST; slots += 1) {
    const row: number[] = []
    const fewer = table[slots - 1] ?? []
    for (let length = 0; length <= LONGEST; length += 1) {
      let best = (length * Math.max(0, length - 1)) / 2
      if (slots > 1)
        for (let m = 1; m < length; m += 1)
          best = Math.min(best, m + (fewer[length - m] ?? 0) + (row[m] ?? 0))
      row.push(best)
    }
    table.push(row)
  }
  return table
})()

const lengths = fc.integer({ min: 0, max: LONGEST })
const counts = fc.integer({ min: 1, max: LONGEST })

describe('the schedule', () => {
  test.prop([lengths, counts])('goes back over every step once, the last first', (steps, slots) => {
    expect(follow(steps, slots).reversed).toEqual(Array.from({ length: steps }, (_, t) => steps - 1 - t))
  })

  test.prop([lengths, counts])('holds as many states as it may and needs, and no more', (steps, slots) => {
    expect(follow(steps, slots).peak).toBe(Math.max(1, Math.min(steps, slots)))
  })

  test.prop([lengths, counts])('runs the fewest steps that any schedule can', (steps, slots) => {
    expect(follow(steps, slots).total).toBe(least[slots]?.[steps])
  })

  test('holds r states, about the square root of 2 r, or one', () => {
    for (const r of [1, 2, 3, 10, 37, 400]) {
      const stored = follow(r, r)
      expect([stored.peak, stored.total]).toEqual([r, r - 1])
      const recomputed = follow(r, 1)
      expect([recomputed.peak, recomputed.total]).toEqual([1, (r * (r - 1)) / 2])
      const checkpointed = follow(r, slotsForTwice(r))
      expect(checkpointed.peak).toBeLessThanOrEqual(Math.ceil(Math.sqrt(2 * r)))
      expect(checkpointed.total).toBeLessThan(2 * r)
    }
  })

  test.prop([fc.integer({ min: 4, max: LONGEST })])(
    'with the fewest slots for running no step more than twice, and not with one fewer',
    (steps) => {
      const slots = slotsForTwice(steps)
      expect(Math.max(...follow(steps, slots).runs)).toBe(2)
      expect(Math.max(...follow(steps, slots - 1).runs)).toBeGreaterThan(2)
    },
  )
})
