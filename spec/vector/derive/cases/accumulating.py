"""Rules that add up what they have seen, on given rays."""

from .write import (
    BOTTOM,
    NAN,
    NEVER,
    TOP,
    ada_sls,
    ada_sps,
    adagrad_norm,
    armijo,
    beyond,
    case,
    constant,
    dog,
    dowg,
    last,
    or_else,
    polyak,
    ponos,
    prodigy,
    quadratic,
    ray,
    valley,
)


def seen(gg, travelled=0, alignment=0, **fields):
    """A ray of which only the gradient and the way count."""
    return ray(1, -1, gg=gg, travelled=travelled, alignment=alignment, **fields)


def exact(name, clause, rule, rays):
    return case(name, clause, rule, rays, exact=True)


def adagrad():
    a = "rule.adagradNorm"
    norms = [seen(g) for g in (0.7, 3.1, 0, 12.5, 0.04)]
    broken = [seen(3), seen(NAN), seen(TOP), seen(BOTTOM), seen(12), seen(1)]
    return [
        case("rule/adagrad-norm", a, adagrad_norm(alpha=0.7, beta=0.3), norms),
        case("rule/adagrad-norm-current", a, adagrad_norm(alpha=0.7, beta=0.3, includeCurrent=True), norms),
        case("rule/adagrad-norm-current-alone", a, adagrad_norm(includeCurrent=True), norms),
        case("rule/adagrad-norm-steeper", a, adagrad_norm(beta=2, exponent=0.8), norms),
        case("rule/adagrad-norm-exponent-one", a, adagrad_norm(beta=2, exponent=1), norms),
        case("rule/adagrad-norm-squares", a, adagrad_norm(beta=1), [seen(3), seen(12), seen(48), seen(0)]),
        exact("rule/adagrad-norm-no-first-step", a, adagrad_norm(), norms),
        case("rule/adagrad-norm-not-finite", a, adagrad_norm(beta=1), broken),
        case("rule/adagrad-norm-current-not-finite", a, adagrad_norm(beta=1, includeCurrent=True), broken),
        case(
            "rule/adagrad-norm-stationary-first",
            a,
            adagrad_norm(includeCurrent=True),
            [seen(0), seen(0), seen(4), seen(0), seen(12)],
        ),
        case(
            "rule/adagrad-norm-any-slope",
            a,
            adagrad_norm(beta=1),
            [ray(NAN, NAN, gg=3), ray(1, 2, gg=12), ray(TOP, 0, gg=0), ray(1, -9)],
        ),
    ]


GAPS = [ray(2.5, -1.5), ray(0.75, -4), ray(1, -0.25), ray(7, -9), ray(0.1, -0.3)]


def sps():
    a = "rule.adaSps"
    return [
        case("rule/ada-sps", a, ada_sps(), GAPS),
        case("rule/ada-sps-scale", a, ada_sps(scale=0.4), GAPS),
        case("rule/ada-sps-number", a, ada_sps(target=-1.5), GAPS),
        exact("rule/ada-sps-never-grows", a, ada_sps(), [ray(4, -2), ray(12, -24), ray(48, -2), ray(192, -2)]),
        exact(
            "rule/ada-sps-solved-first",
            a,
            ada_sps(),
            [ray(0, -1), ray(-3, -1), ray(4, -2), ray(0, -2), ray(-1, -2), ray(12, -24)],
        ),
        exact(
            "rule/ada-sps-failures-forgotten",
            a,
            ada_sps(target="solutionValue"),
            [
                ray(4, -2),
                ray(4, 2, solutionValue=0),
                ray(4, -2, solutionValue=BOTTOM),
                ray(4, -2, solutionValue=TOP),
                ray(4, -2, solutionValue=NAN),
                ray(4, -2, solutionValue=0),
                ray(NAN, -2, solutionValue=0),
                ray(12, -2, solutionValue=BOTTOM),
                ray(12, -24, solutionValue=0),
            ],
        ),
        exact("rule/ada-sps-slope-not-norm", a, ada_sps(), [ray(4, -2, gg=7), ray(12, -24, gg=0.5)]),
    ]


