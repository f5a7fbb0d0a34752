"""Derives what is expected of a case, and how far from it one may be."""

import math

from arithmetic import binary64, forty, perturbed, write
from run import run

SEEDS = (1, 2, 3, 4)
LEAST_MARGIN = 1e-9
LEAST_TOLERANCE = (1e-11, 1e-14)
GREATEST_RELATIVE = 1e-9
# Compared exactly, whatever the tolerance.
EXACT = ("probes", "lowerProbes", "count", "lowerIterations", "cgIterations", "exact", "restored", "status", "valid")


class Unfit(Exception):
    """The case is no golden vector: it is ill-conditioned, or it stands near a decision."""


def encoded(u):
    """An output as JSON: numbers rounded to doubles, failures as null."""
    if u is None or isinstance(u, (bool, str)):
        return u
    return [encoded(x) for x in u] if isinstance(u, (list, tuple)) else write(float(u))


def close(expected, actual, relative, absolute):
    """Whether two encoded outputs agree by section A."""
    if isinstance(expected, list):
        return (
            isinstance(actual, list)
            and len(expected) == len(actual)
            and all(close(e, a, relative, absolute) for e, a in zip(expected, actual))
        )
    numbers = [x for x in (expected, actual) if isinstance(x, (int, float)) and not isinstance(x, bool)]
    if len(numbers) == 2:
        return expected == actual or abs(actual - expected) <= absolute + relative * abs(expected)
    same_zero = {"-0": 0}
    return same_zero.get(expected, expected) == same_zero.get(actual, actual)


def agrees(expected, actual, relative, absolute):
    return all(
        close(value, actual.get(name), *((0, 0) if name in EXACT else (relative, absolute)))
        for name, value in expected.items()
    )


def outputs(A, case):
    return {name: encoded(value) for name, value in run(A, case).items()}


def margin(reference, others):
    """The distance of the nearest decision from equality; ties must be ties in every arithmetic that does not disturb."""
    answers = [answer for answer, _, _ in reference.decisions]
    for A in others:
        if [answer for answer, _, _ in A.decisions] != answers:
            raise Unfit(f"{A.name} decides otherwise")
    nearest = math.inf
    for (_, distance, tie), other in zip(reference.decisions, others[0].decisions):
        if tie and other[2]:
            continue
        if distance < LEAST_MARGIN:
            raise Unfit(f"a decision is {distance:.0e} from equality")
        nearest = min(nearest, distance)
    return nearest


def tolerance(expected, spread, exact):
    """A power of ten, fifty times above the spread of all runs."""
    if exact:
        if not all(agrees(expected, other, 0, 0) for other in spread):
            raise Unfit("not exact")
        return 0, 0
    relative, absolute = LEAST_TOLERANCE
    while not all(agrees(expected, other, relative / 50, absolute / 50) for other in spread):
        relative, absolute = relative * 10, absolute * 10
        if relative > GREATEST_RELATIVE:
            raise Unfit("the arithmetics are too far apart")
    return float(f"{relative:.0e}"), float(f"{absolute:.0e}")


def derive(case):
    """The case with `expect`, `tolerance` and `provenance`."""
    given = {key: value for key, value in case.items() if key not in ("exact", "unsaid")}
    if case["kind"] == "decode":
        return given | {
            "expect": run(binary64(), case),
            "tolerance": {"relative": 0, "absolute": 0},
            "provenance": "spec/vector/derive: the domains of the fields",
        }
    reference = forty()
    unsaid = case.get("unsaid", ())
    expected = {name: value for name, value in outputs(reference, case).items() if name not in unsaid}
    others = [binary64(), *(perturbed(seed) for seed in SEEDS)]
    spread = [outputs(A, case) for A in others]
    nearest = margin(reference, others)
    relative, absolute = tolerance(expected, spread, case.get("exact", False))
    decisions = "" if nearest == math.inf else f"; nearest decision {nearest:.0e} from equality"
    return given | {
        "expect": expected,
        "tolerance": {"relative": relative, "absolute": absolute},
        "provenance": f"spec/vector/derive: 40 digits, binary64 and {len(SEEDS)} runs with disturbed rounding{decisions}",
    }
