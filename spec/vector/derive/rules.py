"""Step rules as machines (section D). An outcome is a number, or None for a failure."""

import math

from validity import field


class Ray:
    """What a rule may observe. Probes are remembered by exact equality of the step (clause ray.memo)."""

    def __init__(self, arithmetic, phi, k, value, slope, lower_bound, solution_value, executed, slope_scale=0):
        self.arithmetic = arithmetic
        self.phi = phi
        self.k = k
        self.value = value
        self.slope = slope
        self.slope_scale = slope_scale
        self.lower_bound = lower_bound
        self.solution_value = solution_value
        self.executed = executed
        self.probed = {}

    def probe(self, a):
        if a not in self.probed:
            self.probed[a] = self.phi(a)
        return self.probed[a]

    def descends(self):
        finite = self.arithmetic.finite
        return (
            finite(self.value)
            and finite(self.slope)
            and not self.arithmetic.at_most(0, self.slope, self.slope_scale)
        )

    def target(self, t):
        """The number a target stands for, or None."""
        named = {"lowerBound": self.lower_bound, "solutionValue": self.solution_value}
        x = named[t] if t in named else self.arithmetic.of(t)
        return None if x is None or x != x else x


def outcome(x):
    """Clause rule.lattice: NaN and negative numbers are failures, -0 is 0."""
    if x != x or x < 0:
        return None
    return abs(x)


class Machine:
    """A rule with its state. `ask` asks every operand first, left to right, whatever comes of it."""

    def __init__(self, arithmetic, expression):
        self.arithmetic = arithmetic
        self.expression = expression
        operands = []
        for key, u in ordered(expression):
            operands += u if isinstance(u, list) else [u]
        self.operands = [machine(arithmetic, u) for u in operands]
        self.begin()

    def begin(self):
        """Sets up the own state, if there is one."""

    def number(self, key):
        return self.arithmetic.of(field(self.expression, key))

    def ask(self, ray):
        return self.answer(ray, [operand.ask(ray) for operand in self.operands])

    def answer(self, ray, outcomes):
        raise NotImplementedError


def ordered(expression):
    """The operands of an expression in the order in which they are asked."""
    order = ["start", "lower", "proposal", "upper", "first", "rest", "of"]
    return [(key, expression[key]) for key in order if key in expression]


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


MACHINES = {
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
}


def machine(arithmetic, expression):
    """The machine of a valid expression."""
    return MACHINES[expression["rule"]](arithmetic, expression)


def remembered(executed, step):
    """Clause rule.last.failure: only finite positive steps are remembered."""
    return step if step is not None and 0 < step < math.inf else executed
