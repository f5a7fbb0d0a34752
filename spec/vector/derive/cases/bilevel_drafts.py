"""Runs of the bilevel methods, and of estimators, that are drafts, outside version 1."""

from .two_levels import batches_within, bilevel, cleaning, drawn, logistics, quadratics, shifted, start
from .write import Draws, power


# Far from 0 the second component of f overflows, and at y = 0 it is finite.
BURST = {
    "problem": "quadraticBilevel",
    "lower": [{"H": [[1]], "B": [[1]], "c": [0]}],
    "upper": [
        {"P": [[1]], "S": [[0]], "R": [[0]], "p": [1], "r": [75]},
        {"P": [[1e308]], "S": [[0]], "R": [[0]], "p": [0], "r": [25]},
    ],
}


def sabas():
    d = Draws(3600)
    sums, odd, signs = quadratics(d, m=2, lower=3, upper=2), quadratics(d, m=2, lower=3, upper=3), logistics(d)
    c = "draft.saba"
    plain = {"method": "saba", "lowerStep": 0.15, "upperStep": 0.05}
    falling = {**plain, "lowerStep": power(0.2, 0.5), "linearStep": 0.1, "upperStep": power(0.1, 0.5)}
    ones = lambda n, iterations: [[d.below(n)] for _ in range(iterations)]
    pairs = {"lower": 2, "upper": 2}
    return [
        bilevel("saba", c, sums, plain, start(d, sums), 6, upper=ones(2, 6), lower=[[b] for b in ones(3, 6)]),
        bilevel("saba-schedules", c, sums, falling, {**start(d, sums), "v": d.vector(2)}, 4, upper=ones(2, 4), lower=[[b] for b in ones(3, 4)]),
        # The last block of three components in pairs is one alone.
        bilevel(
            "saba-blocks",
            c,
            odd,
            {**plain, "blocks": pairs},
            start(d, odd),
            5,
            upper=[[0, 1], [2], [0, 1], [2], [2]],
            lower=[[[2]], [[2]], [[0, 1]], [[2]], [[0, 1]]],
        ),
        bilevel("saba-no-draws", c, sums, plain, start(d, sums), 3),
        bilevel("saba-lower-draws-alone", c, sums, plain, start(d, sums), 4, lower=[[b] for b in ones(3, 4)]),
        bilevel("saba-boxes", c, sums, {**plain, "lowerStep": 0.4, "upperStep": 1, "xBox": [-0.3, 0.25], "yBox": [-0.2, 0.3]}, start(d, sums), 4, upper=ones(2, 4), lower=[[b] for b in ones(3, 4)]),
        bilevel("saba-logistic", c, signs, plain, start(d, signs), 4, upper=ones(2, 4), lower=[[b] for b in ones(3, 4)]),
        bilevel("saba-not-finite", c, BURST, {**plain, "lowerStep": 1, "linearStep": 0.125, "upperStep": 8}, {"x": [0], "y": [1000]}, 6, upper=[[1], [0], [1], [1], [0], [0]]),
    ]


def amigos():
    d = Draws(3610)
    problem, sums, waves, signs = quadratics(d), quadratics(d, m=2, lower=3, upper=2), shifted(d), logistics(d)
    c = "draft.amigo"
    plain = {"method": "amigo", "innerSteps": 3, "lowerStep": 0.15, "upperStep": 0.05}
    falling = {**plain, "innerSteps": 2, "lowerStep": power(0.2, 0.5), "linearSteps": 3, "linearStep": 0.1, "upperStep": power(0.1, 0.5)}
    return [
        bilevel("amigo", c, problem, plain, start(d, problem), 4),
        bilevel("amigo-linear-steps", c, problem, falling, {**start(d, problem), "v": d.vector(3)}, 4),
        bilevel("amigo-batches", c, sums, {**plain, "linearStep": power(0.2, 0.5)}, start(d, sums), 4, **drawn(d, 4, 3, 2, 3, "cross", "hessian")),
        # Without draws for them the products with the Hessian are on the batch of the other product.
        bilevel("amigo-cross-batches", c, sums, falling, start(d, sums), 3, **drawn(d, 3, 2, 2, 3, "cross")),
        bilevel("amigo-no-inner-steps", c, problem, {**falling, "innerSteps": 0}, start(d, problem), 3),
        bilevel("amigo-no-linear-steps", c, waves, {**plain, "linearSteps": 0}, {**start(d, waves), "v": d.vector(2)}, 3),
        bilevel("amigo-boxes", c, problem, {**plain, "lowerStep": 0.4, "upperStep": 1, "xBox": [-0.3, 0.25], "yBox": [-0.2, 0.3]}, start(d, problem), 4),
        bilevel("amigo-logistic", c, signs, plain, start(d, signs), 3, **drawn(d, 3, 3, 2, 3, "cross")),
        bilevel("amigo-not-finite", c, BURST, {**plain, "innerSteps": 1, "lowerStep": 0.5, "linearStep": 0.125, "upperStep": 8}, {"x": [0], "y": [1000]}, 4, upper=[[1], [0], [1], [0]]),
    ]


def f3sas():
    d = Draws(3620)
    problem, sums, rows = quadratics(d), quadratics(d, m=2, lower=3, upper=2), cleaning(d)
    c = "draft.f3sa"
    plain = {"method": "f3sa", "alpha": 0.05, "gamma": 0.15, "lambda0": 1.5, "eta": 0.25}
    falling = {**plain, "alpha": power(0.08, 0.5), "gamma": power(0.2, 0.25), "xi": 0.75, "lambdaIncrement": power(0.5, 1), "eta": power(0.9, 0.5)}
    noisy = lambda iterations: drawn(d, iterations, 1, 2, 3, "cross")
    return [
        bilevel("f3sa", c, sums, plain, start(d, sums), 5, **noisy(5)),
        bilevel("f3sa-schedules", c, sums, falling, start(d, sums), 5, **noisy(5)),
        bilevel("f3sa-from-z", c, sums, {**plain, "lambdaIncrement": 0.25}, {**start(d, sums), "z": d.vector(2)}, 4, **noisy(4)),
        # Nothing is forgotten: eta = 0; or everything: eta = 1, which is f2sa with one inner step.
        bilevel("f3sa-all-kept", c, sums, {**plain, "eta": 0}, start(d, sums), 4, **noisy(4)),
        bilevel("f3sa-all-new", c, sums, {**plain, "eta": {"rule": "constant", "step": 1}}, start(d, sums), 3, **noisy(3)),
        # Without noise the estimates are the gradients, whatever eta.
        bilevel("f3sa-no-draws", c, problem, {**plain, "lambda0": 0, "lambdaIncrement": 1}, start(d, problem), 4),
        bilevel("f3sa-box", c, sums, {**plain, "xi": 20, "xBox": [-0.25, 0.25]}, start(d, sums), 4, **noisy(4)),
        bilevel("f3sa-cleaning", c, rows, plain, start(d, rows), 3, upper=[[0], [1], [1]], lower=batches_within(d, 3, 1, 3), cross=[[0, 2], [1], [2, 2]]),
        # An estimate that is lost once is lost for good where it is not all new.
        bilevel("f3sa-not-finite", c, BURST, {**plain, "xi": 0.01}, {"x": [0], "y": [1000]}, 4, upper=[[0], [1], [0], [0]]),
        bilevel("f3sa-not-finite-once", c, BURST, {**plain, "xi": 0.01, "eta": 1}, {"x": [0], "y": [1000]}, 4, upper=[[0], [1], [0], [0]]),
    ]


def cases():
    return {"bilevel-drafts": [*sabas(), *amigos(), *f3sas()]}
