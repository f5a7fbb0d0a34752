/** Runs over replicas: one program, whatever carries its sums; states that can be written down anywhere. */

import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { adam, compileDirection, logistic, type Objective, quadratic, steepest } from 'steplaw'
import {
  type Communicator,
  checkpointReplicas,
  controller,
  drawnAssignments,
  drawnBatches,
  givenAssignments,
  givenBatches,
  hyperparameters,
  inProcess,
  iterateReplica,
  iterateReplicas,
  noisyStarts,
  oneCycle,
  type ReplicaMethod,
  type ReplicaState,
  replicaIteration,
  replicaMethod,
  replicasInit,
  restoreReplicas,
  trainReplicas,
} from 'steplaw/replica'
import { describe, expect, test } from 'vitest'
import { compare } from '../../examples/replicas.js'
import { overPorts } from './transport.js'

const problem = logistic({
  A: [
    [1, 2],
    [3, 1],
    [0, 1],
    [1, -1],
    [2, 0.3],
  ],
  y: [1, -1, 1, 1, -1],
  l2: 0.01,
})

/** A direction that remembers points, more of them as it goes. */
const memory = { direction: 'neo', alpha: 0.9, memory: 3, normalised: true } as const

const methods: fc.Arbitrary<ReplicaMethod> = fc
  .record({
    replicas: fc.integer({ min: 1, max: 5 }),
    period: fc.integer({ min: 1, max: 5 }),
    direction: fc.constantFrom(steepest, adam(), compileDirection(memory)),
    spread: fc.double({ min: 0, max: 1, noNaN: true }),
    seed: fc.integer({ min: -1000, max: 1000 }),
    warm: fc.constantFrom(0, 2),
    replace: fc.boolean(),
  })
  .map(({ replicas, period, direction, spread, seed, warm, replace }) => {
    const fields = { replicas, step: 0.3, spread, temperature: 0.05, momentum: 0.5, gain: 1, decay: 0.01 }
    return replicaMethod({
      controllers: { step: controller(fields), other: controller({ ...fields, step: 2 }) },
      period,
      direction,
      ...(warm === 0 ? {} : { warmUp: { factor: oneCycle({ total: 40 }), until: warm * period } }),
      assignment: drawnAssignments(replicas, seed),
      batch: drawnBatches({ batch: 2, replace, seed }, 5, replicas),
    })
  })

const sizeOf = (method: ReplicaMethod): number => method.controllers.step.fields.replicas
const startOf = (method: ReplicaMethod) =>
  replicasInit(method, noisyStarts(Float64Array.of(1, -0.3), { replicas: sizeOf(method), seed: 1 }))

/** The states of all ranks after some iterations over communicators. */
const runOver = async (
  ranks: ReadonlyArray<Communicator>,
  method: ReplicaMethod,
  iterations: number,
): Promise<ReadonlyArray<ReplicaState>> =>
  Promise.all(
    ranks.map(async (communicator) => {
      const run = iterateReplica(communicator, problem, method, startOf(method))
      let state: ReplicaState | null = null
      for (let i = 0; i < iterations; i += 1) state = (await run.next()).value.state
      if (state === null) throw new Error('no iteration')
      return state
    }),
  )

describe('the same bits come', () => {
  test.each([
    ['from replicas that meet in this thread', (n: number) => ({ ranks: inProcess(n), close: () => {} })],
    ['over a transport that the library does not know', overPorts],
  ])('%s', async (_, transport) =>
    fc.assert(
      fc.asyncProperty(methods, fc.integer({ min: 1, max: 12 }), async (method, iterations) => {
        const here = trainReplicas(problem, method, startOf(method), iterations).state
        const { ranks, close } = transport(sizeOf(method))
        const states = await runOver(ranks, method, iterations)
        close()
        expect(states.map(({ x, direction, loss }) => ({ x, direction, loss }))).toEqual(here.replicas)
        for (const { controllers } of states) expect(controllers).toEqual(here.controllers)
      }),
      { numRuns: 30 },
    ),
  )

  test('from a state that was written down between any two iterations', () =>
    fc.assert(
      fc.property(methods, fc.nat(12), (method, stop) => {
        const whole = trainReplicas(problem, method, startOf(method), 12)
        const half = trainReplicas(problem, method, startOf(method), stop)
        const text = JSON.stringify(checkpointReplicas(half.state))
        const read = restoreReplicas(method, 2)(JSON.parse(text))
        if (E.isLeft(read)) throw new Error('refused')
        expect(read.right).toEqual(half.state)
        const rest = trainReplicas(problem, method, read.right, 12)
        expect(rest.state).toEqual(whole.state)
        expect([...half.records, ...rest.records]).toEqual(whole.records)
      }),
    ))
})

