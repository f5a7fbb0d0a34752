/** Replicas in threads: the same bits as in one, and nothing is lost or left hanging when one of them goes. */
import * as E from 'fp-ts/lib/Either.js'
import { objectiveOf } from 'steplaw'
import {
  checkpointReplicas,
  plannedMethod,
  type ReplicaPlan,
  replicasInit,
  trainOnThreads,
  trainReplicas,
} from 'steplaw/replica'
import { describe, expect, test } from 'vitest'

const module = new URL('./module/loss.mjs', import.meta.url).href

const rows = [
  [1, 2],
  [3, 1],
  [0, 1],
  [1, -1],
  [2, 0.3],
]

const written = { objective: 'logistic', A: rows, y: [1, -1, 1, 1, -1], l2: 0.01 } as const

const plan: ReplicaPlan = {
  objective: written,
  controllers: { step: { replicas: 3, step: 0.3, spread: 0.4, temperature: 0.01, momentum: 0.5, gain: 1 } },
  period: 4,
  direction: { direction: 'neo', alpha: 0.9, memory: 3, normalised: true },
  warmUp: { cycle: { total: 30 }, until: 8 },
  draws: { batches: { batch: 2, replace: false, seed: 1 }, permutations: { seed: 2 } },
}
const start = Float64Array.of(1, -0.3)

test('threads and one thread give the same bits, also from the middle of a run', async () => {
  const method = plannedMethod(plan)
  const from = replicasInit(method, start)
  const whole = trainReplicas(objectiveOf(written), method, from, 23)
  const first = await trainOnThreads(plan, from, 10)()
  if (E.isLeft(first)) throw new Error(first.left.message)
  expect(first.right.state).toEqual(trainReplicas(objectiveOf(written), method, from, 10).state)
  const second = await trainOnThreads(plan, first.right.state, 23)()
  if (E.isLeft(second)) throw new Error(second.left.message)
  expect(checkpointReplicas(second.right.state)).toEqual(checkpointReplicas(whole.state))
  expect(second.right.x).toEqual(whole.x)
  expect([...first.right.records, ...second.right.records]).toEqual(whole.records)
})

/** Two replicas on x^2 / 2 of a module, told apart by their batches. */
const moduled = (name: string): ReplicaPlan => ({
  objective: { module: `${module}#${name}` },
  controllers: {
    step: { replicas: 2, step: 0.1, spread: 0.4, temperature: 0.01, momentum: 0.5, gain: 1 },
    weight: { replicas: 2, step: 1, spread: 0.1, temperature: 0.01, momentum: 0.5, gain: 0.1 },
  },
  period: 3,
  draws: {
    batches: Array.from({ length: 20 }, () => [[0], [1]]),
    permutations: { seed: 4 },
  },
})

test('an objective of a module reads its hyperparameters, and may answer later', async () => {
  const { square }: { square: Parameters<typeof trainReplicas>[0] } = await import(module)
  const method = plannedMethod(moduled('square'))
  const from = replicasInit(method, start)
  const here = trainReplicas(square, method, from, 20)
  const there = await trainOnThreads(moduled('late'), from, 20)()
  expect(E.isRight(there) && checkpointReplicas(there.right.state)).toEqual(checkpointReplicas(here.state))
  expect(here.state.controllers.weight?.base).not.toBe(1)
})

describe('a replica that', () => {
  test.each([
    ['dies', 'dies', /replica 1: its thread ended with code 3/],
    ['throws', 'throws', /replica 1: it threw RangeError: no such row/],
    ['hangs', 'hangs', /replica 1: it did not come within 2\.0 s/],
    ['forgets to answer', 'forgets', /replica 1: its thread ended with code/],
  ])('%s is named, and the run goes on from where it was', async (_, name, message) => {
    const { square }: { square: Parameters<typeof trainReplicas>[0] } = await import(module)
    const method = plannedMethod(moduled(name))
    const from = replicasInit(method, start)
    const lost = await trainOnThreads(moduled(name), from, 20, { patience: 2000 })()
    if (E.isRight(lost)) throw new Error('nobody was lost')
    expect(lost.left.message).toMatch(message)
    expect(lost.left.rank).toBe(1)
    // Seven iterations were whole when the eighth gradient was asked for.
    const { state, records } = lost.left.run
    expect(state.k).toBe(7)
    const reference = trainReplicas(square, method, from, 7)
    expect(checkpointReplicas(state)).toEqual(checkpointReplicas(reference.state))
    expect(records).toEqual(reference.records)
    // Another lot of threads takes it up.
    const rest = await trainOnThreads(moduled('square'), state, 20)()
    const whole = trainReplicas(square, method, from, 20)
    expect(E.isRight(rest) && checkpointReplicas(rest.right.state)).toEqual(checkpointReplicas(whole.state))
  })

  test.each([
    ['is not there', `${module}#nothing`, /exports .*, expected nothing/],
    ['is no objective', `${module}#number`, /expected an objective or a function/],
  ])('%s is named', async (_, reference, message) => {
    const other = { ...moduled('square'), objective: { module: reference } }
    const lost = await trainOnThreads(other, replicasInit(plannedMethod(other), start), 3)()
    expect(E.isLeft(lost) && lost.left.message).toMatch(message)
    expect(E.isLeft(lost) && lost.left.run.state.k).toBe(0)
  })
})

test('what does not fit is refused before a thread is started', () => {
  const from = replicasInit(plannedMethod(plan), start)
  expect(() => trainOnThreads({ ...plan, period: 0 }, from, 1)).toThrow('period')
  expect(() => trainOnThreads({ ...plan, objective: { module: './loss.mjs#f' } }, from, 1)).toThrow(
    'whole URL',
  )
  expect(() => trainOnThreads(moduled('square'), from, 1)).toThrow('from.replicas')
  expect(() => trainOnThreads(plan, from, -1)).toThrow('iterations')
  expect(() => trainOnThreads(plan, from, 1, { patience: 0 })).toThrow('patience')
})

test('a run without iterations starts no thread', async () => {
  const from = replicasInit(plannedMethod(plan), start)
  expect(await trainOnThreads(plan, from, 0)()).toEqual(E.right({ x: start, state: from, records: [] }))
})
