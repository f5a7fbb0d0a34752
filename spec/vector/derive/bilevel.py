"""Descent at both levels (clause method.bilevelDescent)."""

import math

from directions import direction
from estimators import entry, estimate, nth
from machine import Ray, machine, remembered
from two_levels import added, dot, minus, problem, scaled


class Mover:
    """One level: a rule along a direction, with what both remember."""

    def __init__(self, arithmetic, fields, start, box=None):
        self.A = arithmetic
        self.rule = machine(arithmetic, fields["rule"])
        self.direction = direction(arithmetic, fields.get("direction", {"direction": "steepest"}), len(start))
        self.executed = self.before = None
        self.points = [start]
        self.box = None if box is None else [arithmetic.of(t) for t in box]

    def boxed(self, point):
        return point if self.box is None else [min(max(t, self.box[0]), self.box[1]) for t in point]

    def move(self, k, origin, value, g, trial, lower_bound):
        """From the latest point; `trial` gives the value at another. Returns the outcome and the number of probes."""
        A, x = self.A, self.points[-1]
        step, probes = None, 0
        if g is not None and A.finite(value) and all(A.finite(t) for t in g):
            p, e = self.direction.turn(g)
            way, secant = minus(x, origin), None
            if self.before is not None:
                s, y = minus(x, self.before[0]), minus(g, self.before[1])
                secant = [dot(s, s), dot(s, y), dot(y, y)]
            self.before = x, g
            ray = Ray(
                A,
                lambda a: (trial(added(x, scaled(a, p))), None),
                k,
                value,
                dot(g, p),
                self.executed,
                slope_scale=sum(abs(s * t) for s, t in zip(g, p)),
                lower_bound=lower_bound,
                solution_value=None,
                gg=dot(g, g),
                travelled=A.sqrt(dot(way, way)),
                alignment=-dot(g, way),
                secant=secant,
            )
            step = self.rule.ask(ray)
            probes = len(ray.probed)
            self.executed = remembered(self.executed, step)
            if step is not None and A.finite(step):
                x = self.boxed(added(self.direction.base(self.points), scaled(step, e)))
        self.points.append(x)
        return step, probes


def run_descent_at_both_levels(A, case):
    P, method, draws = problem(A, case["problem"]), case["method"], case.get("draws", {})
    start_x, start_y = ([A.of(t) for t in case["start"][key]] for key in ("x", "y"))
    v = [A.of(t) for t in case["start"]["v"]] if "v" in case["start"] else None
    inner, outer = method["inner"], method["outer"]
    lower, upper = Mover(A, inner, start_y, method.get("yBox")), Mover(A, outer, start_x, method.get("xBox"))
    follows = method.get("probe", {}).get("lowerSteps", 1) == 1
    out = {key: [] for key in ("y", "value", "hypergradient", "step", "probes", "lowerStep", "lowerProbes", "count")}
    for k in range(case["iterations"]):
        x, S, T = upper.points[-1], entry(draws, "upper", k), entry(draws, "lower", k)
        if not inner.get("warmStart", True):
            lower.points[-1] = start_y
        origin, path, asked = lower.points[-1], [], []
        for t in range(inner["steps"]):
            y, batch = lower.points[-1], nth(T, t)
            g = P.g_y(x, y, batch)
            step, probes = lower.move(
                k, origin, P.value_g(x, y, batch), g, lambda z: P.value_g(x, z, batch), P.bounds["lower"]
            )
            asked.append((step, probes))
            path.append((y, A.number(0) if step is None or step == math.inf else step))
        y, beta = lower.points[-1], lower.executed
        found = estimate(P, method["hypergradient"], k, x, y, v, draws, path)
        if found.v is not None:
            v = found.v
        value = P.value_f(x, y, S)

        def trial(xh):
            if not follows or beta is None:
                return P.value_f(xh, y, S)
            return P.value_f(xh, lower.boxed(minus(y, scaled(beta, P.g_y(xh, y, entry(draws, "probe", k))))), S)

        step, probes = upper.move(k, start_x, value, found.gradient, trial, P.bounds["upper"])
        for key, shown in (
            ("y", y),
            ("value", value),
            ("hypergradient", found.gradient),
            ("step", step),
            ("probes", probes),
            ("lowerStep", [s for s, _ in asked]),
            ("lowerProbes", [n for _, n in asked]),
            ("count", found.count),
        ):
            out[key].append(shown)
    return {"x": upper.points, **out}
