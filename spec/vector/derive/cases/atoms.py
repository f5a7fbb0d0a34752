"""The atoms on given rays: rules without operands that do not search."""

from .write import (
    NAN,
    NEVER,
    TOP,
    BOTTOM,
    barzilai_borwein,
    case,
    constant,
    last,
    least,
    periodic,
    polyak,
    power,
    ray,
    sps_safe,
)

DESCENT = [ray(2.5, -1.5), ray(0.75, -4), ray(1, -0.25)]
# Every way in which a ray is no descent ray.
FLAT = [
    ray(1, 0),
    ray(1, 2),
    ray(1, NAN),
    ray(1, BOTTOM),
    ray(1, TOP),
    ray(NAN, -1),
    ray(TOP, -1),
    ray(BOTTOM, -1),
]


def safeguarded():
    p = "rule.spsSafe"
    return [
        case("rule/sps-safe", p, sps_safe(1), DESCENT),
        case("rule/sps-safe-c", p, sps_safe(1, c=0.7), DESCENT),
        case("rule/sps-safe-never-reached", p, sps_safe(1e-3), DESCENT),
        case("rule/sps-safe-flat", p, sps_safe(0.5), FLAT + [ray(1, "-0")], exact=True),
        case("rule/sps-safe-at-the-floor", p, sps_safe(1.5), [ray(2.5, -1.5)]),
        case("rule/sps-safe-gap-closed", p, sps_safe(1), [ray(0, -4), ray(-3, -4), ray(-3, 0)], exact=True),
        case(
            "rule/sps-safe-targets",
            p,
            sps_safe(1, target="solutionValue"),
            [ray(2, -4), ray(2, -4, solutionValue=1), ray(2, 0, solutionValue=NAN), ray(2, 0, solutionValue=TOP)],
            exact=True,
        ),
        case("rule/sps-safe-number", p, sps_safe(2, target=-1), DESCENT),
        case("rule/sps-safe-bottomless", p, sps_safe(2, target=BOTTOM), DESCENT, exact=True),
    ]


def secants():
    b = "rule.barzilaiBorwein"
    curved = [ray(1, -1), ray(1, -1, secant=[0.3, 0.7, 2.5]), ray(1, 2, secant=[4, 0.5, 0.25]), ray(NAN, NAN, secant=None)]
    unusable = [
        ray(1, -1, secant=[1, 0, 1]),
        ray(1, -1, secant=[1, -2, 8]),
        ray(1, -1, secant=[0, 0, 0]),
        ray(1, -1, secant=[NAN, 1, 1]),
        ray(1, -1, secant=[1, NAN, 1]),
        ray(1, -1, secant=[1, 1, NAN]),
        ray(1, -1, secant=[TOP, 1, 1]),
        ray(1, -1, secant=[1, TOP, 1]),
        ray(1, -1, secant=[1, 1, TOP]),
        ray(1, -1),
    ]
    return [
        case("rule/barzilai-borwein-long", b, barzilai_borwein("long", 0.2), curved),
        case("rule/barzilai-borwein-short", b, barzilai_borwein("short", 0.2), curved),
        case("rule/barzilai-borwein-long-unusable", b, barzilai_borwein("long", 0.25), unusable, exact=True),
        case("rule/barzilai-borwein-short-unusable", b, barzilai_borwein("short", 0.25), unusable, exact=True),
        case(
            "rule/barzilai-borwein-no-change",
            b,
            barzilai_borwein("short", 0.25),
            [ray(1, -1, secant=[0, 2, 0]), ray(1, -1, secant=[0, 2, 4])],
            exact=True,
        ),
    ]


