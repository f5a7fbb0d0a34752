"""Runs of the bilevel methods with one loop."""

from .two_levels import (
    batches,
    batches_within,
    bilevel,
    cleaning,
    diagonal,
    drawn,
    logistics,
    quadratics,
    ridge,
    shifted,
    start,
    tasks,
)
from .write import Draws, constant, power


def sobas():
    d = Draws(3400)
    problem, sums, waves, signs = quadratics(d), quadratics(d, m=2, lower=3, upper=2), shifted(d), logistics(d)
    plain = {"method": "soba", "lowerStep": 0.15, "upperStep": 0.05}
    falling = {"method": "soba", "lowerStep": power(0.2, 0.5), "linearStep": 0.1, "upperStep": power(0.1, 0.5)}
    fixed = {"method": "soba", "lowerStep": constant(0.125), "linearStep": 0, "upperStep": constant(0.0625)}
    c = "method.soba"
    return [
        bilevel("soba", c, problem, plain, start(d, problem), 4),
        bilevel("soba-linear-step", c, problem, falling, start(d, problem), 4),
        bilevel("soba-from-v", c, problem, plain, {**start(d, problem), "v": d.vector(3)}, 3),
        bilevel("soba-v-rests", c, problem, fixed, {**start(d, problem), "v": d.vector(3)}, 3),
        bilevel("soba-batches", c, sums, falling, start(d, sums), 5, **drawn(d, 5, 1, 2, 3, "cross")),
        bilevel("soba-shifted", c, waves, plain, start(d, waves), 4),
        bilevel("soba-logistic", c, signs, plain, start(d, signs), 4, **drawn(d, 4, 1, 2, 3, "cross")),
    ]


