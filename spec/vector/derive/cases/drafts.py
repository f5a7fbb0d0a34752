"""Rules and directions that are drafts, outside version 1."""

from .write import (
    BOTTOM,
    NAN,
    NEVER,
    TOP,
    armijo,
    beyond,
    case,
    constant,
    d_adaptation_sgd,
    exponential,
    greatest,
    last,
    least,
    or_else,
    polyak,
    quadratic,
    quartic,
    ray,
    scale,
    strong_wolfe,
    valley,
)

W = "draft.strongWolfe"
FOUR = constant(4)
# A trial less than a third of the way to the minimum is too short, one beyond five thirds too long.
HALF = {"c1": 0.125, "c2": 0.625}


def lost(step, value, curvature=1, **fields):
    """A ray along a parabola that is `value` beyond `step`."""
    return ray(3, -2, phi=quadratic(curvature, beyond=beyond(step, value, **fields)))


def exact(name, clause, rule, rays):
    return case(name, clause, rule, rays, exact=True)


def acceptance():
    return [
        exact("rule/strong-wolfe-first-trial", W, strong_wolfe(constant(1)), [valley(3, -2, 2), valley(0, -1, 0.75)]),
        exact("rule/strong-wolfe-too-long", W, strong_wolfe(FOUR, **HALF), [valley(3, -2, 3), valley(3, -2, 50)]),
        exact("rule/strong-wolfe-too-short", W, strong_wolfe(constant(0.0625), **HALF, cap=1024), [valley(3, -2, 3), valley(3, -2, 0.125)]),
        exact("rule/strong-wolfe-too-short-then-long", W, strong_wolfe(constant(0.25), c1=0.125, c2=0.25, grow=4), [valley(3, -2, 3)]),
        exact("rule/strong-wolfe-grows-then-bisects", W, strong_wolfe(constant(0.015625), c1=0.125, c2=0.1875, grow=16, cap=64), [valley(3, -2, 3), valley(3, -2, 0.5)]),
        # The value has decreased enough, and the ray climbs: enough for the weak conditions.
        exact("rule/strong-wolfe-climbs", W, strong_wolfe(constant(1.5), c1=0.125, c2=0.25), [valley(3, -2, 2)]),
        exact("rule/strong-wolfe-value-met", W, strong_wolfe(constant(1), c1=0.5, c2=0.75), [valley(1, -1, 1)]),
        exact("rule/strong-wolfe-fall-met", W, strong_wolfe(constant(1), c1=0.125, c2=0.25), [valley(1, -1, 0.75)]),
        exact("rule/strong-wolfe-climb-met", W, strong_wolfe(constant(1), c1=0.125, c2=0.5), [valley(1, -1, 1.5)]),
        exact("rule/strong-wolfe-defaults", W, strong_wolfe(constant(1)), [valley(3, -2, 3.5), valley(3, -2, 7.25), valley(3, -2, 0.125)]),
        case("rule/strong-wolfe-own-constants", W, strong_wolfe(constant(0.3), c1=0.03, c2=0.14, grow=1.7), [valley(2, -3, 21), valley(2, -3, 0.9)]),
        case("rule/strong-wolfe-demanding", W, strong_wolfe(constant(0.7), c1=1e-3, c2=0.002), [valley(2, -3, 1.3), valley(5, -3, 0.7)]),
        case(
            "rule/strong-wolfe-quartic",
            W,
            strong_wolfe(FOUR, c2=0.1),
            [ray(1.3, -2, phi=quartic(-1, 0.9)), ray(1.3, -2, phi=quartic(3, 9))],
        ),
        case(
            "rule/strong-wolfe-exponential",
            W,
            strong_wolfe(constant(0.1), c1=0.2, c2=0.3, grow=3),
            [ray(0.4, -1.1, phi=exponential(0.6, 2.5)), ray(0.4, -1.1, phi=exponential(1.5, -1.2))],
        ),
        exact("rule/strong-wolfe-negative-values", W, strong_wolfe(FOUR, **HALF), [valley(-5, -2, 3)]),
        exact("rule/strong-wolfe-grows-from-last", W, strong_wolfe(last(0.25), **HALF), [valley(3, -2, 0.25), valley(3, -2, 3), valley(3, 2, 1), valley(3, -2, 0.25)]),
    ]