def cases():
    found = [
        case("rule/never", "rule.never", NEVER, DESCENT + FLAT, exact=True),
        case("rule/constant", "rule.constant", constant(0.35), DESCENT + FLAT, exact=True),
        case("rule/constant-zero", "rule.constant", constant(0), DESCENT, exact=True),
        case("rule/constant-top", "rule.constant", constant(TOP), DESCENT, exact=True),
        case("rule/constant-minus-zero", "rule.constant", constant("-0"), DESCENT, exact=True),
        case("rule/constant-extreme", "rule.constant", constant(5e-324), DESCENT, exact=True),
        case("rule/power-half", "rule.power", power(1.7, 0.5), DESCENT * 2),
        case("rule/power-one", "rule.power", power(0.6, 1), DESCENT * 2),
        case("rule/power-flat", "rule.power", power(0.6, 0), DESCENT, exact=True),
        case("rule/power-third", "rule.power", power(2.5, 0.333), DESCENT * 2),
        case("rule/power-grows", "rule.power", power(0.125, -2), DESCENT * 2),
        case(
            "rule/power-far",
            "rule.power",
            power(3, 0.75),
            [ray(1, -1, k=k) for k in (0, 9, 99, 12345, 10**6)],
        ),
        case(
            "rule/power-vanishes",
            "rule.power",
            power(2, 400),
            [ray(1, -1, k=0), ray(1, -1, k=9)],
            exact=True,
        ),
        case(
            "rule/power-explodes",
            "rule.power",
            power(2, -400),
            [ray(1, -1, k=0), ray(1, -1, k=9)],
            exact=True,
        ),
        case("rule/power-on-flat-rays", "rule.power", power(1.25, 0.5), FLAT),
        case("rule/polyak", "rule.polyak", polyak(), DESCENT),
        case("rule/polyak-half", "rule.polyak", polyak(c=0.5), DESCENT),
        case("rule/polyak-cautious", "rule.polyak", polyak(c=3.7), DESCENT),
        case(
            "rule/polyak-slope-not-norm",
            "rule.polyak",
            polyak(c=0.8),
            [ray(2.5, -1.5, gg=7, dd=3), ray(0.75, -4, gg=0.5, dd=100)],
        ),
        case(
            "rule/polyak-lower-bound",
            "rule.polyak",
            polyak(),
            [
                ray(2.5, -1.5, lowerBound=1.25),
                ray(2.5, -1.5, lowerBound=-3.5),
                ray(2.5, -1.5, lowerBound=None),
                ray(2.5, -1.5, lowerBound=NAN),
                ray(2.5, -1.5, lowerBound=TOP),
                ray(2.5, -1.5, lowerBound=BOTTOM),
                ray(-2.5, -1.5, lowerBound=-7),
            ],
        ),
        case(
            "rule/polyak-solution-value",
            "rule.polyak",
            polyak(target="solutionValue"),
            [
                ray(2.5, -1.5),
                ray(2.5, -1.5, solutionValue=0.4),
                ray(2.5, -1.5, solutionValue=0.4, lowerBound=2),
                ray(2.5, -1.5, solutionValue=None),
                ray(2.5, -1.5, solutionValue=NAN),
            ],
        ),
        case(
            "rule/polyak-number",
            "rule.polyak",
            polyak(c=2, target=-0.7),
            [ray(2.5, -1.5, lowerBound=1), ray(-0.6, -4, lowerBound=None)],
        ),
        case(
            "rule/polyak-no-gap",
            "rule.polyak",
            polyak(target=1.5),
            [ray(1.5, -2), ray(1, -2), ray(-7, -0.5), ray(1.75, -2)],
            exact=True,
        ),
        case("rule/polyak-target-bottom", "rule.polyak", polyak(target=BOTTOM), DESCENT, exact=True),
        case("rule/polyak-target-top", "rule.polyak", polyak(target=TOP), DESCENT, exact=True),
        case(
            "rule/polyak-overflow",
            "rule.polyak",
            polyak(),
            [ray(1e200, -1e-200), ray(1e-200, -1e200), ray(1e-200, -1e-200)],
        ),
        case("rule/polyak-no-descent", "ray.slope", polyak(), FLAT + DESCENT[:1]),
        case(
            "rule/polyak-no-descent-number",
            "ray.slope",
            polyak(c=0.5, target=-4),
            FLAT + DESCENT[:1],
        ),
        case("rule/last", "rule.last", last(0.4), DESCENT, exact=True),
        case("rule/last-grows", "rule.last", last(0.375, factor=2), DESCENT * 2, exact=True),
        case("rule/last-shrinks", "rule.last", last(3, factor=0.7), DESCENT * 2),
        case(
            "rule/last-given",
            "rule.last",
            last(3, factor=0.5),
            [
                ray(1, -1, executed=5),
                ray(1, -1),
                ray(1, -1, executed=None),
                ray(1, -1),
                ray(1, -1, executed=0.25),
            ],
            exact=True,
        ),
        case(
            "rule/last-overflow",
            "rule.last.failure",
            last(1, factor=1e200),
            [ray(1, -1)] * 2 + [ray(1, -1, executed=1e200), ray(1, -1), ray(1, -1, executed=2)],
        ),
        case(
            "rule/last-after-failure",
            "rule.last.failure",
            least(last(0.75, factor=2), polyak()),
            [ray(2, -4), ray(2, 0), ray(2, NAN), ray(9, -0.5), ray(2, 1), ray(16, -1)],
            exact=True,
        ),
        case(
            "rule/last-after-zero",
            "rule.last.failure",
            least(last(0.75, factor=2), polyak(target=1)),
            [ray(3, -4), ray(1, -4), ray(0.5, -4), ray(8, -0.5), ray(1, -1), ray(50, -1)],
            exact=True,
        ),
        case(
            "rule/last-after-top",
            "rule.last.failure",
            periodic(2, constant(TOP), last(0.5, factor=2)),
            DESCENT * 2,
            exact=True,
        ),
        case(
            "rule/last-failure-given",
            "rule.last.failure",
            least(last(0.75, factor=2), polyak()),
            [ray(2, 0, executed=0.125), ray(4, -1), ray(2, 0, executed=None), ray(4, -1)],
            exact=True,
        ),
    ]
    return found + safeguarded() + secants()
