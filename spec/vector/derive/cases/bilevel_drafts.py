"""Runs of the bilevel methods, and of estimators, that are drafts, outside version 1."""

from .two_levels import bilevel, logistics, quadratics, start
from .write import Draws, power


def sabas():
    d = Draws(3600)
    sums, odd, signs = quadratics(d, m=2, lower=3, upper=2), quadratics(d, m=2, lower=3, upper=3), logistics(d)
    c = "draft.saba"
    plain = {"method": "saba", "lowerStep": 0.15, "upperStep": 0.05}
    falling = {**plain, "lowerStep": power(0.2, 0.5), "linearStep": 0.1, "upperStep": power(0.1, 0.5)}
    ones = lambda n, iterations: [[d.below(n)] for _ in range(iterations)]
    pairs = {"lower": 2, "upper": 2}
    # Far from 0 the second component of f overflows, and at y = 0 it is finite.
    burst = {
        "problem": "quadraticBilevel",
        "lower": [{"H": [[1]], "B": [[1]], "c": [0]}],
        "upper": [
            {"P": [[1]], "S": [[0]], "R": [[0]], "p": [1], "r": [75]},
            {"P": [[1e308]], "S": [[0]], "R": [[0]], "p": [0], "r": [25]},
        ],
    }
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
        bilevel("saba-not-finite", c, burst, {**plain, "lowerStep": 1, "linearStep": 0.125, "upperStep": 8}, {"x": [0], "y": [1000]}, 6, upper=[[1], [0], [1], [1], [0], [0]]),
    ]


def cases():
    return {"bilevel-drafts": sabas()}
