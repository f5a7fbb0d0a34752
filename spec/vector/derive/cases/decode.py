"""What is an expression and what is not (clause rule.validity)."""

from .write import (
    NAN,
    NEVER,
    TOP,
    BOTTOM,
    armijo,
    constant,
    envelope,
    greatest,
    last,
    least,
    or_else,
    periodic,
    polyak,
    power,
    product,
    running_max,
    running_min,
    scale,
)

ONE = constant(1)


def nested(depth):
    """An expression `depth` operands deep."""
    return NEVER if depth == 0 else greatest(ONE, nested(depth - 1))


VALID = {
    "never": NEVER,
    "constant": ONE,
    "constant-zero": constant(0),
    "constant-top": constant(TOP),
    "constant-minus-zero": constant("-0"),
    "constant-minus-zero-numeral": constant(-0.0),
    "constant-smallest": constant(5e-324),
    "power": power(1, 0.5),
    "power-growing": power(0.3, -2),
    "power-flat": power(0.3, "-0"),
    "polyak-bare": polyak(),
    "polyak": polyak(c=0.5, target="solutionValue"),
    "polyak-target-number": polyak(target=-2.5),
    "polyak-target-top": polyak(target=TOP),
    "polyak-target-bottom": polyak(target=BOTTOM),
    "polyak-target-zero": polyak(target=0),
    "last-bare": last(2),
    "last": last(2, factor=0.5),
    "max": greatest(ONE, NEVER, polyak()),
    "max-of-one": greatest(ONE),
    "min": least(ONE, polyak()),
    "envelope": envelope(ONE, polyak(), constant(2)),
    "or-else": or_else(polyak(), ONE),
    "periodic": periodic(1, ONE, NEVER),
    "periodic-with-a-point": periodic(2.0, ONE, NEVER),
    "scale": scale(1e-300, polyak()),
    "product": product(power(1, 0.5), running_min(polyak())),
    "running-max": running_max(polyak()),
    "armijo-bare": armijo(ONE),
    "armijo": armijo(last(1), c=0.9, shrink=0.01, budget=1, slack=0.25),
    "armijo-slack-zero": armijo(ONE, slack=0),
    "search-in-search": armijo(armijo(ONE, c=0.01), c=0.5),
    "fields-in-any-order": {"of": [{"step": 1, "rule": "constant"}], "rule": "max"},
    "deep": nested(60),
}

INVALID = {
    "nothing": {},
    "null": None,
    "number": 0.1,
    "string": "never",
    "array": [ONE],
    "no-tag": {"step": 1},
    "tag-number": {"rule": 1},
    "tag-unknown": {"rule": "magic"},
    "tag-case": {"rule": "Never"},
    "tag-inherited": {"rule": "constructor"},
    "tag-inherited-method": {"rule": "toString"},
    "tag-derived": {"rule": "spsMax", "cap": 1},
    "field-unknown": {"rule": "never", "step": 1},
    "field-misspelt": polyak(C=0.5),
    "field-inherited": {"rule": "never", "constructor": 1},
    "field-prototype": {"rule": "never", "__proto__": {"step": 1}},
    "tag-prototype": {"rule": "__proto__"},
    "field-of-another": constant(1) | {"initial": 1},
    "field-missing": {"rule": "constant"},
    "field-missing-second": {"rule": "power", "initial": 1},
    "field-null": {"rule": "polyak", "c": None},
    "operand-missing": {"rule": "armijo", "c": 0.1},
    "operand-missing-upper": {"rule": "envelope", "lower": ONE, "proposal": ONE},
    "operand-number": scale(2, 1),
    "operand-null": running_min(None),
    "operand-array": running_max([ONE]),
    "operand-invalid-deep": greatest(ONE, least(ONE, scale(0, ONE))),
    "operands-empty": greatest(),
    "operands-none": {"rule": "min"},
    "operands-object": {"rule": "orElse", "of": ONE},
    "operands-with-null": product(ONE, None),
    "constant-negative": constant(-1e-9),
    "constant-nan": constant(NAN),
    "constant-bottom": constant(BOTTOM),
    "constant-digits": constant("1"),
    "constant-boolean": constant(True),
    "power-initial-zero": power(0, 0.5),
    "power-initial-top": power(TOP, 0.5),
    "power-exponent-top": power(1, TOP),
    "power-exponent-nan": power(1, NAN),
    "polyak-c-zero": polyak(c=0),
    "polyak-c-minus-zero": polyak(c="-0"),
    "polyak-c-top": polyak(c=TOP),
    "polyak-target-nan": polyak(target=NAN),
    "polyak-target-name": polyak(target="upperBound"),
    "polyak-target-null": polyak(target=None),
    "last-initial-zero": last(0),
    "last-initial-missing": {"rule": "last", "factor": 2},
    "last-factor-negative": last(1, factor=-2),
    "last-factor-zero": last(1, factor=0),
    "periodic-zero": periodic(0, ONE, ONE),
    "periodic-fraction": periodic(2.5, ONE, ONE),
    "periodic-top": periodic(TOP, ONE, ONE),
    "periodic-rest-missing": {"rule": "periodic", "period": 2, "first": ONE},
    "scale-zero": scale(0, ONE),
    "scale-negative": scale(-1, ONE),
    "scale-top": scale(TOP, ONE),
    "armijo-c-zero": armijo(ONE, c=0),
    "armijo-c-one": armijo(ONE, c=1),
    "armijo-shrink-zero": armijo(ONE, shrink=0),
    "armijo-shrink-one": armijo(ONE, shrink=1),
    "armijo-shrink-above": armijo(ONE, shrink=1.5),
    "armijo-budget-zero": armijo(ONE, budget=0),
    "armijo-budget-fraction": armijo(ONE, budget=0.5),
    "armijo-budget-negative": armijo(ONE, budget=-1),
    "armijo-slack-negative": armijo(ONE, slack=-1e-12),
    "armijo-slack-top": armijo(ONE, slack=TOP),
    "armijo-start-number": armijo(1),
}


def cases():
    return [
        {"id": f"decode/{name}", "clause": "rule.validity", "kind": "decode", "rule": rule}
        for expressions in (VALID, INVALID)
        for name, rule in expressions.items()
    ]


def intended():
    """What the tables above say of their own cases: the derivation must agree."""
    return {f"decode/{name}": name in VALID for name in [*VALID, *INVALID]}
