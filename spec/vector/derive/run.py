"""Runs a case (sections F and I) in one arithmetic. Outputs hold numbers of that arithmetic."""

import accumulating  # noqa: F401, its machines
import rules  # noqa: F401, its machines
from bilevel import run_descent_at_both_levels
from certified import run_hoag, run_maid
from directions import DIRECTIONS, direction
from estimators import run_hypergradient
from machine import Ray, machine, remembered
from objectives import dot, objective
from penalties import run_bome, run_f2sa, run_penalty, run_soba, run_ufom
from replicas import run_replicas
from single_loops import run_amigo, run_f3sa, run_saba
from validity import FIELDS, tags, valid
from wrappers import known, wrapper

# The bilevel methods by name.
METHODS = {
    "bilevelDescent": run_descent_at_both_levels,
    "soba": run_soba,
    "ufom": run_ufom,
    "adaptiveUfom": run_ufom,
    "bome": run_bome,
    "f2sa": run_f2sa,
    "penalty": run_penalty,
    "maid": run_maid,
    "hoag": run_hoag,
    "saba": run_saba,
    "amigo": run_amigo,
    "f3sa": run_f3sa,
}


def supports(case):
    """Whether this implementation knows everything that a case uses."""
    if case["kind"] == "decode":
        return all(tag in FIELDS for tag in tags(case["rule"])) or not case["expect"]["valid"]
    if case["kind"] in ("replicas", "hypergradient"):
        return True
    if case["kind"] == "bilevel":
        return case["method"]["method"] in METHODS and all(tag in FIELDS for tag in tags(case["method"]))
    if case["kind"] not in ("rule", "descent") or not known(case.get("wrapper", {"wrapper": "mechanic"})):
        return False
    rules = all(tag in FIELDS for tag in tags(case.get("rule")))
    return rules and case.get("direction", {"direction": "steepest"})["direction"] in DIRECTIONS


def family(A, value, slope, phi):
    """phi of a rule case (clause F.4), and its derivative."""
    name = phi["family"]
    number = lambda key: A.of(phi.get(key, 0))

    def smooth(a):
        line = value + slope * a
        if name == "exponential":
            rate = number("rate")
            return line + number("weight") * (A.exp(rate * a) - 1 - rate * a)
        curved = line + number("curvature") * (a * a) / 2
        return curved + number("quartic") * (a * a * a * a) if name == "quartic" else curved

    def derivative(a):
        if name == "exponential":
            rate = number("rate")
            return slope + number("weight") * rate * (A.exp(rate * a) - 1)
        curved = slope + number("curvature") * a
        return curved + 4 * number("quartic") * (a * a * a) if name == "quartic" else curved

    def sample(a):
        beyond = phi.get("beyond")
        if beyond is None or A.at_most(a, A.of(beyond["step"])):
            return smooth(a), lambda: derivative(a)
        return A.of(beyond["value"]), lambda: A.of(beyond.get("slope", 0))

    return sample


def optional(A, u):
    return None if u is None else A.of(u)


def run_rule(A, case):
    rule, executed = machine(A, case["rule"]), None
    steps, probes, probed = [], [], []
    for position, given in enumerate(case["rays"]):
        value, slope = A.of(given["value"]), A.of(given["slope"])
        if "executed" in given:
            executed = optional(A, given["executed"])
        ray = Ray(
            A,
            family(A, value, slope, given.get("phi", {"family": "quadratic"})),
            given.get("k", position),
            value,
            slope,
            executed,
            lower_bound=optional(A, given.get("lowerBound", 0)),
            solution_value=optional(A, given.get("solutionValue")),
            gg=A.of(given["gg"]) if "gg" in given else -slope,
            travelled=A.of(given.get("travelled", 0)),
            alignment=A.of(given.get("alignment", 0)),
            secant=None if given.get("secant") is None else [A.of(u) for u in given["secant"]],
        )
        step = rule.ask(ray)
        executed = remembered(executed, step)
        steps.append(step)
        probes.append(len(ray.probed))
        probed.append(sorted(ray.probed))
    return {"step": steps, "probes": probes, "probed": probed}


def minus(x, y):
    return [s - t for s, t in zip(x, y)]


def sampled(f, x, p, batch):
    """Value and slope of an objective along a ray."""

    def sample(a):
        y = [s + a * t for s, t in zip(x, p)]
        return f.value(y, batch), lambda: dot(f.gradient(y, batch), p)

    return sample


def run_descent(A, case):
    f = objective(A, case["objective"])
    x = start = [A.of(t) for t in case["start"]]
    layer = wrapper(A, case["wrapper"], start) if "wrapper" in case else None
    alone = layer is not None and layer.alone
    rule = None if alone else machine(A, case["rule"])
    turn = direction(A, case.get("direction", {"direction": "steepest"}), len(start))
    batches = case.get("draws", {}).get("batches")
    executed = before = None
    out = {"x": [x], "value": []} if alone else {"x": [x], "step": [], "value": [], "probes": []}
    for name in layer.shown() if layer else []:
        out[name] = []
    for k in range(case["iterations"]):
        batch = f.everything() if batches is None else batches[k]
        value, g = f.value(x, batch), f.gradient(x, batch)
        step, probes = None, 0
        finite = A.finite(value) and all(A.finite(t) for t in g)
        if finite and alone:
            x = layer.go(k, x, g, A.number(0), None, x)
        elif finite:
            p, e = turn.turn(g)
            lower = f.mean_of("lowerBounds", batch)
            way = minus(x, start)
            secant = None
            if before is not None:
                s, y = minus(x, before[0]), minus(g, before[1])
                secant = [dot(s, s), dot(s, y), dot(y, y)]
            before = x, g
            ray = Ray(
                A,
                sampled(f, x, p, batch),
                k,
                value,
                dot(g, p),
                executed,
                slope_scale=sum(abs(s * t) for s, t in zip(g, p)),
                lower_bound=A.number(0) if lower is None else lower,
                solution_value=f.mean_of("solutionValues", batch),
                gg=dot(g, g),
                travelled=A.sqrt(dot(way, way)),
                alignment=-dot(g, way),
                secant=secant,
            )
            step = rule.ask(ray)
            probes = len(ray.probed)
            executed = remembered(executed, step)
            taken = step if step is not None and A.finite(step) else None
            u = [(0 if taken is None else taken) * t for t in e]
            proposed = x if taken is None else [s + t for s, t in zip(turn.base(out["x"]), u)]
            x = proposed if layer is None else layer.go(k, x, g, A.number(taken or 0), u, proposed)
        out["value"].append(value)
        out["x"].append(x)
        if not alone:
            out["step"].append(step)
            out["probes"].append(probes)
        for name, shown in (layer.shown() if layer else {}).items():
            out[name].append(shown)
    out["final"] = f.value(x, f.everything())
    return out


def run(A, case):
    """The outputs of a case."""
    if case["kind"] == "decode":
        return {"valid": valid(case["rule"])}
    if case["kind"] == "replicas":
        return run_replicas(A, case)
    if case["kind"] == "hypergradient":
        return run_hypergradient(A, case)
    if case["kind"] == "bilevel":
        return METHODS[case["method"]["method"]](A, case)
    return run_rule(A, case) if case["kind"] == "rule" else run_descent(A, case)
