"""Runs of descent at both levels."""

from .descents import ADAGRAD, ADAM, AMSGRAD, MOMENTUM, NEO, NESTEROV, RMSPROP
from .two_levels import (
    DIRECT,
    EXACT,
    FIRST_ORDER,
    UNROLLED,
    bilevel,
    cg,
    cleaning,
    diagonal,
    dimensions,
    drawn,
    logistics,
    neumann,
    quadratics,
    ridge,
    shifted,
    start,
    tasks,
)
from .write import (
    NEVER,
    TOP,
    Draws,
    armijo,
    barzilai_borwein,
    constant,
    dog,
    envelope,
    goldstein,
    last,
    least,
    periodic,
    polyak,
    power,
    prodigy,
)

CLAUSE = "method.bilevelDescent"
STEPPING = (constant(0.125), constant(0.1))


def method(estimator, steps=2, rules=STEPPING, inner=None, outer=None, **fields):
    lower, upper = rules
    return {
        "method": "bilevelDescent",
        "inner": {"steps": steps, "rule": lower, **(inner or {})},
        "hypergradient": estimator,
        "outer": {"rule": upper, **(outer or {})},
        **fields,
    }


def estimators():
    for i, (name, estimator) in enumerate(
        [
            ("exact", EXACT),
            ("direct", DIRECT),
            ("cg", cg(2)),
            ("cg-warm", cg(1, warmStart=True)),
            ("neumann", neumann(4, 0.15)),
            ("unrolled", UNROLLED),
            ("first-order", FIRST_ORDER),
        ]
    ):
        d = Draws(3300 + i)
        problem = quadratics(d)
        yield bilevel(f"by-{name}", CLAUSE, problem, method(estimator), start(d, problem), 4)


def problems():
    for i, (name, make, estimator) in enumerate(
        [
            ("shifted", lambda d: shifted(d, rho=0.2), UNROLLED),
            ("ridge", lambda d: ridge(d, "scalar"), cg(2, tolerance=1e-8)),
            ("ridge-features", lambda d: ridge(d, "perFeature"), UNROLLED),
            ("logistic", logistics, DIRECT),
            ("cleaning", cleaning, neumann(3, 0.5)),
            ("ablo", tasks, UNROLLED),
        ]
    ):
        d = Draws(3310 + i)
        problem = make(d)
        yield bilevel(f"on-{name}", CLAUSE, problem, method(estimator), start(d, problem), 3)


def loops():
    """How the inner loop begins, what it keeps, and what it draws."""
    d = Draws(3320)
    problem = quadratics(d, m=2)
    sums = quadratics(d, m=2, lower=3, upper=2)
    begin = start(d, problem)
    cold = {"warmStart": False}
    return [
        bilevel("cold-unrolled", CLAUSE, problem, method(UNROLLED, 3, inner=cold), begin, 3),
        bilevel("cold-keeps-momentum", CLAUSE, problem, method(cg(2), inner={**cold, "direction": MOMENTUM}), begin, 3),
        bilevel("cold-keeps-last-step", CLAUSE, problem, method(cg(2), rules=(last(0.2, factor=0.75), constant(0.1)), inner=cold), begin, 3),
        bilevel("no-inner-steps", CLAUSE, problem, method(cg(2), 0), begin, 2),
        bilevel("no-inner-steps-unrolled", CLAUSE, problem, method(UNROLLED, 0), begin, 2),
        bilevel("no-iterations", CLAUSE, problem, method(cg(2)), begin, 0),
        # The rule of the lower level sees the iteration, not the inner step.
        bilevel("lower-power", CLAUSE, problem, method(EXACT, 3, rules=(power(0.25, 1), power(0.25, 1))), begin, 4),
        bilevel("unrolled-failed-steps", CLAUSE, problem, method(UNROLLED, 2, rules=(periodic(2, NEVER, constant(0.2)), constant(0.1))), begin, 4),
        bilevel("unrolled-infinite-steps", CLAUSE, problem, method(UNROLLED, 2, rules=(periodic(2, constant(TOP), constant(0.2)), constant(0.1))), begin, 3),
        bilevel("unrolled-searched-steps", CLAUSE, problem, method(UNROLLED, 2, rules=(armijo(constant(1.3)), constant(0.1))), begin, 3),
        bilevel("cg-warm-from-v", CLAUSE, problem, method(cg(1, warmStart=True)), {**begin, "v": d.vector(2)}, 3),
        bilevel("stocbio", "draws", sums, method(neumann(3, 0.2)), begin, 4, **drawn(d, 4, 3, 2, 3, "cross", "hessian")),
        bilevel("unrolled-batches", "draws", sums, method(UNROLLED, 3), begin, 3, **drawn(d, 3, 3, 2, 3)),
        bilevel("direct-batches", "draws", sums, method(DIRECT), begin, 3, **drawn(d, 3, 2, 2, 3, "cross")),
        bilevel("upper-batches-alone", "draws", sums, method(DIRECT), begin, 3, upper=[[0], [1], [1, 1, 0]]),
        bilevel("bsa", "estimator.neumann.depth", sums, method(neumann(4, 0.15), 1, (power(0.1, 0.5), power(0.2, 0.5))), begin, 4, **drawn(d, 4, 3, 2, 3, "cross", "hessian"), depth=[3, 0, 2, 1]),
    ]


