"""The bilevel methods with one loop (chapter Bilevel methods): soba, ufom, bome, f2sa, penalty."""

from estimators import carried, entry, inner_derivative, nothing, nth
from two_levels import Ablo, added, dot, mean, minus, plus_diagonal, problem, scaled, times


class Run:
    """What every method here has: the problem, the points of the start, schedules, draws and boxes."""

    def __init__(self, arithmetic, case):
        self.A = arithmetic
        self.P = problem(arithmetic, case["problem"])
        self.method = case["method"]
        self.draws = case.get("draws", {})
        self.start = {key: [arithmetic.of(t) for t in u] for key, u in case["start"].items()}
        self.iterations = range(case["iterations"])

    def number(self, key, default=None):
        return self.A.of(self.method.get(key, default))

    def at(self, u, k):
        """A schedule read at k."""
        if not isinstance(u, dict):
            return self.A.of(u)
        if u["rule"] == "constant":
            return self.A.of(u["step"])
        return self.A.of(u["initial"]) / self.A.power(self.A.number(k + 1), self.A.of(u["exponent"]))

    def read(self, key, k, default=None):
        return self.at(self.method.get(key, default), k)

    def batches(self, k):
        """S, C, and T as a function of t."""
        lower = entry(self.draws, "lower", k)
        return entry(self.draws, "upper", k), entry(self.draws, "cross", k), lambda t: nth(lower, t)

    def boxed(self, key, point):
        if key not in self.method:
            return point
        low, high = (self.A.of(t) for t in self.method[key])
        return [min(max(t, low), high) for t in point]


def minus_scaled(x, *terms):
    for c, v in terms:
        x = minus(x, scaled(c, v))
    return x


def run_soba(A, case):
    r = Run(A, case)
    P, x, y = r.P, r.start["x"], r.start["y"]
    v = r.start.get("v", P.zeros(len(y)))
    out = {"x": [x], "y": [y], "v": [v]}
    for k in r.iterations:
        S, C, T = r.batches(k)
        lower = r.read("lowerStep", k)
        linear = r.read("linearStep", k) if "linearStep" in r.method else lower
        residual = minus(times(P.hessian(x, y, C), v), P.f_y(x, y, S))
        z = minus(P.f_x(x, y, S), times(P.cross(x, y, C), v))
        x, y, v = (
            r.boxed("xBox", minus_scaled(x, (r.read("upperStep", k), z))),
            r.boxed("yBox", minus_scaled(y, (lower, P.g_y(x, y, T(0))))),
            minus_scaled(v, (linear, residual)),
        )
        for key, point in (("x", x), ("y", y), ("v", v)):
            out[key].append(point)
    return out


def unrolled(r, k, x):
    """Two gradients and the value of the inner loop: as if y_r were constant, and in full."""
    P, S = r.P, entry(r.draws, "upper", k)
    outer = r.method.get("initialise", "constant") == "outer"
    tasks = [None]
    if isinstance(P, Ablo):
        tasks = range(P.sizes[0]) if S is None else S
    found = []
    for task in tasks:
        upper, lower = (S, r.batches(k)[2]) if task is None else ([task], lambda t: [task])
        y = x if outer else r.start["y"]
        Y = nothing(P, x, y)
        if outer:
            Y = plus_diagonal(Y, [r.A.number(1)] * len(x))
        for t in range(r.method["inner"]["steps"]):
            a = r.at(r.method["inner"]["step"], t)
            Y, y = inner_derivative(P, x, y, a, lower(t), Y), minus_scaled(y, (a, P.g_y(x, y, lower(t))))
        first = added(P.f_x(x, y, upper), P.f_y(x, y, upper)) if outer else P.f_x(x, y, upper)
        found.append([first, carried(P, x, y, Y, upper), P.value_f(x, y, upper)])
    return mean([f for f, _, _ in found]), mean([e for _, e, _ in found]), mean([v for _, _, v in found])


def run_ufom(A, case):
    r = Run(A, case)
    x, adaptive = r.start["x"], r.method["method"] == "adaptiveUfom"
    out = {"x": [x], "gradient": [], "exact": [], "value": []}
    seen, chances = [], []
    for k in r.iterations:
        q = chance(r, seen) if adaptive else r.number("q")
        if adaptive:
            exact = not A.at_most(q, A.of(r.draws["uniforms"][k]))
        else:
            exact = r.draws["coins"][k] == 1 and q > 0
        first, full, value = unrolled(r, k, x)
        g = added(first, scaled(1 / q, minus(full, first))) if exact else first
        if exact:
            away = minus(first, full)
            seen.append((dot(away, away), dot(full, full)))
        x = r.boxed("xBox", minus_scaled(x, (r.read("step", k), g)))
        for key, shown in (("x", x), ("gradient", g), ("exact", exact), ("value", value)):
            out[key].append(shown)
        chances.append(q)
    return {**out, "q": chances} if adaptive else out


