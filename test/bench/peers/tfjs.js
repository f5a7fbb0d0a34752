/** TensorFlow.js on its WebAssembly backend: float32, one thread. Written with its own losses where its backend has them. */
import { absent, flatten, serve } from '../protocol.js'

const load = async () => {
  try {
    const tf = await import('@tensorflow/tfjs')
    await import('@tensorflow/tfjs-backend-wasm')
    await tf.setBackend('wasm')
    await tf.ready()
    return tf
  } catch (error) {
    return absent(error)
  }
}

const tf = await load()
const LAMBDA = 1e-3

const tensor = (x, shape) => tf.tensor(Float32Array.from(x), shape)
const integers = (x) => tf.tensor1d(Int32Array.from(x), 'int32')
const ridge = (w, lambda) => tf.mul(0.5 * lambda, tf.sum(tf.square(w)))

const softplus = (z) => tf.add(tf.relu(z), tf.log(tf.add(1, tf.exp(tf.neg(tf.abs(z))))))
const binary = (z, y) => tf.mean(tf.sub(softplus(z), tf.mul(y, z)))

const chosen = (y, n) => {
  const rows = new Float32Array(n * 10)
  for (let i = 0; i < n; i += 1) rows[i * 10 + y[i]] = 1
  return tf.tensor2d(rows, [n, 10])
}
const crossEntropy = (z, Y) => tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(z), Y), 1)))

/** One call of a function that gives the value and a list of what is compared. */
const playing = (call) => {
  let last = []
  const run = () => {
    const { value, found } = tf.tidy(() => {
      const { value, grads } = call()
      return { value: value.dataSync()[0], found: grads.map((g) => g.dataSync()) }
    })
    last = found
    return value
  }
  return { run, gradient: () => flatten(last) }
}

const differentiated = (loss, parameters) => {
  const both = tf.valueAndGrads(loss)
  return playing(() => both(parameters))
}

const logistic =
  (n, d) =>
  ({ X, y, w }) => {
    const [A, b] = [tensor(X, [n, d]), tensor(y, [n, 1])]
    return differentiated((v) => tf.add(binary(tf.matMul(A, v), b), ridge(v, LAMBDA)), [tensor(w, [d, 1])])
  }

