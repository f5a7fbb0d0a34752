/** What stands around a run: its state, what it leaves alone, and what is true of every path. */
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import {
  adagrad,
  adam,
  answerWith,
  average,
  checkpoint,
  cocob,
  coinBetting,
  compileWrapper,
  constant,
  dAdaptation,
  descentInit,
  last,
  type Method,
  mechanic,
  mechanicDefaults,
  methodOf,
  minimise,
  never,
  type Oracle,
  polyak,
  power,
  printedWrapper,
  quadratic,
  type Rule,
  restore,
  steepest,
  type Vector,
  type Wrapper,
  type WrapperAround,
  wrapper,
} from 'steplaw'
import { showInvalid, standsAlone, wrapperExpr, wrapperTags } from 'steplaw/spec'
import { describe, expect, it, test } from 'vitest'
import { batches, problem, start } from './problem.js'

const wrappers: ReadonlyArray<Wrapper> = [
  mechanic(),
  mechanic({ sInit: 0.01, betas: [0.9, 0.99], lambda: 0, clip: true }),
  mechanic({ sInit: 0.01, form: 'recomputed' }),
  coinBetting({ wealth: 1 }),
  cocob(),
  dAdaptation(),
  average({ weights: 'uniform' }),
  average({ weights: 'steps' }),
  average({ weights: 'polynomial', gamma: 3 }),
  average({ weights: 'steps' }, mechanic({ sInit: 0.01 })),
  average({ weights: 'uniform' }, coinBetting({ wealth: 0.5 })),
  average({ weights: 'uniform' }, average({ weights: 'polynomial' }, mechanic())),
]
const methodWith = (layer: Wrapper, rule: Rule = last({ initial: 0.1, factor: 1.1 })): Method =>
  layer.needs === 'nothing' ? { wrapper: layer } : { rule, direction: adam(), wrapper: layer }

/** The objective, not finite in the iterations named. */
const brokenAt = (broken: (k: number) => boolean): Oracle => {
  const answer = answerWith(problem)
  let k = 0
  return (request) => {
    const response = answer(request)
    if (request.want === 'value') return response
    return broken(k++) ? { ...response, value: Number.NaN } : response
  }
}

const sameBits = (x: Vector, y: Vector): boolean =>
  x.length === y.length && x.every((xi, i) => Object.is(xi, y[i]))

describe.each(wrappers.map((layer) => [printedWrapper(layer), layer] as const))('%s', (_, layer) => {
  const method = methodWith(layer)

  it('has the same bits when the run is saved and restored between any two iterations', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 2, maxLength: 2 }),
        fc.integer({ min: 0, max: 8 }),
        (from, at) => {
          const options = { ...method, start: Float64Array.from(from), batches }
          const whole = minimise(problem, { ...options, iterations: 9 })
          const half = minimise(problem, { ...options, iterations: at })
          const read = restore(method, 2)(JSON.parse(JSON.stringify(checkpoint(half.state))))
          if (E.isLeft(read)) throw new Error(read.left.map(showInvalid).join('; '))
          const rest = minimise(problem, { ...options, iterations: 9, from: read.right })
          expect(rest.state).toEqual(whole.state)
          expect([...half.records, ...rest.records]).toEqual(whole.records)
          return sameBits(rest.x, whole.x)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('keeps state, point and outputs in iterations that are not finite', () => {
    const run = minimise(
      brokenAt((k) => k !== 2),
      { ...method, start, iterations: 5 },
    )
    const first = minimise(problem, { ...method, start, iterations: 0 })
    const shown = run.records.map(({ outputs }) => outputs)
    expect(shown.slice(0, 2)).toEqual([0, 1].map(() => layer.outputs(first.state.wrapper)))
    expect(shown.slice(3)).toEqual([shown[2], shown[2]])
    expect(run.records.map(({ x }) => x)).toEqual([start, start, start, run.x, run.x])
    expect(run.x).not.toEqual(first.x)
  })

  it('is what its expression means', () => {
    if (O.isNone(layer.expr)) throw new Error('no expression')
    const expr = wrapperExpr.decode(JSON.parse(JSON.stringify(wrapperExpr.encode(layer.expr.value))))
    if (E.isLeft(expr)) throw new Error('not read')
    expect(expr.right).toEqual(layer.expr.value)
    const again = compileWrapper(expr.right)
    expect(again.expr).toEqual(layer.expr)
    expect(again.needs).toBe(layer.needs)
    expect(standsAlone(expr.right)).toBe(layer.needs === 'nothing')
    const [x, y] = [layer, again].map(
      (one) => minimise(problem, { ...methodWith(one), start, iterations: 5 }).x,
    )
    expect(x).toEqual(y)
  })

  it('refuses a state that is none of its own', () => {
    const saved: object = Object(checkpoint(descentInit(method, start)))
    const read = restore(method, 2)({ ...saved, wrapper: { mood: 1 } })
    expect(E.isLeft(read) && read.left.every(({ field }) => field.startsWith('checkpoint.wrapper.'))).toBe(
      true,
    )
    const short = restore(method, 3)(saved)
    expect(E.isLeft(short)).toBe(true)
  })
})