def chance(r, seen):
    """The probability of an exact draw, from all the exact draws so far."""
    A, least = r.A, r.number("qMin", 0.05)
    if not seen:
        return least
    beta, p = r.number("beta", 0.99), r.number("exponent", 2)
    costs, steps = r.method.get("costs", {}), r.method["inner"]["steps"]
    fixed, drawn = A.of(costs.get("deterministic", steps + 1)), A.of(costs.get("random", steps))
    # The average after n draws, each weighted by how long ago it was.
    weight, weights, sums = A.number(1), A.number(0), [A.number(0)] * 2
    for pair in reversed(seen):
        weights = weights + weight
        sums = [s + weight * t for s, t in zip(sums, pair)]
        weight = weight * beta
    D, V = (s / weights for s in sums)
    if A.at_most(D, 0):
        return least
    if A.at_most(drawn * V / (p * (fixed + drawn)), D):
        return A.number(1)
    a, b, c = drawn * (V - D), (1 - p) * drawn * D, p * fixed * D
    # a q^2 + b q - c = 0
    root = 2 * c / (b + A.sqrt(b * b + 4 * a * c))
    return least if A.at_most(root, least) else root


def run_bome(A, case):
    r = Run(A, case)
    P, m, x, y = r.P, r.method, r.start["x"], r.start["y"]
    eta, epsilon = r.number("eta", 0.5), r.number("epsilon", 0)
    out = {"x": [x], "y": [y], "lambda": [], "gap": []}
    for k in r.iterations:
        S, _, T = r.batches(k)
        at = y
        for _ in range(m["innerSteps"]):
            at = minus_scaled(at, (r.read("innerStep", k), P.g_y(x, at, T(0))))
        gap = P.value_g(x, y, T(0)) - P.value_g(x, at, T(0))
        q = minus(P.g_x(x, y, T(0)), P.g_x(x, at, T(0))) + P.g_y(x, y, T(0))
        f = P.f_x(x, y, S) + P.f_y(x, y, S)
        qq = dot(q, q)
        weight = A.number(0)
        if not A.at_most(qq, 0):
            phi = eta * (qq if m.get("option", "G") == "G" else gap)
            ratio = (phi - dot(f, q)) / (qq + epsilon)
            weight = weight if A.at_most(ratio, 0) else ratio
        delta = added(f, scaled(weight, q))
        x, y = (
            r.boxed("xBox", minus_scaled(x, (r.read("upperStep", k), delta[: len(x)]))),
            r.boxed("yBox", minus_scaled(y, (r.read("lowerStep", k), delta[len(x) :]))),
        )
        for key, shown in (("x", x), ("y", y), ("lambda", weight), ("gap", gap)):
            out[key].append(shown)
    return out


def run_f2sa(A, case):
    r = Run(A, case)
    P, x, y = r.P, r.start["x"], r.start["y"]
    z, weight = r.start.get("z", y), r.number("lambda0")
    out = {"x": [x], "y": [y], "z": [z], "lambda": [weight]}
    for k in r.iterations:
        S, C, T = r.batches(k)
        alpha, gamma = r.read("alpha", k), r.read("gamma", k)
        for t in range(r.method["innerSteps"]):
            z = minus_scaled(z, (gamma, P.g_y(x, z, T(t))))
            y = minus_scaled(y, (alpha, P.f_y(x, y, S)), (alpha * weight, P.g_y(x, y, T(t))))
        pull = added(P.f_x(x, y, S), scaled(weight, minus(P.g_x(x, y, C), P.g_x(x, z, C))))
        x = r.boxed("xBox", minus_scaled(x, (r.number("xi", 1) * alpha, pull)))
        weight = weight + r.read("lambdaIncrement", k, 0)
        for key, shown in (("x", x), ("y", y), ("z", z), ("lambda", weight)):
            out[key].append(shown)
    return out


def run_penalty(A, case):
    r = Run(A, case)
    P, x, y = r.P, r.start["x"], r.start["y"]
    z = r.start.get("z", y)
    rho, share = r.number("rho", "Infinity"), r.number("average", 1)
    out = {"x": [x], "y": [y], "z": [z]}
    for k in r.iterations:
        S, C, T = r.batches(k)
        sigma, gamma, alpha = (r.read(key, k) for key in ("sigma", "gamma", "alpha"))
        u, w = y, z
        for t in range(r.method["innerSteps"]):
            near, far = ([(s - c) / rho for s, c in zip(now, anchor)] for now, anchor in ((u, y), (w, z)))
            u = r.boxed("yBox", minus_scaled(u, (gamma, added(scaled(sigma, P.f_y(x, u, S)), P.g_y(x, u, T(t)), near))))
            w = r.boxed("yBox", minus_scaled(w, (gamma, added(P.g_y(x, w, T(t)), far))))
        y, z = (added(scaled(1 - share, old), scaled(share, new)) for old, new in ((y, u), (z, w)))
        pull = added(scaled(sigma, P.f_x(x, u, S)), minus(P.g_x(x, u, C), P.g_x(x, w, C)))
        x = r.boxed("xBox", minus_scaled(x, (alpha, pull)))
        for key, shown in (("x", x), ("y", y), ("z", z)):
            out[key].append(shown)
    return out
