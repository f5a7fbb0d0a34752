import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import {
  andThen,
  armijo,
  compile,
  constant,
  contramap,
  maxOf,
  minOf,
  never,
  observe,
  operandAt,
  orElseOf,
  polyak,
  type Ray,
  rule,
  runWithTranscript,
  scale,
  show,
  takeStep,
  takeSteps,
} from 'steplaw'
import { isJson, printRule, ruleExpr } from 'steplaw/spec'
import { describe, expect, it } from 'vitest'
import { agree, expr, outcomes, rays } from './draw.js'

const line: Ray = { value: 1, slope: -1 }

describe('a rule is a machine', () => {
  it('whose state survives JSON between any two rays', () => {
    fc.assert(
      fc.property(expr(), rays(), (e, on) => {
        const r = compile(e)
        let state = r.init
        let executed: O.Option<number> = O.none
        return on.every((ray, k) => {
          const text: unknown = JSON.parse(JSON.stringify(state))
          const read = r.state.decode(text)
          if (E.isLeft(read) || !isJson(state)) return false
          const here = takeStep(r, { k, executed, ...ray }, state)
          const there = takeStep(r, { k, executed, ...ray }, read.right)
          state = here.state
          executed = here.step !== null && here.step > 0 && here.step < 1 / 0 ? O.some(here.step) : executed
          return here.step === there.step
        })
      }),
    )
  })

  it('that gives the same answer to the same question, and leaves the question alone', () => {
    fc.assert(
      fc.property(expr(), rays(), (e, on) => {
        const r = compile(e)
        const frozen = on.map((ray) => Object.freeze({ ...ray }))
        return agree(r, r, frozen)
      }),
    )
  })

  it('whose steps are steps: not NaN, not negative, not -0', () => {
    fc.assert(
      fc.property(expr(), rays(), (e, on) =>
        outcomes(compile(e), on).every((s) => s === null || (s >= 0 && !Object.is(s, -0))),
      ),
    )
  })

  it('that refuses a state that is not its own', () => {
    expect(() => takeStep(maxOf(constant(1), constant(2)), line, 'elsewhere')).toThrow(TypeError)
    expect(E.isLeft(maxOf(constant(1), constant(2)).state.decode([null, [null]]))).toBe(true)
  })

  it('that keeps its own state where it fails, and lets its operands keep theirs', () => {
    const counting = rule<number>({ name: 'count', init: 0, step: (n) => [n + 1, n < 2 ? null : n] })
    const taken = takeSteps(minOf(counting, never), [line, line, line])
    expect(taken.map(({ state }) => state)).toEqual([
      [null, [0], [null]],
      [null, [0], [null]],
      [null, [0], [null]],
    ])
  })
})

describe('probes', () => {
  const search = armijo({ start: constant(4) })
  const valley: Ray = { value: 1, slope: -4, phi: (a) => (1 - 2 * a) ** 2 }

  it('are made once for each distinct step, whoever asks', () => {
    expect(takeStep(maxOf(search, search), valley).probed).toEqual([4, 2, 1, 0.5])
    expect(takeStep(maxOf(search, armijo({ start: constant(2) })), valley).probed).toEqual([4, 2, 1, 0.5])
  })

  it('are made for every operand, even where the result is decided', () => {
    expect(takeStep(orElseOf(constant(1), search), valley).probed).toEqual([4, 2, 1, 0.5])
    expect(takeStep(minOf(never, search), valley).probed).toEqual([4, 2, 1, 0.5])
  })

  it('carry the next candidate as a hint', () => {
    const { transcript } = runWithTranscript(search.step(search.init, observe(valley)), ({ at }) => ({
      value: valley.phi?.(at) ?? 0,
      slope: O.none,
    }))
    expect(transcript.map(({ question }) => question.hints)).toEqual([[2], [1], [0.5], [0.25]])
  })
})

describe('because', () => {
  it('is the path of the operand that decided, leftmost on ties', () => {
    const r = maxOf(minOf(constant(1), constant(2)), maxOf(constant(1), constant(1)))
    expect(takeStep(r, line).because).toEqual([0, 0])
    expect(show(operandAt(r, [0, 0]))).toBe('constant{step: 1}')
  })

  it('names scale itself, and gives reasons for failures with their paths', () => {
    expect(takeStep(scale(2)(maxOf(constant(1), constant(3))), line).because).toEqual([])
    expect(takeStep(maxOf(never, polyak()), { value: 1, slope: 0 }).because).toEqual([
      { path: [0], reason: 'never' },
      { path: [1], reason: 'noDescent' },
    ])
  })
})

describe('expressions', () => {
  it('come back from the rule that they compile to', () => {
    fc.assert(
      fc.property(expr(), (e) => {
        const { expr: back } = compile(e)
        return O.isSome(back) && printRule(back.value) === printRule(e)
      }),
    )
  })

  it('survive JSON', () => {
    fc.assert(
      fc.property(expr(), (e) => {
        const read = ruleExpr.decode(JSON.parse(JSON.stringify(ruleExpr.encode(e))))
        return E.isRight(read) && printRule(read.right) === printRule(e)
      }),
    )
  })

  it('are absent where a user’s own function is inside', () => {
    const own = rule({ name: 'mine', init: null, step: (s) => [s, 1] })
    expect(O.isNone(maxOf(own, constant(1)).expr)).toBe(true)
    expect(show(maxOf(own, constant(1)))).toBe('max[mine, constant{step: 1}]')
  })
})

describe('combinators without an expression', () => {
  it('andThen asks only the rule whose turn it is, and survives JSON', () => {
    const r = andThen(2, armijo({ start: constant(4) }))(constant(0.1))
    const valley: Ray = { value: 1, slope: -4, phi: (a) => (1 - 2 * a) ** 2 }
    const taken = takeSteps(r, [valley, valley, valley])
    expect(taken.map((t) => [t.step, t.probed.length])).toEqual([
      [0.1, 0],
      [0.1, 0],
      [0.5, 4],
    ])
    expect(E.isRight(r.state.decode(JSON.parse(JSON.stringify(taken[1]?.state))))).toBe(true)
  })

  it('andThen leaves the first rule where it was, and carries the second on', () => {
    const count = rule<number>({ name: 'count', init: 0, step: (n) => [n + 1, n] })
    const taken = takeSteps(andThen(2, count)(count), [line, line, line, line])
    expect(taken.map(({ step, state, because }) => [step, state, because])).toEqual([
      [0, [1, [1], [0]], [0]],
      [1, [2, [2], [0]], [0]],
      [0, [2, [2], [1]], [1]],
      [1, [2, [2], [2]], [1]],
    ])
  })

  it('contramap composes backwards', () => {
    const double = contramap((o) => ({ ...o, value: 2 * o.value }))
    const add = contramap((o) => ({ ...o, value: o.value + 1 }))
    // add first, then double: 2 * (1 + 1).
    expect(takeStep(add(double(polyak())), line).step).toBe(4)
  })
})