const plays = {
  W1: logistic(10000, 100),
  W2: ({ X, y, W }) => {
    const [A, Y] = [tensor(X, [10000, 784]), chosen(y, 10000)]
    return differentiated(
      (V) => tf.add(crossEntropy(tf.matMul(A, V), Y), ridge(V, LAMBDA)),
      [tensor(W, [784, 10])],
    )
  },
  W3: ({ W1, b1, W2, b2, W3, b3, X, y }) => {
    const [A, Y] = [tensor(X, [128, 784]), chosen(y, 128)]
    const layer = (x, W, b) => tf.add(tf.matMul(x, W), b)
    return differentiated(
      (U, u, V, v, W, w) => crossEntropy(layer(tf.tanh(layer(tf.tanh(layer(A, U, u)), V, v)), W, w), Y),
      [
        tensor(W1, [784, 128]),
        tensor(b1, [128]),
        tensor(W2, [128, 64]),
        tensor(b2, [64]),
        tensor(W3, [64, 10]),
        tensor(b3, [10]),
      ],
    )
  },
  W4: logistic(50, 20),
  W5: ({ W, X, y, s, V }) => {
    const [A, Y, weights] = [tensor(X, [500, 784]), chosen(y, 500), tf.sigmoid(tensor(s, [500]))]
    const directions = tensor(V, [10, 784, 10]).unstack()
    const start = tensor(W, [784, 10])
    // logSumExp has no second derivative there.
    const rows = (z) => tf.sub(tf.log(tf.sum(tf.exp(z), 1)), tf.sum(tf.mul(z, Y), 1))
    const loss = (U) => tf.add(tf.mean(tf.mul(weights, rows(tf.matMul(A, U)))), ridge(U, LAMBDA))
    const both = tf.valueAndGrad(loss)
    const slope = tf.grad(loss)
    return playing(() => {
      const { value, grad } = both(start)
      const products = directions.map((v) => tf.grad((U) => tf.sum(tf.mul(slope(U), v)))(start))
      return { value, grads: [grad, ...products] }
    })
  },
  W6: ({ a, w, X, y }) => {
    const [A, B] = [tensor(X.slice(0, 20000), [200, 100]), tensor(X.slice(20000), [200, 100])]
    const [b, c] = [tensor(y.slice(0, 200), [200, 1]), tensor(y.slice(200), [200, 1])]
    const [transposed, start] = [A.transpose(), tensor(w, [100, 1])]
    return differentiated(
      (u) => {
        const penalty = tf.exp(u)
        let v = start
        // Gradients do not nest there, so the inner one is written out.
        for (let step = 0; step < 100; step += 1) {
          const slopes = tf.div(tf.sub(tf.sigmoid(tf.matMul(A, v)), b), 200)
          v = tf.sub(v, tf.mul(0.5, tf.add(tf.matMul(transposed, slopes), tf.mul(penalty, v))))
        }
        return binary(tf.matMul(B, v), c)
      },
      [tf.scalar(a[0])],
    )
  },
  W7: ({ x }) =>
    differentiated(
      (v) => tf.sum(tf.tanh(tf.add(tf.mul(tf.sin(v), tf.exp(tf.neg(tf.square(v)))), v))),
      [tensor(x, [x.length])],
    ),
  W8: () => {
    throw new Error('left out: there is no graph that several products could share')
  },
  MF: ({ U, V, users, items, ratings }) => {
    const [i, j, r] = [integers(users), integers(items), tensor(ratings, [20000])]
    return differentiated(
      (A, B) => {
        const scores = tf.sum(tf.mul(tf.gather(A, i), tf.gather(B, j)), 1)
        return tf.add(tf.mean(tf.square(tf.sub(scores, r))), tf.add(ridge(A, 1e-3), ridge(B, 1e-3)))
      },
      [tensor(U, [1000, 16]), tensor(V, [500, 16])],
    )
  },
  Rosenbrock: ({ x }) =>
    differentiated(
      (v) => {
        const [here, next] = [tf.slice(v, [0], [999]), tf.slice(v, [1], [999])]
        const curve = tf.square(tf.sub(next, tf.square(here)))
        return tf.sum(tf.add(tf.mul(100, curve), tf.square(tf.sub(1, here))))
      },
      [tensor(x, [1000])],
    ),
  TV: ({ x, y }) => {
    const b = tensor(y, [256, 256])
    return differentiated(
      (v) => {
        const at = (i, j) => tf.slice(v, [i, j], [255, 255])
        const [across, down] = [tf.sub(at(0, 1), at(0, 0)), tf.sub(at(1, 0), at(0, 0))]
        const length = tf.sqrt(tf.add(tf.add(tf.square(across), tf.square(down)), 1e-6))
        return tf.add(tf.mul(0.5, tf.sum(tf.square(tf.sub(v, b)))), tf.mul(0.1, tf.sum(length)))
      },
      [tensor(x, [256, 256])],
    )
  },
  Conv: ({ K1, c1, K2, c2, W, b, X, y }) => {
    const [A, Y] = [tensor(X, [64, 28, 28, 1]), chosen(y, 64)]
    return differentiated(
      (J, i, K, j, M, m) => {
        const one = tf.tanh(tf.add(tf.conv2d(A, tf.reshape(J, [5, 5, 1, 8]), 2, 'valid'), i))
        const two = tf.tanh(tf.add(tf.conv2d(one, tf.reshape(K, [3, 3, 8, 16]), 2, 'valid'), j))
        return crossEntropy(tf.add(tf.matMul(tf.reshape(two, [64, 400]), M), m), Y)
      },
      [
        tensor(K1, [25, 8]),
        tensor(c1, [8]),
        tensor(K2, [72, 16]),
        tensor(c2, [16]),
        tensor(W, [400, 10]),
        tensor(b, [10]),
      ],
    )
  },
  OneHot: ({ w, columns, y }) => {
    const [places, b] = [integers(columns), tensor(y, [49749])]
    return differentiated(
      (v) => {
        const scores = tf.sum(tf.reshape(tf.gather(v, places), [49749, 12]), 1)
        return tf.add(binary(scores, b), ridge(v, 1e-3))
      },
      [tensor(w, [300])],
    )
  },
}

await serve(`tfjs ${tf.version_core}`, (name, inputs) => plays[name](inputs))
