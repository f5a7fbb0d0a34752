/** The workloads of `npm run bench` are what they are said to be: timings of wrong ones would mean nothing. */
import { describe, expect, test } from 'vitest'
import { interpret } from '../../src/runtime/interpret.js'
import { interpretStaged } from '../../src/runtime/staged.js'
import { cleaning, inputs, workloadNames } from '../bench/inputs.js'
import { plays } from '../bench/plain/plays.js'
import { play } from '../bench/workload/workload.js'

/** The values at the start of the workloads whose inputs other projects can draw too. */
const values: { readonly [name: string]: number } = {
  W1: 0.7977664619618192,
  W2: 2.4192393625208966,
  W3: 2.299342250025662,
  W4: 0.6921876778482009,
  W5: 1.1984857899765806,
  W6: 0.756142843670905,
  W7: -240.1835426757488,
}

// No bounds of rounding: the loops add in another order, and a workload with a mistake differs in its first digits.
const VALUE = 1e-12
const GRADIENT = 1e-10

const largest = (x: Float64Array): number => x.reduce((most, xi) => Math.max(most, Math.abs(xi)), 0)

describe('a workload', () => {
  test.each(workloadNames)('%s has the value and the gradient that loops by hand give', async (name) => {
    // The loops of the outer iteration would take seconds; they are the same for few rows.
    const given = name === 'W8' ? cleaning({ examples: 150, judges: 50 }) : inputs[name]()
    const library = play(name, given, { engine: { compile: interpret, stage: interpretStaged } })
    const byHand = plays[name](given)
    const value = await library.run()
    const expected = values[name] ?? (await byHand.run())
    expect(Math.abs(value - expected)).toBeLessThanOrEqual(VALUE * Math.abs(expected))
    await byHand.run()
    const [found, gradient] = [library.gradient(), byHand.gradient()]
    expect(found.length).toBe(gradient.length)
    expect(largest(gradient)).toBeGreaterThan(0)
    expect(largest(found.map((g, i) => g - (gradient[i] ?? Number.NaN)))).toBeLessThanOrEqual(
      GRADIENT * largest(gradient),
    )
  })
})
