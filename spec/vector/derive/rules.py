"""Step rules without a sum: atoms, combinators and searches."""

import math

from machine import MACHINES, Machine, outcome
from validity import field


class Never(Machine):
    def answer(self, ray, outcomes):
        return None


class Constant(Machine):
    def answer(self, ray, outcomes):
        return outcome(self.number("step"))


class Power(Machine):
    def answer(self, ray, outcomes):
        base = self.arithmetic.number(ray.k + 1)
        return outcome(self.number("initial") / self.arithmetic.power(base, self.number("exponent")))


class Polyak(Machine):
    def answer(self, ray, outcomes):
        if not ray.descends():
            return None
        target = ray.target(field(self.expression, "target"))
        if target is None:
            return None
        if self.arithmetic.at_most(ray.value, target):
            return self.arithmetic.number(0)
        return outcome((ray.value - target) / (self.number("c") * -ray.slope))


class Last(Machine):
    def answer(self, ray, outcomes):
        if ray.executed is None:
            return outcome(self.number("initial"))
        return outcome(self.number("factor") * ray.executed)


class Max(Machine):
    def answer(self, ray, outcomes):
        return max((x for x in outcomes if x is not None), default=None)


class Min(Machine):
    def answer(self, ray, outcomes):
        return None if None in outcomes else min(outcomes)


class Envelope(Machine):
    def answer(self, ray, outcomes):
        lower, proposal, upper = outcomes
        raised = max((x for x in (lower, proposal) if x is not None), default=None)
        return None if raised is None or upper is None else min(raised, upper)


class OrElse(Machine):
    def answer(self, ray, outcomes):
        return next((x for x in outcomes if x is not None), None)


class Periodic(Machine):
    def answer(self, ray, outcomes):
        return outcomes[0 if ray.k % int(self.expression["period"]) == 0 else 1]


class Scale(Machine):
    def answer(self, ray, outcomes):
        return None if outcomes[0] is None else outcome(self.number("by") * outcomes[0])


class Product(Machine):
    def answer(self, ray, outcomes):
        if None in outcomes:
            return None
        result = self.arithmetic.number(1)
        for x in outcomes:
            result = result * x
        return outcome(result)


class RunningMin(Machine):
    def begin(self):
        self.least = self.arithmetic.number(math.inf)

    def answer(self, ray, outcomes):
        if outcomes[0] is None or outcomes[0] == 0:
            return outcomes[0]
        self.least = min(self.least, outcomes[0])
        return self.least


class RunningMax(Machine):
    def begin(self):
        self.greatest = None

    def answer(self, ray, outcomes):
        if outcomes[0] is not None and (self.greatest is None or outcomes[0] > self.greatest):
            self.greatest = outcomes[0]
        return self.greatest


class Armijo(Machine):
    def answer(self, ray, outcomes):
        a = outcomes[0]
        if not ray.descends() or a is None or a == 0 or a == math.inf:
            return None
        c, shrink, slack = self.number("c"), self.number("shrink"), self.number("slack")
        for _ in range(int(field(self.expression, "budget"))):
            if a == 0:
                return None
            v = ray.probe(a)
            if self.arithmetic.finite(v):
                bound = ray.value + c * a * ray.slope + slack
                if self.arithmetic.at_most(v, bound, abs(ray.value) + slack):
                    return a
            a = shrink * a
        return None


class Goldstein(Machine):
    def answer(self, ray, outcomes):
        start = outcomes[0]
        if not ray.descends() or start is None or start == 0 or start == math.inf:
            return None
        A, c, cap = self.arithmetic, self.number("c"), self.number("cap")
        a = min(start, cap)
        for _ in range(int(field(self.expression, "budget"))):
            if a == 0:
                return None
            v = ray.probe(a)
            if not (A.finite(v) and A.at_most(v, ray.value + c * a * ray.slope, abs(ray.value))):
                a = self.number("shrink") * a
            elif A.at_most(cap, a) or A.at_most(ray.value + (1 - c) * a * ray.slope, v, abs(ray.value)):
                return a
            else:
                a = min(self.number("grow") * a, cap)
        return None


class StrongWolfe(Machine):
    """A draft: bisection for Wolfe's strong conditions."""

    def answer(self, ray, outcomes):
        start = outcomes[0]
        if not ray.descends() or start is None or start == 0 or start == math.inf:
            return None
        A, cap = self.arithmetic, self.number("cap")
        steepest = self.number("c2") * -ray.slope
        low, high = A.number(0), None
        a = min(start, cap)
        for _ in range(int(field(self.expression, "budget"))):
            if a == 0:
                return None
            v, s = ray.sample(a)
            if (
                A.finite(v)
                and A.finite(s)
                and A.at_most(v, ray.value + self.number("c1") * a * ray.slope, abs(ray.value))
                and A.at_most(s, steepest, abs(ray.slope))
            ):
                if A.at_most(-steepest, s, abs(ray.slope)) or A.at_most(cap, a):
                    return a
                low = a
            else:
                high = a
            a = min(self.number("grow") * a, cap) if high is None else low + (high - low) / 2
        return None


class SpsSafe(Machine):
    def answer(self, ray, outcomes):
        A = self.arithmetic
        if not (A.finite(ray.value) and A.finite(ray.slope) and A.at_most(ray.slope, 0)):
            return None
        target = ray.target(field(self.expression, "target"))
        if target is None:
            return None
        if A.at_most(ray.value, target):
            return A.number(0)
        return outcome((ray.value - target) / (self.number("c") * max(-ray.slope, self.number("floor"))))


class BarzilaiBorwein(Machine):
    def answer(self, ray, outcomes):
        A = self.arithmetic
        if ray.secant is None:
            return self.number("initial")
        ss, sy, yy = ray.secant
        if not all(A.finite(t) for t in ray.secant) or A.at_most(sy, 0):
            return None
        return outcome(ss / sy if field(self.expression, "variant") == "long" else sy / yy)


MACHINES |= {
    "never": Never,
    "constant": Constant,
    "power": Power,
    "polyak": Polyak,
    "last": Last,
    "max": Max,
    "min": Min,
    "envelope": Envelope,
    "orElse": OrElse,
    "periodic": Periodic,
    "scale": Scale,
    "product": Product,
    "runningMin": RunningMin,
    "runningMax": RunningMax,
    "armijo": Armijo,
    "goldstein": Goldstein,
    "strongWolfe": StrongWolfe,
    "spsSafe": SpsSafe,
    "barzilaiBorwein": BarzilaiBorwein,
}