def ufoms():
    d = Draws(3410)
    problem, square = quadratics(d), quadratics(d, 2, 2, lower=2, upper=2)
    rows, scalars = cleaning(d), tasks(d, 4)
    c, adaptive = "method.ufom", "method.adaptiveUfom"

    def ufom(steps=3, step=0.15, **fields):
        return {"method": "ufom", "inner": {"steps": steps, "step": step}, "step": 0.2, **fields}

    def tuned(steps=3, step=0.15, **fields):
        return {"method": "adaptiveUfom", "inner": {"steps": steps, "step": step}, "step": 0.2, **fields}

    outer = {"initialise": "outer"}
    alone = {"x": [1.3]}
    both = start(d, square)
    uniforms = lambda n: [d.between(0, 0.999) for _ in range(n)]
    return [
        bilevel("ufom", c, problem, ufom(q=0.5), start(d, problem), 4, coins=[1, 0, 1, 0]),
        bilevel("ufom-outer", c, square, ufom(q=0.25, **outer), {"x": both["x"]}, 4, coins=[0, 1, 1, 0]),
        bilevel("ufom-outer-beside-y", c, square, ufom(q=0.25, **outer), both, 2, coins=[1, 0]),
        bilevel("ufom-constant-by-name", c, square, ufom(q=0.5, initialise="constant"), both, 2, coins=[1, 0]),
        bilevel("ufom-certain", c, problem, ufom(q=1), start(d, problem), 3, coins=[1, 1, 1]),
        # With q = 0 no coin makes an exact pass.
        bilevel("ufom-never", c, problem, ufom(q=0), start(d, problem), 3, coins=[1, 0, 1]),
        bilevel("ufom-no-steps", c, square, ufom(0, q=0.5, **outer), {"x": both["x"]}, 2, coins=[1, 0]),
        # The schedule of the inner steps is read at t, that of the outer ones at k.
        bilevel("ufom-schedules", c, problem, {**ufom(3, power(0.3, 1), q=0.5), "step": power(0.4, 0.5)}, start(d, problem), 3, coins=[1, 0, 1]),
        bilevel("ufom-batches", c, square, ufom(q=0.5), both, 4, upper=batches(d, 4, 2), lower=batches_within(d, 4, 3, 2), coins=[1, 0, 1, 1]),
        bilevel("ufom-cleaning", c, rows, ufom(2, 0.4, q=0.4), start(d, rows), 3, upper=batches(d, 3, 2), lower=batches_within(d, 3, 2, 3), coins=[1, 1, 0]),
        bilevel("ufom-tasks", "problem.ablo", scalars, ufom(5, 0.4, q=0.5, **outer), alone, 5, upper=[[0], [1, 2], [3, 3], [0, 3], [1]], coins=[1, 0, 1, 1, 0]),
        bilevel("ufom-tasks-all", "problem.ablo", scalars, ufom(3, 0.3, q=1, **outer), {"x": [3.1]}, 3, coins=[1, 1, 1]),
        bilevel("ufom-tasks-far", "problem.ablo", scalars, ufom(6, 0.5, q=0.5, **outer), {"x": [9.5]}, 3, upper=[[0, 1], [2], [3]], coins=[1, 1, 0]),
        bilevel("ufom-tasks-constant", "problem.ablo", scalars, ufom(3, 0.3, q=0.5), {"x": [1], "y": [0.8]}, 2, upper=[[0, 1], [2]], coins=[1, 0]),
        bilevel("adaptive-ufom", adaptive, square, tuned(qMin=0.3, beta=0.9, **outer), {"x": both["x"]}, 6, uniforms=[0.9, 0.1, 0.6, 0.2, 0.95, 0.05]),
        bilevel("adaptive-ufom-tasks", adaptive, scalars, tuned(4, 0.3, **outer), alone, 8, upper=batches(d, 8, 4), uniforms=[0.01, *uniforms(7)]),
        bilevel("adaptive-ufom-exponent", adaptive, scalars, tuned(4, 0.5, exponent=0.5, beta=0.5, qMin=0.01, **outer), {"x": [2.3]}, 8, upper=batches(d, 8, 4), uniforms=[0.003, 0.002, *uniforms(6)]),
        # With the exponent 1 the equation for q has no linear term.
        bilevel("adaptive-ufom-exponent-one", adaptive, square, tuned(3, 0.3, exponent=1, qMin=0.02, costs={"deterministic": 3}, **outer), both, 4, uniforms=[0.01, 0.02, 0.3, 0.2]),
        bilevel("adaptive-ufom-costs", adaptive, problem, tuned(qMin=0.1, costs={"deterministic": 50, "random": 2}), start(d, problem), 5, uniforms=[0.03, 0.2, 0.7, 0.1, 0.5]),
        bilevel("adaptive-ufom-one-cost", adaptive, problem, tuned(qMin=0.1, costs={"random": 0.125}), start(d, problem), 4, uniforms=[0.03, 0.2, 0.7, 0.1]),
        # Without inner steps both gradients are the same, and q falls to its least value.
        bilevel("adaptive-ufom-no-difference", adaptive, problem, tuned(0, qMin=0.25), start(d, problem), 3, uniforms=[0.1, 0.2, 0.5]),
        bilevel("adaptive-ufom-certain", adaptive, problem, tuned(3, 0.25, qMin=0.5, exponent=4), start(d, problem), 4, uniforms=[0.4, 0.9, 0.9, 0.1]),
    ]


def bomes():
    d = Draws(3420)
    problem, signs, sums = quadratics(d, m=2), logistics(d), quadratics(d, m=2, lower=3, upper=2)
    c = "method.bome"
    bome = {"method": "bome", "innerSteps": 4, "innerStep": 0.15, "upperStep": 0.05, "lowerStep": 0.08}
    moving = {**bome, "innerStep": power(0.3, 0.5), "upperStep": power(0.1, 0.5), "lowerStep": power(0.2, 0.5)}
    # y = 0 is the solution at x = 0, so that nothing is left of the gradient of the gap.
    still = {
        "problem": "quadraticBilevel",
        "lower": [{"H": diagonal(2, 4), "B": [[1], [1]], "c": [0, 0]}],
        "upper": [{"P": diagonal(1, 1), "S": [[0, 0]], "R": [[1]], "p": [1, -1], "r": [0.5]}],
    }
    return [
        bilevel("bome", c, problem, bome, start(d, problem), 4),
        bilevel("bome-q", c, problem, {**bome, "option": "Q", "eta": 4}, start(d, problem), 4),
        bilevel("bome-epsilon", c, problem, {**bome, "option": "G", "epsilon": 0.125}, start(d, problem), 3),
        bilevel("bome-schedules", c, problem, moving, start(d, problem), 3),
        bilevel("bome-no-inner-steps", c, problem, {**bome, "innerSteps": 0}, start(d, problem), 2),
        bilevel("bome-zero", "method.bome.zero", still, bome, {"x": [0], "y": [0, 0]}, 1),
        bilevel("bome-zero-epsilon", "method.bome.zero", still, {**bome, "epsilon": 0.5}, {"x": [0], "y": [0, 0]}, 1),
        bilevel("bome-boxes", "method.box", problem, {**bome, "upperStep": 0.5, "lowerStep": 0.5, "xBox": [-0.4, 0.5], "yBox": [-0.3, 0.6]}, start(d, problem), 4),
        bilevel("bome-logistic", c, signs, bome, start(d, signs), 3),
        bilevel("bome-batches", c, sums, {**bome, "option": "Q"}, start(d, sums), 4, upper=batches(d, 4, 2), lower=batches_within(d, 4, 1, 3)),
    ]


