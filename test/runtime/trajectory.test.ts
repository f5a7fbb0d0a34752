/** Gradients through iterations: against closed forms where nothing rounds, against the unrolled program bit for bit. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { lifted } from '../../src/autodiff/lift.js'
import { vocabulary } from '../../src/autodiff/vocabulary.js'
import * as ad from '../../src/entry/autodiff.js'

type Vector = ReadonlyArray<number>
type Matrix = ReadonlyArray<Vector>

const at = (x: ArrayLike<number>, i: number): number => x[i] ?? 0
const dense = (a: Matrix) => ad.matrix(a.length, a[0]?.length ?? 0, a.flat())
const times = (a: Matrix, v: Vector): Vector =>
  a.map((row) => row.reduce((s, aij, j) => s + aij * at(v, j), 0))
const transposed = (a: Matrix): Matrix => (a[0] ?? []).map((_, j) => a.map((row) => at(row, j)))
const plus = (...vs: ReadonlyArray<Vector>): Vector => vs.reduce((s, v) => s.map((si, i) => si + at(v, i)))
const scaled = (c: number, v: Vector): Vector => v.map((vi) => c * vi)
/** Zeros of either sign are one: where a cotangent is zero, the unrolled program has none to add. */
const plain = (x: ArrayLike<number>): Vector => Array.from(x, (v) => v + 0)

const small = fc.integer({ min: -2, max: 2 })
const vectors = (n: number) => fc.array(small, { minLength: n, maxLength: n })
const matrices = (m: number, n: number) => fc.array(vectors(n), { minLength: m, maxLength: m })

describe('gradient descent on a quadratic', () => {
  const problem = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })).chain(([m, n]) =>
    fc.record({
      H: matrices(m, m).map((a) => a.map((row, i) => row.map((aij, j) => aij + at(a[j] ?? [], i)))),
      B: matrices(m, n),
      c: vectors(m),
      P: vectors(m),
      S: matrices(n, m),
      y0: vectors(m),
      x: vectors(n),
      r: fc.integer({ min: 0, max: 5 }),
    }),
  )

  // g = <y, H y> / 2 + <y, B x + c>, step 1/4, loss <P, y y> / 2 + <x, S y>: with M = 1 - H / 4 and the gradient of the loss
  // u = P y_r + S^T x, the gradients are M^r u and S y_r - B^T (u + M u + ... + M^(r-1) u) / 4. Every step makes numbers at
  // most 4 times larger, up to an addend of 4, and two binary places longer. After five steps forth and five back they have
  // 20 places and are below 2^24, the squares in the loss have 21 and are below 2^28: nothing rounds.
  test.prop([problem])('has the gradients of the closed form, exactly', ({ H, B, c, P, S, y0, x, r }) => {
    const descent = ad.trajectory({
      state: [y0.length],
      parameters: [x.length],
      step: (y, z) => {
        const g = (w: ad.Tensor) =>
          ad.add(
            ad.mul(0.5, ad.dot(w, ad.matmul(dense(H), w))),
            ad.dot(w, ad.add(ad.matmul(dense(B), z), ad.vector(c))),
          )
        return ad.sub(y, ad.mul(0.25, ad.grad(g)(y)))
      },
      loss: (y, z) =>
        ad.add(ad.mul(0.5, ad.dot(ad.vector(P), ad.square(y))), ad.dot(z, ad.matmul(dense(S), y))),
    })
    const slope = (y: Vector) => plus(times(H, y), times(B, x), c)
    let y: Vector = y0
    for (let t = 0; t < r; t += 1) y = plus(y, scaled(-0.25, slope(y)))
    let u = plus(
      y.map((yi, i) => at(P, i) * yi),
      times(transposed(S), x),
    )
    let toX = times(S, y)
    for (let t = 0; t < r; t += 1) {
      toX = plus(toX, scaled(-0.25, times(transposed(B), u)))
      u = plus(u, scaled(-0.25, times(H, u)))
    }
    const input = { state: Float64Array.from(y0), parameters: Float64Array.from(x), steps: r }
    const { value, state, gradient } = descent.valueAndGrad(input)
    expect(plain(state.values)).toEqual(plain(y))
    expect(plain(descent.run(input).values)).toEqual(plain(y))
    const quadratic = y.reduce((s, yi, i) => s + (at(P, i) * yi * yi) / 2, 0)
    expect(value).toBe(quadratic + times(S, y).reduce((s, v, i) => s + v * at(x, i), 0) + 0)
    expect(descent.value(input)).toBe(value)
    expect(plain(gradient.state.values)).toEqual(plain(u))
    expect(plain(gradient.parameters.values)).toEqual(plain(toX))
  })

  test('a known hypergradient', () => {
    // g = y^2 + (x - 1) y, f = y^2 / 2 + x y + x^2 / 2 - 2 y + x / 4, three steps of 1/4 from 0, at x = 0.
    const descent = ad.trajectory({
      state: [],
      parameters: [],
      step: (y, x) =>
        ad.sub(y, ad.mul(0.25, ad.grad<number>((w) => ad.add(ad.square(w), ad.mul(ad.sub(x, 1), w)))(y))),
      loss: (y, x) => ad.add(ad.mul(0.5, ad.square(ad.add(x, y))), ad.sub(ad.mul(0.25, x), ad.mul(2, y))),
    })
    const { state, gradient } = descent.valueAndGrad({ state: 0, parameters: 0, steps: 3 })
    expect(state.values[0]).toBe(0.4375)
    expect(gradient.parameters.values[0]).toBe(1.37109375)
  })
})