def sls():
    a = "rule.adaSls"
    parabolas = [valley(3, -2, 3), valley(3, -0.7, 0.5), valley(1, -5, 12), valley(2, -0.1, 1)]
    return [
        case("rule/ada-sls", a, ada_sls(armijo(constant(4), c=0.5)), parabolas),
        case("rule/ada-sls-scale", a, ada_sls(armijo(constant(4), c=0.3), scale=0.4), parabolas),
        case("rule/ada-sls-of-last", a, ada_sls(armijo(last(4, factor=2), c=0.3)), parabolas),
        exact("rule/ada-sls-never-grows", a, ada_sls(constant(4)), [ray(1, -1), ray(1, -3), ray(1, -12), ray(1, -48)]),
        exact(
            "rule/ada-sls-search-fails",
            a,
            ada_sls(or_else(polyak(target="solutionValue"), NEVER)),
            [
                ray(4, -1),
                ray(4, -1, solutionValue=4),
                ray(4, -1, solutionValue=BOTTOM),
                ray(4, -1, solutionValue=0),
                ray(4, -1),
                ray(12, -1, solutionValue=0),
            ],
        ),
        exact("rule/ada-sls-of-never", a, ada_sls(NEVER), [ray(4, -1)]),
        exact(
            "rule/ada-sls-no-descent",
            "ray.slope",
            ada_sls(constant(4)),
            [ray(1, 0), ray(1, 2), ray(NAN, -1), ray(1, NAN), ray(1, -1), ray(TOP, -1), ray(1, -3)],
        ),
        case(
            "rule/ada-sls-search-asked-anyway",
            "ray.memo",
            ada_sls(armijo(constant(4), c=0.25)),
            [valley(3, -2, 3), valley(3, -6, 3)],
        ),
    ]


def nonmonotone():
    p = "rule.ponos"
    steep = [valley(3, -4, 16), valley(2, -4, 16), valley(1, -4, 16), valley(1.5, -4, 16)]
    uneven = [valley(3, -2, 0.7), valley(0.4, -2, 9), valley(5, -0.3, 2.3), valley(0.9, -1.7, 11), valley(2, -2, 5)]
    plain = {"epsilon": 0, "cp": 0.125}
    return [
        case("rule/ponos", p, ponos(), uneven),
        case("rule/ponos-no-memory", p, ponos(memory=0), uneven),
        case("rule/ponos-some-memory", p, ponos(memory=0.6), uneven),
        case("rule/ponos-shrink", p, ponos(shrink=0.8, c=0.3), uneven),
        case("rule/ponos-cp", p, ponos(cp=0.7, epsilon=0.01), uneven),
        exact("rule/ponos-shortens-ahead", p, ponos(**plain), steep),
        exact(
            "rule/ponos-reference-is-the-mean",
            p,
            ponos(**plain, stepMax=4, memory=1),
            [valley(31, -2, 0), valley(1, -2, 4), valley(1, -2, 4)],
        ),
        exact(
            "rule/ponos-reference-without-memory",
            p,
            ponos(**plain, stepMax=4, memory=0),
            [valley(31, -2, 0), valley(1, -2, 4), valley(1, -2, 4)],
        ),
        exact("rule/ponos-clipped", p, ponos(**plain, stepMax=0.5, stepMin=0.25), [valley(8, -1, 0), valley(1, -1024, 0)]),
        exact("rule/ponos-clips-cross", p, ponos(**plain, stepMax=0.25, stepMin=0.5), [valley(8, -1, 0)]),
        exact("rule/ponos-budget-enough", p, ponos(**plain, budget=6), steep[:1]),
        exact("rule/ponos-budget-one-short", p, ponos(**plain, budget=5), steep[:1]),
        case("rule/ponos-budget-state-kept", p, ponos(**plain, budget=4), [steep[0], valley(3, -4, 4), valley(99, -4, 99), steep[1]]),
        exact(
            "rule/ponos-gap-closed",
            p,
            ponos(**plain, target="lowerBound"),
            [steep[0], valley(0, -4, 16), valley(-2, -4, 16), steep[1]],
        ),
        exact(
            "rule/ponos-targets",
            p,
            ponos(**plain, target="solutionValue"),
            [
                valley(3, -4, 16),
                valley(3, -4, 16, solutionValue=1),
                valley(3, -4, 16, solutionValue=BOTTOM),
                valley(3, -4, 16, solutionValue=TOP),
                valley(3, -4, 16, solutionValue=NAN),
                valley(3, 4, 16, solutionValue=1),
                valley(3, -4, 16, solutionValue=2),
            ],
        ),
        exact("rule/ponos-below-zero", p, ponos(**plain), [valley(-1, -4, 16), valley(1, -4, 16)]),
        exact(
            "rule/ponos-probe-not-finite",
            p,
            ponos(**plain, stepMax=4),
            [ray(8, -1, phi=quadratic(0, beyond=beyond(1.5, wild))) for wild in (NAN, TOP, BOTTOM)],
        ),
    ]


