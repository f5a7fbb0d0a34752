"""The derived rules of section D.4, written out."""

from .write import (
    Draws,
    adagrad_norm,
    armijo,
    case,
    constant,
    envelope,
    last,
    least,
    periodic,
    polyak,
    power,
    product,
    running_min,
    valley,
)


def rays(seed, count=7):
    """Parabolas of growing and falling stiffness; every fifth does not descend, every seventh lies at its bound."""
    d = Draws(1000 + seed)
    found = []
    for i in range(count):
        slope = d.between(0.2, 1) if i % 5 == 4 else d.between(-5, -0.3)
        value = 0.0 if i % 7 == 6 else d.between(0.3, 4)
        found.append(valley(value, slope, d.between(0.5, 12), solutionValue=d.between(-1, 0.2)))
    return found


def cases():
    tau = 2**0.25
    search = {"c": 0.3, "shrink": 0.7}
    return [
        case("rule/sps-max", "derived.spsMax", least(polyak(c=0.5), constant(0.9)), rays(1)),
        case("rule/sps-b", "derived.spsB", least(polyak(c=1), power(1.1, 0.5)), rays(2)),
        case("rule/sps-b-other-cap", "derived.spsB", least(polyak(c=0.5), power(1.1, 0.9)), rays(3)),
        case(
            "rule/dec-sps",
            "derived.decSps",
            product(power(1 / 0.8, 0.5), running_min(least(polyak(c=1), constant(0.8 * 2.5)))),
            rays(4, 9),
        ),
        case(
            "rule/sps-smooth",
            "derived.spsSmooth",
            least(last(tau * 0.5, factor=tau), polyak(c=0.5)),
            rays(5, 9),
        ),
        case("rule/sps-plus", "derived.spsPlus", polyak(c=1, target="solutionValue"), rays(6)),
        case("rule/li-orabona", "derived.liOrabona", adagrad_norm(alpha=0.5, beta=1, exponent=0.5 + 0.1), rays(17)),
        case("rule/sls-restart", "derived.sls", armijo(constant(3), **search), rays(7)),
        case("rule/sls-keep", "derived.sls", armijo(last(3), **search), rays(8, 9)),
        case("rule/sls-grow", "derived.sls", armijo(last(tau * 3, factor=tau), **search), rays(9, 9)),
        case(
            "rule/sls-capped",
            "derived.sls",
            armijo(least(last(2 * 3, factor=2), constant(1.3)), **search),
            rays(10, 9),
        ),
        case(
            "rule/sls-periodic",
            "derived.sls",
            armijo(periodic(4, constant(3), last(3)), **search),
            rays(11, 10),
        ),
        case("rule/sls-b", "derived.slsB", armijo(power(3, 0.5), **search), rays(12, 9)),
        case(
            "rule/general-envelope",
            "derived.envelope",
            envelope(power(0.15, 0.5), armijo(constant(2), **search), power(1.2, 0.5)),
            rays(13, 9),
        ),
        case(
            "rule/bisls-reset",
            "derived.bislsReset",
            armijo(least(last(2, factor=1.5), constant(2.2)), slack=0.01, **search),
            rays(14, 9),
        ),
        case(
            "rule/bisls-reset-schedule",
            "derived.bislsReset",
            armijo(least(last(2, factor=1.5), power(2.2, 0.25)), slack=0.01, **search),
            rays(15, 9),
        ),
        case("rule/clamp", "derived.clamp", envelope(constant(0.1), polyak(), constant(0.7)), rays(16)),
    ]
