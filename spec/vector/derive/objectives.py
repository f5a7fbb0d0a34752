"""The four objectives (section B): value and gradient of the mean over a batch."""


def dot(a, b):
    return sum((x * y for x, y in zip(a, b)), 0 * a[0])


def softplus(A, t):
    """log(1 + exp(t)) without overflow."""
    return max(t, 0 * t) + A.log1p(A.exp(-abs(t)))


def sigmoid(A, t):
    e = A.exp(-abs(t))
    return 1 / (1 + e) if t >= 0 else e / (1 + e)


class Objective:
    def __init__(self, arithmetic, data):
        self.A = arithmetic
        self.data = data

    def vector(self, v):
        return [self.A.of(x) for x in v]

    def l2(self):
        return self.A.of(self.data.get("l2", 0))

    def mean_of(self, key, batch):
        """The mean over a batch of what is declared of each component; None where nothing is."""
        if key not in self.data:
            return None
        values = [self.A.of(self.data[key][i]) for i in batch]
        return sum(values[1:], values[0]) / len(batch)

    def everything(self):
        return list(range(self.size()))

    def value(self, x, batch):
        values = [self.component(i, x)[0] for i in batch]
        return sum(values[1:], values[0]) / len(batch)

    def gradient(self, x, batch):
        gradients = [self.component(i, x)[1] for i in batch]
        return [sum(parts[1:], parts[0]) / len(batch) for parts in zip(*gradients)]


class Quadratic(Objective):
    def size(self):
        return len(self.data["A"])

    def component(self, i, x):
        u = [a - b for a, b in zip(x, self.vector(self.data["b"][i]))]
        g = [dot(self.vector(row), u) for row in self.data["A"][i]]
        constant = self.A.of(self.data["k"][i]) if "k" in self.data else self.A.number(0)
        return dot(u, g) / 2 + constant, g


class LeastSquares(Objective):
    def size(self):
        return len(self.data["A"])

    def component(self, i, x):
        a = self.vector(self.data["A"][i])
        r = dot(a, x) - self.A.of(self.data["y"][i])
        return r * r / 2, [r * t for t in a]


class Logistic(Objective):
    def size(self):
        return len(self.data["A"])

    def component(self, i, x):
        a, y, l2 = self.vector(self.data["A"][i]), self.A.of(self.data["y"][i]), self.l2()
        t = -y * dot(a, x)
        s = -y * sigmoid(self.A, t)
        return softplus(self.A, t) + l2 / 2 * dot(x, x), [s * q + l2 * w for q, w in zip(a, x)]


class Softmax(Objective):
    def size(self):
        return len(self.data["A"])

    def component(self, i, x):
        a, label, c, l2 = self.vector(self.data["A"][i]), self.data["labels"][i], self.data["classes"], self.l2()
        z = [dot(a, x[q::c]) for q in range(c)]
        top = max(z)
        e = [self.A.exp(t - top) for t in z]
        total = sum(e[1:], e[0])
        loss = top - z[label] + self.A.log(total)
        s = [t / total - (1 if q == label else 0) for q, t in enumerate(e)]
        return loss + l2 / 2 * dot(x, x), [
            a[j] * s[q] + l2 * x[j * c + q] for j in range(len(a)) for q in range(c)
        ]


OBJECTIVES = {"quadratic": Quadratic, "leastSquares": LeastSquares, "logistic": Logistic, "softmax": Softmax}


def objective(arithmetic, data):
    return OBJECTIVES[data["objective"]](arithmetic, data)