def rules():
    """Rules and directions at either level."""
    d = Draws(3330)
    problem = quadratics(d, m=2, lowerBounds={"upper": -6, "lower": -3})
    sums = quadratics(d, m=2, lower=3, upper=2, lowerBounds={"upper": -8, "lower": -5})
    waves = shifted(d)
    signs = logistics(d)
    begin = start(d, problem)
    bisps = (least(polyak(c=6), power(0.5, 0.5)), least(polyak(c=9), power(0.8, 0.5)))
    within = (
        envelope(power(0.05, 0.5), polyak(c=4), power(2, 0.5)),
        envelope(power(0.05, 0.5), polyak(c=400), power(4, 0.5)),
    )
    climb = lambda a, cap: least(last(a, factor=1.5), constant(cap))
    bisls = (armijo(climb(0.6, 2), shrink=0.7), armijo(climb(1.5, 5), shrink=0.7, slack=0.03, budget=12))
    c, sps, sls = CLAUSE, "derived.bisps", "derived.bisls"
    yield bilevel("bisps", sps, problem, method(cg(2), rules=bisps), begin, 4)
    yield bilevel("bisps-batches", sps, sums, method(neumann(3, 0.2), rules=bisps), begin, 4, **drawn(d, 4, 3, 2, 3, "cross", "hessian"))
    yield bilevel("bisps-envelope", sps, signs, method(cg(2), rules=within), start(d, signs), 4)
    yield bilevel("bisls", sls, problem, method(cg(2), rules=bisls), begin, 4)
    yield bilevel("bisls-shifted", sls, waves, method(UNROLLED, rules=bisls), start(d, waves), 3)
    yield bilevel("bisls-batches", "method.bilevelDescent.probe", sums, method(cg(2), rules=bisls), begin, 4, **drawn(d, 4, 2, 2, 3, "cross", "probe"))
    adam = (bisls[0], armijo(climb(0.3, 1), shrink=0.7, slack=0.01))
    yield bilevel("bisls-adam", sls, problem, method(cg(2), rules=adam, outer={"direction": ADAM}), begin, 4)
    yield bilevel("bisls-goldstein", c, problem, method(cg(2), rules=(goldstein(constant(0.4)), goldstein(constant(0.5), cap=3))), begin, 3)
    pairs = barzilai_borwein("long", 0.1), barzilai_borwein("short", 0.15)
    yield bilevel("barzilai-borwein", c, problem, method(EXACT, rules=pairs), begin, 4)
    # What has been travelled is counted from where the inner loop began.
    yield bilevel("distances", c, problem, method(DIRECT, 3, rules=(dog(0.05), dog(0.1))), begin, 3)
    yield bilevel("distances-cold", c, problem, method(DIRECT, 3, rules=(prodigy(0.05), prodigy(0.1)), inner={"warmStart": False}), begin, 3)
    for name, both in [
        ("momentum", MOMENTUM),
        ("nesterov", NESTEROV),
        ("adam", ADAM),
        ("amsgrad", AMSGRAD),
        ("adagrad", ADAGRAD),
        ("rmsprop", RMSPROP),
    ]:
        way = {"direction": both}
        yield bilevel(f"both-{name}", c, problem, method(cg(2), rules=(constant(0.06), constant(0.05)), inner=way, outer=way), begin, 3)
    yield bilevel("outer-neo", c, problem, method(cg(2), outer={"direction": NEO}), begin, 4)


