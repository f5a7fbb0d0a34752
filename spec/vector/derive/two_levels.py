"""The bilevel problems: values and first derivatives of f and g, Hessian of g in y, and J, all by hand.

`value_f`, `f_x`, `f_y`, `value_g`, `g_x`, `g_y` and `hessian`, `cross` (J, one row an entry of x) are means over a batch;
None stands for everything.
"""

from objectives import dot, sigmoid, softplus


def times(M, v):
    return [dot(row, v) for row in M]


def transposed(M):
    return [list(column) for column in zip(*M)]


def added(*vectors):
    return [sum(parts[1:], parts[0]) for parts in zip(*vectors)]


def minus(a, b):
    return [s - t for s, t in zip(a, b)]


def scaled(c, v):
    return [c * t for t in v]


def outer(a, b):
    return [[s * t for t in b] for s in a]


def plus_diagonal(M, d):
    return [[t + d[i] if i == j else t for j, t in enumerate(row)] for i, row in enumerate(M)]


def mean(xs):
    """Of numbers, vectors or matrices."""
    if isinstance(xs[0], list):
        return [mean(list(parts)) for parts in zip(*xs)]
    return sum(xs[1:], xs[0]) / len(xs)


class Problem:
    def __init__(self, arithmetic, data):
        self.A = arithmetic
        self.data = data
        bounds = data.get("lowerBounds", {})
        self.bounds = {key: arithmetic.of(bounds.get(key, 0)) for key in ("upper", "lower")}
        for key, u in data.items():
            if key not in ("problem", "lowerBounds", "penalty", "labels", "labelsV", "classes"):
                setattr(self, "rows" if key == "A" else key, self.read(u))
        self.begin()

    def read(self, u):
        if isinstance(u, dict):
            return {key: self.read(t) for key, t in u.items()}
        return [self.read(t) for t in u] if isinstance(u, list) else self.A.of(u)

    def begin(self):
        """Sets up what the data do not name."""

    def zeros(self, n):
        return [self.A.number(0)] * n

    def over(self, batch, size, part):
        return mean([part(i) for i in (range(size) if batch is None else batch)])

    def value_f(self, x, y, batch=None):
        return self.over(batch, self.sizes[0], lambda i: self.f(i, x, y)[0])

    def f_x(self, x, y, batch=None):
        return self.over(batch, self.sizes[0], lambda i: self.f(i, x, y)[1])

    def f_y(self, x, y, batch=None):
        return self.over(batch, self.sizes[0], lambda i: self.f(i, x, y)[2])

    def value_g(self, x, y, batch=None):
        return self.over(batch, self.sizes[1], lambda i: self.g(i, x, y)[0])

    def g_x(self, x, y, batch=None):
        return self.over(batch, self.sizes[1], lambda i: self.g(i, x, y)[1])

    def g_y(self, x, y, batch=None):
        return self.over(batch, self.sizes[1], lambda i: self.g(i, x, y)[2])

    def hessian(self, x, y, batch=None):
        return self.over(batch, self.sizes[1], lambda i: self.second(i, x, y)[0])

    def cross(self, x, y, batch=None):
        return self.over(batch, self.sizes[1], lambda i: self.second(i, x, y)[1])

    def solution(self, x):
        """y*(x), by Newton's method from 0 until rounding stops it."""
        y, least = self.zeros(self.inner_dimension()), None
        for _ in range(30):
            g = self.g_y(x, y)
            size = max(abs(t) for t in g)
            if least is not None and size >= least and size < 1e-13:
                return y
            y, least = minus(y, solved(self.A, self.hessian(x, y), g)), size
        raise ValueError("the solution is not found")


