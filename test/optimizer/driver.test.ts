import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import {
  adam,
  afterEvaluations,
  allOf,
  amsgrad,
  answerWith,
  anyOf,
  armijo,
  checkpoint,
  compile,
  compileDirection,
  constant,
  type DescentState,
  type Direction,
  descentInit,
  gradientBelow,
  iterate,
  iteration,
  last,
  minimise,
  minimiseAsync,
  momentum,
  type Objective,
  type Oracle,
  polyak,
  type Request,
  restore,
  rule,
  runSync,
  runWithTranscript,
  steepest,
  valueBelow,
} from 'steplaw'
import { ruleExprArbitrary } from 'steplaw/laws'
import { type DirectionExpr, type DirectionTag, showInvalid } from 'steplaw/spec'
import { describe, expect, it } from 'vitest'
import { batches, problem, start } from './problem.js'

const expressions: { readonly [T in DirectionTag]: DirectionExpr & { readonly direction: T } } = {
  steepest: { direction: 'steepest' },
  momentum: { direction: 'momentum', mu: 0.5 },
  nesterov: { direction: 'nesterov', mu: 0.5 },
  adam: { direction: 'adam', beta1: 0.9, beta2: 0.99, eps: 1e-8 },
  amsgrad: { direction: 'amsgrad', beta1: 0.9, beta2: 0.99, eps: 1e-8 },
  adagrad: { direction: 'adagrad', eps: 1e-8 },
  rmsprop: { direction: 'rmsprop', beta: 0.9, eps: 1e-8 },
  neo: { direction: 'neo', alpha: 0.8, memory: 4, normalised: true },
  delayedAdagrad: { direction: 'delayedAdagrad', beta: 1, exponent: 0.5 },
}
const directions: ReadonlyArray<Direction> = [
  ...Object.values(expressions).map(compileDirection),
  compileDirection({ direction: 'neo', alpha: 1.4, memory: 3, normalised: false }),
]
const direction = (): fc.Arbitrary<Direction> => fc.constantFrom(...directions)

/** An oracle that writes down what it was asked. */
const recording = (objective: Objective): { readonly oracle: Oracle; readonly asked: Array<Request> } => {
  const asked: Array<Request> = []
  const answer = answerWith(objective)
  return {
    asked,
    oracle: (request) => {
      asked.push(request)
      return answer(request)
    },
  }
}

