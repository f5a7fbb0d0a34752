"""The bilevel methods that solve the lower level to a tolerance: maid and hoag."""

from estimators import conjugate_gradients, norm
from penalties import Run, minus_scaled
from two_levels import dot, minus, times


class Over(Exception):
    """A budget was not enough, or conjugate gradients failed."""


class Maid(Run):
    CONSTANTS = ("mu", "L", "upperLipschitzY", "upperLipschitzX", "inverseHessianLipschitz", "crossLipschitz", "crossNorm")

    def __init__(self, arithmetic, case):
        super().__init__(arithmetic, case)
        given = self.method["constants"]
        self.mu, self.L, self.Lfy, self.Lfx, self.LHinv, self.LJ, self.nJ = (
            arithmetic.of(given.get(key, 0)) for key in self.CONSTANTS
        )
        self.epsilon, self.delta, self.alpha = (self.number(key) for key in ("epsilon", "delta", "alpha"))
        self.x, self.y = self.start["x"], self.start["y"]
        self.lower = self.cgs = 0

    def solve(self, x, y):
        count, step = 0, 2 / (self.L + self.mu)
        while True:
            g = self.P.g_y(x, y)
            if self.A.at_most(norm(self.A, g), self.epsilon * self.mu):
                self.lower += count
                return y
            if count == self.method.get("lowerBudget", 10000):
                raise Over
            y, count = minus_scaled(y, (step, g)), count + 1

    def refine(self):
        by = self.number("refine", 0.5)
        self.epsilon, self.delta = by * self.epsilon, by * self.delta

    def gradient(self):
        """z, its norm, omega, and b; None where that is all within the tolerance."""
        A, P = self.A, self.P
        for _ in range(self.method.get("refinements", 100)):
            self.y = self.solve(self.x, self.y)
            f_y = P.f_y(self.x, self.y)
            v, count = conjugate_gradients(
                A, P.hessian(self.x, self.y), f_y, P.zeros(len(self.y)), 1000, self.delta
            )
            if v is None or count == 1000:
                raise Over
            self.cgs += count
            z = minus(P.f_x(self.x, self.y), times(P.cross(self.x, self.y), v))
            b, size = norm(A, f_y), norm(A, z)
            omega = (
                (self.Lfy * self.nJ / self.mu + self.LHinv * b * self.nJ + self.LJ * b / self.mu + self.Lfx) * self.epsilon
                + self.nJ / self.mu * self.delta
                + self.LJ * self.Lfy / self.mu * (self.epsilon * self.epsilon)
            )
            if A.at_most(size + omega, self.number("tolerance", 0)):
                return None
            if A.at_most(omega, (1 - self.number("eta", 0.5)) * size):
                return z, size, omega, b
            self.refine()
        raise Over

    def search(self, j, z, size, b):
        """The step accepted among j, with the next points; None without one."""
        A, P, slack = self.A, self.P, self.Lfy * (self.epsilon * self.epsilon) / 2
        value = P.value_f(self.x, self.y)
        low = value - b * self.epsilon - (0 if self.method.get("upperConvex", False) else slack)
        a = self.alpha
        for _ in range(j):
            x = minus_scaled(self.x, (a, z))
            y = self.solve(x, self.y)
            high = P.value_f(x, y) + norm(A, P.f_y(x, y)) * self.epsilon + slack
            if A.at_most(high + self.number("decrease", 0.25) * a * (size * size), low, abs(value)):
                return a, x, y, value
            a = self.number("shrink", 0.5) * a
        return None

    def iteration(self):
        """What is shown of an accepted step; None where the run stops."""
        first = self.method.get("backtracks", 10)
        for j in range(first, first + self.method.get("rounds", 20)):
            found = self.gradient()
            if found is None:
                return None
            z, size, omega, b = found
            accepted = self.search(j, z, size, b)
            if accepted is None:
                self.refine()
                continue
            a, x, y, value = accepted
            shown = {"step": a, "epsilon": self.epsilon, "delta": self.delta, "omega": omega, "hypergradient": z, "value": value}
            self.x, self.y, self.alpha = x, y, self.number("grow", 10 / 9) * a
            relax = self.number("relax", 1.25)
            self.epsilon, self.delta = relax * self.epsilon, relax * self.delta
            return {**shown, "x": x, "y": y}
        raise Over


