import type * as E from 'fp-ts/lib/Either.js'
import type { NonEmptyArray } from 'fp-ts/lib/NonEmptyArray.js'
import { decodeWith, type Invalid } from '../../spec/vocabulary/invalid.js'
import { type Json, json } from '../../spec/vocabulary/json.js'
import { strict } from '../../spec/vocabulary/strict.js'
import type { Vector } from '../problem/oracle.js'
import { runAsync, runSync } from '../program/interpret.js'
import { type BilevelCounts, countsCodec, kindOf, noCounts } from './counts.js'
import { type BilevelDraw, noDraw } from './draw.js'
import type { BilevelMethod, BilevelRecord, BilevelStart, BilevelState, Status } from './method/method.js'
import type { AsyncBilevelOracle, BilevelOracle, BilevelRequest } from './oracle.js'
import { answerBilevel, type BilevelProblem } from './problem/problem.js'

/**
 * Where a run stands between two iterations: the state of the method, and what has been evaluated. Plain data.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface BilevelCheckpoint<S> {
  readonly state: S
  readonly counts: BilevelCounts
}

/**
 * One iteration as a driver yields it.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface BilevelIterate<S, T> extends BilevelCheckpoint<S> {
  readonly record: BilevelRecord<T>
}

/**
 * What a driver needs besides the problem.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface BilevelOptions<S extends BilevelState, T> {
  readonly method: BilevelMethod<S, T>
  readonly start: BilevelStart
  /** The random choices of iteration $k$; none by default. */
  readonly draws?: (k: number) => BilevelDraw
  /** The most iterations in all, those before `from` included. */
  readonly iterations?: number
  /** Whether to stop after an iteration. */
  readonly stop?: (iterate: BilevelIterate<S, T>) => boolean
  /** Goes on from here instead of from `start`. */
  readonly from?: BilevelCheckpoint<S>
}

/**
 * The end of a bilevel run.
 *
 * @category Bilevel
 * @since 0.1.0
 */
export interface BilevelRun<S, T> extends BilevelCheckpoint<S> {
  readonly x: Vector
  readonly y: Vector
  /** Whether the method would go on; if not, why. */
  readonly status: Status
  readonly records: ReadonlyArray<BilevelRecord<T>>
}

/** Counts what it is asked. */
interface Meter {
  readonly count: (request: BilevelRequest) => void
  readonly read: () => BilevelCounts
}

const meter = (from: BilevelCounts): Meter => {
  const counts = { ...from }
  return {
    count: (request) => {
      counts[kindOf(request)] += 1
    },
    read: () => ({ ...counts }),
  }
}

const finiteStart = ({ x, y, v, z }: BilevelStart): void => {
  for (const [name, point] of Object.entries<Vector | undefined>({ x, y, v, z })) {
    const bad = point?.findIndex((p) => !Number.isFinite(p)) ?? -1
    if (bad >= 0)
      throw new RangeError(`start.${name}: coordinate ${bad} is ${point?.[bad]}, expected a finite number`)
  }
}

const begun = <S extends BilevelState, T>({
  method,
  start,
  from,
}: BilevelOptions<S, T>): BilevelCheckpoint<S> => {
  if (from !== undefined) return from
  finiteStart(start)
  return { state: method.init(start), counts: noCounts }
}

const fits = (problem: BilevelProblem, start: BilevelStart): void => {
  const { x, y } = problem.dimension
  const lengths = { x, y, v: y, z: y }
  for (const [name, length] of Object.entries(lengths)) {
    const point = start[name as keyof BilevelStart]
    if (point !== undefined && point.length !== length)
      throw new RangeError(`start.${name} has length ${point.length}, expected ${length}`)
  }
}

const oracleOf = (problem: BilevelProblem | BilevelOracle, start: BilevelStart): BilevelOracle => {
  if (typeof problem === 'function') return problem
  fits(problem, start)
  return answerBilevel(problem)
}

const draw = <S extends BilevelState, T>({ draws }: BilevelOptions<S, T>, k: number): BilevelDraw =>
  draws === undefined ? noDraw : draws(k)

