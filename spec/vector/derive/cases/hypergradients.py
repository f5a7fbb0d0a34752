"""Hypergradients at one point: every estimator on every problem, draws, and edges."""

from .two_levels import (
    DIRECT,
    EXACT,
    FIRST_ORDER,
    cg,
    cleaning,
    diagonal,
    dimensions,
    hypergradient,
    logistics,
    neumann,
    quadratics,
    ridge,
    shifted,
    tasks,
    unrolled,
)
from .write import Draws

PROBLEMS = {
    "quadratic": lambda d: quadratics(d, lower=2, upper=2),
    "shifted": lambda d: shifted(d, rho=0.3),
    "ridge": lambda d: ridge(d, "scalar", 3),
    "ridge-features": lambda d: ridge(d, "perFeature"),
    "logistic": logistics,
    "cleaning": cleaning,
    "ablo": tasks,
}

ESTIMATORS = {
    "exact": EXACT,
    "direct": DIRECT,
    "cg": cg(1),
    "neumann": neumann(4, 0.125),
    "unrolled": unrolled(3, 0.15),
    "first-order": FIRST_ORDER,
}


def named(estimator):
    return f"estimator.{estimator['estimator']}"


def problems():
    """Every estimator on every problem, but not `exact` on `ablo`, whose curvature vanishes far out."""
    for i, (name, make) in enumerate(PROBLEMS.items()):
        for j, (way, estimator) in enumerate(ESTIMATORS.items()):
            d = Draws(3000 + 10 * i + j)
            problem = make(d)
            n, m = dimensions(problem)
            if (name, way) == ("ablo", "exact"):
                continue
            y = {} if way == "exact" else {"y": d.vector(m)}
            yield hypergradient(f"{name}-{way}", named(estimator), problem, estimator, d.vector(n), **y)


def draws():
    """Batches of every sort, with an index that repeats."""
    for i, name in enumerate(["quadratic", "logistic", "cleaning"]):
        d = Draws(3100 + i)
        problem = quadratics(d, m=2, lower=3, upper=2) if name == "quadratic" else PROBLEMS[name](d)
        n, m = dimensions(problem)
        S, C, apart = [[1, 1, 0]], [[2, 0, 2]], [[[0], [1, 2], [2]]]
        for way, estimator, given in [
            ("exact", EXACT, {"upper": S, "cross": C}),
            ("direct", DIRECT, {"upper": S, "cross": C}),
            ("cg", cg(1), {"upper": S, "cross": C}),
            ("neumann", neumann(4, 0.2), {"upper": S, "cross": C}),
            ("neumann-hessian", neumann(4, 0.2), {"upper": S, "cross": C, "hessian": apart}),
            ("unrolled", unrolled(3, 0.2), {"upper": S, "lower": apart}),
            ("first-order", FIRST_ORDER, {"upper": S}),
        ]:
            y = {} if way == "exact" else {"y": d.vector(m)}
            yield hypergradient(f"{name}-{way}-batches", "draws", problem, estimator, d.vector(n), **y, **given)
        for depth in (0, 2, 3):
            yield hypergradient(
                f"{name}-depth-{depth}",
                "estimator.neumann.depth",
                problem,
                neumann(4, 0.2),
                d.vector(n),
                d.vector(m),
                upper=S,
                cross=C,
                depth=[depth],
                **({"hessian": apart} if depth == 3 else {}),
            )


def exactly(H, p, x=(1,), B=None):
    """A quadratic problem with H as given and f = 1/2 |y|^2 + p'y + x^2/2, so that its numbers stay exact."""
    m, n = len(H), len(x)
    return {
        "problem": "quadraticBilevel",
        "lower": [{"H": H, "B": B or [[1] * n] * m, "c": [0] * m}],
        "upper": [{"P": diagonal(*[1] * m), "S": [[0] * m] * n, "R": diagonal(*[1] * n), "p": p, "r": [0] * n}],
    }


