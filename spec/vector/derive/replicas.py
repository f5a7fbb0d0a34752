"""Runs a case about replicas (chapter Replicas) in one arithmetic."""

from objectives import objective


def mean(xs):
    return sum(xs[1:], xs[0]) / len(xs)


def mean_point(points):
    return [mean(list(entries)) for entries in zip(*points)]


class Controller:
    """The base step and what moves it; remembers all that it says."""

    def __init__(self, A, fields, permutations):
        number = lambda key, default=None: A.of(fields.get(key, default))
        self.A = A
        self.n = n = fields["replicas"]
        self.permutations = permutations
        self.temperature, self.momentum, self.gain = number("temperature"), number("momentum"), number("gain")
        self.decay, self.floor = number("decay", 0), number("floor", 1e-12)
        # 2 (r - (N-1)/2) and 2 max((N-1)/2, 1/2) are integers.
        self.factors = [1 + number("spread") * (2 * r - (n - 1)) / max(n - 1, 1) for r in range(n)]
        self.velocity = A.number(0)
        self.said = {"base": [], "steps": [], "signal": [], "velocity": [], "weights": []}
        self.assign(number("step"))

    def assign(self, base):
        self.base = base
        j = len(self.said["base"])
        order = range(self.n) if self.permutations is None else self.permutations[j]
        self.rates = [base * self.factors[i] for i in order]
        self.said["base"].append(base)
        self.said["steps"].append(self.rates)

    def synchronise(self, losses):
        A, average = self.A, mean(losses)
        scores = [(average - loss) / self.temperature for loss in losses]
        top = max(scores)
        powers = [A.exp(score - top) for score in scores]
        weights = [power / sum(powers[1:], powers[0]) for power in powers]
        products = [w * rate for w, rate in zip(weights, self.rates)]
        signal = sum(products[1:], products[0]) - mean(self.rates)
        self.velocity = self.momentum * self.velocity + (1 - self.momentum) * signal
        proposed = self.base * (1 - self.decay) + self.gain * self.velocity
        for name, value in (("signal", signal), ("velocity", self.velocity), ("weights", weights)):
            self.said[name].append(value)
        self.assign(self.floor if A.at_most(proposed, self.floor) else proposed)


def run_replicas(A, case):
    fields, draws = case["controller"], case.get("draws", {})
    controller = Controller(A, fields, draws.get("permutations"))
    if "losses" in case:
        for row in case["losses"]:
            controller.synchronise([A.of(loss) for loss in row])
        return controller.said
    f = objective(A, case["objective"])
    points = [[A.of(t) for t in case["start"]] for _ in range(controller.n)]
    means, history = [mean_point(points)], []
    for k in range(case["iterations"]):
        batches = draws["batches"][k] if "batches" in draws else [f.everything()] * controller.n
        history.append([f.value(x, batch) for x, batch in zip(points, batches)])
        g = mean_point([f.gradient(x, batch) for x, batch in zip(points, batches)])
        points = [[s - rate * t for s, t in zip(x, g)] for x, rate in zip(points, controller.rates)]
        means.append(mean_point(points))
        if (k + 1) % fields["period"] == 0:
            points = [means[-1]] * controller.n
            controller.synchronise(mean_point(history[-fields["period"] :]))
    return {**controller.said, "mean": means, "loss": history, "replicas": points}
