"""Step rules that add up what they have seen. A failed ray leaves no trace: what is new is kept only with a step."""

import math

from machine import MACHINES, Machine, outcome
from validity import field


class AdagradNorm(Machine):
    def begin(self):
        self.sum = self.arithmetic.number(0)

    def answer(self, ray, outcomes):
        A = self.arithmetic
        if not A.finite(ray.gg):
            return None
        with_current = self.sum + ray.gg
        base = self.number("beta") + (with_current if field(self.expression, "includeCurrent") else self.sum)
        if base == 0:
            return None
        self.sum = with_current
        return outcome(self.number("alpha") / A.power(base, self.number("exponent")))


class Adaptive(Machine):
    """The least so far of a ratio over the root of a sum, with a constant set by the first amount."""

    def begin(self):
        self.c = None
        self.sum = self.arithmetic.number(0)
        self.least = self.arithmetic.number(math.inf)

    def gather(self, amount, numerator):
        A = self.arithmetic
        if self.c is None:
            self.c = self.number("scale") / A.sqrt(amount)
        self.sum = self.sum + amount
        self.least = min(self.least, numerator / (self.c * A.sqrt(self.sum)))
        return outcome(self.least)


class AdaSps(Adaptive):
    def answer(self, ray, outcomes):
        if not ray.descends():
            return None
        target = ray.target(field(self.expression, "target"))
        if target is None or not self.arithmetic.finite(ray.value - target):
            return None
        if self.arithmetic.at_most(ray.value, target):
            return self.arithmetic.number(0)
        gap = ray.value - target
        return self.gather(gap, gap / -ray.slope)


class AdaSls(Adaptive):
    def answer(self, ray, outcomes):
        s = outcomes[0]
        if not ray.descends() or s is None or s == 0 or s == math.inf:
            return None
        return self.gather(s * -ray.slope, s)


class Ponos(Machine):
    def begin(self):
        self.weight = self.mean = self.arithmetic.number(0)
        self.backtracks = 0

    def answer(self, ray, outcomes):
        A = self.arithmetic
        if not ray.descends():
            return None
        target = ray.target(field(self.expression, "target"))
        if target is None or not A.finite(ray.value - target):
            return None
        if A.at_most(ray.value, target):
            return A.number(0)
        shrink, memory = self.number("shrink"), self.number("memory")
        ahead = A.number(1)
        for _ in range(self.backtracks):
            ahead = ahead * shrink
        a = ahead * (ray.value - target) / (self.number("cp") * -ray.slope + self.number("epsilon"))
        a = min(max(a, self.number("stepMin")), self.number("stepMax"))
        weight = memory * self.weight + 1
        mean = (memory * self.weight * self.mean + ray.value) / weight
        reference = max(mean, ray.value)
        size = abs(reference)
        for j in range(int(field(self.expression, "budget"))):
            v = ray.probe(a)
            if A.finite(v) and A.at_most(v, reference + self.number("c") * a * ray.slope, size):
                self.weight, self.mean, self.backtracks = weight, mean, max(self.backtracks + j - 1, 0)
                return a
            a = shrink * a
        return None


class Dog(Machine):
    def begin(self):
        self.r = self.number("repsilon")
        self.sum = self.arithmetic.number(0)

    def weight(self, r):
        return self.arithmetic.number(1)

    def step(self, r, total):
        return r / self.arithmetic.sqrt(total + self.number("epsilon"))

    def empty(self, total):
        return total + self.number("epsilon") == 0

    def answer(self, ray, outcomes):
        if not (self.arithmetic.finite(ray.gg) and self.arithmetic.finite(ray.travelled)):
            return None
        r = max(self.r, ray.travelled)
        total = self.sum + self.weight(r) * ray.gg
        if self.empty(total):
            return None
        self.r, self.sum = r, total
        return outcome(self.step(r, total))


class Dowg(Dog):
    def weight(self, r):
        return r * r

    def step(self, r, total):
        return r * r / self.arithmetic.sqrt(total)

    def empty(self, total):
        return total == 0


class Prodigy(Machine):
    def begin(self):
        self.d = self.number("d0")
        self.first = None
        self.gathered = self.gain = self.arithmetic.number(0)

    def answer(self, ray, outcomes):
        A = self.arithmetic
        if not all(A.finite(t) for t in (ray.gg, ray.travelled, ray.alignment)):
            return None
        if self.first is None:
            if ray.gg == 0:
                return None
            self.first = ray.gg
        elif not A.at_most(ray.travelled, 0):
            self.d = max(self.d, self.gain / ray.travelled)
        square = self.d * self.d
        self.gathered = self.gathered + square * ray.gg
        eta = square / A.sqrt(square * self.first + self.gathered)
        self.gain = self.gain + eta * ray.alignment
        return outcome(eta)


class DAdaptation(Machine):
    """A draft."""

    def begin(self):
        self.d = self.number("d0")
        self.first = None
        self.gain = self.arithmetic.number(0)

    def answer(self, ray, outcomes):
        A = self.arithmetic
        if not all(A.finite(t) for t in (ray.gg, ray.travelled, ray.alignment)):
            return None
        if self.first is None:
            if ray.gg == 0:
                return None
            self.first = ray.gg
        if not A.at_most(ray.travelled, 0):
            self.d = max(self.d, self.gain / ray.travelled)
        eta = self.d * self.number("step") / A.sqrt(self.first)
        self.gain = self.gain + eta * ray.alignment
        return outcome(eta)


MACHINES |= {
    "adagradNorm": AdagradNorm,
    "adaSps": AdaSps,
    "adaSls": AdaSls,
    "ponos": Ponos,
    "dog": Dog,
    "dowg": Dowg,
    "prodigy": Prodigy,
    "dAdaptationSgd": DAdaptation,
}
