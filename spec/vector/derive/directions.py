"""The directions (section E): each maps a gradient to a pair (probe, execute) and keeps a state."""


class Direction:
    def __init__(self, arithmetic, expression, dimension):
        self.A = arithmetic
        self.t = 0
        self.m = self.v = self.w = [arithmetic.number(0)] * dimension
        for key in expression:
            if key != "direction":
                setattr(self, key, arithmetic.of(expression[key]))

    def root(self, v):
        return [self.A.sqrt(x) + self.eps for x in v]

    def turn(self, g):
        self.t += 1
        return self.advance(g)


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


class Rmsprop(Direction):
    def advance(self, g):
        rest = 1 - self.beta
        self.v = [self.beta * v + rest * (x * x) for v, x in zip(self.v, g)]
        p = [-x / s for x, s in zip(g, self.root(self.v))]
        return p, p


# tag -> (class, its fields)
DIRECTIONS = {
    "steepest": (Steepest, []),
    "momentum": (Momentum, ["mu"]),
    "nesterov": (Nesterov, ["mu"]),
    "adam": (Adam, ["beta1", "beta2", "eps"]),
    "amsgrad": (Amsgrad, ["beta1", "beta2", "eps"]),
    "adagrad": (Adagrad, ["eps"]),
    "rmsprop": (Rmsprop, ["beta", "eps"]),
}


def direction(arithmetic, expression, dimension):
    return DIRECTIONS[expression["direction"]][0](arithmetic, expression, dimension)