test('there is one of every tag above', () => {
  const names = new Set(wrappers.map(({ name }) => name))
  expect(wrapperTags.filter((tag) => !names.has(tag))).toEqual([])
})

describe('a method', () => {
  const alone = coinBetting({ wealth: 1 })
  it.each<readonly [string, Parameters<typeof methodOf>[0], string]>([
    ['nothing', {}, 'rule is missing, expected a rule, or a wrapper that needs none'],
    ['a direction only', { direction: steepest }, 'rule is missing'],
    ['mechanic only', { wrapper: mechanic() }, 'rule is missing'],
    [
      'a rule beside coinBetting',
      { rule: never, wrapper: alone },
      'rule is never, expected none beside coinBetting',
    ],
    [
      'a direction beside it',
      { direction: adam(), wrapper: alone },
      'direction is adam, expected none beside',
    ],
  ])('is not %s', (_, pieces, said) => expect(() => methodOf(pieces)).toThrow(said))

  it('without types is refused before it runs', () => {
    const options = JSON.parse('{"iterations": 3}')
    expect(() => minimise(problem, { ...options, start })).toThrow('rule is missing')
  })

  it('asks no rule where the wrapper steps by itself', () => {
    const { records } = minimise(problem, { wrapper: alone, start, iterations: 2 })
    expect(records.map(({ outcome, probed }) => [outcome._tag, probed])).toEqual([
      ['Fail', []],
      ['Fail', []],
    ])
    expect(records[0]?.outcome).toEqual({ _tag: 'Fail', because: [{ path: [], reason: 'noRule' }] })
  })

  it('is refused where its wrapper gives a point of another length', () => {
    const bad = wrapper({
      name: 'bad',
      expr: O.none,
      needs: 'method',
      init: () => ({}),
      state: () => t.strict({}),
      advance: (state) => ({ state, x: Float64Array.of(1) }),
      outputs: () => ({}),
    })
    expect(() => minimise(problem, { rule: constant(1), wrapper: bad, start, iterations: 1 })).toThrow(
      'bad gave a point of length 1, expected 2',
    )
  })
})

describe('fields are refused', () => {
  it.each<readonly [string, () => Wrapper]>([
    ['mechanic: sInit is 0, expected a finite number > 0', () => mechanic({ sInit: 0 })],
    [
      'mechanic: betas is [0.5, 2], expected a non-empty array, each entry a number in [0, 1]',
      () => mechanic({ betas: [0.5, 2] }),
    ],
    ['mechanic: eps is NaN', () => mechanic({ eps: Number.NaN })],
    ['coinBetting: wealth is -1', () => coinBetting({ wealth: -1 })],
    ['coinBetting: clip is 0', () => coinBetting({ wealth: 1, clip: 0 })],
    ['cocob: eps is 0', () => cocob({ eps: 0 })],
    ['dAdaptation: d0 is Infinity', () => dAdaptation({ d0: Number.POSITIVE_INFINITY })],
    ['average: gamma is -1', () => average({ weights: 'polynomial', gamma: -1 })],
    [
      'average: weights is steps, expected another choice, for coinBetting takes no steps',
      () => average({ weights: 'steps' }, coinBetting({ wealth: 1 })),
    ],
  ])('%s', (said, make) => expect(make).toThrow(said))
})

