"""What a rule is (section D): a ray to look at, outcomes, and machines. An outcome is a number, or None for a failure."""

import math

from validity import field


class Ray:
    """What a rule may observe. Probes are remembered by exact equality of the step (clause ray.memo)."""

    def __init__(self, arithmetic, phi, k, value, slope, executed, slope_scale=0, **seen):
        """`phi` gives the value at a step, and a function for the slope there. `seen`: lower_bound, solution_value, gg, travelled, alignment, secant."""
        self.arithmetic = arithmetic
        self.phi = phi
        self.k = k
        self.value = value
        self.slope = slope
        self.slope_scale = slope_scale
        self.executed = executed
        self.lower_bound = seen["lower_bound"]
        self.solution_value = seen["solution_value"]
        self.gg = seen["gg"]
        self.travelled = seen["travelled"]
        self.alignment = seen["alignment"]
        self.secant = seen["secant"]
        self.probed = {}

    def probe(self, a):
        if a not in self.probed:
            self.probed[a] = self.phi(a)
        return self.probed[a][0]

    def sample(self, a):
        """Value and slope at a step."""
        return self.probe(a), self.probed[a][1]()

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
    order = ["start", "lower", "proposal", "upper", "first", "rest", "search", "of"]
    return [(key, expression[key]) for key in order if key in expression]


# tag -> its class; filled by the modules that define them.
MACHINES = {}


def machine(arithmetic, expression):
    """The machine of a valid expression."""
    return MACHINES[expression["rule"]](arithmetic, expression)


def remembered(executed, step):
    """Clause rule.last.failure: only finite positive steps are remembered."""
    return step if step is not None and 0 < step < math.inf else executed
