"""The combinators on given rays."""

from .write import (
    BOTTOM,
    NAN,
    NEVER,
    TOP,
    Draws,
    armijo,
    beyond,
    case,
    constant,
    envelope,
    exponential,
    greatest,
    last,
    least,
    or_else,
    periodic,
    polyak,
    power,
    product,
    quadratic,
    quartic,
    ray,
    running_max,
    running_min,
    scale,
    valley,
)

A, B, C = ray(3, -1.5), ray(0.75, -4), ray(1, 0.5)
TWO = [constant(1.5), constant(0.25)]
# A step that the Polyak rule takes, a zero, a failure, and steps again.
MIXED = [ray(v, s) for v, s in [(2, -1), (6, -1), (0, -1), (1, -1), (4, 1), (3, -2), (5, NAN), (9, -1)]]
SEARCH = armijo(constant(4), c=0.3)
BOWL = valley(3, -2, 3)


def exact(name, clause, rule, rays):
    return case(name, clause, rule, rays, exact=True)


def lattice():
    absorbed = polyak(c=0.6)
    return [
        exact("rule/max", "rule.max", greatest(*TWO, constant(1)), [A, C]),
        exact("rule/max-ignores-failures", "rule.max", greatest(NEVER, constant(0.25), NEVER), [A, C]),
        exact("rule/max-all-fail", "rule.max", greatest(NEVER, polyak(), NEVER), [C]),
        exact("rule/max-of-one", "rule.max", greatest(polyak()), [C, B]),
        exact("rule/max-zero-above-failure", "rule.max", greatest(NEVER, constant(0)), [A]),
        exact("rule/max-top", "rule.max", greatest(constant(2), constant(TOP)), [A]),
        exact("rule/min", "rule.min", least(*TWO, constant(1)), [A, C]),
        exact("rule/min-fails-if-any", "rule.min", least(constant(1), NEVER), [A]),
        exact("rule/min-fails-if-last", "rule.min", least(constant(1), constant(2), polyak()), [A, C, A]),
        exact("rule/min-failure-below-zero", "rule.min", least(constant(0), NEVER), [A]),
        exact("rule/min-top-is-unit", "rule.min", least(constant(TOP), constant(0.25)), [A]),
        exact("rule/min-of-one", "rule.min", least(polyak()), [C, B]),
        exact("rule/max-then-min", "rule.lattice", least(greatest(polyak(), constant(0.5)), constant(1)), [A, B, C]),
        exact("rule/min-then-max", "rule.lattice", greatest(least(polyak(), constant(1)), constant(0.5)), [A, B, C]),
        case("rule/absorption", "rule.lattice", greatest(absorbed, least(absorbed, constant(1))), [A, B, C]),
        exact("rule/failure-below-zero", "rule.lattice", greatest(polyak(), constant(0)), [A, C, ray(-1, -1)]),
        exact("rule/minus-zero", "rule.lattice", scale(3, constant("-0")), [A, C]),
        exact("rule/minus-zero-is-zero", "rule.lattice", running_min(or_else(constant("-0"), NEVER)), [A, A]),
        exact("rule/nan-is-failure", "rule.lattice", or_else(product(constant(0), constant(TOP)), constant(2)), [A]),
        exact(
            "rule/nan-in-max",
            "rule.lattice",
            greatest(product(constant(TOP), constant(0)), constant(0.125)),
            [A],
        ),
        exact("rule/nan-in-min", "rule.lattice", least(product(constant(0), constant(TOP)), constant(2)), [A]),
    ]


def envelopes():
    l, u = constant(0.5), constant(2)
    return [
        exact("rule/envelope", "rule.envelope", envelope(l, polyak(), u), [A, ray(3, -3), ray(8, -1), B]),
        exact("rule/envelope-crossed", "rule.envelope", envelope(u, polyak(), l), [A, B, C]),
        exact("rule/envelope-proposal-fails", "rule.envelope", envelope(l, NEVER, u), [A]),
        exact("rule/envelope-lower-fails", "rule.envelope", envelope(NEVER, polyak(), u), [A, ray(8, -1), C]),
        exact("rule/envelope-upper-fails", "rule.envelope", envelope(l, constant(1), polyak()), [C, A]),
        exact("rule/envelope-only-upper", "rule.envelope", envelope(NEVER, NEVER, u), [A]),
        exact("rule/envelope-zero-upper", "rule.envelope", envelope(l, polyak(), constant(0)), [A]),
        exact("rule/envelope-open", "rule.envelope", envelope(constant(0), polyak(), constant(TOP)), [A, B]),
        exact("rule/envelope-lower-top", "rule.envelope", envelope(constant(TOP), polyak(), u), [A]),
        case(
            "rule/envelope-schedules",
            "rule.envelope",
            envelope(power(0.2, 0.5), polyak(c=0.5), power(1.5, 0.5)),
            [A, B, C, A, B, C],
        ),
    ]