def solved(A, M, b):
    """M^-1 b, by elimination with the largest pivot."""
    n = len(b)
    rows = [list(row) + [t] for row, t in zip(M, b)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(i + 1, n):
            factor = rows[r][i] / rows[i][i]
            rows[r] = [s - factor * t for s, t in zip(rows[r], rows[i])]
    x = [A.number(0)] * n
    for i in reversed(range(n)):
        x[i] = (rows[i][n] - dot(rows[i][i + 1 : n], x[i + 1 :]) if i + 1 < n else rows[i][n]) / rows[i][i]
    return x


class QuadraticBilevel(Problem):
    def begin(self):
        self.sizes = len(self.upper), len(self.lower)

    def inner_dimension(self):
        return len(self.data["lower"][0]["c"])

    def f(self, i, x, y):
        part = self.upper[i]
        Py, Sy, Rx = times(part["P"], y), times(part["S"], y), times(part["R"], x)
        value = dot(y, Py) / 2 + dot(x, Sy) + dot(x, Rx) / 2 + dot(part["p"], y) + dot(part["r"], x)
        return value, added(Sy, Rx, part["r"]), added(Py, times(transposed(part["S"]), x), part["p"])

    def g(self, i, x, y):
        part = self.lower[i]
        Hy, linear = times(part["H"], y), added(times(part["B"], x), part["c"])
        return dot(y, Hy) / 2 + dot(y, linear), times(transposed(part["B"]), y), added(Hy, linear)

    def second(self, i, x, y):
        return self.lower[i]["H"], transposed(self.lower[i]["B"])


class ShiftedPotential(Problem):
    sizes = 1, 1

    def begin(self):
        self.rho = self.A.of(self.data.get("rho", 0))

    def inner_dimension(self):
        return len(self.target)

    def shift(self, x):
        return [self.A.tanh(t) for t in added(times(self.W, x), self.b)]

    def f(self, i, x, y):
        away = minus(y, self.target)
        return dot(away, away) / 2 + self.rho / 2 * dot(x, x), scaled(self.rho, x), away

    def g(self, i, x, y):
        shift = self.shift(x)
        u = minus(y, shift)
        Hu = times(self.H0, u)
        waves = [self.A.log_cosh(t) for t in u]
        in_y = added(Hu, [self.s * self.A.tanh(t) for t in u])
        value = dot(u, Hu) / 2 + self.s * sum(waves[1:], waves[0])
        return value, times(self.pull(shift), in_y), in_y

    def pull(self, shift):
        """The transpose of du/dx."""
        return transposed([[-(1 - t * t) * w for w in row] for t, row in zip(shift, self.W)])

    def second(self, i, x, y):
        shift = self.shift(x)
        waves = [self.A.tanh(t) for t in minus(y, shift)]
        H = plus_diagonal(self.H0, [self.s * (1 - t * t) for t in waves])
        return H, [times(H, row) for row in self.pull(shift)]

    def solution(self, x):
        return self.shift(x)


class RidgeHyper(Problem):
    sizes = 1, 1

    def inner_dimension(self):
        return len(self.X[0])

    def weights(self, x):
        e = [self.A.exp(t) for t in x]
        return e * self.inner_dimension() if self.data["penalty"] == "scalar" else e

    def along_x(self, parts):
        """From one number a feature to one an entry of x."""
        return [sum(parts[1:], parts[0])] if self.data["penalty"] == "scalar" else parts

    def f(self, i, x, y):
        r = minus(times(self.Xv, y), self.bv)
        return dot(r, r) / 2, self.zeros(len(x)), times(transposed(self.Xv), r)

    def g(self, i, x, y):
        r = minus(times(self.X, y), self.b)
        pulls = [w * t for w, t in zip(self.weights(x), y)]
        halves = [p * t / 2 for p, t in zip(pulls, y)]
        value = dot(r, r) / 2 + sum(halves[1:], halves[0])
        return value, self.along_x(halves), added(times(transposed(self.X), r), pulls)

    def second(self, i, x, y):
        columns = transposed(self.X)
        gram = [[dot(a, b) for b in columns] for a in columns]
        pulls = [w * t for w, t in zip(self.weights(x), y)]
        if self.data["penalty"] == "scalar":
            cross = [pulls]
        else:
            cross = plus_diagonal([self.zeros(len(y)) for _ in x], pulls)
        return plus_diagonal(gram, self.weights(x)), cross


class LogisticHyper(Problem):
    def begin(self):
        self.sizes = len(self.Av), len(self.rows)

    def inner_dimension(self):
        return len(self.rows[0])

    def loss(self, a, label, y):
        """Value, derivative and second derivative of the loss in a'y."""
        t = -label * dot(a, y)
        s = sigmoid(self.A, t)
        return softplus(self.A, t), -label * s, s * sigmoid(self.A, -t)

    def f(self, i, x, y):
        value, slope, _ = self.loss(self.Av[i], self.yv[i], y)
        return value, self.zeros(len(x)), scaled(slope, self.Av[i])

    def g(self, i, x, y):
        value, slope, _ = self.loss(self.rows[i], self.y[i], y)
        pulls = [self.A.exp(s) * t for s, t in zip(x, y)]
        return value + dot(pulls, y) / 2, [p * t / 2 for p, t in zip(pulls, y)], added(scaled(slope, self.rows[i]), pulls)

    def second(self, i, x, y):
        a = self.rows[i]
        curvature = self.loss(a, self.y[i], y)[2]
        weights = [self.A.exp(s) for s in x]
        pulls = [w * t for w, t in zip(weights, y)]
        return (
            plus_diagonal([scaled(curvature, row) for row in outer(a, a)], weights),
            plus_diagonal([self.zeros(len(y)) for _ in x], pulls),
        )


class DataCleaning(Problem):
    def begin(self):
        self.sizes = len(self.Av), len(self.rows)
        self.classes = self.data["classes"]

    def inner_dimension(self):
        return len(self.rows[0]) * self.classes

    def loss(self, a, label, y):
        """The softmax loss, its gradient, and the probabilities."""
        c = self.classes
        z = [dot(a, y[q::c]) for q in range(c)]
        top = max(z)
        e = [self.A.exp(t - top) for t in z]
        total = sum(e[1:], e[0])
        s = [t / total for t in e]
        slopes = [t - 1 if q == label else t for q, t in enumerate(s)]
        return top - z[label] + self.A.log(total), [t * u for t in a for u in slopes], s

    def f(self, i, x, y):
        value, gradient, _ = self.loss(self.Av[i], self.data["labelsV"][i], y)
        return value, self.zeros(len(x)), gradient

    def only(self, i, n, u, nought):
        return [u if j == i else nought for j in range(n)]

    def g(self, i, x, y):
        value, gradient, _ = self.loss(self.rows[i], self.data["labels"][i], y)
        weight = sigmoid(self.A, x[i])
        in_x = weight * sigmoid(self.A, -x[i]) * value
        return (
            weight * value + self.l2 / 2 * dot(y, y),
            self.only(i, len(x), in_x, self.A.number(0)),
            added(scaled(weight, gradient), scaled(self.l2, y)),
        )

    def second(self, i, x, y):
        a, c = self.rows[i], self.classes
        _, gradient, s = self.loss(a, self.data["labels"][i], y)
        weight = sigmoid(self.A, x[i])
        spread = plus_diagonal([[-t for t in row] for row in outer(s, s)], s)
        H = [[weight * a[j] * a[k] * spread[q][r] for k in range(len(a)) for r in range(c)] for j in range(len(a)) for q in range(c)]
        row = scaled(weight * sigmoid(self.A, -x[i]), gradient)
        return plus_diagonal(H, [self.l2] * len(y)), self.only(i, len(x), row, self.zeros(len(y)))


class Ablo(Problem):
    def begin(self):
        self.sizes = len(self.tasks), len(self.tasks)

    def task(self, i, t):
        """phi_i with two derivatives."""
        a, far = self.tasks[i]["a"], self.linearBeyond
        away = t - self.tasks[i]["b"] / a
        sign, z = (-1 if away < 0 else 1), abs(away)
        if self.A.at_most(z, far):
            return a * z * z / 2, a * away, a
        w = z - far
        if self.A.at_most(z, far + 1):
            value = a * (far * far / 2 + far * w + w * w / 2 - w * w * w / 6)
            return value, sign * a * (far + w - w * w / 2), a * (1 - w)
        value = a * (far * far / 2 + far * w + w / 2 - self.A.number(1) / 6)
        return value, sign * a * (far + self.A.number(1) / 2), self.A.number(0)

    def f(self, i, x, y):
        value, slope, _ = self.task(i, y[0])
        return value, self.zeros(1), [slope]

    g = f

    def second(self, i, x, y):
        return [[self.task(i, y[0])[2]]], [self.zeros(1)]


PROBLEMS = {
    "quadraticBilevel": QuadraticBilevel,
    "shiftedPotential": ShiftedPotential,
    "ridgeHyper": RidgeHyper,
    "logisticHyper": LogisticHyper,
    "dataCleaning": DataCleaning,
    "ablo": Ablo,
}


def problem(arithmetic, data):
    return PROBLEMS[data["problem"]](arithmetic, data)