describe('a run', () => {
  it('has the same bits when it is saved and restored between any two iterations', () => {
    fc.assert(
      fc.property(ruleExprArbitrary(), direction(), fc.integer({ min: 0, max: 8 }), (expr, d, at) => {
        const method = { rule: compile(expr), direction: d }
        const whole = minimise(problem, { ...method, start, batches, iterations: 9 })
        const half = minimise(problem, { ...method, start, batches, iterations: at })
        const read = restore(method, 2)(JSON.parse(JSON.stringify(checkpoint(half.state))))
        if (E.isLeft(read)) throw new Error(read.left.map(showInvalid).join('; '))
        const rest = minimise(problem, { ...method, start, batches, iterations: 9, from: read.right })
        return (
          rest.x.every((x, i) => Object.is(x, whole.x[i])) &&
          rest.records.length === 9 - at &&
          JSON.stringify(checkpoint(rest.state)) === JSON.stringify(checkpoint(whole.state))
        )
      }),
      { numRuns: 200 },
    )
  })

  it('is the same whether its oracle answers at once or later', async () => {
    const answer = answerWith(problem)
    const options = {
      rule: armijo({ start: last({ initial: 2, factor: 2 }) }),
      direction: adam(),
      start,
      batches,
      iterations: 12,
    }
    const later = await minimiseAsync((request) => Promise.resolve(answer(request)), options)
    expect(later).toEqual(minimise(problem, options))
  })

  it('leaves every vector it was given or gave as it was', () => {
    const frozen = Float64Array.from(start)
    const run = minimise(problem, { rule: polyak(), direction: amsgrad(), start, batches, iterations: 5 })
    expect(start).toEqual(frozen)
    expect(run.records[0]?.x).toBe(start)
  })

  it('counts what it asks: one gradient an iteration, one value per distinct probe', () => {
    const { oracle, asked } = recording(problem)
    const run = minimise(oracle, { rule: armijo({ start: constant(4) }), start, batches, iterations: 6 })
    const values = asked.filter(({ want }) => want === 'value').length
    expect(run.state.counts).toEqual({ values, gradients: 6 })
    expect(run.records.reduce((sum, r) => sum + r.probed.length, 0)).toBe(values)
  })

  it('asks probes on the ray they lie on, with the next candidate as a hint', () => {
    const { oracle, asked } = recording(problem)
    minimise(oracle, { rule: armijo({ start: constant(4) }), start, iterations: 1 })
    const first = asked[1]
    expect(
      first !== undefined && O.isSome(first.ray) && [first.ray.value.from, first.ray.value.hints],
    ).toEqual([start, [2]])
  })

  it('yields its iterations one at a time', () => {
    const run = iterate(answerWith(problem), { rule: constant(0.1), start })
    const first = run.next().value
    const second = run.next().value
    expect([first.record.k, second.record.k, second.state.k]).toEqual([0, 1, 2])
    expect(second.record.x).toEqual(first.state.x)
  })

  it('can be frozen in the middle of an iteration and replayed from its transcript', () => {
    const method = { rule: armijo({ start: constant(4) }), direction: steepest }
    const program = iteration(method)(descentInit(method, start), null)
    const { value, transcript } = runWithTranscript(program, answerWith(problem))
    let at = 0
    const replayed = runSync(program, () => transcript[at++]?.answer ?? { value: Number.NaN })
    expect(replayed).toEqual(value)
    expect(at).toBe(transcript.length)
  })
})

describe('an iteration', () => {
  const broken =
    (value: number, gradient: number): Oracle =>
    () => ({ value, gradient: Float64Array.of(gradient, 0) })

  it.each([
    [Number.NaN, 1],
    [Number.POSITIVE_INFINITY, 1],
    [1, Number.NaN],
    [1, Number.NEGATIVE_INFINITY],
  ])('with value %s and gradient %s fails, leaves everything but k, and goes on', (value, gradient) => {
    const method = { rule: last({ initial: 1, factor: 2 }), direction: momentum(0.5) }
    const before = descentInit(method, start)
    const [after, record] = runSync(iteration(method)(before, null), broken(value, gradient))
    const { k: _k, counts: _counts, ...rest } = after
    const { k: _k0, counts: _counts0, ...same } = before
    expect(rest).toEqual(same)
    expect([after.k, after.counts.gradients]).toEqual([1, 1])
    expect(record.outcome).toEqual({ _tag: 'Fail', because: [{ path: [], reason: 'nonFinite' }] })
  })

  it('at a stationary point fails for a rule that needs descent, and forgets nothing', () => {
    const flat: Oracle = () => ({ value: 1, gradient: new Float64Array(2), lowerBound: 0 })
    const method = { rule: polyak(), direction: steepest }
    const before: DescentState = { ...descentInit(method, start), executed: O.some(3) }
    const [after] = runSync(iteration(method)(before, null), flat)
    expect([after.x, after.executed]).toEqual([start, O.some(3)])
  })

  it('does not move on an infinite step, nor remember it, nor a zero one', () => {
    for (const size of [Number.POSITIVE_INFINITY, 0]) {
      const run = minimise(problem, { rule: constant(size), start, iterations: 1 })
      expect([run.x, run.state.executed]).toEqual([start, O.none])
    }
  })

  it('computes only what the rule reads', () => {
    const seen: Array<readonly [number, number, boolean]> = []
    const curious = (reads: ReadonlyArray<'gg' | 'secant'>) =>
      rule({
        name: 'curious',
        init: null,
        reads,
        step: (s, { gg, dd, secant }) => {
          seen.push([gg, dd, O.isSome(secant)])
          return [s, 0.1]
        },
      })
    minimise(problem, { rule: curious([]), start, iterations: 2 })
    minimise(problem, { rule: curious(['gg', 'secant']), start, iterations: 2 })
    expect(seen.map(([gg, dd, secant]) => [Number.isNaN(gg), Number.isNaN(dd), secant])).toEqual([
      [true, true, false],
      [true, true, false],
      [false, true, false],
      [false, true, true],
    ])
  })

  it('refuses a gradient of another length, or none', () => {
    const short: Oracle = () => ({ value: 1, gradient: Float64Array.of(1) })
    expect(() => minimise(short, { rule: constant(1), start, iterations: 1 })).toThrow(
      'a gradient of length 1 at a point of length 2',
    )
    expect(() => minimise(() => ({ value: 1 }), { rule: constant(1), start, iterations: 1 })).toThrow(
      TypeError,
    )
  })
})