const N = 3

/** What a step is made of, as a recipe that shrinks. */
interface Op {
  readonly op: keyof typeof ops
  readonly a: number
  readonly b: number
}

const ops = {
  add: (x: ad.Tensor, y: ad.Tensor) => ad.add(x, y),
  mul: (x: ad.Tensor, y: ad.Tensor) => ad.mul(x, ad.mul(0.5, y)),
  sin: (x: ad.Tensor) => ad.sin(x),
  sigmoid: (x: ad.Tensor) => ad.sigmoid(x),
  scale: (x: ad.Tensor) => ad.mul(x, -0.75),
  product: (x: ad.Tensor, _y: ad.Tensor, W: ad.Tensor) => ad.matmul(W, x),
  descend: (x: ad.Tensor, y: ad.Tensor, W: ad.Tensor) =>
    ad.sub(x, ad.mul(0.125, ad.grad((z) => ad.logSumExp(ad.add(ad.matmul(W, ad.sin(z)), y)))(x))),
  curve: (x: ad.Tensor, y: ad.Tensor) => ad.hvp((z) => ad.sum(ad.mul(z, ad.sin(z))))(x, y),
}

interface State {
  readonly u: ad.Tensor
  readonly v: ad.Tensor
}
interface Shared {
  readonly W: ad.Tensor
  readonly inner: { readonly a: ad.Tensor; readonly b: ad.Tensor }
}

const stepOf =
  (recipe: ReadonlyArray<Op>) =>
  ({ u, v }: State, { W, inner }: Shared): State => {
    const pool = [u, v, inner.a, ad.add(inner.a, inner.b)]
    for (const { op, a, b } of recipe) {
      const [x, y] = [pool[a % pool.length] ?? u, pool[b % pool.length] ?? v]
      pool.push(ops[op](x, y, W))
    }
    const [last = u, before = v] = pool.slice(-2)
    return { v: ad.tanh(before), u: ad.tanh(last) }
  }

const lossOf = ({ u, v }: State, { inner }: Shared): ad.Tensor =>
  ad.add(ad.logSumExp(ad.add(u, inner.b)), ad.dot(v, ad.sin(u)))

type Point = {
  readonly y: { readonly u: Float64Array; readonly v: Float64Array }
  readonly x: { readonly W: ad.Dense; readonly inner: { readonly a: Float64Array; readonly b: number } }
}

/**
 * The same as one program, all steps written out. Every step gets tensors of its own (the identity of those that all
 * share), so that what it adds to a cotangent is summed within the step before it joins the rest: the order in which
 * the steps are gone back over one by one.
 */
const unrolled = (
  step: (y: State, x: Shared, t: number) => State,
  loss: (y: State, x: Shared) => ad.Tensor,
  r: number,
) => {
  const own = vocabulary.identity
  const state = ({ u, v }: State): State => ({ u: own(u), v: own(v) })
  const shared = ({ W, inner: { a, b } }: Shared): Shared => ({ W: own(W), inner: { a: own(a), b: own(b) } })
  return ad.valueAndGrad<Point>(({ y, x }) => {
    let s: State = y
    for (let t = 0; t < r; t += 1) s = step(state(s), shared(x), t)
    return loss(state(s), shared(x))
  })
}

