"""PyTorch in double precision, as its users write it. Speaks the protocol of ../protocol.ts; its argument is the threads."""

import glob
import json
import math
import sys
import time

import numpy as np

try:
    import torch
    import torch.nn.functional as F
except ImportError as error:
    print(json.dumps({"absent": str(error)}), flush=True)
    sys.exit(0)

THREADS = int(sys.argv[1])
torch.set_num_threads(THREADS)
torch.set_num_interop_threads(1)
LAMBDA = 1e-3


def reader(prefix):
    """The inputs by name, read before anything is timed."""
    files = {path[len(prefix) : -len(".f64")]: np.fromfile(path) for path in glob.glob(f"{glob.escape(prefix)}*.f64")}

    def read(name, *shape):
        return torch.from_numpy(files[name].reshape(shape))

    return read


def integers(x):
    return x.long()


def fresh(x):
    return x.detach().requires_grad_(True)


def ridge(w, weight=LAMBDA):
    return 0.5 * weight * (w * w).sum()


def differentiated(loss, *parameters):
    def run():
        leaves = [fresh(p) for p in parameters]
        value = loss(*leaves)
        return value.item(), torch.autograd.grad(value, leaves)

    return run


def logistic(n, d):
    def make(read):
        X, y = read("X", n, d), read("y", n)
        return differentiated(
            lambda w: F.binary_cross_entropy_with_logits(X @ w, y) + ridge(w), read("w", d)
        )

    return make


def softmax(read):
    X, y = read("X", 10000, 784), integers(read("y", 10000))
    return differentiated(lambda W: F.cross_entropy(X @ W, y) + ridge(W), read("W", 784, 10))


def perceptron(read):
    X, y = read("X", 128, 784), integers(read("y", 128))

    def loss(W1, b1, W2, b2, W3, b3):
        h = torch.tanh(torch.addmm(b1, X, W1))
        h = torch.tanh(torch.addmm(b2, h, W2))
        return F.cross_entropy(torch.addmm(b3, h, W3), y)

    return differentiated(
        loss,
        read("W1", 784, 128),
        read("b1", 128),
        read("W2", 128, 64),
        read("b2", 64),
        read("W3", 64, 10),
        read("b3", 10),
    )


def hessian_products(read):
    X, y, s = read("X", 500, 784), integers(read("y", 500)), read("s", 500)
    directions = read("V", 10, 784, 10)
    start = read("W", 784, 10)

    def run():
        W = fresh(start)
        losses = F.cross_entropy(X @ W, y, reduction="none")
        value = (torch.sigmoid(s) * losses).mean() + ridge(W)
        (slope,) = torch.autograd.grad(value, W, create_graph=True)
        products = [
            torch.autograd.grad(slope, W, grad_outputs=v, retain_graph=True)[0] for v in directions
        ]
        return value.item(), [slope, *products]

    return run


def unrolled(read):
    X, y, start = read("X", 400, 100), read("y", 400), read("w", 100)
    seen, labels, held, others = X[:200], y[:200], X[200:], y[200:]

    def loss(a):
        w = fresh(start)
        for _ in range(100):
            inner = F.binary_cross_entropy_with_logits(seen @ w, labels) + 0.5 * torch.exp(a) * (w * w).sum()
            (slope,) = torch.autograd.grad(inner, w, create_graph=True)
            w = w - 0.5 * slope
        return F.binary_cross_entropy_with_logits(held @ w, others)

    return differentiated(loss, read("a"))


def elementwise(read):
    return differentiated(
        lambda x: torch.tanh(torch.sin(x) * torch.exp(-x * x) + x).sum(), read("x", 1000000)
    )


def cleaning(read):
    x0, labels, W0 = read("x", 8000), integers(read("y", 10000)), read("W", 784, 10)
    X = read("X", 10000, 784)
    A, B, seen, held = X[:8000], X[8000:], labels[:8000], labels[8000:]

    def lower(x, W):
        return (torch.sigmoid(x) * F.cross_entropy(A @ W, seen, reduction="none")).mean() + ridge(W)

    def run():
        W = fresh(W0)
        (slope,) = torch.autograd.grad(lower(x0, W), W)
        W = fresh(W0 - 0.1 * slope)
        value = F.cross_entropy(B @ W, held)
        (r,) = torch.autograd.grad(value, W)
        # The graph of the gradient is made once and kept for all products at the point.
        x = fresh(x0)
        (slope,) = torch.autograd.grad(lower(x, W), W, create_graph=True)
        p, v = r.clone(), torch.zeros_like(r)
        norm = (r * r).sum()
        for _ in range(20):
            (h,) = torch.autograd.grad(slope, W, grad_outputs=p, retain_graph=True)
            step = norm / (p * h).sum()
            v.add_(step * p)
            r.sub_(step * h)
            following = (r * r).sum()
            p = r + (following / norm) * p
            norm = following
        (cross,) = torch.autograd.grad(slope, x, grad_outputs=v)
        return value.item(), [-cross]

    return run


