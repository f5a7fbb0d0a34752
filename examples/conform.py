"""Puts golden vectors to four step rules written here: python3 conform.py FILE..."""

import json
import math
import sys


class Ray:
    """What a rule may see: value, slope, targets, and phi at the steps it asks for."""

    def __init__(self, given):
        self.value, self.slope = float(given["value"]), float(given["slope"])
        self.targets = {"lowerBound": given.get("lowerBound", 0), "solutionValue": given.get("solutionValue")}
        self.phi = given.get("phi", {"family": "quadratic"})
        self.descends = math.isfinite(self.value) and math.isfinite(self.slope) and self.slope < 0
        self.probed = {}

    def probe(self, a):
        if a not in self.probed:
            beyond = self.phi.get("beyond")
            curved = self.value + self.slope * a + float(self.phi.get("curvature", 0)) * a * a / 2
            self.probed[a] = float(beyond["value"]) if beyond and a > float(beyond["step"]) else curved
        return self.probed[a]


def constant(rule, ray):
    return abs(float(rule["step"]))


def polyak(rule, ray):
    target = rule.get("target", "lowerBound")
    target = ray.targets.get(target, target)
    if not ray.descends or target is None or math.isnan(float(target)):
        return None
    gap = ray.value - float(target)
    return gap / (rule.get("c", 1) * -ray.slope) if gap > 0 else 0.0


def least(rule, ray):
    outcomes = [ask(r, ray) for r in rule["of"]]
    return None if None in outcomes else min(outcomes)


def armijo(rule, ray):
    a = ask(rule["start"], ray)
    if not ray.descends or a is None or a == 0 or a == math.inf:
        return None
    for _ in range(int(rule.get("budget", 100))):
        if a == 0:
            return None
        bound = ray.value + rule.get("c", 0.1) * a * ray.slope + float(rule.get("slack", 0))
        if math.isfinite(ray.probe(a)) and ray.probe(a) <= bound:
            return a
        a *= rule.get("shrink", 0.5)
    return None


RULES = {"constant": constant, "polyak": polyak, "min": least, "armijo": armijo}


def ask(rule, ray):
    return RULES[rule["rule"]](rule, ray)


def supported(u):
    """Whether everything that a case uses is written above."""
    children = u.values() if isinstance(u, dict) else u if isinstance(u, list) else []
    known = not isinstance(u, dict) or (u.get("rule", "min") in RULES and u.get("family", "quadratic") == "quadratic")
    return known and all(supported(x) for x in children if not isinstance(x, str))


def close(expected, actual, relative, absolute):
    if isinstance(expected, list):
        return len(expected) == len(actual) and all(close(e, a, relative, absolute) for e, a in zip(expected, actual))
    if expected is None or actual is None:
        return expected is actual
    expected = float(expected)
    return actual == expected or abs(actual - expected) <= absolute + relative * abs(expected) < math.inf


def check(case):
    """What is wrong with our answers to a case; empty where they agree."""
    rays = [Ray(given) for given in case["rays"]]
    steps = [ask(case["rule"], ray) for ray in rays]
    probed = [sorted(ray.probed) for ray in rays]
    tolerance = case["tolerance"]
    if not close(case["expect"]["step"], steps, **tolerance):
        return f"expected the steps {case['expect']['step']}, got {steps}"
    if not close(case["expect"]["probed"], probed, **tolerance):
        return f"expected the probes {case['expect']['probed']}, got {probed}"
    return ""


counts = {"passed": 0, "failed": 0, "left out": 0}
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        cases = json.load(file)["cases"]
    for case in cases:
        known = case["kind"] == "rule" and supported([case["rule"], case["rays"]])
        fault = check(case) if known else ""
        counts["failed" if fault else "passed" if known else "left out"] += 1
        if fault:
            print(f"{case['id']} ({case['clause']}): {fault}")
print(", ".join(f"{n} {name}" for name, n in counts.items()))
sys.exit(counts["failed"] > 0)
