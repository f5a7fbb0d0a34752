"""Which expressions are valid (clause rule.validity): every field in its domain, none unknown, none missing."""

import math

from arithmetic import read

REQUIRED = object()


def number(test):
    def check(u):
        x = read(u)
        return x is not None and not math.isnan(x) and test(x)

    return check


step = number(lambda x: x >= 0)
finite = number(math.isfinite)
positive = number(lambda x: 0 < x < math.inf)
non_negative = number(lambda x: 0 <= x < math.inf)
open_unit = number(lambda x: 0 < x < 1)
open_half = number(lambda x: 0 < x < 0.5)
closed_unit = number(lambda x: 0 <= x <= 1)
above_one = number(lambda x: 1 < x < math.inf)
count = number(lambda x: x >= 1 and math.isfinite(x) and x == math.floor(x))


def flag(u):
    return isinstance(u, bool)


def variant(u):
    return u in ("long", "short")


def target(u):
    return u in ("lowerBound", "solutionValue") if isinstance(u, str) and read(u) is None else number(lambda x: True)(u)


def rule(u):
    return valid(u)


def rules(u):
    return isinstance(u, list) and len(u) > 0 and all(valid(x) for x in u)


# tag -> field -> (domain, default)
FIELDS = {
    "never": {},
    "constant": {"step": (step, REQUIRED)},
    "power": {"initial": (positive, REQUIRED), "exponent": (finite, REQUIRED)},
    "polyak": {"c": (positive, 1), "target": (target, "lowerBound")},
    "last": {"initial": (positive, REQUIRED), "factor": (positive, 1)},
    "max": {"of": (rules, REQUIRED)},
    "min": {"of": (rules, REQUIRED)},
    "envelope": {"lower": (rule, REQUIRED), "proposal": (rule, REQUIRED), "upper": (rule, REQUIRED)},
    "orElse": {"of": (rules, REQUIRED)},
    "periodic": {"period": (count, REQUIRED), "first": (rule, REQUIRED), "rest": (rule, REQUIRED)},
    "scale": {"by": (positive, REQUIRED), "of": (rule, REQUIRED)},
    "product": {"of": (rules, REQUIRED)},
    "runningMin": {"of": (rule, REQUIRED)},
    "runningMax": {"of": (rule, REQUIRED)},
    "armijo": {
        "start": (rule, REQUIRED),
        "c": (open_unit, 0.1),
        "shrink": (open_unit, 0.5),
        "budget": (count, 100),
        "slack": (non_negative, 0),
    },
    "spsSafe": {"floor": (positive, REQUIRED), "c": (positive, 1), "target": (target, "lowerBound")},
    "goldstein": {
        "start": (rule, REQUIRED),
        "c": (open_half, 0.1),
        "shrink": (open_unit, 0.5),
        "grow": (above_one, 2),
        "budget": (count, 100),
        "cap": (positive, 10),
    },
    "adagradNorm": {
        "alpha": (positive, 1),
        "beta": (non_negative, 0),
        "exponent": (positive, 0.5),
        "includeCurrent": (flag, False),
    },
    "adaSps": {"scale": (positive, 1), "target": (target, "lowerBound")},
    "adaSls": {"search": (rule, REQUIRED), "scale": (positive, 1)},
    "ponos": {
        "c": (open_unit, 0.5),
        "cp": (positive, 0.1),
        "shrink": (open_unit, 0.5),
        "memory": (closed_unit, 1),
        "stepMax": (positive, 10),
        "stepMin": (positive, 1e-6),
        "target": (target, 0),
        "budget": (count, 100),
        "epsilon": (non_negative, 1e-8),
    },
    "dog": {"repsilon": (positive, REQUIRED), "epsilon": (non_negative, 0)},
    "dowg": {"repsilon": (positive, REQUIRED)},
    "prodigy": {"d0": (positive, REQUIRED)},
    "strongWolfe": {
        "start": (rule, REQUIRED),
        "c1": (open_unit, 1e-4),
        "c2": (open_unit, 0.9),
        "grow": (above_one, 2),
        "budget": (count, 25),
        "cap": (positive, 10),
    },
    "dAdaptationSgd": {"d0": (positive, REQUIRED), "step": (positive, 1)},
    "barzilaiBorwein": {"variant": (variant, REQUIRED), "initial": (positive, REQUIRED)},
}


# tag -> (a field, another that it must be less than)
ORDER = {"strongWolfe": ("c1", "c2")}


def ordered(u):
    """Whether fields that must be in order are."""
    less, greater = ORDER.get(u["rule"], (None, None))
    return less is None or read(field(u, less)) < read(field(u, greater))


def valid(u):
    """Whether a JSON value is a rule expression."""
    if not isinstance(u, dict) or not isinstance(u.get("rule"), str) or u["rule"] not in FIELDS:
        return False
    fields = FIELDS[u["rule"]]
    if any(key != "rule" and key not in fields for key in u):
        return False
    in_domain = all(
        domain(u[key]) if key in u else default is not REQUIRED for key, (domain, default) in fields.items()
    )
    return in_domain and ordered(u)


def field(u, key):
    """The field of a valid expression, or its default."""
    return u.get(key, FIELDS[u["rule"]][key][1])


def tags(u):
    """Every tag that occurs in a JSON value that may be an expression."""
    if isinstance(u, list):
        return [tag for x in u for tag in tags(x)]
    if isinstance(u, dict):
        own = [u["rule"]] if isinstance(u.get("rule"), str) else []
        return own + [tag for x in u.values() for tag in tags(x)]
    return []