def alternatives():
    return [
        exact("rule/or-else-first", "rule.orElse", or_else(constant(1), constant(3)), [A]),
        exact("rule/or-else-second", "rule.orElse", or_else(polyak(), constant(3)), [C, A]),
        exact("rule/or-else-none", "rule.orElse", or_else(NEVER, polyak()), [C]),
        exact("rule/or-else-zero-is-a-step", "rule.orElse", or_else(constant(0), constant(3)), [A]),
        exact("rule/or-else-not-the-greatest", "rule.orElse", or_else(constant(1), constant(3), constant(2)), [A]),
        exact(
            "rule/or-else-asks-all",
            "ray.memo",
            or_else(polyak(target="solutionValue"), running_max(polyak())),
            [ray(2, -1, solutionValue=1), ray(8, -1, solutionValue=1), ray(4, -1), ray(1, -1, solutionValue=0.5)],
        ),
        exact("rule/periodic", "rule.periodic", periodic(3, constant(8), constant(1)), [A] * 7),
        exact("rule/periodic-with-a-point", "rule.periodic", periodic(2.0, constant(8), constant(1)), [A] * 3),
        exact("rule/periodic-one", "rule.periodic", periodic(1, constant(8), constant(1)), [A] * 3),
        exact(
            "rule/periodic-k",
            "rule.periodic",
            periodic(4, constant(8), constant(1)),
            [ray(1, -1, k=k) for k in (7, 8, 9, 100, 102)],
        ),
        exact("rule/periodic-failure", "rule.periodic", periodic(2, polyak(), constant(1)), [C, C, A, A]),
        exact(
            "rule/periodic-asks-both",
            "ray.memo",
            periodic(2, running_max(polyak()), running_min(polyak())),
            MIXED,
        ),
    ]


def arithmetic():
    return [
        case("rule/scale", "rule.scale", scale(1.7, polyak()), [A, B, C]),
        exact("rule/scale-zero", "rule.scale", scale(3, constant(0)), [A]),
        exact("rule/scale-top", "rule.scale", scale(0.001, constant(TOP)), [A]),
        exact("rule/scale-overflow", "rule.scale", scale(1e200, constant(1e200)), [A]),
        exact("rule/scale-underflow", "rule.scale", scale(1e-200, constant(1e-200)), [A]),
        exact("rule/scale-failure", "rule.scale", scale(2, polyak()), [C, A]),
        exact(
            "rule/scale-over-max",
            "rule.scale",
            scale(4, greatest(polyak(), constant(0.5))),
            [ray(3, -2), ray(0.75, -4), C],
        ),
        exact("rule/product", "rule.product", product(constant(0.5), polyak(), constant(3)), [A, ray(1, -4)]),
        exact("rule/product-of-one", "rule.product", product(polyak()), [A, C]),
        exact("rule/product-fails", "rule.product", product(constant(2), polyak()), [C, A]),
        exact("rule/product-zero", "rule.product", product(constant(2), constant(0)), [A]),
        exact("rule/product-zero-and-failure", "rule.product", product(constant(0), NEVER), [A]),
        exact("rule/product-zero-times-top", "rule.product", product(constant(0), constant(TOP)), [A]),
        exact("rule/product-top", "rule.product", product(constant(0.5), constant(TOP)), [A]),
        case("rule/product-schedule", "rule.product", product(power(2, 0.5), polyak()), [A, B, C, A]),
    ]


def running():
    zeros = running_min(polyak())
    return [
        exact("rule/running-min", "rule.runningMin", running_min(polyak()), [ray(v, -1) for v in (3, 5, 2, 4, 1)]),
        exact("rule/running-min-zero-and-failure", "rule.runningMin", zeros, MIXED),
        exact(
            "rule/running-min-top",
            "rule.runningMin",
            running_min(greatest(polyak(), scale(1e200, polyak(target=-1e200)))),
            [ray(1, -1), ray(2, -1)],
        ),
        exact(
            "rule/running-min-after-top",
            "rule.runningMin",
            running_min(periodic(2, constant(TOP), polyak())),
            [ray(v, -1) for v in (1, 3, 1, 2, 5, 4)],
        ),
        exact("rule/running-min-of-max", "rule.runningMin", running_min(greatest(polyak(), constant(1.5))), MIXED),
        exact("rule/running-max", "rule.runningMax", running_max(polyak()), [ray(v, -1) for v in (3, 5, 2, 4, 6)]),
        exact(
            "rule/running-max-failures",
            "rule.runningMax",
            running_max(polyak()),
            [ray(1, 1), ray(1, NAN), ray(2, -1), ray(7, 0), ray(1, -1), ray(3, -1), ray(1, 1)],
        ),
        exact("rule/running-max-zero", "rule.runningMax", running_max(polyak()), [ray(0, -1), C, ray(1, -1), C]),
        exact(
            "rule/running-max-never",
            "rule.runningMax",
            running_max(NEVER),
            [A, A],
        ),
        exact("rule/running-both", "rule.runningMax", running_max(running_min(polyak())), MIXED),
        exact("rule/running-in-product", "rule.runningMin", product(constant(2), running_min(polyak())), MIXED),
        exact(
            "rule/own-state-kept",
            "rule.lattice",
            greatest(running_min(least(polyak(), running_max(polyak(target=2)))), NEVER),
            MIXED,
        ),
    ]


