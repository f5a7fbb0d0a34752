"""What stands around a run, or steps by itself (sections F.2, F.3 and the drafts).

Sums are taken from the whole history at every iteration, not carried on, so that little is shared with an
implementation that keeps a state.
"""

from objectives import dot

REQUIRED = object()


def norm(A, v):
    return A.sqrt(dot(v, v))


def minus(x, y):
    return [s - t for s, t in zip(x, y)]


class Wrapper:
    """`seen`: every iteration whose value and gradient were finite, as (x, g, step, u)."""

    alone = False

    def __init__(self, arithmetic, expression, start):
        self.A = arithmetic
        self.start = start
        self.seen = []
        for key, default in WRAPPERS[expression["wrapper"]][1].items():
            setattr(self, key, self.read(expression.get(key, default)))
        self.begin(expression)

    def read(self, u):
        if isinstance(u, list):
            return [self.A.of(x) for x in u]
        return u if isinstance(u, (bool, str, dict)) or u is None else self.A.of(u)

    def begin(self, expression):
        """Sets up what is not a function of the history."""

    def zeros(self):
        return [self.A.number(0)] * len(self.start)

    def total(self, vectors):
        sum = self.zeros()
        for v in vectors:
            sum = [s + t for s, t in zip(sum, v)]
        return sum

    def go(self, k, x, g, step, u, proposed):
        """The next point."""
        self.seen.append((x, g, step, u))
        return self.move(k, x, g, proposed)

    def shown(self):
        """The outputs after an iteration."""
        return {}


class Mechanic(Wrapper):
    def begin(self, expression):
        n = len(self.betas)
        zero = self.A.number(0)
        self.m = self.v = self.r = [zero] * n
        self.s = [self.sInit] * n

    def scale(self):
        sum = self.A.number(0)
        for s in self.s:
            sum = sum + s
        return sum

    def reward(self, x, g, delta):
        """h, with the decay apart from the gradient: <D, g> + lambda sigma |g| / (|x| + eps) <D, x>."""
        h = dot(delta, g)
        size = norm(self.A, x)
        if self.__dict__["lambda"] == 0 or size == 0:
            return h
        rate = self.__dict__["lambda"] * self.scale() * norm(self.A, g) / (size + self.eps)
        return h + rate * dot(delta, x)

    def move(self, k, x, g, proposed):
        before = self.total(u for _, _, _, u in self.seen[:-1])
        if self.form == "recomputed":
            before = [t / (self.scale() + self.eps) for t in minus(x, self.start)]
        h = self.reward(x, g, before)
        share = self.sInit / len(self.betas)
        zero = self.A.number(0)
        m, v, r, s = [], [], [], []
        for beta, m0, v0, r0, s0 in zip(self.betas, self.m, self.v, self.r, self.s):
            bounded = max(-m0, min(h, m0)) if self.clip else h
            m.append(max(beta * m0, abs(h) + self.eps))
            v.append((beta * beta) * v0 + h * h)
            r.append(beta * r0 - s0 * bounded)
            if self.form == "stored":
                r[-1] = max(r[-1], zero)
            root = self.A.sqrt(v[-1]) + self.eps
            s.append(share if root == 0 else (share * m[-1] + max(r[-1], zero)) / root)
        self.m, self.v, self.r, self.s = m, v, r, s
        by = self.scale()
        delta = [t + u for t, u in zip(before, self.seen[-1][3])]
        return [x0 + by * t for x0, t in zip(self.start, delta)]

    def shown(self):
        return {"scale": self.scale()}


class CoinBetting(Wrapper):
    alone = True

    def coins(self):
        """The gradients, none longer than the clip."""
        for x, g, _, _ in self.seen:
            length = norm(self.A, g)
            yield x, g if length <= self.clip else [t * self.clip / length for t in g]

    def left(self):
        wealth = self.wealth
        for x, coin in self.coins():
            wealth = wealth - dot(coin, minus(x, self.start))
        return wealth

    def move(self, k, x, g, proposed):
        bet = self.left() / (k + 2)
        theta = self.total(coin for _, coin in self.coins())
        return [x0 - bet * t for x0, t in zip(self.start, theta)]

    def shown(self):
        return {"wealth": self.left()}