/**
 * The iterations of a bilevel method, one after the other, until it stops by itself; `iterations` and `stop` are left to the caller.
 *
 * @throws as {@link minimiseBilevel}.
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant } from 'steplaw'
 * import { bilevelDescent, direct, iterateBilevel, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
 * })
 * const method = bilevelDescent({
 *   inner: { steps: 1, rule: constant(0.5) },
 *   hypergradient: direct(),
 *   outer: { rule: constant(0.5) },
 * })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * const [first] = iterateBilevel(problem, { method, start })
 * first?.record.y // => Float64Array.of(0.5)
 * first?.counts.hessianProducts // => 1
 * ```
 */
export function* iterateBilevel<S extends BilevelState, T>(
  problem: BilevelProblem | BilevelOracle,
  options: BilevelOptions<S, T>,
): Generator<BilevelIterate<S, T>, void> {
  const oracle = oracleOf(problem, options.start)
  let { state, counts } = begun(options)
  while (state.status === 'running') {
    const { count, read } = meter(counts)
    const [next, record] = runSync(options.method.iterate(state, draw(options, state.k)), (request) => {
      count(request)
      return oracle(request)
    })
    state = next
    counts = read()
    yield { record, state, counts }
  }
}

/**
 * {@link iterateBilevel} for an oracle that answers later.
 *
 * @throws as {@link minimiseBilevel}; rejects as the oracle does.
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant } from 'steplaw'
 * import { answerBilevel, bilevelDescent, direct, iterateBilevelAsync, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
 * })
 * const method = bilevelDescent({
 *   inner: { steps: 1, rule: constant(0.5) },
 *   hypergradient: direct(),
 *   outer: { rule: constant(0.5) },
 * })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * const far = async (request: Parameters<ReturnType<typeof answerBilevel>>[0]) => answerBilevel(problem)(request)
 * const first = await iterateBilevelAsync(far, { method, start }).next()
 * first.value?.record.value // => -0.875
 * ```
 */
export async function* iterateBilevelAsync<S extends BilevelState, T>(
  oracle: AsyncBilevelOracle,
  options: BilevelOptions<S, T>,
): AsyncGenerator<BilevelIterate<S, T>, void> {
  let { state, counts } = begun(options)
  while (state.status === 'running') {
    const { count, read } = meter(counts)
    const [next, record] = await runAsync(
      options.method.iterate(state, draw(options, state.k)),
      (request) => {
        count(request)
        return oracle(request)
      },
    )
    state = next
    counts = read()
    yield { record, state, counts }
  }
}

const limitOf = <S extends BilevelState, T>({ iterations, stop }: BilevelOptions<S, T>): number => {
  if (iterations === undefined && stop === undefined)
    throw new RangeError('iterations: got none, expected a number of iterations or a condition to stop')
  if (iterations !== undefined && !(iterations >= 0))
    throw new RangeError(`iterations: got ${iterations}, expected a number >= 0`)
  return iterations ?? Number.POSITIVE_INFINITY
}

/**
 * Runs a bilevel method until a condition is met, or it stops by itself.
 *
 * @param problem - a {@link BilevelProblem}, or a {@link BilevelOracle}: functions of another framework.
 * @throws RangeError if the start is not finite or does not fit the problem, or nothing ends the run; as the method does.
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant } from 'steplaw'
 * import { bilevelDescent, conjugateGradients, minimiseBilevel, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
 * })
 * const method = bilevelDescent({
 *   inner: { steps: 10, rule: constant(0.4) },
 *   hypergradient: conjugateGradients({ iterations: 3 }),
 *   outer: { rule: constant(0.8) },
 * })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * const run = minimiseBilevel(problem, { method, start, iterations: 60 })
 * run.x.map((x) => Math.round(1e6 * x) / 1e6) // => Float64Array.of(-1.2)
 * ```
 */
export const minimiseBilevel = <S extends BilevelState, T>(
  problem: BilevelProblem | BilevelOracle,
  options: BilevelOptions<S, T>,
): BilevelRun<S, T> => {
  const limit = limitOf(options)
  const records: Array<BilevelRecord<T>> = []
  let here = begun(options)
  if (here.state.k < limit)
    for (const { record, ...next } of iterateBilevel(problem, { ...options, from: here })) {
      records.push(record)
      here = next
      if (next.state.k >= limit || options.stop?.({ record, ...next }) === true) break
    }
  return { ...options.method.point(here.state), ...here, status: here.state.status, records }
}