const shapes = { state: { u: [N], v: [N] }, parameters: { W: [N, N], inner: { a: [N], b: [] } } } as const

const number = fc.double({ min: -1, max: 1, noNaN: true })
const floats = (n: number) =>
  fc.array(number, { minLength: n, maxLength: n }).map((v) => Float64Array.from(v))
const points: fc.Arbitrary<Point> = fc.record({
  y: fc.record({ u: floats(N), v: floats(N) }),
  x: fc.record({
    W: floats(N * N).map((w) => ad.matrix(N, N, w)),
    inner: fc.record({ a: floats(N), b: number }),
  }),
})
const opNames = Object.keys(ops) as ReadonlyArray<keyof typeof ops>
const recipes = fc.array(fc.record({ op: fc.constantFrom(...opNames), a: fc.nat(12), b: fc.nat(12) }), {
  minLength: 1,
  maxLength: 6,
})

describe('any iteration', () => {
  test.prop([recipes, points, fc.integer({ min: 0, max: 6 })], { numRuns: 60 })(
    'has the gradients of the unrolled program, bit for bit',
    (recipe, { y, x }, r) => {
      const step = stepOf(recipe)
      const iteration = ad.trajectory({ ...shapes, step, loss: lossOf })
      const found = iteration.valueAndGrad({ state: y, parameters: x, steps: r })
      const { value, gradient } = unrolled(step, lossOf, r)({ y, x })
      expect(found.value).toBe(value)
      expect(plain(ad.ravel(found.gradient.state))).toEqual(plain(ad.ravel(gradient.y)))
      expect(plain(ad.ravel(found.gradient.parameters))).toEqual(plain(ad.ravel(gradient.x)))
    },
  )

  test.prop([recipes, points, fc.constantFrom(0, 1, 2, 3, 10, 37)], { numRuns: 30 })(
    'has the same bits whatever is held, and holds what it says',
    (recipe, { y, x }, r) => {
      const iteration = ad.trajectory({ ...shapes, step: stepOf(recipe), loss: lossOf })
      const at = (memory: ad.Memory) => iteration.valueAndGrad({ state: y, parameters: x, steps: r, memory })
      const { cost, ...stored } = at('stored')
      expect(cost).toEqual({ steps: r, pullbacks: r, states: Math.max(1, r) })
      const recomputed = at('recomputed')
      const steps = r === 0 ? 0 : (r * (r - 1)) / 2 + 1
      expect(recomputed).toEqual({ ...stored, cost: { steps, pullbacks: r, states: 1 } })
      const checkpointed = at('checkpointed')
      expect(checkpointed).toEqual({ ...stored, cost: checkpointed.cost })
      expect(checkpointed.cost.states).toBeLessThanOrEqual(Math.max(1, Math.ceil(Math.sqrt(2 * r))))
      expect(checkpointed.cost.steps).toBeLessThanOrEqual(2 * r)
      const three = at(3)
      expect(three).toEqual({ ...stored, cost: three.cost })
      expect(three.cost.states).toBe(Math.max(1, Math.min(3, r)))
    },
  )

  test.prop([recipes, points, fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 })], {
    numRuns: 30,
  })('may be cut anywhere: the tail goes on from where the head ended', (recipe, { y, x }, head, tail) => {
    const iteration = ad.trajectory({ ...shapes, step: stepOf(recipe), loss: lossOf })
    const whole = iteration.valueAndGrad({ state: y, parameters: x, steps: head + tail })
    const middle = iteration.run({ state: y, parameters: x, steps: head })
    const end = iteration.valueAndGrad({ state: middle, parameters: x, steps: tail })
    expect([end.value, end.state]).toEqual([whole.value, whole.state])
    expect(iteration.value({ state: middle, parameters: x, steps: tail })).toBe(whole.value)
  })

  test('has the same bits before and after its steps are compiled', () => {
    const n = 64
    const wave = (k: number) => Float64Array.from({ length: k }, (_, i) => ((i * 37) % 64) / 64 - 0.5)
    const shape = { state: [n], parameters: { W: [n, n], a: [n] } } as const
    const make = () =>
      ad.trajectory({
        ...shape,
        step: (y, { W, a }) => ad.tanh(ad.add(ad.matmul(W, ad.sin(y)), a)),
        loss: (y) => ad.logSumExp(y),
      })
    const parameters = { W: ad.matrix(n, n, wave(n * n)), a: wave(n) }
    const input = { state: wave(n).map((v) => 0.5 - v), parameters, steps: 37 }
    // Ten steps are interpreted; among the 667 of the second run, some five million operations, is where they are compiled.
    const { cost, ...few } = make().valueAndGrad({ ...input, steps: 10 })
    const iteration = make()
    iteration.valueAndGrad({ ...input, memory: 'recomputed' })
    const { cost: _, ...many } = iteration.valueAndGrad({ ...input, steps: 10 })
    expect(many).toEqual(few)
    expect(cost.steps).toBe(10)
  })

  test('may exchange the parts of its state', () => {
    const iteration = ad.trajectory({
      state: { u: [1], v: [1] },
      parameters: {},
      step: ({ u, v }) => ({ u: v, v: u }),
      loss: ({ u, v }) => ad.add(ad.sum(u), ad.mul(10, ad.sum(v))),
    })
    const state = { u: Float64Array.of(1), v: Float64Array.of(2) }
    for (const steps of [4, 5]) {
      const input = { state, parameters: {}, steps, memory: 'recomputed' } as const
      const [a, b] = steps % 2 === 0 ? [1, 2] : [2, 1]
      const { u, v } = iteration.run(input)
      expect([...u.values, ...v.values]).toEqual([a, b])
      const { value, gradient } = iteration.valueAndGrad(input)
      expect(value).toBe(a + 10 * b)
      expect([...ad.ravel(gradient.state)]).toEqual(steps % 2 === 0 ? [1, 10] : [10, 1])
    }
  })

  test('results stay as they are when it runs again', () => {
    const iteration = ad.trajectory({
      state: [1],
      parameters: {},
      step: (y) => ad.mul(y, y),
      loss: (y) => ad.sum(y),
    })
    const first = iteration.valueAndGrad({ state: Float64Array.of(2), parameters: {}, steps: 3 })
    const end = iteration.run({ state: Float64Array.of(2), parameters: {}, steps: 2 })
    iteration.valueAndGrad({ state: Float64Array.of(3), parameters: {}, steps: 2 })
    expect([first.value, ...first.state.values, ...first.gradient.state.values]).toEqual([256, 256, 8 * 128])
    expect([...end.values]).toEqual([16])
    expect(first.gradient.parameters).toEqual({})
  })
})

