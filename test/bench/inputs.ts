import { Draws } from './draws.js'

/** What the engines are given, by name: doubles row by row, indices among them. */
export type Inputs = { readonly [name: string]: Float64Array }

/** The rows of the first seven workloads are drawn from one stream, in this order. */
const drawSeven = () => {
  const draws = new Draws(12345)
  const W1 = {
    X: draws.between(-1, 1, 10000 * 100),
    y: draws.below(2, 10000),
    w: draws.between(-0.3, 0.3, 100),
  }
  const W2 = {
    X: draws.between(0, 1, 10000 * 784),
    y: draws.below(10, 10000),
    W: draws.between(-0.05, 0.05, 784 * 10),
  }
  const layers = {
    W1: draws.between(-0.1, 0.1, 784 * 128),
    b1: draws.between(-0.1, 0.1, 128),
    W2: draws.between(-0.1, 0.1, 128 * 64),
    b2: draws.between(-0.1, 0.1, 64),
    W3: draws.between(-0.1, 0.1, 64 * 10),
    b3: draws.between(-0.1, 0.1, 10),
  }
  const W4 = { X: draws.between(-1, 1, 50 * 20), y: draws.below(2, 50), w: draws.between(-0.5, 0.5, 20) }
  const products = { s: draws.between(-2, 2, 500), V: draws.between(-1, 1, 10 * 7840) }
  const W7 = { x: draws.between(-3, 3, 1_000_000) }
  return {
    W1,
    W2,
    W3: { ...layers, X: W2.X.slice(0, 128 * 784), y: W2.y.slice(0, 128) },
    W4,
    W5: { W: W2.W, X: W2.X.slice(0, 500 * 784), y: W2.y.slice(0, 500), ...products },
    W6: { a: Float64Array.of(-2), w: W1.w, X: W1.X.slice(0, 400 * 100), y: W1.y.slice(0, 400) },
    W7,
  }
}

/** Examples to learn from, then examples to judge by. */
export const cleaning = ({ examples = 8000, judges = 2000 } = {}): Inputs => {
  const { X, y, W } = seven().W2
  const n = examples + judges
  // Centred: else one direction of great curvature has conjugate gradients double every rounding, and no two ways agree.
  const centred = X.slice(0, n * 784).map((v) => v - 0.5)
  return { X: centred, y: y.slice(0, n), x: new Draws(6).between(-1, 1, examples), W }
}

let drawn: ReturnType<typeof drawSeven> | undefined
const seven = () => {
  drawn ??= drawSeven()
  return drawn
}

const factorisation = (): Inputs => {
  const draws = new Draws(1)
  return {
    U: draws.between(-0.5, 0.5, 1000 * 16),
    V: draws.between(-0.5, 0.5, 500 * 16),
    users: draws.below(1000, 20000),
    items: draws.below(500, 20000),
    ratings: draws.between(-1, 1, 20000),
  }
}

/** A bright rectangle under noise. */
const image = (): Inputs => {
  const draws = new Draws(3)
  const noise = draws.between(-0.25, 0.25, 256 * 256)
  const inside = (i: number) => i >= 64 && i < 192
  const y = noise.map((e, k) => e + (inside(Math.floor(k / 256)) && inside(k % 256) ? 1 : 0))
  return { x: draws.between(0, 1, 256 * 256), y }
}

const convolution = (): Inputs => {
  const draws = new Draws(4)
  return {
    K1: draws.between(-0.2, 0.2, 25 * 8),
    c1: draws.between(-0.1, 0.1, 8),
    K2: draws.between(-0.1, 0.1, 72 * 16),
    c2: draws.between(-0.1, 0.1, 16),
    W: draws.between(-0.1, 0.1, 400 * 10),
    b: draws.between(-0.1, 0.1, 10),
    X: draws.between(0, 1, 64 * 28 * 28),
    y: draws.below(10, 64),
  }
}

/** As many rows and columns as w8a has: twelve fields of 25 categories, one of each field a row. */
const categories = (): Inputs => {
  const draws = new Draws(5)
  return {
    w: draws.between(-0.5, 0.5, 300),
    columns: draws.below(25, 49749 * 12).map((c, k) => 25 * (k % 12) + c),
    y: draws.below(2, 49749),
  }
}

/** The inputs of every workload, drawn when they are asked for. */
export const inputs = {
  W1: (): Inputs => seven().W1,
  W2: (): Inputs => seven().W2,
  W3: (): Inputs => seven().W3,
  W4: (): Inputs => seven().W4,
  W5: (): Inputs => seven().W5,
  W6: (): Inputs => seven().W6,
  W7: (): Inputs => seven().W7,
  W8: (): Inputs => cleaning(),
  MF: factorisation,
  Rosenbrock: (): Inputs => ({ x: new Draws(2).between(-1.5, 1.5, 1000) }),
  TV: image,
  Conv: convolution,
  OneHot: categories,
}

export type WorkloadName = keyof typeof inputs

export const isWorkload = (name: string): name is WorkloadName => Object.hasOwn(inputs, name)

/** All of them, in the order in which they are timed. */
export const workloadNames: ReadonlyArray<WorkloadName> = Object.keys(inputs).filter(isWorkload)

/** What a workload computes, for a reader of the table. */
export const titles: { readonly [K in WorkloadName]: string } = {
  W1: 'logistic regression, 10000 x 100',
  W2: 'softmax regression, 10000 x 784 to 10',
  W3: 'perceptron 784-128-64-10, batch of 128',
  W4: 'logistic regression, 50 x 20',
  W5: 'gradient and ten Hessian products, 500 x 784',
  W6: 'gradient through 100 unrolled steps',
  W7: 'sum of tanh(sin(x) exp(-x^2) + x), 1e6',
  W8: 'hyper-cleaning, 8000 x 784: an outer iteration, 20 conjugate gradients',
  MF: 'matrix factorisation, 20000 ratings, rank 16',
  Rosenbrock: "Rosenbrock's function of 1000 variables",
  TV: 'total-variation denoising, 256 x 256',
  Conv: 'two convolutions and a layer, batch of 64',
  OneHot: 'logistic regression on one-hot rows, 49749 x 300',
}
