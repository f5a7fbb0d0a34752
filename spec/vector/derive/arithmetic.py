"""Three arithmetics behind one set of operators.

A formula of this folder is written once, with `+ - * /`, and run in

* `forty()`      40 decimal digits, with the exponents of binary64;
* `binary64()`   IEEE binary64;
* `perturbed(s)` binary64 in which every rounded result is moved by -1, 0 or 1 units in the last place, chosen by a
                 hash of seed, operation and operands. An exact result has no rounding and is left alone.

All three go on with NaN and infinities as IEEE 754 does. The expected numbers of the vectors are those of 40 digits,
rounded once; the spread between the three sets the tolerance. Elementary functions never come from the platform's
library, so that the files are the same bytes wherever they are derived.
"""

import decimal
import math
import struct
import zlib
from decimal import Decimal
from fractions import Fraction

# Overflow and underflow where binary64 has them, give or take a digit; cases stay away from the edge.
FORTY = decimal.Context(prec=40, rounding=decimal.ROUND_HALF_EVEN, Emin=-307, Emax=308, traps=[])
# For the inside of elementary functions: room for cancellation and for any intermediate exponent.
ROOM = decimal.Context(prec=120, rounding=decimal.ROUND_HALF_EVEN, Emin=-(10**6), Emax=10**6, traps=[])

NAMED = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf, "-0": -0.0}


def read(u):
    """The double that a JSON value stands for, or None if it stands for none."""
    if isinstance(u, bool) or not isinstance(u, (int, float, str)):
        return None
    if isinstance(u, str):
        return NAMED.get(u)
    try:
        x = float(u)
    except OverflowError:
        return None
    return x if math.isfinite(x) else None


def write(x):
    """The JSON value of a double: shortest decimal, or one of the four names."""
    if math.isnan(x):
        return "NaN"
    if math.isinf(x):
        return "Infinity" if x > 0 else "-Infinity"
    if x == 0 and math.copysign(1, x) < 0:
        return "-0"
    return int(x) if x == int(x) and abs(x) < 2**53 else x


class Double(float):
    """A float whose operations never raise."""

    __slots__ = ()

    def __add__(self, other):
        return self.rounded(1, other, float.__add__(self, float(other)))

    def __sub__(self, other):
        return self.rounded(2, other, float.__sub__(self, float(other)))

    def __mul__(self, other):
        return self.rounded(3, other, float.__mul__(self, float(other)))

    def __truediv__(self, other):
        other = float(other)
        if other != 0:
            quotient = float.__truediv__(self, other)
        elif self == 0 or self != self:
            quotient = math.nan
        else:
            quotient = math.copysign(math.inf, math.copysign(1, self) * math.copysign(1, other))
        return self.rounded(4, other, quotient)

    def __radd__(self, other):
        return type(self)(other) + self

    def __rsub__(self, other):
        return type(self)(other) - self

    def __rmul__(self, other):
        return type(self)(other) * self

    def __rtruediv__(self, other):
        return type(self)(other) / self

    def __neg__(self):
        return type(self)(float.__neg__(self))

    def __abs__(self):
        return type(self)(float.__abs__(self))

    def rounded(self, operation, other, result):
        """The result of `operation` on self and `other` (0 for functions of self alone)."""
        return type(self)(result)


def exact(operation, a, b, result):
    """Whether `result` is what the operation gives without rounding."""
    if not (math.isfinite(a) and math.isfinite(b) and math.isfinite(result)):
        return True
    # In integers, which are much faster than fractions here.
    (p, q), (r, s), (t, u) = a.as_integer_ratio(), b.as_integer_ratio(), result.as_integer_ratio()
    if operation == 1:
        return (p * s + r * q) * u == t * q * s
    if operation == 2:
        return (p * s - r * q) * u == t * q * s
    if operation == 3:
        return p * r * u == t * q * s
    return p * s * u == t * r * q if operation == 4 else False


def jittery(seed):
    """The class of doubles whose roundings are disturbed by `seed`."""

    class Jittery(Double):
        __slots__ = ()

        def rounded(self, operation, other, result):
            if result == 0 or exact(operation, self, other, result):
                return Jittery(result)
            key = struct.pack("<iidd", seed, operation, self, other)
            return Jittery(result + (zlib.crc32(key) % 3 - 1) * math.ulp(result))

    return Jittery


class Arithmetic:
    """Numbers of one kind, the functions that the formulas need, and a record of the decisions taken."""

    def __init__(self, name, number):
        self.name = name
        self.number = number
        self.decisions = []
        self.known = {}

    def of(self, u):
        """The number that a JSON value stands for."""
        return self.number(read(u))

    def finite(self, x):
        # Between the largest double and Emax the two overflow differently: no case may come near.
        if x == x and abs(x) != math.inf and abs(x) > 1e300:
            raise ValueError("a finite number beyond 1e300")
        return x == x and abs(x) != math.inf

    def at_most(self, left, right, scale=0):
        """Whether left <= right. `scale` is the size of what either side was summed from, where that is larger."""
        answer = bool(left <= right)
        margin = math.inf
        if self.finite(left) and self.finite(right):
            size = max(abs(left), abs(right), abs(scale))
            margin = float(abs(left - right) / size) if size > 0 else 0.0
        self.decisions.append((answer, margin, bool(left == right)))
        return answer

    def unary(self, operation, x, f):
        """A function of x alone; what was asked before is remembered."""
        if (operation, x) not in self.known:
            self.known[operation, x] = self.function(operation, x, f)
        return self.known[operation, x]

    def function(self, operation, x, f):
        """f on 120 digits, rounded to this arithmetic. `f` gets a Decimal and the context to work in."""
        with decimal.localcontext(ROOM):
            exactly = f(Decimal(x))
        if self.number is Decimal:
            return FORTY.plus(exactly)
        return x.rounded(operation, 0.0, float(exactly))

    def sqrt(self, x):
        if self.number is Decimal:
            return x.sqrt()
        root = math.sqrt(x) if x >= 0 else math.nan
        square = math.isfinite(root) and Fraction(root) ** 2 == Fraction(x)
        return self.number(root) if square or not x > 0 else x.rounded(5, 0.0, root)

    def exp(self, x):
        return self.unary(6, x, lambda t: t.exp())

    def log1p(self, x):
        return self.unary(7, x, lambda t: (1 + t).ln())

    def log(self, x):
        return self.unary(8, x, lambda t: t.ln())

    def tanh(self, x):
        return self.unary(10, x, lambda t: t if t == 0 else (1 - (-2 * t).exp()) / (1 + (-2 * t).exp()))

    def log_cosh(self, x):
        return self.unary(11, x, lambda t: ((t.exp() + (-t).exp()) / 2).ln())

    def power(self, base, exponent):
        """base > 0 to a finite exponent."""
        if base == 1 or exponent == 0:
            return self.number(1)
        if exponent == 1:
            return base
        y = Decimal(exponent)
        return self.function(9, base, lambda t: t**y)


def forty():
    decimal.setcontext(FORTY.copy())
    return Arithmetic("40 digits", Decimal)


def binary64():
    return Arithmetic("binary64", Double)


def perturbed(seed):
    return Arithmetic(f"perturbed {seed}", jittery(seed))