describe('controls', () => {
  // y_{t+1} = (1 - u_t x) y_t: the derivatives of the product are sums of products with one factor replaced.
  const but = (factors: Vector, t: number): number => factors.reduce((p, f, s) => (s === t ? p : p * f), 1)
  const sizes = fc.array(fc.constantFrom<number[]>(0, 0.25, 0.5, 1, 2), { maxLength: 6 })
  const memories = fc.constantFrom<ad.Memory>('stored', 'checkpointed', 'recomputed', 2)

  test.prop([sizes, small, memories])('are given to each step anew', (u, x, memory) => {
    const { valueAndGrad } = ad.trajectory({
      state: [],
      parameters: [],
      controls: { size: [] },
      step: (y, z, _, { size }) => ad.sub(y, ad.mul(size, ad.mul(z, y))),
      loss: (y) => y,
    })
    const input = { state: 3, parameters: x, steps: u.length, memory }
    const { value, gradient } = valueAndGrad({ ...input, controls: (t) => ({ size: at(u, t) }) })
    const factors = u.map((ut) => 1 - ut * x)
    expect(value + 0).toBe(3 * but(factors, -1) + 0)
    expect(plain(gradient.state.values)).toEqual([but(factors, -1) + 0])
    expect(plain(gradient.parameters.values)).toEqual([
      u.reduce((s, ut, t) => s - 3 * ut * but(factors, t), 0) + 0,
    ])
  })

  test.prop([sizes, small, memories])('that are unit vectors pick what is differentiated', (u, x, memory) => {
    const r = u.length
    const { valueAndGrad } = ad.trajectory({
      state: [],
      parameters: [r],
      controls: [r],
      step: (y, all, _, unit) => ad.mul(y, ad.sub(1, ad.mul(x, ad.dot(all, unit)))),
      loss: (y) => y,
    })
    const { gradient } = valueAndGrad({
      state: 3,
      parameters: Float64Array.from(u),
      steps: r,
      memory,
      controls: (t) => Float64Array.from(u, (_, s) => (s === t ? 1 : 0)),
    })
    const factors = u.map((ut) => 1 - ut * x)
    expect(plain(gradient.parameters.values)).toEqual(u.map((_, t) => -3 * x * but(factors, t) + 0))
  })

  test('that are missing or of another shape are named', () => {
    const { run } = ad.trajectory({
      state: [],
      parameters: {},
      controls: { size: [2] },
      step: (y, _, __, { size }) => ad.mul(y, ad.sum(size)),
      loss: (y) => y,
    })
    const input = { state: 1, parameters: {}, steps: 1 }
    expect(() => run(input)).toThrow('controls.size: is missing')
    expect(() => run({ ...input, controls: () => ({ size: 1 }) })).toThrow('controls.size: expected 2 values')
  })
})