def f2sas():
    d = Draws(3430)
    problem, sums, rows = quadratics(d), quadratics(d, m=2, lower=3, upper=2), cleaning(d)
    c = "method.f2sa"
    f2sa = {"method": "f2sa", "innerSteps": 3, "alpha": 0.05, "gamma": 0.15, "lambda0": 1.5}
    moving = {**f2sa, "alpha": power(0.08, 0.5), "gamma": power(0.2, 0.25), "xi": 0.75, "lambdaIncrement": power(0.5, 1)}
    return [
        bilevel("f2sa", c, problem, f2sa, start(d, problem), 4),
        bilevel("f2sa-schedules", c, problem, moving, start(d, problem), 4),
        bilevel("f2sa-increment", c, problem, {**f2sa, "lambdaIncrement": 0.25, "xi": 2}, start(d, problem), 3),
        bilevel("f2sa-from-z", c, problem, f2sa, {**start(d, problem), "z": d.vector(3)}, 3),
        bilevel("f2sa-batches", c, sums, moving, start(d, sums), 4, **drawn(d, 4, 3, 2, 3, "cross")),
        bilevel("f2sa-no-inner-steps", c, problem, {**f2sa, "innerSteps": 0}, {**start(d, problem), "z": d.vector(3)}, 2),
        bilevel("f2sa-cleaning", c, rows, f2sa, start(d, rows), 3),
        # The steps of F2BA, 0.2 and 0.08, with the weight 4: xi is their ratio, four times.
        bilevel("f2ba", "derived.f2ba", problem, {**f2sa, "alpha": 0.05, "gamma": 0.2, "xi": 1.6, "lambda0": 4}, start(d, problem), 4),
        bilevel("f2sa-no-weight", c, problem, {**f2sa, "lambda0": 0, "lambdaIncrement": 0.5}, start(d, problem), 3),
    ]


def penalties():
    d = Draws(3440)
    problem, sums, waves, features = quadratics(d), quadratics(d, m=2, lower=3, upper=2), shifted(d), ridge(d, "perFeature")
    c = "method.penalty"
    penalty = {"method": "penalty", "innerSteps": 3, "sigma": 0.2, "gamma": 0.15, "alpha": 0.3}
    moving = {**penalty, "sigma": power(0.5, 0.5), "gamma": power(0.2, 0.25), "alpha": power(0.4, 0.5)}
    return [
        bilevel("penalty", c, problem, penalty, start(d, problem), 4),
        bilevel("penalty-schedules", c, problem, moving, start(d, problem), 3),
        bilevel("penalty-rho", c, waves, {**penalty, "rho": 1.5}, start(d, waves), 3),
        bilevel("penalty-no-rho-by-name", c, waves, {**penalty, "rho": "Infinity"}, start(d, waves), 2),
        bilevel("penalty-average", c, problem, {**penalty, "average": 0.625, "rho": 2}, start(d, problem), 4),
        bilevel("penalty-frozen", c, problem, {**penalty, "average": 0}, start(d, problem), 2),
        bilevel("penalty-boxes", "method.box", problem, {**penalty, "alpha": 1, "gamma": 0.4, "xBox": [-0.3, 0.3], "yBox": [-0.4, 0.35]}, start(d, problem), 4),
        bilevel("penalty-half-line", "method.box", problem, {**penalty, "gamma": 0.4, "yBox": [0, "Infinity"]}, start(d, problem), 3),
        bilevel("penalty-from-z", c, features, penalty, {**start(d, features), "z": d.vector(2)}, 3),
        bilevel("penalty-batches", c, sums, moving, start(d, sums), 4, **drawn(d, 4, 3, 2, 3, "cross")),
    ]


def cases():
    return {"bilevel-methods": [*sobas(), *ufoms(), *bomes(), *f2sas(), *penalties()]}