/**
 * {@link minimiseBilevel} for an oracle that answers later.
 *
 * @throws as {@link minimiseBilevel}; rejects as the oracle does.
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant } from 'steplaw'
 * import { answerBilevel, bilevelDescent, direct, minimiseBilevelAsync, quadraticBilevel } from 'steplaw/bilevel'
 *
 * const problem = quadraticBilevel({
 *   lower: [{ H: [[2]], B: [[1]], c: [-1] }],
 *   upper: [{ P: [[1]], S: [[1]], R: [[2]], p: [-2], r: [0.25] }],
 * })
 * const method = bilevelDescent({
 *   inner: { steps: 1, rule: constant(0.5) },
 *   hypergradient: direct(),
 *   outer: { rule: constant(0.8) },
 * })
 * const start = { x: Float64Array.of(0), y: Float64Array.of(0) }
 * const far = async (request: Parameters<ReturnType<typeof answerBilevel>>[0]) => answerBilevel(problem)(request)
 * const run = await minimiseBilevelAsync(far, { method, start, iterations: 50 })
 * run.x.map((x) => Math.round(1e6 * x) / 1e6) // => Float64Array.of(-1.2)
 * ```
 */
export const minimiseBilevelAsync = async <S extends BilevelState, T>(
  oracle: AsyncBilevelOracle,
  options: BilevelOptions<S, T>,
): Promise<BilevelRun<S, T>> => {
  const limit = limitOf(options)
  const records: Array<BilevelRecord<T>> = []
  let here = begun(options)
  if (here.state.k < limit)
    for await (const { record, ...next } of iterateBilevelAsync(oracle, { ...options, from: here })) {
      records.push(record)
      here = next
      if (next.state.k >= limit || options.stop?.({ record, ...next }) === true) break
    }
  return { ...options.method.point(here.state), ...here, status: here.state.status, records }
}

type Sized = BilevelProblem['dimension']

const checkpointCodec = <S extends BilevelState, T>(method: BilevelMethod<S, T>, dimension: Sized) =>
  strict('a bilevel checkpoint', { state: method.state(dimension), counts: countsCodec })

/**
 * Writes where a bilevel run stands as JSON. Reading it back with {@link restoreBilevel} gives the same bits.
 *
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant } from 'steplaw'
 * import { bilevelDescent, checkpointBilevel, firstOrder, noCounts, restoreBilevel } from 'steplaw/bilevel'
 *
 * const method = bilevelDescent({
 *   inner: { steps: 1, rule: constant(0.5) },
 *   hypergradient: firstOrder(),
 *   outer: { rule: constant(0.8) },
 * })
 * const state = method.init({ x: Float64Array.of(0.1), y: Float64Array.of(-0, 1) })
 * const here = { state, counts: noCounts }
 * const written = JSON.stringify(checkpointBilevel(method, here))
 * restoreBilevel(method, { x: 1, y: 2 })(JSON.parse(written)) // => { _tag: 'Right', right: here }
 * ```
 */
export const checkpointBilevel = <S extends BilevelState, T>(
  method: BilevelMethod<S, T>,
  here: BilevelCheckpoint<S>,
): Json => {
  const { x, y } = method.point(here.state)
  const written: unknown = checkpointCodec(method, { x: x.length, y: y.length }).encode(here)
  if (!json.is(written)) throw new TypeError(`the state of ${method.name} is not JSON`)
  return written
}

/**
 * Reads what {@link checkpointBilevel} wrote; refuses what does not fit the method or the sizes, naming the field.
 *
 * @category Bilevel
 * @since 0.1.0
 * @example
 * ```ts
 * import { constant } from 'steplaw'
 * import { showInvalid } from 'steplaw/spec'
 * import { bilevelDescent, firstOrder, restoreBilevel } from 'steplaw/bilevel'
 *
 * const method = bilevelDescent({
 *   inner: { steps: 1, rule: constant(0.5) },
 *   hypergradient: firstOrder(),
 *   outer: { rule: constant(0.8) },
 * })
 * const read = restoreBilevel(method, { x: 1, y: 2 })([])
 * read._tag === 'Left' && read.left.map(showInvalid) // => ['checkpoint: got [], expected a bilevel checkpoint']
 * ```
 */
export const restoreBilevel =
  <S extends BilevelState, T>(
    method: BilevelMethod<S, T>,
    dimension: { readonly x: number; readonly y: number },
  ) =>
  (u: unknown): E.Either<NonEmptyArray<Invalid>, BilevelCheckpoint<S>> =>
    decodeWith(checkpointCodec(method, dimension), 'checkpoint')(u)