/** An array as a tensor of a trace. */
const constant = (like: ad.Tensor, x: ad.Dense | ad.Indices): ad.Tensor => {
  const [, lift] = lifted('constant', [like, x])
  return lift ?? like
}

describe('minibatches', () => {
  const A = ad.matrix(5, 2, [1, 2, -1, 3, 0.5, 1, 2, -2, 0.25, 4])
  const b = ad.vector([1, -1, 2, 0.5, 3])
  const labels = ad.indices([0, 1, 1])
  const batches = [[0, 1], [4], [2, 2, 3], [1, 0], [3]]
  const rowsAt = (t: number): Int32Array => Int32Array.from(batches[t % batches.length] ?? [])
  const inner = (w: ad.Tensor, decay: ad.Tensor, rows: { readonly A: ad.Tensor; readonly b: ad.Tensor }) =>
    ad.add(
      ad.mul(0.5, ad.mean(ad.square(ad.sub(ad.matmul(rows.A, w), rows.b)))),
      ad.mul(0.5, ad.dot(ad.exp(decay), ad.square(w))),
    )
  const outer = (w: ad.Tensor, rows: { readonly t: ad.Tensor }) =>
    ad.mean(ad.square(ad.sub(ad.gather(w, rows.t), 1)))
  const make = (onTrace: (which: string) => void = () => {}) =>
    ad.trajectory({
      state: { w: [2] },
      parameters: { decay: [2] },
      data: { step: { A, b }, loss: { t: labels } },
      controls: [],
      step: ({ w }, { decay }, rows, size) => {
        onTrace('step')
        return { w: ad.sub(w, ad.mul(size, ad.grad((z) => inner(z, decay, rows))(w))) }
      },
      loss: ({ w }, _, rows) => {
        onTrace('loss')
        return outer(w, rows)
      },
    })
  const sizeAt = (t: number): number => (t % 2 === 0 ? 0.0625 : 0.1875)
  const start = {
    state: { w: Float64Array.of(0.5, -0.25) },
    parameters: { decay: Float64Array.of(-1, 0.5) },
    controls: sizeAt,
  }

  test('every step and the loss see their rows, bit for bit as in the unrolled program', () => {
    const own = vocabulary.identity
    type P = { readonly w: Float64Array; readonly decay: Float64Array }
    const loss = Int32Array.of(2, 0)
    for (const r of [0, 1, 4, 7]) {
      const { value, gradient } = ad.valueAndGrad<P>(({ w, decay }) => {
        let y = w
        for (let t = 0; t < r; t += 1) {
          const [z, d] = [own(y), own(decay)]
          const seen = ad.indices(rowsAt(t))
          const take = (x: ad.Dense) => ad.gather(constant(z, x), seen)
          const rows = { A: take(A), b: take(b) }
          y = ad.sub(z, ad.mul(sizeAt(t), ad.grad((q) => inner(q, d, rows))(z)))
        }
        return outer(own(y), { t: ad.gather(constant(y, labels), ad.indices(loss)) })
      })({ w: start.state.w, decay: start.parameters.decay })
      for (const memory of ['stored', 'checkpointed', 'recomputed'] as const) {
        const found = make().valueAndGrad({ ...start, steps: r, memory, rows: { step: rowsAt, loss } })
        expect(found.value).toBe(value)
        expect(found.gradient.state.w.values).toEqual(gradient.w)
        expect(plain(found.gradient.parameters.decay.values)).toEqual(plain(gradient.decay))
      }
    }
  })

  test('no rows named means all rows', () => {
    const all = { step: () => Int32Array.of(0, 1, 2, 3, 4), loss: Int32Array.of(0, 1, 2) }
    const named = make().valueAndGrad({ ...start, steps: 4, rows: all })
    expect(make().valueAndGrad({ ...start, steps: 4 })).toEqual(named)
    expect(make().valueAndGrad({ ...start, steps: 4, rows: { step: () => null, loss: null } })).toEqual(named)
  })

  test('a step is traced once for each number of rows, whatever the number of steps', () => {
    const traces: string[] = []
    const iteration = make((which) => traces.push(which))
    for (const steps of [20, 40])
      iteration.valueAndGrad({ ...start, steps, rows: { step: rowsAt }, memory: 'recomputed' })
    expect(traces.filter((which) => which === 'step').length).toBe(3)
    expect(traces.filter((which) => which === 'loss').length).toBe(1)
  })
})