describe('stopping', () => {
  const run = (stop: Parameters<typeof minimise>[1]['stop']) =>
    minimise(problem, {
      rule: constant(0.2),
      start,
      iterations: 500,
      ...(stop === undefined ? {} : { stop }),
    })

  it('is by iterations, evaluations, gradient, value, any or all of them', () => {
    expect(run(undefined).records).toHaveLength(500)
    expect(run(afterEvaluations(7)).records).toHaveLength(7)
    expect(run(gradientBelow(1e-6)).records.at(-1)?.gradientNorm).toBeLessThanOrEqual(1e-6)
    const low = run(valueBelow(5)).records
    expect(low.every(({ value }, i) => (i === low.length - 1 ? value <= 5 : value > 5))).toBe(true)
    expect(run(anyOf(afterEvaluations(7), gradientBelow(1e-6))).records).toHaveLength(7)
    expect(run(allOf(afterEvaluations(7), gradientBelow(1e-6))).records.length).toBeGreaterThan(7)
  })

  it('tells what ended the run', () => {
    expect(run(afterEvaluations(7)).stopped).toBe('anyOf(afterIterations(500), afterEvaluations(7))')
  })

  it('must be said somehow, and sensibly', () => {
    expect(() => minimise(problem, { rule: constant(1), start })).toThrow('iterations: nothing ends the run')
    expect(() => minimise(problem, { rule: constant(1), start, iterations: -1 })).toThrow(RangeError)
    expect(() => gradientBelow(Number.NaN)).toThrow('gradientBelow: the bound is NaN')
    expect(() => minimise(problem, { rule: constant(1), start: Float64Array.of(1), iterations: 1 })).toThrow(
      'start has length 1, expected 2',
    )
    expect(() =>
      minimise(problem, { rule: constant(1), start: Float64Array.of(1, Number.NaN), iterations: 1 }),
    ).toThrow('start: coordinate 1 is NaN')
  })
})

describe('a checkpoint', () => {
  const method = { rule: constant(1), direction: adam() }
  const saved = checkpoint(descentInit(method, start))
  const damaged = (change: object): ReadonlyArray<string> => {
    const read = restore(method, 2)({ ...Object(saved), ...change })
    return E.isLeft(read) ? read.left.map(showInvalid) : []
  }

  it('that is damaged is refused, naming the field', () => {
    expect(damaged({})).toEqual([])
    expect(damaged({ k: -1 })).toEqual(['checkpoint.k: got -1, expected an integer >= 0'])
    expect(damaged({ x: [1] })).toEqual(['checkpoint.x: got [1], expected an array of 2 numbers'])
    expect(damaged({ rule: [3] })[0]).toContain('checkpoint.rule')
    expect(damaged({ direction: { count: 0, moments: [] } })[0]).toContain('expected an array of 2 vectors')
    expect(damaged({ executed: 'NaN' })[0]).toContain('checkpoint.executed')
    expect(damaged({ mood: 1 })[0]).toContain('checkpoint.mood: got 1, expected no such field')
  })
})
