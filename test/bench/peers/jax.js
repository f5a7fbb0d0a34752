/** jax-js on its WebAssembly backend, float64. It counts references: `.ref` keeps an array that a call would consume. */
import { absent, flatten, serve } from '../protocol.js'
import peers from './package.json' with { type: 'json' }

const load = async () => {
  try {
    const jax = await import('@jax-js/jax')
    const devices = await jax.init('wasm')
    if (!devices.includes('wasm')) return absent('it has no wasm backend here')
    jax.defaultDevice('wasm')
    return jax
  } catch (error) {
    return absent(error)
  }
}

const { grad, jit, jvp, lax, nn, numpy: np, valueAndGrad } = await load()
const LAMBDA = 1e-3

const tensor = (x, shape) => np.array(Float64Array.from(x), { dtype: np.float64 }).reshape(shape)
const integers = (x) => np.array(Int32Array.from(x), { dtype: np.int32 })
const squares = (w) => np.sum(w.ref.mul(w))
const ridge = (w, lambda) => squares(w).mul(0.5 * lambda)
const binary = (z, y) => np.mean(nn.softplus(z.ref).sub(y.mul(z)))
const crossEntropies = (z, Y) => nn.logSoftmax(z, -1).mul(Y).sum(1).neg()

const chosen = (y, n) => {
  const rows = new Float64Array(n * 10)
  for (let i = 0; i < n; i += 1) rows[i * 10 + y[i]] = 1
  return tensor(rows, [n, 10])
}

/** One call of a function that gives the value and a list of what is compared. */
const playing = (call) => {
  let last = []
  const run = async () => {
    const [value, gradients] = call()
    const found = []
    for (const g of gradients) found.push(await g.data())
    last = found
    return (await value.data())[0]
  }
  return { run, gradient: () => flatten(last) }
}

const refs = (xs) => xs.map((x) => x.ref)

/** `loss(parameters, ...data)`, compiled whole unless it is told otherwise. */
const differentiated = (loss, parameters, data, compiled = jit) => {
  const both = compiled(valueAndGrad(loss))
  return playing(() => both(refs(parameters), ...refs(data)))
}

const logistic =
  (n, d) =>
  ({ X, y, w }) =>
    differentiated(
      ([v], A, b) => binary(np.matmul(A, v.ref), b).add(ridge(v, LAMBDA)),
      [tensor(w, [d])],
      [tensor(X, [n, d]), tensor(y, [n])],
    )