describe('misuse is named', () => {
  const iteration = ad.trajectory({
    state: { w: [2], v: [] },
    parameters: [3],
    data: { step: { A: ad.vector([1, 2]) } },
    step: ({ w, v }, x, { A }) => ({ w, v: ad.add(v, ad.mul(ad.sum(x), ad.sum(A))) }),
    loss: ({ v }) => v,
  })
  const input = { state: { w: Float64Array.of(1, 2), v: 0 }, parameters: Float64Array.of(1, 2, 3), steps: 2 }

  test.each([
    ['a state', { state: { w: Float64Array.of(1), v: 0 } }, 'state.w: expected 2 values of shape [2], got 1'],
    ['a matrix', { state: { w: ad.matrix(2, 1, [1, 2]), v: 0 } }, 'state.w: expected an array of shape [2]'],
    ['parameters', { parameters: Float64Array.of(1) }, 'parameters: expected 3 values of shape [3], got 1'],
    ['steps below 0', { steps: -1 }, 'steps: must be an integer >= 0, got -1'],
    ['half a step', { steps: 1.5 }, 'steps: must be an integer >= 0, got 1.5'],
    ['NaN steps', { steps: Number.NaN }, 'steps: must be an integer >= 0, got NaN'],
    [
      'no states',
      { memory: 0 },
      "memory: must be 'stored', 'checkpointed', 'recomputed' or a number of states >= 1",
    ],
    [
      'a row too many',
      { rows: { step: (t: number) => Int32Array.of(t + 1) } },
      'rows.step(1): entry 0 must be a row from 0 to 1, got 2',
    ],
    ['an empty batch', { rows: { step: () => new Int32Array(0) } }, 'rows.step(0): must not be empty'],
    [
      'rows of no data',
      { rows: { loss: Int32Array.of(0) } },
      'rows.loss: must be null, since there are no data',
    ],
  ])('%s', (_, change, message) => {
    for (const call of [iteration.run, iteration.value, iteration.valueAndGrad]) {
      expect(() => call({ ...input, ...change })).toThrow(RangeError)
      expect(() => call({ ...input, ...change })).toThrow(message)
    }
  })

  test('a field that is missing, a step or a loss of another shape, bad data', () => {
    expect(() => iteration.run(JSON.parse('{"steps":1,"state":{"v":1},"parameters":0}'))).toThrow(
      'state.w: is missing',
    )
    const base = { state: { w: [2] }, parameters: [], loss: () => 0 } as const
    const scalar = ad.trajectory({ ...base, step: ({ w }) => ({ w: ad.sum(w) }) })
    const one = { state: { w: Float64Array.of(1, 2) }, parameters: 0, steps: 1 }
    expect(() => scalar.run(one)).toThrow('step.w: expected a Tensor of shape [2], got the Tensor f64[]')
    const missing = ad.trajectory({ ...base, step: () => JSON.parse('{}') })
    expect(() => missing.run(one)).toThrow('step.w: is missing')
    const long = ad.trajectory({ ...base, step: (y) => y, loss: ({ w }) => w })
    expect(() => long.value(one)).toThrow('must return a scalar')
    expect(() =>
      ad.trajectory({ ...base, step: (y) => y, data: { step: { A: ad.vector([1, Number.NaN]) } } }),
    ).toThrow('data.step.A: entry 1 must be finite')
    expect(() =>
      ad.trajectory({ ...base, step: (y) => y, data: { loss: { A: ad.vector([1]), b: ad.vector([1, 2]) } } }),
    ).toThrow('data.loss.b: has 2 rows, but data.loss.A has 1')
  })
})