def edges():
    """Probes of the upper level, and failures."""
    d = Draws(3340)
    problem = quadratics(d, m=2)
    begin = start(d, problem)
    probe, failure = "method.bilevelDescent.probe", "method.bilevelDescent.failure"
    searched = lambda **fields: (constant(0.2), armijo(constant(2.5), slack=0.01, budget=9, **fields))
    saddle = {
        "problem": "quadraticBilevel",
        "lower": [{"H": diagonal(1, -1), "B": [[1], [1]], "c": [0, 0]}],
        "upper": [{"P": diagonal(1, 1), "S": [[0, 0]], "R": [[1]], "p": [0, 0], "r": [0]}],
    }
    # The second component of f overflows wherever it is asked.
    burst = {
        "problem": "quadraticBilevel",
        "lower": [{"H": [[1]], "B": [[1]], "c": [0]}],
        "upper": [
            {"P": [[1]], "S": [[0]], "R": [[2]], "p": [1], "r": [0.5]},
            {"P": [[1e308]], "S": [[0]], "R": [[2]], "p": [0], "r": [0.5]},
        ],
    }
    far = {"x": [-1000], "y": [1000]}
    return [
        bilevel("probe-follows", probe, problem, method(cg(2), rules=searched()), begin, 3),
        bilevel("probe-stays", probe, problem, method(cg(2), rules=searched(), probe={"lowerSteps": 0}), begin, 3),
        bilevel("probe-follows-by-name", probe, problem, method(cg(2), rules=searched(), probe={"lowerSteps": 1}), begin, 3),
        bilevel("probe-before-any-step", probe, problem, method(cg(2), rules=(NEVER, searched()[1])), begin, 2),
        bilevel("probe-after-no-steps", probe, problem, method(cg(2), 0, rules=searched()), begin, 2),
        bilevel("probe-latest-step", probe, problem, method(cg(2), rules=(periodic(2, power(0.5, 1), NEVER), searched()[1])), begin, 4),
        bilevel("search-exhausted", failure, problem, method(cg(2), rules=(constant(0.1), armijo(last(8), c=0.9, shrink=0.9, budget=2))), begin, 3),
        bilevel("lower-never", failure, problem, method(cg(2), rules=(NEVER, constant(0.1))), begin, 2),
        bilevel("upper-never", failure, problem, method(cg(2), rules=(constant(0.1), NEVER)), begin, 3),
        bilevel("indefinite", failure, saddle, method(cg(3), 1, rules=(constant(0.25), constant(0.5))), {"x": [1], "y": [0.25, 1]}, 2),
        # After a failure the rules and directions of the upper level are as they were.
        bilevel(
            "non-finite-value",
            failure,
            burst,
            method(FIRST_ORDER, 1, rules=(constant(0.01), last(0.25, factor=0.5)), outer={"direction": MOMENTUM}),
            far,
            4,
            upper=[[0], [1], [1], [0]],
        ),
    ]


def names():
    """Descent under names of its own."""
    d = Draws(3350)
    problem, sums = quadratics(d), quadratics(d, m=2, lower=3, upper=2)
    two_scales = method(neumann(4, 0.1), 1, (power(0.2, 0.4), power(0.1, 0.6)))
    return [
        bilevel("ttsa", "derived.bsa", sums, two_scales, start(d, sums), 4, **drawn(d, 4, 3, 2, 3, "cross", "hessian"), depth=[1, 3, 0, 2]),
        bilevel("darts-first", "derived.dartsFirst", problem, method(FIRST_ORDER, 1), start(d, problem), 4),
    ]


def cases():
    return {
        "bilevel-descent": [*estimators(), *problems(), *loops(), *edges(), *names()],
        "bilevel-descent-rules": list(rules()),
    }