def run_maid(A, case):
    r = Maid(A, case)
    keys = ("step", "epsilon", "delta", "omega", "hypergradient", "value")
    out = {**{key: [] for key in keys}, "x": [r.x], "y": [r.y]}
    status = "completed"
    for _ in r.iterations:
        try:
            shown = r.iteration()
        except Over:
            status = "exhausted"
            break
        if shown is None:
            status = "stationary"
            break
        for key, u in shown.items():
            out[key].append(u)
    return {**out, "status": status, "lowerIterations": r.lower, "cgIterations": r.cgs}


class Adaptive:
    """The step 1/L that judges the one before it (clause draft.hoag.adaptive)."""

    def __init__(self, run, given):
        self.run, self.A = run, run.A
        self.L = run.A.of(given["start"]) if "start" in given else None
        self.scale, self.before = run.A.number(1), None

    def turn(self, x, z, value, tolerance):
        """The next point, the step, and whether the one before was taken back."""
        A, size = self.A, norm(self.A, z)
        if self.L is None:
            small = A.at_most(size, A.of(1e-3))
            self.L = A.number(1) if small else size / A.sqrt(A.number(len(x)))
        if self.before is not None:
            origin, earlier, loose = self.before
            d = norm(A, minus(x, origin))
            bound = earlier + tolerance / 4 + 5 * loose * d / 4 - self.L * (d * d)
            if A.at_most(value, bound, abs(earlier)):
                self.L = A.of(0.95) * self.L
            elif A.at_most(earlier + A.of(0.2) * abs(earlier), value):
                self.L, self.scale, self.before = 2 * self.L, self.scale / 2, None
                return origin, None, True
        self.before = x, value, tolerance
        return self.run.boxed("xBox", minus_scaled(x, (1 / self.L, z))), 1 / self.L, False


def run_hoag(A, case):
    r = Run(A, case)
    P, m, x, y = r.P, r.method, r.start["x"], r.start["y"]
    v, ratio = P.zeros(len(y)), A.number(1)
    keys = ("y", "hypergradient", "lowerIterations", "cgIterations", "tolerance")
    adaptive = Adaptive(r, m["step"]["adaptive"]) if isinstance(m["step"], dict) and "adaptive" in m["step"] else None
    if adaptive is not None:
        keys = (*keys, "step", "restored")
    out = {"x": [x], **{key: [] for key in keys}}
    for k in r.iterations:
        n = A.number(k + 1)
        shrunk = {"exponential": ratio, "quadratic": 1 / (n * n), "cubic": 1 / (n * n * n)}[m["tolerances"]]
        wanted = r.number("epsilon") * shrunk
        if adaptive is not None:
            wanted = adaptive.scale * wanted
        tolerance = A.of(1e-12) if A.at_most(wanted, A.of(1e-12)) else wanted
        ratio = ratio * r.number("ratio", 0.9)
        count, g = 0, P.g_y(x, y)
        while not A.at_most(norm(A, g), tolerance) and count < m["inner"]["budget"]:
            y = minus_scaled(y, (A.of(m["inner"]["step"]), g))
            count, g = count + 1, P.g_y(x, y)
        solved = bool(norm(A, g) <= tolerance)
        after = None
        if solved:
            H, b = P.hessian(x, y), P.f_y(x, y)
            after, cgs = conjugate_gradients(A, H, b, v, m.get("cgBudget", 1000), tolerance)
        if after is None or not A.at_most(norm(A, minus(b, times(H, after))), tolerance):
            return {**out, "status": "exhausted"}
        v = after
        z = minus(P.f_x(x, y), times(P.cross(x, y), v))
        shown = [y, z, count, cgs, tolerance]
        if adaptive is None:
            x = r.boxed("xBox", minus_scaled(x, (r.read("step", k), z)))
        else:
            x, *more = adaptive.turn(x, z, P.value_f(x, y), tolerance)
            shown += more
        for key, u in zip(keys, shown):
            out[key].append(u)
        out["x"].append(x)
    return {**out, "status": "completed"}