def distances():
    way = [seen(0.7, 0), seen(3.1, 0.4), seen(0, 2.5), seen(12.5, 1.1), seen(0.04, 3.7)]
    squares = [seen(4, 0), seen(12, 3), seen(48, 1)]
    odd = [seen(4, 0), seen(NAN, 1), seen(1, NAN), seen(TOP, 1), seen(1, TOP), seen(12, 1)]
    still = [seen(0, 0), seen(0, 5), seen(4, 1), seen(0, 2)]
    g, w = "rule.dog", "rule.dowg"
    return [
        case("rule/dog", g, dog(0.1), way),
        case("rule/dog-epsilon", g, dog(0.1, epsilon=0.25), way),
        exact("rule/dog-squares", g, dog(1), squares),
        exact("rule/dog-not-finite", g, dog(2), odd),
        exact("rule/dog-stationary-first", g, dog(2), still),
        exact("rule/dog-stationary-with-epsilon", g, dog(2, epsilon=4), [seen(0, 0), seen(0, 5), seen(12, 1)]),
        exact("rule/dog-any-slope", g, dog(1), [ray(NAN, NAN, gg=4), ray(1, 2, gg=12), ray(1, -48)]),
        case("rule/dowg", w, dowg(0.1), way),
        exact("rule/dowg-squares", w, dowg(1), [seen(4, 0), seen(3, 2), seen(12, 1)]),
        exact("rule/dowg-not-finite", w, dowg(2), odd),
        exact("rule/dowg-stationary-first", w, dowg(2), still),
        exact("rule/dowg-any-slope", w, dowg(1), [ray(NAN, NAN, gg=4), ray(1, 2, gg=12), ray(1, -48)]),
    ]


def estimates():
    p = "rule.prodigy"
    way = [seen(2.3, 0, 0), seen(1.9, 0.1, 0.2), seen(1.1, 0.3, 0.9), seen(0.2, 0.8, 0.3), seen(0.6, 0.5, -0.2)]
    return [
        case("rule/prodigy", p, prodigy(0.1), way),
        case("rule/prodigy-far", p, prodigy(3), way),
        case("rule/prodigy-turns-back", p, prodigy(0.1), [seen(2, 0, 0), seen(2, 0.5, 8), seen(1, 0, 0), seen(1, 0.1, -9), seen(1, 2, 0)]),
        exact("rule/prodigy-grows", p, prodigy(1), [seen(8, 0, 0), seen(48, 0.5, 16), seen(42, 1, 0)]),
        case("rule/prodigy-aligned-at-once", p, prodigy(1), [seen(8, 1, 16), seen(48, 0.5, 16), seen(0, 1, 0)]),
        case(
            "rule/prodigy-not-finite",
            p,
            prodigy(1),
            [
                seen(NAN, 0, 0),
                seen(8, NAN, 0),
                seen(8, 0, NAN),
                seen(8, 0, 0),
                seen(TOP, 0.5, 16),
                seen(48, TOP, 16),
                seen(48, 0.5, BOTTOM),
                seen(48, 0.5, 16),
                seen(3, 1, 0),
            ],
        ),
        exact("rule/prodigy-stationary-first", p, prodigy(1), [seen(0, 0, 0), seen(0, 1, 4), seen(8, 0, 0), seen(0, 0.5, 0)]),
        exact("rule/prodigy-any-slope", p, prodigy(1), [ray(NAN, NAN, gg=8), ray(1, 2, gg=48)]),
    ]


def cases():
    return adagrad() + sps() + sls() + nonmonotone() + distances() + estimates()
