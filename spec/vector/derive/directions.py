"""The directions (section E): each maps a gradient to a pair (probe, execute) and keeps a state."""


class Direction:
    def __init__(self, arithmetic, expression, dimension):
        self.A = arithmetic
        self.t = 0
        self.m = self.v = self.w = [arithmetic.number(0)] * dimension
        for key, u in expression.items():
            if key != "direction":
                setattr(self, key, u if isinstance(u, bool) else arithmetic.of(u))

    def root(self, v):
        return [self.A.sqrt(x) + self.eps for x in v]

    def turn(self, g):
        self.t += 1
        return self.advance(g)

    def base(self, points):
        """Where the step begins, given x_0, ..., x_k."""
        return points[-1]


class Steepest(Direction):
    def advance(self, g):
        p = [-x for x in g]
        return p, p


class Momentum(Direction):
    def advance(self, g):
        self.m = [self.mu * m + x for m, x in zip(self.m, g)]
        p = [-m for m in self.m]
        return p, p


class Nesterov(Direction):
    def advance(self, g):
        self.m = [self.mu * m + x for m, x in zip(self.m, g)]
        p = [-(x + self.mu * m) for m, x in zip(self.m, g)]
        return p, p


class Adam(Direction):
    def advance(self, g):
        one1, one2 = 1 - self.beta1, 1 - self.beta2
        self.m = [self.beta1 * m + one1 * x for m, x in zip(self.m, g)]
        self.v = [self.beta2 * v + one2 * (x * x) for v, x in zip(self.v, g)]
        power1 = power2 = self.A.number(1)
        for _ in range(self.t):
            power1, power2 = power1 * self.beta1, power2 * self.beta2
        scale = self.root([v / (1 - power2) for v in self.squares()])
        p = [-x / s for x, s in zip(g, scale)]
        return p, [-(m / (1 - power1)) / s for m, s in zip(self.m, scale)]

    def squares(self):
        return self.v


class Amsgrad(Adam):
    def squares(self):
        self.w = [max(w, v) for w, v in zip(self.w, self.v)]
        return self.w


class Adagrad(Direction):
    def advance(self, g):
        self.v = [v + x * x for v, x in zip(self.v, g)]
        p = [-x / s for x, s in zip(g, self.root(self.v))]
        return p, p


class DelayedAdagrad(Direction):
    """A draft: the scale is that of the gradients before."""

    def advance(self, g):
        p = [-x / self.A.power(self.beta + v, self.exponent) for x, v in zip(g, self.v)]
        self.v = [v + x * x for v, x in zip(self.v, g)]
        return p, p


class Rmsprop(Direction):
    def advance(self, g):
        rest = 1 - self.beta
        self.v = [self.beta * v + rest * (x * x) for v, x in zip(self.v, g)]
        p = [-x / s for x, s in zip(g, self.root(self.v))]
        return p, p


class Neo(Steepest):
    normalised = False

    def psi(self, n):
        """psi_1, ..., psi_n, each as a product of its own: psi_j = prod_{i <= j} (i - 1 - alpha) / i."""
        found, last = [], self.A.number(1)
        for j in range(1, n + 1):
            last = last * (j - 1 - self.alpha) / j
            found.append(last)
        return found

    def base(self, points):
        memory, k = int(self.memory), len(points) - 1
        psi = self.psi(memory)
        if self.normalised:
            sum = self.A.number(0)
            for w in psi:
                sum = sum + w
            terms = [(w / sum, points[max(k + 1 - j, 0)]) for j, w in enumerate(psi, 1)]
        else:
            terms = [(-w, points[k + 1 - j]) for j, w in enumerate(psi, 1) if j <= k + 1]
        found = [self.A.number(0)] * len(points[-1])
        for w, x in terms:
            found = [s + w * t for s, t in zip(found, x)]
        return found


# tag -> (class, its fields)
DIRECTIONS = {
    "steepest": (Steepest, []),
    "momentum": (Momentum, ["mu"]),
    "nesterov": (Nesterov, ["mu"]),
    "adam": (Adam, ["beta1", "beta2", "eps"]),
    "amsgrad": (Amsgrad, ["beta1", "beta2", "eps"]),
    "adagrad": (Adagrad, ["eps"]),
    "rmsprop": (Rmsprop, ["beta", "eps"]),
    "neo": (Neo, ["alpha", "memory", "normalised"]),
    "delayedAdagrad": (DelayedAdagrad, ["beta", "exponent"]),
}


def direction(arithmetic, expression, dimension):
    return DIRECTIONS[expression["direction"]][0](arithmetic, expression, dimension)