describe('a state that is read', () => {
  const method = replicaMethod({
    controllers: {
      step: controller({ replicas: 2, step: 1, spread: 0.1, temperature: 1, momentum: 0, gain: 1 }),
    },
    period: 2,
  })
  const written = checkpointReplicas(replicasInit(method, Float64Array.of(1, 2)))
  test.each([
    [
      'another dimension',
      { replicas: [{ x: [1], direction: { count: 0, moments: [] }, loss: 0 }] },
      'replicas',
    ],
    ['no replicas', { replicas: [] }, 'checkpoint.replicas'],
    ['an unknown field', { more: 1 }, 'checkpoint.more'],
    [
      'a base below zero',
      { controllers: { step: { base: -1, velocity: 0 } } },
      'checkpoint.controllers.step.base',
    ],
    ['no controller', { controllers: {} }, 'checkpoint.controllers.step'],
  ])('is refused with %s', (_, damage, field) => {
    const read = restoreReplicas(method, 2)({ ...(written as object), ...damage })
    expect(E.isLeft(read) && read.left.map((e) => e.field).join()).toContain(field)
  })
})

describe('communicators in one thread', () => {
  test('share what one of them has', async () => {
    const all = await Promise.all(inProcess(3).map((c) => c.broadcast(Float64Array.of(c.rank, -0), 2)))
    expect(all).toEqual([Float64Array.of(2, -0), Float64Array.of(2, -0), Float64Array.of(2, -0)])
  })

  test('refuse those who wait, and those who come later, when one leaves', async () => {
    const [a, b, c] = inProcess(3)
    const waits = a?.allReduce(Float64Array.of(1))
    b?.leave?.('it had enough')
    await expect(waits).rejects.toThrow('replica 1: it had enough')
    await expect(c?.barrier()).rejects.toThrow('replica 1: it had enough')
  })

  test.each([
    ['another call', (c: Communicator) => c.barrier()],
    ['another length', (c: Communicator) => c.allReduce(Float64Array.of(1, 2))],
  ])('refuse all of them when one makes %s', async (_, call) => {
    const [a, b] = inProcess(2)
    if (a === undefined || b === undefined) throw new Error('no ranks')
    const met = await Promise.allSettled([a.allReduce(Float64Array.of(1)), call(b)])
    expect(met.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })

  test('refuse a second call before the first is answered', async () => {
    const [a] = inProcess(2)
    const first = a?.barrier()
    await expect(a?.barrier()).rejects.toThrow('replica 0')
    await expect(first).rejects.toThrow('replica 0')
  })

  test('let no replica wait for one whose objective throws', async () => {
    const step = controller({ replicas: 2, step: 1, spread: 0.1, temperature: 1, momentum: 0, gain: 1 })
    const method = replicaMethod({ controllers: { step }, period: 2 })
    const from = replicasInit(method, Float64Array.of(1, 2))
    const bad: Objective = {
      ...problem,
      valueAndGradient: () => {
        throw new RangeError('no such row')
      },
    }
    const [a, b] = inProcess(2)
    if (a === undefined || b === undefined) throw new Error('no ranks')
    const runs = [iterateReplica(a, problem, method, from), iterateReplica(b, bad, method, from)]
    const ended = await Promise.allSettled(runs.map((run) => run.next()))
    const reasons = ended.map((end) => (end.status === 'rejected' ? String(end.reason) : 'none'))
    expect(reasons).toEqual([
      'PeerLost: replica 1: it threw RangeError: no such row',
      'RangeError: no such row',
    ])
  })
})

describe('a method', () => {
  const fields = { replicas: 4, step: 0.5, spread: 0.5, temperature: 1, momentum: 0, gain: 1 }
  const step = controller(fields)

  test('refuses what does not fit', () => {
    const other = controller({ ...fields, replicas: 3 })
    expect(() => replicaMethod({ controllers: { step, other }, period: 1 })).toThrow(
      'controllers.other.replicas',
    )
    expect(() => replicaMethod({ controllers: { step }, period: 1.5 })).toThrow('period')
    const warmUp = { factor: () => 1, until: 5 }
    expect(() => replicaMethod({ controllers: { step }, period: 2, warmUp })).toThrow('until')
    const method = replicaMethod({ controllers: { step }, period: 2 })
    expect(() => replicasInit(method, [Float64Array.of(1)])).toThrow('start')
    expect(() => replicasInit(method, Float64Array.of(Number.NaN))).toThrow('coordinate 0')
    expect(() => replicaIteration(method, 4)).toThrow('rank')
    expect(() => givenAssignments(2, [[0, 0]])).toThrow('permutation')
    expect(() => givenBatches([])(0, 0)).toThrow('batches')
  })

  test('follows its schedule up to the end of the warm-up, and the controller from there', () => {
    const factor = oneCycle({ total: 40, rise: 0.5 })
    const method = replicaMethod({ controllers: { step }, period: 3, warmUp: { factor, until: 6 } })
    const { records, state } = trainReplicas(problem, method, replicasInit(method, Float64Array.of(1, 1)), 12)
    const rho = step.values(1, [0, 1, 2, 3])
    for (const { k, values } of records.slice(0, 6))
      expect(values.step).toEqual(rho.map((r) => 0.5 * factor(k) * r))
    // Constant between synchronisations, and the first period begins where the schedule is.
    expect(records[6]?.values.step).toEqual(rho.map((r) => 0.5 * factor(6) * r))
    expect(records[8]?.values).toEqual(records[6]?.values)
    expect(records[9]?.values).not.toEqual(records[6]?.values)
    expect(records.map(({ synchronisation }) => synchronisation._tag)).toEqual(
      Array.from({ length: 12 }, (_, k) => (k === 8 || k === 11 ? 'Some' : 'None')),
    )
    expect(hyperparameters(method, state).step.length).toBe(4)
  })

  test('gives every hyperparameter a permutation of its own', () => {
    const assignment = drawnAssignments(8, 1)
    const differ = Array.from(
      { length: 20 },
      (_, j) => assignment(j, 'step').join() !== assignment(j, 'other').join(),
    )
    expect(differ.some(Boolean)).toBe(true)
  })

  test('moves no replica where the mean gradient is not finite, and goes on', () => {
    const bowl = quadratic({ A: [[[1]]], b: [[0]] })
    const gaps: Objective = {
      ...bowl,
      valueAndGradient: (x, batch) =>
        batch?.[0] === 1
          ? { value: Number.NaN, gradient: Float64Array.of(Number.NaN) }
          : bowl.valueAndGradient(x, null),
    }
    const batch = (k: number, r: number) => Int32Array.of(k === 1 && r === 2 ? 1 : 0)
    const method = replicaMethod({ controllers: { step }, period: 4, batch })
    const run = iterateReplicas(gaps, method, replicasInit(method, Float64Array.of(1)))
    const [first, second, third, fourth] = Array.from({ length: 4 }, () => run.next().value)
    expect(second?.state.replicas.map(({ x }) => x)).toEqual(first?.state.replicas.map(({ x }) => x))
    expect(third?.state.replicas[0]?.x).not.toEqual(second?.state.replicas[0]?.x)
    // Its losses of this period do not count; those of the others do.
    const { synchronisation } = fourth?.record ?? {}
    expect(synchronisation?._tag === 'Some' && synchronisation.value.step.weights[2]).toBe(0)
    expect(fourth?.state.controllers.step.base).toBeGreaterThan(0)
  })

  test('draws batches that share out an epoch', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer(), (replicas, seed) => {
        const batch = drawnBatches({ batch: 2, replace: false, seed: seed | 0 }, 2 * replicas, replicas)
        const drawn = (k: number) =>
          Array.from({ length: replicas }, (_, r) => Array.from(batch(k, r) ?? [])).flat()
        for (const k of [0, 1, 7])
          expect(drawn(k).sort((a, b) => a - b)).toEqual(Array.from({ length: 2 * replicas }, (_, i) => i))
      }),
    ))
})

test('the example finds its way from a step that is too small and from one that is too large', () => {
  const low = compare(1e-4)
  const high = compare(10)
  expect(low.alone).toBeGreaterThan(low.together + 0.1)
  expect(high.alone).toBeGreaterThan(high.together + 1)
  expect(Math.abs(low.together - high.together)).toBeLessThan(0.01)
  expect(high.base / low.base).toBeLessThan(3)
  expect(low.base / high.base).toBeLessThan(3)
})