def ends():
    steep, calm = valley(3, -2, 3), valley(3, -2, 0.125)
    return [
        exact("rule/strong-wolfe-at-the-cap", W, strong_wolfe(constant(0.5), cap=4, **HALF), [calm, valley(1, -1, 0)]),
        exact("rule/strong-wolfe-cap-between", W, strong_wolfe(constant(0.5), cap=3, **HALF), [calm]),
        exact("rule/strong-wolfe-start-above-cap", W, strong_wolfe(constant(64), cap=4, **HALF), [calm, steep]),
        exact("rule/strong-wolfe-default-cap", W, strong_wolfe(constant(64)), [valley(1, -1, 0)]),
        exact("rule/strong-wolfe-concave", W, strong_wolfe(constant(1)), [valley(1, -1, -2)]),
        exact("rule/strong-wolfe-budget-enough", W, strong_wolfe(FOUR, **HALF, budget=3), [steep]),
        exact("rule/strong-wolfe-budget-one-short", W, strong_wolfe(FOUR, **HALF, budget=2), [steep]),
        exact("rule/strong-wolfe-budget-growing", W, strong_wolfe(constant(0.0625), **HALF, budget=2), [steep]),
        exact("rule/strong-wolfe-default-budget", W, strong_wolfe(constant(1)), [lost(0, NAN)]),
        exact("rule/strong-wolfe-value-lost", W, strong_wolfe(FOUR, **HALF), [lost(1.5, NAN), lost(1.5, TOP), lost(1.5, BOTTOM)]),
        exact(
            "rule/strong-wolfe-slope-lost",
            W,
            strong_wolfe(FOUR, **HALF),
            [lost(1.5, 0, slope=NAN), lost(1.5, 0, slope=TOP), lost(1.5, 0, slope=BOTTOM), lost(1.5, 0, slope=0), lost(1.5, 0)],
        ),
        exact("rule/strong-wolfe-grows-into-nan", W, strong_wolfe(constant(1), **HALF, budget=6), [lost(1.5, NAN, curvature=0)]),
        exact(
            "rule/strong-wolfe-start",
            W,
            strong_wolfe(or_else(least(polyak(target="solutionValue"), constant(TOP)), NEVER)),
            [calm, valley(3, -2, 1, solutionValue=3), valley(3, -2, 1, solutionValue=BOTTOM), valley(3, -2, 1, solutionValue=1)],
        ),
        exact(
            "rule/strong-wolfe-no-descent",
            W,
            strong_wolfe(constant(1)),
            [valley(1, 0, 1), valley(1, 2, 1), valley(1, NAN, 1), valley(NAN, -1, 1), valley(TOP, -1, 1), valley(1, -1, 1)],
        ),
        exact(
            "rule/strong-wolfe-shares-probes",
            W,
            greatest(armijo(FOUR, c=0.25), strong_wolfe(FOUR, **HALF), scale(0.5, armijo(constant(2), c=0.25))),
            [steep, valley(3, -2, 50)],
        ),
    ]


def seen(gg, travelled=0, alignment=0, **fields):
    """A ray of which only the gradient and the way count."""
    return ray(1, -1, gg=gg, travelled=travelled, alignment=alignment, **fields)


def estimates():
    p = "draft.dAdaptationSgd"
    way = [seen(2.3, 0, 0), seen(1.9, 0.1, 0.2), seen(1.1, 0.3, 0.9), seen(0.2, 0.8, 0.3), seen(0.6, 0.5, -0.2)]
    return [
        case("rule/d-adaptation-sgd", p, d_adaptation_sgd(0.1), way),
        case("rule/d-adaptation-sgd-step", p, d_adaptation_sgd(0.1, step=0.3), way),
        exact("rule/d-adaptation-sgd-far", p, d_adaptation_sgd(4), [seen(4, 0, 0), seen(9, 1, 0.5), seen(1, 2, 1)]),
        exact("rule/d-adaptation-sgd-grows", p, d_adaptation_sgd(1), [seen(4, 0, 0), seen(4, 1, 8), seen(1, 2, 0), seen(1, 0.5, -1)]),
        exact(
            "rule/d-adaptation-sgd-turns-back",
            p,
            d_adaptation_sgd(1),
            [seen(4, 0, 0), seen(2, 0.5, 8), seen(1, 0, 0), seen(1, 0.5, -9), seen(1, 2, 0)],
        ),
        exact("rule/d-adaptation-sgd-aligned-at-once", p, d_adaptation_sgd(1), [seen(4, 1, 16), seen(48, 0.5, 16), seen(0, 1, 0)]),
        exact(
            "rule/d-adaptation-sgd-not-finite",
            p,
            d_adaptation_sgd(1),
            [
                seen(NAN, 0, 0),
                seen(4, NAN, 0),
                seen(4, 0, NAN),
                seen(4, 0, 0),
                seen(TOP, 0.5, 16),
                seen(48, TOP, 16),
                seen(48, 0.5, BOTTOM),
                seen(48, 0.5, 16),
                seen(3, 1, 0),
            ],
        ),
        exact("rule/d-adaptation-sgd-stationary-first", p, d_adaptation_sgd(1), [seen(0, 0, 0), seen(0, 1, 4), seen(16, 0, 0), seen(0, 0.5, 0)]),
        exact("rule/d-adaptation-sgd-any-slope", p, d_adaptation_sgd(1), [ray(NAN, NAN, gg=4), ray(1, 2, gg=48)]),
    ]


def cases():
    return acceptance() + ends() + estimates()