def edges():
    d = Draws(3200)
    last, zero, indefinite = "estimator.cg.last", "estimator.cg.zero", "estimator.cg.indefinite"
    three = quadratics(d)
    x, y = d.vector(2), d.vector(3)
    v = d.vector(3)
    one = quadratics(d, 1, 1)
    scaled = exactly(diagonal(2, 2, 2), [1, -2, 4])
    far = ([0.25], [0.5, 1, -1])
    saddle = exactly(diagonal(4, -1), [0, 1])
    return [
        hypergradient("cg-one-dimension", last, one, cg(6, tolerance=1e-6), [0.3], [-0.7]),
        hypergradient("cg-multiple-of-one", last, scaled, cg(5), *far),
        hypergradient("cg-first-iterate", last, three, cg(1), x, y),
        hypergradient("cg-second-iterate", last, three, cg(2), x, y),
        hypergradient("cg-to-tolerance", last, three, cg(9, tolerance=1e-4), x, y),
        hypergradient("cg-tolerance-at-once", last, three, cg(9, tolerance=1e3), x, y),
        hypergradient("cg-tolerance-absolute", "estimator.cg", three, cg(9, tolerance=0.3), x, y),
        hypergradient("cg-no-iterations", "estimator.cg", three, cg(0), x, y),
        hypergradient("cg-warm", "estimator.cg", three, cg(2, warmStart=True), x, y, v),
        hypergradient("cg-warm-one", "estimator.cg", three, cg(1, warmStart=True, tolerance=1e-9), x, y, v),
        hypergradient("cg-cold-in-spite-of-v", "estimator.cg", three, cg(2), x, y, v),
        hypergradient("cg-warm-without-v", "estimator.cg", three, cg(2, warmStart=True), x, y),
        hypergradient("cg-warm-at-the-solution", "estimator.cg", scaled, cg(4, warmStart=True), [0.25], [1, 4, -2], [1, 1, 1]),
        hypergradient("cg-zero", zero, exactly(diagonal(2, 3), [-1, 2]), cg(5), [0.5], [1, -2]),
        hypergradient("cg-zero-tolerance", zero, exactly(diagonal(2, 3), [-1, 2]), cg(5, tolerance=0.5), [0.5], [1, -2]),
        # From v = (1, 1) the system with b = 0 is solved like any other.
        hypergradient("cg-zero-warm", "estimator.cg", exactly(diagonal(2, 2), [-1, 2]), cg(5, warmStart=True), [0.5], [1, -2], [1, 1]),
        hypergradient("cg-indefinite-at-once", indefinite, saddle, cg(3), [1], [0, 0.5]),
        # How many iterations a failure counts is not fixed.
        {**hypergradient("cg-indefinite-later", indefinite, saddle, cg(3), [1], [1, 0.5]), "unsaid": ["count"]},
        hypergradient("cg-not-far-enough-to-see", "estimator.cg", saddle, cg(1), [1], [1, 0.5]),
        hypergradient("cg-no-curvature", indefinite, exactly([[0, 1], [1, 0]], [0, 0]), cg(3), [1], [1, 0]),
        hypergradient("neumann-one-term", "estimator.neumann", three, neumann(1, 0.25), x, y),
        hypergradient("neumann-beyond-its-radius", "estimator.neumann", three, neumann(6, 1), x, y),
        hypergradient("unrolled-no-steps", "estimator.unrolled", three, unrolled(0, 0.5), x, y),
        hypergradient("unrolled-steps-of-nought", "estimator.unrolled", three, unrolled(2, 0), x, y),
        hypergradient("unrolled-one-step", "estimator.unrolled", three, unrolled(1, 0.25), x, y),
        hypergradient("exact-from-anywhere", "estimator.exact", three, EXACT, x, y),
        hypergradient("ablo-linear", "problem.ablo", tasks(d, 2), unrolled(4, 0.6), [0.3], [4.5]),
        hypergradient("ablo-pieces", "problem.ablo", tasks(d, 3), DIRECT, [0.3], [1.9]),
    ]


def far():
    """Losses that must not overflow: a naive exponential of their arguments would."""
    d = Draws(3210)
    signs = {
        "problem": "logisticHyper",
        "A": [[1000, 2], [-900, 1]],
        "y": [1, 1],
        "Av": [[800, -3], [1, 950]],
        "yv": [-1, 1],
    }
    classes = {
        "problem": "dataCleaning",
        "A": [[1000], [-900]],
        "labels": [0, 2],
        "classes": 3,
        "l2": 0.5,
        "Av": [[800]],
        "labelsV": [1],
    }
    y = [1.5, -0.5, 0.25]
    potential = shifted(d)
    c = "problem"
    return [
        hypergradient("logistic-far", c, signs, DIRECT, [0.5, -0.25], [1.25, -2]),
        hypergradient("cleaning-far", c, classes, unrolled(1, 0.001), [0.5, -0.25], y),
        # The weights of the rows are sigmoids of these.
        hypergradient("cleaning-far-weights", c, classes, cg(1), [700, -690], y),
        hypergradient("shifted-far", c, potential, DIRECT, [0.5, -0.25], [900, -1200]),
    ]


def cases():
    return {"hypergradient-problems": list(problems()), "hypergradient-draws": list(draws()), "hypergradient-edges": [*edges(), *far()]}