/** A sum of two parabolas in two dimensions, by whole numbers. */
const parabolas = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: -8, max: 8 }), fc.integer({ min: 1, max: 40 }))
  .map(([a, c, b]) => [
    [a + Math.abs(c), c],
    [c, b + Math.abs(c)],
  ])
const point = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 }))

describe('mechanic', () => {
  /** Whether a run is the same, point by point and scale by scale, when the objective is multiplied by a power of two. */
  const ignoresScale = (
    layer: WrapperAround<'method'>,
    A: ReadonlyArray<ReadonlyArray<number>>,
    b: [number, number],
    k: number,
  ): boolean => {
    const runs = [1, 2 ** k].map((by) =>
      minimise(quadratic({ A: [A.map((row) => row.map((x) => x * by))], b: [b] }), {
        rule: power({ initial: 0.5, exponent: 0.5 }),
        direction: adagrad(0),
        wrapper: layer,
        start: Float64Array.of(0.3, 0.7),
        iterations: 12,
      }),
    )
    const [one, other] = runs.map(({ records, x }) => [records.map((r) => [r.x, r.outputs.scale]), x])
    return JSON.stringify(one) === JSON.stringify(other)
  }

  it('does not see the size of the objective, to the bit: lambda = eps = 0, a base that does not', () => {
    fc.assert(
      fc.property(
        parabolas,
        point,
        fc.integer({ min: -80, max: 80 }),
        fc.boolean(),
        fc.constantFrom('stored' as const, 'recomputed' as const),
        (A, b, k, clip, form) =>
          ignoresScale(mechanic({ sInit: 0.01, lambda: 0, eps: 0, clip, form }), A, b, k),
      ),
    )
  })

  it('sees it where eps is not 0', () => {
    const A = [
      [4, 1],
      [1, 2],
    ]
    expect(ignoresScale(mechanic({ sInit: 0.01, lambda: 0, eps: 0 }), A, [3, 1], -40)).toBe(true)
    expect(ignoresScale(mechanic({ sInit: 0.01, lambda: 0, eps: 1e-8 }), A, [3, 1], -40)).toBe(false)
  })

  it('stands at start + scale * all displacements, with tuners that are not negative', () => {
    fc.assert(
      fc.property(parabolas, point, fc.boolean(), fc.integer({ min: 0, max: 3 }), (A, b, clip, lambda) => {
        const bowl = quadratic({ A: [A], b: [b] })
        const { records, x, state } = minimise(bowl, {
          rule: constant(0.01),
          wrapper: mechanic({ sInit: 0.01, clip, lambda }),
          start,
          iterations: 15,
        })
        const points = [...records.slice(1).map((r) => r.x), x]
        let total = new Float64Array(2)
        return (
          records.every(({ x: at, outputs }, k) => {
            const { gradient } = bowl.valueAndGradient(at, null)
            total = total.map((u, i) => u + 0.01 * -(gradient[i] ?? 0))
            return sameBits(
              points[k] ?? x,
              start.map((x0, i) => x0 + Number(outputs.scale) * (total[i] ?? 0)),
            )
          }) &&
          ['m', 'v', 'r', 's'].every((name) => {
            const field = state.wrapper[name]
            return Array.isArray(field) && field.length === 6 && field.every((s) => s >= 0)
          })
        )
      }),
    )
  })

  it('begins with the sum of the first bets and then with sInit', () => {
    const { records } = minimise(problem, { rule: constant(0.1), wrapper: mechanic(), start, iterations: 1 })
    expect(mechanicDefaults.betas).toHaveLength(6)
    expect(records[0]?.outputs.scale).toBeCloseTo(1e-8, 20)
    expect(mechanic().outputs(mechanic().init(start)).scale).toBeCloseTo(6e-8, 20)
  })
})

/** Gradients no longer than 1, whatever the point: a game against the bettor. */
const game =
  (gradients: ReadonlyArray<Vector>): Oracle =>
  () => {
    const [gradient = Float64Array.of(0, 0)] = gradients.slice(asked++)
    return { value: 0, gradient }
  }
