/**
 * Many calls of many programs whose shapes change, as a long experiment makes them, and what memory they leave behind.
 *
 * Run with `--expose-gc`: a heap is measured after the garbage has been collected.
 */
import { finiteSum } from 'steplaw'
import {
  add,
  type Dense,
  type Engine,
  hvp,
  jvp,
  matmul,
  matrix,
  mul,
  neg,
  reshape,
  softplus,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  valueAndGrad,
  vector,
} from 'steplaw/autodiff'
import { chance } from '../numeric/ulp/sampler.js'

/** Bytes. */
export interface Memory {
  /** What lives in the heap of this thread, and what it holds outside (arrays, machine code). */
  readonly heap: number
  readonly external: number
  /** What the engine has taken from the system; it never gives any of it back. */
  readonly arena: number
}

export interface Soaked {
  readonly threads: number
  readonly calls: number
  /** Different programs that were called: a function and the shapes of its arguments. */
  readonly programs: number
  /** Programs that were made and at once forgotten. */
  readonly forgotten: number
  readonly seconds: number
  /** After the first part of the calls, then after further parts of the same length. */
  readonly memory: ReadonlyArray<Memory>
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Collects twice, since what was collected once may have held something, and lets what is told of it run. */
const measure = async (engine: Engine): Promise<Memory> => {
  for (let i = 0; i < 4; i += 1) {
    globalThis.gc?.()
    await turn()
  }
  const { heapUsed, external } = process.memoryUsage()
  return { heap: heapUsed, external, arena: engine.memory }
}

const ROWS = 400
const COLUMNS = 20

/** The functions of one engine, each called with many shapes: more than are kept. */
const functionsOf = (engine: Engine, unit: () => number) => {
  const numbers = (n: number): Float64Array => Float64Array.from({ length: n }, () => unit() - 0.5)
  const options = { engine }
  const chain = (x: Tensor): Tensor => sum(mul(tanh(x), softplus(neg(square(x)))))
  const product = ({ A, B }: { readonly A: Tensor; readonly B: Tensor }): Tensor => sum(tanh(matmul(A, B)))
  const elementwise = valueAndGrad(chain, options)
  const small = valueAndGrad((x) => sum(square(x)), options)
  const products = valueAndGrad<{ readonly A: Dense; readonly B: Dense }>(product, options)
  const along = jvp(chain, options)
  const curved = hvp(chain, options)
  const dense = (rows: number, columns: number) => matrix(rows, columns, Array.from(numbers(rows * columns)))
  const logistic = finiteSum(
    {
      data: {
        X: dense(ROWS, COLUMNS),
        y: vector(Array.from({ length: ROWS }, () => (unit() < 0.5 ? 0 : 1))),
      },
      parameters: { w: [COLUMNS] },
      component: ({ w }, { X, y }) => {
        const z = matmul(X, w)
        return sub(softplus(z), mul(y, z))
      },
      shared: ({ w }) => mul(0.01, sum(square(w))),
    },
    options,
  )
  return {
    // Machine code after some tens of calls.
    chain: (n: number) => elementwise(numbers(n)),
    small: (n: number) => small(numbers(n)),
    // Two million operations: machine code from the first call on, which gives way to that of other shapes.
    product: (n: number) => products({ A: dense(n, 100), B: dense(100, 100) }),
    jvp: (n: number) => along(numbers(n), numbers(n)),
    hvp: (n: number) => curved(numbers(n), numbers(n)),
    minibatch: (n: number) => {
      const batch = Int32Array.from({ length: n }, () => Math.floor(ROWS * unit()))
      return logistic.valueAndGradient(numbers(COLUMNS), batch)
    },
    /** A function of its own, machine code that nobody keeps. */
    fresh: (n: number) => {
      const B = dense(100, 100)
      return valueAndGrad(
        (x) => add(sum(tanh(matmul(reshape(x, [100, 100]), B))), n),
        options,
      )(numbers(10_000))
    },
  }
}

export interface Plan {
  readonly calls: number
  readonly threads: number
  readonly seed: number
  /** Keeps what should be forgotten: to see that it is seen. */
  readonly leak?: boolean
}

const PARTS = 10

/** More programs than are forgotten in a part of the calls. */
const GARBAGE = 40

/** A program that is not forgotten, with its memory. */
const keptForGood = (engine: Engine, unit: () => number): unknown => {
  const functions = functionsOf(engine, unit)
  functions.product(100)
  return functions
}

export const soak = async (engine: Engine, { calls, threads, seed, leak = false }: Plan): Promise<Soaked> => {
  const c = chance(seed)
  const f = functionsOf(engine, c.unit)
  const programs = new Set<string>()
  const held: unknown[] = []
  let forgotten = 0
  const call = (name: keyof typeof f, shape: number): void => {
    if (name === 'fresh') forgotten += 1
    else programs.add(`${name} ${shape}`)
    f[name](shape)
  }
  const sizes: { readonly [N in Exclude<keyof typeof f, 'fresh'>]: () => number } = {
    product: () => 100 + c.below(40),
    jvp: () => 1 + c.below(40),
    hvp: () => 1 + c.below(40),
    minibatch: () => 16 * (1 + c.below(12)),
    chain: () => 1024 * (1 + c.below(8)),
    small: () => 1 + c.below(60),
  }
  const one = (): void => {
    const which = c.below(1000)
    if (which < 10) {
      call('product', sizes.product())
      if (leak) held.push(...[1, 2, 3].map(() => keptForGood(engine, c.unit)))
    } else if (which < 12) call('fresh', c.below(1000))
    else {
      const name =
        which < 60 ? 'jvp' : which < 100 ? 'hvp' : which < 500 ? 'minibatch' : which < 900 ? 'chain' : 'small'
      call(name, sizes[name]())
    }
  }
  // To begin with, all that is kept of what takes much memory, and as much garbage as there will ever be at once.
  for (let n = 100; n < 140; n += 1) call('product', n)
  for (let n = 0; n < GARBAGE; n += 1) call('fresh', n)
  const begun = performance.now()
  const memory: Memory[] = []
  for (let part = 0; part < PARTS; part += 1) {
    for (let i = 0; i < calls / PARTS; i += 1) {
      one()
      // What is told of collected garbage is told between turns.
      if (i % 50 === 0) await turn()
    }
    memory.push(await measure(engine))
  }
  const seconds = (performance.now() - begun) / 1000
  return { threads, calls, programs: programs.size, forgotten, seconds, memory }
}

/**
 * How much more memory there is at the end than after the first part, in bytes, and how much more there may be.
 *
 * What is left in the heap varies by what the collector and the compiler of the host find worth keeping: half a megabyte of the sixteen
 * was seen, and two are allowed. The arena is given out in pieces of many sizes, as programs come and go: a twentieth may be lost between
 * them.
 */
export const growth = ({ memory }: Soaked) => {
  const [first, last] = [memory[0], memory[memory.length - 1]]
  if (first === undefined || last === undefined) throw new RangeError('soak: nothing was measured')
  return {
    heap: { bytes: last.heap - first.heap, allowed: 2 ** 21 },
    external: { bytes: last.external - first.external, allowed: 2 ** 21 },
    arena: { bytes: last.arena - first.arena, allowed: first.arena / 20 },
  }
}