const plays = {
  W1: logistic(10000, 100),
  W2: ({ X, y, W }) =>
    differentiated(
      ([V], A, Y) => np.mean(crossEntropies(np.matmul(A, V.ref), Y)).add(ridge(V, LAMBDA)),
      [tensor(W, [784, 10])],
      [tensor(X, [10000, 784]), chosen(y, 10000)],
    ),
  W3: ({ W1, b1, W2, b2, W3, b3, X, y }) =>
    differentiated(
      ([U, u, V, v, W, w], A, Y) => {
        const one = np.tanh(np.matmul(A, U).add(u))
        const two = np.tanh(np.matmul(one, V).add(v))
        return np.mean(crossEntropies(np.matmul(two, W).add(w), Y))
      },
      [
        tensor(W1, [784, 128]),
        tensor(b1, [128]),
        tensor(W2, [128, 64]),
        tensor(b2, [64]),
        tensor(W3, [64, 10]),
        tensor(b3, [10]),
      ],
      [tensor(X, [128, 784]), chosen(y, 128)],
    ),
  W4: logistic(50, 20),
  W5: ({ W, X, y, s, V }) => {
    const start = tensor(W, [784, 10])
    const data = [tensor(X, [500, 784]), chosen(y, 500), nn.sigmoid(tensor(s, [500]))]
    const directions = Array.from({ length: 10 }, (_, k) =>
      tensor(V.slice(k * 7840, (k + 1) * 7840), [784, 10]),
    )
    const loss = (U, A, Y, weights) =>
      np.mean(weights.mul(crossEntropies(np.matmul(A, U.ref), Y))).add(ridge(U, LAMBDA))
    const both = jit(valueAndGrad(loss))
    const product = jit((U, v, A, Y, weights) => {
      const [slope, along] = jvp((P) => grad(loss)(P, A, Y, weights), [U], [v])
      slope.dispose()
      return along
    })
    return playing(() => {
      const [value, slope] = both(start.ref, ...refs(data))
      return [value, [slope, ...directions.map((v) => product(start.ref, v.ref, ...refs(data)))]]
    })
  },
  W6: ({ a, w, X, y }) => {
    const inner = (v, u, A, b) => binary(np.matmul(A, v.ref), b).add(squares(v).mul(0.5).mul(np.exp(u)))
    return differentiated(
      ([u], start, A, b, B, c) => {
        let v = start
        for (let step = 0; step < 100; step += 1) {
          const slope = grad((q) => inner(q, u.ref, A.ref, b.ref))(v.ref)
          v = v.sub(slope.mul(0.5))
        }
        return binary(np.matmul(B, v), c)
      },
      [tensor(a, [])],
      [
        tensor(w, [100]),
        tensor(X.slice(0, 20000), [200, 100]),
        tensor(y.slice(0, 200), [200]),
        tensor(X.slice(20000), [200, 100]),
        tensor(y.slice(200), [200]),
      ],
    )
  },
  W7: ({ x }) =>
    differentiated(
      ([v]) =>
        np.sum(
          np.tanh(
            np
              .sin(v.ref)
              .mul(np.exp(v.ref.mul(v.ref).neg()))
              .add(v),
          ),
        ),
      [tensor(x, [x.length])],
      [],
    ),
  W8: () => {
    throw new Error('left out: there is no graph that several products could share')
  },
  MF: ({ U, V, users, items, ratings }) =>
    differentiated(
      ([A, B], i, j, r) => {
        const scores = np.sum(np.take(A.ref, i, 0).mul(np.take(B.ref, j, 0)), 1)
        const rest = scores.sub(r)
        return np.mean(rest.ref.mul(rest)).add(ridge(A, 1e-3)).add(ridge(B, 1e-3))
      },
      [tensor(U, [1000, 16]), tensor(V, [500, 16])],
      [integers(users), integers(items), tensor(ratings, [20000])],
    ),
  Rosenbrock: ({ x }) =>
    differentiated(
      ([v]) => {
        const [here, next] = [v.ref.slice([0, 999]), v.slice([1, 1000])]
        const curve = next.sub(here.ref.mul(here.ref))
        const rest = here.neg().add(1)
        return np.sum(curve.ref.mul(curve).mul(100).add(rest.ref.mul(rest)))
      },
      [tensor(x, [1000])],
      [],
    ),
  TV: ({ x, y }) =>
    differentiated(
      ([v], b) => {
        const at = (i, j) => v.ref.slice([i, i + 255], [j, j + 255])
        const [across, down] = [at(0, 1).sub(at(0, 0)), at(1, 0).sub(at(0, 0))]
        const length = np.sqrt(across.ref.mul(across).add(down.ref.mul(down)).add(1e-6))
        return squares(v.sub(b)).mul(0.5).add(np.sum(length).mul(0.1))
      },
      [tensor(x, [256, 256])],
      [tensor(y, [256, 256])],
    ),
  Conv: ({ K1, c1, K2, c2, W, b, X, y }) =>
    differentiated(
      ([J, i, K, j, M, m], A, Y) => {
        const kernel = (w, width, channels, out) =>
          w.reshape([width, width, channels, out]).transpose([3, 2, 0, 1])
        const one = np.tanh(lax.conv(A, kernel(J, 5, 1, 8), [2, 2], 'VALID').add(i.reshape([1, 8, 1, 1])))
        const two = np.tanh(lax.conv(one, kernel(K, 3, 8, 16), [2, 2], 'VALID').add(j.reshape([1, 16, 1, 1])))
        const rows = two.transpose([0, 2, 3, 1]).reshape([64, 400])
        return np.mean(crossEntropies(np.matmul(rows, M).add(m), Y))
      },
      [
        tensor(K1, [25, 8]),
        tensor(c1, [8]),
        tensor(K2, [72, 16]),
        tensor(c2, [16]),
        tensor(W, [400, 10]),
        tensor(b, [10]),
      ],
      [tensor(X, [64, 1, 28, 28]), chosen(y, 64)],
    ),
  OneHot: ({ w, columns, y }) =>
    differentiated(
      ([v], places, b) => {
        const scores = np.sum(np.take(v.ref, places, 0).reshape([49749, 12]), 1)
        return binary(scores, b).add(ridge(v, 1e-3))
      },
      [tensor(w, [300])],
      [integers(columns), tensor(y, [49749])],
      // Its compiler stops at the gradient of a gather from a vector.
      (f) => f,
    ),
}

await serve(`jax-js ${peers.dependencies['@jax-js/jax']} in Node ${process.versions.node}`, (name, inputs) =>
  plays[name](inputs),
)