def factorisation(read):
    users, items = integers(read("users", 20000)), integers(read("items", 20000))
    ratings = read("ratings", 20000)

    def loss(U, V):
        scores = (U[users] * V[items]).sum(1)
        return F.mse_loss(scores, ratings) + ridge(U) + ridge(V)

    return differentiated(loss, read("U", 1000, 16), read("V", 500, 16))


def rosenbrock(read):
    def loss(x):
        here, after = x[:-1], x[1:]
        return (100 * (after - here * here).square() + (1 - here).square()).sum()

    return differentiated(loss, read("x", 1000))


def total_variation(read):
    y = read("y", 256, 256)

    def loss(x):
        across = x[:-1, 1:] - x[:-1, :-1]
        down = x[1:, :-1] - x[:-1, :-1]
        length = torch.sqrt(across * across + down * down + 1e-6)
        return 0.5 * (x - y).square().sum() + 0.1 * length.sum()

    return differentiated(loss, read("x", 256, 256))


def convolution(read):
    X, y = read("X", 64, 1, 28, 28), integers(read("y", 64))

    def loss(K1, c1, K2, c2, W, b):
        first = K1.reshape(5, 5, 1, 8).permute(3, 2, 0, 1)
        second = K2.reshape(3, 3, 8, 16).permute(3, 2, 0, 1)
        h = torch.tanh(F.conv2d(X, first, c1, stride=2))
        h = torch.tanh(F.conv2d(h, second, c2, stride=2))
        return F.cross_entropy(h.permute(0, 2, 3, 1).reshape(64, 400) @ W + b, y)

    return differentiated(
        loss,
        read("K1", 25, 8),
        read("c1", 8),
        read("K2", 72, 16),
        read("c2", 16),
        read("W", 400, 10),
        read("b", 10),
    )


def one_hot(read):
    columns, y = integers(read("columns", 49749 * 12)), read("y", 49749)

    def loss(w):
        # Some thirty times faster than embedding_bag or a sparse product.
        scores = torch.gather(w, 0, columns).reshape(49749, 12).sum(1)
        return F.binary_cross_entropy_with_logits(scores, y) + ridge(w)

    return differentiated(loss, read("w", 300))


WORKLOADS = {
    "W1": logistic(10000, 100),
    "W2": softmax,
    "W3": perceptron,
    "W4": logistic(50, 20),
    "W5": hessian_products,
    "W6": unrolled,
    "W7": elementwise,
    "W8": cleaning,
    "MF": factorisation,
    "Rosenbrock": rosenbrock,
    "TV": total_variation,
    "Conv": convolution,
    "OneHot": one_hot,
}


def repeat(run, calls, until):
    """Milliseconds a call, over at least so many calls and so many milliseconds."""
    start = time.perf_counter()
    done = 0
    while done < calls or (time.perf_counter() - start) * 1e3 < until:
        run()
        done += 1
    return (time.perf_counter() - start) * 1e3 / done


def product_speed():
    """GF/s of a product of matrices: tells a tuned BLAS (tens) from the reference one, with which no ratio means anything."""
    a = torch.ones(512, 512, dtype=torch.float64)
    return 2 * 512**3 / 1e6 / min(repeat(lambda: a @ a, 1, 0) for _ in range(5))


def main():
    speed = f"{product_speed():.0f} GF/s on {THREADS} thread{'s' if THREADS > 1 else ''}"
    print(json.dumps({"ready": f"torch {torch.__version__} ({speed})"}), flush=True)
    run, ms = None, 1.0
    for line in sys.stdin:
        ask = json.loads(line)
        try:
            if ask["ask"] == "prepare":
                read = reader(ask["inputs"])
                start = time.perf_counter()
                run = WORKLOADS[ask["workload"]](read)
                value, gradients = run()
                first = (time.perf_counter() - start) * 1e3
                np.concatenate([g.detach().numpy().ravel() for g in gradients]).tofile(ask["gradient"])
                ms = repeat(run, 2, ask["warm"])
                answer = {"firstMs": first, "value": value}
            else:
                calls = max(1, math.ceil(10 / ms))
                samples = []
                start = time.perf_counter()
                while len(samples) < 2 or (time.perf_counter() - start) * 1e3 < ask["budget"]:
                    samples.append(repeat(run, calls, 0))
                answer = {"samples": samples}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