def memo():
    half, quarter = SEARCH, armijo(constant(4), c=0.3, shrink=0.25)
    return [
        exact("rule/memo-same-search-twice", "ray.memo", greatest(half, half), [BOWL]),
        exact("rule/memo-shared-trials", "ray.memo", least(half, quarter), [BOWL, valley(3, -2, 17)]),
        exact("rule/memo-is-per-ray", "ray.memo", half, [BOWL, BOWL, valley(3, -2, 40)]),
        exact("rule/memo-search-in-search", "ray.memo", armijo(half, c=0.6), [BOWL, valley(3, -2, 11)]),
        exact("rule/memo-decided-min", "ray.memo", least(NEVER, half), [BOWL]),
        exact("rule/memo-decided-max", "ray.memo", greatest(constant(TOP), half), [BOWL]),
        exact("rule/memo-decided-or-else", "ray.memo", or_else(constant(1), half), [BOWL]),
        exact("rule/memo-decided-periodic", "ray.memo", periodic(2, constant(1), half), [BOWL, BOWL]),
        exact("rule/memo-decided-envelope", "ray.memo", envelope(constant(1), half, NEVER), [BOWL]),
        exact("rule/memo-decided-product", "ray.memo", product(constant(0), half), [BOWL]),
        exact(
            "rule/memo-three-searches",
            "ray.memo",
            envelope(half, armijo(constant(3), c=0.2), quarter),
            [BOWL, valley(1, -8, 40)],
        ),
        exact(
            "rule/memo-start-has-a-state",
            "ray.memo",
            armijo(running_max(polyak())),
            [valley(4, -2, 1), valley(6, 1, 1), ray(9, -1, phi=quadratic(0)), valley(1, -2, 30)],
        ),
        exact(
            "rule/memo-start-asked-without-descent",
            "ray.memo",
            armijo(running_min(last(4, factor=0.5)), c=0.25),
            [valley(3, 1, 1, executed=1), valley(3, -2, 1, executed=8), valley(3, -2, 1, executed=8)],
        ),
    ]


def random_expression(d, depth):
    if depth == 0 or d.random() < 0.25:
        return d.pick(
            [
                lambda: constant(d.between(0.05, 3)),
                lambda: power(d.between(0.2, 3), d.pick([0.5, 1, -0.3])),
                lambda: polyak(c=d.between(0.3, 2)),
                lambda: polyak(target=d.pick(["lowerBound", "solutionValue", d.between(-1, 1)])),
                lambda: last(d.between(0.2, 2), factor=d.between(0.6, 2)),
                lambda: NEVER,
            ]
        )()
    inner = lambda: random_expression(d, depth - 1)
    return d.pick(
        [
            lambda: greatest(inner(), inner()),
            lambda: least(inner(), inner()),
            lambda: envelope(inner(), inner(), inner()),
            lambda: or_else(inner(), inner()),
            lambda: periodic(1 + d.below(3), inner(), inner()),
            lambda: scale(d.between(0.3, 2), inner()),
            lambda: product(inner(), inner()),
            lambda: running_min(inner()),
            lambda: running_max(inner()),
            lambda: armijo(inner(), c=d.between(0.05, 0.9), shrink=d.between(0.3, 0.9), budget=2 + d.below(9)),
        ]
    )()


def random_ray(d):
    value, slope = d.between(-0.5, 4), d.between(-4, 0.4)
    phi = d.pick(
        [
            lambda: quadratic(d.between(-0.5, 9)),
            lambda: quartic(d.between(-1, 4), d.between(0, 3)),
            lambda: exponential(d.between(0.1, 1), d.between(-2, 2)),
            lambda: quadratic(d.between(0, 4), beyond=beyond(d.between(0.1, 1), d.pick([NAN, TOP, BOTTOM, 0.5]))),
        ]
    )()
    given = ray(value, slope, phi=phi)
    if d.random() < 0.5:
        given["lowerBound"] = d.pick([None, NAN, d.between(-1, 0.5)])
    if d.random() < 0.5:
        given["solutionValue"] = d.between(-1, 1)
    return given


# Of the first four hundred those that answer in many ways: several steps, a failure, probes.
SEEDS = [20, 29, 52, 88, 133, 157, 178, 187, 217, 253, 293, 318, 344, 349, 361, 365, 386, 394]


def random_cases():
    found = []
    for seed in SEEDS:
        d = Draws(seed)
        rule = random_expression(d, 4)
        found.append(case(f"rule/random-{seed}", "rule", rule, [random_ray(d) for _ in range(6)]))
    return found


def cases():
    return lattice() + envelopes() + alternatives() + arithmetic() + running() + memo() + random_cases()
