"""Searches on given rays."""

from .write import (
    BOTTOM,
    NAN,
    NEVER,
    TOP,
    armijo,
    beyond,
    case,
    constant,
    exponential,
    goldstein,
    greatest,
    last,
    least,
    or_else,
    polyak,
    power,
    product,
    quadratic,
    quartic,
    ray,
    scale,
    valley,
)

FOUR = constant(4)


def lost(step, value, curvature=1):
    """A ray along a parabola that is `value` beyond `step`."""
    return ray(3, -2, phi=quadratic(curvature, beyond=beyond(step, value)))


def exact(name, clause, rule, rays):
    return case(name, clause, rule, rays, exact=True)


def acceptance():
    a = "rule.armijo"
    return [
        exact("rule/armijo-first-trial", a, armijo(constant(0.25)), [valley(3, -2, 1), valley(0, -1, 0)]),
        exact("rule/armijo-backtracks", a, armijo(FOUR, c=0.3), [valley(3, -2, 3), valley(3, -2, 50)]),
        exact("rule/armijo-downhill-forever", a, armijo(FOUR, c=0.9), [valley(1, -1, 0), valley(1, -1, -2)]),
        exact("rule/armijo-exactly-met", a, armijo(constant(1), c=0.5), [valley(1, -1, 1), valley(1, -1, 2)]),
        case("rule/armijo-shrink-0.9", a, armijo(constant(2), shrink=0.9), [valley(2, -3, 4), valley(2, -3, 21)]),
        case("rule/armijo-shrink-0.1", a, armijo(constant(50), shrink=0.1), [valley(2, -3, 4), valley(2, -3, 210)]),
        case("rule/armijo-demanding", a, armijo(FOUR, c=0.97), [valley(2, -3, 4)]),
        case("rule/armijo-lenient", a, armijo(FOUR, c=1e-6), [valley(2, -3, 1.6), valley(2, -3, 1.4)]),
        case("rule/armijo-quartic", a, armijo(FOUR), [ray(1.3, -2, phi=quartic(-1, 0.8)), ray(1.3, -2, phi=quartic(3, 9))]),
        case(
            "rule/armijo-exponential",
            a,
            armijo(constant(3), c=0.2, shrink=0.7),
            [ray(0.4, -1.1, phi=exponential(0.6, 2.5)), ray(0.4, -1.1, phi=exponential(1.5, -1.2))],
        ),
        exact("rule/armijo-slack", a, armijo(FOUR, c=0.3, slack=1), [valley(3, -2, 3), valley(3, -2, 50)]),
        exact("rule/armijo-negative-values", a, armijo(FOUR, c=0.3), [valley(-5, -2, 3)]),
        exact("rule/armijo-rises-past-value", a, armijo(constant(8), c=0.125), [valley(0.5, -1, 2)]),
        exact(
            "rule/armijo-start-moves",
            "rule.armijo",
            armijo(last(4, factor=2), c=0.3),
            [valley(3, -2, 3), valley(3, -2, 0.5), valley(3, 2, 1), valley(3, -2, 3)],
        ),
    ]


def budgets():
    b = "rule.armijo.budget"
    steep = valley(3, -2, 3)
    return [
        exact("rule/armijo-budget-ends", b, armijo(FOUR, c=0.3, budget=2), [steep, steep]),
        exact("rule/armijo-budget-just-enough", b, armijo(FOUR, c=0.3, budget=4), [steep]),
        exact("rule/armijo-budget-one-short", b, armijo(FOUR, c=0.3, budget=3), [steep]),
        exact("rule/armijo-budget-of-one", b, armijo(FOUR, c=0.3, budget=1), [steep, valley(3, -2, 0.25)]),
        exact(
            "rule/armijo-budget-then-last",
            "rule.last.failure",
            armijo(last(4, factor=2), c=0.3, budget=2),
            [valley(3, -2, 0.3), steep, valley(3, -2, 0.3), valley(3, -2, 40), valley(3, -2, 0.1)],
        ),
        exact("rule/armijo-budget-in-max", b, greatest(armijo(FOUR, c=0.3, budget=2), constant(0.125)), [steep]),
        exact("rule/armijo-budget-in-min", b, least(armijo(FOUR, c=0.3, budget=2), constant(9)), [steep]),
        exact(
            "rule/armijo-underflow",
            "rule.armijo",
            armijo(constant(1), shrink=1e-200),
            [ray(3, -2, phi=quadratic(0, beyond=beyond(0, NAN)))],
        ),
    ]


def probes():
    p = "rule.armijo.probe"
    return [
        exact("rule/armijo-probe-nan", p, armijo(FOUR, c=0.3), [lost(1.5, NAN)]),
        exact("rule/armijo-probe-top", p, armijo(FOUR, c=0.3), [lost(1.5, TOP)]),
        exact("rule/armijo-probe-bottom", p, armijo(FOUR, c=0.3), [lost(1.5, BOTTOM)]),
        exact("rule/armijo-probe-low-is-fine", p, armijo(FOUR, c=0.3), [lost(1.5, -100)]),
        exact(
            "rule/armijo-probe-never-finite",
            p,
            armijo(FOUR, c=0.3, budget=6),
            [lost(0, NAN), lost(0, TOP), lost(0, BOTTOM)],
        ),
        exact("rule/armijo-probe-then-backtracks", p, armijo(FOUR, c=0.3), [lost(1.5, NAN, curvature=9)]),
        exact("rule/armijo-probe-with-slack", p, armijo(FOUR, c=0.3, slack=1e6), [lost(1.5, NAN), lost(1.5, TOP)]),
        exact("rule/armijo-probe-on-the-edge", p, armijo(FOUR, c=0.3), [lost(2, NAN)]),
    ]