class Cocob(Wrapper):
    alone = True

    def move(self, k, x, g, proposed):
        return [self.coordinate(i) for i in range(len(self.start))]

    def coordinate(self, i):
        zero = self.A.number(0)
        x0, largest, sum, theta, reward = self.start[i], self.eps, zero, zero, zero
        for x, g, _, _ in self.seen:
            largest, sum, theta = max(largest, abs(g[i])), sum + abs(g[i]), theta - g[i]
            reward = max(zero, reward + g[i] * (x0 - x[i]))
        bound = largest * max(sum + largest, self.alpha * largest)
        return x0 + theta * (largest + reward) / bound


class DAdaptation(Wrapper):
    alone = True

    def begin(self, expression):
        self.d = [self.d0]

    def gamma(self, k):
        """1 / sqrt(|g_0|^2 + ... + |g_{k-1}|^2), and gamma_0 = gamma_1, over the gradients that do not vanish."""
        squares = [dot(g, g) for _, g, _, _ in self.moved[: max(k, 1)]]
        return 1 / self.A.sqrt(self.sum(squares))

    def sum(self, numbers):
        total = self.A.number(0)
        for x in numbers:
            total = total + x
        return total

    @property
    def moved(self):
        """The iterations from the first gradient that does not vanish."""
        live = [any(t != 0 for t in g) for _, g, _, _ in self.seen]
        return self.seen[live.index(True) :] if True in live else []

    def move(self, k, x, g, proposed):
        if not self.moved:
            return x
        K = len(self.moved)
        s = self.total([d * t for t in g] for d, (_, g, _, _) in zip(self.d, self.moved))
        spent = self.sum(
            self.gamma(i) * self.d[i] * self.d[i] * dot(g, g) for i, (_, g, _, _) in enumerate(self.moved)
        )
        length = norm(self.A, s)
        last = self.d[-1]
        bound = last if length == 0 else (self.gamma(K) * length - spent / length) / 2
        self.d.append(max(last, bound))
        return [x0 - self.gamma(K) * t for x0, t in zip(self.start, s)]

    def shown(self):
        return {"distance": self.d[-1]}


class Average(Wrapper):
    def begin(self, expression):
        inside = expression.get("of")
        self.below = None if inside is None else wrapper(self.A, inside, self.start)
        self.alone = self.below is not None and self.below.alone

    def go(self, k, x, g, step, u, proposed):
        self.seen.append((x, g, step, u))
        return proposed if self.below is None else self.below.go(k, x, g, step, u, proposed)

    def shares(self):
        """The weight of every point; they sum to 1."""
        one, T = self.A.number(1), len(self.seen)
        if self.weights == "uniform":
            return [one / T] * T
        if self.weights == "steps":
            steps = [step for _, _, step, _ in self.seen]
            sum = self.A.number(0)
            for step in steps:
                sum = sum + step
            return [step / sum for step in steps] if sum > 0 else [one] + [0 * one] * (T - 1)
        shares = []
        for t in range(1, T + 1):
            newest = (1 + self.gamma) / (t + self.gamma)
            shares = [share * ((t - 1) / (t + self.gamma)) for share in shares] + [newest]
        return shares

    def shown(self):
        inside = {} if self.below is None else self.below.shown()
        if not self.seen:
            return inside | {"average": self.start}
        weighted = [[share * t for t in x] for share, (x, _, _, _) in zip(self.shares(), self.seen)]
        return inside | {"average": self.total(weighted)}


# tag -> (class, its fields with their defaults)
WRAPPERS = {
    "mechanic": (
        Mechanic,
        {"sInit": REQUIRED, "betas": REQUIRED, "lambda": 0.01, "eps": 1e-8, "clip": False, "form": "stored"},
    ),
    "coinBetting": (CoinBetting, {"wealth": REQUIRED, "clip": 1}),
    "cocob": (Cocob, {"alpha": 100, "eps": 1e-8}),
    "dAdaptation": (DAdaptation, {"d0": 1e-6}),
    "average": (Average, {"weights": REQUIRED, "gamma": 8}),
}


def wrapper(arithmetic, expression, start):
    return WRAPPERS[expression["wrapper"]][0](arithmetic, expression, start)


def known(expression):
    """Whether this implementation has a wrapper and what it goes around."""
    inside = expression.get("of")
    return expression["wrapper"] in WRAPPERS and (inside is None or known(inside))