let asked = 0
const play = (layer: WrapperAround<'nothing'>, gradients: ReadonlyArray<Vector>) => {
  asked = 0
  return minimise(game(gradients), {
    wrapper: layer,
    start: Float64Array.of(0, 0),
    iterations: gradients.length,
  })
}
const inDisc = fc
  .tuple(
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.boolean(),
  )
  .map(([a, b, unit]) => {
    const length = Math.sqrt(a * a + b * b)
    return unit && length > 1e-3 ? Float64Array.of(a / length, b / length) : Float64Array.of(a / 2, b / 2)
  })
const wealths = (layer: WrapperAround<'nothing'>, gradients: ReadonlyArray<Vector>): ReadonlyArray<number> =>
  play(layer, gradients).records.map(({ outputs }) => Number(outputs.wealth))

describe('coin betting', () => {
  const clip = fc.double({ min: 0.01, max: 1, noNaN: true })
  const games = fc.array(inDisc, { minLength: 1, maxLength: 60 })

  it('never loses all it has, whatever the gradients', () => {
    fc.assert(
      fc.property(games, clip, fc.double({ min: 1e-6, max: 1e3, noNaN: true }), (gradients, c, wealth) =>
        wealths(
          coinBetting({ wealth, clip: c }),
          gradients.map((g) => g.map((x) => 30 * x)),
        ).every((w) => w > 0),
      ),
    )
  })

  it('loses it where it bets a share of W / (k + 1)', () => {
    const whole = coinBetting({ wealth: 1 })
    const bold = {
      ...whole,
      advance: ((state, at) => whole.advance(state, { ...at, k: at.k - 1 })) satisfies Wrapper['advance'],
    }
    const gradients = [Float64Array.of(1, 0), Float64Array.of(-1, 0)]
    expect(wealths(whole, gradients)).toEqual([1, 0.5])
    expect(wealths(bold, gradients)).toEqual([1, 0])
  })

  it('has the regret of its theorem against every point', () => {
    fc.assert(
      fc.property(
        games,
        point,
        fc.double({ min: 0.01, max: 10, noNaN: true }),
        (gradients, [a, b], wealth) => {
          const { records } = play(coinBetting({ wealth }), gradients)
          const u = Float64Array.of(a / 10, b / 10)
          const regret = gradients.reduce((sum, g, k) => {
            const x = records[k]?.x ?? u
            return sum + g.reduce((s, gi, i) => s + gi * ((x[i] ?? 0) - (u[i] ?? 0)), 0)
          }, 0)
          const T = gradients.length
          const uu = u.reduce((s, x) => s + x * x, 0)
          const bound = wealth + Math.sqrt(uu * T * Math.log(1 + (24 * T * T * uu) / (wealth * wealth)))
          return regret <= bound * (1 + 1e-9) + 1e-9
        },
      ),
    )
  })
})

describe('cocob', () => {
  it('bets on every coordinate as if there were no other, to the bit', () => {
    fc.assert(
      fc.property(fc.array(inDisc, { minLength: 1, maxLength: 40 }), (gradients) => {
        const both = play(cocob(), gradients).x
        const one = play(
          cocob(),
          gradients.map((g) => Float64Array.of(g[0] ?? 0, 0)),
        ).x
        return Object.is(both[0], one[0]) && one[1] === 0
      }),
    )
  })
})

describe('cocob does not see the size of a coordinate', () => {
  /** Whether scaling the first derivatives by a power of two leaves the points of a game as they are. */
  const same = (layer: WrapperAround<'nothing'>, gradients: ReadonlyArray<Vector>, k: number): boolean => {
    const [one, other] = [1, 2 ** k].map(
      (by) =>
        play(
          layer,
          gradients.map(([a = 0, b = 0]) => Float64Array.of(by * a, b)),
        ).x,
    )
    return one !== undefined && other !== undefined && sameBits(one, other)
  }
  const whole = fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }))

  it('to the bit, beyond eps', () => {
    fc.assert(
      fc.property(fc.array(whole, { maxLength: 40 }), fc.integer({ min: -20, max: 40 }), (gradients, k) =>
        same(
          cocob(),
          gradients.map((g) => Float64Array.from(g)),
          k,
        ),
      ),
    )
  })

  it('but below it does', () =>
    expect(same(cocob({ eps: 0.5 }), [Float64Array.of(1, 0), Float64Array.of(1, 0)], -9)).toBe(false))
})

