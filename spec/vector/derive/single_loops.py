"""The bilevel methods with a third point that are drafts: saba, amigo, f3sa."""

from estimators import entry, nth
from penalties import Run, minus_scaled
from two_levels import added, dot, minus, scaled, times


class Memory:
    """What was last seen of every block of one level, a row each; `see` evaluates rows on batches."""

    def __init__(self, arithmetic, components, size):
        self.A = arithmetic
        self.blocks = [list(range(i, min(i + size, components))) for i in range(0, components, size)]
        self.shares = [arithmetic.number(len(block)) / components for block in self.blocks]
        self.rows = None

    def mean(self, rows):
        return added(*(scaled(share, row) for share, row in zip(self.shares, rows)))

    def estimate(self, see, drawn):
        """What the mean over all components is taken for."""
        if drawn is None or self.rows is None:
            rows = [see(block) for block in self.blocks]
            found = self.mean(rows)
            if all(self.A.finite(t) for t in found):
                self.rows = rows
            return found
        b, row = self.blocks.index(drawn), see(drawn)
        weight = self.shares[b] * len(self.blocks)
        found = added(scaled(weight, minus(row, self.rows[b])), self.mean(self.rows))
        if all(self.A.finite(t) for t in row):
            self.rows = [row if i == b else old for i, old in enumerate(self.rows)]
        return found


def unless_lost(A, point, moved, seen):
    """Where a point goes, if all that was seen for it is finite."""
    return moved if all(A.finite(t) for t in seen) else point


def run_saba(A, case):
    r = Run(A, case)
    P, m, x, y = r.P, r.method, r.start["x"], r.start["y"]
    v = r.start.get("v", P.zeros(len(y)))
    n, size = len(y), m.get("blocks", {})
    upper, lower = (Memory(A, count, size.get(key, 1)) for key, count in zip(("upper", "lower"), P.sizes))
    out = {"x": [x], "y": [y], "v": [v]}
    for k in r.iterations:
        S, _, T = r.batches(k)
        f, *in_f = upper.estimate(lambda B: [P.value_f(x, y, B), *P.f_y(x, y, B), *P.f_x(x, y, B)], S)
        f_y, f_x = in_f[:n], in_f[n:]
        g, *in_g = lower.estimate(
            lambda B: [P.value_g(x, y, B), *P.g_y(x, y, B), *times(P.hessian(x, y, B), v), *times(P.cross(x, y, B), v)], T(0)
        )
        g_y, Hv, Jv = in_g[:n], in_g[n : 2 * n], in_g[2 * n :]
        step = r.read("lowerStep", k)
        linear = r.read("linearStep", k) if "linearStep" in m else step
        x, y, v = (
            unless_lost(A, x, r.boxed("xBox", minus_scaled(x, (r.read("upperStep", k), minus(f_x, Jv)))), [f, dot(g_y, v), *f_x, *Jv]),
            unless_lost(A, y, r.boxed("yBox", minus_scaled(y, (step, g_y))), [g, *g_y]),
            unless_lost(A, v, minus_scaled(v, (linear, minus(Hv, f_y))), [*Hv, *f_y]),
        )
        for key, point in (("x", x), ("y", y), ("v", v)):
            out[key].append(point)
    return out


def run_amigo(A, case):
    r = Run(A, case)
    P, m, x, y = r.P, r.method, r.start["x"], r.start["y"]
    v = r.start.get("v", P.zeros(len(y)))
    out = {"x": [x], "y": [y], "v": [v]}
    for k in r.iterations:
        S, C, T = r.batches(k)
        hessians = entry(r.draws, "hessian", k)
        step = r.read("lowerStep", k)
        linear = r.read("linearStep", k) if "linearStep" in m else step
        for t in range(m["innerSteps"]):
            g_y = P.g_y(x, y, T(t))
            y = unless_lost(A, y, r.boxed("yBox", minus_scaled(y, (step, g_y))), [P.value_g(x, y, T(t)), *g_y])
        f_y = P.f_y(x, y, S)
        for q in range(m.get("linearSteps", m["innerSteps"])):
            Hv = times(P.hessian(x, y, C if hessians is None else nth(hessians, q)), v)
            v = unless_lost(A, v, minus_scaled(v, (linear, minus(Hv, f_y))), [*Hv, *f_y])
        f_x, Jv = P.f_x(x, y, S), times(P.cross(x, y, C), v)
        moved = r.boxed("xBox", minus_scaled(x, (r.read("upperStep", k), minus(f_x, Jv))))
        x = unless_lost(A, x, moved, [P.value_f(x, y, S), *f_x, *Jv])
        for key, point in (("x", x), ("y", y), ("v", v)):
            out[key].append(point)
    return out


class Tracked:
    """The estimate of one gradient, from that of the iteration before and the points of both."""

    def __init__(self):
        self.latest = self.at = None

    def follow(self, gradient, share, *at):
        now = gradient(*at)
        if self.at is not None and share != 1:
            kept = minus(self.latest, gradient(*self.at))
            now = added(now, scaled(1 - share, kept))
        self.latest, self.at = now, at
        return now


def run_f3sa(A, case):
    r = Run(A, case)
    P, x, y = r.P, r.start["x"], r.start["y"]
    z, weight = r.start.get("z", y), r.number("lambda0")
    gz, fy, gy, fx, gxy, gxz = (Tracked() for _ in range(6))
    out = {"x": [x], "y": [y], "z": [z], "lambda": [weight]}
    for k in r.iterations:
        S, C, T = r.batches(k)
        T, share, alpha = T(0), r.read("eta", k), r.read("alpha", k)
        in_z = gz.follow(lambda p, q: P.g_y(p, q, T), share, x, z)
        pulls = fy.follow(lambda p, q: P.f_y(p, q, S), share, x, y), gy.follow(lambda p, q: P.g_y(p, q, T), share, x, y)
        in_y = added(pulls[0], scaled(weight, pulls[1]))
        after_z = unless_lost(A, z, minus_scaled(z, (r.read("gamma", k), in_z)), [P.value_g(x, z, T), *in_z])
        after_y = unless_lost(A, y, minus_scaled(y, (alpha, in_y)), [P.value_f(x, y, S), P.value_g(x, y, T), *in_y])
        z, y = after_z, after_y
        in_x = added(
            fx.follow(lambda p, q: P.f_x(p, q, S), share, x, y),
            scaled(
                weight,
                minus(
                    gxy.follow(lambda p, q: P.g_x(p, q, C), share, x, y),
                    gxz.follow(lambda p, q: P.g_x(p, q, C), share, x, z),
                ),
            ),
        )
        seen = [P.value_f(x, y, S), P.value_g(x, y, C), P.value_g(x, z, C), *in_x]
        x = unless_lost(A, x, r.boxed("xBox", minus_scaled(x, (r.number("xi", 1) * alpha, in_x))), seen)
        weight = weight + r.read("lambdaIncrement", k, 0)
        for key, shown in (("x", x), ("y", y), ("z", z), ("lambda", weight)):
            out[key].append(shown)
    return out