def starts():
    s = "rule.armijo.start"
    calm = valley(3, -2, 1)
    return [
        exact("rule/armijo-start-fails", s, armijo(NEVER), [calm]),
        exact("rule/armijo-start-zero", s, armijo(constant(0)), [calm]),
        exact("rule/armijo-start-minus-zero", s, armijo(constant("-0")), [calm]),
        exact("rule/armijo-start-top", s, armijo(constant(TOP)), [calm]),
        exact("rule/armijo-start-overflows", s, armijo(scale(1e200, constant(1e200))), [calm]),
        exact("rule/armijo-start-nan", s, armijo(product(constant(0), constant(TOP))), [calm]),
        exact(
            "rule/armijo-start-target",
            s,
            armijo(polyak(target="solutionValue"), c=0.25),
            [calm, valley(3, -2, 1, solutionValue=1), valley(3, -2, 1, solutionValue=3), calm],
        ),
        exact("rule/armijo-start-capped", s, armijo(least(constant(TOP), constant(1))), [calm]),
        exact(
            "rule/armijo-start-search-fails",
            s,
            armijo(armijo(FOUR, c=0.3, budget=2)),
            [valley(3, -2, 3), calm],
        ),
        case("rule/armijo-start-schedule", s, armijo(power(3, 0.5), c=0.4), [valley(3, -2, 3)] * 4),
    ]


def slopes():
    return [
        exact(
            "rule/armijo-no-descent",
            "ray.slope",
            armijo(constant(1)),
            [
                valley(1, 0, 1),
                valley(1, 2, 1),
                valley(1, NAN, 1),
                valley(1, BOTTOM, 1),
                valley(1, TOP, 1),
                valley(NAN, -1, 1),
                valley(TOP, -1, 1),
                valley(BOTTOM, -1, 1),
                valley(1, -1, 1),
            ],
        ),
        exact(
            "rule/armijo-no-descent-beside-constant",
            "ray.slope",
            greatest(armijo(constant(1)), constant(0.125)),
            [valley(1, 0, 1), valley(1, 2, 1), valley(1, -1, 1)],
        ),
    ]


def both_ways():
    g = "rule.goldstein"
    steep, calm = valley(3, -2, 3), valley(3, -2, 0.125)
    return [
        exact("rule/goldstein-first-trial", g, goldstein(constant(1)), [valley(3, -2, 2)]),
        exact("rule/goldstein-too-long", g, goldstein(FOUR, c=0.25), [steep, valley(3, -2, 50)]),
        exact("rule/goldstein-too-short", g, goldstein(constant(0.0625), c=0.25, cap=1024), [steep, calm]),
        exact("rule/goldstein-at-the-cap", g, goldstein(constant(0.5), cap=4), [calm, valley(1, -1, 0)]),
        exact("rule/goldstein-cap-between", g, goldstein(constant(0.5), cap=3), [calm]),
        exact("rule/goldstein-start-above-cap", g, goldstein(constant(64), cap=4), [calm, steep]),
        exact("rule/goldstein-default-cap", g, goldstein(constant(64)), [valley(1, -1, 0)]),
        exact("rule/goldstein-exactly-met", g, goldstein(constant(1), c=0.25), [valley(1, -1, 0.5), valley(1, -1, 1.5)]),
        case("rule/goldstein-own-factors", g, goldstein(constant(2), c=0.2, shrink=0.7, grow=1.3), [valley(2, -3, 21), valley(2, -3, 0.9)]),
        case("rule/goldstein-comes-back", g, goldstein(constant(2), c=0.3, shrink=0.9, grow=3), [valley(2, -3, 21)]),
        exact(
            "rule/goldstein-back-and-forth",
            "ray.memo",
            goldstein(constant(1), c=0.4375, budget=7),
            [ray(3, -2, phi=quadratic(0.03125, beyond=beyond(1.5, TOP)))],
        ),
        exact("rule/goldstein-budget-enough", g, goldstein(FOUR, c=0.25, budget=3), [steep]),
        exact("rule/goldstein-budget-one-short", g, goldstein(FOUR, c=0.25, budget=2), [steep]),
        exact("rule/goldstein-budget-growing", g, goldstein(constant(0.0625), c=0.25, budget=2), [steep]),
        exact("rule/goldstein-probe-nan", g, goldstein(FOUR), [lost(1.5, NAN), lost(1.5, TOP), lost(1.5, BOTTOM)]),
        exact("rule/goldstein-grows-into-nan", g, goldstein(constant(1), c=0.125, budget=5), [lost(1.5, NAN, curvature=0)]),
        exact(
            "rule/goldstein-underflow",
            g,
            goldstein(constant(1), shrink=1e-200),
            [ray(3, -2, phi=quadratic(0, beyond=beyond(0, NAN)))],
        ),
        exact(
            "rule/goldstein-start",
            g,
            goldstein(or_else(least(polyak(target="solutionValue"), constant(TOP)), NEVER)),
            [calm, valley(3, -2, 1, solutionValue=3), valley(3, -2, 1, solutionValue=BOTTOM), valley(3, -2, 1, solutionValue=1)],
        ),
        exact(
            "rule/goldstein-no-descent",
            "ray.slope",
            goldstein(constant(1)),
            [valley(1, 0, 1), valley(1, 2, 1), valley(1, NAN, 1), valley(NAN, -1, 1), valley(TOP, -1, 1), valley(1, -1, 1)],
        ),
        exact("rule/goldstein-grows-from-last", g, goldstein(last(0.25), c=0.25), [calm, steep, valley(3, 2, 1), calm]),
    ]


def cases():
    return acceptance() + budgets() + probes() + starts() + slopes() + both_ways()