describe('D-adaptation', () => {
  const consistent = fc.tuple(fc.array(parabolas, { minLength: 1, maxLength: 3 }), point, fc.boolean())

  it('bounds the distance to the common minimiser of convex functions from below, and never goes back', () => {
    fc.assert(
      fc.property(consistent, fc.double({ min: 1e-6, max: 100, noNaN: true }), ([A, b, full], d0) => {
        const sum = quadratic({ A, b: A.map(() => b) })
        const { records } = minimise(sum, {
          wrapper: dAdaptation({ d0 }),
          start,
          batches: (k) => (full ? null : Int32Array.of(k % A.length)),
          iterations: 60,
        })
        const distance = Math.sqrt(b.reduce((s, bi, i) => s + (bi - (start[i] ?? 0)) ** 2, 0))
        const found = records.map(({ outputs }) => Number(outputs.distance))
        return found.every((d, k) => d >= (found[k - 1] ?? d0) && d <= Math.max(d0, distance) * (1 + 1e-9))
      }),
    )
  })

  it('waits for a gradient', () => {
    const zero = Float64Array.of(0, 0)
    const { records } = play(dAdaptation({ d0: 0.5 }), [zero, zero, Float64Array.of(0, 2), zero])
    expect(records.map(({ x, outputs }) => [x[1], outputs.distance])).toEqual([
      [0, 0.5],
      [0, 0.5],
      [0, 0.5],
      [-0.5, 0.5],
    ])
  })
})

describe('an average', () => {
  it.each(['uniform', 'steps', 'polynomial'] as const)('by %s weights leaves the run as it is', (weights) => {
    const options = { rule: polyak(), direction: adam(), start, batches, iterations: 10 }
    const plain = minimise(problem, options)
    expect(minimise(problem, { ...options, wrapper: average({ weights }) }).x).toEqual(plain.x)
    const inside = minimise(problem, { ...options, wrapper: mechanic() })
    const outside = minimise(problem, { ...options, wrapper: average({ weights }, mechanic()) })
    expect(outside.x).toEqual(inside.x)
    expect(outside.records.map(({ outputs }) => outputs.scale)).toEqual(
      inside.records.map(({ outputs }) => outputs.scale),
    )
  })

  it('is what its definition says, of the points at which gradients were taken', () => {
    const options = { rule: power({ initial: 0.4, exponent: 0.5 }), start, batches, iterations: 9 }
    const of = (weights: 'uniform' | 'steps' | 'polynomial', gamma = 8): ReadonlyArray<number> => {
      const { records } = minimise(problem, { ...options, wrapper: average({ weights, gamma }) })
      const found = records.at(-1)?.outputs.average
      return typeof found === 'object' ? Array.from(found) : []
    }
    const { records } = minimise(problem, options)
    const mean = (share: (k: number) => number): ReadonlyArray<number> => {
      const total = records.reduce((s, { k }) => s + share(k), 0)
      return Array.from(start, (_, i) =>
        records.reduce((s, { k, x }) => s + (share(k) / total) * (x[i] ?? 0), 0),
      )
    }
    const close = (found: ReadonlyArray<number>, wanted: ReadonlyArray<number>): void => {
      expect(found).toHaveLength(2)
      for (const [i, x] of found.entries()) expect(x).toBeCloseTo(wanted[i] ?? Number.NaN, 12)
    }
    close(
      of('uniform'),
      mean(() => 1),
    )
    close(
      of('steps'),
      mean((k) => 0.4 / Math.sqrt(k + 1)),
    )
    close(
      of('polynomial', 0),
      mean(() => 1),
    )
    // For gamma = 1 the weights grow linearly.
    close(
      of('polynomial', 1),
      mean((k) => k + 1),
    )
  })
})
